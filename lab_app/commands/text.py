"""Text for people, and of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lab_app.system.errors import UsageError


def table(titles: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> str:
    """Aligned columns under their titles; ``right``: columns of numbers."""
    lines = [list(titles), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(titles))]
    out = []
    for line in lines:
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        out.append("  ".join(cells).rstrip())
    return "\n".join(out)


def plain(text: str) -> str:
    """Text from a file, safe for a terminal: what cannot be printed is shown as its escape."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def whole(option: str, text: str | None, most: int = 1 << 24) -> int | None:
    """The number given with ``option``, or None where none is. Raises UsageError where it is not from 1 to ``most``."""
    if text is None:
        return None
    if not (text.isdecimal() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise UsageError(f"{option} must be a whole number from 1 to {most}, but is {text[:40]!r}.")
    return int(text)

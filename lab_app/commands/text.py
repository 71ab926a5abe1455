"""Text for people."""

from __future__ import annotations

from collections.abc import Collection, Sequence


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

"""What a table of a report is, as data: HTML and Markdown write the same ones."""

from __future__ import annotations

from dataclasses import dataclass

from lab_app.system.translation import note, translate

TAGS = (
    note("reports", "base"),
    note("reports", "recommended"),
    note("reports", "broken"),
    note("reports", "predicted"),
    note("reports", "not yet"),
    note("reports", "running"),
    note("reports", "interrupted"),
    note("reports", "failed"),
    note("reports", "blocked"),
    note("reports", "cancelled"),
)
"""All that a cell may be tagged with, for the translators: styles know a tag by its English word."""


def tag_text(tag: str) -> str:
    """A tag as it is shown."""
    return translate("reports", tag)


@dataclass(frozen=True, slots=True)
class Cell:
    """text: what stands there; sub: a second, smaller line (an interval, a file name); mark and meaning: a sign
    behind the text and its words; value: the number behind it at full precision; kind: for the style
    (``number``, ``text``, ``code``, ``missing``, ``quiet``, ``good``, ``bad``, ``open``)."""

    text: str
    sub: str = ""
    mark: str = ""
    meaning: str = ""
    value: float | None = None
    kind: str = "text"
    tags: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """One line: ``0.041 (0.036–0.046) ≈``."""
        parts = [self.text]
        if self.sub:
            parts.append(f"({self.sub})" if self.kind == "number" else f"· {self.sub}")
        if self.mark:
            parts.append(self.mark)
        return " ".join([*parts, *(f"· {tag_text(tag)}" for tag in self.tags)])


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    sub: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``rows[i][0]`` heads its row. highlight: index of a row to stand out."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    highlight: int | None = None


def integer(number: int, text: str = "") -> Cell:
    """A cell with a count."""
    return Cell(text or f"{number:,}".replace(",", "\u202f"), value=float(number), kind="number")

"""The library as a table, filtered and sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from lab_app.gui.theme import keeper
from lab_app.gui.widgets.sorted_table import SortedTable
from lab_app.gui.widgets.table_model import NOWHERE, Index
from lab_app.gui.words import size
from lab_app.system import said

if TYPE_CHECKING:
    from lab_app.gui.models.facts import Listed

FITS = {
    "fits": (QT_TRANSLATE_NOOP("fits", "fits"), "good"),
    "tight": (QT_TRANSLATE_NOOP("fits", "tight"), "warn"),
    "offload": (QT_TRANSLATE_NOOP("fits", "offload"), "warn"),
    "won't fit": (QT_TRANSLATE_NOOP("fits", "won't fit"), "bad"),
}
"""Word of :class:`lab_app.gguf.memory.Fit` → what is shown, and in which role's colour."""


def fit_text(fit: str) -> str:
    return QCoreApplication.translate("fits", str(FITS[fit][0])) if fit in FITS else ""


def fit_colour(fit: str) -> str:
    return str(getattr(keeper().theme, FITS[fit][1])) if fit in FITS else ""


_SORT_KEYS: tuple[Callable[[Listed], Any], ...] = (
    lambda item: item.row.name.casefold(),
    attrgetter("fitting.needed"),
    attrgetter("row.size"),
    attrgetter("row.quant"),
    attrgetter("row.bits_per_weight"),
    lambda item: item.row.context or 0,
    attrgetter("row.architecture"),
    attrgetter("where"),
)
"""Of the columns of :class:`LibraryModel`."""


class LibraryModel(SortedTable["Listed"]):
    """One row a model; shows those with every word of the filter somewhere in them."""

    NAME, FIT, SIZE, QUANT, BITS, CONTEXT, ARCHITECTURE, WHERE = range(8)
    numeric = (SIZE, BITS, CONTEXT)

    def __init__(self) -> None:
        super().__init__()
        self._words: list[str] = []

    @property
    def rows(self) -> list[Listed]:
        """Every model, whether the filter shows it or not."""
        return list(self.all_rows())

    def look_for(self, text: str) -> None:
        self._words = text.casefold().split()
        self.arrange()

    def key(self, row: Listed) -> str:
        return row.row.id

    def fits(self, row: Listed) -> bool:
        return all(word in row.words for word in self._words)

    def fitting(self, rows: Iterable[Listed]) -> list[Listed]:
        found = list(rows)
        for word in self._words:
            found = [row for row in found if word in row.words]
        return found

    def sort_value(self, row: Listed, column: int) -> Any:
        return _SORT_KEYS[column](row)

    def sort_key(self, column: int) -> Callable[[Listed], Any]:
        return _SORT_KEYS[column]

    def heads(self) -> list[str]:
        return [
            self.tr("Model"), self.tr("On this machine"), self.tr("Size"), self.tr("Quant"), self.tr("Bits"),
            self.tr("Context"), self.tr("Architecture"), self.tr("Where"),
        ]  # fmt: skip

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else 8  # asked for every cell

    def colour(self, row: int, column: int) -> str:
        item = self.row_at(row)
        if item.row.problem:
            return keeper().theme.muted
        return fit_colour(item.fitting.fit) if column == self.FIT else ""

    def tip(self, row: int, column: int) -> str:
        item = self.row_at(row)
        if column == self.FIT and item.fitting.needed:
            return self.tr("Needs {0} at this context").format(size(item.fitting.needed))
        if item.row.problem:
            return said.local(item.row.problem)
        return str(item.row.path) if column in (self.NAME, self.WHERE) else self.text(row, column)

    def text(self, row: int, column: int) -> str:
        item = self.row_at(row)
        file = item.row
        if column == self.NAME:
            return file.name
        if column == self.SIZE:
            return size(file.size)
        if column == self.WHERE:
            return item.where
        if file.problem:
            return said.local(file.problem) if column == self.FIT else ""
        if column == self.FIT:
            return fit_text(item.fitting.fit)
        if column == self.CONTEXT:
            return f"{file.context:,}".replace(",", "\u202f") if file.context else ""
        if column == self.BITS:
            return f"{file.bits_per_weight:.2f}" if file.bits_per_weight else ""
        if column == self.QUANT:
            return file.quant if file.kind == "model" else file.kind
        return file.architecture

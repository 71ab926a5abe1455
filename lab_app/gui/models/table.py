"""The library as a table, filtered and sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QModelIndex, Qt
from PySide6.QtGui import QColor

from lab_app.gui.theme import keeper
from lab_app.gui.widgets.sorted_table import Index, SortedTable
from lab_app.gui.words import size

if TYPE_CHECKING:
    from lab_app.gui.models.facts import Listed

_NOWHERE = QModelIndex()
FITS = {
    "fits": (QT_TRANSLATE_NOOP("fits", "fits"), "good"),
    "tight": (QT_TRANSLATE_NOOP("fits", "tight"), "warn"),
    "offload": (QT_TRANSLATE_NOOP("fits", "offload"), "warn"),
    "won't fit": (QT_TRANSLATE_NOOP("fits", "won't fit"), "bad"),
}
"""Word of :class:`lab_app.gguf.memory.Fit` → what is shown, and in which role's colour."""


def fit_text(fit: str) -> str:
    return QCoreApplication.translate("fits", str(FITS[fit][0])) if fit in FITS else ""


def fit_colour(fit: str) -> QColor | None:
    return QColor(getattr(keeper().theme, FITS[fit][1])) if fit in FITS else None


class LibraryModel(SortedTable["Listed"]):
    """One row a model; shows those with every word of the filter somewhere in them."""

    NAME, FIT, SIZE, QUANT, BITS, CONTEXT, ARCHITECTURE, WHERE = range(8)

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

    def sort_value(self, row: Listed, column: int) -> Any:
        file = row.row
        return [
            file.name.casefold(), row.fitting.needed, file.size, file.quant, file.bits_per_weight,
            file.context or 0, file.architecture, self._text(row, self.WHERE),
        ][column]  # fmt: skip

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else 8

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return [
            self.tr("Model"), self.tr("On this machine"), self.tr("Size"), self.tr("Quant"), self.tr("Bits"),
            self.tr("Context"), self.tr("Architecture"), self.tr("Where"),
        ][section]  # fmt: skip

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item, section = self.row_at(index.row()), index.column()
        row = item.row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(item, section)
        if role == Qt.ItemDataRole.TextAlignmentRole and section in (self.SIZE, self.BITS, self.CONTEXT):
            return Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            if row.problem:
                return QColor(keeper().theme.muted)
            return fit_colour(item.fitting.fit) if section == self.FIT else None
        if role == Qt.ItemDataRole.ToolTipRole and section == self.FIT and item.fitting.needed:
            return self.tr("Needs {0} at this context").format(size(item.fitting.needed))
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.problem or (
                str(row.path) if section in (self.NAME, self.WHERE) else self._text(item, section)
            )
        return None

    def _text(self, item: Listed, section: int) -> str:
        row = item.row
        if section == self.NAME:
            return row.name
        if section == self.SIZE:
            return size(row.size)
        if section == self.WHERE:
            return "; ".join(f"{place.source}: {place.label}" for place in row.places)
        if row.problem:
            return row.problem if section == self.FIT else ""
        if section == self.FIT:
            return fit_text(item.fitting.fit)
        if section == self.CONTEXT:
            return f"{row.context:,}".replace(",", "\u202f") if row.context else ""
        return [
            "", "", "", row.quant if row.kind == "model" else row.kind,
            f"{row.bits_per_weight:.2f}" if row.bits_per_weight else "", "", row.architecture,
        ][section]  # fmt: skip

"""The library as a table, filtered and sorted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QT_TRANSLATE_NOOP,
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor

from lab_app.gui.theme import keeper
from lab_app.gui.words import size

if TYPE_CHECKING:
    from lab_app.gui.models.facts import Listed

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
SORT = Qt.ItemDataRole.UserRole
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


class LibraryModel(QAbstractTableModel):
    """One row a model; rows keep their place while only their numbers change."""

    NAME, FIT, SIZE, QUANT, BITS, CONTEXT, ARCHITECTURE, WHERE = range(8)

    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[Listed] = ()

    def show_rows(self, rows: Sequence[Listed]) -> None:
        if [item.row.id for item in rows] == [item.row.id for item in self.rows]:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, self.WHERE))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

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
        item, section = self.rows[index.row()], index.column()
        row = item.row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(item, section)
        if role == SORT:
            return [
                row.name.casefold(), item.fitting.needed, row.size, row.quant, row.bits_per_weight,
                row.context or 0, row.architecture, self._text(item, self.WHERE),
            ][section]  # fmt: skip
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


class Filtered(QSortFilterProxyModel):
    """Rows with every word of the filter somewhere in them."""

    def __init__(self, model: LibraryModel) -> None:
        super().__init__()
        self.setSourceModel(model)
        self.setSortRole(SORT)
        self._words: list[str] = []

    def look_for(self, text: str) -> None:
        self.beginFilterChange()
        self._words = text.casefold().split()
        self.endFilterChange()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        model = self.sourceModel()
        text = " ".join(
            str(model.index(source_row, section).data()) for section in range(model.columnCount())
        ).casefold()
        return all(word in text for word in self._words)

"""The numbers of a figure as a table: for screen readers, for copying, for doubting the picture."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt

from lab_app.gui.plots.base import Column, Drawing, Value, Variant
from lab_app.reports.numbers import MISSING

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class FigureTable(QAbstractTableModel):
    """Reads the figure itself: a row a point, variant by variant, nothing copied.

    ``DisplayRole`` is text of six significant digits, ``EditRole`` the number at full precision.
    """

    def __init__(self, drawing: Drawing, parent: Any = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._shown: list[Variant] = []
        self._starts: list[int] = [0]
        head = Column(QCoreApplication.translate("FigureTable", "file"), numeric=False)
        self.columns: tuple[Column, ...] = (head, *drawing.columns)

    def refresh(self, shown: Sequence[Variant]) -> None:
        """After the figure has taken samples or other variants are shown."""
        starts = [0]
        for variant in shown:
            starts.append(starts[-1] + self._drawing.count(variant.key))
        keys = [v.key for v in shown]
        if keys == [v.key for v in self._shown] and starts == self._starts:
            self._shown = list(shown)
            if starts[-1]:
                self.dataChanged.emit(self.index(0, 0), self.index(starts[-1] - 1, len(self.columns) - 1))
            return
        grown = keys == [v.key for v in self._shown] and starts[:-1] == self._starts[:-1]
        if grown and starts[-1] > self._starts[-1]:  # at the end: where the reader is stays where it is
            self.beginInsertRows(_ROOT, self._starts[-1], starts[-1] - 1)
            self._shown, self._starts = list(shown), starts
            self.endInsertRows()
            return
        self.beginResetModel()
        self._shown, self._starts = list(shown), starts
        self.endResetModel()

    # -- model ---------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._starts[-1]

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def values(self, row: int) -> tuple[Value, ...]:
        """A row at full precision, the variant's label first."""
        place = bisect_right(self._starts, row) - 1
        variant = self._shown[place]
        return (variant.label, *self._drawing.row(variant.key, row - self._starts[place]))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < self._starts[-1]:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = self.columns[index.column()].numeric
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.EditRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        value = self.values(index.row())[index.column()]
        return value if role == Qt.ItemDataRole.EditRole else text(value)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.columns[section].title if orientation == Qt.Orientation.Horizontal else section + 1


def text(value: Value) -> str:
    """Six significant digits; thousands are not grouped, so that what is copied is a number."""
    if value is None:
        return MISSING
    if isinstance(value, float):
        return f"{value:.6g}".replace("-", "−") if math.isfinite(value) else MISSING
    return str(value)

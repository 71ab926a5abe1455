"""How tables look and behave everywhere: rows are chosen whole, Tab leaves the table, progress is a bar."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from lab_app.gui.theme import keeper, space

_Index = QModelIndex | QPersistentModelIndex


def quiet_table(name: str) -> QTableView:
    """A table without grid; ``name`` is what a screen reader says."""
    table = QTableView()
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + space(3))
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(
        Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
    )
    table.setWordWrap(False)
    return table


class ProgressDelegate(QStyledItemDelegate):
    """Text above a thin bar; ``role`` gives the part that is done, in [0, 1], or None for no bar."""

    def __init__(self, role: int, parent: QObject) -> None:
        super().__init__(parent)
        self._role = role

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        part = index.data(self._role)
        if part is None:
            return
        # The options' fields are not in the stubs of PySide.
        drawn: Any = option
        theme = keeper().theme
        whole = QRectF(drawn.rect).adjusted(space(2), 0, -space(2), 0)
        whole.setTop(whole.bottom() - 5)
        whole.setHeight(3)
        done = QRectF(whole)
        done.setWidth(whole.width() * float(part))
        if drawn.direction is Qt.LayoutDirection.RightToLeft:
            done.moveRight(whole.right())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.line))
        painter.drawRoundedRect(whole, 1.5, 1.5)
        painter.setBrush(QColor(theme.good if part >= 1.0 else theme.accent))
        painter.drawRoundedRect(done, 1.5, 1.5)

"""Tables of reports in the window: the same cells, marks and notes, as a model that a view can sort."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView, QWidget

from lab_app.gui import theme
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import column, label

if TYPE_CHECKING:
    from lab_app.reports.table import Cell, Table

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
VALUE = Qt.ItemDataRole.UserRole
"""The number behind a cell at full precision, else its text; sorted by this."""
_MOST_ROWS = 16
_HEAD_LETTERS = 22
"""Longer heads take another line."""


class ReportTableModel(QAbstractTableModel):
    """A :class:`lab_app.reports.table.Table`, which may be exchanged for a newer one of the same study."""

    def __init__(self) -> None:
        super().__init__()
        self.table: Table | None = None

    def show_table(self, table: Table | None) -> None:
        """Keeps selection and place where rows and columns are the same as before."""
        if table == self.table:
            return
        old, self.table = self.table, table
        if old is not None and table is not None and _shape(old) == _shape(table):
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
            return
        self.beginResetModel()
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() or self.table is None else len(self.table.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() or self.table is None else len(self.table.columns)

    def cell(self, index: Index) -> Cell:
        assert self.table is not None
        return self.table.rows[index.row()][index.column()]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self.table is None:
            return None
        cell = self.cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            first = f"{cell.text} {cell.mark}" if cell.mark else cell.text
            from lab_app.reports.table import tag_text

            second = " · ".join([*([cell.sub] if cell.sub else []), *map(tag_text, cell.tags)])
            return f"{first}\n{second}" if second else first
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{cell.plain}: {cell.meaning}" if cell.meaning else cell.plain
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.meaning or None
        if role == VALUE:
            return cell.value if cell.value is not None else cell.text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            trailing = self.table.columns[index.column()].numeric
            side = Qt.AlignmentFlag.AlignTrailing if trailing else Qt.AlignmentFlag.AlignLeading
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            colours = theme.keeper().theme
            found = {
                "good": colours.good,
                "bad": colours.bad,
                "open": colours.warn,
                "missing": colours.muted,
                "quiet": colours.muted,
            }
            return QColor(found[cell.kind]) if cell.kind in found else None
        if role == Qt.ItemDataRole.FontRole and index.row() == self.table.highlight:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if self.table is None or orientation is not Qt.Orientation.Horizontal:
            return None
        head = self.table.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            lines = wrap(head.label, _HEAD_LETTERS) + wrap(head.sub, _HEAD_LETTERS)
            return "\n".join(lines)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignTrailing if head.numeric else Qt.AlignmentFlag.AlignLeading
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


def _shape(table: Table) -> tuple[Any, ...]:
    return table.columns, tuple(row[0].text for row in table.rows)


class _View(QTableView):
    """As high as its rows; Ctrl+C copies the chosen ones with tabs between."""

    def sizeHint(self) -> QSize:
        model = self.model()
        rows = model.rowCount() if model is not None else 0
        height = sum(self.rowHeight(row) for row in range(min(rows, _MOST_ROWS)))
        bar = self.horizontalScrollBar().sizeHint().height()
        return QSize(400, self.horizontalHeader().sizeHint().height() + height + bar + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not event.matches(QKeySequence.StandardKey.Copy):
            super().keyPressEvent(event)
            return
        model = self.model()
        rows = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        lines = [
            "\t".join(str(model.index(row, c).data(VALUE)) for c in range(model.columnCount()))
            for row in rows
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))


class ReportTable(QWidget):
    """Caption, table, notes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = label("", "heading", wrap=True)
        self.model = ReportTableModel()
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(self.model)
        self.sorted.setSortRole(VALUE)
        self.view = _View()
        self.view.setModel(self.sorted)
        self.view.setSortingEnabled(True)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setTabKeyNavigation(False)
        self.view.setShowGrid(False)
        self.view.setAlternatingRowColors(True)
        self.view.setWordWrap(False)
        self.view.verticalHeader().hide()
        self.view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        self.notes = label("", "small", wrap=True)
        self.setLayout(column(self.caption, self.view, self.notes, gap=2))
        theme.keeper().changed.connect(self.view.viewport().update)
        self.model.modelReset.connect(self._fit)

    def show_table(self, table: Table | None) -> None:
        self.setVisible(table is not None)
        self.model.show_table(table)
        if table is None:
            return
        self.caption.setText(table.caption)
        self.view.setAccessibleName(table.caption)
        self.notes.setText("\n".join(table.notes))
        self.notes.setVisible(bool(table.notes))

    def _fit(self) -> None:
        """Rows as high as their lines, columns as wide as their cells (within reason)."""
        table = self.model.table
        if table is None:
            return
        line = QFontMetrics(self.view.font()).height()
        for row, cells in enumerate(table.rows):
            two = any(cell.sub or cell.tags for cell in cells)
            self.view.setRowHeight(row, (2 if two else 1) * line + space(3))
        self.view.resizeColumnsToContents()
        for place in range(len(table.columns)):
            self.view.setColumnWidth(place, min(self.view.columnWidth(place) + space(2), space(75)))
        self.view.updateGeometry()

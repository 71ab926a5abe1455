"""How tables look and behave everywhere: rows are chosen whole and copied with Ctrl+C, Tab leaves the table, long ones
scroll without stalls, progress is a bar."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any
from unicodedata import bidirectional

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
)

from lab_app.gui.theme import keeper, space
from lab_app.gui.widgets.table_model import VALUE, TableModel, ink

_Index = QModelIndex | QPersistentModelIndex
_State = QStyle.StateFlag
_MARKED = (_State.State_Selected | _State.State_MouseOver | _State.State_HasFocus).value
_ENABLED = _State.State_Enabled.value
_WIDTHS = 4000
"""Widths of texts that are remembered at most."""


class TableView(QTableView):
    """A table without grid; ``name`` is what a screen reader says, ``several`` rows may be chosen at a time."""

    def __init__(self, name: str, *, several: bool = False) -> None:
        super().__init__()
        modes = QAbstractItemView.SelectionMode
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + space(3))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        )
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names of models differ at their ends
        self.setItemDelegate(Cells(self))
        self._least: dict[int, int] = {}
        self._seen = False

    def give_way(self, least: dict[int, int]) -> None:
        """Columns that are left out where the table is narrow: column → pixels it must be wide to have it."""
        self._least = least

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column, least in self._least.items():
            self.setColumnHidden(column, self.viewport().width() < least)
        if self._least and self._seen:
            self.fit_heads()  # of columns that are back

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._seen:
            self._seen = True
            self.fit_heads()

    def fit_heads(self) -> None:
        """Columns whose width is a number become at least as wide as their heads, in whatever language."""
        header = self.horizontalHeader()
        heads = [
            str(self.model().headerData(at, Qt.Orientation.Horizontal) or "") for at in range(header.count())
        ]
        if not any("\n" in head for head in heads):  # Qt takes several lines for one
            header.setTextElideMode(Qt.TextElideMode.ElideRight)
        for column in range(header.count()):
            least = self.head_width(column)
            fixed = header.sectionResizeMode(column) is QHeaderView.ResizeMode.Interactive
            if fixed and not header.isSectionHidden(column) and header.sectionSize(column) < least:
                header.resizeSection(column, least)

    def head_width(self, column: int) -> int:
        """Pixels that the longest line of a head takes. Qt's own hint adds the head's height for an arrow beside the
        text, which the style sheet puts above it."""
        font = QFont(self.horizontalHeader().font())
        font.setWeight(QFont.Weight.DemiBold)  # as in the style sheet, and so are the margins
        metrics = QFontMetricsF(font)
        text = str(self.model().headerData(column, Qt.Orientation.Horizontal) or "")
        return (
            math.ceil(max((metrics.horizontalAdvance(line) for line in text.split("\n")), default=0.0)) + 18
        )

    def resizeColumnsToContents(self) -> None:
        for column in range(self.model().columnCount()):
            if not self.isColumnHidden(column):
                self.setColumnWidth(column, max(self.sizeHintForColumn(column), self.head_width(column)))

    def selectRow(self, row: int) -> None:
        # Qt asks for the column at the table's edge, and where that is the left one there may be none.
        header = self.horizontalHeader()
        shown = (header.logicalIndex(at) for at in range(header.count()))
        column = next((at for at in shown if not header.isSectionHidden(at)), 0)
        command = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        index = self.model().index(row, column)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, command)

    def paintEvent(self, event: QPaintEvent) -> None:
        # A style sheet leaves the ground to be seen through, and then Qt paints everything at every step of scrolling
        # instead of moving what is there.
        if not self.viewport().autoFillBackground():
            self.viewport().setAutoFillBackground(True)
        super().paintEvent(event)

    def setSortingEnabled(self, enable: bool) -> None:
        super().setSortingEnabled(enable)
        said = self.tr("Alt+Up and Alt+Down sort by the column of the current cell.") if enable else ""
        self.setAccessibleDescription(said)

    def leave_unsorted(self) -> None:
        """Rows stand as they are kept until a head is clicked, and again after its third click."""
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setSortIndicatorClearable(True)
        self.setSortingEnabled(True)

    def copy(self) -> None:
        """The rows chosen, as they stand, a line each and tabs between; numbers at full precision."""
        model = self.model()
        rows = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        lines = [
            "\t".join(_copied(model.index(row, column).data(VALUE)) for column in range(model.columnCount()))
            for row in rows
        ]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def sort_up(self) -> None:
        """By the column of the current cell, smallest first."""
        self.sortByColumn(max(0, self.currentIndex().column()), Qt.SortOrder.AscendingOrder)

    def sort_down(self) -> None:
        """By the column of the current cell, largest first."""
        self.sortByColumn(max(0, self.currentIndex().column()), Qt.SortOrder.DescendingOrder)

    def unsort(self) -> None:
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Home and End lead to the first and the last row, as in any list of whole rows; Qt's lead to another column of
        the same row, which nobody sees."""
        ends = {self.CursorAction.MoveHome: 0, self.CursorAction.MoveEnd: self.model().rowCount() - 1}
        if action in ends and self.model().rowCount():
            return self.model().index(ends[action], max(0, self.currentIndex().column()))
        return super().moveCursor(action, modifiers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier) and self.isSortingEnabled()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif alt and event.key() == Qt.Key.Key_Up:
            self.sort_up()
        elif alt and event.key() == Qt.Key.Key_Down:
            self.sort_down()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.model().rowCount():
            menu = self.menu()
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """What can be done with the rows, with the keys for it."""
        menu = QMenu(self)
        copy = menu.addAction(self.tr("Copy the selected rows"), self.copy)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setEnabled(self.selectionModel().hasSelection())
        if not self.isSortingEnabled():
            return menu
        column = max(0, self.currentIndex().column())
        head = " ".join(str(self.model().headerData(column, Qt.Orientation.Horizontal)).split())
        # Methods and no closures: those would keep the table alive, and it would end inside of its own menu's end.
        up = menu.addAction(self.tr("Sort by “{0}”, smallest first").format(head), self.sort_up)
        up.setShortcut(QKeySequence(Qt.KeyboardModifier.AltModifier | Qt.Key.Key_Up))
        down = menu.addAction(self.tr("Sort by “{0}”, largest first").format(head), self.sort_down)
        down.setShortcut(QKeySequence(Qt.KeyboardModifier.AltModifier | Qt.Key.Key_Down))
        if self.horizontalHeader().isSortIndicatorClearable():
            menu.addAction(self.tr("Not sorted"), self.unsort)
        return menu

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (
            QEvent.Type.FontChange,
            QEvent.Type.StyleChange,
            QEvent.Type.LayoutDirectionChange,
        ):
            for cells in self.findChildren(Cells):
                cells.forget()


def _copied(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())


def isolated(text: str) -> str:
    """``text`` for a cell from right to left: its own first letter says how it runs, and what has none runs as numbers
    do (“1.2 %” does not become “% 1.2”)."""
    # Not the newer isolates: few fonts have them, and those of another font would move the line.
    first = next((kind for kind in map(bidirectional, text) if kind in ("L", "R", "AL")), "L")
    return f"\u202a{text}\u202c" if first == "L" else text


@dataclass(frozen=True, slots=True)
class _Place:
    """Where text goes in cells of one height, in pixels: from the left, from the right, and from the top to the base
    line; where a mark goes, from the top left (mirrored: top right) corner; how wide the texts are that were drawn."""

    left: int
    right: int
    base: int
    mark: QPoint
    mirrored: bool
    metrics: QFontMetricsF
    widths: dict[str, float] = field(default_factory=dict)

    def width(self, text: str) -> float:
        found = self.widths.get(text)
        if found is None:
            if len(self.widths) > _WIDTHS:
                self.widths.clear()
            found = self.widths[text] = self.metrics.horizontalAdvance(text)
        return found


class Cells(QStyledItemDelegate):
    """Draws the cells of a :class:`TableModel` that are only text as Qt's style would, in a fraction of its time.
    What is chosen, pointed at, off or more than text (``rich``) is left to Qt."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._places: dict[tuple[int, bool], _Place] = {}
        keeper().changed.connect(self.forget)

    def forget(self) -> None:
        """Font, style or direction are others."""
        self._places.clear()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """What a cell has no room for is read where the mouse rests on it."""
        tip = index.data(Qt.ItemDataRole.ToolTipRole)
        if event.type() is not QEvent.Type.ToolTip or tip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        place = view.visualRect(index)
        text = str(index.data() or "") if self.sizeHint(option, index).width() > place.width() else ""
        QToolTip.showText(event.globalPos(), text, view.viewport(), place)
        return True

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        cell: Any = option  # its fields are not in the stubs of PySide
        model, column, state = index.model(), index.column(), cell.state.value
        if (
            state & _MARKED
            or not state & _ENABLED
            or not isinstance(model, TableModel)
            or column in model.rich
        ):
            super().paint(painter, option, index)
            return
        row = model.kept(index.row())
        text = model.text(row, column)
        if text and cell.direction is Qt.LayoutDirection.RightToLeft:
            text = isolated(text)
        mark = model.mark(row, column) if column in model.marked else None
        if not text and mark is None:
            return
        rect: QRect = cell.rect
        place = self._places.get((rect.height(), mark is not None)) or self._place(cell, index, mark)
        if mark is not None:
            corner = rect.topRight() if place.mirrored else rect.topLeft()
            painter.drawPixmap(corner + place.mark, mark)
        room = rect.width() - place.left - place.right
        wide = place.width(text)
        if wide > room:
            text = place.metrics.elidedText(text, cell.textElideMode, room)
            wide = place.width(text)
        at_right = (column in model.numeric) is not place.mirrored
        x = rect.right() + 1 - wide - place.right if at_right else rect.left() + place.left
        painter.setPen(ink(model.colour(row, column) or keeper().theme.ink))
        if place.mirrored:
            painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        painter.drawText(QPointF(x, rect.top() + place.base), text)

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        super().initStyleOption(option, index)
        drawn: Any = option
        if drawn.text and drawn.direction is Qt.LayoutDirection.RightToLeft:
            drawn.text = isolated(drawn.text)

    def _place(self, cell: Any, index: _Index, mark: QPixmap | None) -> _Place:
        """As the style says."""
        whole: Any = QStyleOptionViewItem(cell)
        self.initStyleOption(whole, index)
        style = cell.widget.style() if cell.widget is not None else QApplication.style()
        box = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, whole, cell.widget)
        margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, cell.widget) + 1
        metrics = QFontMetricsF(cell.font)
        mirrored = cell.direction is Qt.LayoutDirection.RightToLeft
        at = QPoint()
        if mark is not None:
            beside = style.subElementRect(QStyle.SubElement.SE_ItemViewItemDecoration, whole, cell.widget)
            size = mark.deviceIndependentSize().toSize()
            at = QStyle.alignedRect(cell.direction, Qt.AlignmentFlag.AlignCenter, size, beside).topLeft()
            at -= cell.rect.topRight() if mirrored else cell.rect.topLeft()
        place = self._places[cell.rect.height(), mark is not None] = _Place(
            box.left() - cell.rect.left() + margin,
            cell.rect.right() - box.right() + margin,
            box.top()
            - cell.rect.top()
            + box.height() // 2
            - math.ceil(metrics.height()) // 2
            + round(metrics.ascent()),
            at,
            mirrored,
            metrics,
        )
        return place


class BarDelegate(Cells):
    """Text above a thin bar; ``role`` gives its length as a part of the cell's, in [0, 1], or None for no bar. ends: it
    is a progress, and has another colour at its end."""

    def __init__(self, role: int, parent: QObject, *, ends: bool = False) -> None:
        super().__init__(parent)
        self._role = role
        self._ends = ends

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
        painter.setBrush(QColor(theme.good if self._ends and part >= 1.0 else theme.accent))
        painter.drawRoundedRect(done, 1.5, 1.5)

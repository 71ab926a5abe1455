"""Tables that many pages share: what they draw, and how little of it again."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QImage,
    QKeySequence,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QMenu, QStyledItemDelegate, QToolTip
from pytestqt.qtbot import QtBot

from lab_app.gui import icons, theme
from lab_app.gui.widgets.table_model import OrderedTable
from lab_app.gui.widgets.tables import TableView, isolated
from tests.gui.conftest import LONG

ROWS: list[tuple[str, float | None]] = [
    ("a name that is far too long for the column that it stands in", 10.0),
    ("b", 9.0),
    ("Ångström", None),
    ("d 1.5 GB", -2.5),
]


class Things(OrderedTable):
    """``times`` as many rows as there are things."""

    numeric = (1,)
    marked = (2,)

    def __init__(self, times: int = 1) -> None:
        super().__init__()
        self.rows = ROWS * times
        self.wanted = ""

    def fits(self, row: int) -> bool:
        return self.wanted in self.rows[row][0]

    def heads(self) -> list[str]:
        return ["name", "number", "mark"]

    def size(self) -> int:
        return len(self.rows)

    def text(self, row: int, column: int) -> str:
        name, number = self.rows[row]
        if column == 2:
            return name[:row]
        return name if column == 0 else "" if number is None else f"{number:.2f}"

    def value(self, row: int, column: int) -> Any:
        return self.text(row, 2) if column == 2 else self.rows[row][column]

    def mark(self, row: int, column: int) -> QPixmap | None:
        return icons.pixmap("circle-check", "#008800", 16) if column == 2 else None

    def colour(self, row: int, column: int) -> str:
        return theme.keeper().theme.bad if (row, column) == (1, 1) else ""


def shown(qtbot: QtBot, model: Things) -> TableView:
    theme.keeper().choose("light")
    table = TableView("Things")
    table.setModel(model)
    table.setSortingEnabled(True)
    table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    table.setColumnWidth(0, 150)
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    qtbot.waitExposed(table, timeout=LONG)
    return table


def picture(table: TableView) -> QImage:
    return table.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


class AsQt(QStyledItemDelegate):
    """Qt's own drawing, of the same text."""

    def initStyleOption(self, option: Any, index: Any) -> None:
        super().initStyleOption(option, index)
        if option.text and option.direction is Qt.LayoutDirection.RightToLeft:
            option.text = isolated(option.text)


@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
@pytest.mark.parametrize("height", [27, 32])
def test_cells_look_as_qt_draws_them(qtbot: QtBot, direction: Qt.LayoutDirection, height: int) -> None:
    table = shown(qtbot, Things())
    table.setAlternatingRowColors(True)
    table.setLayoutDirection(direction)
    table.verticalHeader().setDefaultSectionSize(height)
    ours = picture(table)
    table.setItemDelegate(AsQt(table))
    assert ours == picture(table)
    table.model().rows[1] = ("B", 9.0)  # type: ignore[attr-defined]
    assert ours != picture(table)


def test_a_step_of_scrolling_paints_only_what_is_new(qtbot: QtBot) -> None:
    table = shown(qtbot, Things(500))
    table.verticalScrollBar().setValue(300)
    painted: list[QRect] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent):
                painted.append(event.region().boundingRect())
            return False

    watch = Watch()
    table.viewport().installEventFilter(watch)

    def least() -> int:
        """Pixels painted anew in one of some steps; the first ones may still have to do with showing it."""
        heights = []
        for _ in range(10):
            painted.clear()
            table.verticalScrollBar().setValue(table.verticalScrollBar().value() + 30)
            qtbot.waitUntil(lambda: bool(painted), timeout=LONG)
            heights.append(sum(rect.height() for rect in painted))
        return min(heights)

    assert least() < table.viewport().height() / 2
    theme.keeper().choose("dark")  # another style sheet
    assert least() < table.viewport().height() / 2
    theme.keeper().choose("light")


def names(table: TableView) -> list[str]:
    return [table.model().index(at, 0).data()[:1] for at in range(table.model().rowCount())]


def click_head(qtbot: QtBot, table: TableView, column: int) -> None:
    header = table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(column) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_click_on_a_head_sorts_numbers_as_numbers(qtbot: QtBot) -> None:
    table = shown(qtbot, Things())
    table.leave_unsorted()
    assert names(table) == ["a", "b", "Å", "d"]
    table.selectRow(1)
    click_head(qtbot, table, 1)
    assert names(table) == ["d", "b", "a", "Å"], "-2.5, 9, 10, and what is missing last"
    assert table.currentIndex().data() == "b", "the selection stays with its row"
    click_head(qtbot, table, 1)
    assert names(table) == ["a", "b", "d", "Å"]
    assert table.currentIndex().data() == "b"
    click_head(qtbot, table, 1)
    assert names(table) == ["a", "b", "Å", "d"], "the third click leaves them as they are kept"


def test_sorting_by_the_keyboard(qtbot: QtBot) -> None:
    table = shown(qtbot, Things())
    assert "Alt+Up" in table.accessibleDescription()
    table.setCurrentIndex(table.model().index(0, 0))
    qtbot.keyClick(table, Qt.Key.Key_Right)
    qtbot.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert names(table) == ["d", "b", "a", "Å"]
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert names(table) == ["a", "b", "d", "Å"]
    assert table.horizontalHeader().sortIndicatorSection() == 1
    qtbot.keyClick(table, Qt.Key.Key_Left)
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert names(table) == ["Å", "d", "b", "a"]
    table.setSortingEnabled(False)
    qtbot.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert names(table) == ["Å", "d", "b", "a"]


def test_copying_rows(qtbot: QtBot) -> None:
    table = TableView("Things", several=True)
    qtbot.addWidget(table)
    table.setModel(Things())
    table.setSortingEnabled(True)
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    QGuiApplication.clipboard().setText("before")
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "before", "nothing is chosen"
    table.setCurrentIndex(table.model().index(1, 0))
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "b\t9.0\tb\nd 1.5 GB\t-2.5\td 1\nÅngström\t\tÅn"


def test_the_menu_of_a_table_names_the_column(qtbot: QtBot) -> None:
    table = shown(qtbot, Things())
    table.setCurrentIndex(table.model().index(1, 1))
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), table.mapToGlobal(QPoint(5, 5))
    )
    QApplication.sendEvent(table.viewport(), event)
    menu = table.findChild(QMenu)
    assert isinstance(menu, QMenu) and menu.isVisible()
    copy, up, down = menu.actions()
    assert copy.isEnabled() and copy.shortcut() == QKeySequence(QKeySequence.StandardKey.Copy)
    assert "“number”" in up.text() and "“number”" in down.text()
    up.trigger()
    assert names(table) == ["d", "b", "a", "Å"]
    menu.close()


def test_a_filter_and_an_order_at_once(qtbot: QtBot) -> None:
    model = Things()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.sort(1)
    model.wanted = "r"
    model.arrange()
    assert [model.kept(at) for at in range(model.rowCount())] == [0, 2]
    assert (model.place(2), model.place(1)) == (1, -1)
    model.rows = [*model.rows, ("r", -5.0)]
    model.arrange()
    assert [model.kept(at) for at in range(model.rowCount())] == [4, 0, 2]
    model.rows[0] = ("r", -7.0)
    model.all_touched()
    assert [model.kept(at) for at in range(model.rowCount())] == [0, 4, 2]
    del tester


def test_what_a_cell_has_no_room_for_is_read_where_the_mouse_rests(qtbot: QtBot) -> None:
    """Names differ at their ends: those are shown, and the whole name beside the mouse."""
    table = shown(qtbot, Things())
    assert table.textElideMode() is Qt.TextElideMode.ElideMiddle
    table.setColumnWidth(0, 120)
    for row, text in ((0, ROWS[0][0]), (1, "")):
        place = table.visualRect(table.model().index(row, 0)).center()
        event = QHelpEvent(QEvent.Type.ToolTip, place, table.viewport().mapToGlobal(place))
        QApplication.sendEvent(table.viewport(), event)
        qtbot.waitUntil(lambda text=text: QToolTip.isVisible() is bool(text), timeout=LONG)
        assert QToolTip.text() == text
    QToolTip.hideText()


def test_home_and_end_lead_to_the_first_and_the_last_row(qtbot: QtBot) -> None:
    table = shown(qtbot, Things(50))
    table.selectRow(20)
    for key, row in ((Qt.Key.Key_End, 199), (Qt.Key.Key_Home, 0)):
        qtbot.keyClick(table, key)
        assert [index.row() for index in table.selectionModel().selectedRows()] == [row]
        assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())

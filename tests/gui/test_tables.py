"""Tables that many pages share: what they draw, and how little of it again."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QStyledItemDelegate
from pytestqt.qtbot import QtBot

from lab_app.gui import theme
from lab_app.gui.widgets.table_model import OrderedTable
from lab_app.gui.widgets.tables import Table

ROWS: list[tuple[str, float | None]] = [
    ("a name that is far too long for the column that it stands in", 10.0),
    ("b", 9.0),
    ("Ångström", None),
    ("d 1.5 GB", -2.5),
]


class Things(OrderedTable):
    """``times`` as many rows as there are things."""

    numeric = (1,)

    def __init__(self, times: int = 1) -> None:
        super().__init__()
        self.rows = ROWS * times

    def heads(self) -> list[str]:
        return ["name", "number"]

    def size(self) -> int:
        return len(self.rows)

    def text(self, row: int, column: int) -> str:
        name, number = self.rows[row]
        return name if column == 0 else "" if number is None else f"{number:.2f}"

    def value(self, row: int, column: int) -> Any:
        return self.rows[row][column]

    def colour(self, row: int, column: int) -> str:
        return theme.keeper().theme.bad if (row, column) == (1, 1) else ""


def shown(qtbot: QtBot, model: Things) -> Table:
    theme.keeper().choose("light")
    table = Table("Things")
    table.setModel(model)
    table.setSortingEnabled(True)
    table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    table.setColumnWidth(0, 150)
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    qtbot.waitExposed(table)
    return table


def picture(table: Table) -> QImage:
    return table.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
@pytest.mark.parametrize("height", [27, 32])
def test_cells_look_as_qt_draws_them(qtbot: QtBot, direction: Qt.LayoutDirection, height: int) -> None:
    table = shown(qtbot, Things())
    table.setAlternatingRowColors(True)
    table.setLayoutDirection(direction)
    table.verticalHeader().setDefaultSectionSize(height)
    ours = picture(table)
    table.setItemDelegate(QStyledItemDelegate(table))
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
            qtbot.waitUntil(lambda: bool(painted))
            heights.append(sum(rect.height() for rect in painted))
        return min(heights)

    assert least() < table.viewport().height() / 2
    theme.keeper().choose("dark")  # another style sheet
    assert least() < table.viewport().height() / 2
    theme.keeper().choose("light")

"""A table of a report whose numbers change while somebody looks at it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from lab_app.gui.widgets.report_table import ReportTable
from lab_app.reports.table import Cell, Column, Table

COLUMNS = (Column("File"), Column("Size", numeric=True))


def table(*rows: tuple[str, Cell]) -> Table:
    return Table("Files", COLUMNS, tuple((Cell(name), size) for name, size in rows))


def test_there_is_room_for_what_cells_come_to_say(qtbot: QtBot) -> None:
    shown = ReportTable()
    qtbot.addWidget(shown)
    shown.show_table(table(("Q8_0", Cell("?")), ("Q4_0", Cell("?"))))
    shown.resize(600, 300)
    shown.show()
    height = shown.view.rowHeight(0)
    shown.show_table(table(("Q8_0", Cell("5.2 MB", tags=("predicted",))), ("Q4_0", Cell("?"))))
    metrics = QFontMetrics(shown.view.font())
    assert shown.view.rowHeight(0) >= height + metrics.height()
    assert shown.view.rowHeight(1) == height
    assert shown.view.columnWidth(1) >= metrics.horizontalAdvance("predicted")

    # It keeps the room, so that nothing jumps when a number is shorter for once.
    wide = shown.view.columnWidth(1)
    shown.show_table(table(("Q8_0", Cell("1 B")), ("Q4_0", Cell("?"))))
    assert shown.view.columnWidth(1) == wide and shown.view.rowHeight(0) == height

    # Nor does it stumble over a word of change when the table is gone.
    shown.show_table(None)
    shown.model.all_touched()
    shown.model.dataChanged.emit(QModelIndex(), QModelIndex())

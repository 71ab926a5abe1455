"""Tables of reports in the window: the same cells, marks and notes, as a model that a view can sort."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QWidget

from lab_app.gui import theme
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import column, label
from lab_app.gui.widgets.table_model import ALL, OrderedTable
from lab_app.gui.widgets.tables import TableView

if TYPE_CHECKING:
    from lab_app.reports.table import Cell, Column, Table

_MOST_ROWS = 16
_HEAD_LETTERS = 13
"""Longer heads take another line."""


class ReportTableModel(OrderedTable):
    """A :class:`lab_app.reports.table.Table`, which may be exchanged for a newer one of the same study."""

    rich = ALL

    def __init__(self) -> None:
        super().__init__()
        self.table: Table | None = None
        self._heads: list[str] = []
        self._numeric: list[int] = []

    def show_table(self, table: Table | None) -> None:
        """Keeps selection and place where rows and columns are the same as before."""
        if table == self.table:
            return
        old = self.table
        if old is not None and table is not None and _shape(old) == _shape(table):
            self.table = table
            self.all_touched()
            return
        with self.fresh():
            self.table = table
            columns = () if table is None else table.columns
            self._numeric = [n for n, c in enumerate(columns) if c.numeric]
            self._heads = [_head(column) for column in columns]

    @property
    def numeric(self) -> Collection[int]:  # type: ignore[override]
        return self._numeric

    def heads(self) -> list[str]:  # asked for every cell
        return self._heads

    def size(self) -> int:
        return 0 if self.table is None else len(self.table.rows)

    def cells(self, row: int) -> tuple[Cell, ...]:
        assert self.table is not None
        return self.table.rows[row]

    def cell(self, row: int, column: int) -> Cell:
        return self.cells(row)[column]

    def text(self, row: int, column: int) -> str:
        from lab_app.reports.table import tag_text

        cell = self.cell(row, column)
        first = f"{cell.text} {cell.mark}" if cell.mark else cell.text
        second = " · ".join([*([cell.sub] if cell.sub else []), *map(tag_text, cell.tags)])
        return f"{first}\n{second}" if second else first

    def value(self, row: int, column: int) -> Any:
        cell = self.cell(row, column)
        return cell.value if cell.value is not None else cell.text

    def spoken(self, row: int, column: int) -> str:
        cell = self.cell(row, column)
        return f"{cell.plain}: {cell.meaning}" if cell.meaning else cell.plain

    def tip(self, row: int, column: int) -> str:
        return self.cell(row, column).meaning

    def colour(self, row: int, column: int) -> str:
        kind = self.cell(row, column).kind
        colours = theme.keeper().theme
        return {
            "good": colours.good, "bad": colours.bad, "open": colours.warn,
            "missing": colours.muted, "quiet": colours.muted,
        }.get(kind, "")  # fmt: skip

    def font(self, row: int, column: int) -> QFont | None:
        if self.table is None or row != self.table.highlight:
            return None
        font = QFont()
        font.setBold(True)
        return font


@lru_cache(maxsize=1024)  # a header asks for its texts a thousand times while it is laid out
def _head(column: Column) -> str:
    lines = [
        line
        for text in (column.label, column.sub)
        for line in wrap(text, _HEAD_LETTERS, break_long_words=False)
    ]
    return "\n".join(lines)


def _shape(table: Table) -> tuple[Any, ...]:
    return table.columns, tuple(row[0].text for row in table.rows)


class _View(TableView):
    """As high as its rows."""

    def sizeHint(self) -> QSize:
        model = self.model()
        rows = model.rowCount() if model is not None else 0
        height = sum(self.rowHeight(row) for row in range(min(rows, _MOST_ROWS)))
        bar = self.horizontalScrollBar().sizeHint().height()
        return QSize(400, self.horizontalHeader().sizeHint().height() + height + bar + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())


class ReportTable(QWidget):
    """Caption, table, notes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = label("", "heading", wrap=True)
        self.model = ReportTableModel()
        self.view = _View("", several=True)
        self.view.setModel(self.model)
        self.view.leave_unsorted()
        self.view.setAlternatingRowColors(True)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.notes = label("", "small", wrap=True)
        self.setLayout(column(self.caption, self.view, self.notes, gap=2))
        theme.keeper().changed.connect(self.view.viewport().update)
        self.model.modelReset.connect(self._fit)
        self.model.layoutChanged.connect(self._fit_rows)
        self.model.dataChanged.connect(self._grow)
        self._letters: list[int] = []
        """Of the longest line of each column when it was last fitted."""

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
        self._letters = self._longest()
        table = self.model.table
        if table is None:
            return
        self._fit_rows()
        self.view.resizeColumnsToContents()
        for place in range(len(table.columns)):
            self._set_width(place, self.view.columnWidth(place))
        self.view.updateGeometry()

    def _grow(self) -> None:
        """Room for what the same rows and columns have to say now; none is taken back, so that nothing jumps."""
        self._fit_rows()
        letters = self._longest()
        for place, (now, before) in enumerate(zip(letters, self._letters, strict=True)):
            if now > before:
                width = self.view.sizeHintForColumn(place)
                if width + space(2) > self.view.columnWidth(place):
                    self._set_width(place, width)
        self._letters = [max(pair) for pair in zip(letters, self._letters, strict=True)]
        self.view.updateGeometry()

    def _set_width(self, place: int, width: int) -> None:
        self.view.setColumnWidth(place, min(width + space(2), space(75)))

    def _longest(self) -> list[int]:
        model, columns = self.model, len(self.model.heads())
        texts = [[model.text(row, place) for row in range(model.size())] for place in range(columns)]
        return [
            max((len(line) for text in column for line in text.split("\n")), default=0) for column in texts
        ]

    def _fit_rows(self) -> None:
        line = QFontMetrics(self.view.font()).height()
        for at in range(self.model.shown()):
            two = any(cell.sub or cell.tags for cell in self.model.cells(self.model.kept(at)))
            self.view.setRowHeight(at, (2 if two else 1) * line + space(3))

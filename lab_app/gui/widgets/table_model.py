"""What the tables of the window have in common: heads, and of every cell its text, side, colour and so on.

A subclass answers in plain values for the rows it keeps, numbered from 0. :class:`OrderedTable` shows them in another
order, or only some of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from operator import itemgetter
from typing import Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QPixmap

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
Role = Qt.ItemDataRole
VALUE = Role.EditRole
"""What is behind a text at full precision: what a table is sorted by, and what is copied."""
ALL = range(10_000)
"""Every column."""
TRAILING = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
LEADING = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter


class TableModel(QAbstractTableModel):
    """Subclasses give at least :meth:`heads`, :meth:`size` and :meth:`text`."""

    numeric: Collection[int] = ()
    """Columns of numbers; they stand at the trailing side."""
    rich: Collection[int] = ()
    """Columns whose cells have more than a line of text, a colour and a mark, e.g. a font or a box to tick; may be
    :data:`ALL`."""
    marked: Collection[int] = ()
    """Columns with a :meth:`mark`."""
    ANSWERS: ClassVar[dict[int, str]] = {
        int(Role.DisplayRole): "text", int(VALUE): "value", int(Role.AccessibleTextRole): "spoken",
        int(Role.ToolTipRole): "tip", int(Role.TextAlignmentRole): "_side", int(Role.ForegroundRole): "_ink",
        int(Role.FontRole): "font", int(Role.DecorationRole): "mark",
    }  # fmt: skip
    """What Qt asks for → the method that answers it, given row and column."""

    # -- for subclasses ------------------------------------------------------------------------------

    def heads(self) -> Sequence[str]:
        raise NotImplementedError

    def size(self) -> int:
        """Rows that are kept."""
        raise NotImplementedError

    def text(self, row: int, column: int) -> str:
        raise NotImplementedError

    def value(self, row: int, column: int) -> Any:
        """A number, a text or None; see :data:`VALUE`."""
        return self.text(row, column)

    def spoken(self, row: int, column: int) -> str:
        """What a screen reader says."""
        return self.text(row, column)

    def tip(self, row: int, column: int) -> str:
        return ""

    def colour(self, row: int, column: int) -> str:
        """``#rrggbb``, or empty for the usual ink."""
        return ""

    def font(self, row: int, column: int) -> QFont | None:
        return None

    def mark(self, row: int, column: int) -> QPixmap | None:
        """A small picture before the text."""
        return None

    def kept(self, at: int) -> int:
        """The row, as the subclass keeps it, that is shown ``at`` that place."""
        return at

    def shown(self) -> int:
        """Rows that are shown."""
        return self.size()

    def all_touched(self) -> None:
        """Tell views that the same rows have other values."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    # -- what Qt asks --------------------------------------------------------------------------------

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self.shown()

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.heads())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return self.heads()[section]
        if role == Role.TextAlignmentRole:
            return TRAILING if section in self.numeric else LEADING
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        answer = self.ANSWERS.get(role)
        if answer is None or not index.isValid():
            return None
        return getattr(self, answer)(self.kept(index.row()), index.column())

    def _side(self, row: int, column: int) -> Qt.AlignmentFlag | None:
        return TRAILING if column in self.numeric else None

    def _ink(self, row: int, column: int) -> QColor | None:
        name = self.colour(row, column)
        return ink(name) if name else None


class OrderedTable(TableModel):
    """Sorted by a click on a head, and filtered, without asking Qt: it would compare row by row through Python."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._order: list[int] | None = None
        """Rows as they are shown; None: all of them as they are kept."""
        self._by, self._descending = -1, False

    def fits(self, row: int) -> bool:
        """Whether a filter shows the row; asked when rows are arranged anew."""
        return True

    def kept(self, at: int) -> int:
        return at if self._order is None else self._order[at]

    def shown(self) -> int:
        return self.size() if self._order is None else len(self._order)

    def place(self, row: int) -> int:
        """Where a row is shown; -1 where the filter hides it."""
        if self._order is None:
            return row
        return self._order.index(row) if row in self._order else -1

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """Exchange rows (or the filter) inside; the view starts anew, sorted as before."""
        self.beginResetModel()
        yield
        self._arrange()
        self.endResetModel()

    def arrange(self) -> None:
        """Filter and sort anew."""
        with self.fresh():
            pass

    def all_touched(self) -> None:
        if self._by >= 0:
            self._sort()
        super().all_touched()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """``column`` below 0: as the rows are kept. The selection stays with its rows."""
        wanted = (column, order is Qt.SortOrder.DescendingOrder)
        if wanted != (self._by, self._descending):  # Qt asks twice
            self._by, self._descending = wanted
            self._sort()

    def _sort(self) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        rows = [self.kept(index.row()) for index in before]
        self._arrange()
        if before:
            place = {self.kept(at): at for at in range(self.shown())}
            after = [self.index(place[row], i.column()) for row, i in zip(rows, before, strict=True)]
            self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        rows = [row for row in range(self.size()) if self.fits(row)]
        if self._by >= 0:
            rows = in_order(rows, [self.value(row, self._by) for row in rows], self._descending)
        self._order = rows if self._by >= 0 or len(rows) < self.size() else None


@cache
def ink(name: str) -> QColor:
    """The colour ``#rrggbb``."""
    return QColor(name)


def in_order(rows: Sequence[int], values: Sequence[Any], descending: bool) -> list[int]:
    """``rows`` sorted by their ``values``. In both directions numbers come before texts, and None and NaN last."""
    numbers: list[tuple[Any, int]] = []
    texts: list[tuple[Any, int]] = []
    missing = []
    for row, value in zip(rows, values, strict=True):
        if value is None or value != value:
            missing.append(row)
        elif isinstance(value, int | float):
            numbers.append((value, row))
        else:
            texts.append((str(value).casefold(), row))
    for found in (numbers, texts):
        found.sort(key=itemgetter(0), reverse=descending)
    return [row for _, row in numbers + texts] + missing

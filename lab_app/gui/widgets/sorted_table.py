"""A table model that keeps its rows sorted and filtered itself.

QSortFilterProxyModel asks Python for every comparison, which takes seconds for ten thousand rows; here each row gives
its sort value once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from itertools import count
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QModelIndex, Qt

from lab_app.gui.collector import set_aside
from lab_app.gui.widgets.table_model import TableModel

_MANY = 2000

RowT = TypeVar("RowT")


class SortedTable(TableModel, Generic[RowT]):
    """Subclasses say what a row's key is, what a column sorts by, and which rows are shown."""

    def __init__(self) -> None:
        super().__init__()
        self._all: dict[Hashable, RowT] = {}
        self._shown: list[RowT] = []
        self._places: dict[Hashable, int] | None = None
        self._column = 0
        self._descending = False

    # -- for subclasses ------------------------------------------------------------------------------

    def key(self, row: RowT) -> Hashable:
        """What identifies a row as long as the table lives."""
        raise NotImplementedError

    def sort_value(self, row: RowT, column: int) -> Any:
        """Values of one column can be compared with each other."""
        raise NotImplementedError

    def sort_key(self, column: int) -> Callable[[RowT], Any]:
        """:meth:`sort_value` of one column; a subclass may know a faster way."""
        return lambda row: self.sort_value(row, column)

    def fits(self, row: RowT) -> bool:
        """Whether the filter shows a row."""
        return True

    def fitting(self, rows: Iterable[RowT]) -> list[RowT]:
        """The rows that the filter shows; a subclass may do it faster than one by one."""
        return [row for row in rows if self.fits(row)]

    # -- rows ----------------------------------------------------------------------------------------

    def all_rows(self) -> Iterable[RowT]:
        return self._all.values()

    def row_of(self, key: Hashable) -> RowT | None:
        return self._all.get(key)

    def row_at(self, at: int) -> RowT:
        return self._shown[at]

    def index_of(self, key: Hashable) -> QModelIndex:
        """The first cell of a row; invalid where the filter hides it."""
        at = self._number().get(key)
        return QModelIndex() if at is None else self.index(at, 0)

    def put(self, row: RowT) -> None:
        """Add a row, or bring its place up to date after it changed. Other rows stay where they are."""
        key = self.key(row)
        self._all[key] = row
        before = self._number().get(key)
        if not self.fits(row):
            if before is not None:
                self.beginRemoveRows(QModelIndex(), before, before)
                del self._shown[before]
                self._places = None
                self.endRemoveRows()
            return
        if before is None:
            at = self._position(row, None)
            self.beginInsertRows(QModelIndex(), at, at)
            self._shown.insert(at, row)
            self._places = None
            self.endInsertRows()
            return
        self._shown[before] = row
        after = self._position(row, before)
        if after != before:
            # Qt names the place before the row is taken out.
            self.beginMoveRows(QModelIndex(), before, before, QModelIndex(), after + (after > before))
            del self._shown[before]
            self._shown.insert(after, row)
            self._places = None
            self.endMoveRows()
        self.dataChanged.emit(self.index(after, 0), self.index(after, self.columnCount() - 1))

    def put_all(self, rows: Iterable[RowT]) -> None:
        """Add many rows at once; the view starts anew."""
        for row in rows:
            self._all[self.key(row)] = row
        self.arrange()
        self._keep_many()

    def replace_all(self, rows: Iterable[RowT]) -> None:
        """Show these rows and no others. Where only their values differ, the selection stays."""
        fresh = {self.key(row): row for row in rows}
        same = fresh.keys() == self._all.keys()
        self._all = fresh
        if same and self._number().keys() == set(map(self.key, self.fitting(fresh.values()))):
            self._shown = [fresh[self.key(row)] for row in self._shown]
            self._sort_again()
        else:
            self.arrange()
        self._keep_many()

    def _keep_many(self) -> None:
        """Thousands of new rows would stall three collections soon after they are shown, 25 ms each for 20,000."""
        if len(self._all) > _MANY:
            set_aside()

    def arrange(self) -> None:
        """Filter and sort everything anew, e.g. after the filter changed."""
        self.beginResetModel()
        self._shown = self.fitting(self._all.values())
        self._sort()
        self.endResetModel()

    def _sort(self) -> None:
        self._shown.sort(key=self.sort_key(self._column), reverse=self._descending)
        self._places = None

    def _number(self) -> dict[Hashable, int]:
        """Where each row stands, counted when somebody asks."""
        if self._places is None:
            self._places = dict(zip(map(self.key, self._shown), count(), strict=False))
        return self._places

    def _position(self, row: RowT, before: int | None) -> int:
        """Where ``row`` belongs among the others; ``before``: where it stands now."""
        value = self.sort_value(row, self._column)
        low, high = 0, len(self._shown) - (before is not None)
        while low < high:
            middle = (low + high) // 2
            other = self._shown[middle + (before is not None and middle >= before)]
            theirs = self.sort_value(other, self._column)
            if (theirs < value) if self._descending else (value < theirs):
                high = middle
            else:
                low = middle + 1
        return low

    # -- what Qt asks --------------------------------------------------------------------------------

    def size(self) -> int:
        return len(self._all)

    def shown(self) -> int:
        return len(self._shown)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """A click on a head; the selection stays with its rows."""
        wanted = (max(column, 0), order is Qt.SortOrder.DescendingOrder)
        if wanted != (self._column, self._descending):  # Qt asks twice
            self._column, self._descending = wanted
            self._sort_again()

    def _sort_again(self) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        rows = [self._shown[index.row()] for index in before]
        self._sort()
        places = {
            id(row): -1 for row in rows
        }  # few; to number all the rows for them would take as long as sorting
        for at, row in enumerate(self._shown) if places else ():
            if id(row) in places:
                places[id(row)] = at
        after = [self.index(places[id(row)], index.column()) for row, index in zip(rows, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

"""A table model that keeps its rows sorted and filtered itself.

QSortFilterProxyModel asks Python for every comparison, which takes seconds for ten thousand rows; here each row gives
its sort value once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from itertools import count
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QModelIndex, Qt

from lab_app.gui.widgets.table_model import TableModel

RowT = TypeVar("RowT")


class SortedTable(TableModel, Generic[RowT]):
    """Subclasses say what a row's key is, what a column sorts by, and which rows are shown."""

    def __init__(self) -> None:
        super().__init__()
        self._all: dict[Hashable, RowT] = {}
        self._shown: list[RowT] = []
        self._place: dict[Hashable, int] = {}
        self._column = 0
        self._descending = False

    # -- for subclasses ------------------------------------------------------------------------------

    def key(self, row: RowT) -> Hashable:
        """What identifies a row as long as the table lives."""
        raise NotImplementedError

    def sort_value(self, row: RowT, column: int) -> Any:
        """Values of one column can be compared with each other."""
        raise NotImplementedError

    def fits(self, row: RowT) -> bool:
        """Whether the filter shows a row."""
        return True

    # -- rows ----------------------------------------------------------------------------------------

    def all_rows(self) -> Iterable[RowT]:
        return self._all.values()

    def row_of(self, key: Hashable) -> RowT | None:
        return self._all.get(key)

    def row_at(self, at: int) -> RowT:
        return self._shown[at]

    def index_of(self, key: Hashable) -> QModelIndex:
        """The first cell of a row; invalid where the filter hides it."""
        at = self._place.get(key)
        return QModelIndex() if at is None else self.index(at, 0)

    def put(self, row: RowT) -> None:
        """Add a row, or bring its place up to date after it changed. Other rows stay where they are."""
        key = self.key(row)
        self._all[key] = row
        before = self._place.get(key)
        if not self.fits(row):
            if before is not None:
                self.beginRemoveRows(QModelIndex(), before, before)
                del self._shown[before]
                self._number()
                self.endRemoveRows()
            return
        if before is None:
            at = self._position(row)
            self.beginInsertRows(QModelIndex(), at, at)
            self._shown.insert(at, row)
            self._number()
            self.endInsertRows()
            return
        self._shown[before] = row
        after = self._position(row)
        if after != before:
            # Qt names the place before the row is taken out.
            self.beginMoveRows(QModelIndex(), before, before, QModelIndex(), after + (after > before))
            del self._shown[before]
            self._shown.insert(after, row)
            self._number()
            self.endMoveRows()
        self.dataChanged.emit(self.index(after, 0), self.index(after, self.columnCount() - 1))

    def put_all(self, rows: Iterable[RowT]) -> None:
        """Add many rows at once; the view starts anew."""
        for row in rows:
            self._all[self.key(row)] = row
        self.arrange()

    def replace_all(self, rows: Iterable[RowT]) -> None:
        """Show these rows and no others. Where only their values differ, the selection stays."""
        fresh = {self.key(row): row for row in rows}
        same = fresh.keys() == self._all.keys()
        self._all = fresh
        if same and all(self.fits(row) == (self.key(row) in self._place) for row in fresh.values()):
            self._shown = [fresh[self.key(row)] for row in self._shown]
            order = Qt.SortOrder.DescendingOrder if self._descending else Qt.SortOrder.AscendingOrder
            self.sort(self._column, order)
        else:
            self.arrange()

    def arrange(self) -> None:
        """Filter and sort everything anew, e.g. after the filter changed."""
        self.beginResetModel()
        self._shown = [row for row in self._all.values() if self.fits(row)]
        self._sort()
        self.endResetModel()

    def _sort(self) -> None:
        self._shown.sort(key=lambda row: self.sort_value(row, self._column), reverse=self._descending)
        self._number()

    def _number(self) -> None:
        self._place = dict(zip(map(self.key, self._shown), count(), strict=False))

    def _position(self, row: RowT) -> int:
        """Where ``row`` belongs among the others."""
        value = self.sort_value(row, self._column)
        at = 0
        for other in self._shown:
            if other is row:
                continue
            theirs = self.sort_value(other, self._column)
            if (theirs < value) if self._descending else (value < theirs):
                break
            at += 1
        return at

    # -- what Qt asks --------------------------------------------------------------------------------

    def size(self) -> int:
        return len(self._all)

    def shown(self) -> int:
        return len(self._shown)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """A click on a header; the selection stays with its rows."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self.key(self._shown[index.row()]) for index in before]
        self._column, self._descending = max(column, 0), order is Qt.SortOrder.DescendingOrder
        self._sort()
        after = [
            self.index(self._place[key], index.column()) for key, index in zip(keys, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

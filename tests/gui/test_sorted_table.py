"""The table model that sorts and filters itself, against sorting anew after every change."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from lab_app.gui.widgets.sorted_table import SortedTable


@dataclass
class Thing:
    name: int
    value: int
    hidden: bool = False


class Things(SortedTable[Thing]):
    def columnCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 2

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        thing = self.row_at(index.row())
        return (thing.name, thing.value)[index.column()] if role == Qt.ItemDataRole.DisplayRole else None

    def key(self, row: Thing) -> int:
        return row.name

    def sort_value(self, row: Thing, column: int) -> int:
        return (row.name, row.value)[column]

    def fits(self, row: Thing) -> bool:
        return not row.hidden


def test_every_change_leaves_what_sorting_anew_would() -> None:
    rng = random.Random(4)
    model = Things()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    things = [Thing(n, rng.randrange(10)) for n in range(30)]
    model.put_all(things[:20])
    for _ in range(400):
        if rng.random() < 0.1:
            model.sort(rng.randrange(2), rng.choice(list(Qt.SortOrder)))
        thing = rng.choice(things)
        thing.value, thing.hidden = rng.randrange(10), rng.random() < 0.2
        kept = None
        if model.rowCount():
            kept = QPersistentModelIndex(model.index(rng.randrange(model.rowCount()), 0))
            name = kept.data()
        model.put(thing)
        shown = [model.row_at(at) for at in range(model.rowCount())]
        values = [model.sort_value(row, model._column) for row in shown]
        assert values == sorted(values, reverse=model._descending)
        assert {row.name for row in shown} == {row.name for row in model.all_rows() if not row.hidden}
        for row in shown:
            assert model.index_of(row.name).data() == row.name
        if kept is not None and kept.isValid():
            assert kept.data() == name, "an index that was kept still names its row"
    del tester


def test_thousands_of_rows_are_no_work_for_the_collector_of_cycles() -> None:
    def set_aside(put: Callable[[list[Thing]], None], count: int) -> int:
        before = gc.get_freeze_count()
        put([Thing(n, n) for n in range(count)])
        return gc.get_freeze_count() - before

    model = Things()
    assert set_aside(model.put_all, 100) == 0, "few are looked at like all else"
    assert set_aside(model.put_all, 5000) >= 5000
    assert set_aside(Things().replace_all, 5000) >= 5000
    gc.unfreeze()

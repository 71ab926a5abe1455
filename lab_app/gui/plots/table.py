"""The numbers of a figure as a table: for screen readers, for copying, for doubting the picture."""

from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from lab_app.gui.plots.base import Column, Drawing, Value, Variant
from lab_app.gui.widgets.table_model import NOWHERE, Index, OrderedTable, TableModel
from lab_app.reports.numbers import MISSING


class FigureTable(OrderedTable):
    """Reads the figure itself: a row a point, variant by variant, nothing copied.

    The text is of six significant digits, the value the number at full precision.
    """

    def __init__(self, drawing: Drawing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._variants: list[Variant] = []
        self._starts: list[int] = [0]
        head = Column(QCoreApplication.translate("FigureTable", "file"), numeric=False)
        self.columns: tuple[Column, ...] = (head, *drawing.columns)
        self.numeric = [place for place, column in enumerate(self.columns) if column.numeric]
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._sort_again)

    def refresh(self, shown: Sequence[Variant]) -> None:
        """After the figure has taken samples or other variants are shown."""
        counts = [self._drawing.count(variant.key) for variant in shown]
        before = [end - start for start, end in pairwise(self._starts)]
        same = [v.key for v in shown] == [v.key for v in self._variants]
        if not same or any(now < then for now, then in zip(counts, before, strict=True)):
            with self.fresh():
                self._variants, self._starts = list(shown), [0, *accumulate(counts)]
            return
        self._variants = list(shown)
        if counts == before:
            TableModel.all_touched(self)
        for place, (now, then) in enumerate(zip(counts, before, strict=True)):
            if now > then:
                self._grow(place, now - then)
        if self._by >= 0 and not self._again.isActive():
            self._again.start(self._rest)

    def _grow(self, place: int, more: int) -> None:
        """New rows after those of a variant; whoever reads or selects others is not disturbed."""
        at = self._starts[place + 1]
        first = at if self._order is None else self.shown()  # sorted in later
        self.beginInsertRows(NOWHERE, first, first + more - 1)
        if self._order is not None:
            self._order = [row if row < at else row + more for row in self._order]
            self._order += range(at, at + more)
        self._starts[place + 1 :] = [start + more for start in self._starts[place + 1 :]]
        self.endInsertRows()

    _rest = 500
    """Milliseconds until rows that came or changed are sorted in, so that sorting takes a twentieth of the time at
    most."""

    def _sort_again(self) -> None:
        began = time.perf_counter()
        self._sort()
        self._rest = max(500, round(20_000 * (time.perf_counter() - began)))

    # -- model ---------------------------------------------------------------------------------------

    def heads(self) -> list[str]:
        return [column.title for column in self.columns]

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def size(self) -> int:
        return self._starts[-1]

    def values(self, row: int) -> tuple[Value, ...]:
        """A row at full precision, the variant's label first."""
        place = bisect_right(self._starts, row) - 1
        variant = self._variants[place]
        return (variant.label, *self._drawing.row(variant.key, row - self._starts[place]))

    def value(self, row: int, column: int) -> Value:
        return self.values(row)[column]

    def text(self, row: int, column: int) -> str:
        return text(self.values(row)[column])


def text(value: Value) -> str:
    """Six significant digits; thousands are not grouped, so that what is copied is a number."""
    if value is None:
        return MISSING
    if isinstance(value, float):
        return f"{value:.6g}".replace("-", "−") if math.isfinite(value) else MISSING
    return str(value)

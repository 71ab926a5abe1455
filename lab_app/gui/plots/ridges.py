"""Distributions: a ridge a variant over one axis. Counted by the analyst, in the bins of reports."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QPointF

from lab_app import palette
from lab_app.figures import Histogram
from lab_app.gui.plots.base import Column, Drawing, Look, Spot, Value, Variant, in_scene
from lab_app.gui.plots.canvas import Canvas, Panel
from lab_app.reports.drawing.common import label
from lab_app.reports.drawing.ridges import Distribution
from lab_app.reports.numbers import fixed

_STROKES = (0.5, 0.28)


class Ridges(Drawing):
    def __init__(self, figure: Histogram, variants: Sequence[Variant]) -> None:
        super().__init__(variants)
        self.figure = figure
        translate = QCoreApplication.translate
        self.columns = (
            Column(translate("figures", "from")),
            Column(translate("figures", "to")),
            Column(translate("figures", "tokens")),
            Column(translate("figures", "share")),
        )
        self._result: Distribution | None = None
        self._shown: tuple[Variant, ...] = ()

    def distribute(self, found: Distribution) -> bool:
        """Take newer counts; whether they change the figure."""
        if self._result is not None and _same(self._result, found):
            return False
        self._result = found
        return True

    # -- drawing -------------------------------------------------------------------------------------

    def attach(self, canvas: Canvas) -> None:
        panel = Panel(self.redraw)
        self.panels = [panel]
        canvas.addItem(panel)
        panel.vb.setMouseEnabled(x=True, y=False)
        panel.x_axis.title(label(self.figure.x))
        self._items: dict[str, tuple[pg.PlotCurveItem, pg.PlotCurveItem]] = {}
        for key in self.variants:
            hill, strokes = pg.PlotCurveItem(), pg.PlotCurveItem(connect="pairs")
            panel.add(hill)
            panel.add(strokes)
            self._items[key] = (hill, strokes)

    def draw(self, look: Look) -> None:
        result = self._result
        (panel,) = self.panels
        rows = [v for v in look.shown if result is not None and v.key in result.ridges]
        self._shown = tuple(rows)
        for key, (hill, strokes) in self._items.items():
            used = any(v.key == key for v in rows)
            hill.setVisible(used)
            strokes.setVisible(used)
        if result is None or not rows:
            return
        panel.x_axis.configure(log=result.log, unit=self.figure.x.unit)
        panel.y_axis.configure(names=[v.label for v in reversed(rows)])
        panel.dress(look.ground, look.font, grid="x", bare="y")
        low, high = _to(float(result.edges[0]), result.log), _to(float(result.edges[-1]), result.log)
        for place, variant in enumerate(rows):
            own = result.ridges[variant.key]
            hill, strokes = self._items[variant.key]
            floor = float(len(rows) - 1 - place)
            colour = self.colour(variant)
            x = np.log10(own.middles) if result.log else own.middles
            y = floor + own.counts / (own.counts.max() or 1) * 0.82
            hill.setPen(look.ground.pen(colour, 2.0 if variant.highlight else 1.0))
            hill.setBrush(look.ground.brush(colour, 0.28))
            hill.setFillLevel(floor)
            hill.setData(x, y, antialias=True)
            marks = [min(max(_to(q, result.log), low), high) for q in own.marks]
            sx = [m for m in marks for _ in (0, 1)]
            sy = [end for stroke in _STROKES for end in (floor, floor + stroke)]
            strokes.setPen(look.ground.pen(palette.INK, 1.3))
            strokes.setData(np.array(sx), np.array(sy))
        panel.show_range((low, high), (-0.06, len(rows) + 0.02))

    def height(self, line: float, look: Look) -> float:
        rows = sum(1 for v in look.shown if self._result is not None and v.key in self._result.ridges)
        return (2.6 * max(rows, 3) + 4.5) * line

    # -- reading -------------------------------------------------------------------------------------

    def count(self, variant: str) -> int:
        own = self._result.ridges.get(variant) if self._result is not None else None
        return len(own.counts) if own is not None else 0

    def row(self, variant: str, index: int) -> tuple[Value, ...]:
        assert self._result is not None
        own, edges = self._result.ridges[variant], self._result.edges
        count = int(own.counts[index])
        return float(edges[index]), float(edges[index + 1]), count, count / int(own.counts.sum())

    def place(self, spot: Spot) -> QPointF | None:
        rows = [v.key for v in self._shown]
        if self._result is None or spot[0] not in rows:
            return None
        own = self._result.ridges[spot[0]]
        floor = len(rows) - 1 - rows.index(spot[0])
        x = _to(float(own.middles[spot[1]]), self._result.log)
        return in_scene(self.panels[0], x, floor + own.counts[spot[1]] / (own.counts.max() or 1) * 0.82)

    def nearest(self, at: QPointF, look: Look) -> Spot | None:
        (panel,) = self.panels
        if self._result is None or not panel.vb.sceneBoundingRect().contains(at):
            return None
        view = panel.vb.mapSceneToView(at)
        row = len(self._shown) - 1 - math.floor(view.y())
        if not 0 <= row < len(self._shown):
            return None
        x = 10.0 ** view.x() if self._result.log else view.x()
        index = int(np.searchsorted(self._result.edges, x, "right")) - 1
        return self._shown[row].key, min(max(index, 0), len(self._result.edges) - 2)

    def reading(self, spot: Spot) -> str:
        assert self._result is not None
        low, high, count, share = self.row(*spot)
        own = self._result.ridges[spot[0]]
        axis = self.panels[0].x_axis
        middle, last = (_short(axis.text(q)) for q in own.marks)
        said = QCoreApplication.translate(
            "figures", "{0} · {1} to {2}: {3} of {4} ({5} %); median {6}, 99th percentile {7}"
        )
        return said.format(
            self.variants[spot[0]].short, _short(axis.text(low)), _short(axis.text(high)),  # type: ignore[arg-type]
            fixed(float(count), 0), fixed(float(own.counts.sum()), 0), fixed(100 * float(share), 1),  # type: ignore[arg-type]
            middle, last,
        )  # fmt: skip


def _same(one: Distribution, other: Distribution) -> bool:
    return (
        np.array_equal(one.edges, other.edges)
        and one.ridges.keys() == other.ridges.keys()
        and all(
            own.marks == other.ridges[key].marks and np.array_equal(own.counts, other.ridges[key].counts)
            for key, own in one.ridges.items()
        )
    )


def _to(value: float, log: bool) -> float:
    return math.log10(max(value, 1e-12)) if log else value


def _short(text: str) -> str:
    """Three significant digits are enough for the end of a bin."""
    try:
        return f"{float(text.replace('−', '-').replace(chr(0x202F), '')):.3g}".replace("-", "−")
    except ValueError:
        return text

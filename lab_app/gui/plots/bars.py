"""Metrics side by side: a row a variant, a panel a metric, the value as a mark with its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QFontMetricsF

from lab_app.figures import Bars
from lab_app.gui.plots.axis import Axis
from lab_app.gui.plots.base import (
    Column,
    Drawing,
    Look,
    Spot,
    Value,
    Variant,
    in_scene,
    interval_columns,
    panel_at,
    sentence,
)
from lab_app.gui.plots.canvas import Canvas, Panel
from lab_app.probes.base import Metric
from lab_app.reports.drawing.common import label, wide
from lab_app.reports.numbers import MISSING, is_share, show_metric, unit_text
from lab_app.stats.estimate import Estimate

ACROSS = 3


class BarRows(Drawing):
    def __init__(self, figure: Bars, variants: Sequence[Variant]) -> None:
        super().__init__(variants)
        self.figure = figure
        translate = QCoreApplication.translate
        self.columns = (
            Column(translate("figures", "metric"), numeric=False),
            Column(translate("figures", "value")),
            *interval_columns(),
            Column(translate("figures", "unit"), numeric=False),
            Column(translate("figures", "method"), numeric=False),
        )
        self.metrics: dict[str, dict[str, Metric]] = {}
        self._rows: list[str] = []
        self._logs: dict[int, bool] = {}
        self._shape = (1, 0)

    def measure(self, variant: str, metrics: Mapping[str, Metric]) -> bool:
        own = {name: metrics[name] for name in self.figure.metrics if name in metrics}
        if variant not in self.variants or self.metrics.get(variant) == own:
            return False
        self.metrics[variant] = own
        return True

    def _names(self) -> list[str]:
        return [name for name in self.figure.metrics if any(name in m for m in self.metrics.values())]

    # -- drawing -------------------------------------------------------------------------------------

    def attach(self, canvas: Canvas) -> None:
        self._items: list[tuple[pg.ErrorBarItem, pg.ScatterPlotItem, Axis]] = []
        self._canvas = canvas
        for _ in self.figure.metrics:
            panel = Panel(self.redraw)
            panel.vb.invertY(True)
            values = Axis("right")
            panel.add_axis(values, 1, 2)
            panel.x_axis.overhang = 20  # below the names and the values
            panel.vb.setMouseEnabled(x=True, y=False)
            zero = np.zeros(1)
            errors = pg.ErrorBarItem(x=zero, y=zero, left=zero, right=zero)
            dots = pg.ScatterPlotItem(pxMode=True)
            panel.add(errors)
            panel.add(dots)
            self.panels.append(panel)
            self._items.append((errors, dots, values))

    def draw(self, look: Look) -> None:
        names = self._names()
        rows = [v for v in look.shown if self.metrics.get(v.key)]
        self._rows = [v.key for v in rows]
        self._arrange(len(names), look)
        for index, panel in enumerate(self.panels):
            used = index < len(names) and bool(rows)
            panel.setVisible(used)
            if used:
                self._panel(index, panel, names[index], rows, look)
        if names and rows:
            self._canvas.equal_columns(self._shape[0], self.panels[0].y_axis.names_width())

    def _arrange(self, panels: int, look: Look) -> None:
        """As many side by side as have room for names, numbers and a few ticks."""
        wide = 40.0 * QFontMetricsF(look.font).averageCharWidth()
        across = max(1, min(ACROSS, panels, int(self._canvas.width() / wide)))
        if (across, panels) == self._shape:
            return
        self._shape = (across, panels)
        layout = self._canvas.ci
        for item in list(layout.items):
            layout.removeItem(item)
        for index, panel in enumerate(self.panels[:panels]):
            layout.addItem(panel, row=index // across, col=index % across)

    def _panel(
        self,
        index: int,
        panel: Panel,
        name: str,
        rows: Sequence[Variant],
        look: Look,
    ) -> None:
        errors, dots, right = self._items[index]
        shown = [self.metrics[v.key].get(name) for v in rows]
        example = next(m[name] for m in self.metrics.values() if name in m)  # perhaps of none that is shown
        finite = [m.estimate for m in shown if m is not None and math.isfinite(m.estimate.value)]
        share = is_share(example.estimate, example.unit)
        log = wide([e.value for e in finite]) and not share
        self._logs[index] = log
        many = len(self._names()) > 1
        first = index % self._shape[0] == 0
        panel.x_axis.configure(log=log, percent=share, unit=example.unit)
        panel.y_axis.configure(names=[v.label for v in rows] if first else [])
        right.configure(names=[_text(m) for m in shown])
        panel.dress(look.ground, look.font, grid="x", bare="y")
        right.dress(look.ground, look.font, grid=False, line=False)
        panel.x_axis.title("" if many else label(self.figure.y))
        if many:
            panel.name(example.label, look.ground, look.font)
        e_x, e_y, left, over, brushes, symbols = [], [], [], [], [], []
        for place, (variant, metric) in enumerate(zip(rows, shown, strict=True)):
            if metric is None or not math.isfinite(metric.estimate.value):
                continue
            e = metric.estimate
            if log and e.value <= 0.0:
                continue
            value, lo, hi = (_to(v, log, e.value) for v in (e.value, e.lo, e.hi))
            e_x.append(value)
            e_y.append(float(place))
            left.append(max(0.0, value - lo))
            over.append(max(0.0, hi - value))
            brushes.append(look.ground.brush(self.colour(variant)))
            symbols.append("s" if variant.is_base else "o")
        pen = look.ground.pen(self.colour(Variant("", "")), 1.6)
        errors.setData(
            x=np.array(e_x), y=np.array(e_y), left=np.array(left), right=np.array(over), beam=0.28, pen=pen
        )
        dots.setData(x=e_x, y=e_y, brush=brushes, symbol=symbols, size=9, pen=None)
        panel.show_range(_range(finite, share, log, example), (-0.6, len(rows) - 0.4))

    def height(self, line: float, look: Look) -> float:
        rows = max(2, sum(1 for v in look.shown if self.metrics.get(v.key)))
        down = -(-max(1, len(self._names())) // self._shape[0])
        return down * (1.75 * rows + 4.5) * line

    # -- reading -------------------------------------------------------------------------------------

    def count(self, variant: str) -> int:
        return len(self.metrics.get(variant, ()))

    def _metric(self, spot: Spot) -> Metric:
        return list(self.metrics[spot[0]].values())[spot[1]]

    def row(self, variant: str, index: int) -> tuple[Value, ...]:
        metric = self._metric((variant, index))
        e = metric.estimate
        return metric.label, e.value, e.lo, e.hi, e.n, unit_text(metric.unit), e.method

    def place(self, spot: Spot) -> QPointF | None:
        metric = self._metric(spot)
        names = self._names()
        if spot[0] not in self._rows or metric.name not in names:
            return None
        index = names.index(metric.name)
        log = self._logs.get(index, False)
        value = metric.estimate.value
        if not math.isfinite(value) or (log and value <= 0.0):
            return None
        return in_scene(self.panels[index], _to(value, log, value), float(self._rows.index(spot[0])))

    def nearest(self, at: QPointF, look: Look) -> Spot | None:
        panel = panel_at(self.panels, at)
        if panel is None:
            return None
        place = round(panel.vb.mapSceneToView(at).y())
        names = self._names()
        index = self.panels.index(panel)
        if not 0 <= place < len(self._rows) or index >= len(names):
            return None
        key = self._rows[place]
        own = list(self.metrics[key])
        return (key, own.index(names[index])) if names[index] in own else None

    def reading(self, spot: Spot) -> str:
        metric = self._metric(spot)
        return sentence(
            f"{self.variants[spot[0]].short} · {metric.label}", show_metric(metric), metric.estimate.n
        )


def _text(metric: Metric | None) -> str:
    if metric is None or not math.isfinite(metric.estimate.value):
        return MISSING
    text = show_metric(metric)
    return f"{text.value}{text.unit}"


def _to(value: float, log: bool, middle: float) -> float:
    return math.log10(max(value, middle * 1e-3)) if log else value


def _range(finite: Sequence[Estimate], share: bool, log: bool, example: Metric) -> tuple[float, float]:
    """As in reports: shares from 0 to 1, what has a natural zero from there, anything else with some air."""
    if share:
        return -0.02, 1.02
    ends = [v for e in finite for v in (e.lo, e.value, e.hi) if math.isfinite(v)]
    if log:
        ends = [_to(v, True, e.value) for e in finite for v in (e.lo, e.value, e.hi) if math.isfinite(v)]
    if not ends:
        return 0.0, 1.0
    low, high = min(ends), max(ends)
    natural_zero = (
        example.unit.endswith("/s")
        or example.unit == "bytes"
        or (low >= 0.0 and high > 3.0 * max(low, 1e-300))
    )
    if natural_zero and low >= 0.0 and not log:
        return 0.0, high * 1.06 or 1.0
    pad = 0.08 * (high - low) or 0.05 * abs(high) or 1.0
    return low - pad, high + pad

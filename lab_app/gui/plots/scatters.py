"""Size against quality: a point a variant with its intervals, which grow tighter as samples come."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QFont, QFontMetricsF

from lab_app import palette
from lab_app.figures import Scatter
from lab_app.gui.plots.base import Column, Drawing, Look, Spot, Value, Variant, in_scene
from lab_app.gui.plots.canvas import Canvas, Panel
from lab_app.probes.base import Metric
from lab_app.reports.drawing.common import edge, label, wide, worth_marking
from lab_app.reports.drawing.names import SPOTS, Box, arrange, box
from lab_app.reports.numbers import is_share, show_metric


@dataclass(frozen=True, slots=True)
class _Point:
    variant: Variant
    x: Metric
    y: Metric
    shown: float
    """Where it is drawn: its value, or the upper end of the axis for one far beyond all others."""

    @property
    def beyond(self) -> bool:
        return self.shown < self.y.estimate.value

    @property
    def name(self) -> str:
        return f"{self.variant.short}: {show_metric(self.y).value}" if self.beyond else self.variant.short


class Scatters(Drawing):
    def __init__(self, figure: Scatter, variants: Sequence[Variant]) -> None:
        super().__init__(variants)
        self.figure = figure
        self.metrics: dict[str, tuple[Metric, Metric]] = {}
        self.limit: tuple[float, str] | None = None
        """A bound to mark across, and what it is."""
        x, y = label(figure.x) or "x", label(figure.y) or "y"
        lower = QCoreApplication.translate("figures", "{0}, lower")
        upper = QCoreApplication.translate("figures", "{0}, upper")
        self.columns = (
            *(Column(t) for v in (x, y) for t in (v, lower.format(v), upper.format(v))),
            Column("n"),
        )
        self._points: list[_Point] = []
        self._log = False

    def measure(self, variant: str, metrics: Mapping[str, Metric]) -> bool:
        x, y = metrics.get(self.figure.x_metric), metrics.get(self.figure.y_metric)
        if variant not in self.variants or x is None or y is None or self.metrics.get(variant) == (x, y):
            return False
        if not (math.isfinite(x.estimate.value) and math.isfinite(y.estimate.value)):
            return (
                self.metrics.pop(variant, None) is not None
            )  # what was true of fewer samples is true no more
        self.metrics[variant] = (x, y)
        return True

    # -- drawing -------------------------------------------------------------------------------------

    def attach(self, canvas: Canvas) -> None:
        panel = Panel(self.redraw)
        self.panels = [panel]
        canvas.addItem(panel)
        panel.x_axis.title(label(self.figure.x))
        panel.y_axis.title(label(self.figure.y))
        zero = np.zeros(1)
        self._base_bars = pg.ErrorBarItem(x=zero, y=zero, top=zero, bottom=zero)
        self._bars = pg.ErrorBarItem(x=zero, y=zero, top=zero, bottom=zero)
        self._line = pg.InfiniteLine(angle=0, movable=False)
        self._dots = pg.ScatterPlotItem(pxMode=True)
        for item in (self._line, self._bars, self._base_bars, self._dots):
            panel.add(item)
        self._names: list[pg.TextItem] = []
        self._dressed: dict[int, tuple[object, ...]] = {}
        self._line_name = pg.TextItem("", anchor=(0, 0.9))
        panel.add(self._line_name)
        panel.vb.sigResized.connect(self.redraw)

    def draw(self, look: Look) -> None:
        (panel,) = self.panels
        given = [(v, *self.metrics[v.key]) for v in look.shown if v.key in self.metrics]
        if not given:
            self._points = []
            for item in (self._bars, self._base_bars, self._dots, *self._names):
                item.setVisible(False)
            return
        _, x_metric, y_metric = given[0]
        share = is_share(y_metric.estimate, y_metric.unit)
        values = [y.estimate.value for _, _, y in given]
        self._log = wide(values) and not share
        limit = self.limit
        top = math.inf if share or self._log else edge(values, limit[0] if limit else None)
        self._points = [_Point(v, x, y, min(y.estimate.value, top)) for v, x, y in given]
        panel.x_axis.configure(unit=x_metric.unit)
        panel.y_axis.configure(log=self._log, percent=share, unit=y_metric.unit)
        panel.dress(look.ground, look.font, grid="xy")
        self._range(share, top)
        self._marks(look)
        self._limit(look, share)
        self._place_names(look)

    def _y(self, value: float) -> float:
        return math.log10(max(value, 1e-300)) if self._log else value

    def _ends(self, point: _Point) -> tuple[float, float]:
        e = point.y.estimate
        lo = max(e.lo, e.value * 1e-2) if self._log else e.lo
        hi = e.hi if math.isfinite(e.hi) else e.value
        return (lo if math.isfinite(lo) else e.value, hi) if not point.beyond else (point.shown, point.shown)

    def _range(self, share: bool, top: float) -> None:
        xs = [p.x.estimate.value for p in self._points]
        pad = 0.12 * (max(xs) - min(xs)) or 0.1 * abs(xs[0]) or 1.0
        across = (min(xs) - pad, max(xs) + pad)
        if share:
            self.panels[0].show_range(across, (-0.03, 1.06))
            return
        ends = [self._y(v) for p in self._points for v in (*self._ends(p), p.shown)]
        if self.limit is not None and self._marked(share):
            ends.append(self._y(self.limit[0]))
        low, high = min(ends), max(ends) if top == math.inf else top
        room = high - low or abs(high) or 1.0
        self.panels[0].show_range(
            across, (low - 0.12 * room, high + (0.12 if top == math.inf else 0.06) * room)
        )

    def _marked(self, share: bool) -> bool:
        """Whether the axis reaches as far as the limit."""
        if self.limit is None:
            return False
        highest = max(self._ends(p)[1] for p in self._points)
        return share or worth_marking(self.limit[0], highest, log=self._log)

    def _marks(self, look: Look) -> None:
        for bars, base in ((self._bars, False), (self._base_bars, True)):
            own = [p for p in self._points if p.variant.is_base is base and not p.beyond]
            bars.setVisible(bool(own))
            if not own:
                continue
            x = np.array([p.x.estimate.value for p in own])
            y = np.array([self._y(p.shown) for p in own])
            ends = [self._ends(p) for p in own]
            bars.setData(
                x=x, y=y,
                bottom=np.maximum(0.0, y - [self._y(lo) for lo, _ in ends]),
                top=np.maximum(0.0, np.array([self._y(hi) for _, hi in ends]) - y),
                beam=0.008 * float(np.ptp(self.panels[0].vb.viewRange()[0])),
                pen=look.ground.pen(palette.INK if base else palette.ACCENT, 1.3),
            )  # fmt: skip
        ink = look.ground.pen(palette.INK, 1.5)
        self._dots.setVisible(True)
        self._dots.setData(
            [
                {
                    "pos": (p.x.estimate.value, self._y(p.shown)),
                    "size": 12 if p.variant.highlight else 9,
                    "symbol": "t1" if p.beyond else "s" if p.variant.is_base else "o",
                    "brush": look.ground.brush(self.colour(p.variant)),
                    "pen": ink if p.variant.highlight else None,
                }
                for p in self._points
            ]
        )

    def _limit(self, look: Look, share: bool) -> None:
        shown = self._marked(share)
        low, high = self.panels[0].vb.viewRange()[1]
        if self.limit is not None:
            at = self._y(self.limit[0])
            shown = shown and low <= at <= high
            self._line.setPos(at)
            self._line.setPen(look.ground.pen(palette.MUTED, 1.0, dashed=True))
            self._line_name.setText(self.limit[1], color=look.ground.colour(palette.MUTED))
            self._line_name.setFont(look.font)
            self._line_name.setPos(self.panels[0].vb.viewRange()[0][0], at)
        self._line.setVisible(shown)
        self._line_name.setVisible(shown)

    def _place_names(self, look: Look) -> None:
        """Names where they overlap least with points, intervals, the limit and each other, as in reports."""
        (panel,) = self.panels
        while len(self._names) < len(self._points):
            item = pg.TextItem("")
            panel.add(item)
            self._names.append(item)
        frame_rect = panel.vb.sceneBoundingRect()
        # Upwards, as the room of :mod:`names` counts.
        frame = (frame_rect.left(), -frame_rect.bottom(), frame_rect.right(), -frame_rect.top())
        taken: list[tuple[Box, float]] = []
        places = []
        for p in self._points:
            at = in_scene(panel, p.x.estimate.value, self._y(p.shown))
            px, py = at.x(), -at.y()
            lo, hi = (-in_scene(panel, p.x.estimate.value, self._y(v)).y() for v in self._ends(p))
            places.append((px, py))
            taken.append(((px - 6, py - 6, px + 6, py + 6), 1.0))
            taken.append(((px - 3, max(min(lo, hi), frame[1]), px + 3, min(max(lo, hi), frame[3])), 1.0))
        if self._line.isVisible() and self.limit is not None:
            ly = -in_scene(panel, 0.0, self._y(self.limit[0])).y()
            taken.append(((frame[0], ly - 2, frame[2], ly + 2), 0.5))
            name = self._line_name.boundingRect()
            taken.append(((frame[0], ly, frame[0] + name.width(), ly + name.height()), 1.0))
        for index, item in enumerate(self._names):
            item.setVisible(index < len(self._points))
        fonts, sizes = [], []
        for p, (px, py) in zip(self._points, places, strict=True):
            font = QFont(look.font)
            font.setBold(p.variant.highlight)
            metrics = QFontMetricsF(font)
            fonts.append(font)
            sizes.append((px, py, metrics.horizontalAdvance(p.name), metrics.height()))
        spots = arrange(sizes, taken, frame, 1.3)
        for index, (p, font, (px, py, width, height)) in enumerate(
            zip(self._points, fonts, sizes, strict=True)
        ):
            item = self._names[index]
            best = box(px, py, width, height, SPOTS[spots[index]], 1.3)
            dressed = (p.name, look.ground, font.key())
            if self._dressed.get(index) != dressed:
                self._dressed[index] = dressed
                item.setText(p.name, color=look.ground.colour(palette.INK))
                item.setFont(font)
                item.textItem.document().setDocumentMargin(0)
                item.updateTextPos()
            bounds = item.textItem.boundingRect()
            item.setAnchor(
                ((px - best[0]) / max(1.0, bounds.width()), (py - best[3]) / -max(1.0, bounds.height()))
            )
            item.setPos(p.x.estimate.value, self._y(p.shown))

    def height(self, line: float, look: Look) -> float:
        return (19.0 if len(self.metrics) <= 12 else 26.0) * line

    # -- reading -------------------------------------------------------------------------------------

    def count(self, variant: str) -> int:
        return int(variant in self.metrics)

    def row(self, variant: str, index: int) -> tuple[Value, ...]:
        x, y = (m.estimate for m in self.metrics[variant])
        return x.value, x.lo, x.hi, y.value, y.lo, y.hi, y.n

    def place(self, spot: Spot) -> QPointF | None:
        point = next((p for p in self._points if p.variant.key == spot[0]), None)
        if point is None:
            return None
        return in_scene(self.panels[0], point.x.estimate.value, self._y(point.shown))

    def nearest(self, at: QPointF, look: Look) -> Spot | None:
        if not self.panels[0].vb.sceneBoundingRect().contains(at):
            return None
        found = []
        for point in self._points:
            place = self.place((point.variant.key, 0))
            assert place is not None
            found.append((math.hypot(place.x() - at.x(), place.y() - at.y()), point.variant.key))
        return (min(found)[1], 0) if found and min(found)[0] < 60 else None

    def reading(self, spot: Spot) -> str:
        x, y = self.metrics[spot[0]]
        return (
            f"{self.variants[spot[0]].short} · {self.figure.x.label} {show_metric(x)}, {self.figure.y.label} "
            f"{show_metric(y)}, n = {y.estimate.n}"
        )

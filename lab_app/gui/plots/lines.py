"""Running lines: a curve a variant, with the band of its points' intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from lab_app import palette
from lab_app.figures import Line
from lab_app.gui.plots import thinning
from lab_app.gui.plots.base import (
    Column,
    Drawing,
    Look,
    Spot,
    Value,
    Variant,
    in_scene,
    interval_columns,
    number,
    sentence,
)
from lab_app.gui.plots.canvas import Canvas, Panel
from lab_app.gui.plots.thinning import Floats
from lab_app.reports.drawing.common import label
from lab_app.store.records import Sample

Thinned = tuple[Floats, Floats, Floats, Floats, Floats]
"""x and y of a curve; x, lower and upper end of its band."""

SMOOTH = 1200
"""More points than this on the screen are drawn without smoothing."""

BROAD = 150
"""More points than this are drawn one pixel wide, and their bands without smoothing: Qt outlines a wider smooth line as
a shape and fills that, which for a thousand points that go up and down takes longer than three frames."""

STEADY = 300
"""Points from which on a range that grows does so in steps."""
COARSE = 4
"""Pixels of a step of a thinned band; a jagged shape of single pixels takes long to fill and shows no more."""


class _Track:
    """The points of one variant, in order of x, in one block that grows; nothing is copied to be drawn."""

    def __init__(self) -> None:
        self._block: Floats = np.empty((5, 64))
        self._count = 0
        self.lowest, self.highest = math.inf, -math.inf
        """Of the values and the ends of their intervals."""
        self.least = math.inf
        """Of the values alone."""

    def __len__(self) -> int:
        return self._count

    def add(self, x: float, sample: Sample) -> bool:
        """Whether the point is a new one."""
        at = end = self._count
        if end and x <= self._block[0, end - 1]:  # out of order: a resumed run
            at = int(np.searchsorted(self._block[0, :end], x))
            if self._block[0, at] == x:
                return False
        if end == self._block.shape[1]:
            larger = np.empty((5, end + end // 2))
            larger[:, :end] = self._block
            self._block = larger
        if at < end:
            self._block[:, at + 1 : end + 1] = self._block[:, at:end]
        lo = sample.lo if sample.lo is not None and math.isfinite(sample.lo) else math.nan
        hi = sample.hi if sample.hi is not None and math.isfinite(sample.hi) else math.nan
        self._block[:, at] = x, sample.y, lo, hi, sample.n or 0
        self._count += 1
        self.least = min(self.least, sample.y)
        self.lowest = min(self.lowest, sample.y, lo)  # NaN is never less, nor more
        self.highest = max(self.highest, sample.y, hi)
        return True

    def columns(self) -> tuple[Floats, Floats, Floats, Floats]:
        """x, y, lower and upper ends as views: valid until the next point is added."""
        x, y, lo, hi, _ = self._block[:, : self._count]
        return x, y, lo, hi

    def point(self, index: int) -> tuple[float, float, float, float, int]:
        """x, y, lower and upper end (NaN: none), n."""
        x, y, lo, hi, n = self._block[:, index].tolist()
        return x, y, lo, hi, int(n)


class _Band(QGraphicsPathItem):
    smooth = True

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.smooth)
        super().paint(painter, option, widget)


class Lines(Drawing):
    named = False

    def __init__(self, figure: Line, variants: Sequence[Variant]) -> None:
        super().__init__(variants)
        self.figure = figure
        self.tracks = {variant.key: _Track() for variant in variants}
        self.names: dict[str, int] = {}
        self.columns = (
            Column(label(figure.x) or "x"),
            Column(label(figure.y) or "y"),
            *interval_columns(),
        )
        self._seen_range: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 0.0), (0.0, 0.0))
        self._positive = True
        self._whole = True
        """Of what is counted: chunks, items, tokens."""
        self._log = False

    def extend(self, variant: str, samples: Sequence[Sample]) -> bool:
        track = self.tracks.get(variant)
        changed = False
        for sample in samples if track is not None else ():
            if sample.series != self.figure.series or not math.isfinite(sample.y):
                continue
            assert track is not None
            if isinstance(sample.x, str):
                x = float(self.names.setdefault(sample.x, len(self.names)))
            else:
                x = float(sample.x)
            changed |= track.add(x, sample)
            self._positive &= sample.y > 0.0
            self._whole &= x.is_integer()
        return changed

    # -- drawing -------------------------------------------------------------------------------------

    def attach(self, canvas: Canvas) -> None:
        self.panel = Panel(self.redraw)
        self.panels = [self.panel]
        canvas.addItem(self.panel)
        self.panel.x_axis.title(label(self.figure.x))
        self.panel.y_axis.title(label(self.figure.y))
        self._curves: dict[str, tuple[pg.PlotCurveItem, _Band]] = {}
        for key in self.tracks:
            band = _Band()
            band.setPen(Qt.PenStyle.NoPen)
            curve = pg.PlotCurveItem(connect="all")
            self.panel.add(band)
            self.panel.add(curve)
            self._curves[key] = (curve, band)
        self.panel.vb.sigResized.connect(self.redraw)

    def draw(self, look: Look) -> None:
        self._log = self.figure.y.log and self._positive
        log_x = self.figure.x.log and not self.names
        names = list(self.names) or None
        self.panel.x_axis.configure(log=log_x, unit=self.figure.x.unit, names=names, whole=self._whole)
        self.panel.y_axis.configure(log=self._log, unit=self.figure.y.unit)
        self.panel.dress(look.ground, look.font, grid="y")
        tracks = {v.key: self.tracks[v.key] for v in look.shown if len(self.tracks[v.key])}
        self._frame(tracks, log_x)
        pixels = max(16, int(self.panel.vb.width()))
        alpha = 0.16 if len(tracks) <= 4 else 0.05
        left, right = self.panel.vb.viewRange()[0]
        thinned = {key: self._thinned(track, log_x, (left, right), pixels) for key, track in tracks.items()}
        points = sum(len(x) for x, *_ in thinned.values())
        smooth, broad = points <= SMOOTH, points <= BROAD
        for key, (curve, band) in self._curves.items():
            curve.setVisible(key in thinned)
            band.setVisible(key in thinned)
            if key not in thinned:
                continue
            variant = self.variants[key]
            x, y, bx, lo, hi = thinned[key]
            colour = self.colour(variant)
            width = 2.2 if variant.highlight else 1.3
            curve.setPen(look.ground.pen(colour, width) if broad else look.ground.hair(colour))
            curve.setSegmentedLineMode("auto" if smooth else "on")
            curve.setData(x, y, antialias=smooth)
            band.smooth = broad
            curve.setZValue(3 if variant.highlight or variant.is_base else 2)
            band.setBrush(look.ground.brush(colour, alpha))
            band.setPath(_ribbon(bx, lo, hi))
        self._dots(thinned, look)

    def _thinned(self, track: _Track, log_x: bool, view: tuple[float, float], pixels: int) -> Thinned:
        x, y, lo, hi = track.columns()
        if log_x:
            x = np.log10(np.fmax(x, 1e-12))
        curve_x, curve_y, band_x, lo, hi = _thin((x, y, lo, hi), *view, pixels)
        if self._log:  # only of what is drawn; what is lowest and highest stays so
            floor = 0.1 * track.least
            curve_y, lo, hi = (np.log10(np.fmax(values, floor)) for values in (curve_y, lo, hi))
        return curve_x, curve_y, band_x, lo, hi

    def _frame(self, tracks: Mapping[str, _Track], log_x: bool) -> None:
        if not tracks:
            return
        ends = [track.columns()[0][[0, -1]] for track in tracks.values()]
        low, high = (float(v) for v in (min(e[0] for e in ends), max(e[1] for e in ends)))
        if log_x:
            low, high = math.log10(max(low, 1e-12)), math.log10(max(high, 1e-12))
        bottom = min(track.lowest for track in tracks.values())
        top = max(track.highest for track in tracks.values())
        if self._log:
            bottom = min(max(track.lowest, 0.1 * track.least) for track in tracks.values())
            bottom, top = math.log10(bottom), math.log10(top)
        points = max(len(track) for track in tracks.values())
        self._seen_range = (
            self._steady(self._seen_range[0], low, high, 0.01, points),
            self._steady(self._seen_range[1], bottom, top, 0.05, points),
        )
        self.panel.show_range(*self._seen_range)

    @staticmethod
    def _steady(
        before: tuple[float, float], low: float, high: float, share: float, points: int
    ) -> tuple[float, float]:
        """The data's range with some air; that of the frame before while a long line still fills most of it, so
        that axes need not be made anew in every frame."""
        room = high - low
        held = before[0] <= low and high <= before[1]
        if points > STEADY and held and room > 0.85 * (before[1] - before[0]):
            return before
        pad = share * room or 0.05 * abs(high) or 0.5
        return low - pad, high + (0.08 * room if points > STEADY else pad)

    def _dots(self, thinned: Mapping[str, Thinned], look: Look) -> None:
        """A line of one or two points is a dot or hardly visible; those get marks."""
        if not hasattr(self, "_few"):
            self._few = pg.ScatterPlotItem(size=6, pxMode=True)
            self.panel.add(self._few)
        spots = [
            {"pos": (px, py), "brush": look.ground.brush(self.colour(self.variants[key])), "pen": None}
            for key, (x, y, *_) in thinned.items()
            if len(x) < 3
            for px, py in zip(x, y, strict=True)
        ]
        self._few.setData(spots)

    def colour(self, variant: Variant) -> palette.Colour:
        if variant.is_base:
            return palette.INK
        others = [v.key for v in self.variants.values() if not v.is_base]
        return palette.series(len(others))[others.index(variant.key)]

    # -- reading -------------------------------------------------------------------------------------

    def count(self, variant: str) -> int:
        return len(self.tracks[variant])

    def row(self, variant: str, index: int) -> tuple[Value, ...]:
        x, y, lo, hi, n = self.tracks[variant].point(index)
        return self._x(x), y, None if math.isnan(lo) else lo, None if math.isnan(hi) else hi, n or None

    def _x(self, x: float) -> Value:
        if self.names:
            return next(name for name, place in self.names.items() if place == x)
        return int(x) if x == int(x) else x

    def place(self, spot: Spot) -> QPointF | None:
        x, y, *_ = self.tracks[spot[0]].point(spot[1])
        if self.figure.x.log and not self.names:
            x = math.log10(max(x, 1e-12))
        if self._log and y <= 0.0:
            return None  # it came after the axis was drawn
        return in_scene(self.panel, x, math.log10(y) if self._log else y)

    def nearest(self, at: QPointF, look: Look) -> Spot | None:
        if not self.panel.vb.sceneBoundingRect().contains(at):
            return None
        x = self.panel.vb.mapSceneToView(at).x()
        if self.figure.x.log and not self.names:
            x = 10.0**x
        found: list[tuple[float, Spot]] = []
        for variant in look.shown:
            track = self.tracks[variant.key]
            if not len(track):
                continue
            right = int(np.searchsorted(track.columns()[0], x))
            for index in {max(0, right - 1), min(len(track) - 1, right)}:
                place = self.place((variant.key, index))
                if place is not None:
                    far = math.hypot(place.x() - at.x(), place.y() - at.y())
                    found.append((far, (variant.key, index)))
        return min(found)[1] if found else None

    def reading(self, spot: Spot) -> str:
        variant = self.variants[spot[0]]
        x, y, lo, hi, n = self.row(*spot)
        assert isinstance(y, float)
        at = f"{self.figure.x.label} {x}" if not self.names else str(x)
        text = number(y, lo, hi, n, self.figure.y.unit)  # type: ignore[arg-type]
        return sentence(f"{variant.short} · {at}", text, n)  # type: ignore[arg-type]


def _thin(values: tuple[Floats, Floats, Floats, Floats], low: float, high: float, pixels: int) -> Thinned:
    """Of what is in view no more than the pixels show."""
    part = thinning.window(values[0], low, high)
    x, y, lo, hi = (v[part] for v in values)
    starts = thinning.columns(x, pixels)
    broad = thinning.columns(x, pixels // COARSE, worth=1)
    curve = (x.copy(), y.copy()) if starts is None else thinning.extremes(x, y, starts)
    if broad is not None:
        lo, hi = thinning.envelope(lo, hi, broad)
        x = x[broad]
    keep = ~(np.isnan(lo) | np.isnan(hi))
    return *curve, x[keep], lo[keep], hi[keep]


def _ribbon(x: Floats, lo: Floats, hi: Floats) -> QPainterPath:
    if len(x) == 1:
        half = 0.01
        x, lo, hi = np.array([x[0] - half, x[0] + half]), np.repeat(lo, 2), np.repeat(hi, 2)
    path: QPainterPath = pg.arrayToQPath(
        np.concatenate([x, x[::-1]]), np.concatenate([hi, lo[::-1]]), connect="all"
    )
    return path

"""Scatters: a point a variant, with both intervals and its name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.transforms import BboxBase

from lab_app import palette
from lab_app.figures import Scatter
from lab_app.reports.drawing.canvas import SMALL, canvas, error, scale
from lab_app.reports.drawing.common import Curve, edge, label, wide, worth_marking
from lab_app.reports.drawing.names import SPOTS, Box, arrange, cost
from lab_app.reports.numbers import is_share, show_metric
from lab_app.stats.estimate import Estimate

_MARKS = 10.0
"""How much worse it is for a name to cross a point or an interval than to touch another name's box."""


@dataclass(frozen=True, slots=True)
class _Point:
    curve: Curve
    x: Estimate
    y: Estimate
    shown: float
    """y, or the top of the axis for a point beyond it."""
    name: str

    @property
    def highest(self) -> float:
        """Of its interval, where that is drawn and ends somewhere."""
        return self.y.hi if self.shown == self.y.value and math.isfinite(self.y.hi) else self.shown


def scatters(
    figure: Scatter, curves: Sequence[Curve], limit: tuple[float, str] | None = None
) -> Canvas | None:
    """``limit``: a dashed line across and what it is. A few points far beyond all others are drawn as
    triangles at the edge, with their value, so that the others can be told apart."""
    given = [
        (c, x, y)
        for c in curves
        if (x := c.metrics.get(figure.x_metric)) is not None and (y := c.metrics.get(figure.y_metric)) is not None
        and math.isfinite(x.estimate.value) and math.isfinite(y.estimate.value)
    ]  # fmt: skip
    if not given:
        return None
    _, x_metric, y_metric = given[0]
    share = is_share(y_metric.estimate, y_metric.unit)
    values = [y.estimate.value for _, _, y in given]
    log = wide(values) and not share
    top = math.inf if share or log else _top([y.estimate for _, _, y in given], limit[0] if limit else None)
    points = [
        _Point(c, x.estimate, y.estimate, y.estimate.value, c.short)
        if y.estimate.value <= top
        else _Point(c, x.estimate, y.estimate, top, f"{c.short}: {show_metric(y).value}")
        for c, x, y in given
    ]
    page = canvas(3.4 if len(points) <= 12 else 4.6)
    axes = page.subplots()
    for point in points:
        _draw(axes, point, log)
    axes.margins(x=0.12, y=0.12)
    if limit and not share and not worth_marking(limit[0], max(p.highest for p in points), log=log):
        limit = None
    if share:
        axes.set_ylim(-0.03, 1.18)
    elif top < math.inf:
        low = min(e for p in points for e in (p.y.lo, p.shown))
        low = min(low, limit[0]) if limit is not None else low
        axes.set_ylim(low - 0.12 * (top - low), top + 0.06 * (top - low))
    if limit is not None:
        axes.axhline(limit[0], color=palette.MUTED.light, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    scale(axes, "x", log=False, unit=x_metric.unit)
    scale(axes, "y", log=log, percent=share, unit=y_metric.unit)
    axes.set_xlabel(label(figure.x))
    axes.set_ylabel(label(figure.y))
    axes.grid(axis="both")
    _name_all(page, axes, points, limit)
    return page


def _top(estimates: Sequence[Estimate], limit: float | None) -> float:
    """Where the axis ends. A wide interval may stretch it, but not to more than double."""
    values = [e.value for e in estimates]
    top, low = edge(values, limit), min(values)
    if top == math.inf:
        return top
    return min(max(top, *(e.hi for e in estimates if e.value <= top)), low + 2.0 * (top - low))


def _draw(axes: Axes, point: _Point, log: bool) -> None:
    curve = point.curve
    colour = palette.INK.light if curve.is_base else palette.ACCENT.light
    beyond = point.shown < point.y.value
    x = point.x.value
    if not beyond:
        lo = max(point.y.lo, point.y.value * 1e-2) if log else point.y.lo
        yerr, _ = error(point.y.value, lo, point.y.hi)
        xerr, wide_x = error(x, point.x.lo, point.x.hi)
        axes.errorbar(
            x, point.y.value, yerr=yerr, xerr=xerr if wide_x else None, fmt="none", ecolor=colour, elinewidth=1.2,
            capsize=3, capthick=1.0,
        )  # fmt: skip
    axes.plot(
        x, point.shown, marker="^" if beyond else "s" if curve.is_base else "o", color=colour, linestyle="",
        markersize=7 if curve.highlight else 5.5, markeredgecolor=palette.INK.light if curve.highlight else colour,
        markeredgewidth=1.4 if curve.highlight else 0.0,
    )  # fmt: skip


def _name_all(page: Canvas, axes: Axes, points: Sequence[_Point], limit: tuple[float, str] | None) -> None:
    """Names where they overlap least with points, intervals, the limit's line and each other (greedy)."""
    page.draw_without_rendering()
    place = axes.transData.transform
    pixel = page.dpi / 72.0
    frame = axes.get_window_extent()
    taken: list[tuple[Box, float]] = []
    bottom = axes.get_ylim()[0]
    for p in points:
        px, py = place((p.x.value, p.shown))
        taken.append(((px - 5 * pixel, py - 5 * pixel, px + 5 * pixel, py + 5 * pixel), _MARKS))
        ends = (
            [place((p.x.value, max(v, bottom)))[1] for v in (p.y.lo, p.y.hi)]
            if p.shown == p.y.value
            else [py, py]
        )
        taken.append(((px - 3 * pixel, min(ends), px + 3 * pixel, max(ends)), _MARKS))
    if limit is not None:
        _, ly = place((points[0].x.value, limit[0]))
        if frame.y0 <= ly <= frame.y1:
            taken.append(((frame.x0, ly - 1.5 * pixel, frame.x1, ly + 1.5 * pixel), 0.5))
            taken.append((_name_limit(axes, limit, ly, frame, taken, pixel), 1.0))
    font = 6.5 if len(points) > 12 else 8.0
    sized = []
    for p in points:
        wide_letters = 0.68 if p.curve.highlight else 0.6
        sized.append(
            (*place((p.x.value, p.shown)), len(p.name) * font * wide_letters * pixel, font * 1.25 * pixel)
        )
    for p, spot in zip(points, arrange(sized, taken, frame.extents, pixel), strict=True):
        dx, dy, ha, va = SPOTS[spot]
        axes.annotate(
            p.name, (p.x.value, p.shown), xytext=(dx, dy), textcoords="offset points", ha=ha, va=va, fontsize=font,
            fontweight="bold" if p.curve.highlight else "normal", color=palette.INK.light, annotation_clip=False,
        ).set_in_layout(False)  # fmt: skip


def _name_limit(
    axes: Axes,
    limit: tuple[float, str],
    ly: float,
    frame: BboxBase,
    taken: list[tuple[Box, float]],
    pixel: float,
) -> Box:
    """The limit's name at whichever end of its line is freer; returns where it stands."""
    width, height = len(limit[1]) * SMALL * 0.6 * pixel, SMALL * 1.3 * pixel
    right: Box = (frame.x1 - width, ly + pixel, frame.x1, ly + pixel + height)
    left: Box = (frame.x0, ly + pixel, frame.x0 + width, ly + pixel + height)
    at_right = cost(right, taken, frame.extents) <= cost(left, taken, frame.extents)
    axes.annotate(
        limit[1], (0.995 if at_right else 0.005, limit[0]), xycoords=("axes fraction", "data"), xytext=(0, 1.5),
        textcoords="offset points", ha="right" if at_right else "left", va="bottom", fontsize=SMALL,
        color=palette.MUTED.light,
    )  # fmt: skip
    return right if at_right else left

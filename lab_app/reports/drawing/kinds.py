"""Bars and lines: one drawing function a kind. Each returns None where there is nothing to draw."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from lab_app import palette
from lab_app.figures import Bars, Line
from lab_app.probes.base import Metric
from lab_app.reports.drawing.canvas import ROW, SMALL, canvas, error, scale
from lab_app.reports.drawing.common import Curve, colours, label, wide
from lab_app.reports.numbers import MISSING, is_share, show_metric
from lab_app.stats.estimate import Estimate


def bars(figure: Bars, curves: Sequence[Curve]) -> Canvas | None:
    """A row a variant, a panel a metric: the value as a dot, its interval as a line, the number beside it."""
    metrics = [name for name in figure.metrics if any(name in c.metrics for c in curves)]
    rows = [c for c in curves if any(name in c.metrics for name in metrics)]
    if not rows:
        return None
    across = min(len(metrics), 3)
    down = -(-len(metrics) // across)
    page = canvas(down * (ROW * len(rows) + 0.62) + (0.25 if len(metrics) > 1 else 0.0))
    grid = page.subplots(down, across, squeeze=False, sharey=True)
    for axes in grid.flat[len(metrics) :]:
        axes.set_axis_off()
    for index, name in enumerate(metrics):
        axes = grid.flat[index]
        shown = [c.metrics.get(name) for c in rows]
        example = next(m for m in shown if m is not None)
        finite = [m.estimate for m in shown if m is not None and math.isfinite(m.estimate.value)]
        share = is_share(example.estimate, example.unit)
        log = wide([e.value for e in finite]) and not share
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_yticks(range(len(rows)), [c.short for c in rows])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        for place, (curve, metric) in enumerate(zip(rows, shown, strict=True)):
            _row(axes, place, curve, metric, log)
        _range(axes, finite, share, log, example.unit)
        scale(axes, "x", log=log, percent=share, unit=example.unit, ticks=6 if across == 1 else 2)
        axes.set_xlabel(label(figure.y) if len(metrics) == 1 else "")
        if len(metrics) > 1:
            axes.set_title(example.label, loc="left", fontsize=8.5)
        # Panels share their names: only the first of a row has any.
        for text, curve in zip(axes.get_yticklabels(), rows, strict=False):
            text.set_color(palette.INK.light)
            text.set_fontweight("bold" if curve.highlight else "normal")
    return page


def _row(axes: Axes, place: int, curve: Curve, metric: Metric | None, log: bool) -> None:
    """One variant: square or dot, the interval as a line, the number at the right edge."""
    text, colour = MISSING, palette.MUTED.light
    if metric is not None and math.isfinite(metric.estimate.value):
        shown = show_metric(metric)
        text, colour = f"{shown.value}{shown.unit}", palette.INK.light
        _dot(axes, place, curve, metric.estimate, log)
    axes.annotate(
        text, (1.0, place), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points",
        va="center", ha="left", fontsize=8.0, color=colour,
    )  # fmt: skip


def _dot(axes: Axes, place: int, curve: Curve, e: Estimate, log: bool) -> None:
    if log and e.value <= 0.0:
        return
    errors, _ = error(e.value, max(e.lo, e.value * 1e-3) if log else e.lo, e.hi)
    axes.errorbar(
        e.value, place, xerr=errors, fmt="s" if curve.is_base else "o", markersize=5, elinewidth=1.6, capsize=3,
        capthick=1.2, color=palette.INK.light if curve.is_base else palette.ACCENT.light,
    )  # fmt: skip


def _range(axes: Axes, estimates: Sequence[Estimate], share: bool, log: bool, unit: str) -> None:
    """Shares from 0 to 100 %; rates and sizes from zero, so that lengths can be compared; else what is there."""
    if share:
        axes.set_xlim(-0.02, 1.02)
        return
    ends = [v for e in estimates for v in (e.lo, e.value, e.hi) if math.isfinite(v)]
    if log or not ends:
        return
    low, high = min(ends), max(ends)
    from_zero = unit == "bytes" or unit.endswith("/s") or high > 3.0 * low
    if from_zero and low >= 0.0:
        axes.set_xlim(0.0, high * 1.06 or 1.0)
    else:
        pad = 0.08 * (high - low) or 0.05 * abs(high) or 1.0
        axes.set_xlim(low - pad, high + pad)


def lines(figure: Line, curves: Sequence[Curve]) -> Canvas | None:
    """A curve a variant with the band of its points' intervals; the legend stands in the order of the curves' ends."""
    # A file keeps its colour where others have nothing to show.
    drawn = [
        (c, colour, [s for s in c.samples if s.series == figure.series and math.isfinite(s.y)])
        for c, colour in zip(curves, colours(curves), strict=True)
    ]
    drawn = [item for item in drawn if item[2]]
    if not drawn:
        return None
    positive = all(s.y > 0 for *_, points in drawn for s in points)
    page = canvas(max(2.9, 0.17 * len(drawn) + 0.6))
    axes = page.subplots()
    names = list(dict.fromkeys(str(s.x) for *_, points in drawn for s in points if isinstance(s.x, str)))
    handles = []
    few = len(drawn) <= 4
    for curve, colour, points in drawn:
        if not names:
            points = sorted(points, key=lambda s: float(s.x))
        x = [float(names.index(str(s.x))) if names else float(s.x) for s in points]
        y = [s.y for s in points]
        (handle,) = axes.plot(
            x,
            y,
            color=colour.light,
            label=curve.short,
            linewidth=2.2 if curve.highlight else 1.3,
            marker="o" if len(points) < 3 else "",
            markersize=3.5,
            zorder=3 if curve.highlight or curve.is_base else 2,
        )
        banded = [
            (xx, s.lo, s.hi)
            for xx, s in zip(x, points, strict=True)
            if s.lo is not None and s.hi is not None and math.isfinite(s.lo) and math.isfinite(s.hi)
        ]
        if banded:
            floor = min(y) * 0.1 if figure.y.log and positive else -math.inf
            at = [xx for xx, *_ in banded]
            lo, hi = ([max(floor, end) for end in ends] for ends in list(zip(*banded, strict=True))[1:])
            if len(at) > 1:
                axes.fill_between(at, lo, hi, color=colour.light, alpha=0.16 if few else 0.05, linewidth=0)
            else:
                axes.vlines(at, lo, hi, color=colour.light, linewidth=1.2)
        handles.append((y[-1], handle))
    if names:
        axes.set_xticks(
            range(len(names)),
            names,
            rotation=30 if len(names) > 6 else 0,
            ha="right" if len(names) > 6 else "center",
        )
    else:
        whole = all(float(s.x).is_integer() for *_, points in drawn for s in points)
        scale(axes, "x", log=figure.x.log, unit=figure.x.unit, whole=whole)
    scale(axes, "y", log=figure.y.log and positive, unit=figure.y.unit)
    axes.set_xlabel(label(figure.x))
    axes.set_ylabel(label(figure.y))
    axes.grid(axis="y")
    axes.margins(x=0.01)
    ordered = [handle for _, handle in sorted(handles, key=lambda item: -item[0])]
    legend = page.legend(
        handles=ordered, loc="outside right upper", fontsize=SMALL if len(drawn) > 14 else 8, handlelength=1.4
    )
    for text in legend.get_texts():
        text.set_color(palette.INK.light)
    return page

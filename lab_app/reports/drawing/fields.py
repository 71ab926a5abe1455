"""Heat maps and histograms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from lab_app import palette
from lab_app.figures import HeatMap, Histogram
from lab_app.reports.drawing.canvas import SMALL, WIDE, WIDTH, canvas, scale
from lab_app.reports.drawing.common import (
    Curve,
    cell_name,
    cell_values,
    label,
    ordered,
    shorten,
    takes_page,
)
from lab_app.reports.drawing.ridges import array_values, bins, is_log, ridge
from lab_app.reports.numbers import fixed
from lab_app.stats.intervals import wilson

_MAP = LinearSegmentedColormap.from_list("lab", palette.VIRIDIS, N=48)
"""For the bar beside the maps; matplotlib would make a bitmap of a bar of more steps."""


# -- heat maps -----------------------------------------------------------------------------------------


def heat_maps(figure: HeatMap, curves: Sequence[Curve]) -> Canvas | None:
    """A panel a variant on one colour scale. Cells of successes and failures say how many of how many."""
    fields = [(c, cell_values(figure, c.samples)) for c in curves]
    fields = [(c, cells) for c, cells in fields if cells]
    if not fields:
        return None
    rows = ordered({key[0] for _, cells in fields for key in cells})
    columns = ordered({key[1] for _, cells in fields for key in cells})
    values = [sum(v) / len(v) for _, cells in fields for v in cells.values()]
    share = all(0.0 <= v <= 1.0 for v in values)
    low, high = (0.0, 1.0) if share else (min(values), max(values))
    norm = Normalize(low, high if high > low else low + 1.0)
    across = max(1, min(len(fields), 4 if len(columns) <= 4 else 3 if len(columns) <= 7 else 2))
    down = -(-len(fields) // across)
    width = WIDE if takes_page(figure, curves) else WIDTH
    page = canvas(down * (max(0.24 * len(rows), 0.7) + 0.42) + 0.55, width)
    grid = page.subplots(down, across, squeeze=False, sharex=True, sharey=True)
    room = width * 0.84 / across / len(columns)
    for index, axes in enumerate(grid.flat):
        if index >= len(fields):
            axes.set_axis_off()
            continue
        curve, cells = fields[index]
        _panel(axes, cells, rows, columns, norm, room)
        axes.set_title(
            shorten(curve.label, max(6, round(room * len(columns) * 10.5))),
            loc="left",
            fontsize=8,
            fontweight="bold" if curve.highlight else "normal",
        )
        if index % across == 0:
            axes.set_yticks(range(len(rows)), [cell_name(r) for r in rows])
        if index + across >= len(fields):
            axes.tick_params(labelbottom=True)
    page.supxlabel(label(figure.columns), fontsize=8.5, color=palette.MUTED.light)
    page.supylabel(label(figure.rows), fontsize=8.5, color=palette.MUTED.light)
    bar = page.colorbar(
        ScalarMappable(norm, _MAP), ax=grid, aspect=22, shrink=0.9 if down < 3 else 0.4, pad=0.015
    )
    bar.outline.set_visible(False)
    bar.solids.set_edgecolor("face")  # type: ignore[union-attr]
    bar.set_label(figure.value.label)
    if share:
        bar.set_ticks([0.0, 0.25, 0.5, 0.75, 1.0], labels=["0 %", "25 %", "50 %", "75 %", "100 %"])
    return page


def _panel(
    axes: Axes,
    cells: dict[tuple[Any, Any], list[float]],
    rows: list[Any],
    columns: list[Any],
    norm: Normalize,
    room: float,
) -> None:
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xticks(range(len(columns)), [cell_name(c) for c in columns], fontsize=SMALL)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for y, row in enumerate(rows):
        for x, column in enumerate(columns):
            found = cells.get((row, column))
            box = {"xy": (x - 0.47, y - 0.46), "width": 0.94, "height": 0.92, "linewidth": 0}
            if not found:
                axes.add_patch(Rectangle(**box, facecolor=palette.EMPTY.light))  # type: ignore[arg-type]
                continue
            mean = sum(found) / len(found)
            ground = palette.ramp(float(norm(mean)))
            axes.add_patch(Rectangle(**box, facecolor=ground))  # type: ignore[arg-type]
            text = _cell_text(found, mean, room)
            axes.text(
                x,
                y,
                text,
                ha="center",
                va="center",
                fontsize=6.5,
                color=palette.text_on(ground),
                linespacing=1.05,
            )


def _cell_text(found: list[float], mean: float, room: float) -> str:
    """``2/2`` and, where there is room (inches), the interval."""
    if all(v in (0.0, 1.0) for v in found):
        text = f"{round(sum(found))}/{len(found)}"
        if room < 0.55:
            return text
        interval = wilson(round(sum(found)), len(found))
        return f"{text}  ({interval.lo * 100:.0f}–{interval.hi * 100:.0f} %)" if room > 0.95 else text
    return fixed(mean, 2)


# -- histograms ----------------------------------------------------------------------------------------


def histograms(figure: Histogram, curves: Sequence[Curve]) -> Canvas | None:
    """A ridge a variant over one axis; strokes at the median and at the 99th percentile."""
    import numpy as np

    arrays = [(c, array_values(figure, c.samples)) for c in curves]
    arrays = [(c, v) for c, v in arrays if v.size]
    if not arrays:
        return None
    edges = bins(figure, [v for _, v in arrays])
    each = 0.44 if len(arrays) <= 12 else 0.3
    page = canvas(each * len(arrays) + 0.75)
    axes = page.subplots()
    for place, (curve, values) in enumerate(arrays):
        colour = palette.INK if curve.is_base else palette.ACCENT
        middles, counts = ridge(figure, values, edges)
        peak = counts.max() or 1
        height = counts / peak * 0.82
        floor = len(arrays) - 1 - place
        axes.fill_between(middles, floor, floor + height, color=colour.light, alpha=0.28, linewidth=0)
        axes.plot(middles, floor + height, color=colour.light, linewidth=1.0)
        for q, stroke in ((0.5, 0.5), (0.99, 0.28)):
            at = min(max(float(np.quantile(values, q)), float(edges[0])), float(edges[-1]))
            axes.vlines(
                at, floor, floor + stroke, color=palette.INK.light, linewidth=1.3 if q == 0.5 else 0.8
            )
    axes.set_yticks(range(len(arrays)), [c.short for c, _ in reversed(arrays)], va="bottom")
    for text, (curve, _) in zip(axes.get_yticklabels(), reversed(arrays), strict=True):
        text.set_color(palette.INK.light)
        text.set_fontweight("bold" if curve.highlight else "normal")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(-0.06, len(arrays) + 0.02)
    axes.set_xlim(float(edges[0]), float(edges[-1]))
    scale(axes, "x", log=is_log(figure, edges), unit=figure.x.unit)
    axes.grid(axis="x")
    axes.set_xlabel(label(figure.x))
    return page

"""The ground all kinds of figures share: size, fonts, axes, labels, scales."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from matplotlib import rc_context, rcdefaults, rcParams, ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from lab_app import palette
from lab_app.reports.drawing.common import plain
from lab_app.system.units import size

WIDTH = 6.6
"""Inches; 72 points each, so a figure is some 475 wide in SVG units."""
WIDE = 9.2
"""Of a figure that takes the whole page."""
ROW = 0.27
"""Height of one labelled row, inches."""
SMALL = 7.5


@contextmanager
def style() -> Iterator[None]:
    """Our look, whatever the user's matplotlibrc says. Text stays text, and ``$`` is no formula."""
    ink, muted, grid = palette.INK.light, palette.MUTED.light, palette.GRID.light
    with rc_context():
        rcdefaults()
        rcParams.update(
            {
                "font.family": "DejaVu Sans",
                "font.size": 8.5,
                "text.parse_math": False,
                "svg.fonttype": "none",
                "svg.hashsalt": "odyssey-lab",
                "text.color": ink,
                "axes.labelcolor": muted,
                "axes.edgecolor": muted,
                "axes.titlecolor": ink,
                "axes.linewidth": 0.6,
                "axes.facecolor": "none",
                "figure.facecolor": "none",
                "savefig.facecolor": "none",
                "axes.spines.top": False,
                "axes.spines.right": False,
                "axes.grid": False,
                "axes.axisbelow": True,
                "grid.color": grid,
                "grid.linewidth": 0.6,
                "xtick.color": muted,
                "ytick.color": muted,
                "xtick.labelsize": 8,
                "ytick.labelsize": 8.5,
                "xtick.major.width": 0.6,
                "ytick.major.width": 0.6,
                "xtick.minor.width": 0.4,
                "ytick.minor.width": 0.4,
                "axes.titlesize": 9,
                "axes.labelsize": 8.5,
                "lines.linewidth": 1.4,
                "legend.frameon": False,
                "legend.fontsize": 8,
                "axes.unicode_minus": True,
                "path.simplify": True,
                "hatch.color": muted,
                "hatch.linewidth": 0.4,
            }
        )
        yield


def canvas(height: float, width: float = WIDTH) -> Canvas:
    return Canvas(figsize=(width, max(height, 1.2)), layout="constrained")


def scale(
    axes: Axes,
    which: str,
    *,
    log: bool,
    percent: bool = False,
    unit: str = "",
    ticks: int = 6,
    whole: bool = False,
) -> None:
    """Scale and tick labels of one axis (``x`` or ``y``). ``ticks``: at most so many intervals between them;
    ``whole``: at whole numbers only."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    if log:
        (axes.set_xscale if which == "x" else axes.set_yscale)("log")
        low, high = sorted(axis.get_view_interval())
        decades = math.log10(high / low) if low > 0 else 9.0
        subs = (1.0, 2.0, 5.0) if decades < 2.2 else (1.0,)
        axis.set_major_locator(ticker.LogLocator(subs=subs, numticks=12))
        axis.set_minor_formatter(ticker.NullFormatter())
    else:
        most = min(ticks, 5) if unit == "bytes" else ticks
        axis.set_major_locator(ticker.MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], integer=whole))
    if percent:
        axis.set_major_formatter(lambda v, _: f"{plain(round(v * 100, 6))} %")
    elif unit == "bytes":
        axis.set_major_formatter(lambda v, _: size(v).replace(".0 ", " ") if v >= 0 else "")
    else:
        axis.set_major_formatter(plain)


def error(value: float, lo: float, hi: float) -> tuple[list[list[float]], bool]:
    """(errors for matplotlib, whether there is an interval at all)."""
    below = max(0.0, value - lo) if math.isfinite(lo) else 0.0
    above = max(0.0, hi - value) if math.isfinite(hi) else 0.0
    return [[below], [above]], below + above > 0.0

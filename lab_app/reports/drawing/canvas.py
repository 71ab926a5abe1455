"""The ground all kinds of figures share: size, fonts, axes, labels, scales."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from matplotlib import rc_context, ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from lab_app import palette
from lab_app.figures import Axis
from lab_app.probes.base import Metric
from lab_app.reports.numbers import size
from lab_app.store.records import Sample

WIDTH = 7.4
"""Inches; 72 points each, so a figure is some 530 wide in SVG units."""
ROW = 0.27
"""Height of one labelled row, inches."""
SMALL = 7.5
SPREAD = 30.0
"""Positive values whose largest is this many times the smallest get a logarithmic axis."""


@dataclass(frozen=True)
class Curve:
    """One variant in a figure. ``highlight``: the recommended one."""

    label: str
    is_base: bool = False
    highlight: bool = False
    samples: Sequence[Sample] = ()
    metrics: Mapping[str, Metric] = field(default_factory=dict)

    @property
    def short(self) -> str:
        return shorten(self.label)


def shorten(label: str, most: int = 26) -> str:
    """One line of at most ``most`` characters, cut in the middle; nothing XML or a font cannot bear."""
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in label)
    text = " ".join(text.split()) or "?"
    if len(text) <= most:
        return text
    head = (most - 1) * 2 // 3
    return f"{text[:head]}…{text[len(text) - (most - 1 - head) :]}"


@contextmanager
def style() -> Iterator[None]:
    """Our look, whatever the user's matplotlibrc says. Text stays text, and ``$`` is no formula."""
    ink, muted, grid = palette.INK.light, palette.MUTED.light, palette.GRID.light
    with rc_context(
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
    ):
        yield


def canvas(height: float, width: float = WIDTH) -> Canvas:
    return Canvas(figsize=(width, max(height, 1.2)), layout="constrained")


def label(axis: Axis, *, percent: bool = False) -> str:
    unit = "%" if percent else axis.unit
    if not axis.label:
        return unit
    return f"{axis.label} ({unit})" if unit and unit not in ("bytes", "share") else axis.label


def colours(curves: Sequence[Curve]) -> list[palette.Colour]:
    """The base in ink, the others from the palette in order."""
    chosen = iter(palette.series(sum(1 for c in curves if not c.is_base)))
    return [palette.INK if c.is_base else next(chosen) for c in curves]


def wide(values: Sequence[float]) -> bool:
    """Whether positive values spread so far that only a logarithmic axis shows them all."""
    finite = [v for v in values if math.isfinite(v)]
    return len(finite) > 1 and min(finite) > 0.0 and max(finite) / min(finite) > SPREAD


def _plain(value: float, _: Any = None) -> str:
    if value == 0.0:
        return "0"
    size_of = abs(value)
    if size_of >= 1e5 or size_of < 1e-5:
        return f"{value:.0e}".replace("e-0", "e−").replace("e+0", "e").replace("e-", "e−").replace("e+", "e")
    return (
        f"{value:.6f}".rstrip("0").rstrip(".").replace("-", "−")
        if size_of < 1000
        else f"{value:,.0f}".replace(",", "\u202f")
    )


def scale(axes: Axes, which: str, *, log: bool, percent: bool = False, unit: str = "") -> None:
    """Scale and tick labels of one axis (``x`` or ``y``)."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    if log:
        (axes.set_xscale if which == "x" else axes.set_yscale)("log")
        low, high = sorted(axis.get_view_interval())
        decades = math.log10(high / low) if low > 0 else 9.0
        subs = (1.0, 2.0, 5.0) if decades < 2.2 else (1.0,)
        axis.set_major_locator(ticker.LogLocator(subs=subs, numticks=12))
        axis.set_minor_formatter(ticker.NullFormatter())
    elif unit == "bytes":
        axis.set_major_locator(ticker.MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    else:
        axis.set_major_locator(ticker.MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    if percent:
        axis.set_major_formatter(lambda v, _: f"{_plain(round(v * 100, 6))} %")
    elif unit == "bytes":
        axis.set_major_formatter(lambda v, _: size(v).replace(".0 ", " ") if v >= 0 else "")
    else:
        axis.set_major_formatter(_plain)


def error(value: float, lo: float, hi: float) -> tuple[list[list[float]], bool]:
    """(errors for matplotlib, whether there is an interval at all)."""
    below = max(0.0, value - lo) if math.isfinite(lo) else 0.0
    above = max(0.0, hi - value) if math.isfinite(hi) else 0.0
    return [[below], [above]], below + above > 0.0

"""What a figure is, as data. ``gui/plots.py`` draws a spec live, ``reports/render.py`` to SVG/PNG.

A figure names series; it holds no numbers. Where it compares variants (base and quants), one
curve, column or row is drawn per variant from the samples of that variant's job.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Axis:
    label: str
    unit: str = ""
    log: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Series over x with a band from lo to hi; one curve per variant."""

    title: str
    series: str
    x: Axis
    y: Axis


@dataclass(frozen=True, slots=True)
class Bars:
    """One bar per variant for each of ``metrics`` (names in the probe's summary), with intervals."""

    title: str
    metrics: tuple[str, ...]
    y: Axis


@dataclass(frozen=True, slots=True)
class HeatMap:
    """One map per variant. Samples of ``series`` carry payload keys ``row`` and ``column``; y is the colour."""

    title: str
    series: str
    rows: Axis
    columns: Axis
    value: Axis


@dataclass(frozen=True, slots=True)
class Histogram:
    """Distribution of the packed array ``payload[array]`` over all samples of ``series``, per variant."""

    title: str
    series: str
    array: str
    x: Axis


@dataclass(frozen=True, slots=True)
class Scatter:
    """One point per variant: metric ``x`` against metric ``y`` with intervals (size against quality)."""

    title: str
    x_metric: str
    y_metric: str
    x: Axis
    y: Axis


Figure = Line | Bars | HeatMap | Histogram | Scatter

"""What figures share whoever draws them: curves, names, colours, the text of ticks. Needs no matplotlib, so
the window draws by the same rules as reports."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lab_app import palette
from lab_app.figures import Axis, HeatMap
from lab_app.probes.base import Metric
from lab_app.reports.numbers import unit_text
from lab_app.reports.words import printable
from lab_app.store.records import Sample
from lab_app.system.translation import translate

SIDE_BY_SIDE = 4
"""Heat maps that can be read in one column of a page; more take the whole width."""

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
    text = " ".join(printable(label).split()) or "?"
    if len(text) <= most:
        return text
    head = (most - 1) * 2 // 3
    return f"{text[:head]}…{text[len(text) - (most - 1 - head) :]}"


def label(axis: Axis, *, percent: bool = False) -> str:
    unit = "%" if percent else axis.unit
    if not axis.label:
        return unit_text(unit)
    if not unit or unit in ("bytes", "share"):
        return axis.label
    return translate("reports", "{0} ({1})").format(axis.label, unit_text(unit))


def colours(curves: Sequence[Curve]) -> list[palette.Colour]:
    """The base in ink, the others from the palette in order."""
    chosen = iter(palette.series(sum(1 for c in curves if not c.is_base)))
    return [palette.INK if c.is_base else next(chosen) for c in curves]


def wide(values: Sequence[float]) -> bool:
    """Whether positive values spread so far that only a logarithmic axis shows them all."""
    finite = [v for v in values if math.isfinite(v)]
    return len(finite) > 1 and min(finite) > 0.0 and max(finite) / min(finite) > SPREAD


def plain(value: float, _: object = None) -> str:
    """A number at a tick."""
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


def edge(values: Sequence[float], limit: float | None) -> float:
    """Where the axis ends: infinity, or what shows all but a few far outliers above."""
    ordered = sorted(values)
    if len(ordered) < 4:
        return math.inf
    low, middle = ordered[0], ordered[(len(ordered) - 1) // 2]
    reach = max(middle - low, (limit - low) if limit is not None else 0.0)
    edge = low + 6.0 * reach
    inside = [v for v in ordered if v <= edge]
    if reach <= 0.0 or len(inside) == len(ordered) or len(inside) < 0.6 * len(ordered):
        return math.inf
    return max(*inside, limit or low) + 0.6 * reach


def worth_marking(limit: float, highest: float, *, log: bool) -> bool:
    """Whether an axis is stretched as far as ``limit`` where all points and intervals end at ``highest``: not to more
    than double, nor, being logarithmic, to what it does not have."""
    return limit <= 2.0 * highest and (limit > 0.0 or not log)


def cell_values(figure: HeatMap, samples: Sequence[Sample]) -> dict[tuple[Any, Any], list[float]]:
    found: dict[tuple[Any, Any], list[float]] = {}
    for sample in samples:
        payload = sample.payload or {}
        if (
            sample.series == figure.series
            and "row" in payload
            and "column" in payload
            and math.isfinite(sample.y)
        ):
            found.setdefault((payload["row"], payload["column"]), []).append(sample.y)
    return found


def takes_page(figure: HeatMap, curves: Sequence[Curve]) -> bool:
    """Whether there are more maps than can be read in one column of a page."""
    return sum(1 for c in curves if cell_values(figure, c.samples)) > SIDE_BY_SIDE


def ordered(keys: set[Any]) -> list[Any]:
    numbers = all(isinstance(k, (int, float)) for k in keys)
    return sorted(keys) if numbers else sorted(keys, key=str)


def cell_name(key: Any) -> str:
    return f"{key:g}" if isinstance(key, float) else shorten(str(key))

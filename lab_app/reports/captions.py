"""What stands below a figure: how to read it, and n."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab_app.figures import Bars, Figure, HeatMap, Histogram, Line, Scatter
from lab_app.probes.base import Metric
from lab_app.reports.drawing.common import Curve, cell_values
from lab_app.reports.model import ProbeData
from lab_app.reports.numbers import fixed
from lab_app.reports.words import paragraph
from lab_app.system.translation import translate


def caption(figure: Figure, probe: ProbeData, curves: Sequence[Curve]) -> str:
    match figure:
        case Bars():
            return _bars(figure, probe.metrics, curves)
        case Scatter():
            return _scatter(figure, probe.metrics, curves)
        case Line():
            return _line(figure, curves)
        case HeatMap():
            return _heat_map(figure, curves)
        case Histogram():
            return _histogram(probe.headline, curves)


def _bars(figure: Bars, examples: Mapping[str, Metric], curves: Sequence[Curve]) -> str:
    shown = [c.metrics[name] for c in curves for name in figure.metrics if name in c.metrics]
    with_interval = any(m.estimate.lo < m.estimate.hi for m in shown)
    text = (
        translate("reports", "Lines are 95 % intervals; the square is the base.")
        if with_interval
        else translate("reports", "The square is the base.")
    )
    better = next((_better(examples[name]) for name in figure.metrics if name in examples), "")
    return paragraph(text, better, _n([m.estimate.n for m in shown]))


def _scatter(figure: Scatter, examples: Mapping[str, Metric], curves: Sequence[Curve]) -> str:
    # In a ratio to itself the base has no n.
    counted = [c for c in curves if not (c.is_base and figure.y_metric == "ppl_ratio")]
    shown = [c.metrics[figure.y_metric] for c in counted if figure.y_metric in c.metrics]
    better = _better(examples[figure.y_metric]) if figure.y_metric in examples else ""
    text = translate("reports", "Each point is a file with its 95 % interval.")
    return paragraph(text, better, _n([m.estimate.n for m in shown]))


def _line(figure: Line, curves: Sequence[Curve]) -> str:
    shown = [[s for s in c.samples if s.series == figure.series] for c in curves]
    banded = any(s.lo is not None for samples in shown for s in samples)
    bands = translate("reports", "Bands are the 95 % interval of each point.") if banded else ""
    counts = [len(samples) for samples in shown if samples]
    return paragraph(bands, _n(counts, translate("reports", "n = {0} points a file.")))


def _heat_map(figure: HeatMap, curves: Sequence[Curve]) -> str:
    cells = [values for c in curves for values in cell_values(figure, c.samples).values()]
    text = translate("reports", "The mean of each cell; an empty cell was not measured.")
    if all(value in (0.0, 1.0) for values in cells for value in values):
        text = translate(
            "reports",
            "Successes of tries in each cell, with Wilson's 95 % interval where there is room; "
            "an empty cell was not measured.",
        )
    return paragraph(
        text, _n([len(values) for values in cells], translate("reports", "n = {0} tries a cell."))
    )


def _histogram(headline: str, curves: Sequence[Curve]) -> str:
    counts = [c.metrics[headline].estimate.n for c in curves if headline in c.metrics]
    text = translate(
        "reports",
        "One ridge a file, each scaled to its own peak; the long stroke is the median, the short one the "
        "99th percentile.",
    )
    return paragraph(text, _n(counts, translate("reports", "n = {0} values a file.")))


def _better(metric: Metric) -> str:
    if metric.better == "lower":
        return translate("reports", "Lower is better.")
    return translate("reports", "Higher is better.") if metric.better == "higher" else ""


def _n(counts: Sequence[int], words: str = "") -> str:
    if not counts:
        return ""
    low, high = min(counts), max(counts)
    text = fixed(low, 0)
    if low != high:
        text = translate("reports", "{0} to {1}").format(text, fixed(high, 0))
    return (words or translate("reports", "n = {0}.")).format(text)

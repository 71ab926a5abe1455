"""Which figures a study has and what each is drawn from; drawn by reports and by the window alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lab_app.figures import Axis, Figure, HeatMap, Scatter
from lab_app.probes.base import Metric
from lab_app.reports import tables
from lab_app.reports.captions import caption
from lab_app.reports.drawing.common import Curve, takes_page
from lab_app.reports.model import ProbeData, ReportData, VariantData
from lab_app.reports.numbers import is_share
from lab_app.reports.quality import criteria
from lab_app.reports.verdict import Verdict
from lab_app.reports.words import lower_first
from lab_app.stats.estimate import Estimate
from lab_app.system.translation import translate


@dataclass(frozen=True)
class Planned:
    """A figure that can be drawn now, whole or in part.

    name: unique in the study. curves: the base first, then from the largest file to the smallest.
    limit: a bound to mark, and what it says. wide: it needs a page's whole width to be read.
    """

    name: str
    probe_id: str
    figure: Figure
    curves: list[Curve]
    caption: str
    limit: tuple[float, str] | None = None
    wide: bool = False


def of_probe(anchor: str, data: ReportData, probe: ProbeData, answer: Verdict) -> Iterator[Planned]:
    """The figures that a probe declares."""
    curves = curves_of(data, probe, answer)
    for number, figure in enumerate(probe.figures, 1):
        wide = isinstance(figure, HeatMap) and takes_page(figure, curves)
        text = caption(figure, probe, curves)
        yield Planned(f"{anchor}f{number}", probe.probe_id, figure, curves, text, wide=wide)


def of_sizes(data: ReportData, answer: Verdict) -> Iterator[Planned]:
    """Size against what decides: the headline of every quality probe, and the perplexity ratio."""
    limits = {(c.probe_id, c.metric): c for c in criteria(data)[0] if not c.relative}
    for index, probe in enumerate(data.probes, 1):
        names = dict.fromkeys([probe.headline, *(n for n in probe.key_metrics if n == "ppl_ratio")])
        for number, name in enumerate(names, 1):
            metric = probe.metrics.get(name)
            if metric is None or not probe.quality:
                continue
            figure = _scatter_of(probe, metric)
            if data.title(probe) != probe.title:  # two of one kind
                figure = replace(figure, title=f"{figure.title} ({probe.probe_id})")
            curves = [_with_reference(curve, name) for curve in curves_of(data, probe, answer)]
            limit = limits.get((probe.probe_id, name))
            mark = (limit.limit, limit.mark) if limit else None
            yield Planned(
                f"s{index}n{number}", probe.probe_id, figure, curves, caption(figure, probe, curves), mark
            )


def curves_of(data: ReportData, probe: ProbeData, answer: Verdict) -> list[Curve]:
    """What a figure of a probe is drawn from, the base first, then from the largest file to the smallest."""
    found = []
    for variant in data.by_size():
        cell = probe.cells.get(variant.variant_id)
        metrics = {**(cell.metrics if cell is not None else {}), **_sizes(variant)}
        best = variant.variant_id == answer.best_variant
        samples = cell.samples if cell is not None else ()
        found.append(Curve(variant.label, variant.is_base, best, samples, metrics))
    return found


def _sizes(variant: VariantData) -> dict[str, Metric]:
    found = {}
    if variant.file_size is not None:
        found["file_size"] = _exact(
            "file_size", translate("reports", "file size"), float(variant.file_size), "bytes"
        )
    if variant.bits_per_weight is not None:
        name = translate("reports", "bits per weight")
        found["bits_per_weight"] = _exact("bits_per_weight", name, variant.bits_per_weight, "")
    return found


def _exact(name: str, label: str, value: float, unit: str) -> Metric:
    return Metric(name, label, Estimate(value, value, value, 1, "exact"), unit)


def _scatter_of(probe: ProbeData, metric: Metric) -> Scatter:
    what = lower_first(metric.label)
    if metric.name in tables.GENERIC:
        what = translate("reports", "{0}: {1}").format(lower_first(probe.title), what)
    unit = "" if is_share(metric.estimate, metric.unit) else metric.unit
    title = translate("reports", "File size against {0}").format(what)
    size = Axis(translate("reports", "file size"))
    return Scatter(title, "file_size", metric.name, size, Axis(metric.label, unit))


def _with_reference(curve: Curve, name: str) -> Curve:
    """The base stands at 1 in a ratio to itself."""
    if name != "ppl_ratio" or not curve.is_base or name in curve.metrics or not curve.samples:
        return curve
    return replace(curve, metrics={**curve.metrics, name: _exact(name, "", 1.0, "")})

"""A report as a sequence of sections, made once and written as HTML and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lab_app.figures import Axis, HeatMap, Scatter
from lab_app.probes.base import Metric
from lab_app.reports import coverage, provenance, tables, thresholds
from lab_app.reports.captions import caption
from lab_app.reports.drawing.common import Curve
from lab_app.reports.model import ProbeData, ReportData, VariantData
from lab_app.reports.numbers import is_share
from lab_app.reports.quality import criteria
from lab_app.reports.table import Table
from lab_app.reports.thresholds import Check
from lab_app.reports.verdict import Verdict, verdict
from lab_app.reports.words import lower_first
from lab_app.stats.estimate import Estimate

if TYPE_CHECKING:
    from lab_app.reports.render import Drawing


@dataclass(frozen=True)
class Picture:
    """A drawing with the sentence below it. ``wide``: it needs the page's whole width to be read."""

    drawing: Drawing
    caption: str
    wide: bool = False


@dataclass(frozen=True)
class ProbeSection:
    anchor: str
    probe: ProbeData
    pictures: tuple[Picture, ...]
    table: Table | None
    pairs: Table | None
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    data: ReportData
    verdict: Verdict
    checks: tuple[Check, ...]
    main: Table
    scatters: tuple[Picture, ...]
    probes: tuple[ProbeSection, ...]
    thresholds: Table | None
    imatrix: tuple[Table, ...]
    imatrix_problem: str | None
    failures: Table | None
    files: Table
    machine: Table
    method: Table | None
    runs: tuple[Table, ...]
    command: str

    @property
    def pictures(self) -> list[Picture]:
        return [*self.scatters, *(p for section in self.probes for p in section.pictures)]


def document(data: ReportData, *, figures: bool = True) -> Document:
    """Everything a report shows. ``figures``: without them nothing is drawn and matplotlib is not needed."""
    answer = verdict(data)
    checks = thresholds.check(data)
    return Document(
        data=data,
        verdict=answer,
        checks=checks,
        main=tables.main_table(data, answer),
        scatters=tuple(_scatters(data, answer)) if figures else (),
        probes=tuple(
            _section(f"p{n}", data, probe, answer, figures) for n, probe in enumerate(data.probes, 1)
        ),
        thresholds=thresholds.threshold_table(checks, data),
        imatrix=tuple(coverage.imatrix_tables(data)),
        imatrix_problem=data.imatrix.problem if data.imatrix is not None else None,
        failures=tables.failure_table(data),
        files=provenance.file_table(data),
        machine=provenance.machine_table(data),
        method=provenance.method_table(data),
        runs=tuple(provenance.run_tables(data)),
        command=provenance.command(data),
    )


# -- one probe -----------------------------------------------------------------------------------------


def _section(anchor: str, data: ReportData, probe: ProbeData, answer: Verdict, figures: bool) -> ProbeSection:
    return ProbeSection(
        anchor,
        probe,
        tuple(_pictures(anchor, data, probe, answer)) if figures else (),
        tables.probe_table(data, probe),
        tables.pair_table(data, probe) if probe.quality else None,
        tuple(dict.fromkeys(_remarks(data, probe))),
    )


def _pictures(anchor: str, data: ReportData, probe: ProbeData, answer: Verdict) -> Iterator[Picture]:
    from lab_app.reports.render import draw

    curves = _curves(data, probe, answer)
    for number, figure in enumerate(probe.figures, 1):
        drawing = draw(figure, curves, name=f"{anchor}f{number}")
        if drawing is not None:
            wide = isinstance(figure, HeatMap) and len(curves) > 4
            yield Picture(drawing, caption(figure, probe, curves), wide)


def _remarks(data: ReportData, probe: ProbeData) -> Iterator[str]:
    if probe.problem:
        yield probe.problem
    waiting = [data.variant(c.variant_id).label for c in probe.cells.values() if c.state == "waiting"]
    if waiting:
        yield f"Not measured yet: {', '.join(waiting)}."
    for cell in probe.cells.values():
        warnings = cell.provenance.get("warnings")
        if isinstance(warnings, list):
            yield from (f"{data.variant(cell.variant_id).label}: {text}" for text in warnings)


# -- curves --------------------------------------------------------------------------------------------


def _curves(data: ReportData, probe: ProbeData, answer: Verdict) -> list[Curve]:
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
        found["file_size"] = _exact("file_size", "file size", float(variant.file_size), "bytes")
    if variant.bits_per_weight is not None:
        found["bits_per_weight"] = _exact("bits_per_weight", "bits per weight", variant.bits_per_weight, "")
    return found


def _exact(name: str, label: str, value: float, unit: str) -> Metric:
    return Metric(name, label, Estimate(value, value, value, 1, "exact"), unit)


# -- size against quality ------------------------------------------------------------------------------


def _scatters(data: ReportData, answer: Verdict) -> Iterator[Picture]:
    """Size against what decides: the headline of every quality probe, and the perplexity ratio."""
    from lab_app.reports.render import draw

    limits = {(c.probe_id, c.metric): c for c in criteria(data)[0] if not c.relative}
    for index, probe in enumerate(data.probes, 1):
        names = dict.fromkeys([probe.headline, *(n for n in probe.key_metrics if n == "ppl_ratio")])
        for number, name in enumerate(names, 1):
            metric = probe.metrics.get(name)
            if metric is None or not probe.quality:
                continue
            figure = _scatter_of(probe, metric)
            curves = [_with_reference(curve, name) for curve in _curves(data, probe, answer)]
            limit = limits.get((probe.probe_id, name))
            drawing = draw(
                figure, curves, name=f"s{index}n{number}", limit=(limit.limit, limit.mark) if limit else None
            )
            if drawing is not None:
                yield Picture(drawing, caption(figure, probe, curves))


def _scatter_of(probe: ProbeData, metric: Metric) -> Scatter:
    what = lower_first(metric.label)
    if metric.name in tables.GENERIC:
        what = f"{lower_first(probe.title)}: {what}"
    unit = "" if is_share(metric.estimate, metric.unit) else metric.unit
    return Scatter(
        f"File size against {what}", "file_size", metric.name, Axis("file size"), Axis(metric.label, unit)
    )


def _with_reference(curve: Curve, name: str) -> Curve:
    """The base stands at 1 in a ratio to itself."""
    if name != "ppl_ratio" or not curve.is_base or name in curve.metrics or not curve.samples:
        return curve
    return replace(curve, metrics={**curve.metrics, name: _exact(name, "", 1.0, "")})

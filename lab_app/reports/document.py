"""A report as a sequence of sections, made once and written as HTML and as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lab_app.figures import Axis, Bars, Figure, HeatMap, Histogram, Line, Scatter
from lab_app.probes.base import Metric
from lab_app.reports import provenance, tables
from lab_app.reports.model import ProbeData, ReportData
from lab_app.reports.numbers import fixed, is_share
from lab_app.reports.quality import Criterion, criteria
from lab_app.reports.tables import Table
from lab_app.reports.thresholds import Check, check
from lab_app.reports.verdict import Verdict, verdict
from lab_app.stats.estimate import Estimate

if TYPE_CHECKING:
    from lab_app.reports.drawing.common import Curve
    from lab_app.reports.render import Drawing


@dataclass(frozen=True)
class Picture:
    """A drawing with the sentence below it."""

    drawing: Drawing
    caption: str


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
    runs: tuple[Table, ...]
    command: str

    @property
    def pictures(self) -> list[Picture]:
        return [*self.scatters, *(p for section in self.probes for p in section.pictures)]


def document(data: ReportData, *, figures: bool = True) -> Document:
    """Everything a report shows. ``figures``: without them nothing is drawn and matplotlib is not needed."""
    answer = verdict(data)
    checks = check(data)
    sections = tuple(_section(index, data, probe, answer, figures) for index, probe in enumerate(data.probes))
    return Document(
        data=data,
        verdict=answer,
        checks=checks,
        main=tables.main_table(data, answer),
        scatters=tuple(_scatters(data, answer)) if figures else (),
        probes=sections,
        thresholds=tables.threshold_table(checks, data),
        imatrix=tuple(tables.imatrix_tables(data)),
        imatrix_problem=data.imatrix.problem if data.imatrix is not None else None,
        failures=tables.failure_table(data),
        files=provenance.file_table(data),
        machine=provenance.machine_table(data),
        runs=tuple(provenance.run_tables(data)),
        command=provenance.command(data),
    )


def _section(index: int, data: ReportData, probe: ProbeData, answer: Verdict, figures: bool) -> ProbeSection:
    anchor = f"p{index + 1}"
    pictures: list[Picture] = []
    if figures:
        from lab_app.reports.render import draw

        curves = _curves(data, probe, answer)
        for number, figure in enumerate(probe.figures):
            drawing = draw(figure, curves, name=f"{anchor}f{number + 1}")
            if drawing is not None:
                pictures.append(Picture(drawing, _caption(figure, probe, curves)))
    remarks = [probe.problem] if probe.problem else []
    waiting = [data.variant(c.variant_id).label for c in probe.cells.values() if c.state == "waiting"]
    if waiting:
        remarks.append(f"Not measured yet: {', '.join(waiting)}.")
    for cell in probe.cells.values():
        warnings = cell.provenance.get("warnings")
        if isinstance(warnings, list):
            remarks += [f"{data.variant(cell.variant_id).label}: {text}" for text in warnings]
    return ProbeSection(
        anchor,
        probe,
        tuple(pictures),
        tables.probe_table(data, probe),
        tables.pair_table(data, probe) if probe.quality else None,
        tuple(dict.fromkeys(remarks)),
    )


def _curves(data: ReportData, probe: ProbeData, answer: Verdict) -> list[Curve]:
    from lab_app.reports.drawing.common import Curve

    found = []
    for variant in data.by_size():
        cell = probe.cells.get(variant.variant_id)
        metrics: dict[str, Metric] = dict(cell.metrics) if cell is not None else {}
        if variant.file_size is not None:
            metrics["file_size"] = _exact("file_size", "file size", float(variant.file_size), "bytes")
        if variant.bits_per_weight is not None:
            metrics["bits_per_weight"] = _exact(
                "bits_per_weight", "bits per weight", variant.bits_per_weight, ""
            )
        found.append(
            Curve(
                variant.label,
                variant.is_base,
                variant.variant_id == answer.best_variant,
                cell.samples if cell is not None else (),
                metrics,
            )
        )
    return found


def _exact(name: str, label: str, value: float, unit: str) -> Metric:
    return Metric(name, label, Estimate(value, value, value, 1, "exact"), unit)


def _scatters(data: ReportData, answer: Verdict) -> list[Picture]:
    """Size against what decides: the headline of every quality probe, and the perplexity ratio."""
    from lab_app.reports.render import draw

    found, _ = criteria(data)
    limits: Mapping[tuple[str, str], Criterion] = {(c.probe_id, c.metric): c for c in found if not c.relative}
    pictures = []
    for index, probe in enumerate(data.probes):
        if not probe.quality:
            continue
        names = dict.fromkeys([probe.headline, *(n for n in probe.key_metrics if n == "ppl_ratio")])
        for number, name in enumerate(names):
            metric = probe.metrics.get(name)
            if metric is None:
                continue
            generic = metric.name in ("accuracy", "score")
            title = f"File size against {_lower(probe.title) + ': ' if generic else ''}{_lower(metric.label)}"
            share = is_share(metric.estimate, metric.unit)
            figure = Scatter(
                title, "file_size", name, Axis("file size"), Axis(metric.label, "" if share else metric.unit)
            )
            curves = [_with_reference(c, name) for c in _curves(data, probe, answer)]
            limit = limits.get((probe.probe_id, name))
            mark = None
            if limit is not None:
                amount = f"{limit.limit * 100:g} %" if limit.share else f"{limit.limit:g}"
                mark = (limit.limit, f"{'threshold' if limit.stated else 'margin'} {amount}")
            drawing = draw(figure, curves, name=f"s{index + 1}n{number + 1}", limit=mark)
            if drawing is not None:
                pictures.append(Picture(drawing, _caption(figure, probe, curves)))
    return pictures


def _with_reference(curve: Curve, name: str) -> Curve:
    """The base stands at 1 in a ratio to itself."""
    if name != "ppl_ratio" or not curve.is_base or name in curve.metrics or not curve.samples:
        return curve
    return replace(curve, metrics={**curve.metrics, name: _exact(name, "", 1.0, "")})


def _caption(figure: Figure, probe: ProbeData, curves: list[Curve]) -> str:
    """How to read it, and n."""
    better = {"lower": " Lower is better.", "higher": " Higher is better."}
    if isinstance(figure, Bars):
        example = next((probe.metrics[name] for name in figure.metrics if name in probe.metrics), None)
        text = "Lines are 95 % intervals; the square is the base." + (
            better.get(example.better, "") if example else ""
        )
        return f"{text} {_n([c.metrics[m].estimate.n for c in curves for m in figure.metrics if m in c.metrics])}"
    if isinstance(figure, Scatter):
        metric = probe.metrics.get(figure.y_metric)
        text = "Each point is a file with its 95 % interval." + (
            better.get(metric.better, "") if metric else ""
        )
        found = [c for c in curves if figure.y_metric in c.metrics]
        if figure.y_metric == "ppl_ratio":
            found = [c for c in found if not c.is_base]
        return f"{text} {_n([c.metrics[figure.y_metric].estimate.n for c in found])}"
    if isinstance(figure, Line):
        series = [s for c in curves for s in c.samples if s.series == figure.series]
        bands = "Bands are the 95 % interval of each point. " if any(s.lo is not None for s in series) else ""
        points = [sum(1 for s in c.samples if s.series == figure.series) for c in curves]
        return f"{bands}{_n([p for p in points if p], 'points a file')}"
    if isinstance(figure, HeatMap):
        tries: dict[tuple[str, str, str], int] = {}
        for c in curves:
            for s in c.samples:
                if s.series == figure.series and s.payload and "row" in s.payload and "column" in s.payload:
                    key = (c.label, str(s.payload["row"]), str(s.payload["column"]))
                    tries[key] = tries.get(key, 0) + 1
        return (
            "Successes of tries in each cell, with Wilson's 95 % interval where there is room; "
            f"an empty cell was not measured. {_n(list(tries.values()), 'tries a cell')}"
        )
    assert isinstance(figure, Histogram)
    counts = [m.estimate.n for c in curves if (m := c.metrics.get(probe.headline)) is not None]
    return (
        "One ridge a file, each scaled to its own peak; the long stroke is the median, the short one the "
        f"99th percentile. {_n(counts, 'values a file')}"
    )


def _n(counts: list[int], what: str = "") -> str:
    if not counts:
        return ""
    low, high = min(counts), max(counts)
    text = fixed(low, 0) if low == high else f"{fixed(low, 0)} to {fixed(high, 0)}"
    return f"n = {text}{f' {what}' if what else ''}."


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:] if len(label) > 1 and not label[1].isupper() else label

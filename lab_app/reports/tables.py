"""Tables of results: all files at a glance, every number of a probe, all pairs; and what failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lab_app.probes.base import Metric
from lab_app.reports.model import (
    DISTANCES,
    REQUANTIZED,
    CellData,
    Comparison,
    Pair,
    ProbeData,
    ReportData,
    VariantData,
)
from lab_app.reports.numbers import MISSING, fixed, is_share, p_value, show, show_metric
from lab_app.reports.table import Cell, Column, Table, integer
from lab_app.reports.verdict import Verdict
from lab_app.reports.words import lower_first
from lab_app.system.units import size

SAME = "≈"
STATES = {
    "waiting": "not yet",
    "running": "running",
    "partial": "interrupted",
    "failed": "failed",
    "blocked": "blocked",
    "cancelled": "cancelled",
}
"""State of a cell in a word; a finished one needs none."""

GENERIC = frozenset({"accuracy", "score"})
"""Metrics that mean nothing without the name of their probe."""


def metric_cell(metric: Metric | None, cell: CellData | None, comparison: Comparison | None = None) -> Cell:
    """A number with its interval and the mark of what cannot be told apart from the base."""
    if metric is None:
        if cell is None or cell.complete:
            return Cell(MISSING, kind="missing")
        lost = cell.state in ("failed", "blocked")
        return Cell(STATES[cell.state], meaning=cell.reason, kind="bad" if lost else "missing")
    text = show_metric(metric)
    same = comparison is not None and metric.name not in DISTANCES and not comparison.told_apart
    return Cell(
        f"{text.value}{text.unit}",
        text.interval,
        SAME if same else "",
        "cannot be told apart from the base" if same else "",
        metric.estimate.value,
        "number",
        () if cell is None or cell.complete else (STATES[cell.state],),
    )


def header(metric: Metric) -> Column:
    direction = {"lower": "lower is better", "higher": "higher is better"}.get(metric.better, "")
    unit = "" if is_share(metric.estimate, metric.unit) or metric.unit == "bytes" else metric.unit
    return Column(metric.label, ", ".join(part for part in (unit, direction) if part), True)


# -- all files at a glance -----------------------------------------------------------------------------


def main_table(data: ReportData, verdict: Verdict) -> Table:
    """One row a file: size, bits per weight, and the key metrics of every probe."""
    shown = [
        (probe, probe.metrics[name])
        for probe in data.probes
        for name in probe.key_metrics
        if name in probe.metrics
    ]
    judged = any(standing not in ("reference", "not measured") for standing in verdict.standing.values())
    columns = [Column("File"), Column("Size", numeric=True), Column("Bits per weight", numeric=True)]
    if judged:
        columns.append(Column("Margins"))
    columns += [_main_header(data, probe, metric) for probe, metric in shown]
    rows = []
    ordered = data.by_size()
    for variant in ordered:
        row = [_file_cell(variant, verdict), _size_cell(variant), _bits_cell(variant)]
        if judged:
            row.append(_standing_cell(verdict.standing[variant.variant_id]))
        row += [_main_cell(variant, probe, metric.name) for probe, metric in shown]
        rows.append(tuple(row))
    highlight = next((i for i, v in enumerate(ordered) if v.variant_id == verdict.best_variant), None)
    return Table(
        "All files at a glance", tuple(columns), tuple(rows), tuple(_main_notes(data, rows)), highlight
    )


def _main_header(data: ReportData, probe: ProbeData, metric: Metric) -> Column:
    """With the probe's name where the metric's own says too little, and its id where two have one name."""
    head = header(metric)
    label = f"{probe.title}: {lower_first(head.label)}" if metric.name in GENERIC else head.label
    twice = sum(1 for other in data.probes if other.title == probe.title) > 1
    return Column(
        label, ", ".join(part for part in (probe.probe_id if twice else "", head.sub) if part), True
    )


def _main_cell(variant: VariantData, probe: ProbeData, name: str) -> Cell:
    cell = probe.cells.get(variant.variant_id)
    if cell is None:
        return metric_cell(None, None)
    if variant.is_base and cell.complete and name not in cell.metrics:
        return Cell("reference", kind="missing")
    return metric_cell(cell.metrics.get(name), cell, cell.against_base.get(name))


def _file_cell(variant: VariantData, verdict: Verdict) -> Cell:
    marks = {
        "base": variant.is_base,
        "recommended": variant.variant_id == verdict.best_variant,
        "broken": variant.variant_id in verdict.broken,
    }
    name = "" if variant.file_name in (variant.label, f"{variant.label}.gguf") else variant.file_name
    return Cell(variant.label, name, tags=tuple(tag for tag, holds in marks.items() if holds))


def _size_cell(variant: VariantData) -> Cell:
    if variant.file_size is None:
        return Cell(MISSING, kind="missing")
    tags = ("predicted",) if variant.predicted else ()
    return Cell(size(variant.file_size), value=float(variant.file_size), kind="number", tags=tags)


def _bits_cell(variant: VariantData) -> Cell:
    if variant.bits_per_weight is None:
        return Cell(MISSING, kind="missing")
    return Cell(fixed(variant.bits_per_weight, 2), value=variant.bits_per_weight, kind="number")


_STANDING_KINDS = {
    "within": "good",
    "within as far as decided": "good",
    "beyond": "bad",
    "broken": "bad",
    "reference": "quiet",
    "not measured": "quiet",
}


def _standing_cell(standing: str) -> Cell:
    first, _, rest = standing.partition(" as ")
    return Cell(first, f"as {rest}" if rest else "", kind=_STANDING_KINDS.get(standing, "open"))


def _main_notes(data: ReportData, rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    if any(cell.kind == "number" and cell.sub for row in rows for cell in row):
        yield "Below each number stands its 95 % interval."
    if any(cell.mark == SAME for row in rows for cell in row):
        yield f"{SAME} cannot be told apart from the base (5 %, Holm-corrected)."
    remarks: dict[str, list[str]] = {}
    for variant in data.by_size():
        for remark in _remarks(variant):
            remarks.setdefault(remark, []).append(variant.label)
    yield from (f"{', '.join(labels)}: {remark}." for remark, labels in remarks.items())
    if requantized := [v.label for v in data.variants if v.requantized]:
        yield f"Requantized from {data.requantized_from or 'a quantized file'}: {', '.join(requantized)}."
    if weighted := [v.label for v in data.variants if v.used_imatrix]:
        yield f"Quantized with the importance matrix: {', '.join(weighted)}."


def _remarks(variant: VariantData) -> Iterator[str]:
    """What is odd about a file. That files are requantized is said once for all of them."""
    if not variant.is_base:
        yield from (note for note in variant.notes if not note.startswith(REQUANTIZED))
    if variant.fallbacks and variant.matrices:
        yield (
            f"{variant.fallbacks} of {variant.matrices} tensors have rows that the type's blocks do not divide "
            "and took another type"
        )
    if variant.problem:
        yield variant.problem.rstrip(".")


# -- one probe -----------------------------------------------------------------------------------------


def probe_table(data: ReportData, probe: ProbeData) -> Table | None:
    """Every metric of a probe: a row a metric, a column a file."""
    metrics = probe.metrics
    if not metrics:
        return None
    variants = [v for v in data.by_size() if v.variant_id in probe.cells]
    cells = [probe.cells[v.variant_id] for v in variants]
    rows = []
    for name, example in metrics.items():
        head = header(example)
        row = (metric_cell(cell.metrics.get(name), cell, cell.against_base.get(name)) for cell in cells)
        rows.append((Cell(head.label, head.sub), *row))
    rows.append((Cell("Observations"), *(_observations(cell) for cell in cells)))
    return Table(
        f"{probe.title}: all numbers",
        (Column("Metric"), *(Column(v.label, "base" if v.is_base else "", True) for v in variants)),
        tuple(rows),
        tuple(
            " ".join(part for part in (f"{v.label}: {cell.reason}", cell.hint) if part)
            for v, cell in zip(variants, cells, strict=True)
            if cell.reason and cell.state != "waiting"
        ),
    )


def _observations(cell: CellData) -> Cell:
    metric = next(iter(cell.metrics.values()), None)
    return Cell(MISSING, kind="missing") if metric is None else integer(metric.estimate.n)


def pair_table(data: ReportData, probe: ProbeData) -> Table | None:
    """All pairs in the deciding metric, those not told apart first."""
    if not probe.pairs:
        return None
    name, test = probe.pairs[0].metric, probe.pairs[0].comparison.difference.test
    example = probe.metrics.get(name)
    unit = example.unit if example is not None and not is_share(example.estimate, example.unit) else ""
    labels = {v.variant_id: v.label for v in data.variants}
    ordered = sorted(probe.pairs, key=lambda pair: -pair.comparison.p_adjusted)
    return Table(
        f"{probe.title}: differences in {lower_first(example.label) if example else name} between all files",
        (
            Column("Pair"),
            Column("Difference", f"{unit}, 95 % interval" if unit else "95 % interval", True),
            Column("p", test, True),
            Column("p corrected", "Holm", True),
            Column("Result"),
        ),
        tuple(_pair_row(pair, labels, example) for pair in ordered),
    )


def _pair_row(pair: Pair, labels: Mapping[str, str], example: Metric | None) -> tuple[Cell, ...]:
    difference = pair.comparison.difference
    share = example is not None and is_share(example.estimate, example.unit)
    text = show(
        difference.estimate,
        unit=example.unit if example is not None and not share else "",
        digits=example.digits if example is not None else 4,
        signed=True,
        share=share,
    )
    apart = pair.comparison.told_apart
    return (
        Cell(f"{labels[pair.second]} − {labels[pair.first]}"),
        Cell(f"{text.value}{text.unit}", text.interval, value=difference.estimate.value, kind="number"),
        Cell(p_value(difference.p_value), value=difference.p_value, kind="number"),
        Cell(p_value(pair.comparison.p_adjusted), value=pair.comparison.p_adjusted, kind="number"),
        Cell("told apart") if apart else Cell(f"{SAME} not told apart", kind="open"),
    )


# -- what failed ---------------------------------------------------------------------------------------


def failure_table(data: ReportData) -> Table | None:
    if not data.failures:
        return None
    rows = tuple((Cell(f.title), Cell(f.state, kind="bad"), Cell(f.message, f.hint)) for f in data.failures)
    return Table("Jobs that did not succeed", (Column("Job"), Column("State"), Column("Why")), rows)

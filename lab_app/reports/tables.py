"""Tables of results: all files at a glance, every number of a probe, all pairs; and what failed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lab_app.probes.base import Metric
from lab_app.reports.model import (
    DISTANCES,
    REQUANTIZED,
    CellData,
    Comparison,
    Pair,
    Powerless,
    ProbeData,
    ReportData,
    VariantData,
)
from lab_app.reports.numbers import MISSING, fixed, is_share, p_value, show, show_metric, unit_text
from lab_app.reports.table import Cell, Column, Table, integer, tag_text
from lab_app.reports.verdict import Verdict
from lab_app.reports.words import beside, joined, lower_first, paragraph
from lab_app.system import said
from lab_app.system.translation import note, plural, translate
from lab_app.system.units import size

SAME = "≈"
_ALREADY = re.compile(r"its weights are (\S+) already")
STATES = {
    "waiting": "not yet",
    "running": "running",
    "partial": "interrupted",
    "failed": "failed",
    "blocked": "blocked",
    "cancelled": "cancelled",
}
"""State of a cell in a word; a finished one needs none."""

TESTS = (
    note("reports", "paired-t"),
    note("reports", "mcnemar-exact"),
    note("reports", "block-mcnemar"),
    note("reports", "paired-bootstrap"),
    note("reports", "welch"),
)
"""Tests behind a p-value by their names in :mod:`lab_app.stats`, for the translators."""

GENERIC = frozenset({"accuracy", "score"})
"""Metrics that mean nothing without the name of their probe."""


def metric_cell(metric: Metric | None, cell: CellData | None, comparison: Comparison | None = None) -> Cell:
    """A number with its interval and the mark of what cannot be told apart from the base."""
    if metric is None:
        if cell is None or cell.complete:
            return Cell(MISSING, kind="missing")
        lost = cell.state in ("failed", "blocked")
        return Cell(tag_text(STATES[cell.state]), meaning=cell.reason, kind="bad" if lost else "missing")
    text = show_metric(metric)
    same = comparison is not None and metric.name not in DISTANCES and not comparison.told_apart
    return Cell(
        f"{text.value}{text.unit}",
        text.interval,
        SAME if same else "",
        translate("reports", "cannot be told apart from the base") if same else "",
        metric.estimate.value,
        "number",
        () if cell is None or cell.complete else (STATES[cell.state],),
    )


def header(metric: Metric) -> Column:
    direction = ""
    if metric.better:
        lower = metric.better == "lower"
        direction = (
            translate("reports", "lower is better") if lower else translate("reports", "higher is better")
        )
    unit = "" if is_share(metric.estimate, metric.unit) or metric.unit == "bytes" else unit_text(metric.unit)
    return Column(metric.label, beside(unit, direction), True)


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
    columns = [
        Column(translate("reports", "File")),
        Column(translate("reports", "Size"), numeric=True),
        Column(translate("reports", "Bits per weight"), numeric=True),
    ]
    if judged:
        columns.append(Column(translate("reports", "Margins")))
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
    caption = translate("reports", "All files at a glance")
    return Table(caption, tuple(columns), tuple(rows), tuple(_main_notes(data, rows)), highlight)


def _main_header(data: ReportData, probe: ProbeData, metric: Metric) -> Column:
    """With the probe's name where the metric's own says too little, and its id where two have one name."""
    head = header(metric)
    label = head.label
    if metric.name in GENERIC:
        label = translate("reports", "{0}: {1}").format(probe.title, lower_first(head.label))
    twice = sum(1 for other in data.probes if other.title == probe.title) > 1
    return Column(label, beside(probe.probe_id if twice else "", head.sub), True)


def _main_cell(variant: VariantData, probe: ProbeData, name: str) -> Cell:
    cell = probe.cells.get(variant.variant_id)
    if cell is None:
        return metric_cell(None, None)
    if variant.is_base and cell.complete and name not in cell.metrics:
        return Cell(translate("reports", "reference"), kind="missing")
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


_STANDINGS = {
    "within": (note("reports", "within"), "", "good"),
    "within as far as decided": (note("reports", "within"), note("reports", "as far as decided"), "good"),
    "undecided": (note("reports", "undecided"), "", "open"),
    "incomplete": (note("reports", "incomplete"), "", "open"),
    "beyond": (note("reports", "beyond"), "", "bad"),
    "broken": (note("reports", "broken"), "", "bad"),
    "reference": (note("reports", "reference"), "", "quiet"),
    "not measured": (note("reports", "not measured"), "", "quiet"),
}
"""How a file stands → what the table says, the smaller line below it, and the kind of the cell."""


def _standing_cell(standing: str) -> Cell:
    text, sub, kind = _STANDINGS[standing]
    return Cell(translate("reports", text), translate("reports", sub), kind=kind)


def _main_notes(data: ReportData, rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    if any(cell.kind == "number" and cell.sub for row in rows for cell in row):
        yield translate("reports", "Below each number stands its 95 % interval.")
    yield from _sign_notes(rows)
    remarks: dict[str, list[str]] = {}
    for variant in data.by_size():
        for remark in _remarks(variant):
            remarks.setdefault(remark, []).append(variant.label)
    says = translate("reports", "{0}: {1}.")
    yield from (says.format(joined(labels), remark) for remark, labels in remarks.items())
    if requantized := [v.label for v in data.variants if v.requantized]:
        origin = data.requantized_from or translate("reports", "a quantized file")
        yield translate("reports", "Requantized from {0}: {1}.").format(origin, joined(requantized))
    if weighted := [v.label for v in data.variants if v.used_imatrix]:
        yield translate("reports", "Quantized with the importance matrix: {0}.").format(joined(weighted))


def _remarks(variant: VariantData) -> Iterator[str]:
    """What is odd about a file. That files are requantized is said once for all of them."""
    if not variant.is_base:
        yield from (note_text(item) for item in variant.notes if not item.startswith(REQUANTIZED))
    if variant.fallbacks and variant.matrices:
        yield translate(
            "reports",
            "{0} of {1} tensors have rows that the type's blocks do not divide and took another type",
        ).format(variant.fallbacks, variant.matrices)
    if variant.problem:
        yield variant.problem.rstrip(".")


def note_text(item: str) -> str:
    """A note of the store (``requantized from Q4_K_M``, ``Q4_0 with n_ctx = 64``) as it is shown."""
    if item.startswith(REQUANTIZED):
        return translate("reports", "requantized from {0}").format(item.removeprefix(REQUANTIZED))
    if found := _ALREADY.fullmatch(item):
        return translate("reports", "its weights are {0} already").format(found[1])
    first, between, rest = item.partition(" with ")
    return translate("reports", "{0} with {1}").format(first, rest) if between else item


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
    rows.append((Cell(translate("reports", "Observations")), *(_observations(cell) for cell in cells)))
    return Table(
        translate("reports", "{0}: all numbers").format(data.title(probe)),
        (
            Column(translate("reports", "Metric")),
            *(Column(v.label, tag_text("base") if v.is_base else "", True) for v in variants),
        ),
        tuple(rows),
        (
            *_sign_notes(rows),
            *(
                paragraph(translate("reports", "{0}: {1}").format(v.label, cell.reason), cell.hint)
                for v, cell in zip(variants, cells, strict=True)
                if cell.reason and cell.state != "waiting"
            ),
            *([powerless_text(probe.powerless)] if probe.powerless is not None and probe.quality else []),
        ),
    )


def _sign_notes(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """What the sign means, and why it and an interval beside it may seem to disagree."""
    if any(cell.mark == SAME for row in rows for cell in row):
        text = translate(
            "reports",
            "{0} cannot be told apart from the base (5 %, Holm-corrected); the intervals are not corrected, so that "
            "one may leave the base's number out all the same.",
        )
        yield text.format(SAME)


def powerless_text(powerless: Powerless) -> str:
    """One sentence: what these items could not have shown."""
    items = plural("%n item(s)", "", powerless.items)
    if powerless.with_base:
        text = translate(
            "reports",
            "{0} cannot tell any two of {1} pairs of files apart, whatever is measured; files are compared with the "
            "base only.",
        )
    else:
        text = translate(
            "reports",
            "{0} cannot show any difference between files: even if every one of them changed, chance would remain an "
            "explanation (corrected for {1}).",
        )
        return text.format(items, plural("%n comparison(s)", "", powerless.comparisons))
    return text.format(items, powerless.comparisons)


def _observations(cell: CellData) -> Cell:
    metric = next(iter(cell.metrics.values()), None)
    return Cell(MISSING, kind="missing") if metric is None else integer(metric.estimate.n)


def pair_table(data: ReportData, probe: ProbeData) -> Table | None:
    """All pairs in the deciding metric (or those with the base), those not told apart first."""
    if not probe.pairs:
        return None
    if probe.powerless is None:
        caption = translate("reports", "{0}: differences in {1} between all files")
    else:
        caption = translate("reports", "{0}: differences in {1} from the base")
    name, test = probe.pairs[0].metric, probe.pairs[0].comparison.difference.test
    example = probe.metrics.get(name)
    share = example is not None and is_share(example.estimate, example.unit)
    unit = unit_text(example.unit) if example is not None and not share else ""
    interval = translate("reports", "95 % interval")
    labels = {v.variant_id: v.label for v in data.variants}
    ordered = sorted(probe.pairs, key=lambda pair: -pair.comparison.p_adjusted)
    return Table(
        caption.format(data.title(probe), lower_first(example.label) if example else name),
        (
            Column(translate("reports", "Pair")),
            Column(translate("reports", "Difference"), beside(unit, interval), True),
            Column("p", translate("reports", test), True),
            Column(translate("reports", "p corrected"), "Holm", True),
            Column(translate("reports", "Result")),
        ),
        tuple(_pair_row(pair, labels, example) for pair in ordered),
        _pair_notes(probe),
    )


def _pair_notes(probe: ProbeData) -> tuple[str, ...]:
    if len(probe.pairs) < 2:
        return ()
    text = translate(
        "reports",
        "An interval is of its pair alone; the result is corrected for {0} comparisons (Holm), so that an interval may "
        "leave 0 out although the pair is not told apart.",
    )
    return (text.format(len(probe.pairs)),)


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
        Cell(translate("reports", "told apart"))
        if apart
        else Cell(translate("reports", "{0} not told apart").format(SAME), kind="open"),
    )


# -- what failed ---------------------------------------------------------------------------------------


def failure_table(data: ReportData) -> Table | None:
    if not data.failures:
        return None
    rows = tuple(
        (Cell(f.title), Cell(tag_text(f.state), kind="bad"), Cell(said.local(f.message), said.local(f.hint)))
        for f in data.failures
    )
    columns = (
        Column(translate("reports", "Job")),
        Column(translate("reports", "State")),
        Column(translate("reports", "Why")),
    )
    return Table(translate("reports", "Jobs that did not succeed"), columns, rows)

"""Tables of a report as data; HTML and Markdown write the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab_app.probes.base import Metric
from lab_app.reports.model import DISTANCES, CellData, Comparison, ProbeData, ReportData, VariantData
from lab_app.reports.numbers import MISSING, count, fixed, is_share, p_value, show, show_metric
from lab_app.reports.thresholds import Check
from lab_app.reports.verdict import Verdict
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


@dataclass(frozen=True, slots=True)
class Cell:
    """text: what stands there; sub: a second, smaller line (an interval, a file name); mark and meaning: a sign
    behind the text and its words; value: the number behind it at full precision; kind: for the style
    (``number``, ``text``, ``code``, ``missing``, ``good``, ``bad``, ``open``)."""

    text: str
    sub: str = ""
    mark: str = ""
    meaning: str = ""
    value: float | None = None
    kind: str = "text"
    tags: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """One line: ``0.041 (0.036 to 0.046) ≈``."""
        sub = f" ({self.sub})" if self.sub and self.kind == "number" else f" · {self.sub}" if self.sub else ""
        tags = "".join(f" · {tag}" for tag in self.tags)
        return f"{self.text}{sub}{f' {self.mark}' if self.mark else ''}{tags}"


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    sub: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``rows[i][0]`` heads its row. highlight: index of a row to stand out."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    highlight: int | None = None


def metric_cell(metric: Metric | None, cell: CellData | None, comparison: Comparison | None = None) -> Cell:
    """A number with its interval and the mark of what cannot be told apart from the base."""
    if metric is None:
        if cell is None or cell.state == "done":
            return Cell(MISSING, kind="missing")
        return Cell(
            STATES.get(cell.state, cell.state),
            kind="bad" if cell.state in ("failed", "blocked") else "missing",
            meaning=cell.reason,
        )
    text = show_metric(metric)
    mark, meaning = "", ""
    if comparison is not None and metric.name not in DISTANCES and not comparison.told_apart:
        mark, meaning = SAME, "cannot be told apart from the base"
    tags = () if cell is None or cell.complete else (STATES.get(cell.state, cell.state),)
    return Cell(
        f"{text.value}{text.unit}", text.interval, mark, meaning, metric.estimate.value, "number", tags
    )


def header(metric: Metric) -> Column:
    arrow = {"lower": "lower is better", "higher": "higher is better"}.get(metric.better, "")
    share = is_share(metric.estimate, metric.unit)
    unit = "" if share or metric.unit == "bytes" else metric.unit
    return Column(metric.label, ", ".join(part for part in (unit, arrow) if part), True)


def variant_cell(variant: VariantData, verdict: Verdict | None = None) -> Cell:
    tags = []
    if variant.is_base:
        tags.append("base")
    if verdict is not None and variant.variant_id == verdict.best_variant:
        tags.append("recommended")
    if verdict is not None and variant.variant_id in verdict.broken:
        tags.append("broken")
    name = variant.file_name if variant.file_name not in (variant.label, f"{variant.label}.gguf") else ""
    return Cell(variant.label, name, tags=tuple(tags))


def main_table(data: ReportData, verdict: Verdict) -> Table:
    """One row a file: size, bits per weight, and the key metrics of every probe."""
    shown: list[tuple[ProbeData, Metric]] = []
    for probe in data.probes:
        metrics = probe.metrics
        shown += [(probe, metrics[name]) for name in probe.key_metrics if name in metrics]
    twice = {p.title for p in data.probes if sum(1 for q in data.probes if q.title == p.title) > 1}
    columns = [Column("File"), Column("Size", numeric=True), Column("Bits per weight", numeric=True)]
    judged = any(standing not in ("reference", "not measured") for standing in verdict.standing.values())
    if judged:
        columns.append(Column("Margins"))
    for probe, metric in shown:
        head = header(metric)
        of = [probe.probe_id] if probe.title in twice else []
        generic = metric.name in ("accuracy", "score")
        columns.append(
            Column(
                f"{probe.title}: {_lower(head.label)}" if generic else head.label,
                ", ".join([*of, head.sub]) if of else head.sub,
                True,
            )
        )
    rows = []
    ordered = data.by_size()
    for variant in ordered:
        row = [variant_cell(variant, verdict), _size_cell(variant), _bits_cell(variant)]
        if judged:
            row.append(_standing_cell(verdict.standing[variant.variant_id]))
        for probe, metric in shown:
            cell = probe.cells.get(variant.variant_id)
            own = cell.metrics.get(metric.name) if cell is not None else None
            if own is None and variant.is_base and cell is not None and cell.complete:
                row.append(Cell("reference", kind="missing"))
                continue
            row.append(
                metric_cell(own, cell, cell.against_base.get(metric.name) if cell is not None else None)
            )
        rows.append(tuple(row))
    highlight = next((i for i, v in enumerate(ordered) if v.variant_id == verdict.best_variant), None)
    return Table("All files at a glance", tuple(columns), tuple(rows), _main_notes(data, rows), highlight)


def _main_notes(data: ReportData, rows: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    notes = ["Below each number stands its 95 % interval."]
    if any(cell.mark == SAME for row in rows for cell in row):
        notes.append(f"{SAME} cannot be told apart from the base on the same items (5 %, Holm-corrected).")
    remarks: dict[str, list[str]] = {}
    for variant in data.by_size():
        for remark in _remarks(variant):
            remarks.setdefault(remark, []).append(variant.label)
    notes += [f"{', '.join(labels)}: {remark}." for remark, labels in remarks.items()]
    marked = [
        v.label
        for v in data.variants
        if v.requantized_from or any(n.startswith("requantized from") for n in v.notes)
    ]
    if marked:
        origin = data.requantized_from or "a quantized file"
        notes.append(f"Requantized from {origin}: {', '.join(marked)}.")
    return tuple(notes)


def _remarks(variant: VariantData) -> list[str]:
    # That files are requantized is said once for all of them.
    found = (
        [note for note in variant.notes if not note.startswith("requantized from")]
        if not variant.is_base
        else []
    )
    if variant.fallbacks and variant.matrices:
        found.append(
            f"{variant.fallbacks} of {variant.matrices} tensors have rows that the type's blocks do not divide "
            "and took another type"
        )
    if variant.problem:
        found.append(variant.problem.rstrip("."))
    return found


_STANDING = {
    "within": "good",
    "within as far as decided": "good",
    "beyond": "bad",
    "broken": "bad",
    "reference": "missing",
    "not measured": "missing",
}


def _standing_cell(standing: str) -> Cell:
    first, _, rest = standing.partition(" as ")
    return Cell(first, f"as {rest}" if rest else "", kind=_STANDING.get(standing, "open"))


def _size_cell(variant: VariantData) -> Cell:
    if variant.file_size is None:
        return Cell(MISSING, kind="missing")
    tags = ("predicted",) if variant.predicted else ()
    return Cell(size(variant.file_size), value=float(variant.file_size), kind="number", tags=tags)


def _bits_cell(variant: VariantData) -> Cell:
    if variant.bits_per_weight is None:
        return Cell(MISSING, kind="missing")
    return Cell(fixed(variant.bits_per_weight, 2), value=variant.bits_per_weight, kind="number")


def probe_table(data: ReportData, probe: ProbeData) -> Table | None:
    """Every metric of a probe: a row a metric, a column a file."""
    metrics = probe.metrics
    if not metrics:
        return None
    variants = [v for v in data.by_size() if v.variant_id in probe.cells]
    columns = [Column("Metric"), *(Column(v.label, "base" if v.is_base else "", True) for v in variants)]
    rows = []
    for name, example in metrics.items():
        head = header(example)
        row = [Cell(head.label, head.sub)]
        for variant in variants:
            cell = probe.cells[variant.variant_id]
            row.append(metric_cell(cell.metrics.get(name), cell, cell.against_base.get(name)))
        rows.append(tuple(row))
    n = [Cell("Observations")]
    for variant in variants:
        metric = next(iter(probe.cells[variant.variant_id].metrics.values()), None)
        n.append(
            Cell(fixed(metric.estimate.n, 0), value=float(metric.estimate.n), kind="number")
            if metric
            else Cell(MISSING, kind="missing")
        )
    rows.append(tuple(n))
    return Table(f"{probe.title}: all numbers", tuple(columns), tuple(rows), _unfinished_notes(data, probe))


def _unfinished_notes(data: ReportData, probe: ProbeData) -> tuple[str, ...]:
    return tuple(
        f"{data.variant(cell.variant_id).label}: {cell.reason}{f' {cell.hint}' if cell.hint else ''}"
        for cell in probe.cells.values()
        if cell.reason and cell.state != "waiting"
    )


def pair_table(data: ReportData, probe: ProbeData) -> Table | None:
    """All pairs in the deciding metric, those not told apart first."""
    if not probe.pairs:
        return None
    example = probe.metrics.get(probe.pairs[0].metric)
    share = is_share(example.estimate, example.unit) if example else None
    rows = []
    for pair in sorted(probe.pairs, key=lambda p: -p.comparison.p_adjusted):
        difference = pair.comparison.difference
        unit = example.unit if example else ""
        text = show(
            difference.estimate,
            unit="" if share else unit,
            digits=example.digits if example else 4,
            signed=True,
            share=bool(share),
        )
        apart = pair.comparison.told_apart
        rows.append(
            (
                Cell(f"{data.variant(pair.second).label} − {data.variant(pair.first).label}"),
                Cell(
                    f"{text.value}{text.unit}", text.interval, value=difference.estimate.value, kind="number"
                ),
                Cell(p_value(difference.p_value), value=difference.p_value, kind="number"),
                Cell(p_value(pair.comparison.p_adjusted), value=pair.comparison.p_adjusted, kind="number"),
                Cell("told apart" if apart else f"{SAME} not told apart", kind="text" if apart else "open"),
            )
        )
    label = _lower(example.label) if example else probe.pairs[0].metric
    test = probe.pairs[0].comparison.difference.test
    return Table(
        f"{probe.title}: differences in {label} between all files",
        (
            Column("Pair"),
            Column("Difference", "95 % interval", True),
            Column("p", test, True),
            Column("p corrected", "Holm", True),
            Column("Result"),
        ),
        tuple(rows),
    )


def threshold_table(checks: Sequence[Check], data: ReportData) -> Table | None:
    if not checks:
        return None
    labels = {v.variant_id: v.label for v in data.variants}
    examples = {(p.probe_id, name): m for p in data.probes for name, m in p.metrics.items()}
    rows = []
    for check in sorted(checks, key=lambda c: c.met):
        metric = next(
            (
                m
                for (probe, _), m in examples.items()
                if probe == check.probe_id and m.label and check.estimate is not None and _same(m, check)
            ),
            None,
        )
        number = Cell(MISSING, kind="missing")
        if check.estimate is not None:
            text = show(
                check.estimate, unit=metric.unit if metric else "", digits=metric.digits if metric else 4
            )
            number = Cell(
                f"{text.value}{text.unit}", text.interval, value=check.estimate.value, kind="number"
            )
        share = check.estimate is not None and is_share(check.estimate, metric.unit if metric else "")
        bound = f"{check.bound * 100:g} %" if share else f"{check.bound:g}"
        kind = "good" if check.met and check.certain else "open" if check.met else "bad"
        rows.append(
            (
                Cell(check.name, check.label),
                Cell(labels.get(check.variant_id, check.variant_id) or MISSING),
                Cell(f"{'≤' if check.side == 'max' else '≥'} {bound}", value=check.bound, kind="number"),
                number,
                Cell(check.status, kind=kind, meaning=check.message),
            )
        )
    return Table(
        "Thresholds of the study",
        (
            Column("Threshold"),
            Column("File"),
            Column("Bound", numeric=True),
            Column("Measured", "95 % interval", True),
            Column("Result"),
        ),
        tuple(rows),
        ("Met: the value is on the right side of the bound; “uncertain”: the interval reaches across it.",),
    )


def _same(metric: Metric, check: Check) -> bool:
    from lab_app.probes.thresholds import THRESHOLDS

    rule = THRESHOLDS.get(check.name)
    return rule is not None and rule.metric == metric.name


def failure_table(data: ReportData) -> Table | None:
    if not data.failures:
        return None
    rows = [(Cell(f.title), Cell(f.state, kind="bad"), Cell(f.message, f.hint)) for f in data.failures]
    return Table("Jobs that did not succeed", (Column("Job"), Column("State"), Column("Why")), tuple(rows))


def imatrix_tables(data: ReportData) -> list[Table]:
    """Summary of the importance matrix, and its tensors with the least data first."""
    matrix = data.imatrix
    if matrix is None or not matrix.summary:
        return []
    s = matrix.summary
    labels = (
        ("tokens", "Calibration tokens"),
        ("chunks", "Chunks read"),
        ("chunks_asked", "Chunks asked for"),
        ("context", "Tokens in a chunk"),
        ("entries", "Entries"),
        ("tensors", "Matrices in the model"),
        ("experts_unseen", "Experts never activated"),
    )
    rows = [
        (Cell(label), Cell(fixed(float(s[key]), 0), value=float(s[key]), kind="number"))
        for key, label in labels
        if isinstance(s.get(key), int)
    ]
    if isinstance(s.get("uncovered"), list):
        rows.append(
            (
                Cell("Matrices without data"),
                Cell(str(len(s["uncovered"])), value=float(len(s["uncovered"])), kind="number"),
            )
        )
    if s.get("text_sha256"):
        rows.append((Cell("Calibration text (sha256)"), Cell(str(s["text_sha256"]), kind="code")))
    found = [Table("Importance matrix", (Column("What"), Column("Value", numeric=True)), tuple(rows))]
    if matrix.rows:
        lines = []
        for row in sorted(
            matrix.rows,
            key=lambda r: (
                bool(r.get("covered")),
                -int(r.get("experts_unseen") or 0),
                int(r.get("tokens") or 0),
            ),
        ):
            covered = bool(row.get("covered"))
            experts = int(row.get("experts") or 1)
            lines.append(
                (
                    Cell(str(row.get("tensor")), kind="code"),
                    Cell("yes" if covered else "no data", kind="text" if covered else "bad"),
                    Cell(
                        fixed(float(row.get("tokens") or 0), 0),
                        value=float(row.get("tokens") or 0),
                        kind="number",
                    ),
                    Cell(
                        f"{row.get('experts_unseen')} of {experts}" if experts > 1 else MISSING,
                        kind="number" if experts > 1 else "missing",
                    ),
                )
            )
        found.append(
            Table(
                f"What the importance matrix covers ({count(len(lines), 'matrix', 'matrices')}, least data first)",
                (
                    Column("Matrix"),
                    Column("Covered"),
                    Column("Tokens", numeric=True),
                    Column("Experts never activated", numeric=True),
                ),
                tuple(lines),
            )
        )
    return found


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:] if len(label) > 1 and not label[1].isupper() else label

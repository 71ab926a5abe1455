"""A study's [thresholds] against what was measured.

The names, and the metric each one bounds, stand in :data:`lab_app.probes.thresholds.THRESHOLDS`. A threshold
is met when the *value* lies on the right side of the bound (as a reader of the table would decide it).
Where the interval reaches across the bound the outcome is marked uncertain: more measuring could turn it.
What was not measured is not met: a check in CI must not pass because a job failed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lab_app.probes.base import Metric
from lab_app.probes.thresholds import THRESHOLDS, Threshold
from lab_app.reports.model import ReportData, VariantData
from lab_app.reports.numbers import MISSING, is_share, show_metric
from lab_app.reports.table import Cell, Column, Table
from lab_app.reports.words import paragraph
from lab_app.stats.estimate import Estimate
from lab_app.system.translation import note, translate

STATUSES = (
    note("reports", "not measured"),
    note("reports", "met"),
    note("reports", "met, uncertain"),
    note("reports", "not met"),
    note("reports", "not met, uncertain"),
)


@dataclass(frozen=True, slots=True)
class Check:
    """One threshold on one variant.

    metric: None where nothing was measured (then ``met`` is false).
    met: the value is on the right side. certain: the whole interval is on one side.
    """

    name: str
    label: str
    side: str
    bound: float
    probe_id: str
    variant_id: str
    metric: Metric | None
    met: bool
    certain: bool
    message: str

    @property
    def status(self) -> str:
        """One of :data:`STATUSES`, whatever the language."""
        if self.metric is None:
            return "not measured"
        return ("met" if self.met else "not met") + ("" if self.certain else ", uncertain")

    def to_json(self) -> dict[str, Any]:
        estimate = self.metric.estimate.to_json() if self.metric is not None else None
        return {
            "name": self.name, "label": self.label, "side": self.side, "bound": self.bound,
            "probe": self.probe_id, "variant": self.variant_id, "estimate": estimate,
            "met": self.met, "certain": self.certain, "status": self.status, "message": self.message,
        }  # fmt: skip


def check(data: ReportData) -> tuple[Check, ...]:
    """Every threshold of the study on every variant but the base, for each probe that measures it."""
    found: list[Check] = []
    for name, bound in data.study.thresholds.items():
        rule = THRESHOLDS.get(name)
        if rule is None:
            message = translate("reports", "There is no threshold named {0}.").format(name)
            found.append(Check(name, name, "max", float(bound), "", "", None, False, True, message))
            continue
        for variant in data.variants:
            if not variant.is_base:
                found += _check(data, rule, float(bound), variant)
    return tuple(found)


def _check(data: ReportData, rule: Threshold, bound: float, variant: VariantData) -> Iterator[Check]:
    """One threshold on one variant, once for each probe of the rule's kind."""
    label = translate("probes", rule.label)

    def outcome(probe_id: str, metric: Metric | None, met: bool, certain: bool, message: str) -> Check:
        return Check(
            rule.name,
            label,
            rule.side,
            bound,
            probe_id,
            variant.variant_id,
            metric,
            met,
            certain,
            message,
        )

    probes = [probe for probe in data.probes if probe.probe == rule.probe]
    if not probes:
        message = translate("reports", "{0}: the study has no probe “{1}”.").format(rule.name, rule.probe)
        yield outcome(rule.probe, None, False, True, message)
    for probe in probes:
        cell = probe.cells.get(variant.variant_id)
        metric = cell.metrics.get(rule.metric) if cell is not None else None
        if metric is None:
            why = cell.reason if cell is not None else ""
            text = translate("reports", "{0}: {1} was not measured.")
            message = paragraph(text.format(variant.label, label), why)
            yield outcome(probe.probe_id, None, False, True, message)
            continue
        met, certain = holds(rule.side, bound, metric.estimate)
        relation = {
            ("max", True): translate("reports", "{0}: {1} is {2}, at most {3}"),
            ("max", False): translate("reports", "{0}: {1} is {2}, above {3}"),
            ("min", True): translate("reports", "{0}: {1} is {2}, at least {3}"),
            ("min", False): translate("reports", "{0}: {1} is {2}, below {3}"),
        }[rule.side, met]
        message = relation.format(variant.label, label, _number(metric), _bound(bound, metric))
        if certain:
            message = translate("reports", "{0}.").format(message)
        elif metric.estimate.alone:
            message = translate("reports", "{0}, but one measurement has no interval.").format(message)
        else:
            message = translate("reports", "{0}, but the interval reaches across the bound.").format(message)
        yield outcome(probe.probe_id, metric, met, certain, message)


def holds(side: str, bound: float, estimate: Estimate) -> tuple[bool, bool]:
    """(met by the value, the whole interval agrees)."""
    if not math.isfinite(estimate.value):
        return False, True
    if estimate.alone:
        return estimate.value <= bound if side == "max" else estimate.value >= bound, False
    if side == "max":
        met = estimate.value <= bound
        return met, (estimate.hi <= bound) if met else (estimate.lo > bound)
    met = estimate.value >= bound
    return met, (estimate.lo >= bound) if met else (estimate.hi < bound)


def _number(metric: Metric) -> str:
    return (
        str(show_metric(metric))
        if math.isfinite(metric.estimate.value)
        else translate("reports", "not a number")
    )


def _bound(bound: float, metric: Metric | None) -> str:
    share = metric is not None and is_share(metric.estimate, metric.unit)
    return f"{bound * 100:g} %" if share else f"{bound:g}"


def threshold_table(checks: Sequence[Check], data: ReportData) -> Table | None:
    """Those not met first."""
    if not checks:
        return None
    labels = {v.variant_id: v.label for v in data.variants}
    examples = {check.name: check.metric for check in checks if check.metric is not None}
    rows = []
    for check in sorted(checks, key=lambda c: c.met):
        number = Cell(MISSING, kind="missing")
        if check.metric is not None:
            text = show_metric(check.metric)
            value = check.metric.estimate.value
            number = Cell(f"{text.value}{text.unit}", text.interval, value=value, kind="number")
        bound = f"{'≤' if check.side == 'max' else '≥'} {_bound(check.bound, examples.get(check.name))}"
        kind = "bad" if not check.met else "good" if check.certain else "open"
        rows.append(
            (
                Cell(check.name, check.label),
                Cell(labels.get(check.variant_id) or MISSING),
                Cell(bound, value=check.bound, kind="number"),
                number,
                Cell(translate("reports", check.status), kind=kind, meaning=check.message),
            )
        )
    return Table(
        translate("reports", "Thresholds of the study"),
        (
            Column(translate("reports", "Threshold")),
            Column(translate("reports", "File")),
            Column(translate("reports", "Bound"), numeric=True),
            Column(translate("reports", "Measured"), translate("reports", "95 % interval"), True),
            Column(translate("reports", "Result")),
        ),
        tuple(rows),
        (
            translate(
                "reports",
                "Met: the value is on the right side of the bound; “uncertain”: the interval reaches across it.",
            ),
        ),
    )

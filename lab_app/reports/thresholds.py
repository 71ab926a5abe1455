"""A study's [thresholds] against what was measured.

The names, and the metric each one bounds, stand in :data:`lab_app.probes.thresholds.THRESHOLDS`. A threshold
is met when the *value* lies on the right side of the bound (as a reader of the table would decide it).
Where the interval reaches across the bound the outcome is marked uncertain: more measuring could turn it.
What was not measured is not met: a check in CI must not pass because a job failed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from lab_app.probes.base import Metric
from lab_app.probes.thresholds import THRESHOLDS, Threshold
from lab_app.reports.model import ReportData
from lab_app.reports.numbers import is_share, show_metric
from lab_app.stats.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Check:
    """One threshold on one variant.

    met: the value is on the right side. certain: the whole interval is on one side.
    estimate: None where nothing was measured (then ``met`` is false).
    """

    name: str
    label: str
    side: str
    bound: float
    probe_id: str
    variant_id: str
    estimate: Estimate | None
    met: bool
    certain: bool
    message: str

    @property
    def status(self) -> str:
        if self.estimate is None:
            return "not measured"
        return ("met" if self.met else "not met") + ("" if self.certain else ", uncertain")

    def to_json(self) -> dict[str, Any]:
        estimate = self.estimate.to_json() if self.estimate is not None else None
        return {
            "name": self.name, "label": self.label, "side": self.side, "bound": self.bound,
            "probe": self.probe_id, "variant": self.variant_id, "estimate": estimate,
            "met": self.met, "certain": self.certain, "status": self.status, "message": self.message,
        }  # fmt: skip


def check(data: ReportData) -> tuple[Check, ...]:
    """Every threshold of the study on every variant but the base, for each probe that measures it."""
    found = []
    for name, bound in data.study.thresholds.items():
        rule = THRESHOLDS.get(name)
        if rule is None:
            found.append(_unknown(name, float(bound)))
            continue
        probes = [probe for probe in data.probes if probe.probe == rule.probe]
        for variant in data.variants:
            if variant.is_base:
                continue
            if not probes:
                why = f"{name}: the study has no probe “{rule.probe}”."
                found.append(
                    _check(rule, float(bound), rule.probe, variant.variant_id, variant.label, None, why)
                )
            for probe in probes:
                cell = probe.cells.get(variant.variant_id)
                metric = cell.metrics.get(rule.metric) if cell is not None else None
                why = f"{variant.label}: {rule.label} was not measured. {cell.reason if cell else ''}".strip()
                found.append(
                    _check(rule, float(bound), probe.probe_id, variant.variant_id, variant.label, metric, why)
                )
    return tuple(found)


def holds(rule: Threshold, bound: float, estimate: Estimate) -> tuple[bool, bool]:
    """(met by the value, the whole interval agrees)."""
    if not math.isfinite(estimate.value):
        return False, True
    if rule.side == "max":
        met = estimate.value <= bound
        return met, (estimate.hi <= bound) if met else (estimate.lo > bound)
    met = estimate.value >= bound
    return met, (estimate.lo >= bound) if met else (estimate.hi < bound)


def _check(
    rule: Threshold, bound: float, probe_id: str, variant_id: str, label: str, metric: Metric | None, why: str
) -> Check:
    if metric is None:
        return Check(rule.name, rule.label, rule.side, bound, probe_id, variant_id, None, False, True, why)
    met, certain = holds(rule, bound, metric.estimate)
    share = is_share(metric.estimate, metric.unit)
    limit = f"{bound * 100:g} %" if share else f"{bound:g}"
    relation = {
        ("max", True): "at most", ("max", False): "above",
        ("min", True): "at least", ("min", False): "below",
    }[rule.side, met]  # fmt: skip
    message = f"{label}: {rule.label} is {show_metric(metric)}, {relation} {limit}"
    message += "." if certain else ", but the interval reaches across the bound."
    return Check(
        rule.name, rule.label, rule.side, bound, probe_id, variant_id, metric.estimate, met, certain, message
    )


def _unknown(name: str, bound: float) -> Check:
    return Check(name, name, "max", bound, "", "", None, False, True, f"There is no threshold named {name}.")

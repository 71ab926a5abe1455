"""When a file counts as good enough: one criterion per deciding metric, one assessment per file.

The margins (used where the study states no [thresholds] of its own for a probe):

=============  ==================================================================  =============
probe          a file stays within the margin when                                 broken when
=============  ==================================================================  =============
divergence     mean KL divergence ≤ 0.05 nats, and perplexity ≤ 1.03 × the base's  > 1 nat, > 2 ×
any other      its headline is at most 5 points (a share) or 5 % (any other        less than half
               number) worse than the base's, on the same items                    of the base's
=============  ==================================================================  =============

The margins are conventions of this lab, not laws: about what a good 4-to-5-bit file of a model of several
billion parameters shows. A criterion is decided by the whole 95 % interval, never by the value alone:
``within`` (all of it inside), ``beyond`` (all of it outside), ``undecided`` (it reaches across).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lab_app.probes.thresholds import THRESHOLDS
from lab_app.reports.model import DISTANCES, CellData, ProbeData, ReportData, VariantData
from lab_app.reports.numbers import is_share, show
from lab_app.stats.estimate import Estimate

MARGIN = 0.05
"""Loss against the base that still counts as good enough: points of a share, or part of another number."""


@dataclass(frozen=True, slots=True)
class Bound:
    metric: str
    side: str
    limit: float
    broken: float | None = None


DEFAULT_BOUNDS: dict[str, tuple[Bound, ...]] = {
    "divergence": (Bound("kld_mean", "max", 0.05, 1.0), Bound("ppl_ratio", "max", 1.03, 2.0)),
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One bound on one metric of one probe. ``relative``: the bound is on the loss against the base.

    side: for a relative one always ``max``, of the loss (positive: worse). share: numbers are in percent.
    stated: it comes from the study's [thresholds].
    """

    probe_id: str
    title: str
    metric: str
    label: str
    unit: str
    digits: int
    side: str
    limit: float
    broken: float | None
    relative: bool
    share: bool
    stated: bool

    @property
    def limit_text(self) -> str:
        """``0.05 nats`` or ``5 points``."""
        if self.share:
            return f"{self.limit * 100:g} {'points' if self.relative else '%'}"
        return f"{self.limit:.4g} {self.unit}".strip()

    @property
    def words(self) -> str:
        """``mean KL divergence at most 0.05 nats``."""
        if self.relative:
            return f"“{self.title}” at most {self.limit_text} worse than the base"
        return f"{_lower(self.label)} {'at most' if self.side == 'max' else 'at least'} {self.limit_text}"


@dataclass(frozen=True, slots=True)
class Assessment:
    """How one file stands to one criterion.

    status: ``within``, ``undecided``, ``beyond``, ``broken``, ``missing`` or ``reference`` (the base itself).
    worse: told apart from the base for the worse (None where the metric is a distance or has no comparison).
    quantity: what was held against the limit (the value, or the loss).
    """

    variant_id: str
    criterion: Criterion
    status: str
    worse: bool | None
    quantity: Estimate | None
    estimate: Estimate | None

    @property
    def text(self) -> str:
        """``mean KL divergence 0.041 (0.036 to 0.046) nats``, or the loss: ``“Sums” 12 points worse (3 to 21)``."""
        c, quantity = self.criterion, self.quantity
        if quantity is None:
            return f"“{c.title}” not measured"
        if not c.relative:
            number = show(quantity, unit="" if c.share else c.unit, digits=c.digits, share=c.share)
            return f"{_lower(c.label)} {number}{f' {c.unit}' if c.unit and not c.share else ''}"
        better = quantity.value < 0.0
        loss = _negative(quantity) if better else quantity
        number = show(loss, digits=c.digits, share=c.share, signed=True)
        unit = number.unit or f" {c.unit}".rstrip()
        return f"“{c.title}” {number.value.lstrip('+')}{unit} {'better' if better else 'worse'} ({number.interval})"


def _negative(e: Estimate) -> Estimate:
    return Estimate(-e.value, -e.hi, -e.lo, e.n, e.method, e.level, e.se)


@dataclass(frozen=True, slots=True)
class Silent:
    """A probe that cannot show a loss, and why."""

    probe_id: str
    title: str
    why: str


def _lower(label: str) -> str:
    """First letter small, unless the word is an abbreviation."""
    return label[:1].lower() + label[1:] if len(label) > 1 and not label[1].isupper() else label


def criteria(data: ReportData) -> tuple[list[Criterion], list[Silent]]:
    """What decides, and the probes that cannot."""
    found: list[Criterion] = []
    silent: list[Silent] = []
    for probe in data.probes:
        stated = [
            rule
            for name, rule in THRESHOLDS.items()
            if name in data.study.thresholds and rule.probe == probe.probe
        ]
        bounds = [Bound(r.metric, r.side, float(data.study.thresholds[r.name])) for r in stated]
        metrics = probe.metrics
        if not bounds and not probe.quality:
            continue
        for bound in bounds or DEFAULT_BOUNDS.get(probe.probe, ()):
            if (metric := metrics.get(bound.metric)) is not None:
                found.append(
                    Criterion(
                        probe.probe_id, probe.title, bound.metric, metric.label, metric.unit, metric.digits, bound.side,
                        bound.limit, bound.broken, False, is_share(metric.estimate, metric.unit), bool(bounds),
                    )
                )  # fmt: skip
        if not bounds and probe.probe not in DEFAULT_BOUNDS:
            found += _relative(data, probe, silent)
    return found, silent


def _relative(data: ReportData, probe: ProbeData, silent: list[Silent]) -> list[Criterion]:
    """The headline's loss against the base."""
    base = data.base
    cell = probe.cells.get(base.variant_id) if base is not None else None
    metric = cell.metrics.get(probe.headline) if cell is not None else None
    if metric is None or metric.better not in ("higher", "lower"):
        return []
    share = is_share(metric.estimate, metric.unit)
    limit = MARGIN if share else MARGIN * abs(metric.estimate.value)
    if metric.better == "higher" and metric.estimate.value <= limit:
        number = show(metric.estimate, unit=metric.unit, digits=metric.digits)
        why = f"the base itself reaches only {number}, so there is next to nothing to lose"
        silent.append(Silent(probe.probe_id, probe.title, why))
        return []
    return [
        Criterion(
            probe.probe_id, probe.title, probe.headline, metric.label, metric.unit, metric.digits, "max", limit, None,
            True, share, False,
        )
    ]  # fmt: skip


def assess(data: ReportData, variant: VariantData, criterion: Criterion) -> Assessment:
    probe = next(p for p in data.probes if p.probe_id == criterion.probe_id)
    cell = probe.cells.get(variant.variant_id)
    metric = cell.metrics.get(criterion.metric) if cell is not None else None
    estimate = metric.estimate if metric is not None else None
    if variant.is_base and (criterion.relative or estimate is None):
        return Assessment(variant.variant_id, criterion, "reference", None, None, estimate)
    if cell is None or estimate is None:
        return Assessment(variant.variant_id, criterion, "missing", None, None, None)
    worse = _worse(cell, criterion, metric.better if metric is not None else "")
    if not criterion.relative:
        status = _status(estimate, criterion.side, criterion.limit, criterion.broken)
        return Assessment(variant.variant_id, criterion, status, worse, estimate, estimate)
    comparison = cell.against_base.get(criterion.metric)
    if comparison is None:
        return Assessment(variant.variant_id, criterion, "missing", None, None, estimate)
    loss = comparison.difference.estimate
    if metric is not None and metric.better == "higher":
        loss = _negative(loss)
    status = _status(loss, "max", criterion.limit, None)
    base = data.base
    reference = probe.cells[base.variant_id].metrics[criterion.metric].estimate if base is not None else None
    if (
        reference is not None
        and worse
        and metric is not None
        and _collapsed(estimate, reference, metric.better)
    ):
        status = "broken"
    return Assessment(variant.variant_id, criterion, status, worse, loss, estimate)


def _status(estimate: Estimate, side: str, limit: float, broken: float | None) -> str:
    if not math.isfinite(estimate.value):
        return "broken"
    if side == "max":
        if broken is not None and estimate.lo > broken:
            return "broken"
        return "within" if estimate.hi <= limit else "beyond" if estimate.lo > limit else "undecided"
    return "within" if estimate.lo >= limit else "beyond" if estimate.hi < limit else "undecided"


def _collapsed(estimate: Estimate, reference: Estimate, better: str) -> bool:
    """Less than half of what the base reaches (more than twice, where lower is better), by both intervals."""
    if better == "higher":
        return estimate.hi < 0.5 * reference.lo
    return estimate.lo > 2.0 * reference.hi


def _worse(cell: CellData, criterion: Criterion, better: str) -> bool | None:
    comparison = cell.against_base.get(criterion.metric)
    if comparison is None or criterion.metric in DISTANCES or not better:
        return None
    value = comparison.difference.estimate.value
    return comparison.told_apart and (value < 0 if better == "higher" else value > 0)

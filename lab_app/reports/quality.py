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
from dataclasses import dataclass, replace

from lab_app.probes.base import Metric
from lab_app.probes.thresholds import THRESHOLDS
from lab_app.reports.model import DISTANCES, CellData, ProbeData, ReportData, VariantData
from lab_app.reports.numbers import is_share, show, show_metric, unit_text
from lab_app.reports.words import lower_first
from lab_app.stats.estimate import Estimate
from lab_app.system.translation import translate

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

    example: any file's metric, for its label, unit and digits. side: for a relative one always ``max``, of the
    loss (positive: worse). broken: beyond this the file is broken. stated: it comes from the study's [thresholds].
    """

    probe_id: str
    title: str
    example: Metric
    side: str
    limit: float
    broken: float | None = None
    relative: bool = False
    stated: bool = False

    @property
    def metric(self) -> str:
        return self.example.name

    @property
    def share(self) -> bool:
        """Whether numbers are in percent, and losses in points."""
        return is_share(self.example.estimate, self.example.unit)

    @property
    def unit(self) -> str:
        return "" if self.share else self.example.unit

    @property
    def room(self) -> float | None:
        """How far the limit lies from what a file without any loss shows; None where that is not known."""
        if self.relative or (self.metric in DISTANCES and self.example.better == "lower"):
            return self.limit
        return self.limit - 1.0 if self.metric == "ppl_ratio" else None

    @property
    def limit_text(self) -> str:
        """``0.05 nats`` or ``5 points``."""
        if self.share:
            amount = f"{self.limit * 100:g}"
            return translate("reports", "{0} points").format(amount) if self.relative else f"{amount} %"
        return f"{self.limit:.4g} {unit_text(self.unit)}".rstrip()

    @property
    def mark(self) -> str:
        """What stands at its line in a figure: ``margin 0.05``."""
        amount = self.limit_text if self.share else f"{self.limit:.4g}"
        if self.stated:
            return translate("reports", "threshold {0}").format(amount)
        return translate("reports", "margin {0}").format(amount)

    @property
    def words(self) -> str:
        """``mean KL divergence at most 0.05 nats``."""
        if self.relative:
            text = translate("reports", "“{0}” at most {1} worse than the base")
            return text.format(self.title, self.limit_text)
        if self.side == "max":
            text = translate("reports", "{0} at most {1}")
        else:
            text = translate("reports", "{0} at least {1}")
        return text.format(lower_first(self.example.label), self.limit_text)


@dataclass(frozen=True, slots=True)
class Assessment:
    """How one file stands to one criterion.

    status: ``within``, ``undecided``, ``beyond``, ``broken``, ``missing`` or ``reference`` (the base itself).
    quantity: what was held against the limit (the value, or the loss).
    worse: told apart from the base for the worse (None where the metric is a distance or has no comparison).
    """

    variant_id: str
    criterion: Criterion
    status: str
    quantity: Estimate | None = None
    worse: bool | None = None

    @property
    def text(self) -> str:
        """``mean KL divergence 0.041 (0.036–0.046) nats``, or the loss: ``“Sums” 12 points worse (3–21)``."""
        c, quantity = self.criterion, self.quantity
        if quantity is None:
            return translate("reports", "“{0}” not measured").format(c.title)
        if not math.isfinite(quantity.value):
            quoted = translate("reports", "“{0}”").format(c.title)
            what = quoted if c.relative else lower_first(c.example.label)
            return translate("reports", "{0} is not a number").format(what)
        if not c.relative:
            number = show(quantity, digits=c.example.digits, share=c.share)
            return f"{lower_first(c.example.label)} {number} {unit_text(c.unit)}".rstrip()
        better = quantity.value < 0.0
        number = show(
            _negative(quantity) if better else quantity, digits=c.example.digits, share=c.share, signed=True
        )
        amount = f"{number.value.lstrip('+')}{number.unit} {unit_text(c.unit)}".rstrip()
        interval = f" ({number.interval})" if number.interval else ""
        text = (
            translate("reports", "“{0}” {1} better{2}")
            if better
            else translate("reports", "“{0}” {1} worse{2}")
        )
        return text.format(c.title, amount, interval)


def _negative(e: Estimate) -> Estimate:
    return replace(e, value=-e.value, lo=-e.hi, hi=-e.lo)


@dataclass(frozen=True, slots=True)
class Silent:
    """A probe that cannot show a loss, and why."""

    probe_id: str
    title: str
    why: str


def criteria(data: ReportData) -> tuple[list[Criterion], list[Silent]]:
    """What decides, and the probes that cannot."""
    found: list[Criterion] = []
    silent: list[Silent] = []
    for probe in data.probes:
        stated = [
            Bound(rule.metric, rule.side, float(data.study.thresholds[name]))
            for name, rule in THRESHOLDS.items()
            if name in data.study.thresholds and rule.probe == probe.probe
        ]
        if stated:
            found += _absolute(data, probe, stated, stated=True)
        elif probe.quality and probe.probe in DEFAULT_BOUNDS:
            found += _absolute(data, probe, DEFAULT_BOUNDS[probe.probe], stated=False)
        elif probe.quality:
            match _relative(data, probe):
                case Criterion() as criterion:
                    found.append(criterion)
                case Silent() as why:
                    silent.append(why)
    return found, silent


def _absolute(
    data: ReportData, probe: ProbeData, bounds: list[Bound] | tuple[Bound, ...], *, stated: bool
) -> list[Criterion]:
    examples, title = probe.metrics, data.title(probe)
    return [
        Criterion(probe.probe_id, title, examples[b.metric], b.side, b.limit, b.broken, stated=stated)
        for b in bounds
        if b.metric in examples
    ]


def _relative(data: ReportData, probe: ProbeData) -> Criterion | Silent | None:
    """The headline's loss against the base; None where the base has no such number."""
    metric = _of_base(data, probe, probe.headline)
    if metric is None or metric.better not in ("higher", "lower") or not math.isfinite(metric.estimate.value):
        return None
    limit = MARGIN if is_share(metric.estimate, metric.unit) else MARGIN * abs(metric.estimate.value)
    if metric.better == "higher" and metric.estimate.value <= limit:
        why = translate(
            "reports", "the base itself reaches only {0}, so there is next to nothing to lose"
        ).format(show_metric(metric))
        return Silent(probe.probe_id, data.title(probe), why)
    return Criterion(probe.probe_id, data.title(probe), metric, "max", limit, relative=True)


def _of_base(data: ReportData, probe: ProbeData, name: str) -> Metric | None:
    cell = probe.cells.get(data.base.variant_id) if data.base is not None else None
    return cell.metrics.get(name) if cell is not None else None


def assess(data: ReportData, variant: VariantData, criterion: Criterion) -> Assessment:
    probe = data.probe(criterion.probe_id)
    cell = probe.cells.get(variant.variant_id)
    metric = cell.metrics.get(criterion.metric) if cell is not None else None
    if variant.is_base and (criterion.relative or metric is None):
        return Assessment(variant.variant_id, criterion, "reference")
    missing = Assessment(variant.variant_id, criterion, "missing")
    if cell is None or metric is None:
        return missing
    worse = _worse(cell, metric)
    if not criterion.relative:
        return Assessment(
            variant.variant_id, criterion, _status(metric.estimate, criterion), metric.estimate, worse
        )
    comparison = cell.against_base.get(criterion.metric)
    if comparison is None:
        return missing
    difference = comparison.difference.estimate
    loss = _negative(difference) if metric.better == "higher" else difference
    status = _status(loss, criterion)
    base = _of_base(data, probe, criterion.metric)
    if worse and base is not None and _collapsed(metric, base):
        status = "broken"
    return Assessment(variant.variant_id, criterion, status, loss, worse)


def _status(estimate: Estimate, criterion: Criterion) -> str:
    if not math.isfinite(estimate.value):
        return "broken"
    if estimate.alone:
        return "undecided"
    if criterion.side == "min":
        outside, inside = estimate.hi < criterion.limit, estimate.lo >= criterion.limit
    else:
        outside, inside = estimate.lo > criterion.limit, estimate.hi <= criterion.limit
        if criterion.broken is not None and estimate.lo > criterion.broken:
            return "broken"
    return "within" if inside else "beyond" if outside else "undecided"


def _collapsed(metric: Metric, base: Metric) -> bool:
    """Less than half of what the base reaches (more than twice, where lower is better), by both intervals."""
    if metric.estimate.alone or base.estimate.alone:
        return False
    if metric.better == "higher":
        return metric.estimate.hi < 0.5 * base.estimate.lo
    return metric.estimate.lo > 2.0 * base.estimate.hi


def _worse(cell: CellData, metric: Metric) -> bool | None:
    comparison = cell.against_base.get(metric.name)
    if comparison is None or metric.name in DISTANCES or not metric.better:
        return None
    value = comparison.difference.estimate.value
    return comparison.told_apart and (value < 0 if metric.better == "higher" else value > 0)

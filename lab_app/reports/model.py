"""What a report is made from: a study with everything that is known about it, complete or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lab_app.figures import Figure
from lab_app.probes.base import Metric
from lab_app.stats.estimate import PairedDifference
from lab_app.store.records import Sample, StudyRecord

DISTANCES = frozenset(
    {"kld_mean", "kld_median", "kld_p90", "kld_p95", "kld_p99", "kld_p999", "kld_max", "same_top", "dp_rms"}
)
"""Metrics that are themselves distances from the base: every other file differs from it by definition, so
"told apart from the base" says nothing; they are compared between variants only."""

LEVEL = 0.05
"""Holm-adjusted p-values below this count as told apart."""

UNQUANTIZED = frozenset({"F32", "F16", "BF16"})

REQUANTIZED = "requantized from "
"""How the note begins that marks a file made from a quantized one."""


@dataclass(frozen=True, slots=True)
class VariantData:
    """One compared file under engine settings.

    file_size, bits_per_weight: None while unknown; ``predicted``: they come from a dry run, not from the file.
    fallbacks: matrices that could not take the type of the file's name, of ``matrices`` tensors in all.
    memory: bytes it is expected to take while it runs, estimated.
    problem: why there is no file (its job failed).
    """

    variant_id: str
    label: str
    is_base: bool
    quant: str | None
    file_name: str
    path: str | None
    sha256: str | None
    file_size: int | None
    bits_per_weight: float | None
    predicted: bool = False
    notes: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    requantized_from: str | None = None
    fallbacks: int | None = None
    matrices: int | None = None
    used_imatrix: bool | None = None
    memory: int | None = None
    problem: str | None = None

    @property
    def requantized(self) -> bool:
        return bool(self.requantized_from) or any(note.startswith(REQUANTIZED) for note in self.notes)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A paired difference with its p-value adjusted (Holm) for the others of its family."""

    difference: PairedDifference
    p_adjusted: float

    @property
    def told_apart(self) -> bool:
        return self.p_adjusted < LEVEL


@dataclass(frozen=True, slots=True)
class CellData:
    """One probe on one variant.

    state: ``done``, ``running``, ``partial`` (stopped, has samples), ``waiting``, ``failed``, ``blocked``,
    ``cancelled``. Metrics are there wherever samples are, also of a failed run.
    against_base: metric → paired difference (this − base).
    content: each of its jobs with the number of its samples. Samples are only ever added, so that equal contents of
        two readings of one store are equal samples.
    """

    probe_id: str
    variant_id: str
    job_key: str
    state: str
    reason: str = ""
    hint: str = ""
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    against_base: Mapping[str, Comparison] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    finished: float | None = None
    seconds: float | None = None
    samples: Sequence[Sample] = ()
    content: tuple[tuple[str, int], ...] = ()

    @property
    def complete(self) -> bool:
        return self.state == "done"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two variants on the same items: ``second`` − ``first`` in the probe's deciding metric."""

    first: str
    second: str
    metric: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Powerless:
    """``items`` of a probe are too few to tell anything apart in ``comparisons`` (all pairs of files, or those with
    the base), whatever is measured. with_base: those with the base alone are few enough, and are the ones made."""

    items: int
    comparisons: int
    with_base: bool


@dataclass(frozen=True, slots=True)
class ProbeData:
    """One probe of the study over all variants.

    key_metrics: those of the main table. quality: whether it says how good a file is (not how fast).
    powerless: set where the items are too few for comparing all pairs.
    problem: why nothing could be summarised (the probe is not installed).
    """

    probe_id: str
    probe: str
    title: str
    question: str
    headline: str
    key_metrics: tuple[str, ...]
    quality: bool
    spec: Mapping[str, Any]
    figures: tuple[Figure, ...]
    cells: Mapping[str, CellData]
    pairs: tuple[Pair, ...] = ()
    powerless: Powerless | None = None
    problem: str | None = None

    @property
    def metrics(self) -> dict[str, Metric]:
        """One example of every metric that any variant has, in order of appearance."""
        found: dict[str, Metric] = {}
        for cell in self.cells.values():
            for name, metric in cell.metrics.items():
                found.setdefault(name, metric)
        return found


@dataclass(frozen=True, slots=True)
class FailureData:
    """A job of the study that did not succeed, and why."""

    title: str
    kind: str
    state: str
    message: str
    hint: str
    job_key: str


@dataclass(frozen=True, slots=True)
class ImatrixData:
    """Importance matrix: state of its job, summary, and rows ``{tensor, covered, tokens, experts, experts_unseen}``."""

    state: str
    summary: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, Any], ...] = ()
    sha256: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ReportData:
    """A study as far as it has come. ``machine``: :func:`lab_app.system.host.info` of this machine."""

    study: StudyRecord
    created: float
    version: str
    variants: tuple[VariantData, ...]
    probes: tuple[ProbeData, ...]
    failures: tuple[FailureData, ...]
    unfinished: int
    imatrix: ImatrixData | None
    machine: Mapping[str, Any]

    def variant(self, variant_id: str) -> VariantData:
        return next(v for v in self.variants if v.variant_id == variant_id)

    def probe(self, probe_id: str) -> ProbeData:
        return next(p for p in self.probes if p.probe_id == probe_id)

    @property
    def base(self) -> VariantData | None:
        return next((v for v in self.variants if v.is_base), None)

    @property
    def requantized_from(self) -> str | None:
        """Type of the base's own weights where they were quantized already."""
        base = self.base
        if base is not None and base.quant and base.quant.upper() not in UNQUANTIZED:
            return base.quant.upper()
        return next((v.requantized_from for v in self.variants if v.requantized_from), None)

    def title(self, probe: ProbeData) -> str:
        """A probe's title, with its id where two have one title."""
        title = probe.title or probe.probe_id
        twice = sum(1 for other in self.probes if other.title == probe.title) > 1
        return f"{title} ({probe.probe_id})" if twice and probe.title else title

    def by_size(self) -> list[VariantData]:
        """The base first, then largest to smallest file; unknown sizes last, ties as in the study."""
        return sorted(self.variants, key=lambda v: (not v.is_base, -(v.file_size or 0)))

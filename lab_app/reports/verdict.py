"""The verdict: which file to run here. :mod:`lab_app.reports.sentences` puts it into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lab_app.reports import memory
from lab_app.reports.model import Pair, ReportData, VariantData
from lab_app.reports.quality import Assessment, Criterion, Silent, assess, criteria


@dataclass(frozen=True, slots=True)
class Sentence:
    """kind: a key of :data:`lab_app.reports.sentences.HEADINGS`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """best_variant: None where nothing can be recommended.

    certainty: ``high`` (every criterion decided for it), ``moderate`` (some too small to say), ``none``.
    indistinguishable: (probe id, pair) not told apart after Holm's correction.
    standing: variant → ``reference``, ``within``, ``within as far as decided``, ``undecided``, ``beyond``,
    ``broken``, ``incomplete`` or ``not measured``.
    """

    best_variant: str | None
    certainty: str
    sentences: tuple[Sentence, ...]
    indistinguishable: tuple[tuple[str, Pair], ...]
    assessments: tuple[Assessment, ...]
    broken: tuple[str, ...]
    preliminary: bool
    standing: Mapping[str, str]

    @property
    def headline(self) -> str:
        return self.sentences[0].text

    def to_json(self) -> dict[str, Any]:
        return {
            "best_variant": self.best_variant,
            "certainty": self.certainty,
            "preliminary": self.preliminary,
            "sentences": [{"kind": s.kind, "text": s.text} for s in self.sentences],
            "indistinguishable": [
                {"probe": probe, "metric": pair.metric, "variants": [pair.first, pair.second]}
                for probe, pair in self.indistinguishable
            ],
            "broken": list(self.broken),
            "standing": dict(self.standing),
            "assessments": [
                {
                    "variant": a.variant_id,
                    "probe": a.criterion.probe_id,
                    "metric": a.criterion.metric,
                    "limit": a.criterion.limit,
                    "relative": a.criterion.relative,
                    "status": a.status,
                }
                for a in self.assessments
            ],
        }


def verdict(data: ReportData) -> Verdict:
    """Pure: the same data gives the same verdict."""
    from lab_app.reports.sentences import sentences

    judge = Judge(data)
    best, certainty = judge.choose()
    answer = Verdict(
        best_variant=best.variant_id if best is not None else None,
        certainty=certainty,
        sentences=(),
        indistinguishable=tuple(
            (probe.probe_id, pair)
            for probe in data.probes
            if probe.quality
            for pair in probe.pairs
            if not pair.comparison.told_apart
        ),
        assessments=tuple(a for found in judge.found.values() for a in found),
        broken=tuple(v.variant_id for v in data.variants if judge.has(v, "broken")),
        preliminary=bool(data.unfinished),
        standing={v.variant_id: judge.standing(v) for v in data.variants},
    )
    return replace(answer, sentences=tuple(sentences(judge, best, certainty)))


class Judge:
    """Every file against every criterion.

    found:    variant → its assessments, in the order of the criteria.
    measured: variants other than the base with any of them.
    deciding: criteria that can decide, so that an ``undecided`` counts: some file is known to be within, or some
              interval is narrow enough that a file without any loss would be.
    """

    def __init__(self, data: ReportData) -> None:
        self.data = data
        self.criteria: list[Criterion]
        self.silent: list[Silent]
        self.criteria, self.silent = criteria(data)
        self.found = {v.variant_id: [assess(data, v, c) for c in self.criteria] for v in data.variants}
        self.memory = memory.of_machine(data.machine, [v.settings for v in data.variants])
        self.limit = round(memory.SHARE * self.memory) if self.memory else None
        self.others = [v for v in data.variants if not v.is_base]
        self.measured = [
            v for v in self.others if any(a.status != "missing" for a in self.found[v.variant_id])
        ]
        self.deciding = [
            c for c in self.criteria if any(a.status == "within" or _sharp(a) for a in self.of(c))
        ]
        self.counting = [c for c in self.criteria if any(a.status != "missing" for a in self.of(c))]

    def of(self, criterion: Criterion) -> list[Assessment]:
        """All files but the base on one criterion."""
        return [a for v in self.others for a in self.found[v.variant_id] if a.criterion is criterion]

    def has(self, variant: VariantData, *statuses: str) -> bool:
        return any(a.status in statuses for a in self.found[variant.variant_id])

    def fits(self, variant: VariantData) -> bool:
        """Whether it fits this machine's memory, as far as both are known."""
        return self.limit is None or variant.memory is None or variant.memory <= self.limit

    def acceptable(self, variant: VariantData) -> str | None:
        """Certainty with which the file is good enough: ``high``, ``moderate``, or None: it is not.

        The base is good enough by definition; that nothing smaller is, is sure only when nothing is undecided.
        """
        if variant.is_base:
            return "moderate" if any(self._open(v) for v in self.smaller(variant)) else "high"
        found = [a for a in self.found[variant.variant_id] if a.criterion in self.counting]
        statuses = {a.status for a in found}
        if not found or statuses & {"missing", "beyond", "broken"}:
            return None
        if any(a.status == "undecided" and (a.worse or a.criterion in self.deciding) for a in found):
            return None
        if "within" not in statuses:
            return None  # not told apart is not the same as shown to be good
        return "high" if statuses == {"within"} else "moderate"

    def smaller(self, variant: VariantData) -> list[VariantData]:
        """Other files that take less room, largest first."""
        if variant.file_size is None:
            return []
        size = variant.file_size
        return [
            v for v in self.data.by_size() if not v.is_base and v.file_size is not None and v.file_size < size
        ]

    def _open(self, variant: VariantData) -> bool:
        return self.has(variant, "undecided", "missing") and not self.has(variant, "beyond", "broken")

    def undecided(self, variant: VariantData) -> bool:
        """Measured everywhere, neither known to be within the margins nor known to be beyond."""
        return self.has(variant, "undecided") and not self.has(variant, "beyond", "broken", "missing")

    def standing(self, variant: VariantData) -> str:
        """One phrase for the table."""
        if variant.is_base:
            return "reference"
        found = {a.status for a in self.found[variant.variant_id] if a.criterion in self.counting}
        if not found or found == {"missing"}:
            return "not measured"
        for status in ("broken", "beyond"):
            if status in found:
                return status
        if "missing" in found:
            return "incomplete"
        grade = self.acceptable(variant)
        return {"high": "within", "moderate": "within as far as decided"}.get(grade or "", "undecided")

    def choose(self) -> tuple[VariantData | None, str]:
        """Smallest acceptable file that fits; a tie goes to fewer settings, then to the order of the study."""
        ready = [
            v for v in self.data.variants
            if v.file_size is not None and not v.predicted and v.problem is None and self.fits(v)
        ]  # fmt: skip
        graded = [(v, grade) for v in ready if (grade := self.acceptable(v)) is not None]
        if not self.measured or not graded:
            return None, "none"
        return min(graded, key=lambda item: (item[0].file_size or 0, len(item[0].settings)))


def _sharp(found: Assessment) -> bool:
    room, quantity = found.criterion.room, found.quantity
    if room is None or quantity is None or quantity.alone:
        return False
    return (quantity.hi - quantity.lo) / 2.0 <= room

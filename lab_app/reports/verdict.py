"""The plain-language verdict: which file to run here and why, and what the measurements cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lab_app.reports import memory
from lab_app.reports.model import Pair, ReportData, VariantData
from lab_app.reports.numbers import count, listing, show, show_metric, size
from lab_app.reports.quality import Assessment, Criterion, Silent, assess, criteria


@dataclass(frozen=True, slots=True)
class Sentence:
    """kind: ``answer``, ``why``, ``memory``, ``speed``, ``smaller``, ``broken``, ``same``, ``small``, ``base``,
    ``missing`` or ``sure``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """best_variant: None where nothing can be recommended.

    certainty: ``high`` (every criterion decided for it), ``moderate`` (some too small to say), ``low`` (only not
    told apart), ``none``. indistinguishable: pairs not told apart after Holm's correction.
    """

    best_variant: str | None
    certainty: str
    sentences: tuple[Sentence, ...]
    indistinguishable: tuple[tuple[str, Pair], ...]
    """(probe id, pair)"""
    assessments: tuple[Assessment, ...]
    broken: tuple[str, ...]
    preliminary: bool

    @property
    def headline(self) -> str:
        return self.sentences[0].text

    def of(self, variant_id: str) -> list[Assessment]:
        return [a for a in self.assessments if a.variant_id == variant_id]

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
            "assessments": [
                {"variant": a.variant_id, "probe": a.criterion.probe_id, "metric": a.criterion.metric,
                 "limit": a.criterion.limit, "relative": a.criterion.relative, "status": a.status}
                for a in self.assessments
            ],
        }  # fmt: skip


def verdict(data: ReportData) -> Verdict:
    """Pure: the same data gives the same sentences."""
    return _Judge(data).verdict()


class _Judge:
    def __init__(self, data: ReportData) -> None:
        self.data = data
        self.criteria: list[Criterion]
        self.silent: list[Silent]
        self.criteria, self.silent = criteria(data)
        self.standing = {v.variant_id: [assess(data, v, c) for c in self.criteria] for v in data.variants}
        self.limit = memory.limit(data.machine)
        others = [v.variant_id for v in data.variants if not v.is_base]
        self.measured = [v for v in others if any(a.status != "missing" for a in self.standing[v])]
        self.deciding = {
            id(c) for c in self.criteria
            if any(a.status == "within" for v in others for a in self.standing[v] if a.criterion is c)
        }  # fmt: skip
        self.partial = bool(data.unfinished)

    # -- choosing ----------------------------------------------------------------------------------

    def fits(self, variant: VariantData) -> bool:
        return self.limit is None or variant.memory is None or variant.memory <= self.limit

    def acceptable(self, variant: VariantData) -> str | None:
        """Certainty with which the file is good enough, or None."""
        if variant.is_base:
            return "high"
        found = [a for a in self.standing[variant.variant_id] if self._counts(a.criterion)]
        statuses = {a.status for a in found}
        if not found or statuses & {"missing", "beyond", "broken"}:
            return None
        if any(a.status == "undecided" and (a.worse or id(a.criterion) in self.deciding) for a in found):
            return None
        if statuses == {"within"}:
            return "high"
        return "moderate" if "within" in statuses else "low"

    def _counts(self, criterion: Criterion) -> bool:
        """A probe that no other file has been measured with decides nothing."""
        return any(
            a.status != "missing" for v in self.measured for a in self.standing[v] if a.criterion is criterion
        )

    def choose(self) -> tuple[VariantData | None, str]:
        """Smallest acceptable file that fits; a tie goes to the one with fewer settings, then to the order of the study."""
        ready = [
            v for v in self.data.variants
            if v.file_size is not None and not v.predicted and v.problem is None and self.fits(v)
        ]  # fmt: skip
        graded = [(v, grade) for v in ready if (grade := self.acceptable(v)) is not None]
        if not self.measured or not graded:
            return None, "none"
        firm = [(v, grade) for v, grade in graded if grade != "low"]
        # Files that merely could not be told apart count only where nothing better than that was shown.
        pool = firm if any(not v.is_base for v, _ in firm) else graded
        return min(pool, key=lambda item: (item[0].file_size or 0, len(item[0].settings)))

    # -- sentences ---------------------------------------------------------------------------------

    def verdict(self) -> Verdict:
        best, certainty = self.choose()
        broken = [
            v for v in self.data.variants if any(a.status == "broken" for a in self.standing[v.variant_id])
        ]
        same = tuple(
            (probe.probe_id, pair)
            for probe in self.data.probes if probe.quality
            for pair in probe.pairs if not pair.comparison.told_apart
        )  # fmt: skip
        sentences = [self._answer(best, certainty)]
        if best is not None:
            sentences += self._why(best, certainty)
            sentences += self._memory(best)
            sentences += self._speed(best)
        sentences += self._lost(best, broken)
        sentences += self._same()
        sentences += self._small()
        sentences += self._base()
        sentences += self._missing()
        sentences += self._sure()
        assessments = tuple(a for found in self.standing.values() for a in found)
        return Verdict(
            best.variant_id if best else None, certainty, tuple(sentences), same, assessments,
            tuple(v.variant_id for v in broken), self.partial,
        )  # fmt: skip

    def name(self, variant: VariantData) -> str:
        return f"the base ({variant.label})" if variant.is_base else variant.label

    def _answer(self, best: VariantData | None, certainty: str) -> Sentence:
        so_far = "So far: " if self.partial else ""
        if best is None:
            return Sentence("answer", so_far + self._no_answer())
        what = f"{best.label} ({size(best.file_size or 0)})"
        if best.is_base:
            text = f"Stay with the base, {what}: no smaller file is shown to stay within the margins."
        elif certainty == "low":
            text = (
                f"If you must choose now, run {what}: it is the smallest file that could not be told apart from the base, "
                "but the measurements are too small to rule out a loss beyond the margins."
            )
        elif certainty == "moderate":
            text = f"Run {what}: the smallest file that stays within the margins where the measurements can decide."
        else:
            text = f"Run {what}: the smallest file that stays within every margin."
        return Sentence("answer", so_far + text)

    def _no_answer(self) -> str:
        others = [v for v in self.data.variants if not v.is_base]
        if not others:
            return "Only the base is in this study, so there is nothing to choose from."
        if not self.criteria:
            return "No file can be recommended: nothing that says how good a file is has been measured."
        if not self.measured:
            return "No file can be recommended: none but the base has been measured."
        good = [v for v in self.data.variants if self.acceptable(v) is not None]
        if good and self.limit is not None and not any(self.fits(v) for v in good):
            least = min(good, key=lambda v: v.memory or 0)
            return (
                f"No file that stays within the margins fits this machine: {self.name(least)} needs about "
                f"{size(least.memory or 0)} of memory, and {size(self.limit)} can be used."
            )
        return "No file can be recommended: none that is complete stays within the margins."

    def _why(self, best: VariantData, certainty: str) -> list[Sentence]:
        found = []
        base = self.data.base
        held = [a for a in self.standing[best.variant_id] if a.status == "within"]
        if held:
            margins = listing([f"{a.text} (limit {_limit(a.criterion)})" for a in held])
            saved = ""
            if base is not None and base.file_size and best.file_size and not best.is_base:
                share = best.file_size / base.file_size
                saved = f" It has {share:.0%} of the base's size." if share < 0.995 else ""
                saved = f" It is {share:.2f} times the base's size." if share > 1.005 else saved
            found.append(Sentence("why", f"{_cap(margins)}.{saved}"))
        return found

    def _memory(self, best: VariantData) -> list[Sentence]:
        found = []
        total = self.data.machine.get("memory")
        if best.memory is not None and total:
            found.append(
                Sentence(
                    "memory",
                    f"With a context of up to {memory.CONTEXT} tokens it needs about {size(best.memory)} of this machine's "
                    f"{size(total)} of memory (an estimate).",
                )
            )
        skipped = [v for v in self.data.variants if not self.fits(v)]
        if skipped and self.limit is not None:
            names = listing([self.name(v) for v in skipped])
            verb = "does" if len(skipped) == 1 else "do"
            found.append(
                Sentence(
                    "memory", f"{_cap(names)} {verb} not fit into the {size(self.limit)} that can be used."
                )
            )
        return found

    def _speed(self, best: VariantData) -> list[Sentence]:
        for probe in self.data.probes:
            cell = probe.cells.get(best.variant_id)
            if probe.probe != "speed" or cell is None or "generation" not in cell.metrics:
                continue
            metric = cell.metrics["generation"]
            text = f"It writes {show_metric(metric)} tokens per second here"
            base = self.data.base
            reference = (
                probe.cells[base.variant_id].metrics.get("generation")
                if base and base.variant_id in probe.cells
                else None
            )
            comparison = cell.against_base.get("generation")
            if reference is not None and comparison is not None:
                text += f"; the base {show_metric(reference)}"
                text += "" if comparison.told_apart else ", a difference that could be chance"
            return [Sentence("speed", text + ".")]
        return []

    def _lost(self, best: VariantData | None, broken: Sequence[VariantData]) -> list[Sentence]:
        found = []
        for variant in broken:
            worst = [a for a in self.standing[variant.variant_id] if a.status == "broken"]
            found.append(
                Sentence(
                    "broken", f"{_cap(self.name(variant))} is broken: {listing([a.text for a in worst])}."
                )
            )
        beyond = []
        for variant in self.data.by_size():
            worst = [a for a in self.standing[variant.variant_id] if a.status == "beyond"]
            if worst and variant not in broken:
                beyond.append((self.name(variant), worst[0].text))
        if len(beyond) == 1:
            found.append(
                Sentence(
                    "smaller", f"{_cap(beyond[0][0])} loses more than the margins allow: {beyond[0][1]}."
                )
            )
        elif beyond:
            listed = listing([f"{name} ({text})" for name, text in beyond], most=8)
            found.append(Sentence("smaller", f"Beyond the margins are {listed}."))
        if best is not None and best.file_size is not None:
            found += self._unsettled(best.file_size, {v.variant_id for v in broken} | {best.variant_id})
        return found

    def _unsettled(self, below: int, skip: set[str]) -> list[Sentence]:
        """Smaller files that neither stayed within the margins nor left them."""
        open_ones = [
            v.label for v in self.data.by_size()
            if v.variant_id not in skip and v.file_size is not None and v.file_size < below
            and {a.status for a in self.standing[v.variant_id]} & {"undecided"}
            and not {a.status for a in self.standing[v.variant_id]} & {"beyond", "broken", "missing"}
        ]  # fmt: skip
        if not open_ones:
            return []
        verb = "is" if len(open_ones) == 1 else "are"
        return [
            Sentence(
                "smaller",
                f"{listing(open_ones)} {verb} smaller and may be good enough too, but the intervals reach across a margin.",
            )
        ]

    def _same(self) -> list[Sentence]:
        found = []
        for probe in self.data.probes:
            if not probe.quality or not probe.pairs:
                continue
            open_pairs = [pair for pair in probe.pairs if not pair.comparison.told_apart]
            metric = probe.metrics.get(probe.pairs[0].metric)
            what = f"In “{probe.title}” ({(metric.label if metric else probe.pairs[0].metric).lower()})"
            if not open_pairs:
                continue
            if len(open_pairs) == len(probe.pairs):
                only = (
                    "the two files"
                    if len(probe.pairs) == 1
                    else f"none of the {len(probe.pairs)} pairs of files"
                )
                text = f"{what} {only} could {'not ' if len(probe.pairs) == 1 else ''}be told apart."
            elif len(open_pairs) <= 4:
                names = [f"{self._short(p.first)} and {self._short(p.second)}" for p in open_pairs]
                text = f"{what} these could not be told apart: {'; '.join(names)}."
            else:
                text = f"{what} {len(open_pairs)} of {len(probe.pairs)} pairs of files could not be told apart (listed below)."
            found.append(Sentence("same", text))
        return found

    def _short(self, variant_id: str) -> str:
        variant = self.data.variant(variant_id)
        return "the base" if variant.is_base else variant.label

    def _small(self) -> list[Sentence]:
        found = [Sentence("small", f"“{s.title}” cannot show a loss here: {s.why}.") for s in self.silent]
        for criterion in self.criteria:
            open_ones = [
                a for v in self.measured for a in self.standing[v]
                if a.criterion is criterion and a.status == "undecided" and a.quantity is not None
            ]  # fmt: skip
            total = sum(
                1
                for v in self.measured
                for a in self.standing[v]
                if a.criterion is criterion and a.status != "missing"
            )
            if not open_ones or id(criterion) in self.deciding and len(open_ones) < total:
                continue
            quantities = [a.quantity for a in open_ones if a.quantity is not None]
            widest = max(quantities, key=lambda q: q.hi - q.lo)
            half = (widest.hi - widest.lo) / 2.0
            unit = " points" if criterion.share else f" {criterion.unit}" if criterion.unit else ""
            shown = f"{half * 100:.2g}" if criterion.share else f"{half:.2g}"
            text = (
                f"“{criterion.title}” is too small to say whether {_files(len(open_ones), total)} within the margin "
                f"({criterion.words}): its {widest.n} items leave ±{shown}{unit}"
            )
            if criterion.relative and half > criterion.limit:
                needed = round(widest.n * (half / criterion.limit) ** 2, -1)
                text += f"; about {needed:,.0f} would settle it".replace(",", "\u202f")
            found.append(Sentence("small", text + "."))
        return found

    def _base(self) -> list[Sentence]:
        origin = self.data.requantized_from
        if origin is None:
            return []
        return [
            Sentence(
                "base",
                f"The base is itself a quantized file ({origin}). Everything here is measured against that file, not against the "
                "original weights: what its own quantization lost is not seen, and types on a similar grid can look better than "
                "they are. Where the original can be had, quantize that.",
            )
        ]

    def _missing(self) -> list[Sentence]:
        found = []
        failed = [f for f in self.data.failures if f.state == "failed"]
        if failed:
            titles = listing([f"“{f.title}”" for f in failed], most=4)
            found.append(
                Sentence(
                    "missing",
                    f"{count(len(failed), 'job')} failed: {titles}. What they were to show is missing here.",
                )
            )
        if self.partial:
            found.append(
                Sentence(
                    "missing",
                    f"{count(self.data.unfinished, 'job')} not finished yet; this verdict may change.".replace(
                        "job not", "job is not"
                    ).replace("jobs not", "jobs are not"),
                )
            )
        return found

    def _sure(self) -> list[Sentence]:
        if not self.measured:
            return []
        families = [len(p.pairs) for p in self.data.probes if p.quality and p.pairs]
        correction = ""
        if families:
            span = str(max(families)) if len(set(families)) == 1 else f"up to {max(families)}"
            correction = (
                f" Pairs count as different at 5 %, corrected (Holm) for {span} comparisons per probe."
            )
        margins = listing([c.words for c in self.criteria], most=8)
        source = (
            "the study's thresholds"
            if all(c.stated for c in self.criteria)
            else "this lab's conventions, unless the study states its own"
        )
        return [
            Sentence(
                "sure",
                f"Margins: {margins} ({source}). A file is within a margin only when its whole 95 % interval is.{correction} "
                "“Not told apart” means that no difference was shown, not that there is none.",
            )
        ]


def _files(some: int, total: int) -> str:
    if some == total:
        return "any file is" if total > 1 else "the file is"
    return f"{some} of {total} files are"


def _limit(criterion: Criterion) -> str:
    amount = (
        f"{criterion.limit * 100:g} {'points' if criterion.relative else '%'}"
        if criterion.share
        else f"{criterion.limit:.4g}"
    )
    return amount


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


__all__ = ["Sentence", "Verdict", "show", "verdict"]

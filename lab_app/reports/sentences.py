"""The verdict in words. Every sentence says only what was measured, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator

from lab_app.reports import memory
from lab_app.reports.model import ProbeData, VariantData
from lab_app.reports.numbers import fixed, show_metric
from lab_app.reports.quality import Assessment, Criterion
from lab_app.reports.verdict import Judge, Sentence
from lab_app.reports.words import count, listing, lower_first, upper_first
from lab_app.system.units import size

HEADINGS = {
    "answer": "Answer",
    "why": "Why",
    "memory": "Memory",
    "speed": "Speed",
    "broken": "What broke",
    "smaller": "Smaller files",
    "beyond": "Beyond the margins",
    "same": "Not told apart",
    "small": "Too small to say",
    "base": "The base",
    "missing": "Missing",
    "margins": "Margins",
    "sure": "How sure",
}
"""Kinds of sentences and what stands before them."""


def sentences(judge: Judge, best: VariantData | None, certainty: str) -> Iterator[Sentence]:
    """The answer first, the rest in the order of :data:`HEADINGS`, more or less by weight."""
    answer = _answer(judge, best, certainty)
    yield Sentence("answer", f"So far: {lower_first(answer)}" if judge.data.unfinished else answer)
    if best is not None:
        yield from _why(judge, best)
    yield from _memory(judge, best)
    if best is not None:
        yield from _speed(judge, best)
    yield from _lost(judge)
    if best is not None:
        yield from _smaller(judge, best)
    yield from _same(judge)
    yield from _small(judge)
    yield from _base(judge)
    yield from _missing(judge)
    yield from _sure(judge)


def _name(variant: VariantData) -> str:
    return f"the base ({variant.label})" if variant.is_base else variant.label


def _answer(judge: Judge, best: VariantData | None, certainty: str) -> str:
    if best is None:
        return _no_answer(judge)
    what = f"{best.label} ({size(best.file_size or 0)})"
    if best.is_base:
        if not judge.smaller(best):
            return f"Stay with the base, {what}: it is the smallest file here."
        known = "stays within the margins" if certainty == "high" else "is shown to stay within the margins"
        return f"Stay with the base, {what}: no smaller file {known}."
    if certainty == "moderate":
        return f"Run {what}: the smallest file that stays within the margins wherever the measurements can decide."
    return f"Run {what}: the smallest file that stays within every margin."


def _no_answer(judge: Judge) -> str:
    if not judge.others:
        return "Only the base is in this study, so there is nothing to choose from."
    if not judge.criteria and judge.silent:
        return "No file can be recommended: what was measured cannot show a loss."
    if not judge.criteria:
        return "No file can be recommended: nothing that says how good a file is has been measured."
    if not judge.measured:
        return "No file can be recommended: none but the base has been measured."
    good = [v for v in judge.data.variants if judge.acceptable(v) is not None]
    if good and judge.limit is not None and not any(judge.fits(v) for v in good):
        least = min(good, key=lambda v: v.memory or 0)
        return (
            f"No file that stays within the margins fits this machine: {_name(least)} needs about "
            f"{about(least.memory or 0)} of memory, and {about(judge.limit)} can be used."
        )
    return "No file can be recommended: none that is completely measured stays within the margins."


def _why(judge: Judge, best: VariantData) -> Iterator[Sentence]:
    held = [a for a in judge.found[best.variant_id] if a.status == "within"]
    if held:
        texts = [
            f"{a.text}, {'threshold' if a.criterion.stated else 'margin'} {a.criterion.limit_text}"
            for a in held
        ]
        yield Sentence("why", f"{upper_first(listing(texts, most=8, between='; '))}.")
    base = judge.data.base
    if base is not None and base.file_size and best.file_size and not best.is_base:
        percent = round(100 * (best.file_size / base.file_size - 1))
        if percent < 0:
            yield Sentence("why", f"It is {-percent} % smaller than the base.")
        elif percent > 0:
            yield Sentence("why", f"Note that it is {percent} % larger than the base.")


def _memory(judge: Judge, best: VariantData | None) -> Iterator[Sentence]:
    total = judge.data.machine.get("memory")
    if best is not None and best.memory is not None and total:
        yield Sentence(
            "memory",
            f"With a context of {memory.CONTEXT} tokens it needs about {about(best.memory)} of this machine's "
            f"{about(total)} (an estimate).",
        )
    skipped = [v for v in judge.data.variants if not judge.fits(v)]
    if skipped and judge.limit is not None:
        verb = "does" if len(skipped) == 1 else "do"
        names = upper_first(listing([_name(v) for v in skipped]))
        yield Sentence(
            "memory", f"{names} {verb} not fit into the {about(judge.limit)} that can be used here."
        )


def _speed(judge: Judge, best: VariantData) -> Iterator[Sentence]:
    for probe in judge.data.probes:
        cell = probe.cells.get(best.variant_id)
        if probe.probe != "speed" or cell is None or "generation" not in cell.metrics:
            continue
        text = f"It writes {show_metric(cell.metrics['generation'])} tokens per second here"
        base = judge.data.base
        other = probe.cells.get(base.variant_id) if base is not None and not best.is_base else None
        comparison = cell.against_base.get("generation")
        if other is not None and "generation" in other.metrics and comparison is not None:
            text += f", the base {show_metric(other.metrics['generation'])}"
            text += "" if comparison.told_apart else "; the difference could be chance"
        yield Sentence("speed", text + ".")
        return


def _lost(judge: Judge) -> Iterator[Sentence]:
    beyond = []
    for variant in judge.data.by_size():
        found = judge.found[variant.variant_id]
        worst = [a for a in found if a.status == "broken"]
        if worst:
            what = listing([a.text for a in worst], most=8, between="; ")
            yield Sentence("broken", f"{upper_first(_name(variant))} is broken: {what}.")
        elif outside := [a for a in found if a.status == "beyond"]:
            beyond.append(f"{_name(variant)} with {outside[0].text}")
    if beyond:
        more = f"; and {len(beyond) - 8} more" if len(beyond) > 8 else ""
        yield Sentence("beyond", f"Worse than the margins allow: {'; '.join(beyond[:8])}{more}.")


def _smaller(judge: Judge, best: VariantData) -> Iterator[Sentence]:
    """Smaller files that neither stayed within the margins nor left them."""
    names = [v.label for v in judge.smaller(best) if judge.undecided(v)]
    if names:
        verb = "is smaller and may be" if len(names) == 1 else "are smaller and may be"
        yield Sentence(
            "smaller", f"{listing(names)} {verb} good enough too, but the intervals reach across a margin."
        )


def _same(judge: Judge) -> Iterator[Sentence]:
    for probe in judge.data.probes:
        alike = [pair for pair in probe.pairs if not pair.comparison.told_apart]
        if not probe.quality or not alike:
            continue
        what = f"In {_title(judge, probe)}"
        total = len(probe.pairs)
        if total == 1:
            text = f"{what} the two files could not be told apart."
        elif len(alike) == total:
            text = f"{what} no two of the files could be told apart."
        elif len(alike) <= 3:
            names = [f"{_short(judge, p.first)} and {_short(judge, p.second)}" for p in alike]
            text = f"{what} these could not be told apart: {'; '.join(names)}."
        else:
            text = f"{what} {len(alike)} of {total} pairs of files could not be told apart (listed below)."
        yield Sentence("same", text)


def _title(judge: Judge, probe: ProbeData) -> str:
    alone = sum(1 for p in judge.data.probes if p.title == probe.title) == 1
    return f"“{probe.title}”" if alone else f"“{probe.title}” ({probe.probe_id})"


def _short(judge: Judge, variant_id: str) -> str:
    variant = judge.data.variant(variant_id)
    return "the base" if variant.is_base else variant.label


def _small(judge: Judge) -> Iterator[Sentence]:
    for silent in judge.silent:
        yield Sentence("small", f"“{silent.title}” cannot show a loss here: {silent.why}.")
    for criterion in judge.criteria:
        assessed = [a for a in judge.of(criterion) if a.status != "missing"]
        open_ones = [a for a in assessed if a.status == "undecided"]
        if open_ones and criterion not in judge.deciding:
            yield Sentence("small", _too_small(criterion, open_ones, len(assessed)))


def _too_small(criterion: Criterion, open_ones: list[Assessment], total: int) -> str:
    """What the widest interval leaves open, and how much more would settle it."""
    if len(open_ones) < total:
        which = f"{len(open_ones)} of {total} files are"
    else:
        which = "any file is" if total > 1 else "the file is"
    widest = max((a.quantity for a in open_ones if a.quantity is not None), key=lambda q: q.hi - q.lo)
    if any(a.quantity is not None and a.quantity.alone for a in open_ones):
        return (
            f"“{criterion.title}” cannot say whether {which} within its margin: everything was measured in one piece "
            "(a single conversation, a single chunk of text), which does not tell how much the next one would differ."
        )
    half = (widest.hi - widest.lo) / 2.0
    shown = f"{half * 100:.2g} points" if criterion.share else f"{half:.2g} {criterion.unit}".rstrip()
    n = count(widest.n, "item" if criterion.relative else "observation")
    text = f"“{criterion.title}” cannot say whether {which} within its margin: {n} leave ±{shown}"
    if criterion.relative and half > criterion.limit:
        # An interval shrinks with the root of n; two significant digits are all this deserves.
        needed = widest.n * (half / criterion.limit) ** 2
        text += (
            f"; about {fixed(float(f'{needed:.1e}'), 0)} would show a file without any loss to be within it"
        )
    return f"{text}."


def _base(judge: Judge) -> Iterator[Sentence]:
    origin = judge.data.requantized_from
    if origin is not None:
        yield Sentence(
            "base",
            f"The base is itself a quantized file ({origin}). Everything here is measured against that file, "
            "not against the original weights: what its own quantization lost is not seen, and types on a similar "
            "grid can look better than they are. Where the original can be had, quantize that.",
        )


def _missing(judge: Judge) -> Iterator[Sentence]:
    failed = [f for f in judge.data.failures if f.state == "failed"]
    if failed:
        titles = listing([f"“{f.title}”" for f in failed], most=4)
        yield Sentence(
            "missing",
            f"{count(len(failed), 'job')} failed: {titles}. What they were to show is missing here.",
        )
    cancelled = sum(1 for f in judge.data.failures if f.state == "cancelled")
    if cancelled:
        yield Sentence("missing", f"{count(cancelled, 'job was', 'jobs were')} cancelled.")
    if judge.data.unfinished:
        number = count(judge.data.unfinished, "job is", "jobs are")
        yield Sentence("missing", f"{number} not finished; this verdict may change.")


def _sure(judge: Judge) -> Iterator[Sentence]:
    if not judge.measured:
        return
    stated = [c.stated for c in judge.criteria]
    source = "conventions of this lab; a study can state its own"
    if all(stated):
        source = "the study's thresholds"
    elif any(stated):
        source = "the study's thresholds where it states any, else conventions of this lab"
    yield Sentence("margins", f"Good enough means here: {_margins(judge.criteria)} ({source}).")
    families = {len(p.pairs) for p in judge.data.probes if p.quality and p.pairs}
    correction = ""
    if families:
        most = f"{'up to ' if len(families) > 1 else ''}{count(max(families), 'comparison')}"
        correction = f" Files count as told apart at 5 %, corrected (Holm) for {most} in a probe."
    yield Sentence(
        "sure",
        f"A file is within a margin only when its whole 95 % interval is.{correction} “Not told apart” means that no "
        "difference was shown, not that there is none.",
    )


def _margins(criteria: list[Criterion]) -> str:
    """Bounds one by one; probes with the same margin against the base in one breath."""
    alike: dict[str, list[str]] = {}
    for criterion in criteria:
        if criterion.relative:
            alike.setdefault(criterion.limit_text, []).append(f"“{criterion.title}”")
    texts = [c.words for c in criteria if not c.relative]
    texts += [
        f"{listing(titles, most=12)} at most {limit} worse than the base" for limit, titles in alike.items()
    ]
    return listing(texts, most=12, between="; ")


def about(number: int) -> str:
    """Bytes of an estimate: no decimals that nobody can vouch for, above all in megabytes."""
    return size(float(f"{number:.3g}")).replace(".0 ", " ")

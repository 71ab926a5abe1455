"""The verdict in words. Every sentence says only what was measured, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator

from lab_app.reports import memory
from lab_app.reports.model import ProbeData, VariantData
from lab_app.reports.numbers import fixed, show_metric, unit_text
from lab_app.reports.quality import Assessment, Criterion
from lab_app.reports.tables import powerless_text
from lab_app.reports.verdict import Judge, Sentence
from lab_app.reports.words import joined, listing, lower_first, paragraph, upper_first
from lab_app.system.translation import note, plural, translate
from lab_app.system.units import size

HEADINGS = {
    "answer": note("reports", "Answer"),
    "why": note("reports", "Why"),
    "memory": note("reports", "Memory"),
    "speed": note("reports", "Speed"),
    "broken": note("reports", "What broke"),
    "smaller": note("reports", "Smaller files"),
    "beyond": note("reports", "Beyond the margins"),
    "same": note("reports", "Not told apart"),
    "small": note("reports", "Too small to say"),
    "base": note("reports", "The base"),
    "missing": note("reports", "Missing"),
    "unfinished": note("reports", "Missing"),
    "margins": note("reports", "Margins"),
    "sure": note("reports", "How sure"),
}
"""Kinds of sentences and what stands before them, to be translated where it is shown."""


def sentences(judge: Judge, best: VariantData | None, certainty: str) -> Iterator[Sentence]:
    """The answer first, the rest in the order of :data:`HEADINGS`, more or less by weight."""
    answer = _answer(judge, best, certainty)
    if judge.data.unfinished:
        answer = translate("reports", "So far: {0}").format(lower_first(answer))
    yield Sentence("answer", answer)
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
    if variant.is_base:
        return translate("reports", "the base ({0})").format(variant.label)
    return variant.label


def _answer(judge: Judge, best: VariantData | None, certainty: str) -> str:
    if best is None:
        return _no_answer(judge)
    what = f"{best.label} ({size(best.file_size or 0)})"
    if best.is_base:
        if not judge.smaller(best):
            text = translate("reports", "Stay with the base, {0}: it is the smallest file here.")
        elif certainty == "high":
            text = translate("reports", "Stay with the base, {0}: no smaller file stays within the margins.")
        else:
            text = translate(
                "reports", "Stay with the base, {0}: no smaller file is shown to stay within the margins."
            )
    elif certainty == "moderate":
        text = translate(
            "reports",
            "Run {0}: the smallest file that stays within the margins wherever the measurements can decide.",
        )
    else:
        text = translate("reports", "Run {0}: the smallest file that stays within every margin.")
    return text.format(what)


def _no_answer(judge: Judge) -> str:
    if not judge.others:
        return translate("reports", "Only the base is in this study, so there is nothing to choose from.")
    if not judge.criteria and judge.silent:
        return translate("reports", "No file can be recommended: what was measured cannot show a loss.")
    if not judge.criteria:
        return translate(
            "reports", "No file can be recommended, as nothing measured says how good a file is."
        )
    if not judge.measured:
        return translate("reports", "No file can be recommended: none but the base has been measured.")
    good = [v for v in judge.data.variants if judge.acceptable(v) is not None]
    if good and judge.limit is not None and not any(judge.fits(v) for v in good):
        least = min(good, key=lambda v: v.memory or 0)
        return translate(
            "reports",
            "No file that stays within the margins fits this machine: {0} needs about {1} of memory, and {2} can be "
            "used.",
        ).format(_name(least), about(least.memory or 0), about(judge.limit))
    return translate(
        "reports", "No file can be recommended: none that is completely measured stays within the margins."
    )


def _why(judge: Judge, best: VariantData) -> Iterator[Sentence]:
    held = [a for a in judge.found[best.variant_id] if a.status == "within"]
    if held:
        stated, usual = translate("reports", "{0}, threshold {1}"), translate("reports", "{0}, margin {1}")
        texts = [
            (stated if a.criterion.stated else usual).format(a.text, a.criterion.limit_text) for a in held
        ]
        yield Sentence("why", _whole(listing(texts, most=8, between="; ")))
    base = judge.data.base
    if base is not None and base.file_size and best.file_size and not best.is_base:
        percent = round(100 * (best.file_size / base.file_size - 1))
        if percent < 0:
            yield Sentence("why", translate("reports", "It is {0} % smaller than the base.").format(-percent))
        elif percent > 0:
            text = translate("reports", "Note that it is {0} % larger than the base.")
            yield Sentence("why", text.format(percent))


def _whole(text: str) -> str:
    """A list of findings as a sentence of its own."""
    return translate("reports", "{0}.").format(upper_first(text))


def _memory(judge: Judge, best: VariantData | None) -> Iterator[Sentence]:
    total = judge.memory
    if best is not None and best.memory is not None and total:
        yield Sentence(
            "memory",
            translate(
                "reports",
                "With a context of {0} tokens it needs about {1} of this machine's {2} (an estimate).",
            ).format(memory.CONTEXT, about(best.memory), about(total)),
        )
    skipped = [v for v in judge.data.variants if not judge.fits(v)]
    if skipped and judge.limit is not None:
        names = upper_first(listing([_name(v) for v in skipped]))
        if len(skipped) == 1:
            text = translate("reports", "{0} does not fit into the {1} that can be used here.")
        else:
            text = translate("reports", "{0} do not fit into the {1} that can be used here.")
        yield Sentence("memory", text.format(names, about(judge.limit)))


def _speed(judge: Judge, best: VariantData) -> Iterator[Sentence]:
    for probe in judge.data.probes:
        cell = probe.cells.get(best.variant_id)
        if probe.probe != "speed" or cell is None or "generation" not in cell.metrics:
            continue
        rate = show_metric(cell.metrics["generation"])
        base = judge.data.base
        other = probe.cells.get(base.variant_id) if base is not None and not best.is_base else None
        comparison = cell.against_base.get("generation")
        if other is None or "generation" not in other.metrics or comparison is None:
            yield Sentence(
                "speed", translate("reports", "It writes {0} tokens per second here.").format(rate)
            )
            return
        if comparison.told_apart:
            text = translate("reports", "It writes {0} tokens per second here, the base {1}.")
        else:
            text = translate(
                "reports",
                "It writes {0} tokens per second here, the base {1}; the difference could be chance.",
            )
        yield Sentence("speed", text.format(rate, show_metric(other.metrics["generation"])))
        return


def _lost(judge: Judge) -> Iterator[Sentence]:
    beyond = []
    for variant in judge.data.by_size():
        found = judge.found[variant.variant_id]
        worst = [a for a in found if a.status == "broken"]
        if worst:
            what = listing([a.text for a in worst], most=8, between="; ")
            text = translate("reports", "{0} is broken: {1}.")
            yield Sentence("broken", text.format(upper_first(_name(variant)), what))
        elif outside := [a for a in found if a.status == "beyond"]:
            text = translate("reports", "{0} with {1}")
            beyond.append(text.format(_name(variant), outside[0].text))
    if beyond:
        shown = joined(beyond, "; ") if len(beyond) <= 8 else listing(beyond, most=8, between="; ")
        yield Sentence("beyond", translate("reports", "Worse than the margins allow: {0}.").format(shown))


def _smaller(judge: Judge, best: VariantData) -> Iterator[Sentence]:
    """Smaller files that neither stayed within the margins nor left them."""
    names = [v.label for v in judge.smaller(best) if judge.undecided(v)]
    if names:
        if len(names) == 1:
            text = translate(
                "reports",
                "{0} is smaller and may be good enough too, but the intervals reach across a margin.",
            )
        else:
            text = translate(
                "reports",
                "{0} are smaller and may be good enough too, but the intervals reach across a margin.",
            )
        yield Sentence("smaller", text.format(listing(names)))


def _same(judge: Judge) -> Iterator[Sentence]:
    for probe in judge.data.probes:
        alike = [pair for pair in probe.pairs if not pair.comparison.told_apart]
        if not probe.quality or not alike:
            continue
        what = _title(judge, probe)
        if probe.powerless is not None and len(alike) == len(probe.pairs):
            text = translate("reports", "In {0} no file could be told apart from the base.").format(what)
            yield Sentence("same", text)
            continue
        total = len(probe.pairs)
        if total == 1:
            text = translate("reports", "In {0} the two files could not be told apart.").format(what)
        elif len(alike) == total:
            text = translate("reports", "In {0} no two of the files could be told apart.").format(what)
        elif len(alike) <= 3:
            names = [listing([_short(judge, p.first), _short(judge, p.second)]) for p in alike]
            text = translate("reports", "In {0} these could not be told apart: {1}.")
            text = text.format(what, joined(names, "; "))
        else:
            text = translate(
                "reports", "In {0} {1} of {2} pairs of files could not be told apart (listed below)."
            ).format(what, len(alike), total)
        yield Sentence("same", text)


def _title(judge: Judge, probe: ProbeData) -> str:
    return translate("reports", "“{0}”").format(judge.data.title(probe))


def _short(judge: Judge, variant_id: str) -> str:
    variant = judge.data.variant(variant_id)
    return translate("reports", "the base") if variant.is_base else variant.label


def _small(judge: Judge) -> Iterator[Sentence]:
    for silent in judge.silent:
        text = translate("reports", "“{0}” cannot show a loss here: {1}.")
        yield Sentence("small", text.format(silent.title, silent.why))
    for probe in judge.data.probes:
        if probe.quality and probe.powerless is not None and not probe.powerless.with_base:
            text = translate("reports", "{0}: {1}")
            yield Sentence("small", text.format(_title(judge, probe), powerless_text(probe.powerless)))
    for criterion in judge.criteria:
        assessed = [a for a in judge.of(criterion) if a.status != "missing"]
        open_ones = [a for a in assessed if a.status == "undecided"]
        if open_ones and criterion not in judge.deciding:
            yield Sentence("small", _too_small(criterion, open_ones, len(assessed)))


def _too_small(criterion: Criterion, open_ones: list[Assessment], total: int) -> str:
    """What the widest interval leaves open, and how much more would settle it."""
    if len(open_ones) < total:
        text = translate("reports", "“{0}” cannot say whether {2} of {3} files are within its margin: {1}")
    elif total > 1:
        text = translate("reports", "“{0}” cannot say whether any file is within its margin: {1}")
    else:
        text = translate("reports", "“{0}” cannot say whether the file is within its margin: {1}")
    why = text.format(criterion.title, _left_open(criterion, open_ones), len(open_ones), total)
    return translate("reports", "{0}.").format(why)


def _left_open(criterion: Criterion, open_ones: list[Assessment]) -> str:
    if any(a.quantity is not None and a.quantity.alone for a in open_ones):
        return translate(
            "reports",
            "everything was measured in one piece (a single conversation, a single chunk of text), which does not tell "
            "how much the next one would differ",
        )
    widest = max((a.quantity for a in open_ones if a.quantity is not None), key=lambda q: q.hi - q.lo)
    half = (widest.hi - widest.lo) / 2.0
    if criterion.share:
        shown = translate("reports", "{0} points").format(f"{half * 100:.2g}")
    else:
        shown = f"{half:.2g} {unit_text(criterion.unit)}".rstrip()
    if criterion.relative:
        n = plural("%n item(s)", "", widest.n)
    else:
        n = plural("%n observation(s)", "", widest.n)
    text = translate("reports", "{0} leave ±{1}").format(n, shown)
    if criterion.relative and half > criterion.limit:
        # An interval shrinks with the root of n; two significant digits are all this deserves.
        needed = widest.n * (half / criterion.limit) ** 2
        more = translate("reports", "{0}; about {1} would show a file without any loss to be within it")
        text = more.format(text, fixed(float(f"{needed:.1e}"), 0))
    return text


def _base(judge: Judge) -> Iterator[Sentence]:
    origin = judge.data.requantized_from
    if origin is not None:
        text = translate(
            "reports",
            "The base is itself a quantized file ({0}). Everything here is measured against that file, "
            "not against the original weights: what its own quantization lost is not seen, and types on a similar "
            "grid can look better than they are. Where the original can be had, quantize that.",
        )
        yield Sentence("base", text.format(origin))


def _missing(judge: Judge) -> Iterator[Sentence]:
    failed = [f for f in judge.data.failures if f.state == "failed"]
    if failed:
        quoted = translate("reports", "“{0}”")
        titles = listing([quoted.format(f.title) for f in failed], most=4)
        text = plural("%n job(s) failed: {0}. What they were to show is missing here.", "", len(failed))
        yield Sentence("missing", text.format(titles))
    cancelled = sum(1 for f in judge.data.failures if f.state == "cancelled")
    if cancelled:
        yield Sentence("missing", plural("%n job(s) was/were cancelled.", "", cancelled))
    if judge.data.unfinished:
        text = plural("%n job(s) is/are not finished; this verdict may change.", "", judge.data.unfinished)
        yield Sentence("unfinished", text)


def _sure(judge: Judge) -> Iterator[Sentence]:
    if not judge.measured:
        return
    stated = [c.stated for c in judge.criteria]
    if all(stated):
        text = translate("reports", "Good enough means here: {0} (the study's thresholds).")
    elif any(stated):
        text = translate(
            "reports",
            "Good enough means here: {0} (the study's thresholds where it states any, else conventions of this lab).",
        )
    else:
        text = translate(
            "reports", "Good enough means here: {0} (conventions of this lab; a study can state its own)."
        )
    yield Sentence("margins", text.format(_margins(judge.criteria)))
    yield Sentence("sure", paragraph(*_certainties(judge)))


def _certainties(judge: Judge) -> Iterator[str]:
    yield translate("reports", "A file is within a margin only when its whole 95 % interval is.")
    families = {len(p.pairs) for p in judge.data.probes if p.quality and p.pairs}
    if families:
        if len(families) > 1:
            most = plural("up to %n comparison(s)", "", max(families))
        else:
            most = plural("%n comparison(s)", "", max(families))
        yield translate(
            "reports", "Files count as told apart at 5 %, corrected (Holm) for {0} in a probe."
        ).format(most)
    yield translate("reports", "“Not told apart” means that no difference was shown, not that there is none.")
    if any(a.status == "beyond" and a.worse is False for found in judge.found.values() for a in found):
        yield translate(
            "reports",
            "A margin looks at a file's own interval, which is not corrected, so that a file can be beyond it and yet "
            "not be told apart from the base.",
        )


def _margins(criteria: list[Criterion]) -> str:
    """Bounds one by one; probes with the same margin against the base in one breath."""
    alike: dict[str, list[str]] = {}
    quoted = translate("reports", "“{0}”")
    for criterion in criteria:
        if criterion.relative:
            alike.setdefault(criterion.limit_text, []).append(quoted.format(criterion.title))
    texts = [c.words for c in criteria if not c.relative]
    worse = translate("reports", "{0} at most {1} worse than the base")
    texts += [worse.format(listing(titles, most=12), limit) for limit, titles in alike.items()]
    return listing(texts, most=12, between="; ")


def about(number: int) -> str:
    """Bytes of an estimate: no decimals that nobody can vouch for, above all in megabytes."""
    return size(float(f"{number:.3g}")).replace(".0 ", " ")

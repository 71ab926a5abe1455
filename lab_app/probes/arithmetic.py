"""Arithmetic in two turns, after MPA_Bench (Multi-prompt Arithmetic, github.com/jd-3d/MPA_Bench, 2024).

In its first turn the model gets a list of sums of two five-digit numbers and may answer in any form; in a
second turn it is asked for the bare results in order. The score is the share of right results in the *second*
answer. MPA_Bench puts 50 sums into one conversation, at temperature 0; ``per_prompt = 50`` does the same.

What is ours: the numbers are drawn from a seed, the number of digits and of sums a conversation can be chosen,
the conversations take turns in how the first question is worded, and every sum is one item that all variants
share. Sums of one conversation stand or fall together (a model that loses its place loses the rest), so the
intervals count conversations, not sums, as independent (stats.intervals.block_proportion,
stats.paired.proportions_in_blocks); with one sum a conversation these are Wilson's and Newcombe's own. One
conversation alone (``items`` ≤ ``per_prompt``) tells no spread, so it has no interval and tells no files apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import Field, field_validator

from lab_app.engines.base import Engine, Message
from lab_app.figures import Axis, Bars, Figure
from lab_app.probes.base import Metric, ProbeContext, ProbeSpec, Work, probe
from lab_app.probes.common import draw
from lab_app.probes.common.conversation import Conversation
from lab_app.stats.estimate import Estimate, PairedDifference
from lab_app.stats.intervals import block_proportion, wilson
from lab_app.stats.paired import paired_in_blocks, proportions_in_blocks
from lab_app.store.records import Sample
from lab_app.system.errors import UsageError
from lab_app.system.translation import note, translate

PHRASINGS: dict[str, tuple[str, str]] = {
    "plain": ("Please work out these sums:", "{a}+{b}"),
    "columns": (
        "Add the two numbers on each line, digit by digit from the right, and mind the carries:",
        "{a} + {b}",
    ),
    "words": ("What does each of these lines come to?", "{a} plus {b}"),
}
"""How the first question is put: what stands above the sums, and how one sum is written (MPA_Bench writes
them as ``plain`` does, without a number or an equals sign)."""
_WORDINGS = {
    "plain": note("probes", "plain"),
    "columns": note("probes", "columns"),
    "words": note("probes", "words"),
}

SECOND = (
    "Thank you. Now write down the results alone, in the same order, one on each line. "
    "Use no numbering, no commas and no other words."
)


class ArithmeticSpec(ProbeSpec):
    items: int = Field(default=50, ge=1, le=100_000, description="sums in all")
    per_prompt: int = Field(default=10, ge=1, le=200, description="sums in one conversation (MPA_Bench: 50)")
    digits: int = Field(default=5, ge=1, le=9, description="digits of each number")
    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="the same seed gives the same sums")
    phrasings: list[str] = Field(
        default=list(PHRASINGS), description="wordings that take turns: plain, columns, words"
    )
    max_tokens: int | None = Field(
        default=None,
        ge=8,
        le=100_000,
        description="tokens of the first answer, at most (default: 96, and 32 for each sum)",
    )

    @field_validator("phrasings")
    @classmethod
    def _known(cls, value: list[str]) -> list[str]:
        for name in value:
            if name not in PHRASINGS:
                raise ValueError(f'there is no "{name}"; possible are {", ".join(PHRASINGS)}')
        if not value or len(set(value)) != len(value):
            raise ValueError("must name at least one wording, and none twice")
        return value

    @property
    def first_limit(self) -> int:
        """Tokens the first answer may have."""
        return self.max_tokens or 96 + 32 * min(self.per_prompt, self.items)

    @property
    def second_limit(self) -> int:
        """Tokens of the second answer: every digit may be one, and some words besides."""
        return 24 + (self.digits + 6) * min(self.per_prompt, self.items)


@dataclass(frozen=True, slots=True)
class Sum:
    """One item: ``a + b``, in conversation number ``sheet``."""

    index: int
    a: int
    b: int
    sheet: int
    phrasing: str

    @property
    def expected(self) -> int:
        return self.a + self.b


def sums(spec: ArithmeticSpec) -> list[Sum]:
    """All items. A run with fewer items measures the first of a longer run's."""
    low, high = 10 ** (spec.digits - 1), 10**spec.digits - 1
    found = []
    for index in range(spec.items):
        sheet = index // spec.per_prompt
        a, b = (draw.whole(low, high, "sum", spec.seed, spec.digits, index, side) for side in "ab")
        found.append(Sum(index, a, b, sheet, spec.phrasings[sheet % len(spec.phrasings)]))
    return found


def first_question(items: Sequence[Sum]) -> str:
    above, line = PHRASINGS[items[0].phrasing]
    return "\n".join([above, "", *(line.format(a=item.a, b=item.b) for item in items)])


_TURN = 64
"""Tokens a chat template may put around a turn, and that reading an answer back may add."""

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NUMBERING = re.compile(r"^\s*(?:[-*•]\s+|\(?\d{1,4}[.):]\s+(?=\S))")

_LEFT_SIDE = re.compile(r"[^=,;]*=")


def read_answers(text: str, count: int, digits: int) -> list[int | None]:
    """The results in an answer, in order; None for those that are missing.

    Numbering in front of a line is no result, nor is what stands before an ``=``. Lines without words
    count where there are any, else every number of the text does. Commas
    between thousands are forgiven where numbers have four digits or more. Of an answer to one sum the last
    number counts. Thoughts between ``<think>`` and ``</think>`` are no answer.
    """
    _, closed, tail = text.rpartition("</think>")
    if not closed and "<think>" in text:
        return [None] * count
    bare: list[int] = []
    every: list[int] = []
    for line in (tail if closed else text).splitlines():
        if digits >= 4:
            line = _THOUSANDS.sub("", line)
        line = _LEFT_SIDE.sub("", _NUMBERING.sub("", line))
        numbers = [int(number) for number in re.findall(r"\d{1,30}", line)]
        every += numbers
        if not re.search(r"[^\W\d_]|\d\s*[+*/×-]\s*\d", line):
            bare += numbers
    found = bare or every
    if count == 1:
        found = found[-1:]
    return [*found[:count], *[None] * (count - len(found))]


def digit_credit(expected: int, answer: int | None) -> float:
    """Share of right digits, place by place from the units; digits too many count as wrong ones."""
    if answer is None:
        return 0.0
    right, given = str(expected)[::-1], str(answer)[::-1]
    same = sum(1 for x, y in zip(right, given, strict=False) if x == y)
    return same / max(len(right), len(given))


@probe("arithmetic")
class Arithmetic:
    """Series ``item``: x number of the sum, y 1 (right in the last answer) or 0; payload ``a``, ``b``,
    ``expected``, ``answer`` and ``first`` (the results in the second and in the first answer, None where there is
    none), ``digits`` (share of right digits), ``sheet`` (conversation), ``phrasing``. Series ``conversation``:
    x its number, y share of right results; payload ``questions``, ``answers``, ``stopped_by``."""

    name: ClassVar[str]
    title: ClassVar[str] = note("probes", "Arithmetic")
    question: ClassVar[str] = note("probes", "Does it still add, and keep track of many numbers?")
    Spec: ClassVar[type[ProbeSpec]] = ArithmeticSpec
    figures: ClassVar[Sequence[Figure]] = (
        Bars(
            note("probes", "Right sums"),
            ("accuracy", "first", "digits"),
            Axis(note("probes", "share of right sums")),
        ),
        Bars(
            note("probes", "Right sums by wording of the question"),
            tuple(f"accuracy_{name}" for name in PHRASINGS),
            Axis(note("probes", "share of right sums")),
        ),
    )
    headline: ClassVar[str] = "accuracy"
    reference: ClassVar[str | None] = None
    version: ClassVar[int] = 1

    def __init__(self, spec: ArithmeticSpec) -> None:
        self.spec = spec

    @classmethod
    def work(cls, spec: ArithmeticSpec) -> Work:
        """A sum takes about 16 tokens to ask, 24 to answer and 8 to repeat; words around them come on top."""
        count, alone = -(-spec.items // spec.per_prompt), min(spec.per_prompt, spec.items)
        first = min(spec.first_limit, 30 + 24 * alone)
        asked = 40 + 16 * alone
        return Work(
            prefill=count * (2 * asked + first + 40),
            generate=count * (first + min(spec.second_limit, 10 + 8 * alone)),
        )

    def run(self, engine: Engine, context: ProbeContext) -> Iterator[Sample]:
        """Raises UsageError where a conversation does not fit into the model's context."""
        spec = self.spec
        items = sums(spec)
        sheets = [items[i : i + spec.per_prompt] for i in range(0, len(items), spec.per_prompt)]
        covered = {(sample.series, sample.x) for sample in context.done}
        talk = Conversation(engine, context)
        context.provenance["answer_limits"] = [spec.first_limit, spec.second_limit]
        room = self._room(engine, talk, sheets)
        engine.open(n_ctx=room)
        for number, sheet in enumerate(sheets):
            wanted = [item for item in sheet if ("item", float(item.index)) not in covered]
            if not wanted and ("conversation", float(number)) in covered:
                continue
            context.check()
            context.progress(sheet[0].index, len(items), "sums")
            conversation, answers = self._ask(engine, talk, sheet, room)
            for item in wanted:
                yield answers[item.index - sheet[0].index]
            if ("conversation", float(number)) not in covered:
                right = sum(answer.y for answer in answers)
                yield Sample(
                    "conversation", float(number), right / len(sheet), n=len(sheet), payload=conversation
                )
        context.progress(len(items), len(items), "")

    def _room(self, engine: Engine, talk: Conversation, sheets: Sequence[Sequence[Sum]]) -> int:
        """Tokens of the longest conversation, at most what the model was trained for."""
        asked = max(len(talk.prompt([_user(first_question(sheet))])) for sheet in sheets)
        again = len(engine.tokenize(SECOND)) + _TURN
        needed = asked + self.spec.first_limit + again + self.spec.second_limit
        trained = engine.info.n_ctx_train
        if trained and asked + again + self.spec.second_limit > trained:
            raise UsageError(
                f"{len(sheets[0])} sums in one conversation take {asked + again} tokens of questions and "
                f"{self.spec.second_limit} of results, but the model was trained for {trained}.",
                "Choose a smaller per_prompt.",
            )
        return min(needed, trained) if trained else needed

    def _ask(
        self, engine: Engine, talk: Conversation, sheet: Sequence[Sum], room: int
    ) -> tuple[dict[str, Any], list[Sample]]:
        """One conversation: its record, and the sample of every sum. Where the first answer leaves no room for
        the second one there is none (``stopped_by``: ``context``)."""
        spec = self.spec
        messages = [_user(first_question(sheet))]
        first = engine.generate(talk.prompt(messages), max_tokens=spec.first_limit, stop=talk.stop)
        messages += [Message(role="assistant", content=first.text), _user(SECOND)]
        prompt = talk.prompt(messages)
        text, stopped = "", "context"
        if len(prompt) + spec.second_limit <= room:
            second = engine.generate(prompt, max_tokens=spec.second_limit, stop=talk.stop)
            text, stopped = second.text, second.stopped_by
        record = {
            "questions": [message["content"] for message in messages if message["role"] == "user"],
            "answers": [first.text, text],
            "stopped_by": [first.stopped_by, stopped],
        }
        early = read_answers(first.text, len(sheet), spec.digits)
        late = read_answers(text, len(sheet), spec.digits)
        return record, [
            Sample(
                "item",
                float(item.index),
                float(given == item.expected),
                n=1,
                payload={
                    "a": item.a, "b": item.b, "expected": item.expected, "answer": given, "first": before,
                    "digits": digit_credit(item.expected, given), "sheet": item.sheet, "phrasing": item.phrasing,
                },
            )
            for item, before, given in zip(sheet, early, late, strict=True)
        ]  # fmt: skip

    # -- pure ------------------------------------------------------------------------------------

    @classmethod
    def summarise(cls, samples: Sequence[Sample]) -> dict[str, Metric]:
        """Shares of right sums in the last answer, also by wording, and in the first; share of right digits."""
        items = _items(samples)
        if not items:
            return {}
        right = [sample.y > 0 for sample, _ in items]
        first = [body["first"] == body["expected"] for _, body in items]
        sheets = [int(body["sheet"]) for _, body in items]
        found = [
            Metric("accuracy", translate("probes", "Right sums"), _share(right, sheets), better="higher"),
            Metric(
                "first",
                translate("probes", "Right in the first answer"),
                _share(first, sheets),
                better="higher",
            ),
        ]
        # A mean of shares spreads no more than a proportion of the same value: Wilson's interval covers it.
        digits = _share([float(body["digits"]) for _, body in items], sheets)
        found.append(Metric("digits", translate("probes", "Right digits"), digits, better="higher"))
        wordings = list(dict.fromkeys(str(body["phrasing"]) for _, body in items))
        for name in wordings if len(wordings) > 1 else ():
            own = [i for i, (_, body) in enumerate(items) if body["phrasing"] == name]
            share = _share([right[i] for i in own], [sheets[i] for i in own])
            wording = translate("probes", _WORDINGS.get(name, name))
            label = translate("probes", "Right sums, “{0}”").format(wording)
            found.append(Metric(f"accuracy_{name}", label, share, better="higher"))
        return {metric.name: metric for metric in found}

    @classmethod
    def compare(cls, base: Sequence[Sample], other: Sequence[Sample]) -> dict[str, PairedDifference]:
        """The same sums in the same place of the same conversations."""
        ours, theirs = _by_sum(base), _by_sum(other)
        pairs = [(ours[key], theirs[key]) for key in ours if key in theirs]
        if not pairs:
            return {}
        sheets = [int(b["sheet"]) for b, _ in pairs]

        def shares(name: str, chosen: Sequence[int]) -> PairedDifference:
            yes = [[pairs[i][side][name] == pairs[i][side]["expected"] for i in chosen] for side in (0, 1)]
            return proportions_in_blocks(yes[0], yes[1], [sheets[i] for i in chosen])

        every = range(len(pairs))
        found = {"accuracy": shares("answer", every), "first": shares("first", every)}
        gains = [float(second["digits"]) - float(first["digits"]) for first, second in pairs]
        found["digits"] = paired_in_blocks(gains, sheets)
        wordings = list(dict.fromkeys(str(b["phrasing"]) for b, _ in pairs))
        for name in wordings if len(wordings) > 1 else ():
            found[f"accuracy_{name}"] = shares(
                "answer", [i for i in every if pairs[i][0]["phrasing"] == name]
            )
        return found


def _user(content: str) -> Message:
    return Message(role="user", content=content)


def _items(samples: Sequence[Sample]) -> list[tuple[Sample, Mapping[str, Any]]]:
    return [(s, s.payload) for s in samples if s.series == "item" and s.payload is not None]


def _by_sum(samples: Sequence[Sample]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    return {
        (sample.x, body["a"], body["b"], body["sheet"], body["phrasing"]): body
        for sample, body in _items(samples)
    }


def _in_blocks(values: Sequence[float], sheets: Sequence[int]) -> list[list[float]]:
    found: dict[int, list[float]] = {}
    for value, sheet in zip(values, sheets, strict=True):
        found.setdefault(sheet, []).append(value)
    return list(found.values())


def _share(values: Sequence[float], sheets: Sequence[int]) -> Estimate:
    blocks = _in_blocks(values, sheets)
    if len(blocks) == len(values) and all(value in (0.0, 1.0) for value in values):
        return wilson(int(sum(values)), len(values))
    return block_proportion([sum(block) for block in blocks], [len(block) for block in blocks])

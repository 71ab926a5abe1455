"""Pass keys: a number hidden in a long text at a chosen depth, asked for at the end.

The task of Mohtashami & Jaggi (2023, arXiv:2305.16300, §4.2), with natural text as the haystack as in the
"needle in a haystack" test (Kamradt 2023), in this lab's own words. Everything is counted in the model's own
tokens, spliced as tokens, so that a cell of the map is exactly what it says:

- ``length`` is the whole context: template, haystack, question and the room for the answer.
- ``depth`` d puts the key behind round(d · H) of the H haystack tokens: 0 is the beginning, 1 right before the
  question.

The model's turn is begun with "The pass key is", so that also a model that talks around things answers at once;
an answer is right when the key stands in it as a number of its own. A haystack shorter than the longest length
begins anew. Within one repetition all cells share the place where the haystack begins, so that the engine may
keep what two prompts have in common (it does so only where that is bit-exact); every cell has its own key.

Intervals: Wilson's over the items, variants are paired item by item. The cells of a map have different chances,
which makes the interval of their joint share wider than need be, never narrower.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field, field_validator

from lab_app.engines.base import Engine, EngineSettings, Message
from lab_app.figures import Axis, Bars, Figure, HeatMap
from lab_app.probes.base import Metric, ProbeContext, ProbeSpec, Work, probe
from lab_app.probes.common import draw
from lab_app.probes.common.conversation import Conversation
from lab_app.stats.estimate import Estimate, PairedDifference
from lab_app.stats.intervals import wilson
from lab_app.stats.paired import proportions
from lab_app.store.records import Sample
from lab_app.system.errors import UsageError
from lab_app.system.translation import note, translate

BEFORE = "Somewhere in the following text a pass key is hidden. Find it and remember it.\n\n"
AFTER = "\n\nThat was the whole text. What is the pass key that was hidden in it?"
NEEDLE = "\n\nThe pass key is {key}. Remember it: {key} is the pass key.\n\n"
BEGUN = "The pass key is"

_MARKS = ("river", "stone")
"""Two words that begin and end with different letters, put where the haystack will stand."""
_BY_LENGTH = ("accuracy", *(f"accuracy_{128 << i}" for i in range(14)))
"""Bars are drawn for these lengths (128 to 1,048,576 by doubling); tables and the heat map have every one."""


class PasskeySpec(ProbeSpec):
    lengths: list[int] = Field(default=[1024], description="contexts in tokens, template and answer included")
    depths: list[float] = Field(
        default=[0.0, 0.25, 0.5, 0.75, 1.0], description="where the key lies: 0 the beginning, 1 the end"
    )
    repeats: int = Field(default=4, ge=1, le=1000, description="keys in each cell of depth and length")
    digits: int = Field(default=5, ge=2, le=9, description="digits of a key")
    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="the same seed gives the same keys")
    max_tokens: int = Field(default=16, ge=4, le=1024, description="tokens of the answer")

    @field_validator("lengths")
    @classmethod
    def _lengths(cls, value: list[int]) -> list[int]:
        for length in value:
            if not 64 <= length <= 1 << 24:
                raise ValueError(f"{length} must lie between 64 and {1 << 24}")
        if not value or len(set(value)) != len(value):
            raise ValueError("must name at least one length, and none twice")
        return value

    @field_validator("depths")
    @classmethod
    def _depths(cls, value: list[float]) -> list[float]:
        for depth in value:
            if not 0.0 <= depth <= 1.0:
                raise ValueError(f"{depth:g} must lie between 0 and 1")
        if not value or len(set(value)) != len(value):
            raise ValueError("must name at least one depth, and none twice")
        return value


@dataclass(frozen=True, slots=True)
class Cell:
    """One item: key number ``repeat`` at ``depth`` of a context of ``length`` tokens."""

    length: int
    depth: float
    repeat: int
    key: str

    @property
    def x(self) -> str:
        return f"{self.length}:{self.depth:g}:{self.repeat}"


def cells(spec: PasskeySpec) -> list[Cell]:
    """All items, in the order that lets neighbours share the most tokens. A cell's key depends on nothing
    but the seed and its own place."""
    low, high = 10 ** (spec.digits - 1), 10**spec.digits - 1
    found = []
    for repeat in range(spec.repeats):
        for length in sorted(spec.lengths):
            for depth in sorted(spec.depths):
                key = draw.whole(low, high, "key", spec.seed, spec.digits, length, f"{depth:g}", repeat)
                found.append(Cell(length, depth, repeat, str(key)))
    return found


@dataclass(frozen=True, slots=True)
class Frame:
    """Tokens around the haystack: the template with the question, and the beginning of the answer."""

    head: Sequence[int]
    tail: Sequence[int]


def frame(talk: Conversation) -> Frame:
    """What stands before and after the haystack, found as what two different contents have in common."""
    one, other = (
        talk.prompt([Message(role="user", content=BEFORE + mark + AFTER)], BEGUN) for mark in _MARKS
    )
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    tail = 0
    while tail < min(len(one), len(other)) - head and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    if one == other:
        raise UsageError(
            "The model's chat template leaves out what it is told, so no text can be put into it.",
            "Use a model with another template.",
        )
    return Frame(one[:head], one[len(one) - tail :])


def compose(
    around: Frame, haystack: Sequence[int], start: int, needle: Sequence[int], depth: float, size: int
) -> tuple[list[int], int]:
    """(prompt of exactly ``size`` tokens, position of the needle's first token). ``haystack`` is read from
    ``start`` on, around its end. Raises ValueError when the rest leaves no token for the haystack."""
    straw = size - len(around.head) - len(around.tail) - len(needle)
    if straw < 1:
        raise ValueError("no room for a haystack")
    at = round(depth * straw)
    text = [haystack[(start + i) % len(haystack)] for i in range(straw)]
    return [*around.head, *text[:at], *needle, *text[at:], *around.tail], len(around.head) + at


def found_in(answer: str, key: str) -> bool:
    """Whether ``key`` stands in the answer as a number of its own (1,234 counts as 1234)."""
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", answer)
    return key in re.findall(r"\d+", plain)


@probe("passkey")
class Passkey:
    """Series ``item``: x ``length:depth:repeat``, y 1 (found) or 0; payload ``row`` (depth), ``column`` (length),
    ``repeat``, ``key``, ``answer``, ``needle_at`` (position of the needle's first token), ``start`` (where the
    haystack begins, in its tokens), ``tokens`` (of the prompt)."""

    name: ClassVar[str]
    title: ClassVar[str] = note("probes", "Pass keys")
    question: ClassVar[str] = note("probes", "Where in a long text does it still find what it is asked for?")
    Spec: ClassVar[type[ProbeSpec]] = PasskeySpec
    figures: ClassVar[Sequence[Figure]] = (
        HeatMap(
            note("probes", "Keys found by depth and length"),
            "item",
            Axis(note("probes", "depth")),
            Axis(note("probes", "context"), "tokens"),
            Axis(note("probes", "share of keys found")),
        ),
        Bars(note("probes", "Keys found by length"), _BY_LENGTH, Axis(note("probes", "share of keys found"))),
    )
    headline: ClassVar[str] = "accuracy"
    reference: ClassVar[str | None] = None
    files: ClassVar[Mapping[str, str]] = {"haystack": "texts/haystack.txt"}
    version: ClassVar[int] = 1

    def __init__(self, spec: PasskeySpec) -> None:
        self.spec = spec

    @classmethod
    def work(cls, spec: PasskeySpec) -> Work:
        """Every prompt read whole; what an engine keeps from one to the next makes it less."""
        count = spec.repeats * len(spec.depths)
        return Work(prefill=count * sum(spec.lengths), generate=count * len(spec.lengths) * spec.max_tokens)

    def run(self, engine: Engine, context: ProbeContext) -> Iterator[Sample]:
        """Raises UsageError: a length beyond what the model was trained for (unless RoPE scaling is set), one too
        short for the question, a haystack that is no text."""
        spec = self.spec
        items = cells(spec)
        covered = {sample.x for sample in context.done if sample.series == "item"}
        _check_lengths(spec, engine, context.settings)
        haystack = _read(engine, Path(context.files["haystack"]))
        talk = Conversation(engine, context)
        around = frame(talk)
        starts = [
            draw.whole(0, len(haystack) - 1, "start", spec.seed, repeat) for repeat in range(spec.repeats)
        ]
        if any(item.x not in covered for item in items):
            engine.open(n_ctx=max(spec.lengths))
        for done, item in enumerate(items):
            if item.x in covered:
                continue
            context.check()
            context.progress(done, len(items), f"{item.length} tokens")
            needle = engine.tokenize(NEEDLE.format(key=item.key))
            start = starts[item.repeat]
            try:
                prompt, at = compose(
                    around, haystack, start, needle, item.depth, item.length - spec.max_tokens
                )
            except ValueError:
                rest = len(around.head) + len(around.tail) + len(needle) + spec.max_tokens
                raise UsageError(
                    f"A context of {item.length} tokens is too short for a pass key: the question, the key and the "
                    f"answer take {rest}.",
                    "Choose a greater length.",
                ) from None
            answer = engine.generate(prompt, max_tokens=spec.max_tokens, stop=talk.stop).text
            payload = {
                "row": item.depth, "column": item.length, "repeat": item.repeat, "key": item.key, "answer": answer,
                "needle_at": at, "start": start, "tokens": len(prompt),
            }  # fmt: skip
            yield Sample("item", item.x, float(found_in(answer, item.key)), n=1, payload=payload)
        context.progress(len(items), len(items), "")

    # -- pure ------------------------------------------------------------------------------------

    @classmethod
    def summarise(cls, samples: Sequence[Sample]) -> dict[str, Metric]:
        """Share of keys found, in all and (where there are several) for each length."""
        by_length: dict[int, list[float]] = {}
        for sample in _items(samples):
            by_length.setdefault(int((sample.payload or {})["column"]), []).append(sample.y)
        if not by_length:
            return {}
        every = [y for found in by_length.values() for y in found]
        metrics = [Metric("accuracy", translate("probes", "Keys found"), _share(every), better="higher")]
        for length in sorted(by_length) if len(by_length) > 1 else ():
            label = translate("probes", "Keys found in {0} tokens").format(length)
            metrics.append(Metric(f"accuracy_{length}", label, _share(by_length[length]), better="higher"))
        return {metric.name: metric for metric in metrics}

    @classmethod
    def compare(cls, base: Sequence[Sample], other: Sequence[Sample]) -> dict[str, PairedDifference]:
        """The same key in the same place."""
        ours, theirs = ({(s.x, (s.payload or {})["key"]): s for s in _items(side)} for side in (base, other))
        shared = [key for key in ours if key in theirs]
        if not shared:
            return {}

        def share(keys: Sequence[Any]) -> PairedDifference:
            return proportions([ours[k].y > 0 for k in keys], [theirs[k].y > 0 for k in keys])

        found = {"accuracy": share(shared)}
        lengths = sorted({int((ours[key].payload or {})["column"]) for key in shared})
        for length in lengths if len(lengths) > 1 else ():
            found[f"accuracy_{length}"] = share(
                [key for key in shared if (ours[key].payload or {})["column"] == length]
            )
        return found


def _items(samples: Sequence[Sample]) -> list[Sample]:
    return [sample for sample in samples if sample.series == "item" and sample.payload is not None]


def _share(found: Sequence[float]) -> Estimate:
    return wilson(sum(1 for y in found if y > 0), len(found))


def _read(engine: Engine, path: Path) -> list[int]:
    try:
        tokens = engine.tokenize(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not a text in UTF-8 (byte {error.start}).") from None
    if not tokens:
        raise UsageError(f"{path.name} is empty, so nothing can be hidden in it.")
    return tokens


def _check_lengths(spec: PasskeySpec, engine: Engine, settings: EngineSettings) -> None:
    """Studies are refused before anything runs where the header is known; this is for all other cases."""
    trained = engine.info.n_ctx_train
    scaled = (
        settings.rope_scaling not in (None, "none")
        or settings.rope_freq_base is not None
        or settings.rope_freq_scale is not None
        or settings.yarn_orig_ctx is not None
    )
    if trained and max(spec.lengths) > trained and not scaled:
        raise UsageError(
            f"A context of {max(spec.lengths)} tokens is impossible: the model was trained for {trained}.",
            f"Nearest possible: {trained}; for more, set rope_scaling in [engine].",
        )

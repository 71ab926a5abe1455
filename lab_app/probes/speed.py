"""Speed: tokens per second while reading a prompt and while writing, and the memory both take.

Measured as llama-bench measures (its pp and tg tests): random tokens, an untimed run first, the memory
for tokens cleared before each repetition. One repetition is one sample.

Repetitions in one process agree with each other better than with those of the next process: where the weights come
to lie in memory, the machine's temperature and what else it does stay the same for as long as the process lives
(Kalibera & Jones (2013), Rigorous Benchmarking in Reasonable Time, ISMM, on levels of repetition). So each file is
measured in several ``rounds``, each in a process of its own, and all files take turns; rounds count as independent,
repetitions do not. One round alone has no interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from pydantic import Field, field_validator

from lab_app.engines.base import Engine
from lab_app.figures import Axis, Bars, Figure
from lab_app.probes.base import Metric, ProbeContext, ProbeSpec, Work, probe
from lab_app.stats.estimate import Estimate, PairedDifference
from lab_app.stats.intervals import block_mean
from lab_app.stats.paired import welch
from lab_app.store.records import Sample
from lab_app.system.errors import Cancelled
from lab_app.system.translation import note, translate

_RATE = "tokens/s"
_MEMORY = "memory"
_MEMORY_LABELS = {
    "model": note("probes", "Weights"),
    "kv": note("probes", "KV memory"),
    "compute": note("probes", "Compute buffers"),
    "peak_rss": note("probes", "Peak memory of the process"),
}


class SpeedSpec(ProbeSpec):
    """What to time. The first size of each kind gives the headline numbers ``prefill`` and ``generation``."""

    prefill: list[int] = Field(default=[512], description="Prompt lengths in tokens.")
    generate: list[int] = Field(default=[128], description="Numbers of tokens to write, one at a time.")
    depth: list[int] = Field(default=[0], description="Tokens already in memory when writing starts.")
    repeats: int = Field(
        default=2, ge=1, le=1000, description="Timed repetitions of each test in each round."
    )
    rounds: int = Field(
        default=3,
        ge=1,
        le=100,
        description="Processes that measure a file one after the other, in turns with others.",
    )

    @field_validator("prefill", "generate")
    @classmethod
    def _sizes(cls, value: list[int]) -> list[int]:
        return _distinct(value, 1)

    @field_validator("depth")
    @classmethod
    def _depths(cls, value: list[int]) -> list[int]:
        if not value:
            raise ValueError("must name at least one depth (0: an empty memory)")
        return _distinct(value, 0)


def _distinct(values: list[int], smallest: int) -> list[int]:
    for value in values:
        if not smallest <= value <= 1 << 20:
            raise ValueError(f"{value} must lie between {smallest} and {1 << 20}")
    if len(set(values)) != len(values):
        raise ValueError("the same number stands twice")
    return values


@probe("speed")
class Speed:
    """Series ``prefill:SIZE`` and ``generation:SIZE@DEPTH`` (x: repetition, y: tokens/s; payload ``seconds``,
    ``tokens``, ``depth``, ``round``), and ``memory`` (x: kind, y: bytes). A run is one round."""

    name: ClassVar[str]
    title: ClassVar[str] = note("probes", "Speed")
    question: ClassVar[str] = note(
        "probes", "How fast does it read and write on this machine, and what memory does it take?"
    )
    Spec: ClassVar[type[ProbeSpec]] = SpeedSpec
    figures: ClassVar[Sequence[Figure]] = (
        Bars(note("probes", "Reading a prompt"), ("prefill",), Axis(note("probes", "prefill"), _RATE)),
        Bars(note("probes", "Writing"), ("generation",), Axis(note("probes", "generation"), _RATE)),
        Bars(
            note("probes", "Memory"),
            ("memory_model", "memory_kv", "memory_compute"),
            Axis(note("probes", "memory"), "bytes"),
        ),
    )
    headline: ClassVar[str] = "generation"
    reference: ClassVar[str | None] = None
    measures_machine: ClassVar[bool] = True

    def __init__(self, spec: SpeedSpec) -> None:
        self.spec = spec

    @classmethod
    def work(cls, spec: SpeedSpec) -> Work:
        times = spec.rounds * (spec.repeats + 1)
        return Work(
            prefill=times * (sum(spec.prefill) + sum(spec.depth) * len(spec.generate)),
            generate=times * sum(spec.generate) * len(spec.depth),
        )

    def run(self, engine: Engine, context: ProbeContext) -> Iterator[Sample]:
        covered = {(sample.series, sample.x) for sample in context.done}
        tests = [("prefill", size, 0) for size in self.spec.prefill]
        tests += [("generation", size, depth) for depth in self.spec.depth for size in self.spec.generate]
        wanted = [(test, repeat) for test in tests for repeat in range(self.spec.repeats)]
        if tests:
            engine.open(n_ctx=max(size + depth for _, size, depth in tests))
        for done, ((kind, size, depth), repeat) in enumerate(wanted):
            series = f"{kind}:{size}" if kind == "prefill" else f"{kind}:{size}@{depth}"
            if (series, float(repeat)) in covered:
                continue
            if context.cancelled():
                raise Cancelled("The job was cancelled.")
            context.progress(
                done, len(wanted), f"{kind} of {size} tokens" + (f" after {depth}" if depth else "")
            )
            seconds = engine.time_prefill(size) if kind == "prefill" else engine.time_generate(size, depth)
            payload = {"seconds": seconds, "tokens": size, "depth": depth, "round": context.round}
            yield Sample(series, float(repeat), size / seconds, n=1, payload=payload)
        for kind, number in engine.memory().items():
            if (_MEMORY, kind) not in covered:
                yield Sample(_MEMORY, kind, float(number), n=1)
        context.progress(len(wanted), len(wanted), "")

    @classmethod
    def summarise(cls, samples: Sequence[Sample]) -> dict[str, Metric]:
        """Mean rate of each test with Student's interval over rounds; the most memory that was read."""
        metrics: dict[str, Metric] = {}
        for name, series in _names(samples).items():
            kind, size = series.split(":")
            rounds = list(_rounds(samples, series).values())
            rate = block_mean([sum(rates) for rates in rounds], [len(rates) for rates in rounds])
            rate = replace(rate, lo=max(0.0, rate.lo))  # few noisy rounds; nothing runs backwards
            metrics[name] = Metric(name, _label(kind, size), rate, _RATE, better="higher", digits=2)
        for sample in samples:
            if sample.series == _MEMORY:
                name = f"memory_{sample.x}"
                if name in metrics and metrics[name].estimate.value >= sample.y:
                    continue
                estimate = Estimate(sample.y, sample.y, sample.y, 1, "exact")
                label = translate("probes", _MEMORY_LABELS.get(str(sample.x), str(sample.x)))
                metrics[name] = Metric(name, label, estimate, "bytes", better="lower", digits=0)
        return metrics

    @classmethod
    def compare(cls, base: Sequence[Sample], other: Sequence[Sample]) -> dict[str, PairedDifference]:
        """Rounds of two files are not pairs: Welch's interval for the difference of the means of their rounds."""
        ours, theirs = _names(base), _names(other)
        return {
            name: welch(_means(base, series), _means(other, series))
            for name, series in ours.items()
            if theirs.get(name) == series
        }


def _names(samples: Sequence[Sample]) -> dict[str, str]:
    """Metric name → series, in order of appearance; the first of each kind has the kind's own name."""
    names: dict[str, str] = {}
    for series in dict.fromkeys(sample.series for sample in samples):
        kind, _, size = series.partition(":")
        if series != _MEMORY:
            names[kind if kind not in names else f"{kind}_{size.replace('@', '_after_')}"] = series
    return names


def _rounds(samples: Sequence[Sample], series: str) -> dict[int, list[float]]:
    """Rates by round. Samples from before there were rounds are of one and the same."""
    found: dict[int, list[float]] = {}
    for sample in samples:
        if sample.series == series:
            found.setdefault(int((sample.payload or {}).get("round", 1)), []).append(sample.y)
    return found


def _means(samples: Sequence[Sample], series: str) -> list[float]:
    return [sum(rates) / len(rates) for rates in _rounds(samples, series).values()]


def _label(kind: str, size: str) -> str:
    tokens, _, depth = size.partition("@")
    if kind == "prefill":
        return translate("probes", "Reading {0} tokens").format(tokens)
    if depth in ("", "0"):
        return translate("probes", "Writing {0} tokens").format(tokens)
    return translate("probes", "Writing {0} tokens after {1}").format(tokens, depth)

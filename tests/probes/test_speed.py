"""The speed probe on the demo model, and its arithmetic on known samples."""

from __future__ import annotations

import math
import random
import statistics
from pathlib import Path

import pytest
from pydantic import ValidationError

from lab_app.engines import open_engine
from lab_app.engines.base import EngineSettings
from lab_app.probes.base import ProbeContext, registry
from lab_app.probes.speed import Speed, SpeedSpec
from lab_app.store.records import Sample


def test_it_is_registered() -> None:
    assert registry()["speed"] is Speed


def test_a_real_run_and_its_resumption(demo_model: Path) -> None:
    engine = open_engine("llama", str(demo_model), EngineSettings())
    try:
        probe = Speed(
            SpeedSpec(prefill=[32, 16], generate=[4], depth=[0, 20], repeats=2)
        )  # one round of them
        steps: list[tuple[float, float | None]] = []
        context = ProbeContext(progress=lambda done, total, message: steps.append((done, total)))
        samples = list(probe.run(engine, context))
        series = [sample.series for sample in samples]
        assert series == [
            *["prefill:32"] * 2,
            *["prefill:16"] * 2,
            *["generation:4@0"] * 2,
            *["generation:4@20"] * 2,
            *["memory"] * 4,
        ]
        assert len({(sample.series, sample.x) for sample in samples}) == len(samples)
        for sample in samples[:8]:
            assert sample.payload is not None
            assert sample.y == sample.payload["tokens"] / sample.payload["seconds"] > 0
            assert sample.payload["round"] == 1
        assert steps[-1] == (8, 8)
        memory = {sample.x: sample.y for sample in samples if sample.series == "memory"}
        assert memory["model"] == engine.info.model_bytes
        assert memory["kv"] > 0 and memory["compute"] > 0 and memory["peak_rss"] > 90e6

        again = list(probe.run(engine, ProbeContext(done=samples[:3] + samples[8:], round=2)))
        assert {s.payload["round"] for s in again if s.payload} == {2}
        assert [(s.series, s.x) for s in again] == [(s.series, s.x) for s in samples[3:8]]
    finally:
        engine.close()


def _samples(series: str, *rounds: list[float]) -> list[Sample]:
    return [
        Sample(series, float(i), rate, payload={"round": number})
        for number, rates in enumerate(rounds, 1)
        for i, rate in enumerate(rates)
    ]


def test_summary_is_the_mean_with_students_interval_over_rounds() -> None:
    """Five rounds of two repetitions, which agree within a round: five observations, not ten."""
    rates = [100.0, 104.0, 96.0, 102.0, 98.0]
    samples = _samples("prefill:512", *[[rate, rate] for rate in rates])
    samples += _samples("generation:128@0", [10.0], [11.0], [12.0])
    samples += _samples("generation:128@4096", [8.0], [8.0])
    samples += [Sample("memory", "kv", size) for size in (2048.0, 4096.0, 1024.0)]
    metrics = Speed.summarise(samples)
    assert list(metrics) == ["prefill", "generation", "generation_128_after_4096", "memory_kv"]
    estimate = metrics["prefill"].estimate
    half = 2.7764451051977987 * statistics.stdev(rates) / math.sqrt(5)  # t(0.975, 4)
    assert (estimate.value, estimate.n, estimate.method) == (100.0, 10, "block-t")
    assert estimate.hi - estimate.value == pytest.approx(half, rel=1e-9)
    assert metrics["generation_128_after_4096"].label == "Writing 128 tokens after 4096"
    assert metrics["memory_kv"].estimate.value == 4096.0, "the most of all rounds"


def test_one_round_is_one_observation() -> None:
    """However often it is repeated in one process; as results from before there were rounds have it."""
    steady = [Sample("generation:32@0", float(i), 50.0 + i / 100) for i in range(30)]
    faster = _samples("generation:32@0", [60.0 + i / 100 for i in range(30)])
    assert Speed.summarise(steady)["generation"].estimate.alone
    found = Speed.compare(steady, faster)["generation"]
    assert found.p_value == 1.0 and not found.distinguishable


def test_drift_between_processes_raises_no_alarms() -> None:
    """1 000 seeded pairs of equal files: each process has a rate of its own (2 %), repetitions spread by 0.2 %."""
    rng = random.Random(16)

    def measured() -> list[Sample]:
        rounds = [50.0 * rng.gauss(1.0, 0.02) for _ in range(3)]
        return _samples("generation:32@0", *[[rng.gauss(own, 0.1) for _ in range(2)] for own in rounds])

    alarms, covered = 0, 0
    for _ in range(1000):
        base, other = measured(), measured()
        alarms += Speed.compare(base, other)["generation"].p_value < 0.05
        estimate = Speed.summarise(base)["generation"].estimate
        covered += estimate.lo <= 50.0 <= estimate.hi
    assert alarms < 60 and covered > 935


def test_variants_are_compared_by_welch() -> None:
    base = _samples("generation:128@0", [10.0], [10.2], [9.8]) + _samples("prefill:512", [100.0], [101.0])
    other = _samples("generation:128@0", [20.0], [20.1], [19.9], [20.0])
    other += _samples("prefill:256", [100.0], [101.0])
    difference = Speed.compare(base, other)
    assert list(difference) == ["generation"], "prompts of other lengths are not compared"
    assert difference["generation"].test == "welch"
    assert difference["generation"].estimate.value == pytest.approx(10.0)
    assert difference["generation"].distinguishable


@pytest.mark.parametrize(
    "wrong",
    [
        {"prefill": [0]},
        {"generate": [8, 8]},
        {"depth": []},
        {"depth": [-1]},
        {"repeats": 0},
        {"rounds": 0},
        {"turns": 3},
    ],
)
def test_wrong_specs_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SpeedSpec(**wrong)  # type: ignore[arg-type]

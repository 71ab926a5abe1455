"""What the analyst keeps between two answers never shows in them."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lab_app.gui.analyst.answer import Answer
from lab_app.gui.analyst.process import Memory, analyse
from lab_app.probes.divergence import Divergence
from lab_app.probes.speed import Speed
from lab_app.store.records import CellRecord, Sample
from lab_app.system import translation
from lab_app.system.environment import python_command, worker_environment
from tests.reports.builder import MEGA, PROVENANCE, Builder, digest


def read(folder: Path, memory: Memory | None = None) -> Answer:
    """With what ``memory`` keeps, or by somebody who just came."""
    if memory is not None:
        return analyse("test-0123456789", memory)
    with_nothing = Memory.open(folder / "lab.db", read_only=True)
    assert isinstance(with_nothing, Memory)
    try:
        return analyse("test-0123456789", with_nothing)
    finally:
        with_nothing.close()


def plain(answer: Answer) -> Any:
    """Everything said, arrays as lists."""

    def histogram(found: Any) -> Any:
        return found and (
            found.edges.tolist(),
            found.log,
            {k: (r.middles.tolist(), r.counts.tolist(), r.marks) for k, r in found.ridges.items()},
        )

    figures = [(replace(f, distribution=None), histogram(f.distribution)) for f in answer.figures]
    return replace(answer, seconds=0.0, figures=()), figures


def test_an_answer_nobody_waits_for_any_more_is_lost_in_silence(tmp_path: Path) -> None:
    process = subprocess.Popen(
        python_command("from lab_app.gui.analyst.process import main; main()"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=worker_environment(),
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.close()  # as the end of the window does
    question = json.dumps({"study": "x", "db": str(tmp_path / "lab.db")}).encode()
    assert process.communicate(question + b"\n", timeout=120)[1] == b"" and process.returncode == 0


def test_answers_are_the_same_with_and_without_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Builder(tmp_path)
    for name, size, kld in (
        ("base", 98, None),
        ("Q8_0", 145, 0.0009),
        ("Q4_K_M", 105, 0.03),
        ("Q2_K", 88, 1.9),
    ):
        made.file(name, size * MEGA, base=kld is None, quant=name)
        made.divergence(name, kld, (kld or 0.0) / 2, chunks=12)
    made.speed("Q8_0", 31.0)
    made.speed("Q4_K_M", 40.0)
    # One that runs yet: its samples come between the answers.
    made.file("Q3_K_M", 94 * MEGA, quant="Q3_K_M")
    made.divergence("Q3_K_M", 0.2, 0.1, chunks=12, state="queued")
    late = made.store.samples(made.cells[-1].job_key)
    key = digest("again")
    made._job(key, "probe", "divergence: Q3_K_M")
    made.cells[-1] = replace(made.cells[-1], job_key=key)
    # And one in several rounds, the first of which grows last.
    rounds = [digest(f"round {n}") for n in range(2)]
    for one in rounds:
        made._job(one, "probe", "speed: Q2_K")
    made.cells.append(CellRecord("speed", "speed", "Q2_K", {}, rounds[1], (rounds[0],)))
    made.data()

    counted: Counter[str] = Counter()
    for cls in (Divergence, Speed):
        for method in ("summarise", "compare"):
            real = getattr(cls, method)

            def call(*values: Sequence[Sample], real: Any = real, name: str = method) -> Any:
                counted[name] += 1
                return real(*values)

            monkeypatch.setattr(cls, method, call)
    memory = Memory.open(tmp_path / "lab.db", read_only=True)
    assert isinstance(memory, Memory)

    def both() -> Counter[str]:
        """How much was computed by the one with a memory."""
        counted.clear()
        kept = read(tmp_path, memory)
        used = counted.copy()
        assert plain(kept) == plain(read(tmp_path))
        return used

    def speeds(round_: int) -> list[Sample]:
        values = np.random.default_rng(round_).normal(50, 1, 2)
        return [
            Sample(series, i, float(v), n=1, payload={"round": round_})
            for series in ("prefill:128", "generation:32@0")
            for i, v in enumerate(values)
        ]

    first = both()
    assert first["summarise"] == 6 and first["compare"] > 6
    assert both() == Counter(), "nothing new, nothing computed"
    made.store.start(key)
    made.store.append_samples(key, late[:6])
    assert both()["summarise"] == 1
    assert both() == Counter()
    made.store.append_samples(key, late[6:])
    some = both()
    assert some["summarise"] == 1 and some["compare"] == 4, "with the base and the three others"
    made.store.finish(key, {}, PROVENANCE)
    assert both() == Counter()
    for round_ in (1, 0):
        made.store.append_samples(rounds[round_], speeds(round_))
        assert both()["summarise"] == 1
    translation.use("zh_CN")
    try:
        assert both()["summarise"] == 5 + 3, "names of metrics are of a language"
    finally:
        translation.use(translation.ENGLISH)
    both()
    memory.close()
    made.store.close()

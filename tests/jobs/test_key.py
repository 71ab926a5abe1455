"""Content keys: finished work of years is found by them, so they must never change by accident."""

from __future__ import annotations

import pytest

from lab_app.jobs.job import ArtifactInput, FileInput, Job, Slot

JOB = Job(
    kind="quantize",
    params={"type": "Q4_K_M", "overrides": {"output": "Q8_0"}, "pure": False, "note": "é"},
    inputs={"model": FileInput("/models/a.gguf", "ab" * 32), "imatrix": ArtifactInput("cd" * 32, "imatrix")},
    engine="llama.cpp-1",
)
GOLDEN = "8a3df82805c29f86a0df110cf1aa29ecf2bb556319697c299c2fbaf0d503fb8a"


def changed(**fields: object) -> Job:
    return Job(**{**{name: getattr(JOB, name) for name in ("kind", "params", "inputs", "engine")}, **fields})  # type: ignore[arg-type]


def test_golden() -> None:
    assert JOB.key == GOLDEN


def test_what_does_not_change_the_outcome_does_not_change_the_key() -> None:
    again = changed(
        params=dict(reversed(list(JOB.params.items()))),
        inputs={"imatrix": JOB.inputs["imatrix"], "model": FileInput("/elsewhere/b.gguf", "ab" * 32)},
        title="Q4", hints={"name": "x"}, slot=Slot.GPU, memory_limit=1, after=("ef" * 32,), exclusive=True,
    )  # fmt: skip
    assert again.key == GOLDEN


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "imatrix"},
        {"params": {**JOB.params, "type": "Q4_K_S"}},
        {"params": {**JOB.params, "pure": 0}},
        {"engine": "llama.cpp-2"},
        {"inputs": {"model": JOB.inputs["model"]}},
        {"inputs": {**JOB.inputs, "model": FileInput("/models/a.gguf", "ac" * 32)}},
        {"inputs": {**JOB.inputs, "imatrix": ArtifactInput("cd" * 32, "coverage")}},
    ],
)
def test_what_changes_the_outcome_changes_the_key(fields: dict[str, object]) -> None:
    assert changed(**fields).key != GOLDEN


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        _ = changed(params={"x": float("nan")}).key


def test_needs() -> None:
    assert changed(after=("ef" * 32,)).needs == {"cd" * 32, "ef" * 32}

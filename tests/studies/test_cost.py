"""Questions of the builder are valid studies, and their cost follows from what earlier jobs took."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab_app.jobs.job import FileInput
from lab_app.probes.base import Work, registry
from lab_app.store import Store
from lab_app.studies import cost
from lab_app.studies.questions import DEPTHS, questions
from lab_app.studies.questions import QUESTIONS as TABLE
from tests.conftest import RunJob
from tests.models import tiny_gguf


def test_every_probe_is_a_question() -> None:
    assert {question.kind for question in questions()} == set(registry())


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("question", TABLE, ids=lambda question: question.kind)
def test_depths_are_valid_specs_and_cost_more_and_more(question: object, depth: str) -> None:
    kind = question.kind  # type: ignore[attr-defined]
    probe = registry()[kind]
    spec = question.spec(depth)  # type: ignore[attr-defined]
    probe.Spec.model_validate_json(json.dumps(spec))
    assert question.depth_of({"kind": kind, "id": "x", **spec}) == depth  # type: ignore[attr-defined]
    amount = cost.probe_work(probe, spec)
    assert amount is not None and amount.prefill + amount.generate > 0
    if depth != DEPTHS[0]:
        less = cost.probe_work(probe, question.spec(DEPTHS[DEPTHS.index(depth) - 1]))  # type: ignore[attr-defined]
        assert less is not None
        rates = cost.Rates({None: 1e-9}, 0.0, True)
        assert rates.seconds(kind, amount, 10**9) > rates.seconds(kind, less, 10**9)


def test_lengths_beyond_the_model_are_left_out() -> None:
    passkey = next(question for question in TABLE if question.kind == "passkey")
    assert passkey.spec("thorough", 8192)["lengths"] == [1024, 4096, 8192]
    assert max(passkey.spec("normal", 256)["lengths"]) <= 256


def test_an_invalid_spec_costs_nobody_knows_what() -> None:
    assert cost.probe_work(registry()["speed"], {"repeats": "many"}) is None


def test_rates_come_from_finished_jobs(store: Store, run_job: RunJob, tmp_path: Path) -> None:
    assert not cost.rates(store, 2).measured
    model = tiny_gguf(tmp_path / "tiny.gguf")
    spec = {"prefill": [64], "generate": [8], "depth": [0], "repeats": 2, "rounds": 1}
    ran = run_job(
        "probe",
        {"probe": "speed", "spec": spec, "engine": "llama", "settings": {}},
        {"model": FileInput(str(model), store.file_sha256(model))},
    )
    assert ran.values["engine"]["n_params"] > 0
    found = cost.rates(store, 2)
    assert found.measured and set(found.by_probe) == {None, "speed"}
    row = store.job(ran.job.key)
    assert row is not None and row.started is not None and row.finished is not None
    work = Work(prefill=3 * 64, generate=3 * 8)
    again = found.seconds("speed", work, ran.values["engine"]["n_params"])
    assert again == pytest.approx(max(row.finished - row.started, cost.START), rel=0.05)

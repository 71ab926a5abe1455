"""Looking closely at a chunk gives the numbers that the divergence probe stored."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lab_app.jobs.job import FileInput
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.store.records import unpack_array
from lab_app.system import paths
from tests.conftest import RunJob
from tests.models import tiny_gguf

SETTINGS = {"threads": 1, "n_batch": 512, "n_ubatch": 512}


def test_choices_agree_with_the_probe(
    run_job: RunJob, store: Store, tmp_path: Path, native_dir: Path
) -> None:
    model = tiny_gguf(tmp_path / "tiny.gguf")
    text = paths.resource("texts/evaluation.txt")
    inputs = {"model": FileInput(str(model), store.file_sha256(model)),
              "text": FileInput(str(text), store.file_sha256(text))}  # fmt: skip
    spec = {"context": 64, "chunks": 10, "keep_logits": False}
    probe = run_job(
        "probe", {"probe": "divergence", "spec": spec, "engine": "llama", "settings": SETTINGS}, inputs
    )
    assert probe.state is JobState.DONE
    params = {"context": 64, "chunks": 10, "count": 5, "engine": "llama", "settings": SETTINGS}
    # Chunk 9 stands in an unfinished batch: with eight others the numbers would not be the same bits.
    for number in (3, 9):
        found = run_job("closeup", {**params, "chunk": number}, inputs).values
        stored = next(s.payload for s in probe.samples if s.series == "chunk" and s.x == number)
        assert stored is not None
        assert found["tokens"] == unpack_array(stored["tokens"]).tolist()
        assert found["nll"] == unpack_array(stored["nll"]).tolist()
        assert [row[0][0] for row in found["top"]] == unpack_array(stored["top"]).tolist()
        for row, token, nll in zip(found["top"], found["tokens"], found["nll"], strict=True):
            chances = [p for _, _, p in row]
            assert len(row) == 5 and chances == sorted(chances, reverse=True) and 0 < sum(chances) <= 1 + 1e-9
            own = next((p for i, _, p in row if i == token), None)
            if own is not None:
                np.testing.assert_allclose(own, np.exp(-nll), rtol=1e-5)
    failed = run_job("closeup", {**params, "chunk": 10}, inputs)
    assert failed.state is JobState.FAILED and "there is no chunk 10" in failed.failure.message

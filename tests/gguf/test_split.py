"""Splitting and merging: what comes back is what was there, and what cannot be is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lab_app.gguf import split
from lab_app.gguf.parts import read_model
from lab_app.jobs.job import Job
from lab_app.jobs.states import JobState
from lab_app.system.errors import IntegrityError, UsageError
from lab_app.system.hashing import sha256_file
from tests.conftest import Ran, RunJob
from tests.models import tiny_gguf

pytestmark = pytest.mark.usefixtures("native_dir")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tiny_gguf(tmp_path / "tiny model.gguf")


def run(run_job: RunJob, job: Job, out: Path) -> Ran:
    hints = {**job.hints, "out_dir": str(out)}
    return run_job(job.kind, job.params, job.inputs, engine=job.engine, hints=hints)


def test_there_and_back_again(model: Path, tmp_path: Path, run_job: RunJob) -> None:
    job = split.split_job(model, sha256_file, engine="test", max_bytes=1_000_000)
    parts = run(run_job, job, tmp_path / "parts").values["paths"]
    assert len(parts) > 2
    assert parts[0].endswith(f"parts/tiny model-00001-of-{len(parts):05}.gguf")
    assert max(os.path.getsize(path) for path in parts[1:]) < 1_100_000
    back = split.merge_job(Path(parts[1]), sha256_file, engine="test")
    merged = Path(run(run_job, back, tmp_path / "merged").values["path"])
    assert merged.name == "tiny model.gguf"
    source, whole = read_model(model), read_model(merged)
    assert [(t.name, t.shape, t.type) for t in whole.header.tensors] == [
        (t.name, t.shape, t.type) for t in source.header.tensors
    ]
    one, two = model.read_bytes(), merged.read_bytes()
    assert one[source.header.data_offset :] == two[whole.header.data_offset :]
    keys = source.header.metadata.keys()
    assert {key: repr(whole.header.metadata[key]) for key in keys} == {
        key: repr(value) for key, value in source.header.metadata.items()
    }


def test_by_number_of_tensors(model: Path, tmp_path: Path, run_job: RunJob) -> None:
    count = len(read_model(model).header.tensors)
    job = split.split_job(model, sha256_file, engine="test", max_tensors=count // 2)
    ran = run(run_job, job, tmp_path / "parts")
    assert len(ran.values["paths"]) == -(-count // (count // 2))
    assert ran.values["tensors"] == count


def test_a_tensor_that_differs_is_found(
    model: Path, tmp_path: Path, run_job: RunJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tool that writes one wrong byte: the job fails, and no part gets its name."""
    real = os.environ.get("ODYSSEY_LAB_NATIVE") or str(_native())
    fake = tmp_path / "engine"
    fake.mkdir()
    for path in Path(real).iterdir():
        if path.name != "llama-gguf-split":
            (fake / path.name).symlink_to(path)
    spoil = (
        "import glob\nfor p in sorted(glob.glob('parts/part-*'))[-1:]:\n"
        " f = open(p, 'r+b'); f.seek(-40, 2); b = f.read(1); f.seek(-1, 1); f.write(bytes([b[0] ^ 1]))"
    )
    tool = fake / "llama-gguf-split"
    tool.write_text(f'#!/bin/sh\n"{real}/llama-gguf-split" "$@" && python3 -c "{spoil}"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("ODYSSEY_LAB_NATIVE", str(fake))
    job = split.split_job(model, sha256_file, engine="test", max_bytes=1_000_000)
    ran = run(run_job, job, tmp_path / "parts")
    assert ran.state is JobState.FAILED and ran.failure.exit_code == 4
    assert "differs" in ran.failure.message
    assert not (tmp_path / "parts").exists()


def _native() -> Path:
    from lab_app.system import paths

    return paths.native_dir()


def test_refusals(model: Path, tmp_path: Path, run_job: RunJob) -> None:
    job = split.split_job(model, sha256_file, engine="test", max_bytes=1_000_000_000)
    ran = run(run_job, job, tmp_path / "parts")
    assert ran.failure.exit_code == 2 and "one part" in ran.failure.message
    for wrong in ({}, {"max_bytes": 10}, {"max_tensors": 0}, {"max_bytes": 10**7, "max_tensors": 3}):
        with pytest.raises(UsageError):
            split.split_job(model, sha256_file, engine="test", **wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="not a part"):
        split.merge_job(model, sha256_file, engine="test")
    lonely = tmp_path / "x-00001-of-00002.gguf"
    model.rename(lonely)
    with pytest.raises(IntegrityError, match="missing"):
        split.merge_job(lonely, sha256_file, engine="test")

"""Importance matrices: made by the tool, what they cover, and what they change in what is quantized."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from lab_app.gguf.reader import read
from lab_app.jobs.events import Progress, Started
from lab_app.jobs.job import FileInput, Job
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.quant.imatrix_file import load
from lab_app.quant.types import NEED_IMATRIX
from lab_app.store import Store
from lab_app.system import native
from lab_app.system.hashing import sha256_file
from lab_app.system.paths import Folders
from tests.conftest import RunJob
from tests.faults.processes import wait_until_gone
from tests.models import tiny_gguf
from tests.quant.conftest import IDLE, file_input, params


def test_coverage_and_experts_that_were_never_active(moe: Path, calibration: Path, run_job: RunJob) -> None:
    inputs = {"model": file_input(moe), "text": file_input(calibration)}
    ran = run_job("imatrix", {"chunks": 3, "context": 128}, inputs)
    summary = ran.values
    assert (summary["chunks"], summary["tokens"]) == (3, 384)
    assert summary["text_sha256"] == sha256_file(calibration)
    assert summary["dataset"] == "calibration.txt"
    assert set(summary["uncovered"]) == {"output.weight", "token_embd.weight"}
    table = json.loads(Path(ran.artifacts["coverage"].path).read_text())
    rows = {row["tensor"]: row for row in table["rows"]}
    assert rows["blk.0.attn_q.weight"]["tokens"] == 384
    experts = [rows[f"blk.0.ffn_{part}_exps.weight"] for part in ("gate", "up", "down")]
    assert [(row["experts"], row["experts_unseen"]) for row in experts] == [(8, IDLE)] * 3
    assert summary["experts_unseen"] == 3 * IDLE
    done = [event.done for event in ran.events if isinstance(event, Progress)]
    assert done[0] == 0 and done[-1] == 3
    # No path of this machine travels with the matrix.
    assert list(read(ran.artifacts["imatrix"].path).metadata["imatrix.datasets"]) == ["calibration.txt"]


@pytest.mark.slow
def test_types_are_made_and_predicted_with_the_matrix(
    deep: Path, calibration: Path, run_job: RunJob, tmp_path: Path
) -> None:
    ran = run_job(
        "imatrix", {"chunks": 2, "context": 64}, {"model": file_input(deep), "text": file_input(calibration)}
    )
    matrix = tmp_path / "imatrix.gguf"
    matrix.write_bytes(Path(ran.artifacts["imatrix"].path).read_bytes())
    # Types that need it, and types that treat the first layers differently with it.
    names = ["Q2_K_S", "IQ3_XS", "IQ4_XS", "Q4_0"]
    both = {"types": names, "overrides": {}, "allow_requantize": False}
    plain = run_job("predict", both, {"model": file_input(deep)}).values
    informed = run_job(
        "predict", both | {"imatrix": {"dataset": "calibration.txt"}}, {"model": file_input(deep)}
    ).values
    assert {row[2] for row in plain["IQ4_XS"]["tensors"]} != {row[2] for row in informed["IQ4_XS"]["tensors"]}
    for name in names:
        made = run_job("quantize", params(name), {"model": file_input(deep), "imatrix": file_input(matrix)})
        file = Path(made.values["path"])
        assert file.stat().st_size == made.values["file_size"] == informed[name]["file_size"], name
        assert read(file).metadata["quantize.imatrix.chunks_count"] == 2
        assert made.artifacts["model"].meta["imatrix"] is True
        theirs = tmp_path / "theirs.gguf"
        tool = native.tool("llama-quantize")
        subprocess.run(
            [tool, "--imatrix", "imatrix.gguf", deep, theirs, name],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )
        assert file.read_bytes() == theirs.read_bytes(), name


@pytest.mark.slow
def test_every_type_that_needs_a_matrix_is_made_with_one(
    calibration: Path, run_job: RunJob, tmp_path: Path
) -> None:
    model = file_input(tiny_gguf(tmp_path / "one.gguf", layers=1))
    ran = run_job("imatrix", {"chunks": 1, "context": 64}, {"model": model, "text": file_input(calibration)})
    matrix = file_input(ran.artifacts["imatrix"].path)
    for name in sorted(NEED_IMATRIX):
        made = run_job("quantize", params(name), {"model": model, "imatrix": matrix})
        assert Path(made.values["path"]).stat().st_size == made.values["file_size"]


def test_a_matrix_of_another_model_is_refused(
    deep: Path, narrow: Path, moe: Path, calibration: Path, run_job: RunJob, tmp_path: Path
) -> None:
    ran = run_job(
        "imatrix",
        {"chunks": 1, "context": 64},
        {"model": file_input(narrow), "text": file_input(calibration)},
    )
    matrix = file_input(ran.artifacts["imatrix"].path)
    made = run_job("quantize", params("Q4_K_M"), {"model": file_input(deep), "imatrix": matrix})
    assert "made from another model" in made.failure.message
    assert made.failure.exit_code == 2
    # Its experts have no data in the matrix of a model without experts.
    made = run_job("quantize", params("IQ2_XS"), {"model": file_input(moe), "imatrix": matrix})
    assert "importance data" in made.failure.message
    for part in ("gate", "up", "down"):
        assert f"blk.0.ffn_{part}_exps.weight" in made.failure.message, "every tensor is named"
    not_one = run_job("quantize", params("Q4_K_M"), {"model": file_input(deep), "imatrix": file_input(deep)})
    assert "not an importance matrix" in not_one.failure.message
    assert not_one.failure.exit_code == 4


def test_text_too_short(tiny: Path, run_job: RunJob, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("too short")
    ran = run_job(
        "imatrix", {"chunks": 3, "context": 512}, {"model": file_input(tiny), "text": file_input(text)}
    )
    assert ran.state is JobState.FAILED
    assert "too short" in ran.failure.message and "1024" in ran.failure.message


def test_a_text_called_like_a_backend_is_not_loaded(
    tiny: Path, calibration: Path, run_job: RunJob, tmp_path: Path
) -> None:
    evil = tmp_path / "libggml-cpu-evil.so"
    evil.write_text(calibration.read_text())
    ran = run_job(
        "imatrix", {"chunks": 1, "context": 64}, {"model": file_input(tiny), "text": file_input(evil)}
    )
    assert ran.values["dataset"] == "textlibggml-cpu-evil.so"
    assert "invalid ELF header" not in ran.log


def test_a_killed_job_goes_on_and_has_the_numbers_of_a_single_run(
    moe: Path, calibration: Path, store: Store, folders: Folders, tmp_path: Path
) -> None:
    """A first stretch is what the tool decodes at once: 32 chunks of 64 tokens. Experts have counts of their own."""
    text = tmp_path / "calibration.txt"
    text.write_text(calibration.read_text() * 4)
    inputs = {"model": file_input(moe), "text": file_input(text)}
    job = Job("imatrix", {"chunks": 37, "context": 64}, inputs, hints={"threads": 2})
    runner = Runner(store, folders)
    attempts: list[tuple[int, list[float]]] = []

    def hear(_: Job, event: Any) -> None:
        if isinstance(event, Started):
            attempts.append((event.pid, []))
        if isinstance(event, Progress) and event.message.startswith("reading"):
            attempts[-1][1].append(event.done)
            if event.done == 32 and len(attempts) == 1:
                os.kill(attempts[0][0], signal.SIGKILL)

    runner.subscribe(hear)
    runner.submit([job])
    assert runner.run() == {job.key: JobState.FAILED}
    runner.retry(job.key)
    assert runner.run() == {job.key: JobState.DONE}
    assert [done for _, done in attempts] == [[0, 32], [32]]

    ours = next(record.path for record in store.artifacts(job.key) if record.role == "imatrix")
    tool = native.tool("llama-imatrix")
    options = ["-c", "64", "--chunks", "37", "-t", "2", "--output-format", "gguf"]
    command = [str(tool), "-m", str(moe), "-f", str(text.name), "-o", "theirs.gguf", *options]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    (matrix, counts), (theirs, their_counts) = load(ours), load(tmp_path / "theirs.gguf")
    assert (matrix.chunks, matrix.dataset, matrix.unseen) == (37, theirs.dataset, theirs.unseen)
    assert {name: list(count) for name, count in counts.items()} == {
        name: list(count) for name, count in their_counts.items()
    }
    for name, values in theirs.values.items():
        assert np.array_equal(matrix.values[name], values), name


@pytest.mark.slow
def test_cancelling_kills_the_tool(demo_model: Path, store: Store, folders: Folders, tmp_path: Path) -> None:
    text = tmp_path / "long.txt"
    text.write_text("the quick brown fox jumps over the lazy dog. " * 4000)
    inputs = {"model": file_input(demo_model), "text": FileInput(str(text), sha256_file(text))}
    job = Job("imatrix", {"chunks": 60, "context": 512}, inputs)
    runner = Runner(store, folders)
    seen: list[psutil.Process] = []

    def cancel() -> None:
        deadline = time.monotonic() + 60
        while not seen and time.monotonic() < deadline:
            for child in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    if child.name() == "llama-imatrix":
                        seen.append(child)
            time.sleep(0.05)
        runner.cancel(job.key)

    def hear(_: Job, event: Any) -> None:
        if isinstance(event, Progress) and event.done == 0:
            threading.Thread(target=cancel).start()

    runner.subscribe(hear)
    runner.submit([job])
    assert runner.run() == {job.key: JobState.CANCELLED}
    assert seen
    wait_until_gone(seen)
    assert not store.artifacts(job.key)

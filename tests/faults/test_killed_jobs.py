"""kill -9 of worker and of parent at random moments of real jobs, twenty times each: quantizing and measuring.

After every kill: the parent (where it was not the one killed) says one sentence, stored samples are all
there, and nothing bears a final name that is not whole. At the end the job finishes, and its outcome is that
of a job nobody disturbed.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from lab_app.jobs.job import FileInput, Job
from lab_app.jobs.runner import Runner
from lab_app.store import Store
from lab_app.system import paths
from lab_app.system.hashing import sha256_file
from tests.models import tiny_gguf

ROOT = Path(__file__).parents[2]
MOMENTS = 20
PARENT = """
import json, sys
from pathlib import Path
from lab_app.jobs.job import FileInput, Job
from lab_app.jobs.runner import Runner
from lab_app.store import Store
from lab_app.system.paths import Folders
folders = Folders(Path(sys.argv[1])).create()
spec = json.loads(sys.argv[2])
job = Job(spec["kind"], spec["params"], {k: FileInput(*v) for k, v in spec["inputs"].items()}, hints=spec["hints"])
with Store.open(folders.db) as store:
    for item in job.inputs.values():
        store.file_sha256(item.path)
    runner = Runner(store, folders)
    runner.submit([job])
    print("ready", flush=True)
    (state,) = runner.run().values()
    row = store.job(job.key)
    print(json.dumps([state, row.failure and row.failure["message"]]))
"""


def quantize(model: Path, _: Path) -> Job:
    params = {"type": "Q4_0", "overrides": {}, "allow_requantize": True}
    inputs = {"model": FileInput(str(model), sha256_file(model))}
    return Job("quantize", params, inputs, hints={"name": "small.gguf"})


def measure(_: Path, folder: Path) -> Job:
    model = tiny_gguf(folder / "tiny.gguf")
    text = paths.resource("texts/evaluation.txt")
    params = {
        "probe": "divergence",
        "spec": {"context": 64, "chunks": 400},
        "engine": "llama",
        "settings": {},
    }
    inputs = {
        "model": FileInput(str(model), sha256_file(model)),
        "text": FileInput(str(text), sha256_file(text)),
    }
    return Job("probe", params, inputs)


def undisturbed(job: Job, folders: paths.Folders) -> tuple[float, dict[str, str], list[Any]]:
    """Seconds, sha256 of artifacts by role, samples."""
    with Store.open(folders.db) as store:
        runner = Runner(store, folders.create())
        runner.submit([job])
        began = time.monotonic()
        runner.run()
        made = {record.role: record.sha256 for record in store.artifacts(job.key)}
        return time.monotonic() - began, made, store.samples(job.key)


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["worker", "parent"])
@pytest.mark.parametrize("maker", [quantize, measure])
def test_killed_at_twenty_moments(
    maker: Callable[[Path, Path], Job], victim: str, demo_model: Path, native_dir: Path, tmp_path: Path
) -> None:
    job = maker(demo_model, tmp_path)
    seconds, made, measured = undisturbed(job, paths.Folders(tmp_path / "calm"))
    assert made
    folders = paths.Folders(tmp_path / "stormy")
    spec = {
        "kind": job.kind, "params": job.params, "hints": job.hints,
        "inputs": {role: [item.path, item.sha256] for role, item in job.inputs.items()},
    }  # fmt: skip
    command = [sys.executable, "-c", PARENT, str(folders.root), json.dumps(spec)]
    dice = random.Random(f"{job.kind} {victim}")
    kept: list[Any] = []
    kills = 0

    def run(moment: float | None) -> Any:
        nonlocal kills
        parent = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
        )
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        if moment is not None:
            time.sleep(moment)
            for process in psutil.Process(parent.pid).children() if victim == "worker" else [parent]:
                process.kill()
                kills += 1
        output, _ = parent.communicate(timeout=120)
        return json.loads(output) if output else None

    for _ in range(MOMENTS):
        # Measuring goes on where it stopped, so that a share of the time is left for the last attempts.
        said = run(dice.uniform(0, min(seconds, 1.5) * 0.8))
        if said is not None and said[0] == "failed":
            assert "killed from outside" in said[1]
        with Store.open(folders.db, read_only=True) as store:
            stored = store.samples(job.key)
            assert stored[: len(kept)] == kept
            kept = stored
            done = {record.path for record in store.artifacts(job.key)}
        for path in (folders.artifacts / job.key).glob("*"):
            # Its name may be there before the store knows of it, but then it is whole.
            assert str(path) in done or sha256_file(path) in made.values()
    assert kills == MOMENTS
    assert run(None) == ["done", None]
    with Store.open(folders.db) as store:
        assert store.samples(job.key) == measured
        assert {record.role: record.sha256 for record in store.artifacts(job.key)} == made
    assert [path.name for path in folders.work.iterdir()] == []

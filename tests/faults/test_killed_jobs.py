"""kill -9 of worker and of parent at random moments of real jobs, twenty times each: quantizing and measuring.

Moments are counted in events (so many after the start, and a random while), not in seconds, so that a slow
machine meets the same ones. After every kill the parent (where it was not the one killed) says one sentence,
what was told is stored, and nothing bears a final name that is not whole. Then the job is started again, until
it ends as one that nobody disturbed.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from lab_app.jobs.job import FileInput, Job
from lab_app.jobs.runner import Runner
from lab_app.store import Store
from lab_app.store.records import Sample
from lab_app.system import paths
from lab_app.system.hashing import sha256_file
from tests.commandline import finish
from tests.faults.processes import wait_until_gone
from tests.models import tiny_gguf

ROOT = Path(__file__).parents[2]
MOMENTS = 20
PARENT = """
import json, sys
from pathlib import Path
from lab_app.jobs.job import FileInput, Job
from lab_app.jobs.runner import Runner
from lab_app.store import Store
from lab_app.store.records import Sample
from lab_app.system.paths import Folders
folders = Folders(Path(sys.argv[1])).create()
spec = json.loads(sys.argv[2])
job = Job(spec["kind"], spec["params"], {k: FileInput(*v) for k, v in spec["inputs"].items()}, hints=spec["hints"])
def hear(job, event):
    print(json.dumps([event.series, event.x, event.y] if isinstance(event, Sample) else None), flush=True)
with Store.open(folders.db) as store:
    runner = Runner(store, folders)
    runner.subscribe(hear)
    runner.submit([job])
    (state,) = runner.run().values()
    print(json.dumps(state), flush=True)
"""


@dataclass
class Said:
    """What an attempt told until it was killed or done. ``state`` is None where the parent was killed."""

    events: int = 0
    samples: list[tuple[Any, ...]] = field(default_factory=list)
    state: str | None = None


def quantize(folder: Path) -> Job:
    """IQ4_XS searches long for each block, so that a small model keeps the quantizer busy."""
    model = tiny_gguf(folder / "tiny.gguf", layers=3)
    params = {"type": "IQ4_XS", "overrides": {}, "allow_requantize": False}
    hints = {"name": "small.gguf", "threads": 1}
    return Job("quantize", params, {"model": FileInput(str(model), sha256_file(model))}, hints=hints)


def measure(folder: Path) -> Job:
    model, text = tiny_gguf(folder / "tiny.gguf"), paths.resource("texts/evaluation.txt")
    params = {
        "probe": "divergence",
        "spec": {"context": 64, "chunks": 240},
        "engine": "llama",
        "settings": {"threads": 1, "n_batch": 128},
    }
    inputs = {
        "model": FileInput(str(model), sha256_file(model)),
        "text": FileInput(str(text), sha256_file(text)),
    }
    return Job("probe", params, inputs)


def kill_worker(job: Job, folders: paths.Folders, after: int, delay: float) -> Said:
    """One attempt in this process, whose worker is killed ``delay`` seconds after so many events."""
    said = Said()
    thread: threading.Thread | None = None

    def kill() -> None:
        time.sleep(delay)
        for child in psutil.Process().children():
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()

    def hear(_: Job, event: Any) -> None:
        nonlocal thread
        if isinstance(event, Sample):
            said.samples.append((event.series, event.x, event.y))
        if said.events == after and thread is None:
            thread = threading.Thread(target=kill)
            thread.start()
        said.events += 1

    with Store.open(folders.db) as store:
        runner = Runner(store, folders)
        runner.subscribe(hear)
        runner.submit([job])
        (said.state,) = runner.run().values()
        row = store.job(job.key)
    if thread is not None:
        thread.join()
    if said.state == "failed":
        assert row is not None and row.failure is not None
        assert row.failure["message"].startswith("The worker was killed from outside (SIGKILL)")
        assert "\n" not in row.failure["message"] and row.failure["message"].endswith(".")
    return said


def kill_parent(job: Job, folders: paths.Folders, after: int, delay: float) -> Said:
    """One attempt in a process of its own, which is killed ``delay`` seconds after it told of so many events."""
    spec = {
        "kind": job.kind, "params": job.params, "hints": job.hints,
        "inputs": {role: [item.path, item.sha256] for role, item in job.inputs.items() if isinstance(item, FileInput)},
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(folders.root), json.dumps(spec)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    said = Said()
    for line in process.stdout:
        _note(said, line)
        if said.events > after:
            break
    time.sleep(delay)
    if process.poll() is None:
        process.send_signal(signal.SIGSTOP)  # nothing starts between the look at its workers and the kill
        parent = psutil.Process(process.pid)
        while parent.status() not in (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE):
            time.sleep(0.001)
        children = parent.children(recursive=True)
        process.kill()
        wait_until_gone(children)
    rest, _ = finish(process)
    for line in rest.splitlines(keepends=True):
        _note(said, line)
    assert said.events, "it never started"
    return said


def _note(said: Said, line: str) -> None:
    if not line.endswith("\n"):
        return  # it was killed in the middle of a word
    told = json.loads(line)
    if isinstance(told, str):
        said.state = told
    else:
        said.events += 1
        if told is not None:
            said.samples.append(tuple(told))


def outcome(job: Job, folders: paths.Folders) -> tuple[dict[str, str], list[Sample], Any]:
    """sha256 of artifacts by role, samples, numbers of the result."""
    with Store.open(folders.db, read_only=True) as store:
        made = {record.role: record.sha256 for record in store.artifacts(job.key)}
        for record in store.artifacts(job.key):
            # Log-probabilities are dropped at the end of a run, when nobody needs them any more.
            assert record.meta.get("ephemeral") or sha256_file(record.path) == record.sha256
        result = store.result(job.key)
        assert result is not None
        numbers = {k: v for k, v in result.values.items() if k not in ("path", "memory", "engine")}
        assert [path.name for path in folders.work.iterdir()] == []
        return made, store.samples(job.key), numbers


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("disturb", [kill_worker, kill_parent])
@pytest.mark.parametrize("maker", [quantize, measure])
def test_killed_at_twenty_moments(
    maker: Callable[[Path], Job], disturb: Callable[..., Said], native_dir: Path, tmp_path: Path
) -> None:
    job = maker(tmp_path)
    began = time.monotonic()
    calm = kill_worker(job, paths.Folders(tmp_path / "calm").create(), 10**9, 0)
    gap = (time.monotonic() - began) / calm.events
    expected = outcome(job, paths.Folders(tmp_path / "calm"))
    assert expected[0] and calm.state == "done"

    dice = random.Random(f"{job.kind} {disturb.__name__}")
    # Measuring goes on where it stopped: a share of it is left for each attempt.
    last = calm.events // 8 if job.kind == "probe" else calm.events
    kept: list[Sample] = []
    kills = wholes = resumed = 0
    while kills < MOMENTS:
        folders = paths.Folders(tmp_path / f"storm-{wholes}").create()
        after = dice.choice((0, dice.randrange(last), dice.randrange(last)))
        if not kept and dice.random() < 0.3:
            after = calm.events - dice.randrange(1, 5)  # while the file gets its final name
        said = disturb(job, folders, after, dice.uniform(0, 2 * gap))
        with Store.open(folders.db, read_only=True) as store:
            stored = store.samples(job.key)
        assert stored[: len(kept)] == kept
        assert set(said.samples) <= {(s.series, s.x, s.y) for s in stored}, "what was told is stored"
        for path in folders.artifacts.rglob("*"):
            assert path.is_dir() or sha256_file(path) in expected[0].values(), "whole, or not there"
        resumed += bool(kept)
        kept = stored
        if said.state == "done":
            assert outcome(job, folders) == expected
            kept, wholes = [], wholes + 1
        else:
            kills += 1
        assert wholes < 2 * MOMENTS, "nearly every kill comes too late"
    folders = paths.Folders(tmp_path / f"storm-{wholes}").create()
    assert kill_worker(job, folders, 10**9, 0).state == "done"
    assert outcome(job, folders) == expected
    assert resumed or job.kind == "quantize"

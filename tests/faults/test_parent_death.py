"""kill -9 of the parent at random moments: its worker goes with it, and the next run goes on where it stopped."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from lab_app.store import Store
from lab_app.system.paths import Folders

ROOT = Path(__file__).parents[2]
TOYS = str(ROOT / "tests" / "jobs")
MOMENTS = 20
COUNT = 1200
PARENT = """
import sys
from pathlib import Path
from lab_app.jobs.job import ArtifactInput, Job
from lab_app.jobs.runner import Runner
from lab_app.store import Store
from lab_app.system.paths import Folders
folders = Folders(Path(sys.argv[1])).create()
first = Job("toys:make", {"text": "a"})
job = Job("toys:measure", {"count": int(sys.argv[3]), "pause": 0.003}, {"file": ArtifactInput(first.key, "file")})
tool = Job("toys:with_tool", {}, after=(job.key,))
with Store.open(folders.db) as store:
    runner = Runner(store, folders, import_paths=(sys.argv[2],))
    runner.submit([first, job, tool] if "tool" in sys.argv else [first, job])
    print(job.key, flush=True)
    print(*runner.run().values())
"""


def start(folders: Folders, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PARENT, str(folders.root), TOYS, str(COUNT), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def lives(process: psutil.Process) -> bool:
    """A zombie is dead; who inherits it (process 1 of a container) may take its time to bury it."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until_gone(processes: list[psutil.Process]) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if not any(map(lives, processes)):
            return
        time.sleep(0.005)
    pytest.fail("a worker outlived its parent")


@pytest.mark.slow
def test_a_parent_killed_at_twenty_moments(folders: Folders) -> None:
    dice = random.Random(9)
    kept: list[object] = []
    workers_seen = resumed = 0
    key = ""
    for _ in range(MOMENTS):
        parent = start(folders)
        assert parent.stdout is not None
        key = parent.stdout.readline().strip()
        time.sleep(dice.uniform(0, 0.45))
        parent.send_signal(19)  # SIGSTOP: nothing is started between the look at its workers and the kill
        children = psutil.Process(parent.pid).children(recursive=True)
        workers_seen += len(children)
        parent.kill()
        parent.wait()
        parent.stdout.close()
        wait_until_gone(children)
        with Store.open(folders.db, read_only=True) as store:
            stored: list[object] = list(store.samples(key))
        assert stored[: len(kept)] == kept
        resumed += len(stored) > len(kept)
        kept = stored
    assert workers_seen > MOMENTS / 2
    assert resumed > 3
    last = start(folders)
    output, _ = last.communicate(timeout=60)
    assert output.splitlines()[-1] == "done done"
    with Store.open(folders.db) as store:
        assert [sample.x for sample in store.samples(key)] == list(range(COUNT))
        result = store.result(key)
        assert result is not None
        assert result.values["had"] >= len(kept)
    assert not any(folders.work.iterdir())


@pytest.mark.parametrize("paused", [False, True])
def test_tools_and_paused_workers_go_with_the_parent(folders: Folders, paused: bool) -> None:
    parent = start(folders, "tool") if not paused else start(folders)
    try:
        wanted = 1 if paused else 2  # the worker, and its tool
        end = time.monotonic() + 60
        children: list[psutil.Process] = []
        while len(children) < wanted and time.monotonic() < end:
            children = psutil.Process(parent.pid).children(recursive=True)
            time.sleep(0.05)
        assert len(children) == wanted
        if paused:
            time.sleep(0.3)
            children = psutil.Process(parent.pid).children(recursive=True)
            children[0].suspend()
    finally:
        parent.kill()
        parent.communicate()
    wait_until_gone(children)

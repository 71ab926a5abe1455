"""A killed parent takes everything with it that runs for it: tools of its workers, and workers that are paused."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from lab_app.system.paths import Folders
from tests.faults.processes import wait_until_gone

ROOT = Path(__file__).parents[2]
TOYS = str(ROOT / "tests" / "jobs")
PARENT = """
import sys
from pathlib import Path
from lab_app.jobs.job import Job
from lab_app.jobs.runner import Runner
from lab_app.store import Store
from lab_app.system.paths import Folders
folders = Folders(Path(sys.argv[1])).create()
job = Job(sys.argv[3], {"count": 1200, "pause": 0.01})
with Store.open(folders.db) as store:
    runner = Runner(store, folders, import_paths=(sys.argv[2],))
    def hear(job, event):
        print(type(event).__name__, flush=True)
        if sys.argv[4:] and str(getattr(event, "state", "")) == "running":
            runner.pause(job.key)
    runner.subscribe(hear)
    runner.submit([job])
    runner.run()
"""


@pytest.mark.parametrize("paused", [False, True])
def test_tools_and_paused_workers_go_with_the_parent(folders: Folders, paused: bool) -> None:
    kind, wanted = ("toys:measure", 1) if paused else ("toys:with_tool", 2)
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(folders.root), TOYS, kind],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert parent.stdout is not None
    try:
        # A worker asks the kernel to die with its parent before it says that it has started.
        assert "Started\n" in iter(parent.stdout.readline, "")
        end = time.monotonic() + 60
        children: list[psutil.Process] = []
        while len(children) < wanted and time.monotonic() < end:
            children = psutil.Process(parent.pid).children(recursive=True)
            time.sleep(0.05)
        assert len(children) == wanted
        if paused:
            children[0].suspend()
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()
    wait_until_gone(children)


def test_a_worker_paused_before_it_has_started_goes_with_the_parent(folders: Folders) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(folders.root), TOYS, "toys:measure", "paused"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    children: list[psutil.Process] = []
    try:
        end = time.monotonic() + 60
        while not (children and children[0].status() == psutil.STATUS_STOPPED) and time.monotonic() < end:
            children = psutil.Process(parent.pid).children()
            time.sleep(0.01)
        assert children[0].status() == psutil.STATUS_STOPPED
    finally:
        parent.kill()
        parent.wait()
    wait_until_gone(children)

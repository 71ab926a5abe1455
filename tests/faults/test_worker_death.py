"""kill -9 of a worker at random moments: the job fails with a sentence, and no stored sample is lost or doubled."""

from __future__ import annotations

import random
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from lab_app.jobs.events import Failure
from lab_app.jobs.job import Job
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState, StateChange
from lab_app.store import Store
from lab_app.store.records import Sample
from lab_app.system.paths import Folders

TOYS = str(Path(__file__).parents[1] / "jobs")
MOMENTS = 20


def kill_after(seconds: float) -> None:
    time.sleep(seconds)
    for child in psutil.Process().children():
        child.kill()


def test_a_worker_killed_at_twenty_moments(store: Store, folders: Folders) -> None:
    dice = random.Random(20)
    job = Job("toys:measure", {"count": 1200, "pause": 0.003}, title="measure")
    runner = Runner(store, folders, import_paths=(TOYS,))
    failures: list[Failure] = []
    told: list[Sample] = []

    def hear(_: Job, event: Any) -> None:
        if isinstance(event, StateChange) and event.state is JobState.RUNNING and len(failures) < MOMENTS:
            threading.Thread(target=kill_after, args=(dice.uniform(0, 0.35),)).start()
        elif isinstance(event, Failure):
            failures.append(event)
        elif isinstance(event, Sample):
            told.append(event)

    runner.subscribe(hear)
    runner.submit([job])
    kept: list[Sample] = []
    for attempt in range(1, MOMENTS + 1):
        assert runner.run() == {job.key: JobState.FAILED}
        row = store.job(job.key)
        assert row is not None and row.failure is not None
        assert row.attempts == attempt
        assert "killed from outside" in row.failure["message"]
        stored = store.samples(job.key)
        assert stored[: len(kept)] == kept
        assert stored == told
        kept = stored
        runner.retry(job.key)
    assert runner.run() == {job.key: JobState.DONE}
    assert [sample.x for sample in store.samples(job.key)] == list(range(1200))
    assert [sample.y for sample in store.samples(job.key)] == [x * x for x in range(1200)]
    assert len(failures) == MOMENTS
    assert len(kept) > MOMENTS  # they did not all die before their first sample
    assert not psutil.Process().children()


FLOOD = """
import resource, sys
from lab_app.jobs.job import Job
from lab_app.jobs.runner import Runner
from lab_app.store import Store
from lab_app.system.paths import Folders
from pathlib import Path
folders = Folders(Path(sys.argv[1])).create()
job = Job("toys:measure", {"count": int(sys.argv[3]), "padding": int(sys.argv[4])})
with Store.open(folders.db) as store:
    for force in (False, True):
        runner = Runner(store, folders, import_paths=(sys.argv[2],))
        runner.subscribe(lambda job, event: None)
        if force:  # the second attempt is handed all samples of the first
            store._db.execute("DELETE FROM results")
        runner.submit([job], force={job.key})
        print(*runner.run().values(), store.sample_count(job.key))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak if sys.platform == "darwin" else peak * 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX measures of memory")
@pytest.mark.parametrize(("count", "padding"), [(100_000, 0), (3_000, 50_000)])
def test_a_flood_of_samples_does_not_fill_the_parent(tmp_path: Path, count: int, padding: int) -> None:
    """100,000 small samples, and 300 MB of large ones; then all of them handed to the next attempt."""
    import os
    import subprocess

    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", FLOOD, str(tmp_path), TOYS, str(count), str(padding)],
        env={**os.environ, "PYTHONPATH": root}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    first, second, peak = done.stdout.splitlines()
    assert first == second == f"done {count}"
    assert int(peak) < 150e6

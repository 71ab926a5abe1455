"""Everything a user can do to a job that waits or runs. Real workers throughout."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import psutil

from lab_app.jobs.events import Progress, Started
from lab_app.jobs.job import Job
from lab_app.jobs.states import JobState, StateChange
from lab_app.store import Store
from lab_app.store.records import Sample
from lab_app.system.paths import Folders
from tests.faults.processes import wait_until_gone
from tests.jobs.driving import NewRunner, make, measure, wait_for, workers


def test_retry_goes_on_after_the_samples_there_are(
    running: Any, store: Store, heard: Any, tmp_path: Path
) -> None:
    job = measure(300, gate=str(tmp_path / "gate"))
    user = make("user", after=(job.key,))
    runner, end = running([job, user])
    wait_for(lambda: len(heard.of(Sample)) > 20)
    workers()[0].kill()
    assert end() == {job.key: JobState.FAILED, user.key: JobState.BLOCKED}
    kept = store.samples(job.key)
    assert len(kept) > 20
    (tmp_path / "gate").touch()
    runner.retry(job.key)
    states = runner.run()
    assert set(states.values()) == {JobState.DONE}
    row = store.result(job.key)
    assert row is not None
    assert row.values["had"] >= len(kept)
    assert [sample.x for sample in store.samples(job.key)] == list(range(300))
    assert row.provenance["attempt"] == 2


def test_cancel_asks_first(running: Any, store: Store, heard: Any) -> None:
    job, waiting = measure(10_000, pause=0.005), measure(3)
    runner, end = running([job, waiting], grace=60)
    wait_for(lambda: heard.of(Sample))
    runner.cancel(job.key)
    assert end() == {job.key: JobState.CANCELLED, waiting.key: JobState.DONE}
    row = store.job(job.key)
    assert row is not None
    assert row.state == "cancelled"
    assert store.sample_count(job.key) >= 1


def test_cancel_kills_who_does_not_listen(running: Any, heard: Any) -> None:
    job = Job("toys:stubborn", {})
    runner, end = running([job], grace=0.3)
    wait_for(lambda: heard.of(Progress))
    began = time.monotonic()
    runner.cancel(job.key)
    assert end() == {job.key: JobState.CANCELLED}
    assert time.monotonic() - began > 0.3


def test_cancel_takes_the_workers_tools_along(running: Any, heard: Any) -> None:
    job = Job("toys:with_tool", {})
    runner, end = running([job], grace=0.1)
    tool = psutil.Process(int(wait_for(lambda: heard.of(Progress))[0].done))
    runner.cancel(job.key)
    end()
    wait_until_gone([tool])


def test_cancel_before_the_start(running: Any, heard: Any, folders: Folders) -> None:
    first, second = measure(1000, pause=0.01), make("second")
    third = make("third", second)
    runner, end = running([first, second, third])
    wait_for(lambda: heard.of(Started))
    runner.cancel(second.key)
    wait_for(lambda: runner.states()[third.key] is JobState.BLOCKED)
    assert heard.of(StateChange, third)[-1].message == "Not started, because “second” was cancelled."
    runner.retry(second.key)
    runner.cancel(first.key)
    states = end()
    assert states == {first.key: JobState.CANCELLED, second.key: JobState.DONE, third.key: JobState.DONE}


def test_pause_and_resume(running: Any, store: Store, heard: Any, tmp_path: Path) -> None:
    job = measure(400, gate=str(tmp_path / "gate"))
    runner, end = running([job])
    wait_for(lambda: len(heard.of(Sample)) == 200)
    runner.pause(job.key)
    wait_for(lambda: runner.states()[job.key] is JobState.PAUSED)
    (worker,) = workers()
    wait_for(lambda: worker.status() == psutil.STATUS_STOPPED)
    (tmp_path / "gate").touch()  # from here on it would go on, were it not stopped
    time.sleep(0.6)
    assert len(heard.of(Sample)) == 200
    runner.resume(job.key)
    assert end() == {job.key: JobState.DONE}
    assert [change.state for change in heard.of(StateChange)] == [
        JobState.RUNNING, JobState.PAUSED, JobState.RUNNING, JobState.DONE,
    ]  # fmt: skip
    row = store.result(job.key)
    assert row is not None
    assert row.provenance["paused_seconds"] >= 0.6


def test_a_paused_job_can_be_cancelled(running: Any, heard: Any) -> None:
    job = measure(10_000, pause=0.002)
    runner, end = running([job])
    wait_for(lambda: heard.of(Sample))
    runner.pause(job.key)
    wait_for(lambda: runner.states()[job.key] is JobState.PAUSED)
    runner.cancel(job.key)
    assert end() == {job.key: JobState.CANCELLED}


def test_stop_keeps_everything_for_the_next_run(
    running: Any, new_runner: NewRunner, store: Store, heard: Any, tmp_path: Path
) -> None:
    job, later = measure(200, gate=str(tmp_path / "gate")), make("later")
    runner, end = running([job, later])
    wait_for(lambda: len(heard.of(Sample)) > 10)
    runner.stop()
    states = end()
    assert states == {job.key: JobState.CANCELLED, later.key: JobState.QUEUED}
    row = store.job(job.key)
    assert row is not None
    assert row.state == "queued"
    (tmp_path / "gate").touch()
    runner = new_runner()
    runner.submit([job, later])
    assert set(runner.run().values()) == {JobState.DONE}
    assert [sample.x for sample in store.samples(job.key)] == list(range(200))
    found = store.result(job.key)
    assert found is not None
    assert found.values["had"] > 10

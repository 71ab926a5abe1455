"""A worker that waits before there is a job for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from lab_app.jobs.job import Job
from lab_app.jobs.runner import Runner
from lab_app.jobs.spare import Spare
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.system.paths import Folders

TOYS = (str(Path(__file__).parent),)
WHERE = Job("toys:where", {}, title="where")


@pytest.fixture
def spare(folders: Folders) -> Iterator[Spare]:
    spare = Spare(WHERE.kind, folders.create().root, TOYS)
    yield spare
    spare.close()


@pytest.fixture
def worker() -> Callable[[], psutil.Process]:
    """The one child process there is."""

    def one() -> psutil.Process:
        (child,) = [c for c in psutil.Process().children() if c.status() != psutil.STATUS_ZOMBIE]
        return child

    return one


def run(runner: Runner, store: Store, job: Job = WHERE) -> Any:
    runner.submit([job], force={job.key})
    assert runner.run()[job.key] is JobState.DONE
    return store.result(job.key).values  # type: ignore[union-attr]


def test_the_job_runs_in_it(
    new_runner: Callable[..., Runner], store: Store, spare: Spare, worker: Any, folders: Folders
) -> None:
    waiting = worker().pid
    found = run(new_runner(spare=spare), store)
    assert found["pid"] == waiting
    assert found["cwd"] == found["work_dir"]
    log = (folders.logs / f"{WHERE.key}.log").read_text()
    assert "a word by Python" in log and "a word by native code" in log
    assert run(new_runner(spare=spare), store)["pid"] != waiting  # it was for one job


def test_one_that_died_is_replaced(
    new_runner: Callable[..., Runner], store: Store, spare: Spare, worker: Any
) -> None:
    process = worker()
    process.kill()
    process.wait(10)
    assert run(new_runner(spare=spare), store)["pid"] != process.pid


def test_it_does_not_take_jobs_of_other_kinds(
    new_runner: Callable[..., Runner], store: Store, spare: Spare, worker: Any
) -> None:
    waiting = worker()
    job = Job("toys:make", {"text": "other"}, title="other")
    run(new_runner(spare=spare), store, job)
    assert waiting.is_running() and worker().pid == waiting.pid


def test_closed_without_a_job_it_is_gone(spare: Spare, worker: Any) -> None:
    pid = worker().pid
    spare.close()
    spare.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, signal.SIG_DFL)
    assert spare.take(WHERE.kind) is None

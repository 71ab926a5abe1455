"""Runners whose jobs are the toy handlers of ``toys.py``."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lab_app.jobs.job import Job
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.system.paths import Folders
from tests.jobs.driving import NewRunner, workers

TOYS = str(Path(__file__).parent)


class Heard(list[tuple[Job, Any]]):
    """A subscriber that remembers."""

    def __call__(self, job: Job, event: Any) -> None:
        self.append((job, event))

    def of(self, kind: type, job: Job | None = None) -> list[Any]:
        return [event for about, event in self if isinstance(event, kind) and job in (None, about)]


@pytest.fixture
def toy(run_job: Callable[..., Any]) -> Callable[..., Any]:
    """``toy("measure", {…})`` runs one toy to its end."""
    return lambda name, params=None, **rest: run_job(f"toys:{name}", params, import_paths=(TOYS,), **rest)


@pytest.fixture
def new_runner(store: Store, folders: Folders) -> Callable[..., Runner]:
    return partial(Runner, store, folders, import_paths=(TOYS,))


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def running(new_runner: NewRunner, heard: Any) -> Any:
    """``running(jobs)`` drives a runner from another thread, as a window does; returns it and ``end()``."""
    threads = []

    def start(jobs: list[Job], **options: Any) -> tuple[Runner, Callable[[], dict[str, JobState]]]:
        runner = new_runner(**options)
        runner.subscribe(heard)
        runner.submit(jobs)
        states: dict[str, JobState] = {}
        thread = threading.Thread(target=lambda: states.update(runner.run()))
        thread.start()
        threads.append((runner, thread))

        def end() -> dict[str, JobState]:
            thread.join(30)
            assert not thread.is_alive()
            return states

        return runner, end

    yield start
    for runner, thread in threads:
        runner.stop(kill=True)
        thread.join(30)
    assert not workers()


# -- order and finished work ------------------------------------------------------------------------

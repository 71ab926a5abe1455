"""The lab's own thread: its beginning, its end, and what the window may do meanwhile."""

from __future__ import annotations

import threading
import time

import pytest
from pytestqt.qtbot import QtBot

from lab_app.gui.app import Desktop
from lab_app.gui.bridge import Lab
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.system.errors import LabError
from lab_app.system.paths import Folders
from tests.gui.conftest import LONG, quick, submit, until


def test_who_hears_that_it_did_not_open_may_open_it_again_at_once(
    qtbot: QtBot, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the thread that failed gets its last turn late."""
    told = Lab._rouse

    def late(lab: Lab) -> None:
        told(lab)
        if threading.current_thread().name == "runner":
            time.sleep(0.5)

    monkeypatch.setattr(Lab, "_rouse", late)
    other, lab = Store.open(folders.db), Lab(folders)
    heard: list[LabError] = []

    def again(error: LabError) -> None:
        heard.append(error)
        other.close()
        lab.open()

    lab.failed.connect(again)
    lab.open()
    qtbot.waitUntil(lambda: lab.is_open, timeout=LONG // 2)
    assert len(heard) == 1 and "Another Odyssey Lab" in heard[0].message
    with qtbot.waitSignal(lab.closed, timeout=LONG):
        lab.close()
    assert not lab.is_open


def test_a_job_cancelled_before_the_runner_has_it_does_not_run(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, job, taken, submitted = desktop.lab, quick(), threading.Event(), Runner.submit

    def late(runner: Runner, *jobs: object) -> None:
        assert taken.wait(LONG / 1000)
        submitted(runner, *jobs)  # type: ignore[arg-type]

    monkeypatch.setattr(Runner, "submit", late)
    submit(desktop, qtbot, job)
    lab.cancel(job.key)
    assert lab.runner is not None
    qtbot.waitUntil(lab.runner._commands.empty, timeout=LONG)
    taken.set()
    until(desktop, qtbot, job, JobState.CANCELLED, JobState.DONE)
    assert lab.jobs[job.key].state is JobState.CANCELLED
    lab.retry(job.key)
    until(desktop, qtbot, job, JobState.DONE)

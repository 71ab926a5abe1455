"""Closing the window with jobs running, and what the next start finds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from lab_app.gui.app import Desktop
from lab_app.gui.single import Doorbell
from lab_app.jobs.job import Job
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.system.paths import Folders
from tests.gui.conftest import LONG, OpenDesktop, StoreFault, held, shut, slow, submit, until
from tests.models import tiny_gguf

ROOT = Path(__file__).resolve().parents[2]

STUDY = """
schema_version = 1
name = "tiny study"
[source]
model = {model!r}
[[probe]]
kind = "divergence"
context = 128
chunks = {chunks}
"""


def answer(desktop: Desktop, qtbot: QtBot, name: str) -> None:
    """Close the window and press a button of the question."""
    desktop.window.close()
    box = desktop.window.closing.box
    qtbot.waitUntil(box.isVisible, timeout=LONG)
    button = next(b for b in box.buttons() if b.objectName() == name)
    assert isinstance(button, QPushButton) and button.accessibleName()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def state(folders: Folders, key: str) -> str:
    with Store.open(folders.db, read_only=True) as store:
        row = store.job(key)
    assert row is not None
    return row.state


def running(desktop: Desktop, qtbot: QtBot) -> tuple[str, str]:
    first, second = slow("first"), slow("second", count=99_999)
    submit(desktop, qtbot, first, second)
    until(desktop, qtbot, first, JobState.RUNNING)
    return first.key, second.key


def test_without_jobs_it_just_closes(desktop: Desktop, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desktop.window.closing.finished, timeout=LONG):
        desktop.window.close()
    assert not desktop.window.isVisible()


def test_stay(desktop: Desktop, qtbot: QtBot) -> None:
    first, _ = running(desktop, qtbot)
    answer(desktop, qtbot, "stay")
    assert desktop.window.isVisible()
    assert desktop.lab.jobs[first].state is JobState.RUNNING


def test_pause_keeps_jobs_for_the_next_start(desktop: Desktop, qtbot: QtBot) -> None:
    keys = running(desktop, qtbot)
    with qtbot.waitSignal(desktop.window.closing.finished, timeout=LONG):
        answer(desktop, qtbot, "pause")
    assert [state(desktop.folders, key) for key in keys] == ["queued", "queued"]


def test_cancel(desktop: Desktop, qtbot: QtBot) -> None:
    keys = running(desktop, qtbot)
    with qtbot.waitSignal(desktop.window.closing.finished, timeout=LONG):
        answer(desktop, qtbot, "cancel")
    assert [state(desktop.folders, key) for key in keys] == ["cancelled", "cancelled"]


def test_keep_running_ends_the_program_when_the_jobs_have_ended(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    job = held(tmp_path / "gate")
    submit(desktop, qtbot, job)
    with qtbot.waitSignal(desktop.window.closing.finished, timeout=LONG):
        answer(desktop, qtbot, "keep")
        assert not desktop.window.isVisible()
        (tmp_path / "gate").touch()
    assert state(desktop.folders, job.key) == "done"


def test_keep_running_goes_on_with_a_paused_job(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    """Without a window nobody could, and the program would stay for ever."""
    job = held(tmp_path / "gate")
    submit(desktop, qtbot, job)
    until(desktop, qtbot, job, JobState.RUNNING)
    desktop.lab.pause(job.key)
    until(desktop, qtbot, job, JobState.PAUSED)
    (tmp_path / "gate").touch()
    with qtbot.waitSignal(desktop.window.closing.finished, timeout=LONG):
        answer(desktop, qtbot, "keep")
    assert state(desktop.folders, job.key) == "done"


@pytest.mark.parametrize(("choice", "method"), [("keep", "append_samples"), ("cancel", "fail")])
def test_the_window_comes_back_when_the_work_stops_by_an_error(
    choice: str, method: str, desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing would ever end a program whose window is hidden and whose jobs do not go on."""
    fault = StoreFault(monkeypatch, method, OSError("the disk is gone"), on=False)
    running(desktop, qtbot)
    fault.on = choice == "cancel"
    answer(desktop, qtbot, choice)
    fault.on = True
    said = desktop.window.notices.texts
    qtbot.waitUntil(lambda: any("the disk is gone" in text for text in said()), timeout=LONG)
    assert desktop.window.isVisible()
    fault.on = False
    with qtbot.waitSignal(desktop.window.closing.finished, timeout=LONG):
        answer(desktop, qtbot, "pause")


def test_a_window_in_the_background_comes_back(desktop: Desktop, qtbot: QtBot) -> None:
    first, _ = running(desktop, qtbot)
    answer(desktop, qtbot, "keep")
    assert not desktop.window.isVisible()
    desktop.window.closing.come_back()
    assert desktop.window.isVisible()
    desktop.lab.cancel_all()
    qtbot.waitUntil(lambda: not desktop.lab.busy, timeout=LONG)
    qtbot.wait(100)
    assert desktop.window.isVisible(), "it is not in the background any more"
    assert desktop.lab.jobs[first].state is JobState.CANCELLED


@pytest.mark.slow
def test_a_restart_finds_a_paused_study_and_continues_it(
    open_desktop: OpenDesktop, qtbot: QtBot, native_dir: Path, tmp_path: Path
) -> None:
    """A real study on a tiny model: paused while it measures, offered at the next start, finished there."""
    model = tiny_gguf(tmp_path / "tiny.gguf", context=256)
    toml = STUDY.format(model=str(model), chunks=40)
    first = open_desktop()
    started: list[str] = []
    first.lab.start_study(toml, first.folders.root / "tiny.toml", started.append)
    measured: list[object] = []
    first.lab.sampled.connect(lambda key, samples: measured.extend(samples))
    qtbot.waitUntil(lambda: bool(measured), timeout=2 * LONG)
    with qtbot.waitSignal(first.window.closing.finished, timeout=LONG):
        answer(first, qtbot, "pause")
    shut(first, qtbot)

    second = open_desktop()
    qtbot.waitUntil(lambda: bool(second.window.notices.texts()), timeout=LONG)
    assert "tiny study" in second.window.notices.texts()[0]
    go_on = next(b for b in second.window.notices.findChildren(QPushButton) if b.text() == "Continue")
    with qtbot.waitSignal(second.lab.idle, timeout=4 * LONG):
        qtbot.mouseClick(go_on, Qt.MouseButton.LeftButton)
    store = second.lab.store
    assert store is not None
    record = store.study(started[0])
    assert record is not None
    rows = [store.job(key) for key in record.job_keys]
    assert all(row is not None and row.state == "done" for row in rows), "the report, too"
    assert any(artifact.path.endswith(".html") for artifact in store.artifacts(record.job_keys[-1]))


def test_a_second_start_brings_the_first_window_to_the_front(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.window.hide()
    process = subprocess.Popen(
        [sys.executable, "-m", "lab_app.cli", "--data-dir", str(desktop.folders.root)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        qtbot.waitUntil(desktop.window.isVisible, timeout=LONG)
        said, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "open already" in said


def test_a_start_while_the_program_ends_waits_for_its_end(desktop: Desktop, qtbot: QtBot) -> None:
    """It would bring a window to the front that goes a moment later."""
    job = Job("toys:make", {"pause": 4, "text": ""}, title="hears nothing meanwhile")
    submit(desktop, qtbot, job)
    until(desktop, qtbot, job, JobState.RUNNING)
    answer(desktop, qtbot, "pause")
    code = (
        "import sys; from pathlib import Path; from lab_app.gui.single import call_the_other; "
        "print(call_the_other(Path(sys.argv[1])))"
    )
    with qtbot.waitSignal(desktop.finished, timeout=LONG):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(desktop.folders.root)],
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    try:
        assert not desktop.window.isVisible()
        doorbell = desktop.findChild(Doorbell)
        assert doorbell is not None
        doorbell.deleteLater()  # as the end of the process does
        qtbot.waitUntil(lambda: not isValid(doorbell), timeout=LONG)
        said, _ = process.communicate(timeout=90)
    finally:
        process.kill()
    assert said.strip() == "False"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_program_in_order(number: signal.Signals, tmp_path: Path) -> None:
    data = tmp_path / "data"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "lab_app.cli", "--data-dir", str(data)], env=environment
    )
    try:
        deadline = time.monotonic() + 60
        while not (data / "lab.db").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(number)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
    assert (data / "window.json").exists(), "the window's state is kept"

"""What one does about single jobs of a study, by clicks and keys: logs, cancelling, trying again."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from lab_app.gui import queue_model
from lab_app.gui.app import Desktop
from lab_app.gui.job_view import JobView
from lab_app.gui.pages.queue import QueuePage
from lab_app.gui.study.page import StudyPage
from lab_app.jobs.states import JobState
from lab_app.store.records import Sample
from lab_app.system.paths import Folders
from tests.gui.conftest import LONG, go
from tests.gui.study.test_study_page import STUDY, begun, finished, opened
from tests.models import tiny_gguf

SHORT = STUDY.replace("chunks = 40", "chunks = 6").replace('"Q8_0", ', "")


def press(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.waitUntil(lambda: button.isEnabled() and button.isVisible(), timeout=LONG)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_log_of_a_failed_job_is_that_jobs(
    open_desktop: Callable[[], Desktop], qtbot: QtBot, folders: Folders
) -> None:
    built = finished(folders.root)
    for name in ("IQ2_M", "IQ1_S"):
        built.file(name, None, quant=name, error=f"No {name} today.")
    built.data()
    built.store.close()
    desktop = open_desktop()
    page = opened(desktop, qtbot, "test-0123456789")
    for name in ("IQ2_M", "IQ1_S"):
        desktop.window.navigate("study", {})
        buttons = page.failures.findChildren(QPushButton)
        press(qtbot, next(b for b in buttons if b.accessibleName() == f"Log of quantize to {name}"))
        queue = desktop.window.stack.currentWidget()
        assert isinstance(queue, QueuePage)
        qtbot.waitUntil(lambda q=queue: q.current() is not None, timeout=LONG)
        chosen = queue.current()
        assert chosen is not None and chosen.title == f"quantize to {name}"
        assert queue.details.message.text() == f"No {name} today."


@pytest.mark.slow
def test_one_job_stopped_and_tried_again(
    open_desktop: Callable[[], Desktop], qtbot: QtBot, tmp_path: Path, native_dir: Path
) -> None:
    """The page says what is missing, and the report is written anew once it is there."""
    tiny_gguf(tmp_path / "tiny.gguf", layers=2)
    desktop = open_desktop()
    # Jobs enough for all these clicks, also on a busy machine.
    toml = SHORT.replace("types = [", 'types = ["Q8_0", "Q6_K", "Q5_0", "Q4_1", ')
    assert "Q4_1" in toml
    lab, last = desktop.lab, list[str]()
    lab.changed.connect(lambda key: None if lab.busy else last.append(key))
    page = begun(desktop, qtbot, toml, tmp_path)

    def asked() -> list[QMessageBox]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]

    # Enter keeps the study running; its button cancels it, which one notice says and one button takes back.
    press(qtbot, page.head.cancel)
    qtbot.waitUntil(lambda: len(asked()) == 1, timeout=LONG)
    qtbot.keyClick(asked()[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not asked(), timeout=LONG)
    assert desktop.lab.busy
    press(qtbot, page.head.cancel)
    qtbot.waitUntil(lambda: len(asked()) == 1, timeout=LONG)
    press(qtbot, next(b for b in asked()[0].findChildren(QPushButton) if b.text() == "Cancel the study"))
    qtbot.waitUntil(lambda: not desktop.lab.busy, timeout=LONG)
    cancelled = [v for v in desktop.lab.jobs.values() if v.state is JobState.CANCELLED]
    notices = desktop.window.notices
    assert len(cancelled) > 1
    (said,) = notices.texts()
    assert said.startswith(f"{len(cancelled)} jobs of “small study” are cancelled.")
    undo = [b for b in notices.findChildren(QPushButton) if b.text() == "Undo" and b.isVisible()]
    press(qtbot, undo[0])  # not one of an older notice of these jobs, which is about to be deleted
    qtbot.waitUntil(lambda: all(v.state is not JobState.CANCELLED for v in cancelled), timeout=LONG)
    assert notices.texts() == []

    queue = go(desktop.window, "queue")
    assert isinstance(queue, QueuePage)
    view = next(v for v in desktop.lab.jobs.values() if v.title == "divergence: Q4_0")
    queue.select(view.job.key)
    press(qtbot, queue.buttons["cancel"])
    qtbot.waitUntil(lambda: view.state is JobState.CANCELLED, timeout=LONG)
    report = next(key for key in reversed(page.head.keys))
    qtbot.waitUntil(
        lambda: report in desktop.lab.jobs and desktop.lab.jobs[report].state is JobState.DONE,
        timeout=4 * LONG,
    )
    desktop.window.navigate("study", {})
    qtbot.waitUntil(lambda: page.head.state.text().startswith("1 job"), timeout=LONG)
    qtbot.waitUntil(lambda: page.head.report is not None, timeout=LONG)
    assert page.head.report is not None
    before = Path(page.head.report).read_text(encoding="utf-8")
    assert "cancelled" in before

    desktop.window.rail.buttons["queue"].click()
    queue.select(view.job.key)
    assert queue.model.index_of(view.job.key).siblingAtColumn(queue_model.STATUS).data() == "cancelled"
    press(qtbot, queue.buttons["retry"])
    qtbot.waitUntil(lambda: view.state is JobState.DONE, timeout=2 * LONG)
    qtbot.waitUntil(lambda: not desktop.lab.busy, timeout=LONG)
    desktop.window.navigate("study", {})
    qtbot.waitUntil(lambda: page.head.state.text() == "Finished.", timeout=LONG)
    after = Path(page.head.report).read_text(encoding="utf-8")
    assert after != before and "cancelled" not in after
    assert set(last) == {report}, "the study is at work until its report is written"


@pytest.mark.slow
def test_a_worker_killed_while_one_looks_at_its_study(
    open_desktop: Callable[[], Desktop], qtbot: QtBot, tmp_path: Path, native_dir: Path
) -> None:
    """The page says what happened and offers the way back; the window and the rest of the study live on."""
    tiny_gguf(tmp_path / "tiny.gguf", layers=8)
    desktop = open_desktop()
    toml = SHORT.replace("chunks = 6", "chunks = 40")
    measured: list[tuple[str, str, float]] = []
    killed: list[JobView] = []

    def hear(key: str, samples: list[Sample]) -> None:
        measured.extend((key, s.series, float(s.x)) for s in samples)
        view = desktop.lab.jobs[key]
        if not killed and view.pid is not None:  # seconds before it would have ended
            os.kill(view.pid, signal.SIGKILL)
            killed.append(view)

    desktop.lab.sampled.connect(hear)
    page = begun(desktop, qtbot, toml, tmp_path)
    qtbot.waitUntil(page.failures.isVisible, timeout=LONG)
    (view,) = killed
    line = f"{view.title}: The worker was killed from outside (SIGKILL)"
    qtbot.waitUntil(lambda: any(line in said for said in lines(page)), timeout=LONG)
    assert desktop.window.isVisible() and page.isVisible()
    buttons = page.failures.findChildren(QPushButton)
    press(qtbot, next(b for b in buttons if b.accessibleName() == f"Try again: {view.title}"))
    qtbot.waitUntil(lambda: view.state is JobState.DONE, timeout=2 * LONG)
    qtbot.waitUntil(lambda: page.head.state.text() == "Finished.", timeout=2 * LONG)
    assert not page.failures.isVisible() and desktop.window.notices.texts() == []
    assert len(measured) == len(set(measured)), "nothing is measured twice"


def lines(page: StudyPage) -> list[str]:
    """What the page says of jobs that did not succeed."""
    return [str(part.property("accessibleName") or "") for part in page.failures.children()]

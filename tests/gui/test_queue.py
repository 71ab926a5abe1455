"""The queue page and the strip, with clicks and keys, over real workers."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from lab_app.gui import queue_model
from lab_app.gui.app import Desktop
from lab_app.gui.context import Notice
from lab_app.jobs import logs
from lab_app.jobs.job import Job
from lab_app.jobs.logs import Level
from lab_app.jobs.states import JobState
from lab_app.system.errors import ResourceError
from tests.gui.conftest import LONG, OpenDesktop, StoreFault, go, held, quick, shut, slow, submit, until

RUNNING, DONE, FAILED = JobState.RUNNING, JobState.DONE, JobState.FAILED


def press(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isEnabled() and button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def notice_button(desktop: Desktop, qtbot: QtBot, text: str) -> QPushButton:
    def found() -> list[QPushButton]:
        return [
            b for b in desktop.window.notices.findChildren(QPushButton) if b.text() == text and b.isVisible()
        ]

    qtbot.waitUntil(lambda: bool(found()), timeout=LONG)
    return found()[0]


def shown(page: Any, column: int = queue_model.JOB) -> list[str]:
    model = page.model
    return [str(model.index(at, column).data()) for at in range(model.rowCount())]


def test_jobs_wait_run_and_end(desktop: Desktop, qtbot: QtBot) -> None:
    page = go(desktop.window, "queue")
    assert page.stack.currentWidget() is page.empty
    first, second = slow("first"), quick("second")
    submit(desktop, qtbot, first, second)
    until(desktop, qtbot, first, RUNNING)
    qtbot.waitUntil(lambda: desktop.lab.jobs[first.key].fraction not in (None, 0.0), timeout=LONG)
    assert shown(page) == ["first", "second"]
    assert shown(page, queue_model.STATUS) == ["running", "waiting"]
    assert " %" in shown(page, queue_model.PROGRESS)[0]
    strip = desktop.window.strip
    assert strip.title.text().startswith("first")
    assert strip.bar.isVisible() and strip.more.text() == "1 more"
    page.select(first.key)
    press(qtbot, page.buttons["cancel"])
    until(desktop, qtbot, second, DONE)
    assert desktop.lab.jobs[first.key].state is JobState.CANCELLED
    assert shown(page, queue_model.STATUS) == ["done", "cancelled"]
    assert strip.title.text() == "Nothing is running."
    assert not strip.bar.isVisible()


def test_cancelling_can_be_undone(desktop: Desktop, qtbot: QtBot) -> None:
    job = slow()
    submit(desktop, qtbot, job)
    until(desktop, qtbot, job, RUNNING)
    qtbot.mouseClick(desktop.window.strip.cancel, Qt.MouseButton.LeftButton)
    until(desktop, qtbot, job, JobState.CANCELLED)
    assert "What it has measured is kept." in desktop.window.notices.texts()[0]
    press(qtbot, notice_button(desktop, qtbot, "Undo"))
    until(desktop, qtbot, job, RUNNING)
    assert desktop.window.notices.texts() == []


def test_pause_stops_the_worker_and_resume_lets_it_go(desktop: Desktop, qtbot: QtBot) -> None:
    page = go(desktop.window, "queue")
    job = slow()
    submit(desktop, qtbot, job)
    until(desktop, qtbot, job, RUNNING)
    qtbot.waitUntil(lambda: desktop.lab.jobs[job.key].pid is not None, timeout=LONG)
    pid = desktop.lab.jobs[job.key].pid
    assert pid is not None
    qtbot.keyClick(desktop.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    until(desktop, qtbot, job, JobState.PAUSED)
    worker = psutil.Process(pid)  # it stops when its turn comes, which takes a while on a busy machine
    qtbot.waitUntil(lambda: worker.status() == psutil.STATUS_STOPPED, timeout=LONG)
    assert page.buttons["pause"].text() == "Resume"
    assert desktop.window.strip.title.text() == "slow (paused)"
    press(qtbot, page.buttons["pause"])
    until(desktop, qtbot, job, RUNNING)
    assert worker.status() != psutil.STATUS_STOPPED


def test_keys_do_nothing_to_a_job_that_is_not_to_be_seen(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    page = go(window, "queue")
    job = slow()
    submit(desktop, qtbot, job)
    until(desktop, qtbot, job, RUNNING)
    assert page.current() is not None and page.current().key == job.key
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    go(window, "models")
    assert not window.actions_table.get("job.cancel").isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_X, both)
    qtbot.wait(200)
    assert desktop.lab.jobs[job.key].state is RUNNING
    go(window, "queue")
    qtbot.keyClick(window, Qt.Key.Key_X, both)
    until(desktop, qtbot, job, JobState.CANCELLED)


def test_a_killed_worker_is_said_and_can_be_tried_again(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    page = go(desktop.window, "queue")
    go(desktop.window, "start")
    job = held(tmp_path / "gate", "victim", count=150)
    submit(desktop, qtbot, job)
    measured: list[float] = []
    desktop.lab.sampled.connect(lambda key, samples: measured.extend(s.x for s in samples))
    qtbot.waitUntil(lambda: len(measured) > 3 and desktop.lab.jobs[job.key].pid is not None, timeout=LONG)
    pid = desktop.lab.jobs[job.key].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(desktop, qtbot, job, FAILED)
    assert "“victim” failed." in desktop.window.notices.texts()[0]
    assert desktop.window.isVisible()
    press(qtbot, notice_button(desktop, qtbot, "Show log"))
    assert desktop.window.current == "queue"
    assert "killed from outside (SIGKILL)" in page.details.message.text()
    assert desktop.window.notices.texts() == [], "nothing is said twice"
    (tmp_path / "gate").touch()
    press(qtbot, page.details.again)
    until(desktop, qtbot, job, DONE)
    assert desktop.window.notices.texts() == [], "what is no longer true is not shown any more"
    assert not page.details.said.isVisible()
    assert sorted(measured) == list(range(150)), "nothing is measured twice"


def test_the_log_grows_is_filtered_searched_and_copied(desktop: Desktop, qtbot: QtBot) -> None:
    page = go(desktop.window, "queue")
    job = Job("toys:abort", {}, title="aborts")
    submit(desktop, qtbot, job)
    until(desktop, qtbot, job, FAILED)
    view = page.details.log
    qtbot.waitUntil(lambda: "GGML_ASSERT" in view.text(), timeout=LONG)
    assert "GGML_ASSERT" in page.details.message.text()
    qtbot.waitUntil(lambda: desktop.window.notices.texts() == [], timeout=LONG)
    assert "loading tensors" in view.text()
    qtbot.keyClick(view.level, Qt.Key.Key_End)
    assert view.level.currentText() == "Errors"
    assert "loading tensors" not in view.text() and "GGML_ASSERT" in view.text()
    qtbot.keyClick(view.level, Qt.Key.Key_Home)
    qtbot.keyClicks(view.search, "TENSORS")
    assert view.text() == "loading tensors"
    view.list.setFocus()
    qtbot.keyClick(view.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "loading tensors"


def test_a_log_is_followed_while_it_is_written(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    view = go(desktop.window, "queue").details.log
    log = tmp_path / "job.log"
    view.show_log(log)
    log.write_text("one\n")
    qtbot.waitUntil(lambda: view.text() == "one", timeout=LONG)
    with log.open("a") as stream:
        stream.write("two\nthr")
        stream.flush()
        qtbot.waitUntil(lambda: view.text() == "one\ntwo", timeout=LONG)
        stream.write("ee\n")
    qtbot.waitUntil(lambda: view.text() == "one\ntwo\nthree", timeout=LONG)
    log.write_text("new\n")
    qtbot.waitUntil(lambda: view.text() == "new", timeout=LONG)


def test_the_end_of_a_log_stays_in_sight_at_every_size(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    page = go(desktop.window, "queue")
    submit(desktop, qtbot, job := quick())
    until(desktop, qtbot, job, DONE)
    view = page.details.log
    log = tmp_path / "long.log"
    log.write_text("".join(f"line {number}\n" for number in range(60)))
    view.show_log(log)
    desktop.window.resize(1920, 1400)
    qtbot.waitUntil(
        lambda: view.list.verticalScrollBar().maximum() > 0 and view.list.is_at_end(), timeout=LONG
    )
    desktop.window.resize(1024, 700)
    qtbot.wait(50)
    assert view.list.is_at_end()
    view.list.scrollToTop()
    desktop.window.resize(1200, 760)
    qtbot.wait(50)
    assert view.list.verticalScrollBar().value() == 0  # whoever reads elsewhere stays there
    view.list.scrollToBottom()
    for found in ("line 7", "line 8"):
        view.search.setText(found)
        qtbot.waitUntil(lambda: view.list.verticalScrollBar().maximum() == 0, timeout=LONG)
        view.search.clear()
        qtbot.waitUntil(lambda: view.list.verticalScrollBar().maximum() > 0, timeout=LONG)
        assert view.list.is_at_end(), "as before the search"
    view.search.setText("line 13")
    qtbot.waitUntil(lambda: view.list.verticalScrollBar().maximum() == 0, timeout=LONG)
    view.list.setCurrentIndex(view.shown.index(0, 0))  # among all lines near the first
    view.search.clear()
    qtbot.waitUntil(lambda: view.list.verticalScrollBar().maximum() > 0, timeout=LONG)
    assert not view.list.is_at_end() and view.list.visualRect(view.list.currentIndex()).top() >= 0


def test_the_names_of_jobs_take_the_room_there_is(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.window.resize(1024, 700)
    page = go(desktop.window, "queue")
    submit(desktop, qtbot, job := quick())
    until(desktop, qtbot, job, DONE)
    before = page.table.columnWidth(queue_model.JOB)
    desktop.window.resize(1600, 900)
    qtbot.waitUntil(lambda: page.table.columnWidth(queue_model.JOB) > before + 400, timeout=LONG)
    assert page.table.horizontalHeader().length() == page.table.viewport().width()


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("ggml.c:12: GGML_ASSERT(x) failed", Level.ERROR),
        ("llama_model_load: error loading model", Level.ERROR),
        ("ValueError: no", Level.ERROR),
        ("warning: something", Level.WARNING),
        ("load: control token is not marked", Level.INFO),
        ("print_info: terror of fun", Level.INFO),
    ],
)
def test_levels_of_lines(text: str, level: Level) -> None:
    assert logs.level_of(text) is level


def test_filters_of_the_table(desktop: Desktop, qtbot: QtBot) -> None:
    page = go(desktop.window, "queue")
    good, bad = quick("measure one"), Job("toys:stumble", {}, title="divide")
    submit(desktop, qtbot, good, bad)
    until(desktop, qtbot, good, DONE)
    until(desktop, qtbot, bad, FAILED)
    assert sorted(shown(page)) == ["divide", "measure one"]
    page.group.setFocus()
    qtbot.keyClick(page.group, Qt.Key.Key_End)
    assert shown(page) == ["divide"]
    qtbot.keyClick(page.group, Qt.Key.Key_Home)
    qtbot.keyClicks(page.search, "MEAS")
    assert shown(page) == ["measure one"] and not page.unmatched.isVisible()
    qtbot.keyClicks(page.search, "zz")
    assert shown(page) == [] and page.unmatched.isVisible(), "a blank table says why it is"
    page.search.clear()
    assert not page.unmatched.isVisible()
    page.select(bad.key)
    page.table.sortByColumn(queue_model.JOB, Qt.SortOrder.DescendingOrder)
    assert shown(page) == ["measure one", "divide"]
    assert page.current().key == bad.key, "sorting keeps the selection"
    page.table.sortByColumn(queue_model.JOB, Qt.SortOrder.AscendingOrder)
    late = quick("alpha", 6)
    submit(desktop, qtbot, late)
    assert shown(page) == ["alpha", "divide", "measure one"], "a new row goes to its place"
    until(desktop, qtbot, late, DONE)


def test_history_of_earlier_sessions(open_desktop: OpenDesktop, qtbot: QtBot) -> None:
    first = open_desktop()
    good, bad = quick("good"), Job("toys:refuse", {"error": "NetworkError"}, title="bad")
    submit(first, qtbot, good, bad)
    until(first, qtbot, bad, FAILED)
    until(first, qtbot, good, DONE)
    shut(first, qtbot)
    second = open_desktop()
    page = go(second.window, "queue")
    qtbot.waitUntil(lambda: sorted(shown(page)) == ["bad", "good"], timeout=LONG)
    page.select(bad.key)
    assert page.details.message.text() == "It cannot be done."
    assert page.details.hint.text() == "Do it otherwise."
    assert page.buttons["retry"].isEnabled() and not page.buttons["cancel"].isEnabled()
    press(qtbot, page.details.again)
    qtbot.waitUntil(lambda: bool(second.window.notices.texts()), timeout=LONG)
    assert "belongs to no study" in second.window.notices.texts()[0]


def test_the_window_says_that_another_one_works_here(
    qtbot: QtBot, open_desktop: OpenDesktop, desktop: Desktop
) -> None:
    from lab_app.gui.bridge import Lab

    other = Lab(desktop.folders)
    with qtbot.waitSignal(other.failed, timeout=LONG) as heard:
        other.open()
    assert "Another Odyssey Lab" in str(heard.args[0])


@pytest.mark.parametrize("method", ["append_samples", "finish"])
@pytest.mark.parametrize(
    "error", [ResourceError("No disk space is left.", "Free some."), ValueError("a bug")]
)
def test_an_error_of_the_store_or_the_runner_is_shown_and_work_goes_on(
    method: str, error: Exception, desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk or a fault of ours ends the runner; its jobs wait, and "Try again" goes on with them."""
    fault = StoreFault(monkeypatch, method, error, on=True)
    job = quick(count=20)
    with qtbot.waitSignal(desktop.lab.failed, timeout=LONG):
        submit(desktop, qtbot, job)
    qtbot.waitUntil(lambda: bool(desktop.window.notices.texts()), timeout=LONG)
    assert str(error.args[0]) in desktop.window.notices.texts()[0]
    assert desktop.lab.is_open and desktop.lab.jobs[job.key].state is JobState.QUEUED
    fault.on = False
    press(qtbot, notice_button(desktop, qtbot, "Try again"))
    until(desktop, qtbot, job, DONE)
    assert desktop.lab.store is not None and desktop.lab.store.sample_count(job.key) == 20
    assert desktop.window.notices.texts() == []


def test_time_left_counts_this_attempt_alone(desktop: Desktop, qtbot: QtBot) -> None:
    """What an earlier attempt did took none of this one's time."""
    pause, count = 0.02, 400
    job = Job("toys:measure", {"count": count, "pause": pause, "title": "half"}, title="half")
    submit(desktop, qtbot, job)
    view = desktop.lab.jobs[job.key]
    qtbot.waitUntil(lambda: (view.fraction or 0.0) > 0.5, timeout=LONG)
    qtbot.mouseClick(desktop.window.strip.cancel, Qt.MouseButton.LeftButton)
    until(desktop, qtbot, job, JobState.CANCELLED)
    press(qtbot, notice_button(desktop, qtbot, "Undo"))
    until(desktop, qtbot, job, RUNNING)
    qtbot.waitUntil(
        lambda: view.first is not None and (view.fraction or 0.0) > view.first[1] + 0.1, timeout=LONG
    )
    part, left = view.fraction, view.seconds_left()
    assert view.first is not None and view.first[1] >= 0.5
    assert part is not None and left is not None
    assert left > 0.5 * (1.0 - part) * count * pause, "the pauses between the samples alone take as long"


def test_time_left_counts_no_pause(desktop: Desktop, qtbot: QtBot) -> None:
    job = slow(count=1000)
    submit(desktop, qtbot, job)
    view = desktop.lab.jobs[job.key]
    qtbot.waitUntil(lambda: view.seconds_left() is not None, timeout=LONG)
    qtbot.mouseClick(desktop.window.strip.pause, Qt.MouseButton.LeftButton)
    until(desktop, qtbot, job, JobState.PAUSED)
    before = view.worked()
    qtbot.wait(1000)
    assert view.worked() == before
    qtbot.mouseClick(desktop.window.strip.pause, Qt.MouseButton.LeftButton)
    until(desktop, qtbot, job, RUNNING)
    assert view.since is not None and time.monotonic() - view.since - view.worked() > 0.9


def test_jobs_cancelled_one_by_one_have_a_notice_each_and_none_is_lost(
    desktop: Desktop, qtbot: QtBot
) -> None:
    """Jobs of no study: newer notices stand before the older ones, which one button brings to light."""
    jobs = [slow("first"), *(quick(f"job {i}", 5 + i) for i in range(4))]
    submit(desktop, qtbot, *jobs)
    until(desktop, qtbot, jobs[0], RUNNING)
    desktop.window.context.notify(Notice("message", "Not finished.", answers={"Continue": lambda: None}))
    page = go(desktop.window, "queue")
    for job in reversed(jobs):
        page.select(job.key)
        press(qtbot, page.buttons["cancel"])
        until(desktop, qtbot, job, JobState.CANCELLED)
    notices = desktop.window.notices
    assert len(notices.texts()) == 6 and "“first”" in notices.texts()[0]
    undo = [b for b in notices.findChildren(QPushButton) if b.text() == "Undo"]
    assert sum(b.isVisible() for b in undo) == 3
    assert not any(b.isVisible() for b in notices.findChildren(QPushButton) if b.text() == "Continue")
    assert notices.more.text() == "3 more messages"
    press(qtbot, notices.more)
    assert sum(b.isVisible() for b in undo) == 5
    assert notice_button(desktop, qtbot, "Continue").isVisible()
    press(qtbot, notices.more)
    assert sum(b.isVisible() for b in undo) == 3


def test_a_flood_of_events_reaches_the_window_in_few_deliveries(desktop: Desktop, qtbot: QtBot) -> None:
    """Thirty deliveries a second at most, nothing lost, samples before the end of their job."""
    job = Job("toys:measure", {"count": 3000, "pause": 0.001}, title="flood")
    order: list[str] = []
    counted = 0

    def took(key: str, samples: list[object]) -> None:
        nonlocal counted
        counted += len(samples)
        order.append("samples")

    desktop.lab.sampled.connect(took)
    desktop.lab.progressed.connect(lambda key: order.append("progress"))
    desktop.lab.changed.connect(lambda key: order.append(str(desktop.lab.jobs[key].state)))
    submit(desktop, qtbot, job)
    until(desktop, qtbot, job, DONE)
    assert counted == 3000
    assert order[-1] == "done"
    ran = desktop.lab.jobs[job.key].ran
    assert ran is not None and order.count("samples") <= 30 * ran + 5
    assert 0 < order.count("progress") <= 30 * ran + 5

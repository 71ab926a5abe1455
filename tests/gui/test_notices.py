"""Errors at the top of the window go when they are no longer true."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from lab_app.gui import background, pages
from lab_app.gui.app import Desktop
from lab_app.gui.context import Notice
from lab_app.gui.pages.settings import SettingsPage
from lab_app.gui.pages.studies import StudiesPage
from lab_app.jobs.job import Job, Slot
from lab_app.jobs.states import JobState
from lab_app.system import settings
from lab_app.system.errors import UsageError
from lab_app.system.paths import Folders
from tests.gui.conftest import LONG, OpenDesktop, go, submit, until

GOOD = 'schema_version = 1\nname = "good"\n[source]\nmodel = "demo:"\n[[probe]]\nkind = "speed"\n'


def test_an_error_of_a_study_file_goes_with_the_next_one_that_opens(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = go(desktop.window, "studies")
    assert isinstance(page, StudiesPage)
    (tmp_path / "bad.toml").write_text("name = [")
    (tmp_path / "good.toml").write_text(GOOD)
    said = desktop.window.notices.texts
    for name, count in (("bad.toml", 1), ("good.toml", 0)):
        path = str(tmp_path / name)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, p=path: (p, ""))
        qtbot.keyClick(desktop.window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda n=count: len(said()) == n, timeout=LONG)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is not page.list, timeout=LONG)
    assert page.builder.name.text() == "good"


def test_another_operation_takes_no_error_away(desktop: Desktop, qtbot: QtBot) -> None:
    def fail() -> None:
        raise UsageError("It cannot be.", "Do it otherwise.")

    def succeed() -> None:
        pass

    background.background(fail)
    qtbot.waitUntil(lambda: len(desktop.window.notices.texts()) == 1, timeout=LONG)
    with qtbot.waitSignal(background.background(succeed).done, timeout=LONG):
        pass
    desktop.lab.ask(lambda store: store.studies())
    background.wait_for_all(LONG)
    qtbot.wait(20)
    assert desktop.window.notices.texts() == ["It cannot be. Do it otherwise."]


def test_damaged_settings_are_said_until_they_are_whole_again(
    open_desktop: OpenDesktop, qtbot: QtBot, folders: Folders
) -> None:
    (folders.root / "settings.json").write_text("{")
    desktop = open_desktop()
    assert len(desktop.window.notices.texts()) == 1
    page = go(desktop.window, "settings")
    assert isinstance(page, SettingsPage)
    qtbot.mouseClick(page.limits.offline, Qt.MouseButton.LeftButton, pos=page.limits.offline.rect().center())
    qtbot.waitUntil(lambda: desktop.window.notices.texts() == [], timeout=LONG)
    assert settings.load(folders).offline


def failed(desktop: Desktop, qtbot: QtBot) -> Job:
    """A job that has failed, and its notice."""
    job = Job("toys:refuse", {"error": "UsageError"}, title="bad")
    submit(desktop, qtbot, job)
    until(desktop, qtbot, job, JobState.FAILED)
    assert desktop.window.notices.texts() == ["“bad” failed. It cannot be done. Do it otherwise."]
    return job


@pytest.mark.parametrize(("text", "page"), [("重试", "start"), ("显示日志", "queue")])
def test_a_notice_of_a_job_changes_its_language_and_its_buttons_act_on_the_new_window(
    text: str, page: str, desktop: Desktop, qtbot: QtBot
) -> None:
    job = failed(desktop, qtbot)
    desktop.settings.update(language="zh_CN")
    try:
        (said,) = desktop.window.notices.texts()
        assert said.startswith("“bad”失败")
        changes: list[str] = []
        desktop.lab.changed.connect(changes.append)
        pressed = next(b for b in desktop.window.notices.findChildren(QPushButton) if b.text() == text)
        qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton)
        assert desktop.window.current == page
        if page == "queue":
            assert desktop.window.notices.texts() == []
        else:  # it waits, runs and fails again
            qtbot.waitUntil(lambda: len(changes) >= 3, timeout=LONG)
            assert changes[0] == job.key and len(desktop.window.notices.texts()) == 1
    finally:
        desktop.settings.update(language="en")


def test_a_notice_told_in_another_language_goes_once_the_job_is_begun_again(
    desktop: Desktop, qtbot: QtBot
) -> None:
    job = failed(desktop, qtbot)
    desktop.settings.update(language="zh_CN")
    try:
        seen: list[list[str]] = []
        desktop.lab.changed.connect(lambda _: seen.append(desktop.window.notices.texts()))
        desktop.lab.retry(job.key)
        qtbot.waitUntil(lambda: len(seen) >= 3, timeout=LONG)
        assert seen[:2] == [[], []], "neither while it waits nor while it runs"
    finally:
        desktop.settings.update(language="en")


def test_a_job_begun_again_by_another_study_is_told_of_once(desktop: Desktop, qtbot: QtBot) -> None:
    job = Job("toys:refuse", {"error": "UsageError"}, title="bad")
    ends: list[str] = []
    desktop.lab.ended.connect(lambda key, _: ends.append(key))
    for count, study in enumerate(("first", "second"), 1):
        desktop.lab.studies[job.key] = (study, study)
        desktop.lab.submit([job])
        qtbot.waitUntil(lambda n=count: len(ends) == n, timeout=LONG)  # type: ignore[misc]
        until(desktop, qtbot, job, JobState.FAILED)
        assert len(desktop.window.notices.texts()) == 1


def test_what_is_stopped_where_it_was_asked_for_has_no_notice(desktop: Desktop, qtbot: QtBot) -> None:
    """A duel says so itself, and has its own button to begin again."""
    jobs = [Job("toys:measure", {"count": 9999 + n, "pause": 0.02}, slot=slot) for n, slot in enumerate(Slot)]
    submit(desktop, qtbot, *jobs)
    for job in jobs:
        desktop.lab.cancel(job.key)
    for job in jobs:
        until(desktop, qtbot, job, JobState.CANCELLED)
    assert len(desktop.window.notices.texts()) == len(jobs) - 1


def test_a_call_that_fails_after_a_change_of_the_language_is_told_by_the_new_window(
    desktop: Desktop, qtbot: QtBot
) -> None:
    gate = threading.Event()

    def fail() -> None:
        gate.wait(60)
        raise UsageError("It cannot be.", "Do it otherwise.")

    background.background(fail)
    before = desktop.window
    desktop.settings.update(language="zh_CN")
    try:
        qtbot.waitUntil(lambda: not isValid(before), timeout=LONG)
        gate.set()
        qtbot.waitUntil(lambda: len(desktop.window.notices.texts()) == 1, timeout=LONG)
    finally:
        gate.set()
        desktop.settings.update(language="en")


def test_a_call_that_outlasts_its_window_tells_nobody(desktop: Desktop, qtbot: QtBot) -> None:
    go_on = threading.Event()

    def fail() -> None:
        go_on.wait()
        raise UsageError("It cannot be.", "Do it otherwise.")

    failing = background.background(fail)
    succeeding = background.background(go_on.wait)
    with qtbot.waitSignal(desktop.lab.closed, timeout=LONG):
        desktop.lab.close()
    desktop.window.hide()
    desktop.window.deleteLater()
    qtbot.waitUntil(lambda: not isValid(desktop.window), timeout=LONG)
    with qtbot.waitSignals([failing.failed, succeeding.done], timeout=LONG):
        go_on.set()


def test_a_long_error_is_whole_in_the_smallest_window(desktop: Desktop, qtbot: QtBot) -> None:
    """What to do stands at its end. Older ones that have no room beside it are counted."""
    window = desktop.window
    window.resize(window.minimumSize())
    for entry in pages.entries():
        window.navigate(entry.id, {})  # the window needs the height of the highest page
    path = "/home/someone/models/" + "Some-Organization-Large-Language-Model-Instruct-v2.5-128k/" * 3
    for name in ("first", "second", "third"):
        text = f"{path}{name}.gguf cannot be read: tensor blk.31.ffn_down.weight lies beyond the end of the file."
        window.context.notify(
            Notice(name, text, "Download it again, or choose another one.", "bad", {"Do": int})
        )
    notices = window.notices
    qtbot.waitUntil(notices.more.isVisible, timeout=LONG)
    frames = [frame for frame in notices.findChildren(QFrame, "banner") if frame.isVisible()]
    assert 1 <= len(frames) < 3 and "third" in frames[-1].accessibleName()
    for frame in frames:
        words = next(one for one in frame.findChildren(QLabel) if one.text())
        qtbot.waitUntil(
            lambda words=words: words.height() >= words.heightForWidth(words.width()), timeout=LONG
        )
    assert window.height() == window.minimumHeight()
    notices.more.click()
    assert all(frame.isVisible() for frame in notices.findChildren(QFrame, "banner"))

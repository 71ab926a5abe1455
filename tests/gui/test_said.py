"""A window in Chinese says in Chinese what went wrong below it; in English the same failure is said in English."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from lab_app.gui.app import Desktop
from lab_app.gui.pages.queue import QueuePage
from lab_app.gui.pages.studies import StudiesPage
from lab_app.jobs.job import Job
from lab_app.jobs.states import JobState
from tests.gui.conftest import LONG, go, slow, submit, until
from tests.gui.test_builder import type_source
from tests.gui.test_settings import everything_shown
from tests.gui.test_study_files import choose_in_dialog


@pytest.fixture
def chinese(desktop: Desktop) -> Iterator[Desktop]:
    desktop.settings.update(language="zh_CN")
    yield desktop
    desktop.settings.update(language="en")


def queue(desktop: Desktop, key: str) -> QueuePage:
    page = go(desktop.window, "queue")
    assert isinstance(page, QueuePage)
    page.select(key)
    return page


def test_a_killed_worker_is_said_in_the_language_of_the_window(chinese: Desktop, qtbot: QtBot) -> None:
    go(chinese.window, "start")
    job = slow("victim")
    submit(chinese, qtbot, job)
    qtbot.waitUntil(lambda: chinese.lab.jobs[job.key].pid is not None, timeout=LONG)
    pid = chinese.lab.jobs[job.key].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(chinese, qtbot, job, JobState.FAILED)
    (said,) = chinese.window.notices.texts()
    assert "工作进程被从外部终止（SIGKILL）" in said and "请释放内存" in said
    assert "从外部终止" in queue(chinese, job.key).details.message.text()
    chinese.settings.update(language="en")
    details = queue(chinese, job.key).details
    assert "killed from outside (SIGKILL)" in details.message.text()
    assert details.hint.text().startswith("Free memory")


def test_the_builder_says_what_is_wrong(chinese: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    chinese.window.navigate("studies", {"template": "which-quant"})
    page = chinese.window.stack.currentWidget()
    assert isinstance(page, StudiesPage)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is not page.list, timeout=LONG)
    assert page.builder.name.text() == "演示模型 用哪种量化"
    type_source(page.builder, qtbot, str(tmp_path / "nothing.gguf"))
    qtbot.waitUntil(lambda: "不存在" in page.builder.summary.text(), timeout=LONG)
    qtbot.waitUntil(lambda: page.builder.source.note.text().startswith("没有文件"), timeout=LONG)


def test_work_and_machine_are_told_in_the_language_of_the_window(
    chinese: Desktop, qtbot: QtBot, native_dir: Path
) -> None:
    job = Job(
        "toys:measure", {"count": 100_000, "pause": 0.02, "message": "tokens"}, title="divergence: Q4_K_M"
    )
    submit(chinese, qtbot, job)
    strip = chinese.window.strip
    qtbot.waitUntil(lambda: strip.title.text() == "散度：Q4_K_M：词元", timeout=LONG)
    chinese.lab.cancel(job.key)
    card = go(chinese.window, "settings").machine
    qtbot.waitUntil(lambda: bool(card.checks), timeout=2 * LONG)
    shown = everything_shown(card)
    assert "引擎可在工作进程中加载" in shown and "内存：可用" in shown
    known = {check.message for check in card.checks}
    assert any("the engine loads" in text for text in known)  # as it is copied, for whoever helps


def test_a_wrong_file_is_said_at_the_top(chinese: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    wrong = tmp_path / "latin.toml"
    wrong.write_bytes('name = "Grüße"\n'.encode("latin-1"))
    page = go(chinese.window, "studies")
    assert isinstance(page, StudiesPage)
    choose_in_dialog(wrong)
    qtbot.mouseClick(page.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: any("不是 UTF-8 文本（字节 10）" in text for text in chinese.window.notices.texts()),
        timeout=LONG,
    )

"""Names and tab stops where there is something to see: a finished study, a filled builder, jobs, models, a message."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from lab_app.gui.app import Desktop
from lab_app.gui.context import Notice
from lab_app.system.paths import Folders
from tests.gui.accessibility import interactive, problems, unreached
from tests.gui.conftest import LONG, OpenDesktop, build, go
from tests.gui.study.test_study_page import finished, opened
from tests.models import tiny_gguf


@pytest.fixture
def filled(open_desktop: OpenDesktop, qtbot: QtBot, folders: Folders, tmp_path: Path) -> Desktop:
    """A finished study with one failure, two models, and a message."""
    built = finished(folders.root)
    built.file("IQ2_M", None, quant="IQ2_M", error="The disk is full.")
    built.data()
    built.store.close()
    desktop = open_desktop()
    (tmp_path / "mine").mkdir()
    for name in ("alpha", "beta"):
        tiny_gguf(tmp_path / "mine" / f"{name}.gguf", context=512)
    desktop.settings.update(model_folders=(str(tmp_path / "mine"),))
    desktop.window.context.notify(Notice("message", "Not finished.", answers={"Continue": lambda: None}))
    return desktop


def whole(desktop: Desktop, least: int) -> None:
    """Everything has a name and a tab stop, and Tab comes to it; ``least``: widgets that must have been looked at."""
    window: QWidget = desktop.window
    assert len(interactive(window)) >= least
    assert problems(window) == []
    assert unreached(window) == []


def test_a_finished_study(filled: Desktop, qtbot: QtBot) -> None:
    page = opened(filled, qtbot, "test-0123456789")
    qtbot.waitUntil(lambda: page.main.model.rowCount() > 0 and page.tabs.count() > 2, timeout=LONG)
    assert page.failures.isVisible()
    for at in range(page.tabs.count()):
        page.tabs.setCurrentIndex(at)
        qtbot.wait(300)  # for its figures, where they are in view
        whole(filled, 16)


def test_a_filled_builder(filled: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    builder = build(filled.window, tmp_path / "mine" / "alpha.gguf")
    qtbot.waitUntil(lambda: bool(builder.types.rows) and bool(builder.asked.boxes), timeout=LONG)
    builder.more_button.click()
    box = builder.asked.boxes["divergence"]
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    qtbot.waitUntil(builder.start.isEnabled, timeout=LONG)
    whole(filled, 30)


def test_a_queue_with_rows(filled: Desktop, qtbot: QtBot) -> None:
    page = go(filled.window, "queue")
    qtbot.waitUntil(lambda: page.model.rowCount() > 5, timeout=LONG)
    qtbot.waitUntil(page.details.isVisible, timeout=LONG)
    whole(filled, 16)


def test_a_library_with_rows(filled: Desktop, qtbot: QtBot) -> None:
    page = go(filled.window, "models")
    qtbot.waitUntil(lambda: {"alpha", "beta"} <= {item.row.name for item in page.model.rows}, timeout=LONG)
    qtbot.keyClicks(page.filter, "beta")
    page.table.selectRow(0)
    qtbot.waitUntil(page.inspector.tabs.isVisible, timeout=LONG)
    for at in range(page.inspector.tabs.count()):
        page.inspector.tabs.setCurrentIndex(at)
        whole(filled, 16)


def test_a_list_of_studies(filled: Desktop, qtbot: QtBot) -> None:
    page = go(filled.window, "studies")
    qtbot.waitUntil(lambda: page.model.rowCount() > 0, timeout=LONG)
    page.table.selectRow(0)
    whole(filled, 14)

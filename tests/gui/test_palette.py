"""The palette: every button of the page one looks at, and the commands of the command line behind them."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from lab_app.gui import pages
from lab_app.gui.app import Desktop
from lab_app.gui.main_window import MainWindow
from lab_app.gui.pages.studies import StudiesPage
from lab_app.gui.plots.view import FigureView
from lab_app.gui.widgets.command_palette import CommandPalette
from lab_app.jobs.job import Job
from lab_app.jobs.states import JobState
from lab_app.system import settings
from lab_app.system.paths import Folders
from tests.gui.conftest import LONG, OpenDesktop, go, page_of, submit, until
from tests.gui.study.test_study_page import finished, opened
from tests.gui.test_shell import palette_of
from tests.models import tiny_gguf


def texts(palette: CommandPalette) -> list[str]:
    model = palette.list.model()
    return [str(model.index(at, 0).data()) for at in range(model.rowCount())]


def close(palette: CommandPalette, qtbot: QtBot) -> None:
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)


def command_of(window: MainWindow, qtbot: QtBot, typed: str) -> list[str]:
    """What Ctrl+C copies for the first line found for ``typed``."""
    QGuiApplication.clipboard().setText("")
    palette = palette_of(window, qtbot)
    qtbot.keyClicks(palette.field, typed)
    qtbot.keyClick(palette.field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()), timeout=LONG)
    close(palette, qtbot)
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[0] == "odyssey-lab"
    return words[1:]


@pytest.mark.parametrize("name", [entry.id for entry in pages.entries()])
def test_every_button_of_a_page_is_in_the_palette(name: str, window: MainWindow, qtbot: QtBot) -> None:
    window.navigate(name, {})
    qtbot.wait(50)
    for entry in pages.entries():
        window.page(entry)
    table, page = window.actions_table, page_of(window)
    offered = texts(palette := palette_of(window, qtbot))
    for button in page.findChildren(QAbstractButton):
        pressable = (
            button.isVisible() and button.isEnabled() and isinstance(button, QPushButton | QToolButton)
        )
        if not pressable or button.objectName().startswith("qt_") or button in table._covered:
            continue
        text = table._named.get(button, ("", None))[0] or button.accessibleName()
        assert any(line.startswith(text) for line in offered), f"{text} of the page {name}"
    assert {"Explore: Duel", "Explore: Tokenizer", "Explore: Inspector", "Check this machine"} <= set(offered)
    assert {"Export settings…", "Import settings…", "Language: 简体中文", "Which quant should I run?"} <= set(
        offered
    )
    assert len(set(offered)) == len(offered), "no two lines are alike"
    close(palette, qtbot)


def test_buttons_that_are_covered_have_an_action_that_does_the_same(
    desktop: Desktop, qtbot: QtBot, folders: Folders
) -> None:
    window = desktop.window
    page = go(window, "queue")
    job = Job("toys:refuse", {"error": "NetworkError"}, title="bad")
    submit(desktop, qtbot, job)
    until(desktop, qtbot, job, JobState.FAILED)
    assert page.buttons["retry"].isEnabled()
    started: list[JobState] = []
    desktop.lab.changed.connect(lambda key: started.append(desktop.lab.jobs[key].state))
    palette = palette_of(window, qtbot)
    qtbot.keyClicks(palette.field, "try the selected")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: started[-1:] == [JobState.FAILED], timeout=LONG)
    assert JobState.RUNNING in started

    # Language and theme from any page, and tabs.
    go(window, "start")
    palette = palette_of(window, qtbot)
    qtbot.keyClicks(palette.field, "tokenizer")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.current == "explore" and page_of(window).tabs.currentIndex() == 1
    assert command_of(window, qtbot, "check this machine") == ["doctor", "--data-dir", str(folders.root)]
    assert command_of(window, qtbot, "which quant") == ["new", "which-quant"]
    assert settings.load(folders).language == ""


def test_what_is_done_to_a_study(open_desktop: OpenDesktop, qtbot: QtBot, folders: Folders) -> None:
    built = finished(folders.root)
    built.data()
    built.store.close()
    desktop = open_desktop()
    page = opened(desktop, qtbot, "test-0123456789")

    def shown() -> list[FigureView]:
        return [view for view in page.figures.values() if view.isVisible()]

    qtbot.waitUntil(lambda: all(view.export_button.isEnabled() for view in shown()), timeout=LONG)
    palette = palette_of(desktop.window, qtbot)
    offered = texts(palette)
    close(palette, qtbot)
    assert "Copy the command of the study" in offered and "Cancel the study…" not in offered
    exports = [line for line in offered if line.startswith("Numbers (CSV)…")]
    assert len(exports) == len(shown()) > 1 and len(set(exports)) == len(exports)
    first, study, *rest = command_of(desktop.window, qtbot, "copy the command of the study")
    assert first == "--batch" and Path(study).is_file() and rest == ["--data-dir", str(folders.root)]


@pytest.mark.usefixtures("no_other_models")
def test_what_is_done_to_a_model_and_a_new_study(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path, folders: Folders
) -> None:
    window = desktop.window
    (tmp_path / "mine").mkdir()
    path = tiny_gguf(tmp_path / "mine" / "tiny.gguf", context=512)
    models = go(window, "models")
    models.adding.add_folder(path.parent)
    qtbot.waitUntil(lambda: any(item.row.name == "tiny" for item in models.model.rows), timeout=LONG)
    qtbot.keyClicks(models.filter, "tiny")
    models.table.selectRow(0)
    root = ["--data-dir", str(folders.root)]
    delete = command_of(window, qtbot, "delete the selected model")
    assert delete == ["models", "delete", str(path), "--yes", *root]
    assert command_of(window, qtbot, "study the selected model") == [
        "new",
        "which-quant",
        "--model",
        str(path),
    ]
    palette = palette_of(window, qtbot)
    qtbot.keyClicks(palette.field, "study the selected model")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    page = page_of(window)
    assert isinstance(page, StudiesPage)
    box = page.builder.asked.boxes
    qtbot.waitUntil(lambda: "divergence" in box and box["divergence"].isChecked(), timeout=LONG)
    qtbot.waitUntil(page.builder.start.isEnabled, timeout=LONG)
    first, study, *rest = command_of(window, qtbot, "start the study")
    assert first == "--batch" and Path(study).is_file() and rest == root

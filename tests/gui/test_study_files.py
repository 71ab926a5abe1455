"""Study files in the window, with real clicks: the user's own are only read, and none takes another's place."""

from __future__ import annotations

import shlex
import tomllib
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from lab_app.gui.app import Desktop
from lab_app.gui.builder.builder import Builder
from lab_app.gui.builder.file_view import FileView
from lab_app.gui.context import Notice
from lab_app.gui.main_window import MainWindow
from lab_app.gui.pages.queue import QueuePage
from lab_app.gui.pages.studies import StudiesPage
from lab_app.gui.study.page import StudyPage
from tests.commandline import lab
from tests.gui.conftest import LONG, go, shut
from tests.gui.test_builder import builder_for, press, tick
from tests.gui.test_shell import palette_of
from tests.models import tiny_gguf

OWN = """# What I want to know, in my own words.
schema_version = 1
name = "my own"

[source]
model = "tiny.gguf"  # beside this file

[quantize]
types = ["q8_0"]

[[probe]]
kind = "divergence"
context = 128
chunks = 2  # quick
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A study of the user's, in a folder of the user's."""
    home = tmp_path / "home"
    home.mkdir()
    tiny_gguf(home / "tiny.gguf", context=512)
    (home / "own.toml").write_text(OWN, encoding="utf-8")
    return home / "own.toml"


def choose_in_dialog(path: Path) -> None:
    """Type a path into the file dialog that opens next, and press Enter."""

    def drive() -> None:
        dialog = next((w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog)), None)
        if dialog is None or not dialog.isVisible():
            QTimer.singleShot(50, drive)
            return
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert field is not None
        field.setText(str(path))
        dialog.accept()

    QTimer.singleShot(0, drive)


def open_own(window: MainWindow, qtbot: QtBot, path: Path) -> Builder:
    page = go(window, "studies")
    assert isinstance(page, StudiesPage)
    choose_in_dialog(path)
    qtbot.mouseClick(page.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is not page.list, timeout=LONG)
    builder = page.builder
    qtbot.waitUntil(lambda: bool(builder.asked.boxes) and builder.origin.isVisible(), timeout=LONG)
    qtbot.waitUntil(lambda: bool(builder.types.rows) and builder.start.isEnabled(), timeout=LONG)
    return builder


def shown_file(builder: Builder, qtbot: QtBot) -> FileView:
    qtbot.mouseClick(builder.file_button, Qt.MouseButton.LeftButton)

    def found() -> list[FileView]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, FileView) and w.isVisible()]

    qtbot.waitUntil(lambda: bool(found()), timeout=LONG)
    return found()[0]


def started(window: MainWindow, builder: Builder, qtbot: QtBot) -> None:
    qtbot.waitUntil(builder.start.isEnabled, timeout=LONG)
    qtbot.mouseClick(builder.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.current == "study", timeout=LONG)


def test_looking_at_a_study_file_changes_nothing_of_it(
    desktop: Desktop, window: MainWindow, qtbot: QtBot, own: Path
) -> None:
    builder = open_own(window, qtbot, own)
    view = shown_file(builder, qtbot)
    assert own.read_text(encoding="utf-8") == OWN
    assert view.text.toPlainText() == OWN, "as it is, with its comments"
    assert f"--batch {own} " in view.command.text()
    view.accept()
    assert not (desktop.folders.root / "studies").exists()


def test_a_changed_study_runs_as_a_copy(
    desktop: Desktop, window: MainWindow, qtbot: QtBot, own: Path
) -> None:
    builder = open_own(window, qtbot, own)
    assert str(own) in builder.origin.text()
    tick(builder, qtbot, "Q4_0")
    qtbot.waitUntil(lambda: "copy" in builder.origin.text(), timeout=LONG)
    started(window, builder, qtbot)
    assert own.read_text(encoding="utf-8") == OWN
    assert builder.edited.file == desktop.folders.root / "studies" / "my-own.toml"
    data = tomllib.loads(builder.edited.file.read_text(encoding="utf-8"))
    assert data["quantize"]["types"] == ["Q8_0", "Q4_0"] and data["source"]["model"] == str(
        own.with_name("tiny.gguf")
    )


def test_an_unchanged_study_runs_from_its_own_file(window: MainWindow, qtbot: QtBot, own: Path) -> None:
    builder = open_own(window, qtbot, own)
    started(window, builder, qtbot)
    assert builder.edited.file == own and own.read_text(encoding="utf-8") == OWN


def test_studies_of_one_name_keep_files_of_their_own(
    desktop: Desktop, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    """Two models that are called the same make two studies that are called the same."""
    files = []
    for folder, seed in (("a", 0), ("b", 1)):
        (tmp_path / folder).mkdir()
        model = tiny_gguf(tmp_path / folder / "m-Q4.gguf", context=512, seed=seed)
        builder = builder_for(window, qtbot, model)
        press(builder.asked.boxes["speed"], qtbot)
        started(window, builder, qtbot)
        assert builder.edited.file is not None
        files.append(builder.edited.file)
        assert tomllib.loads(builder.edited.file.read_text())["source"]["model"] == str(model)
    assert files == [desktop.folders.root / "studies" / name for name in ("m-q4.toml", "m-q4-2.toml")]
    assert "/a/" in files[0].read_text() and "/b/" in files[1].read_text()


def test_a_study_used_as_a_start_leaves_the_old_one(
    desktop: Desktop, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    builder = builder_for(window, qtbot, tiny_gguf(tmp_path / "tiny.gguf", context=512))
    press(builder.asked.boxes["speed"], qtbot)
    started(window, builder, qtbot)
    first = builder.edited.file
    assert first is not None
    before = first.read_text()
    page = go(window, "studies")
    assert isinstance(page, StudiesPage)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=LONG)
    page.table.setFocus()
    page.table.selectRow(0)
    qtbot.mouseClick(page.edit_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is not page.list, timeout=LONG)
    qtbot.waitUntil(builder.asked.boxes["speed"].isChecked, timeout=LONG)
    tick(builder, qtbot, "Q8_0")
    started(window, builder, qtbot)
    assert builder.edited.file is not None and builder.edited.file.name == "tiny-2.toml"
    assert first.read_text() == before


def test_a_file_that_is_no_study_is_said_so(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    wrong = tmp_path / "latin.toml"
    wrong.write_bytes('name = "Grüße"\n'.encode("latin-1"))
    page = go(window, "studies")
    assert isinstance(page, StudiesPage)
    choose_in_dialog(wrong)
    qtbot.mouseClick(page.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any("UTF-8" in text for text in window.notices.texts()), timeout=LONG)
    assert page.stack.currentWidget() is page.list


def test_every_copied_command_names_a_file_that_runs_the_same_study(
    desktop: Desktop, window: MainWindow, qtbot: QtBot, own: Path
) -> None:
    builder = open_own(window, qtbot, own)
    started(window, builder, qtbot)
    study = window.stack.currentWidget()
    assert isinstance(study, StudyPage)
    qtbot.waitUntil(study.head.copy.isVisible, timeout=LONG)
    clipboard = QGuiApplication.clipboard()

    def copied() -> list[str]:
        qtbot.waitUntil(lambda: clipboard.text() != "", timeout=LONG)
        words = shlex.split(clipboard.text())
        clipboard.clear()
        assert words[:2] == ["odyssey-lab", "--batch"] and words[3:] == [
            "--data-dir",
            str(desktop.folders.root),
        ]
        return words

    clipboard.clear()
    qtbot.mouseClick(study.head.copy, Qt.MouseButton.LeftButton)
    assert copied()[2] == str(own)
    # The file says something else now; the study that ran is still what the command runs.
    own.write_text(OWN.replace("q8_0", "q4_0"), encoding="utf-8")
    qtbot.mouseClick(study.head.copy, Qt.MouseButton.LeftButton)
    words = copied()
    assert words[2] != str(own) and "Q8_0" in Path(words[2]).read_text(encoding="utf-8")

    # The palette says the same of the queue's "run again".
    desktop.lab.cancel_all()
    qtbot.waitUntil(lambda: not desktop.lab.busy, timeout=LONG)
    queue = go(window, "queue")
    assert isinstance(queue, QueuePage)
    job = next(key for key in study.head.keys if key in desktop.lab.jobs)
    queue.select(job)
    qtbot.waitUntil(queue.buttons["rerun"].isEnabled, timeout=LONG)
    palette = palette_of(window, qtbot)
    qtbot.keyClicks(palette.field, "run the study of the selected job again")
    qtbot.keyClick(palette.field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    again = copied()
    assert again == words
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)

    shut(desktop, qtbot)
    done = lab(*words[1:], "--dry-run", cwd=own.parent)
    assert done.returncode == 0, done.stderr


def test_another_language_keeps_what_is_not_saved_and_what_is_said(
    desktop: Desktop, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    builder = builder_for(window, qtbot, tiny_gguf(tmp_path / "tiny.gguf", context=512))
    tick(builder, qtbot, "Q4_0")
    press(builder.asked.boxes["speed"], qtbot)
    builder.name.selectAll()
    qtbot.keyClicks(builder.name, "half made")
    toml = builder.draft.toml()
    pressed: list[str] = []
    for number in range(2):
        answers = {"Do it": partial(pressed.append, str(number))}
        window.context.notify(Notice(f"n{number}", f"Sentence {number}.", "", "warn", answers))
    go(window, "settings")
    desktop.settings.update(language="zh_CN")
    try:
        again = desktop.window
        assert again is not window and again.current == "settings"
        assert again.notices.texts() == ["Sentence 1.", "Sentence 0."]
        answer = next(b for b in again.notices.findChildren(QPushButton) if b.text() == "Do it")
        qtbot.mouseClick(answer, Qt.MouseButton.LeftButton)
        assert len(pressed) == 1 and len(again.notices.texts()) == 1
        page = go(again, "studies")
        assert isinstance(page, StudiesPage) and page.stack.currentWidget() is page.builder
        assert page.builder.draft.toml() == toml and page.builder.name.text() == "half made"
        qtbot.waitUntil(lambda: bool(page.builder.asked.boxes), timeout=LONG)
        assert page.builder.asked.boxes["speed"].isChecked() and "Q4_0" in page.builder.types.chosen
        qtbot.waitUntil(page.builder.start.isEnabled, timeout=LONG)
    finally:
        desktop.settings.update(language="en")

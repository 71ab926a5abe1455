"""A draft in the builder is not lost without a question, whichever way leads away from it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from lab_app.gui.app import Desktop
from lab_app.gui.builder.builder import Builder
from lab_app.gui.main_window import MainWindow
from lab_app.gui.pages.start import StartPage
from lab_app.gui.pages.studies import StudiesPage
from tests.gui.accessibility import problems
from tests.gui.conftest import LONG, activate, drop, go
from tests.gui.test_builder import builder_for, press, tick
from tests.gui.test_study_files import choose_in_dialog, own, started  # noqa: F401 - a fixture
from tests.models import tiny_gguf


def questions() -> list[QMessageBox]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]


def question(qtbot: QtBot) -> QMessageBox:
    qtbot.waitUntil(lambda: len(questions()) == 1, timeout=LONG)
    return questions()[0]


def answer(qtbot: QtBot, text: str) -> None:
    box = question(qtbot)
    qtbot.mouseClick(next(b for b in box.buttons() if b.text() == text), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not questions(), timeout=LONG)


def studies(window: MainWindow) -> StudiesPage:
    page = go(window, "studies")
    assert isinstance(page, StudiesPage)
    return page


@pytest.fixture
def edited(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> Builder:
    """A draft of a model, with a type and a question chosen."""
    builder = builder_for(window, qtbot, tiny_gguf(tmp_path / "tiny.gguf", context=512))
    assert not builder.changed, "as it was begun"
    tick(builder, qtbot, "Q8_0")
    press(builder.asked.boxes["speed"], qtbot)
    return builder


def by_key(window: MainWindow, qtbot: QtBot, key: Qt.Key) -> None:
    activate(window)
    qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)


def by_new(window: MainWindow, qtbot: QtBot, own: Path) -> None:  # noqa: F811
    by_key(window, qtbot, Qt.Key.Key_N)


def by_card(window: MainWindow, qtbot: QtBot, own: Path) -> None:  # noqa: F811
    start = go(window, "start")
    assert isinstance(start, StartPage)
    qtbot.mouseClick(start.cards["which-quant"], Qt.MouseButton.LeftButton)


def by_file(window: MainWindow, qtbot: QtBot, own: Path) -> None:  # noqa: F811
    choose_in_dialog(own)
    by_key(window, qtbot, Qt.Key.Key_O)


def by_drop(window: MainWindow, qtbot: QtBot, own: Path) -> None:  # noqa: F811
    page = studies(window)
    assert drop(page, QUrl.fromLocalFile(str(own.with_name("tiny.gguf"))), QUrl.fromLocalFile(str(own)))


def by_model(window: MainWindow, qtbot: QtBot, own: Path) -> None:  # noqa: F811
    window.navigate("studies", {"template": "which-quant", "model": str(own.with_name("tiny.gguf"))})


Way = Callable[[MainWindow, QtBot, Path], None]


@pytest.mark.parametrize("way", [by_new, by_card, by_file, by_drop, by_model])
def test_another_study_takes_the_place_of_an_edited_one_only_when_asked(
    way: Way, window: MainWindow, qtbot: QtBot, edited: Builder, own: Path  # noqa: F811
) -> None:  # fmt: skip
    before = edited.draft.toml()
    way(window, qtbot, own)
    box = question(qtbot)
    assert "tiny" in box.text() and not problems(box)
    assert "the quant types" in box.informativeText() and "the questions" in box.informativeText()
    assert "the model" not in box.informativeText(), "it is the one the study was begun with"
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not questions(), timeout=LONG)
    assert edited.draft.toml() == before and edited.changed and edited.isVisible()
    way(window, qtbot, own)
    answer(qtbot, "Discard")
    qtbot.waitUntil(lambda: edited.draft.toml() != before, timeout=LONG)
    assert not edited.changed


def test_saved_first_it_lies_in_a_file_of_its_own(
    window: MainWindow, qtbot: QtBot, edited: Builder, own: Path, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    text = edited.draft.toml()
    by_file(window, qtbot, own)
    choose_in_dialog(tmp_path / "kept.toml")
    answer(qtbot, "Save…")
    qtbot.waitUntil(lambda: edited.edited.opened.origin == own, timeout=LONG)
    assert (tmp_path / "kept.toml").read_text(encoding="utf-8") == text


def test_a_place_that_cannot_be_written_keeps_the_draft(
    window: MainWindow, qtbot: QtBot, edited: Builder, own: Path, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    (tmp_path / "none").write_text("a file where a folder is needed")
    text = edited.draft.toml()
    by_model(window, qtbot, own)
    choose_in_dialog(tmp_path / "none" / "kept.toml")
    answer(qtbot, "Save…")
    qtbot.waitUntil(lambda: any("kept.toml" in said for said in window.notices.texts()), timeout=LONG)
    assert edited.draft.toml() == text and edited.changed


def test_what_is_not_changed_or_has_a_file_is_left_without_a_question(
    window: MainWindow, qtbot: QtBot, own: Path  # noqa: F811
) -> None:  # fmt: skip
    page = studies(window)
    for template in ("which-quant", "context-length", "compare-two"):
        window.navigate("studies", {"template": template})
        qtbot.waitUntil(lambda: page.stack.currentWidget() is not page.list, timeout=LONG)
        qtbot.waitUntil(lambda: bool(page.builder.summary.text()), timeout=LONG)
        assert not page.builder.changed, template
        back(page, qtbot)
        assert not questions() and page.stack.currentWidget() is page.list
    builder = builder_for(window, qtbot, own.with_name("tiny.gguf"))
    press(builder.asked.boxes["speed"], qtbot)
    started(window, builder, qtbot)
    begun = builder.draft.toml()
    by_model(window, qtbot, own)
    qtbot.waitUntil(lambda: builder.draft.toml() != begun, timeout=LONG)
    assert not questions()


def back(page: StudiesPage, qtbot: QtBot) -> None:
    found = next(b for b in page.builder.findChildren(QPushButton) if b.text() == "Back")
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def test_back_asks(window: MainWindow, qtbot: QtBot, edited: Builder) -> None:
    page = studies(window)
    back(page, qtbot)
    answer(qtbot, "Cancel")
    assert edited.isVisible()
    back(page, qtbot)
    answer(qtbot, "Discard")
    assert page.stack.currentWidget() is page.list


def test_closing_the_window_asks(window: MainWindow, qtbot: QtBot, edited: Builder) -> None:
    go(window, "queue")
    window.close()
    answer(qtbot, "Cancel")
    assert window.isVisible() and edited.isVisible(), "and what would be lost is shown"
    window.close()
    with qtbot.waitSignal(window.closing.finished, timeout=LONG):
        answer(qtbot, "Discard")


def test_a_half_written_override_is_asked_about(
    window: MainWindow, qtbot: QtBot, own: Path  # noqa: F811
) -> None:  # fmt: skip
    builder = builder_for(window, qtbot, own.with_name("tiny.gguf"))
    qtbot.mouseClick(builder.more_button, Qt.MouseButton.LeftButton)
    builder.more.overrides.setFocus()
    qtbot.keyClicks(builder.more.overrides, "blk\\.0")
    by_new(window, qtbot, own)
    assert "override" in question(qtbot).informativeText()
    answer(qtbot, "Cancel")
    assert builder.more.overrides.toPlainText() == "blk\\.0"


def test_another_language_forgets_neither_the_draft_nor_that_it_is_unsaved(
    desktop: Desktop, qtbot: QtBot, edited: Builder
) -> None:
    before = edited.draft.toml()
    desktop.settings.update(language="pseudo")
    page = desktop.window.stack.currentWidget()
    assert isinstance(page, StudiesPage) and page.builder is not edited
    assert page.builder.draft.toml() == before and page.builder.changed
    assert tomllib.loads(page.builder.edited.saved)["source"] == tomllib.loads(before)["source"]

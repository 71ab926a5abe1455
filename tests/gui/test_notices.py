"""Errors at the top of the window go when they are no longer true."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from lab_app.gui import background
from lab_app.gui.app import Desktop
from lab_app.gui.pages.settings import SettingsPage
from lab_app.gui.pages.studies import StudiesPage
from lab_app.system import settings
from lab_app.system.errors import UsageError
from lab_app.system.paths import Folders
from tests.gui.conftest import LONG, OpenDesktop, go

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

"""The settings page: each choice is kept, and the token is shown nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import keyring
import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from lab_app.gui import background, state, theme
from lab_app.gui.app import Desktop
from lab_app.gui.settings_cards.limits import Decimal
from lab_app.system import secrets, settings
from lab_app.system.errors import IntegrityError, UsageError
from lab_app.system.paths import Folders
from lab_app.system.settings import Settings
from tests.gui.conftest import LONG, OpenDesktop, go, page_of, shut
from tests.hub.test_token import Memory

CANARY = "hf_CanaryThatMustNotSing0123456789"


def stored(folders: Folders) -> Settings:
    background.wait_for_all(LONG)
    return settings.load(folders)


def everything_shown(root: QWidget) -> str:
    texts = [label.text() for label in root.findChildren(QLabel)]
    texts += [field.displayText() for field in root.findChildren(QLineEdit)]
    texts += [
        w.toolTip() + w.accessibleName() + w.accessibleDescription() for w in root.findChildren(QWidget)
    ]
    return "\n".join(texts)


def test_theme_changes_live_and_is_kept(open_desktop: OpenDesktop, qtbot: QtBot) -> None:
    desktop = open_desktop()
    page = go(desktop.window, "settings")
    field = page.appearance.theme
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_End)
    field.activated.emit(field.currentIndex())
    assert theme.keeper().theme.dark
    assert stored(desktop.folders).theme == "dark"
    shut(desktop, qtbot)
    again = open_desktop()
    assert theme.keeper().theme.dark
    again.settings.update(theme="light")
    assert not theme.keeper().theme.dark


def test_limits_are_kept_and_handed_on(desktop: Desktop, qtbot: QtBot) -> None:
    page = go(desktop.window, "settings")
    page.limits.memory.setValue(6.5)
    page.limits.bandwidth.setValue(2.0)
    qtbot.mouseClick(page.limits.offline, Qt.MouseButton.LeftButton, pos=page.limits.offline.rect().center())
    value = stored(desktop.folders)
    assert (value.memory_limit, value.bandwidth, value.offline) == (int(6.5 * 2**30), 2_000_000, True)
    assert desktop.lab.desk is not None and desktop.lab.desk.memory_limit == value.memory_limit


def test_a_small_limit_is_not_shown_as_none(desktop: Desktop) -> None:
    page = go(desktop.window, "settings")
    field = page.limits.bandwidth
    for value, shown in (
        (40_000, "0.0400 MB/s"),
        (7, "0.0001 MB/s"),
        (0, "no limit"),
        (2_500_000, "2.5 MB/s"),
    ):
        desktop.settings.update(bandwidth=value)
        assert field.text() == shown and desktop.settings.value.bandwidth == value
    desktop.settings.update(bandwidth=40_000)
    field.setValue(3.0)
    assert desktop.settings.value.bandwidth == 3_000_000 and field.text() == "3.0 MB/s"


@pytest.mark.parametrize("language", ["en", "zh_CN", "de"])
@pytest.mark.parametrize("typed", ["1.5", "1,5"])
def test_a_comma_begins_decimals_as_a_point_does(language: str, typed: str, qtbot: QtBot) -> None:
    field = Decimal(suffix=" GiB, at most", decimals=1)
    field.setLocale(QLocale(language))
    qtbot.addWidget(field)
    field.selectAll()
    qtbot.keyClicks(field, typed)
    assert field.value() == 1.5
    field.setValue(0.0)
    field.lineEdit().selectAll()
    field.lineEdit().insert(typed)
    field.interpretText()
    assert field.value() == 1.5


def test_folders_come_and_go_and_come_back(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    card = go(desktop.window, "settings").folders
    assert not card.take.isEnabled()
    card.add(str(tmp_path))
    card.add(str(tmp_path))
    assert stored(desktop.folders).model_folders == (str(tmp_path),)
    card.list.setFocus()
    card.list.setCurrentRow(0)
    qtbot.mouseClick(card.take, Qt.MouseButton.LeftButton)
    assert stored(desktop.folders).model_folders == ()
    assert "Its files stay" in desktop.window.notices.texts()[0]
    undo = next(b for b in desktop.window.notices.findChildren(QPushButton) if b.text() == "Undo")
    undo.click()
    assert stored(desktop.folders).model_folders == (str(tmp_path),)


def test_each_removed_folder_can_be_had_back_and_nothing_else_changes(desktop: Desktop, qtbot: QtBot) -> None:
    card = go(desktop.window, "settings").folders
    notices = desktop.window.notices
    for folder in ("/a", "/b", "/c"):
        card.add(folder)
    for _ in range(2):  # /a, then /b
        card.list.setCurrentRow(0)
        qtbot.mouseClick(card.take, Qt.MouseButton.LeftButton)
    card.add("/d")
    assert [text.split()[0] for text in notices.texts()] == ["/b", "/a"]
    card.add("/a")
    assert [text.split()[0] for text in notices.texts()] == ["/b"], "what is said of /a is not true any more"
    undo = next(b for b in notices.findChildren(QPushButton) if b.text() == "Undo" and b.isVisible())
    undo.click()
    assert desktop.settings.value.model_folders == ("/b", "/c", "/d", "/a")
    assert notices.texts() == []


def test_a_token_is_kept_and_never_shown(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Memory()
    monkeypatch.setattr(keyring.core, "_keyring_backend", ring)
    page = go(desktop.window, "settings")
    qtbot.waitUntil(lambda: page.token.status.text() == "No token.", timeout=LONG)
    qtbot.keyClicks(page.token.field, CANARY)
    assert CANARY not in everything_shown(desktop.window)
    qtbot.keyClick(page.token.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.token.status.text() == "A token is kept in the keyring.", timeout=LONG)
    assert list(ring.kept.values()) == [CANARY]
    assert CANARY not in everything_shown(desktop.window)
    page.export_to(str(desktop.folders.root / "out.json"))
    background.wait_for_all(LONG)
    for file in desktop.folders.root.rglob("*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes(), file
    qtbot.mouseClick(page.token.drop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.token.status.text() == "No token.", timeout=LONG)
    assert ring.kept == {}


def test_without_a_keyring_the_user_is_asked_where(desktop: Desktop, qtbot: QtBot) -> None:
    page = go(desktop.window, "settings")
    qtbot.keyClicks(page.token.field, CANARY)
    qtbot.mouseClick(page.token.save, Qt.MouseButton.LeftButton)
    notices = desktop.window.notices
    qtbot.waitUntil(lambda: any("no keyring" in text for text in notices.texts()), timeout=LONG)
    assert CANARY not in everything_shown(desktop.window)
    button = next(b for b in notices.findChildren(QPushButton) if b.text() == "Use until the program ends")
    button.click()
    qtbot.waitUntil(lambda: "until the program ends" in page.token.status.text(), timeout=LONG)
    assert not secrets.token_file().exists()
    secrets.forget()


def test_where_the_token_is_kept_may_be_answered_in_another_language(desktop: Desktop, qtbot: QtBot) -> None:
    page = go(desktop.window, "settings")
    qtbot.keyClicks(page.token.field, CANARY)
    qtbot.mouseClick(page.token.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any("no keyring" in t for t in desktop.window.notices.texts()), timeout=LONG)
    before = desktop.window
    desktop.settings.update(language="zh_CN")
    try:
        qtbot.waitUntil(lambda: not isValid(before), timeout=LONG)
        notices, page = desktop.window.notices, page_of(desktop.window)
        button = next(
            b for b in notices.findChildren(QPushButton) if b.text() == "Use until the program ends"
        )
        button.click()
        qtbot.waitUntil(lambda: page.token.status.text() == "令牌使用到程序结束为止。", timeout=LONG)
        assert page.token.drop.isEnabled()
    finally:
        secrets.forget()
        desktop.settings.update(language="en")


def test_this_machine_is_looked_at_in_the_background(
    desktop: Desktop, qtbot: QtBot, native_dir: Path
) -> None:
    card = go(desktop.window, "settings").machine
    assert not card.again.isEnabled(), "it looks already"
    qtbot.waitUntil(lambda: bool(card.checks), timeout=2 * LONG)
    names = [check.name for check in card.checks]
    assert {"native engine", "worker and devices", "memory", "disk"} <= set(names)
    shown = everything_shown(card)
    assert all(f"{check.name}: {check.message}" in shown for check in card.checks)
    qtbot.mouseClick(card.copy, Qt.MouseButton.LeftButton)
    assert "native engine" in QGuiApplication.clipboard().text()


def test_export_and_import(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    page = go(desktop.window, "settings")
    desktop.settings.update(bandwidth=5_000_000, theme="light")
    file = tmp_path / "out.json"
    page.export_to(str(file))
    background.wait_for_all(LONG)
    desktop.settings.update(bandwidth=0)
    page.import_from(str(file))
    qtbot.waitUntil(lambda: desktop.settings.value.bandwidth == 5_000_000, timeout=LONG)
    assert page.limits.bandwidth.value() == 5.0
    undo = next(b for b in desktop.window.notices.findChildren(QPushButton) if b.text() == "Undo")
    undo.click()
    assert desktop.settings.value.bandwidth == 0
    (tmp_path / "bad.json").write_text('{"theme": "pink"}')
    page.import_from(str(tmp_path / "bad.json"))
    qtbot.waitUntil(lambda: any("pink" in text for text in desktop.window.notices.texts()), timeout=LONG)
    before = desktop.settings.value
    for foreign in ("package.json", "nothing.json"):  # of another program, and a file that is gone
        if foreign == "package.json":
            (tmp_path / foreign).write_text('{"name": "other", "version": 1}')
        page.import_from(str(tmp_path / foreign))
        qtbot.waitUntil(
            lambda name=foreign: any(name in t for t in desktop.window.notices.texts()), timeout=LONG
        )  # type: ignore[misc]
        assert desktop.settings.value == before, "nothing of it is in use"
        assert not any(foreign in t and "in use" in t for t in desktop.window.notices.texts())


def test_settings_of_another_language_are_taken_back(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    page = go(desktop.window, "settings")
    (tmp_path / "other.json").write_text('{"language": "zh_CN", "bandwidth": 3000000}')
    page.import_from(str(tmp_path / "other.json"))
    try:
        qtbot.waitUntil(lambda: desktop.settings.value.language == "zh_CN", timeout=LONG)
        assert any("other.json" in text for text in desktop.window.notices.texts())
        undo = next(b for b in desktop.window.notices.findChildren(QPushButton) if b.text() == "Undo")
        undo.click()
        assert (desktop.settings.value.language, desktop.settings.value.bandwidth) == ("", 0)
    finally:
        desktop.settings.update(language="en")


def test_damaged_settings_are_said_and_replaced_by_the_next_choice(
    open_desktop: OpenDesktop, folders: Folders, qtbot: QtBot
) -> None:
    settings.path(folders).write_text("{not json")
    desktop = open_desktop()
    assert "damaged" in desktop.window.notices.texts()[0]
    desktop.settings.update(theme="light", bandwidth=7)
    assert stored(folders).bandwidth == 7


def test_the_last_choice_is_kept_in_whatever_order_choices_are_written(
    folders: Folders, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Callable[[], None]] = []
    monkeypatch.setattr(state, "background", lambda call, done: calls.append(call))
    keeper = state.SettingsKeeper(folders)
    keeper.update(bandwidth=7, reserve=3)
    keeper.update(bandwidth=8)
    for call in reversed(calls):
        call()
    assert (settings.load(folders).bandwidth, settings.load(folders).reserve) == (8, 3)


@pytest.mark.parametrize(
    "text", ["[]", '{"theme": 3}', '{"bandwidth": -1}', '{"model_folders": "x"}', "\ufffd{"]
)
def test_settings_that_are_none(text: str, folders: Folders) -> None:
    settings.path(folders).write_text(text, encoding="utf-8")
    with pytest.raises(IntegrityError, match="damaged"):
        settings.load(folders)


def test_settings_of_a_newer_version_are_kept(folders: Folders) -> None:
    settings.path(folders).write_text('{"theme": "dark", "sound": "off"}')
    settings.change(folders, lambda value: value.changed(reserve=5))
    data = json.loads(settings.path(folders).read_text())
    assert (data["theme"], data["sound"], data["reserve"]) == ("dark", "off", 5)
    with pytest.raises(UsageError, match="theme"):
        settings.load(folders).changed(theme="pink")

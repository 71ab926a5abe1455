"""Pages are made inside the window: no part of them is shown as a window of its own first, which would flash over
the desktop and take the keyboard away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication, QTabWidget
from pytestqt.qtbot import QtBot

from lab_app.gui import pages
from lab_app.gui.main_window import MainWindow
from lab_app.system.paths import Folders
from tests.gui.conftest import LONG, OpenDesktop, go, page_of
from tests.gui.study.test_study_page import finished, opened
from tests.gui.test_builder import builder_for
from tests.models import tiny_gguf


class Shown(QObject):
    """The names of the windows shown since it was made."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWindow):
            self.names.append(watched.objectName())
        return False


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[Shown]:
    shown = Shown()
    qapp.installEventFilter(shown)
    yield shown
    qapp.removeEventFilter(shown)


def turn_all(window: MainWindow, qtbot: QtBot) -> None:
    """Look at every tab of the page that is open."""
    for tabs in page_of(window).findChildren(QTabWidget):
        for index in range(tabs.count()):
            tabs.setCurrentIndex(index)
            qtbot.wait(20)


@pytest.mark.usefixtures("no_other_models")
def test_pages_are_made_inside_the_window(
    shown: Shown, open_desktop: OpenDesktop, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_desktop().window
    for entry in pages.entries():
        window.navigate(entry.id, {})
        turn_all(window, qtbot)
    (tmp_path / "mine").mkdir()
    path = tiny_gguf(tmp_path / "mine" / "tiny.gguf", context=512)
    models = go(window, "models")
    models.adding.add_folder(path.parent)
    qtbot.waitUntil(lambda: any(item.row.name == "tiny" for item in models.model.rows), timeout=LONG)
    models.table.selectRow(0)
    qtbot.waitUntil(lambda: models.inspector.memory is not None, timeout=LONG)
    turn_all(window, qtbot)
    builder_for(window, qtbot, path)
    assert shown.names == ["MainWindowClassWindow"]


def test_a_study_and_its_figures_are_made_inside_the_window(
    shown: Shown, open_desktop: OpenDesktop, qtbot: QtBot, folders: Folders
) -> None:
    built = finished(folders.root)
    built.data()
    built.store.close()
    desktop = open_desktop()
    page = opened(desktop, qtbot, "test-0123456789")
    qtbot.waitUntil(lambda: bool(page.figures), timeout=LONG)
    turn_all(desktop.window, qtbot)
    assert page.figures
    assert shown.names == ["MainWindowClassWindow"]

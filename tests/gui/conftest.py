"""The real window without a screen, over the real runner with the toy jobs of ``tests/jobs``."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# The screen of Qt's "offscreen" platform is 800 × 800 where no file says otherwise: too small for the window.
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={Path(__file__).with_name('screen.json')}")

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from lab_app.gui import background
from lab_app.gui.app import Desktop, application
from lab_app.gui.bridge import Lab
from lab_app.gui.builder.builder import Builder
from lab_app.gui.main_window import MainWindow
from lab_app.gui.pages import Page
from lab_app.gui.pages.models import ModelsPage
from lab_app.gui.pages.studies import StudiesPage
from lab_app.jobs.job import Job
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.studies.draft import Draft, suggested_name
from lab_app.studies.edited import Edited
from lab_app.studies.files import Opened
from lab_app.system.paths import Folders
from tests.hub.conftest import hub  # noqa: F401 - a fixture of the tests here, too

TOYS = str(Path(__file__).parents[1] / "jobs")
LONG = 60_000
"""Milliseconds until a wait gives up; machines may be slow and busy."""


@pytest.fixture(scope="package", autouse=True)
def collector_back_on() -> Iterator[None]:
    """The application collects cycles in its own thread; other rooms' tests have no event loop that would."""
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return application()


@pytest.fixture(autouse=True)
def no_keyring_but_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test looks into the keyring or the data folder of whoever runs it."""
    monkeypatch.setenv("ODYSSEY_LAB_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    import keyring
    from keyring.backends import fail

    monkeypatch.setattr(keyring.core, "_keyring_backend", fail.Keyring())


OpenDesktop = Callable[[], Desktop]


@pytest.fixture
def open_desktop(qapp: QApplication, qtbot: QtBot, folders: Folders) -> Iterator[OpenDesktop]:
    """Opens the window on this test's data folder; call :func:`shut` before opening it again."""
    made: list[Desktop] = []

    def make() -> Desktop:
        desktop = Desktop(qapp, folders, Lab(folders, import_paths=[TOYS]))
        made.append(desktop)
        desktop.open()
        qtbot.waitUntil(lambda: desktop.lab.is_open, timeout=LONG)
        qtbot.waitExposed(desktop.window, timeout=LONG)
        assert QTest.qWaitForWindowActive(desktop.window, LONG)  # a window manager takes its time
        return desktop

    yield make
    for desktop in made:
        shut(desktop, qtbot)


def shut(desktop: Desktop, qtbot: QtBot) -> None:
    """End a desktop as the program's end does, whatever still runs."""
    if not isValid(desktop.window):
        return
    if desktop.lab.is_open:
        with qtbot.waitSignal(desktop.lab.closed, timeout=LONG):
            if desktop.lab.runner is not None and desktop.lab.busy:
                desktop.lab.runner.stop(kill=True)
            desktop.lab.close()
    background.wait_for_all(LONG)
    desktop.state.flush()
    desktop.window.hide()
    desktop.window.deleteLater()
    qtbot.waitUntil(lambda: not isValid(desktop.window), timeout=LONG)


@pytest.fixture
def desktop(open_desktop: OpenDesktop) -> Desktop:
    return open_desktop()


@pytest.fixture
def window(desktop: Desktop) -> MainWindow:
    return desktop.window


@pytest.fixture
def no_other_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only what the test puts there."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("OLLAMA_MODELS", str(tmp_path / "ollama"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ODYSSEY_LAB_DEMO_MODEL", raising=False)


@pytest.fixture
def models_page(no_other_models: None, window: MainWindow) -> ModelsPage:
    window.navigate("models", {})
    found = window.stack.currentWidget()
    assert isinstance(found, ModelsPage)
    return found


def activate(window: QWidget) -> None:
    """Give a window the keyboard; without a window manager nobody does it after a dialog."""
    for _ in range(LONG // 100):
        window.activateWindow()
        if QTest.qWaitForWindowActive(window, 100):
            return
    raise AssertionError("the window does not become active")


def drop(on: QWidget, *urls: QUrl) -> bool:
    """Drag over the middle of a part of a window and let go, as the window system tells of it; False where nothing
    takes it."""
    data = QMimeData()
    data.setUrls(list(urls))
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window = on.window()
    assert window.acceptDrops(), "or the window system would not even ask"
    at = on.mapTo(window, on.rect().center())
    entering = QDragEnterEvent(at, *how)
    entering.ignore()
    QApplication.sendEvent(window.windowHandle(), entering)
    if entering.isAccepted():
        QApplication.sendEvent(window.windowHandle(), QDropEvent(QPointF(at), *how))
    return entering.isAccepted()


def go(window: MainWindow, name: str) -> Any:
    """Open a page by its button on the rail. Returns it; each has parts of its own."""
    window.rail.buttons[name].click()
    assert window.current == name
    page = page_of(window)
    assert isinstance(page, Page)
    return page


def page_of(window: MainWindow) -> Any:
    """The page that is open."""
    return window.stack.currentWidget()


def build(window: MainWindow, model: Path | str) -> Builder:
    """The builder, on a study of nothing but a model."""
    page = go(window, "studies")
    assert isinstance(page, StudiesPage)
    draft = Draft({"name": suggested_name(str(model)), "source": {"model": str(model)}})
    page.restore({"edited": Edited(Opened(draft), named=False)})
    return page.builder


class StoreFault:
    """A method of the store that raises ``error`` while it is ``on``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, method: str, error: Exception, on: bool) -> None:
        self.on = on
        real = getattr(Store, method)

        def call(store: Store, *values: object) -> object:
            if self.on:
                raise error
            return real(store, *values)

        monkeypatch.setattr(Store, method, call)


def submit(desktop: Desktop, qtbot: QtBot, *jobs: Job) -> None:
    """Queue jobs and wait until the window knows them."""
    desktop.lab.submit(jobs)
    qtbot.waitUntil(lambda: all(job.key in desktop.lab.jobs for job in jobs), timeout=LONG)


def until(desktop: Desktop, qtbot: QtBot, job: Job, *states: JobState) -> None:
    """Wait until a job is in one of ``states``."""
    qtbot.waitUntil(lambda: desktop.lab.jobs[job.key].state in states, timeout=LONG)


def slow(title: str = "slow", count: int = 100_000) -> Job:
    """A job that measures on and on until it is cancelled."""
    return Job("toys:measure", {"count": count, "pause": 0.02, "title": title}, title=title)


def held(gate: Path, title: str = "held", count: int = 100) -> Job:
    """A job that measures half of its samples and waits for the file ``gate`` before the others."""
    return Job("toys:measure", {"count": count, "gate": str(gate), "title": title}, title=title)


def quick(title: str = "quick", count: int = 5) -> Job:
    return Job("toys:measure", {"count": count, "title": title}, title=title)

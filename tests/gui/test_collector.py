"""Cycles with Qt objects in them die in the GUI thread, whichever thread allocates."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lab_app.gui.collector import Collector, set_aside
from tests.gui.conftest import LONG


class Ring(QObject):
    """Holds itself; tells the thread in which it is freed."""

    freed: list[int] = []  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.me = self

    def __del__(self) -> None:
        Ring.freed.append(threading.get_ident())


def test_cycles_are_freed_in_the_gui_thread(qapp: QApplication, qtbot: QtBot) -> None:
    assert not gc.isenabled()
    Ring.freed.clear()
    for _ in range(50):
        Ring()
    other = threading.Thread(target=lambda: [[[]] for _ in range(200_000)])
    other.start()
    other.join()
    assert not Ring.freed, "another thread's allocations collect nothing"
    kept: list[object] = []

    def allocate() -> bool:
        kept.extend([[]] for _ in range(2000))
        return len(Ring.freed) == 50

    qtbot.waitUntil(allocate, timeout=LONG)
    assert set(Ring.freed) == {threading.get_ident()}


def test_what_is_set_aside_is_looked_at_when_nobody_looks_at_the_window(
    qapp: QApplication, qtbot: QtBot
) -> None:
    collector = qapp.findChild(Collector)
    assert isinstance(collector, Collector)
    Ring.freed.clear()
    ring = Ring()
    set_aside()
    del ring
    gc.collect()
    assert not Ring.freed, "a full collection leaves it out"
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert not Ring.freed, "not from inside of what Qt is doing"
    qtbot.waitUntil(lambda: len(Ring.freed) == 1, timeout=LONG)


def test_no_full_collection_while_samples_stream(qapp: QApplication, qtbot: QtBot) -> None:
    collector = qapp.findChild(Collector)
    assert isinstance(collector, Collector)
    seen: list[int] = []

    def note(phase: str, about: dict[str, int]) -> None:
        if phase == "start":
            seen.append(about["generation"])

    before, streaming = gc.get_threshold(), True
    quiet, collector.quiet = collector.quiet, lambda: not streaming
    collector._whole = 0.0  # what was set aside is due, too
    gc.set_threshold(1, 1, 1)
    gc.callbacks.append(note)
    kept: list[object] = []

    def due(generation: int) -> bool:
        kept.append([[] for _ in range(100)])
        return seen.count(generation) > 3

    try:
        qtbot.waitUntil(lambda: due(1), timeout=LONG)
        assert 2 not in seen and gc.get_count()[2] > 1
        streaming = False
        qtbot.waitUntil(lambda: bool(due(1)) and 2 in seen, timeout=LONG)
    finally:
        gc.callbacks.remove(note)
        gc.set_threshold(*before)
        collector.quiet = quiet

"""Scrolling a page changes no value on it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from lab_app.gui import pages
from lab_app.gui.main_window import MainWindow
from tests.gui.conftest import LONG
from tests.gui.test_builder import builder_for
from tests.models import tiny_gguf


def turn(widget: QWidget, steps: int) -> None:
    """Turn the wheel over a widget, as the system says it to the window."""
    window = widget.window()
    place = QPointF(widget.mapTo(window, widget.rect().center()))
    handle = window.windowHandle()
    assert handle is not None
    QTest.wheelEvent(handle, place, QPoint(0, 120 * steps))
    QApplication.processEvents()


def value(widget: QWidget) -> str:
    return widget.currentText() if isinstance(widget, QComboBox) else widget.property("text")


def test_the_wheel_over_a_box_without_focus_scrolls(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    builder = builder_for(window, qtbot, tiny_gguf(tmp_path / "tiny.gguf"))
    builder.more_button.click()
    for entry in pages.entries():
        window.page(entry)
    boxes = [w for w in window.findChildren(QWidget) if isinstance(w, QComboBox | QAbstractSpinBox)]
    assert len(boxes) > 15
    wheel = Qt.FocusPolicy.WheelFocus
    assert [box.accessibleName() for box in boxes if box.focusPolicy() == wheel] == []

    tried = 0
    bar = builder.view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0, timeout=LONG)
    for box in boxes:
        if not builder.isAncestorOf(box):
            continue
        builder.file_button.setFocus()
        builder.view.ensureWidgetVisible(box)
        before, scrolled = value(box), bar.value()
        for steps in (-1, 1):
            turn(box, steps)
            assert value(box) == before and not box.hasFocus(), box.accessibleName()
            tried += bar.value() != scrolled
    assert tried > 10, "the page is scrolled instead"

    # With the focus it is the box's.
    box = builder.more.threads
    builder.view.ensureWidgetVisible(box)
    box.setFocus()
    turn(box, 1)
    assert box.value() == 1

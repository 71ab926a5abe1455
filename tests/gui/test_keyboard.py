"""Where the keyboard is: the order of Tab, and what has it after a page, a question, a row or a window has gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QMenu, QMessageBox, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from lab_app.gui.app import Desktop
from lab_app.gui.main_window import MainWindow
from lab_app.gui.pages.models import ModelsPage
from lab_app.jobs.states import JobState
from lab_app.system.paths import Folders
from tests.gui.conftest import LONG, OpenDesktop, activate, build, go, page_of, slow, submit, until
from tests.gui.study.test_study_page import finished
from tests.models import tiny_gguf

CONTROL = Qt.KeyboardModifier.ControlModifier


def walk(window: MainWindow, start: QWidget) -> list[QWidget]:
    """What has the keyboard, one press of Tab after another, until it is back at the start."""
    activate(window)
    start.setFocus()
    seen: list[QWidget] = []
    while (here := QApplication.focusWidget()) not in seen:
        assert here is not None and here.isVisible()
        seen.append(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)
    assert here is start
    return seen


def among(order: list[QWidget], *parts: QWidget) -> list[int]:
    return [order.index(part) for part in parts]


def test_tab_goes_from_the_rail_through_the_page_to_the_strip(window: MainWindow) -> None:
    rail = list(window.rail.buttons.values())
    page = go(window, "start")
    order = walk(window, rail[0])
    assert order == [*rail, *page.cards.values(), window.strip.more]
    QTest.keyClick(rail[0], Qt.Key.Key_Backtab)
    assert window.strip.more.hasFocus()


def test_tab_reads_the_builder_from_top_to_bottom(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    """Its questions come when a model is known, after its foot was made."""
    builder = build(window, tiny_gguf(tmp_path / "tiny.gguf", context=512))
    qtbot.waitUntil(lambda: sum(box.isVisible() for box in builder.asked.boxes.values()) >= 4, timeout=LONG)
    order = walk(window, builder.name)
    asked = [box for box in order if isinstance(box, QCheckBox) and box.parentWidget() is builder.asked]
    assert len(asked) >= 4
    parts = [builder.source.choice, builder.quants.table, *asked, builder.more_button, builder.file_button]
    assert among(order, *parts) == sorted(among(order, *parts))
    assert order.index(builder.file_button) < order.index(window.strip.more)


def test_tab_reads_the_log_from_its_head(desktop: Desktop, qtbot: QtBot) -> None:
    job = slow()
    submit(desktop, qtbot, job)
    until(desktop, qtbot, job, JobState.RUNNING)
    page = go(desktop.window, "queue")
    qtbot.waitUntil(lambda: page.current() is not None, timeout=LONG)
    log = page.details.log
    order = walk(desktop.window, page.table)
    at = among(
        order, page.group, page.buttons["pause"], page.table, log.level, log.search, log.copy_button, log.list
    )
    assert at[3:] == [1, 2, 3, 4]
    assert at[:2] == sorted(at[:2])


@pytest.mark.usefixtures("no_other_models")
def test_what_tab_comes_to_is_scrolled_into_view(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    tiny_gguf(tmp_path / "mine" / "tiny.gguf")
    page: ModelsPage = go(window, "models")
    page.adding.add_folder(tmp_path / "mine")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=LONG)
    page.table.selectRow(0)
    qtbot.waitUntil(lambda: page.inspector.memory is not None, timeout=LONG)
    window.resize(window.minimumSize())
    assert page.inspector.memory is not None
    plot = page.inspector.memory.canvas
    qtbot.waitUntil(plot.isVisible, timeout=LONG)
    area = plot.parentWidget()
    while not isinstance(area, QScrollArea):
        area = area.parentWidget()
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0, timeout=LONG)
    assert plot in walk(window, page.filter)
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Backtab)
    here = QApplication.focusWidget()
    area.verticalScrollBar().setValue(0)
    assert here is not None
    QTest.keyClick(here, Qt.Key.Key_Tab)
    assert plot.hasFocus()
    box = QRect(plot.mapTo(area.viewport(), QPoint()), plot.size())
    assert area.viewport().rect().contains(box), box


def test_a_page_opened_by_a_key_has_the_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    activate(window)
    for entry, key in zip(window.rail.buttons, "12345", strict=False):
        window.rail.buttons["start"].setFocus()
        qtbot.keyClick(window.rail.buttons["start"], key, CONTROL)
        assert window.current == entry
        here = QApplication.focusWidget()
        assert here is not None and here.isVisible() and page_of(window).isAncestorOf(here), entry
    first = page_of(window)
    first.search.setFocus()
    qtbot.keyClick(first.search, Qt.Key.Key_Comma, CONTROL)
    qtbot.keyClick(window, Qt.Key.Key_5, CONTROL)
    assert first.search.hasFocus(), "it is where it was on this page"


def test_the_rail_keeps_the_keyboard_but_not_after_a_click(window: MainWindow, qtbot: QtBot) -> None:
    activate(window)
    button = window.rail.buttons["settings"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    here = QApplication.focusWidget()
    assert here is not None and page_of(window).isAncestorOf(here)
    button = window.rail.buttons["explore"]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert window.current == "explore" and button.hasFocus()


def test_a_study_opened_from_the_list_has_the_keyboard(
    open_desktop: OpenDesktop, qtbot: QtBot, folders: Folders
) -> None:
    built = finished(folders.root)
    built.data()
    built.store.close()
    window = open_desktop().window
    studies = go(window, "studies")
    qtbot.waitUntil(lambda: studies.model.rowCount() == 1, timeout=LONG)
    activate(window)
    studies.table.setFocus()
    studies.table.selectRow(0)
    qtbot.keyClick(studies.table, Qt.Key.Key_Return)
    assert window.current == "study"
    qtbot.waitUntil(lambda: page_of(window).tabs.tabBar().hasFocus(), timeout=LONG)
    window.navigate("studies", {})
    assert studies.table.hasFocus()


def lines(menu: QMenu) -> list[str]:
    return [line.objectName() or "-" for line in menu.actions()]


def test_a_menu_is_whole_when_it_opens_and_stays_so(window: MainWindow, qtbot: QtBot) -> None:
    bar = window.menuBar()
    expected = {
        "file": ["models.add-folder", "studies.new", "studies.open", "-", "file.quit"],
        "view": ["view.palette", "view.find", "view.light", "view.dark", "view.system", "models.refresh"],
    }
    for name, wanted in expected.items():
        menu = window._menus[name]
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.actionGeometry(menu.menuAction()).center())
        qtbot.waitUntil(menu.isVisible, timeout=LONG)
        assert lines(menu) == wanted
        menu.setActiveAction(menu.actions()[0])
        window._fill_menus()
        assert menu.activeAction() is menu.actions()[0]
        qtbot.keyClick(menu, Qt.Key.Key_Escape)
        menu.hide()


def test_keys_of_pages_that_are_not_made_work(desktop: Desktop, qtbot: QtBot) -> None:
    """While something is measured no page is made that nobody asked for."""
    window, job = desktop.window, slow()
    window._idle.stop()
    submit(desktop, qtbot, job)
    until(desktop, qtbot, job, JobState.RUNNING)
    assert set(window._pages) == {"start"}
    qtbot.keyClick(page_of(window).cards["which-quant"], Qt.Key.Key_N, CONTROL)
    assert window.current == "studies"
    qtbot.waitUntil(lambda: page_of(window).stack.currentIndex() == 1, timeout=LONG)


@pytest.mark.usefixtures("no_other_models")
def test_the_next_model_is_chosen_once_one_is_deleted(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    for name in ("a", "b", "c"):
        tiny_gguf(tmp_path / "mine" / f"{name}.gguf", seed=ord(name))
    page: ModelsPage = go(window, "models")
    page.adding.add_folder(tmp_path / "mine")
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=LONG)
    activate(window)
    page.table.selectRow(1)
    page.delete_button.setFocus()
    for left, chosen in ((2, "c"), (1, "a")):
        by_button = QApplication.focusWidget() is page.delete_button
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space if by_button else Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: bool(page.findChildren(QMessageBox)), timeout=LONG)
        box = page.findChildren(QMessageBox)[0]
        next(button for button in box.buttons() if button.text() == "Delete").click()
        qtbot.waitUntil(lambda left=left: page.model.rowCount() == left, timeout=LONG)
        item = page.chosen()
        assert item is not None and item.row.name == chosen
        activate(window)
        assert page.table.hasFocus()
        qtbot.waitUntil(lambda: not page.findChildren(QMessageBox), timeout=LONG)


def test_a_second_blow_on_cancel_meets_no_other_button(desktop: Desktop, qtbot: QtBot) -> None:
    window, job = desktop.window, slow()
    submit(desktop, qtbot, job)
    until(desktop, qtbot, job, JobState.RUNNING)
    page = go(window, "queue")
    qtbot.waitUntil(page.buttons["cancel"].isEnabled, timeout=LONG)
    activate(window)
    page.buttons["cancel"].setFocus()
    qtbot.keyClick(page.buttons["cancel"], Qt.Key.Key_Space)
    until(desktop, qtbot, job, JobState.CANCELLED)
    qtbot.waitUntil(page.buttons["retry"].isEnabled, timeout=LONG)
    assert page.table.hasFocus()


class Moments(QObject):
    """Shown, exposed and hidden main windows, as they come."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[int, str]] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.Expose, QEvent.Type.Hide)
        if isinstance(watched, QWindow) and watched.title() == "Odyssey Lab" and event.type() in kinds:
            self.seen.append((int(watched.winId()), event.type().name))
        return False


def test_the_window_of_another_language_comes_before_the_old_one_goes(
    desktop: Desktop, qtbot: QtBot, qapp: QApplication
) -> None:
    before = desktop.window
    page = go(before, "settings")
    activate(before)
    page.appearance.language.setFocus()
    old, moments = int(before.winId()), Moments()
    qapp.installEventFilter(moments)
    try:
        desktop.settings.update(language="zh_CN")
        new = int(desktop.window.winId())
        assert page_of(desktop.window).appearance.language.hasFocus() or not desktop.window.isActiveWindow()
        assert desktop.window.focusWidget() is page_of(desktop.window).appearance.language
        qtbot.waitUntil(lambda: (old, "Hide") in moments.seen, timeout=LONG)
    finally:
        qapp.removeEventFilter(moments)
        desktop.settings.update(language="en")
    assert moments.seen.index((new, "Expose")) < moments.seen.index((old, "Hide"))

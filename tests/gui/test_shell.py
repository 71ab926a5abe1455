"""The window's shell: pages, actions, keys, palette, themes, state."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMenu, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from lab_app.gui import pages, plots, queue_model, theme
from lab_app.gui.actions import Action, Actions
from lab_app.gui.app import Desktop
from lab_app.gui.main_window import QUIET, MainWindow
from lab_app.gui.pages import Entry, Page
from lab_app.gui.widgets.command_palette import CommandPalette, rank
from lab_app.jobs.states import JobState
from lab_app.system.paths import Folders
from tests.gui import accessibility
from tests.gui.conftest import LONG, OpenDesktop, activate, go, page_of, quick, shut, slow, submit, until

ROOT = Path(__file__).resolve().parents[2]
PAGES = [entry.id for entry in pages.entries()]


def test_an_empty_profile_opens_on_three_questions(window: MainWindow) -> None:
    assert window.current == "start"
    cards = page_of(window).cards
    assert list(cards) == ["which-quant", "context-length", "compare-two"]
    assert all(card.accessibleName() and card.accessibleDescription() for card in cards.values())
    assert QApplication.focusWidget() is cards["which-quant"]


def test_pages_that_nobody_asked_for_wait_until_nothing_is_measured(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making one takes several frames, in which figures would stand still."""
    window, job = desktop.window, slow()
    submit(desktop, qtbot, job)
    qtbot.waitUntil(lambda: desktop.lab.quiet < 0.5, timeout=LONG)
    qtbot.waitUntil(plots.is_loaded, timeout=LONG)
    quiet: list[float] = []  # when a page was made; on a busy machine samples may stay away for so long, too
    make = window.page

    def noted(entry: Entry) -> Page:
        if entry.id not in window._pages:
            quiet.append(desktop.lab.quiet)
        return make(entry)

    monkeypatch.setattr(window, "page", noted)
    qtbot.wait(3000)
    assert all(seconds >= QUIET for seconds in quiet)
    desktop.lab.cancel(job.key)
    qtbot.waitUntil(lambda: len(window._pages) == len(PAGES), timeout=LONG)


@pytest.mark.parametrize("name", PAGES)
def test_every_widget_has_a_name_and_a_tab_stop(name: str, window: MainWindow, qtbot: QtBot) -> None:
    window.navigate(name, {})
    qtbot.wait(50)
    assert accessibility.problems(window) == []
    assert accessibility.unreached(window) == []


def test_the_check_of_names_and_tab_stops_finds_what_is_missing(qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QPushButton, QTableView, QVBoxLayout

    root = QWidget()
    nameless, stopless = QPushButton(), QPushButton("ok")
    stopless.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    layout = QVBoxLayout(root)
    for part in (nameless, stopless, QTableView()):
        layout.addWidget(part)
    qtbot.addWidget(root)
    root.show()
    found = " ".join(accessibility.problems(root))
    assert "no accessible name" in found and "no tab stop" in found and "keeps the Tab key" in found
    assert accessibility.unreached(root) == ["QPushButton ''"]


def test_no_key_is_bound_twice(window: MainWindow) -> None:
    for entry in pages.entries():
        window.page(entry)
    bound: dict[str, str] = {}
    owners: list[Any] = [*window.findChildren(QAction), *window.findChildren(QShortcut)]
    for owner in owners:
        keys = owner.shortcuts() if isinstance(owner, QAction) else owner.keys()
        for key in keys:
            text = key.toString()
            assert text not in bound, f"{text} is bound to {bound[text]} and {owner.objectName()}"
            bound[text] = owner.objectName()
    assert len(bound) > 5
    assert {"Ctrl+K", "Ctrl+,"} <= bound.keys()


def test_a_key_or_name_taken_is_refused(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    actions = Actions(widget)
    actions.add(Action("a.b", "one", lambda: None, "Ctrl+J"))
    with pytest.raises(ValueError, match=r"a\.b"):
        actions.add(Action("a.c", "two", lambda: None, "Ctrl+J"))
    with pytest.raises(ValueError, match="there already"):
        actions.add(Action("a.b", "two", lambda: None))
    with pytest.raises(ValueError, match="menu"):
        actions.add(Action("a.d", "two", lambda: None, menu="nowhere"))


def test_keys_open_pages(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert window.current == "settings"
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.current == "start"
    first, second = list(window.rail.buttons.values())[:2]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()


def test_menus_are_there_from_the_start_and_stay_where_they_are(window: MainWindow, qtbot: QtBot) -> None:
    bar = window.menuBar()
    before = [(menu.text(), bar.actionGeometry(menu)) for menu in bar.actions() if menu.isVisible()]
    job = next(menu for menu in bar.actions() if menu.text() == "&Job")
    menu = job.menu()
    assert isinstance(menu, QMenu)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.actionGeometry(job).center())
    qtbot.waitUntil(menu.isVisible, timeout=LONG)
    assert len(menu.actions()) >= 5, "its page may not have been made before"
    qtbot.keyClick(menu, Qt.Key.Key_Escape)
    assert [(menu.text(), bar.actionGeometry(menu)) for menu in bar.actions() if menu.isVisible()] == before


def test_ctrl_f_looks_on_the_page_one_is_on(window: MainWindow, qtbot: QtBot) -> None:
    fields = {
        "models": lambda page: page.filter, "queue": lambda page: page.search, "settings": lambda page: None,
    }  # fmt: skip
    for name, field in fields.items():
        page = go(window, name)
        assert window.actions_table.get("view.find").isEnabled() is (field(page) is not None)
        qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert window.current == name
        if name == "queue":  # no job has run: the field is there all the same
            assert page.stack.currentWidget() is page.empty
        assert field(page) is None or field(page).hasFocus()
    page = go(window, "models")
    page.tabs.setCurrentIndex(1)
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.hub.text.hasFocus()


def palette_of(window: MainWindow, qtbot: QtBot) -> CommandPalette:
    activate(window)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(window.findChildren(CommandPalette)), timeout=LONG)
    return window.findChildren(CommandPalette)[-1]


def test_the_palette_runs_what_was_typed(window: MainWindow, qtbot: QtBot, qapp: QApplication) -> None:
    palette = palette_of(window, qtbot)
    qtbot.keyClicks(palette.field, "drk theme")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert theme.keeper().theme.dark
    assert qapp.palette().window().color().name() == theme.make(dark=True).ground
    palette = palette_of(window, qtbot)
    qtbot.keyClicks(palette.field, "light")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not theme.keeper().theme.dark


def test_the_palette_copies_the_command(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    window.actions_table.add(
        Action("x.y", "Zebra", lambda: None, command=lambda say: say("odyssey-lab --batch 'a b.toml'"))
    )
    palette = palette_of(window, qtbot)
    qtbot.keyClicks(palette.field, "zebra")
    qtbot.keyClick(palette.field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "odyssey-lab --batch 'a b.toml'"
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)


def test_ranking_of_the_palette() -> None:
    def order(typed: str, *texts: str) -> list[str]:
        ranked = [(place, text) for text in texts if (place := rank(text, typed)) is not None]
        return [text for _, text in sorted(ranked)]

    assert order("que", "Go to Queue", "Queue it", "Quit everything") == [
        "Queue it",
        "Go to Queue",
        "Quit everything",
    ]
    assert order("zz", "Go to Queue") == []


def test_size_page_and_splitters_are_remembered(open_desktop: OpenDesktop, qtbot: QtBot) -> None:
    first = open_desktop()
    queue = go(first.window, "queue")
    first.window.resize(1111, 777)
    job = quick()
    submit(first, qtbot, job)
    until(first, qtbot, job, JobState.DONE)
    qtbot.waitUntil(queue.details.log.isVisible, timeout=LONG)
    queue.splitter.setSizes([200, 400])
    queue.splitter.splitterMoved.emit(200, 1)
    queue.table.horizontalHeader().resizeSection(queue_model.STUDY, 333)
    sizes = queue.splitter.sizes()
    first.state.remember_window(first.window)
    shut(first, qtbot)
    second = open_desktop()
    assert second.window.current == "queue"
    assert (second.window.width(), second.window.height()) == (1111, 777)
    page = page_of(second.window)
    qtbot.waitUntil(page.details.log.isVisible, timeout=LONG)
    assert page.splitter.sizes() == pytest.approx(sizes, abs=4)
    assert page.table.horizontalHeader().sectionSize(queue_model.STUDY) == 333


@pytest.mark.parametrize(
    "content", ["", "[]", '{"window": 7, "page": "nowhere", "splitter/queue": ["x", 2]}']
)
def test_a_spoilt_state_file_does_no_harm(content: str, open_desktop: OpenDesktop, folders: Folders) -> None:
    (folders.root / "window.json").write_text(content)
    window = open_desktop().window
    assert window.current == "start"
    go(window, "queue")


@pytest.mark.parametrize("dark", [False, True])
def test_text_can_be_read_in_both_themes(dark: bool) -> None:
    made = theme.make(dark)
    for what, ink, ground in made.text_pairs:
        assert theme.contrast(ink, ground) >= 4.5, f"{what}: {theme.contrast(ink, ground):.2f}"
    for ground in (made.ground, made.panel, made.rail):
        assert theme.contrast(made.edge, ground) >= 3.0
        assert theme.contrast(made.accent, ground) >= 3.0, "the focus frame"


def test_style_sheet_names_no_side(qapp: QApplication) -> None:
    sheet = (ROOT / "lab_app/gui/style.qss").read_text()
    for word in (
        "padding-left",
        "padding-right",
        "margin-left",
        "margin-right",
        "border-left",
        "border-right",
    ):
        assert word not in sheet
    assert "$" not in theme.style_sheet(theme.make(dark=True), 10.0)


def test_right_to_left_puts_the_rail_on_the_other_side(
    window: MainWindow, qapp: QApplication, qtbot: QtBot
) -> None:
    def place() -> int:
        return window.rail.mapTo(window, window.rail.rect().center()).x()

    assert place() < window.width() / 2
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        qtbot.waitUntil(lambda: place() > window.width() / 2, timeout=LONG)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_the_smallest_window(name: str, window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1024, 700)
    window.navigate(name, {})
    qtbot.wait(20)
    assert (window.width(), window.height()) == (1024, 700)
    for area in page_of(window).findChildren(QScrollArea):
        inside: Any = area.widget()
        assert inside.minimumSizeHint().width() <= area.viewport().width(), f"{name} scrolls sideways"
    centre: Any = window.centralWidget()
    need = centre.minimumSizeHint()
    assert need.width() <= 1024 and need.height() + window.menuBar().height() <= 700, (name, need)


def test_keys_are_written_as_the_system_does(window: MainWindow) -> None:
    for _, made in window.actions_table.all():
        assert made.shortcut().isEmpty() or made.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


PAINTED = """
import json, sys
from lab_app.gui import app
from lab_app.jobs.states import JobState
from lab_app.system.paths import Folders
from pathlib import Path
made = app.application()
desktop = app.Desktop(made, Folders(Path(sys.argv[1])))
desktop.open()
made.processEvents()
assert desktop.window.isVisible()
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
sys.stdout.flush()
import os; os._exit(0)
"""


def test_nothing_heavy_before_the_first_paint(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", PAINTED, str(tmp_path / "data")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    loaded = set(json.loads(done.stdout))
    heavy = {
        "torch",
        "transformers",
        "llama_cpp",
        "numpy",
        "matplotlib",
        "pyqtgraph",
        "pydantic",
        "jinja2",
        "keyring",
    }
    assert loaded & heavy == set()

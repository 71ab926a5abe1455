"""The library and the inspector in the window, with real files and real jobs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from lab_app.gguf import inspect
from lab_app.gui import background, theme
from lab_app.gui.app import Desktop
from lab_app.gui.main_window import MainWindow
from lab_app.gui.models import deleting, facts
from lab_app.gui.pages.explore import ExplorePage
from lab_app.gui.pages.models import ModelsPage
from lab_app.gui.pages.studies import StudiesPage
from lab_app.gui.widgets.table_model import VALUE
from lab_app.gui.widgets.tables import TableView
from lab_app.jobs.states import JobState
from lab_app.system.translation import PSEUDO
from tests.gui.accessibility import problems
from tests.gui.conftest import LONG, drop
from tests.models import tiny_gguf

pytestmark = pytest.mark.usefixtures("no_other_models")


@pytest.fixture
def page(models_page: ModelsPage) -> ModelsPage:
    return models_page


def names(page: ModelsPage) -> list[str]:
    return [str(page.model.index(i, 0).data()) for i in range(page.model.rowCount())]


def test_an_empty_library_teaches_and_a_folder_fills_it(
    page: ModelsPage, qtbot: QtBot, tmp_path: Path
) -> None:
    assert page.empty.isVisible() and not page.table.isVisible()
    folder = tmp_path / "mine"
    folder.mkdir()
    tiny_gguf(folder / "alpha-f16.gguf")
    tiny_gguf(folder / "beta-f32.gguf", dtype="f32")
    (folder / "broken.gguf").write_bytes(b"GGUF" + b"\x03\0\0\0" + b"\xff" * 40)
    page.adding.add_folder(folder)
    qtbot.waitUntil(lambda: len(names(page)) == 3, timeout=LONG)
    assert names(page) == ["alpha-f16", "beta-f32", "broken"]
    qtbot.keyClicks(page.filter, "BETA f32")
    assert names(page) == ["beta-f32"] and not page.unmatched.isVisible()
    qtbot.keyClicks(page.filter, "x")
    assert names(page) == [] and page.unmatched.isVisible()
    assert page.table.accessibleDescription() == "No model fits the filter."
    qtbot.keyClick(page.filter, Qt.Key.Key_Backspace)
    assert names(page) == ["beta-f32"] and not page.unmatched.isVisible()
    page.table.selectRow(0)
    page.filter.clear()
    assert names(page) == ["alpha-f16", "beta-f32", "broken"]
    chosen = page.chosen()
    assert chosen is not None and chosen.row.name == "beta-f32", "the choice outlives the filter"
    row = next(item for item in page.model.rows if item.row.name == "alpha-f16")
    assert row.fitting.fit == "fits" and row.fitting.needed > row.row.size
    problems_found = problems(page)
    assert not problems_found


def test_the_inspector_shows_the_chosen_file(page: ModelsPage, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    tiny_gguf(folder / "alpha.gguf", extra={"general.license": "mit"})
    page.adding.add_folder(folder)
    qtbot.waitUntil(lambda: names(page) == ["alpha"], timeout=LONG)
    page.table.selectRow(0)
    inspector = page.inspector
    qtbot.waitUntil(inspector.tabs.isVisible, timeout=LONG)
    assert inspector.tensors.model.rowCount() == len(set(_tensors(folder / "alpha.gguf")))
    assert inspector.memory is not None and not inspector.memory.is_empty
    inspector.tabs.setCurrentWidget(inspector.types_table)
    assert [round(inspector.types.index(row, 4).data(VALUE), 3) for row in (0, 1)] == [0.998, 0.002]
    longest, shortest = (bar_pixels(inspector.types_table, row, 4) for row in (0, 1))
    assert longest > 50 > shortest  # a histogram
    qtbot.keyClicks(inspector.metadata.filter, "licen")
    assert inspector.metadata.model.rowCount() == 1
    assert inspector.metadata.model.index(0, 2).data() == "mit"
    inspector.metadata.filter.clear()
    qtbot.keyClicks(inspector.metadata.filter, "epsilon")
    assert inspector.metadata.model.index(0, 2).data() == "1e-05"  # and not all of its 64 bits


def test_a_file_that_goes_while_it_is_inspected_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The inspector says so in its place, and nothing is left at the top of the window."""
    path, real = tiny_gguf(tmp_path / "brief.gguf"), inspect.inspect

    def then_gone(of: str) -> inspect.Inspection:
        found = real(of)
        path.unlink()
        return found

    monkeypatch.setattr(inspect, "inspect", then_gone)
    shown = facts.shown(str(path), 0)
    assert shown.inspection is None and "cannot be read" in shown.problem


def test_keys_take_the_room_that_comes_and_the_user_leaves_them(
    page: ModelsPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.window().resize(1024, 700)
    chosen_alpha(page, qtbot, tmp_path)
    inspector = page.inspector
    qtbot.waitUntil(inspector.tabs.isVisible, timeout=LONG)
    inspector.tabs.setCurrentWidget(inspector.metadata)
    table = inspector.metadata.table
    assert table.columnWidth(0) < table.sizeHintForColumn(0)
    page.window().resize(1920, 1080)
    qtbot.waitUntil(lambda: table.columnWidth(0) >= table.sizeHintForColumn(0), timeout=LONG)
    table.setColumnWidth(0, 200)
    page.window().resize(1700, 1000)
    qtbot.wait(50)
    assert table.columnWidth(0) == 200


def test_a_study_of_a_model_begins_with_the_usual_choice(
    page: ModelsPage, desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    path = chosen_alpha(page, qtbot, tmp_path)
    qtbot.mouseClick(page.study_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desktop.window.current == "studies", timeout=LONG)
    studies = desktop.window.stack.currentWidget()
    assert isinstance(studies, StudiesPage)
    qtbot.waitUntil(lambda: studies.stack.currentWidget() is not studies.list, timeout=LONG)
    draft = studies.builder.draft
    assert draft.source == str(path) and "Q4_K_M" in draft.types and draft.probe("divergence") is not None


def chosen_alpha(page: ModelsPage, qtbot: QtBot, tmp_path: Path) -> Path:
    """The only model of the library, and chosen."""
    folder = tmp_path / "mine"
    folder.mkdir()
    path = tiny_gguf(folder / "alpha.gguf")
    page.adding.add_folder(folder)
    qtbot.waitUntil(lambda: names(page) == ["alpha"], timeout=LONG)
    page.table.selectRow(0)
    return path


def bar_pixels(table: TableView, row: int, column: int) -> int:
    """How many columns of pixels the bar of a cell has."""
    cell = table.visualRect(table.model().index(row, column))
    image = table.viewport().grab(cell).toImage()
    accent = QColor(theme.keeper().theme.accent)
    return sum(
        any(image.pixelColor(x, y) == accent for y in range(image.height())) for x in range(image.width())
    )


def _tensors(path: Path) -> list[str]:
    from lab_app.gguf import reader

    return [tensor.name for tensor in reader.read(str(path)).tensors]


def test_deleting_asks_and_says_what_depends_on_it(page: ModelsPage, qtbot: QtBot, tmp_path: Path) -> None:
    path = chosen_alpha(page, qtbot, tmp_path)

    def box() -> QMessageBox | None:
        return next(
            (w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()), None
        )

    def press(asked: QMessageBox, what: str | Qt.Key) -> None:
        assert all(b.accessibleName() == b.text() for b in asked.buttons())
        if isinstance(what, Qt.Key):
            qtbot.keyClick(asked, what)
        else:
            qtbot.mouseClick(next(b for b in asked.buttons() if b.text() == what), Qt.MouseButton.LeftButton)

    answers = ((Qt.Key.Key_Return, True), (Qt.Key.Key_Escape, True), ("Keep it", True), ("Delete", False))
    for answer, there in answers:
        qtbot.mouseClick(page.delete_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: box() is not None, timeout=LONG)
        asked = box()
        assert asked is not None and str(path) in asked.informativeText()
        press(asked, answer)
        qtbot.waitUntil(lambda: box() is None, timeout=LONG)
        background.wait_for_all(LONG)
        assert path.exists() is there
    qtbot.waitUntil(lambda: names(page) == [], timeout=LONG)


def test_a_file_is_added_where_it_lies(page: ModelsPage, qtbot: QtBot, tmp_path: Path) -> None:
    path = tiny_gguf(tmp_path / "somewhere.gguf")
    page.adding.add_files([path])
    qtbot.waitUntil(lambda: names(page) == ["somewhere"], timeout=LONG)
    assert path.exists()


def test_a_file_is_added_though_the_window_is_made_anew_meanwhile(
    page: ModelsPage, desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    page.adding.add_files([tiny_gguf(tmp_path / "somewhere.gguf")])
    background.wait_for_all(LONG)  # it is asked for, and the page that asked goes
    desktop.settings.update(language=PSEUDO)
    jobs = desktop.lab.jobs
    qtbot.waitUntil(lambda: any(view.state is JobState.DONE for view in jobs.values()), timeout=LONG)
    desktop.window.navigate("models", {})
    anew = desktop.window.stack.currentWidget()
    assert isinstance(anew, ModelsPage) and anew is not page
    qtbot.waitUntil(lambda: names(anew) == ["somewhere"], timeout=LONG)


def test_each_file_that_cannot_be_added_is_told(
    page: ModelsPage, desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    """Also where others, before and after, could be."""
    (tmp_path / "empty.gguf").write_bytes(b"")
    (tmp_path / "broken.gguf").write_bytes(b"GGUF" + b"\x03\0\0\0" + b"\xff" * 40)
    for number in range(3):
        tiny_gguf(tmp_path / f"{number}.gguf", seed=number, width=64)
    order = ("0", "empty", "1", "broken", "2")
    assert drop(page, *(QUrl.fromLocalFile(str(tmp_path / f"{name}.gguf")) for name in order))
    qtbot.waitUntil(lambda: names(page) == ["0", "1", "2"], timeout=LONG)
    (told,) = desktop.window.notices.texts()
    assert told.startswith("Not added: empty.gguf, broken.gguf. empty.gguf is not a usable GGUF file")
    assert drop(page, QUrl.fromLocalFile(str(tmp_path / "empty.gguf")))
    qtbot.waitUntil(lambda: "broken" not in desktop.window.notices.texts()[0], timeout=LONG)
    assert drop(page, QUrl.fromLocalFile(str(tmp_path / "1.gguf")))
    qtbot.waitUntil(lambda: not desktop.window.notices.texts(), timeout=LONG)


def test_files_and_folders_are_dropped_and_the_rest_is_told(
    page: ModelsPage, desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "mine-1.5"
    folder.mkdir()
    tiny_gguf(folder / "inside.gguf")
    alone = tiny_gguf(tmp_path / "alone.GGUF", layers=3)  # equal bytes would be known already
    (tmp_path / "notes.txt").write_text("no model")
    said = desktop.window.notices.texts
    assert not drop(page, QUrl("https://example.org/model.gguf"))
    assert drop(page, *(QUrl.fromLocalFile(str(p)) for p in (folder, alone, tmp_path / "notes.txt")))
    qtbot.waitUntil(lambda: sorted(names(page)) == ["alone", "inside"], timeout=LONG)
    assert said() == ["Not added: notes.txt. Drop GGUF files, or folders that hold models."]
    assert drop(page, QUrl.fromLocalFile(str(folder)))
    qtbot.waitUntil(lambda: said() == [], timeout=LONG)


def test_a_copy_is_told_and_added_once_the_first_is_gone(
    page: ModelsPage, desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    first = tiny_gguf(tmp_path / "first.gguf")
    copy = tmp_path / "copy.gguf"
    shutil.copy(first, copy)
    said = desktop.window.notices.texts
    assert drop(page, QUrl.fromLocalFile(str(first)))
    qtbot.waitUntil(lambda: names(page) == ["first"], timeout=LONG)
    assert drop(page, QUrl.fromLocalFile(str(copy)))
    qtbot.waitUntil(lambda: said() == [f"copy is in the library already: {first}"], timeout=LONG)
    page.table.selectRow(0)
    chosen = page.chosen()
    assert chosen is not None
    forgotten: list[bool] = []  # a look at the disk in between finds the file gone and the model still known
    deleting.delete(page, desktop.lab, chosen.row, lambda: forgotten.append(True))
    qtbot.waitUntil(lambda: bool(forgotten), timeout=LONG)
    page.refresh()
    qtbot.waitUntil(lambda: names(page) == [], timeout=LONG)
    assert drop(page, QUrl.fromLocalFile(str(copy)))
    qtbot.waitUntil(lambda: names(page) == ["copy"] and said() == [], timeout=LONG)


def test_what_fits_follows_context_and_kv_type(page: ModelsPage, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    tiny_gguf(folder / "alpha.gguf", context=131_072)
    page.adding.add_folder(folder)
    qtbot.waitUntil(lambda: names(page) == ["alpha"], timeout=LONG)

    def needed() -> int:
        return page.model.rows[0].fitting.needed

    usual = needed()
    page.load.context_box.setFocus()
    qtbot.keyClick(page.load.context_box, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: needed() > usual, timeout=LONG)
    long = needed()
    page.load.kv_box.setFocus()
    qtbot.keyClick(page.load.kv_box, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: usual < needed() < long, timeout=LONG)


def test_any_file_in_the_explorer(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.navigate("explore", {"tab": "inspector"})
    page = window.stack.currentWidget()
    assert isinstance(page, ExplorePage)
    tab: Any = page.tab("inspector")
    tab.field.take(str(tmp_path / "nothing.gguf"))
    qtbot.waitUntil(lambda: "nothing.gguf" in tab.inspector.note.text(), timeout=LONG)
    tab.field.take(str(tiny_gguf(tmp_path / "tiny.gguf")))
    qtbot.waitUntil(tab.inspector.tabs.isVisible, timeout=LONG)
    assert not problems(tab)

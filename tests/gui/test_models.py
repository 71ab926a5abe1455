"""The library, the inspector and the hub in the window, with real files, real jobs and a hub on loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from lab_app.gui import background
from lab_app.gui.app import Desktop
from lab_app.gui.main_window import MainWindow
from lab_app.gui.pages.explore import ExplorePage
from lab_app.gui.pages.models import ModelsPage
from lab_app.jobs.states import JobState
from tests.gui.accessibility import problems
from tests.gui.conftest import LONG
from tests.models import tiny_gguf


@pytest.fixture(autouse=True)
def no_other_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only what the test puts there."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("OLLAMA_MODELS", str(tmp_path / "ollama"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ODYSSEY_LAB_DEMO_MODEL", raising=False)


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> ModelsPage:
    window.navigate("models", {})
    found = window.stack.currentWidget()
    assert isinstance(found, ModelsPage)
    return found


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
    page.add_folder(folder)
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
    page.add_folder(folder)
    qtbot.waitUntil(lambda: names(page) == ["alpha"], timeout=LONG)
    page.table.selectRow(0)
    inspector = page.inspector
    qtbot.waitUntil(inspector.tabs.isVisible, timeout=LONG)
    assert inspector.tensors.model.rowCount() == len(set(_tensors(folder / "alpha.gguf")))
    assert inspector.memory is not None and not inspector.memory.is_empty
    qtbot.keyClicks(inspector.metadata.filter, "licen")
    assert inspector.metadata.model.rowCount() == 1
    assert inspector.metadata.model.index(0, 2).data() == "mit"


def _tensors(path: Path) -> list[str]:
    from lab_app.gguf import reader

    return [tensor.name for tensor in reader.read(str(path)).tensors]


def test_deleting_asks_and_says_what_depends_on_it(page: ModelsPage, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    path = tiny_gguf(folder / "alpha.gguf")
    page.add_folder(folder)
    qtbot.waitUntil(lambda: names(page) == ["alpha"], timeout=LONG)
    page.table.selectRow(0)

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
    page.add_file(path)
    qtbot.waitUntil(lambda: names(page) == ["somewhere"], timeout=LONG)
    assert path.exists()


def drop(page: ModelsPage, qtbot: QtBot, *urls: QUrl) -> bool:
    """Drag over the page and let go; False where the page does not take it."""
    data = QMimeData()
    data.setUrls(list(urls))
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(page.rect().center(), *how)
    entering.ignore()
    QApplication.sendEvent(page, entering)
    if entering.isAccepted():
        QApplication.sendEvent(page, QDropEvent(QPointF(page.rect().center()), *how))
    return entering.isAccepted()


def test_files_and_folders_are_dropped_and_the_rest_is_told(
    page: ModelsPage, desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "mine-1.5"
    folder.mkdir()
    tiny_gguf(folder / "inside.gguf")
    alone = tiny_gguf(tmp_path / "alone.GGUF")
    (tmp_path / "notes.txt").write_text("no model")
    said = desktop.window.notices.texts
    assert not drop(page, qtbot, QUrl("https://example.org/model.gguf"))
    assert drop(page, qtbot, *(QUrl.fromLocalFile(str(p)) for p in (folder, alone, tmp_path / "notes.txt")))
    qtbot.waitUntil(lambda: sorted(names(page)) == ["alone", "inside"], timeout=LONG)
    assert said() == ["Not added: notes.txt. Drop GGUF files, or folders that hold models."]
    assert drop(page, qtbot, QUrl.fromLocalFile(str(folder)))
    qtbot.waitUntil(lambda: said() == [], timeout=LONG)


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


def test_from_a_search_to_a_file_in_the_library(
    hub: Any,
    desktop: Desktop,
    page: ModelsPage,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    data = tiny_gguf(tmp_path / "source.gguf").read_bytes()
    card = b"---\nlicense: mit\n---\n# Tiny\n<script>alert(1)</script>A *small* model."
    hub.add(
        "org/tiny-gguf", {"tiny-f16.gguf": data, "README.md": card}, tags=["gguf", "license:mit"], downloads=7,
        gguf={"total": 1_000_000, "architecture": "llama"},
    )  # fmt: skip
    page.context.actions.get("models.hub").trigger()
    search = page.hub
    assert search is not None
    qtbot.keyClicks(search.text, "tiny")
    qtbot.keyClick(search.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: search.files.rowCount() == 1, timeout=LONG)
    assert search.repositories.index(0, 0).data() == "org/tiny-gguf"
    assert "small" in search.card.toPlainText() and "alert" not in search.card.toHtml()
    search.file_table.selectRow(0)
    qtbot.waitUntil(lambda: "runs it" in search.verdict.text(), timeout=LONG)
    assert not problems(search)
    qtbot.mouseClick(search.download_button, Qt.MouseButton.LeftButton)
    lab = desktop.lab

    def done() -> bool:
        return any(v.job.kind == "download" and v.state is JobState.DONE for v in lab.jobs.values())

    qtbot.waitUntil(done, timeout=LONG)
    page.tabs.setCurrentIndex(0)
    page.refresh()
    qtbot.waitUntil(lambda: len(names(page)) == 1, timeout=LONG)
    assert page.model.rows[0].row.path.read_bytes() == data


def test_a_hub_out_of_reach_is_a_sentence(
    page: ModelsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    page.show_hub()
    assert page.hub is not None
    page.hub.text.setText("llama")
    page.hub.search()
    qtbot.waitUntil(lambda: page.hub is not None and "Searching" not in page.hub.note.text(), timeout=LONG)
    assert "127.0.0.1" in page.hub.note.text() or "reach" in page.hub.note.text()

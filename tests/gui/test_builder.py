"""The study builder with real clicks and keys, from a model file to a study file that --batch runs."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog
from pytestqt.qtbot import QtBot

from lab_app.gui import background
from lab_app.gui.app import Desktop
from lab_app.gui.builder.builder import Builder
from lab_app.gui.builder.file_view import FileView
from lab_app.gui.builder.more import overrides
from lab_app.gui.main_window import MainWindow
from lab_app.gui.pages.studies import StudiesPage
from lab_app.jobs.states import JobState
from tests.gui.accessibility import problems
from tests.gui.conftest import LONG
from tests.models import tiny_gguf


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tiny_gguf(tmp_path / "tiny.gguf", context=512)


def builder_for(window: MainWindow, qtbot: QtBot, model: Path) -> Builder:
    window.navigate("studies", {"model": str(model)})
    page = window.stack.currentWidget()
    assert isinstance(page, StudiesPage)
    builder = page.builder
    qtbot.waitUntil(lambda: bool(builder.asked.boxes) and builder._facts.n_params > 0, timeout=LONG)
    qtbot.waitUntil(
        lambda: bool(builder.types.rows) and all(r.exact or r.problem for r in builder.types.rows),
        timeout=LONG,
    )
    return builder


def press(box: QCheckBox, qtbot: QtBot) -> None:
    """With the keyboard: where the mouse must hit depends on the style."""
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)


def tick(builder: Builder, qtbot: QtBot, name: str) -> None:
    """As a user of the keyboard: to the row, then space."""
    row = next(i for i, r in enumerate(builder.types.rows) if r.name == name)
    builder.table.setFocus()
    builder.table.setCurrentIndex(builder.types.index(row, 0))
    qtbot.keyClick(builder.table, Qt.Key.Key_Space)


def test_from_a_file_to_a_checked_study(window: MainWindow, qtbot: QtBot, model: Path) -> None:
    builder = builder_for(window, qtbot, model)
    assert builder.name.text() == "tiny"
    assert not builder.start.isEnabled(), "nothing is asked yet"
    for name in ("Q8_0", "Q4_K_M"):
        tick(builder, qtbot, name)
    press(builder.asked.boxes["divergence"], qtbot)
    quick = builder.asked.depths["divergence"]
    quick.setFocus()
    qtbot.keyClick(quick, Qt.Key.Key_Home)
    quick.activated.emit(quick.currentIndex())
    qtbot.waitUntil(builder.start.isEnabled, timeout=LONG)
    data = tomllib.loads(builder.draft.toml())
    assert data["source"]["model"] == str(model)
    assert data["quantize"]["types"] == ["Q8_0", "Q4_K_M"]
    assert data["probe"] == [{"kind": "divergence", "context": 512, "chunks": 8}]
    assert "3" in builder.summary.text(), "base and two types"
    tick(builder, qtbot, "Q8_0")
    assert tomllib.loads(builder.draft.toml())["quantize"]["types"] == ["Q4_K_M"]
    assert not problems(builder)


def test_sizes_are_those_llama_cpp_will_make(window: MainWindow, qtbot: QtBot, model: Path) -> None:
    builder = builder_for(window, qtbot, model)
    rows = {row.name: row for row in builder.types.rows}
    assert rows["Q8_0"].exact and rows["Q8_0"].nbytes is not None
    assert 8.0 < rows["Q8_0"].bits < 9.0
    assert rows["IQ1_S"].needs_imatrix
    assert rows["Q8_0"].nbytes > rows["Q4_K_M"].nbytes > rows["Q2_K"].nbytes  # type: ignore[operator]


def test_what_was_asked_of_one_model_is_not_shown_for_the_next(
    desktop: Desktop, window: MainWindow, qtbot: QtBot, model: Path
) -> None:
    window.navigate("studies", {"model": str(model)})
    page = window.stack.currentWidget()
    assert isinstance(page, StudiesPage)
    builder = page.builder
    qtbot.waitUntil(lambda: bool(builder._predict), timeout=LONG)
    asked = builder._predict
    line = builder.source.choice.lineEdit()
    assert line is not None
    line.selectAll()
    qtbot.keyClicks(line, "/nowhere/other.gguf")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    jobs = desktop.lab.jobs
    qtbot.waitUntil(lambda: asked in jobs and jobs[asked].state is JobState.DONE, timeout=LONG)
    qtbot.waitUntil(lambda: bool(builder.problems), timeout=LONG)
    background.wait_for_all(LONG)
    qtbot.wait(200)
    assert builder.types.rows and all(r.nbytes is None and not r.exact for r in builder.types.rows)


def test_a_wrong_source_is_said_and_disappears_once_it_is_right(
    window: MainWindow, qtbot: QtBot, model: Path
) -> None:
    builder = builder_for(window, qtbot, model)
    press(builder.asked.boxes["divergence"], qtbot)
    line = builder.source.choice.lineEdit()
    assert line is not None
    line.selectAll()
    qtbot.keyClicks(line, str(model.parent / "nothing.gguf"))
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "does not exist" in builder.summary.text(), timeout=LONG)
    assert not builder.start.isEnabled()
    line.selectAll()
    qtbot.keyClicks(line, str(model))
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "does not exist" not in builder.summary.text(), timeout=LONG)


def test_more_changes_the_file(window: MainWindow, qtbot: QtBot, model: Path) -> None:
    builder = builder_for(window, qtbot, model)
    tick(builder, qtbot, "Q4_K_M")
    qtbot.mouseClick(builder.more_button, Qt.MouseButton.LeftButton)
    assert builder.more.isVisible()
    press(builder.more.imatrix, qtbot)
    builder.more.overrides.setPlainText("blk\\.0\\.ffn_down = q8_0\n")
    qtbot.waitUntil(lambda: builder.draft.quantize_option("overrides") is not None, timeout=LONG)
    data = tomllib.loads(builder.draft.toml())["quantize"]
    assert data["imatrix"] == {"chunks": 64} and data["overrides"] == {"blk\\.0\\.ffn_down": "q8_0"}
    builder.more.overrides.setPlainText("no equals sign")
    qtbot.waitUntil(builder.more.problem.isVisible, timeout=LONG)
    assert "no equals sign" in builder.more.problem.text()


def test_lines_of_overrides() -> None:
    assert overrides("a = q8_0\n\n b=c = q4_k ") == ({"a": "q8_0", "b=c": "q4_k"}, "")
    assert overrides("a = q8_0\nwrong") == ({"a": "q8_0"}, "wrong")


def test_the_file_is_one_click_away_and_batch_runs_it(
    desktop: Desktop, window: MainWindow, qtbot: QtBot, model: Path
) -> None:
    builder = builder_for(window, qtbot, model)
    tick(builder, qtbot, "Q8_0")
    press(builder.asked.boxes["speed"], qtbot)
    qtbot.waitUntil(builder.start.isEnabled, timeout=LONG)
    qtbot.mouseClick(builder.file_button, Qt.MouseButton.LeftButton)

    def opened() -> FileView | None:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, FileView) and w.isVisible()]
        return found[0] if found else None

    qtbot.waitUntil(lambda: opened() is not None, timeout=LONG)
    view = opened()
    assert isinstance(view, QDialog) and isinstance(view, FileView)
    assert view.text.toPlainText() == builder.draft.toml()
    path = builder.file
    assert path is not None and path.read_text() == builder.draft.toml(), (
        "the file that the command names is there"
    )
    assert view.command.text() == f"odyssey-lab --batch {path} --data-dir {desktop.folders.root}"
    assert not problems(view)
    view.save(path.with_name("other.toml"))
    qtbot.waitUntil(lambda: "other.toml" in view.command.text(), timeout=LONG)
    assert path.with_name("other.toml").read_text() == builder.draft.toml()
    view.accept()


def test_a_template_fills_the_builder(window: MainWindow, qtbot: QtBot) -> None:
    window.navigate("studies", {"template": "which-quant"})
    page = window.stack.currentWidget()
    assert isinstance(page, StudiesPage)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is not page.list, timeout=LONG)
    builder = page.builder
    qtbot.waitUntil(lambda: bool(builder.types.chosen) and bool(builder.asked.boxes), timeout=LONG)
    assert "Q4_K_M" in builder.types.chosen
    assert builder.asked.boxes["divergence"].isChecked()
    assert builder.source.source == "demo:"


def test_a_dropped_model_is_the_source(window: MainWindow, qtbot: QtBot, model: Path) -> None:
    builder = builder_for(window, qtbot, model)
    other = tiny_gguf(model.with_name("other.gguf"), context=256)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(model.with_name("notes.txt"))), QUrl.fromLocalFile(str(other))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    builder.source.dropEvent(QDropEvent(QPointF(5, 5), copy, dropped, left, none))
    assert builder.source.source == str(other)
    qtbot.waitUntil(lambda: builder._facts.context == 256, timeout=LONG)

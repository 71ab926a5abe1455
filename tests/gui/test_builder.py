"""The study builder with real clicks and keys, from a model file to a study file that --batch runs."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDialog
from pytestqt.qtbot import QtBot

from lab_app.gui import background
from lab_app.gui.app import Desktop
from lab_app.gui.builder.builder import Builder
from lab_app.gui.builder.file_view import FileView
from lab_app.gui.builder.more import overrides
from lab_app.gui.builder.types import Row
from lab_app.gui.explore.model_field import ModelField
from lab_app.gui.main_window import MainWindow
from lab_app.gui.pages.start import StartPage
from lab_app.gui.pages.studies import StudiesPage
from lab_app.jobs.states import JobState
from tests.gui.accessibility import problems
from tests.gui.conftest import LONG, activate, build, go
from tests.models import tiny_gguf


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tiny_gguf(tmp_path / "tiny.gguf", context=512)


def builder_for(window: MainWindow, qtbot: QtBot, model: Path) -> Builder:
    builder = build(window, model)
    qtbot.waitUntil(lambda: bool(builder.asked.boxes) and builder._facts.n_params > 0, timeout=LONG)
    qtbot.waitUntil(
        lambda: bool(builder.types.rows) and all(r.exact or r.problem for r in builder.types.rows),
        timeout=LONG,
    )
    return builder


def from_card(window: MainWindow, qtbot: QtBot, template: str) -> Builder:
    """The builder as a card of the start page opens it."""
    start = go(window, "start")
    assert isinstance(start, StartPage)
    qtbot.keyClick(start.cards[template], Qt.Key.Key_Space)
    page = window.stack.currentWidget()
    assert isinstance(page, StudiesPage)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is not page.list, timeout=LONG)
    return page.builder


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


def type_source(builder: Builder, qtbot: QtBot, source: str) -> None:
    """Write over what stands in the field of the model, and press Enter."""
    line = builder.source.choice.lineEdit()
    assert line is not None
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, source)
    qtbot.keyClick(line, Qt.Key.Key_Return)


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


def test_sizes_follow_what_stands_under_more(window: MainWindow, qtbot: QtBot, model: Path) -> None:
    builder = builder_for(window, qtbot, model)

    def size(name: str) -> int:
        (row,) = [row for row in builder.types.rows if row.name == name]
        assert row.exact and row.nbytes is not None, row
        return row.nbytes

    plain = size("Q2_K")
    qtbot.mouseClick(builder.more_button, Qt.MouseButton.LeftButton)
    builder.more.overrides.setPlainText("ffn_down = q8_0\n")
    qtbot.waitUntil(lambda: size("Q2_K") > plain, timeout=LONG)
    builder.more.overrides.setPlainText("")
    qtbot.waitUntil(lambda: size("Q2_K") == plain, timeout=LONG)
    press(builder.more.imatrix, qtbot)  # noted in the file, and a reason for other types
    qtbot.waitUntil(lambda: size("Q2_K") != plain, timeout=LONG)


def test_what_was_asked_of_one_model_is_not_shown_for_the_next(
    desktop: Desktop, window: MainWindow, qtbot: QtBot, model: Path
) -> None:
    builder = build(window, model)
    qtbot.waitUntil(lambda: bool(builder.quants.predict), timeout=LONG)
    asked = builder.quants.predict
    type_source(builder, qtbot, "/nowhere/other.gguf")
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
    type_source(builder, qtbot, str(model.parent / "nothing.gguf"))
    qtbot.waitUntil(lambda: "does not exist" in builder.summary.text(), timeout=LONG)
    assert not builder.start.isEnabled()
    type_source(builder, qtbot, str(model))
    qtbot.waitUntil(lambda: "does not exist" not in builder.summary.text(), timeout=LONG)


def test_several_errors_are_lines_of_their_own(
    desktop: Desktop, window: MainWindow, qtbot: QtBot, model: Path
) -> None:
    builder = builder_for(window, qtbot, model)
    press(builder.asked.boxes["divergence"], qtbot)
    for place in (0, 1):
        qtbot.mouseClick(builder.compared.add_variant, Qt.MouseButton.LeftButton)
        field = builder.compared.variants[place].name
        field.selectAll()
        qtbot.keyClicks(field, "base")
    qtbot.waitUntil(lambda: builder.summary.text().count("\n") == 1, timeout=LONG)
    assert all(
        line.startswith("line") and "is taken by" in line for line in builder.summary.text().splitlines()
    )
    desktop.settings.update(language="zh_CN")
    page = desktop.window.stack.currentWidget()
    assert isinstance(page, StudiesPage)
    summary = page.builder.summary
    qtbot.waitUntil(lambda: summary.text().count("\n") == 1, timeout=LONG)
    assert not any(word in summary.text() for word in ("errors", "is taken by", "line"))


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


def test_layers_on_the_card_are_a_number_or_a_word(window: MainWindow, qtbot: QtBot, model: Path) -> None:
    builder = builder_for(window, qtbot, model)
    qtbot.mouseClick(builder.more_button, Qt.MouseButton.LeftButton)
    box = builder.more.gpu
    assert box.text() == "automatic" and "gpu_layers" not in builder.draft.toml()
    box.setFocus()
    for text, written in (("all", "gpu_layers = -1"), ("0", "gpu_layers = 0"), ("12", "gpu_layers = 12")):
        box.selectAll()
        qtbot.keyClicks(box, text)
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert box.text() == text and written in builder.draft.toml()
    for text, shown in (("11", Qt.Key.Key_Down), ("12", Qt.Key.Key_Up)):
        qtbot.keyClick(box, shown)
        assert box.text() == text
    box.selectAll()
    qtbot.keyClicks(box, "automatic")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.text() == "automatic" and "gpu_layers" not in builder.draft.toml()
    box.selectAll()
    qtbot.keyClicks(box, "many")  # no such word: the keys are not taken
    assert "many" not in box.text()


def test_a_wrong_override_stops_the_start_also_when_it_is_folded_away(
    window: MainWindow, qtbot: QtBot, model: Path
) -> None:
    builder = builder_for(window, qtbot, model)
    tick(builder, qtbot, "Q4_K_M")
    press(builder.asked.boxes["divergence"], qtbot)
    qtbot.waitUntil(builder.start.isEnabled, timeout=LONG)
    qtbot.mouseClick(builder.more_button, Qt.MouseButton.LeftButton)
    field = builder.more.overrides
    field.setFocus()
    qtbot.keyClicks(field, "no equals sign")
    assert not builder.start.isEnabled(), "at once, not when the typing pauses"
    qtbot.waitUntil(builder.more.problem.isVisible, timeout=LONG)
    assert "no equals sign" in builder.more.problem.text()
    qtbot.mouseClick(builder.more_button, Qt.MouseButton.LeftButton)
    assert not builder.more.isVisible() and "no equals sign" in builder.summary.text()
    qtbot.mouseClick(builder.start, Qt.MouseButton.LeftButton)
    assert window.current == "studies"
    qtbot.mouseClick(builder.more_button, Qt.MouseButton.LeftButton)
    field.selectAll()
    qtbot.keyClicks(field, "blk\\.0\\.ffn_down = q8_0")
    qtbot.waitUntil(builder.start.isEnabled, timeout=LONG)
    assert builder.draft.quantize_option("overrides") == {"blk\\.0\\.ffn_down": "q8_0"}
    assert not builder.more.problem.isVisible()


def test_a_chosen_type_that_turns_out_impossible_can_be_taken_back(
    window: MainWindow, qtbot: QtBot, model: Path
) -> None:
    builder = builder_for(window, qtbot, model)
    tick(builder, qtbot, "Q1_0")
    assert builder.draft.types == ("Q1_0",)
    narrow = tiny_gguf(model.with_name("narrow.gguf"), context=512, width=48)
    type_source(builder, qtbot, str(narrow))

    def row() -> Row:
        return next(row for row in builder.types.rows if row.name == "Q1_0")

    qtbot.waitUntil(lambda: bool(row().problem), timeout=LONG)
    tick(builder, qtbot, "Q1_0")
    assert builder.draft.types == ()
    tick(builder, qtbot, "Q1_0")
    assert builder.draft.types == (), "and it cannot be chosen again"


@pytest.mark.usefixtures("no_other_models")
def test_of_two_models_with_one_name_the_one_chosen_is_taken(
    desktop: Desktop, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = []
    for folder, context in (("a", 512), ("b", 256)):
        (tmp_path / folder).mkdir()
        paths.append(tiny_gguf(tmp_path / folder / "same.gguf", context=context, seed=context))
    desktop.settings.update(model_folders=tuple(str(path.parent) for path in paths))
    builder = from_card(window, qtbot, "which-quant")
    choice = builder.source.choice
    qtbot.waitUntil(lambda: choice.count() == 3, timeout=LONG)
    assert {Path(choice.itemData(place)) for place in (1, 2)} == set(paths)
    paths = [Path(choice.itemData(place)) for place in (1, 2)]
    assert [choice.itemText(place) for place in (1, 2)] == [f"same ({path.parent})" for path in paths]
    choice.setFocus()
    for path in paths:
        qtbot.keyClick(choice, Qt.Key.Key_Down)
        assert builder.draft.source == str(path)
    qtbot.keyClick(choice, Qt.Key.Key_Tab)  # leaving the field takes what stands in it
    assert builder.draft.source == str(paths[1])
    # Also where the texts are the same, the place counts.
    twice = ModelField("Twice")
    qtbot.addWidget(twice)
    twice.offer([("same", str(path)) for path in paths])
    twice.show()
    twice.choice.setFocus()
    qtbot.keyClick(twice.choice, Qt.Key.Key_Down)
    qtbot.keyClick(twice.choice, Qt.Key.Key_Down)
    qtbot.keyClick(twice.choice, Qt.Key.Key_Tab)
    assert twice.source == str(paths[1])


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
    path = builder.edited.file
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
    builder = from_card(window, qtbot, "which-quant")
    qtbot.waitUntil(lambda: bool(builder.types.chosen) and bool(builder.asked.boxes), timeout=LONG)
    assert "Q4_K_M" in builder.types.chosen
    assert builder.asked.boxes["divergence"].isChecked()
    assert builder.source.source == "demo:"


def test_a_ready_made_study_suits_the_model_it_is_given(
    window: MainWindow, qtbot: QtBot, model: Path
) -> None:
    builder = from_card(window, qtbot, "context-length")
    qtbot.waitUntil(lambda: bool(builder.asked.boxes), timeout=LONG)
    assert (builder.draft.probe("passkey") or {})["lengths"] == [1024, 2048, 4096]
    type_source(builder, qtbot, str(model))  # trained for 512
    qtbot.waitUntil(builder.start.isEnabled, timeout=LONG)
    assert (builder.draft.probe("passkey") or {})["lengths"] == [256]


def test_a_detour_over_a_model_of_short_context_shortens_nothing(
    window: MainWindow, qtbot: QtBot, model: Path, tmp_path: Path
) -> None:
    builder = from_card(window, qtbot, "context-length")
    qtbot.waitUntil(lambda: bool(builder.asked.boxes), timeout=LONG)
    builder.name.selectAll()
    qtbot.keyClicks(builder.name, "mine")  # its name is the user's, its questions are still the lab's
    speed = builder.asked.depths["speed"]
    press(builder.asked.boxes["speed"], qtbot)
    choose_depth(speed, "thorough")
    whole = builder.draft.toml()
    type_source(builder, qtbot, str(model))  # trained for 512
    qtbot.waitUntil(builder.start.isEnabled, timeout=LONG)
    assert (builder.draft.probe("passkey") or {})["lengths"] == [256]
    assert (builder.draft.probe("speed") or {})["depth"] == [0] and speed.currentData() == "thorough"
    long = tiny_gguf(tmp_path / "long.gguf", context=8192)
    type_source(builder, qtbot, str(long))
    qtbot.waitUntil(lambda: (builder.draft.probe("speed") or {})["depth"] == [0, 2048], timeout=LONG)
    assert builder.draft.toml() == whole.replace("demo:", str(long)) and speed.currentData() == "thorough"


def test_a_question_taken_back_is_asked_as_before(window: MainWindow, qtbot: QtBot) -> None:
    builder = from_card(window, qtbot, "which-quant")
    qtbot.waitUntil(lambda: bool(builder.asked.boxes) and builder._facts.context > 0, timeout=LONG)
    before = builder.draft.toml()
    passkey = builder.asked.depths["passkey"]
    assert passkey.currentText() == "as in the file"
    choose_depth(passkey, "normal")
    assert builder.draft.toml() != before
    choose_depth(passkey, "own")
    assert builder.draft.toml() == before
    for kind in ("passkey", "divergence"):
        press(builder.asked.boxes[kind], qtbot)
        assert builder.draft.probe(kind) is None
        press(builder.asked.boxes[kind], qtbot)
        assert builder.asked.boxes[kind].isChecked() and builder.draft.toml() == before
    passkey = from_card(window, qtbot, "compare-two").asked.depths["passkey"]
    qtbot.waitUntil(lambda: passkey.findData("own") < 0, timeout=LONG)  # of the study before


def choose_depth(box: QComboBox, depth: str) -> None:
    """As Qt tells of a choice in the list of a box."""
    box.setCurrentIndex(box.findData(depth))
    box.activated.emit(box.currentIndex())


def test_the_field_of_a_model_takes_what_is_pasted_and_can_be_emptied(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    model = tiny_gguf(tmp_path / "my model.gguf", context=512)
    builder = builder_for(window, qtbot, model)
    press(builder.asked.boxes["divergence"], qtbot)
    qtbot.waitUntil(builder.start.isEnabled, timeout=LONG)
    type_source(builder, qtbot, "")
    assert builder.source.source == builder.draft.source == ""
    qtbot.waitUntil(lambda: "Choose" in builder.summary.text(), timeout=LONG)
    assert not builder.start.isEnabled(), "what is not shown is not studied"
    for pasted, meant in (
        (model.as_uri(), str(model)),  # with %20
        (f'"{model}"', str(model)),
        ("https://huggingface.co/org/tiny/blob/main/tiny-Q8_0.gguf", "hf:org/tiny:tiny-Q8_0.gguf@main"),
        ("hf.co/org/tiny:Q8_0", "hf:org/tiny:Q8_0"),
        ("~nobody-of-this-name/x.gguf", "~nobody-of-this-name/x.gguf"),
    ):
        type_source(builder, qtbot, pasted)
        assert builder.source.source == builder.draft.source == meant
    qtbot.waitUntil(lambda: "There is no file ~nobody" in builder.source.note.text(), timeout=LONG)
    assert not window.notices.all()


def test_models_that_are_found_late_do_not_wipe_what_is_typed(
    window: MainWindow, qtbot: QtBot, model: Path
) -> None:
    builder = builder_for(window, qtbot, model)
    line = builder.source.choice.lineEdit()
    assert line is not None
    activate(window)
    line.setFocus()
    qtbot.waitUntil(line.hasFocus, timeout=LONG)
    line.selectAll()
    qtbot.keyClicks(line, "/models/mi")
    builder.offer_models([("other", "/models/other.gguf")])
    qtbot.keyClicks(line, "ne.gguf")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert builder.source.source == "/models/mine.gguf"


def test_a_dropped_model_is_the_source(window: MainWindow, qtbot: QtBot, model: Path) -> None:
    builder = builder_for(window, qtbot, model)
    other = tiny_gguf(model.with_name("other.gguf"), context=256)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(model.with_name("notes.txt"))), QUrl.fromLocalFile(str(other))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    builder.source.dropEvent(QDropEvent(QPointF(5, 5), copy, dropped, left, none))
    assert builder.source.source == str(other)
    qtbot.waitUntil(lambda: builder._facts.context == 256, timeout=LONG)


def test_what_a_plan_reads_for_its_checksum_is_shown(
    desktop: Desktop, window: MainWindow, qtbot: QtBot, model: Path
) -> None:
    builder = builder_for(window, qtbot, model)
    press(builder.asked.boxes["divergence"], qtbot)
    qtbot.waitUntil(builder.start.isEnabled, timeout=LONG)
    builder.foot._set_starting(True)  # as while a study is planned
    desktop.lab._say_hashed(str(model), 1 << 20, 4 << 20)
    qtbot.waitUntil(lambda: "tiny.gguf" in builder.summary.text(), timeout=LONG)
    assert "25 %" in builder.summary.text() and not builder.start.isEnabled()
    desktop.lab._say_hashed(str(model), 4 << 20, 4 << 20)
    qtbot.waitUntil(lambda: "tiny.gguf" not in builder.summary.text(), timeout=LONG)

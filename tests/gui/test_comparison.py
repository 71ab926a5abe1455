"""Comparing files in the builder: from the start page to a started study, and what a study file compares is there."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from lab_app.gui.app import Desktop
from lab_app.gui.builder.builder import Builder
from lab_app.gui.explore.model_field import ModelField
from lab_app.gui.main_window import MainWindow
from lab_app.gui.study.page import StudyPage
from lab_app.system import native
from tests.gui.accessibility import problems
from tests.gui.conftest import LONG, OpenDesktop, activate
from tests.gui.test_builder import from_card, press
from tests.gui.test_builder_fits import choose
from tests.gui.test_study_files import open_own
from tests.models import tiny_gguf

FULL = """
schema_version = 1
name = "everything"
[source]
model = "tiny.gguf"
[[probe]]
kind = "speed"
[[compare]]
model = "other.gguf"
name = "the other"
[[variant]]
name = "KV cache q8_0"
kv_type_k = "q8_0"
kv_type_v = "q8_0"
[[variant]]
name = "one thread"
of = "the other"
threads = 1
kv_type_k = "q4_0"
"""


def type_into(widget: QWidget, qtbot: QtBot, text: str) -> None:
    widget.setFocus()
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(focus, text)
    qtbot.keyClick(focus, Qt.Key.Key_Return)


def from_the_start_page(window: MainWindow, qtbot: QtBot) -> Builder:
    builder = from_card(window, qtbot, "compare-two")
    qtbot.waitUntil(lambda: bool(builder.asked.boxes) and bool(builder.summary.text()), timeout=LONG)
    return builder


@pytest.mark.slow
def test_from_the_start_page_to_a_comparison_of_two_real_files(
    open_desktop: OpenDesktop,
    qtbot: QtBot,
    demo_model: Path,
    tmp_path: Path,
    native_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The demo model against a quantized file of it, with the keyboard and the mouse alone."""
    quantized = tmp_path / "demo.Q2_K.gguf"
    tool = native.tool("llama-quantize")
    subprocess.run(
        [tool, "--allow-requantize", demo_model, quantized, "Q2_K"], check=True, capture_output=True
    )
    monkeypatch.setenv("ODYSSEY_LAB_DEMO_MODEL", str(demo_model))
    desktop = open_desktop()
    window = desktop.window
    builder = from_the_start_page(window, qtbot)
    assert len(builder.compared.files) == 1 and not builder.start.isEnabled()
    assert "Choose the models" in builder.summary.text()
    assert not problems(builder)

    # The base, from the list, then with Tab to the other file.
    qtbot.waitUntil(builder.source.choice.hasFocus, timeout=LONG)
    qtbot.keyClick(builder.source.choice, Qt.Key.Key_Down)
    assert builder.draft.source == "demo:"
    for _ in range(2):
        focus = QApplication.focusWidget()
        assert focus is not None
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    other = builder.compared.files[0].field
    assert other.choice.hasFocus()
    qtbot.keyClicks(other.choice.lineEdit(), str(quantized))
    qtbot.keyClick(other.choice.lineEdit(), Qt.Key.Key_Return)
    assert other.source == str(quantized)
    assert builder.name.text() == "comparison with demo model"
    for kind in ("divergence", "arithmetic"):
        press(builder.asked.boxes[kind], qtbot)
    choose(builder.asked.depths["speed"], qtbot, "quick")
    qtbot.mouseClick(builder.more_button, Qt.MouseButton.LeftButton)
    builder.more.threads.setFocus()
    qtbot.keyClick(builder.more.threads, Qt.Key.Key_Up)  # one thread: others may be at work here
    qtbot.waitUntil(lambda: builder.start.isEnabled() and "2 models" in builder.summary.text(), timeout=LONG)

    heard: list[str] = []
    desktop.lab.sampled.connect(lambda key, samples: heard.append(desktop.lab.jobs[key].title))
    qtbot.mouseClick(builder.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.current == "study", timeout=LONG)
    study = window.stack.currentWidget()
    assert isinstance(study, StudyPage)
    qtbot.waitUntil(lambda: bool(heard), timeout=10 * LONG)
    assert heard[0].startswith("speed: SmolLM2-135M-Instruct.Q4_1"), "the base first"
    assert any(view.title.startswith("speed: demo.Q2_K") for view in desktop.lab.jobs.values())
    qtbot.waitUntil(lambda: study.answer is not None, timeout=LONG)
    assert study.answer is not None
    assert [v.label for v in study.answer.variants] == ["SmolLM2-135M-Instruct.Q4_1", "demo.Q2_K"]


def test_no_length_is_asked_that_the_second_file_was_not_trained_for(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    builder = from_the_start_page(window, qtbot)
    type_into(builder.source.choice, qtbot, str(tiny_gguf(tmp_path / "long.gguf", context=1024)))
    other = builder.compared.files[0].field.choice
    type_into(other, qtbot, str(tiny_gguf(tmp_path / "short.gguf", context=256, seed=1)))
    qtbot.waitUntil(lambda: (builder.draft.probe("divergence") or {})["context"] == 256, timeout=LONG)
    qtbot.waitUntil(builder.start.isEnabled, timeout=LONG)
    type_into(other, qtbot, str(tiny_gguf(tmp_path / "other.gguf", context=1024, seed=2)))
    qtbot.waitUntil(lambda: (builder.draft.probe("divergence") or {})["context"] == 512, timeout=LONG)


def opened(window: MainWindow, qtbot: QtBot, folder: Path, text: str = FULL) -> Builder:
    tiny_gguf(folder / "tiny.gguf", context=1024)
    tiny_gguf(folder / "other.gguf", context=1024, seed=1)
    (folder / "full.toml").write_text(text)
    builder = open_own(window, qtbot, folder / "full.toml")
    activate(window)  # the file dialog was it
    return builder


def test_what_a_study_file_compares_can_be_seen_changed_and_removed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    builder = opened(window, qtbot, tmp_path)
    card = builder.compared
    (file,), (first, second) = card.files, card.variants
    assert file.field.source == str(tmp_path / "other.gguf") and file.name.text() == "the other"
    assert (first.kv_k.currentData(), first.kv_v.currentData(), first.of.currentData()) == (
        "q8_0",
        "q8_0",
        "base",
    )
    assert (second.of.currentData(), second.kv_v.currentData()) == ("the other", None)
    assert second.others.text() == "threads = 1"
    assert "4 models" in builder.summary.text() and not problems(builder)

    def data() -> dict[str, list[dict[str, object]]]:
        return tomllib.loads(builder.draft.toml())

    first.kv_v.setFocus()
    qtbot.keyClick(first.kv_v, Qt.Key.Key_Home)
    qtbot.keyClick(first.kv_v, Qt.Key.Key_Down)
    assert data()["variant"][0] == {"name": "KV cache q8_0/f16", "kv_type_k": "q8_0", "kv_type_v": "f16"}
    # The file goes; the variant of it is told, and goes, too.
    qtbot.mouseClick(file.remove, Qt.MouseButton.LeftButton)
    assert "compare" not in data() and card.files == []
    qtbot.waitUntil(lambda: "the other" in builder.summary.text(), timeout=LONG)
    assert not builder.start.isEnabled()
    qtbot.mouseClick(card.variants[1].remove, Qt.MouseButton.LeftButton)
    assert [table["name"] for table in data()["variant"]] == ["KV cache q8_0/f16"]
    qtbot.waitUntil(builder.start.isEnabled, timeout=LONG)
    assert "2 models" in builder.summary.text()


def test_files_and_kv_types_are_added(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    bare = FULL.split("[[compare]]")[0]
    builder = opened(window, qtbot, tmp_path, bare)
    card = builder.compared
    assert card.nothing.isVisible() and builder.source_title.text() == "Which model?"
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        path = tiny_gguf(tmp_path / folder / "same.gguf", context=1024, seed=ord(folder))
        qtbot.mouseClick(card.add_file, Qt.MouseButton.LeftButton)
        assert not builder.start.isEnabled()
        type_into(card.files[-1].field.choice, qtbot, str(path))
    for _ in range(2):
        qtbot.mouseClick(card.add_variant, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: builder.start.isEnabled() and "5 models" in builder.summary.text(), timeout=LONG)
    assert "Base" in builder.source_title.text()
    data = tomllib.loads(builder.draft.toml())
    assert data["compare"] == [
        {"model": str(tmp_path / "a" / "same.gguf")},
        {"model": str(tmp_path / "b" / "same.gguf"), "name": "same (b)"},
    ]
    assert [table["name"] for table in data["variant"]] == ["KV cache q8_0", "KV cache q4_0"]
    # Another file instead: the name that told them apart is not its.
    type_into(card.files[1].field.choice, qtbot, str(tmp_path / "other.gguf"))
    assert tomllib.loads(builder.draft.toml())["compare"][1] == {"model": str(tmp_path / "other.gguf")}


def test_the_tab_key_visits_what_was_added_where_it_stands(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    builder = opened(desktop.window, qtbot, tmp_path)
    card = builder.compared
    order = [w for part in (*card.files, *card.variants) for w in part.parts()]
    wanted = [builder.source.browse, *order, card.add_file, card.add_variant]
    wanted[0].setFocus()
    seen = []
    for _ in wanted:
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.append(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert seen == wanted
    assert all(not isinstance(widget, ModelField) for widget in seen)

"""Large model files are read for their checksums beside everything else, to be seen and to be stopped."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from lab_app.gui import background
from lab_app.gui.app import Desktop
from lab_app.gui.explore.duel import Duel
from lab_app.gui.explore.tokenizer import Tokenizer
from lab_app.gui.main_window import MainWindow
from tests.gui.accessibility import problems
from tests.gui.conftest import LONG, build
from tests.gui.test_explore import tab
from tests.models import tiny_gguf

HUGE = 200 << 30
"""Bytes of a file with a hole: minutes to read, no room on the disk."""


def huge(path: Path) -> str:
    tiny_gguf(path, context=512)
    os.truncate(path, HUGE)
    return str(path)


def test_a_duel_of_large_files_shows_and_stops_the_reading(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    duel = tab(desktop.window, "duel")
    assert isinstance(duel, Duel)
    for number, side in enumerate(duel.sides):
        side.field.take(huge(tmp_path / f"huge-{number}.gguf"))
    qtbot.keyClicks(duel.prompt, "once upon")
    qtbot.mouseClick(duel.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: duel.reading.isVisible() and "huge-0.gguf" in duel.reading.text.text(), timeout=LONG
    )
    assert not problems(duel)
    answers: list[int] = []
    for number in range(8):
        desktop.lab.ask(lambda store, n=number: n, answers.append)
    qtbot.waitUntil(lambda: sorted(answers) == list(range(8)), timeout=LONG)
    assert duel.reading.busy, "short questions do not wait for it"
    qtbot.mouseClick(duel.stop, Qt.MouseButton.LeftButton)
    assert duel.verdict.text() == "Stopped." and not duel.reading.isVisible()
    assert duel.go.isEnabled() and not duel.stop.isEnabled()
    assert background.wait_for_all(LONG), "the file is not read to its end"
    qtbot.mouseClick(duel.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(duel.reading.isVisible, timeout=LONG)
    qtbot.mouseClick(duel.reading.stop, Qt.MouseButton.LeftButton)
    assert duel.verdict.text() == "Stopped." and duel.go.isEnabled()


def test_the_next_choice_stops_the_reading(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    builder = build(window, huge(tmp_path / "huge.gguf"))
    qtbot.waitUntil(builder.reading.isVisible, timeout=LONG)
    assert "huge.gguf" in builder.reading.text.text()
    builder.source.take(str(tiny_gguf(tmp_path / "small.gguf", context=512)))
    qtbot.waitUntil(lambda: any(row.exact for row in builder.types.rows), timeout=LONG)
    assert not builder.reading.busy and not builder.reading.isVisible()


def test_the_tokenizer_says_what_it_reads(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    made = tab(window, "tokenizer")
    assert isinstance(made, Tokenizer)
    made.fields[0].take(huge(tmp_path / "huge.gguf"))
    qtbot.keyClicks(made.text, "ab")
    qtbot.waitUntil(made.reading.isVisible, timeout=LONG)
    made.text.clear()
    qtbot.waitUntil(lambda: not made.reading.busy, timeout=LONG)
    assert background.wait_for_all(LONG)

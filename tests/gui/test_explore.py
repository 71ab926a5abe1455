"""Duel and tokenizer, with real models in real workers."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from lab_app.gui.app import Desktop
from lab_app.gui.explore.duel import Duel
from lab_app.gui.explore.inspect import Inspect
from lab_app.gui.explore.tokenizer import Tokenizer
from lab_app.gui.main_window import MainWindow
from lab_app.gui.pages.explore import ExplorePage
from lab_app.system.translation import PSEUDO
from tests.gui.accessibility import problems
from tests.gui.conftest import LONG
from tests.models import tiny_gguf


def tab(window: MainWindow, name: str) -> QWidget:
    window.navigate("explore", {"tab": name})
    page = window.stack.currentWidget()
    assert isinstance(page, ExplorePage)
    return page.tab(name)


def test_two_files_write_at_once_and_part(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    duel = tab(window, "duel")
    assert isinstance(duel, Duel)
    qtbot.mouseClick(duel.go, Qt.MouseButton.LeftButton)
    assert "Choose two files" in duel.verdict.text(), "what is missing is said"
    for side, seed in zip(duel.sides, (1, 2), strict=True):
        side.field.take(str(tiny_gguf(tmp_path / f"tiny-{seed}.gguf", seed=seed)))
    duel.chat.setChecked(False)  # these models have no chat template
    qtbot.keyClicks(duel.prompt, "once upon")
    duel.length.setValue(12)
    qtbot.mouseClick(duel.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: all(len(side.tokens) == 12 for side in duel.sides), timeout=LONG)
    qtbot.waitUntil(
        lambda: duel.go.isEnabled() and "reached the length" in duel.sides[0].note.text(), timeout=LONG
    )
    first, second = duel.sides
    assert first.ids != second.ids, "two random models agree in nothing"
    assert duel._fork is not None and first.ids[: duel._fork] == second.ids[: duel._fork]
    assert first.ids[duel._fork] != second.ids[duel._fork]
    assert "part" in duel.verdict.text()
    assert len(first.top.rows) == 5 and len(second.top.rows) == 5
    assert first.top.rows[0][1] >= first.top.rows[1][1]
    assert not problems(duel)

    before = [side.ids for side in duel.sides]
    qtbot.mouseClick(duel.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: all(len(side.tokens) == 12 for side in duel.sides), timeout=LONG)
    assert [side.ids for side in duel.sides] == before, "found in the store, the same tokens"


def test_the_same_file_twice_never_parts(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    duel = tab(window, "duel")
    assert isinstance(duel, Duel)
    path = str(tiny_gguf(tmp_path / "tiny.gguf"))
    for side in duel.sides:
        side.field.take(path)
    duel.chat.setChecked(False)
    duel.prompt.setPlainText("once")
    duel.length.setValue(6)
    qtbot.mouseClick(duel.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: all(len(side.tokens) == 6 for side in duel.sides), timeout=LONG)
    assert duel._fork is None and "same so far" in duel.verdict.text()


def test_a_model_without_a_template_says_so(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    duel = tab(window, "duel")
    assert isinstance(duel, Duel)
    for side in duel.sides:
        side.field.take(str(tiny_gguf(tmp_path / "tiny.gguf")))
    duel.chat.setChecked(True)
    duel.prompt.setPlainText("hello")
    qtbot.mouseClick(duel.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "chat template" in duel.sides[0].note.text(), timeout=LONG)
    assert duel.go.isEnabled()
    qtbot.waitUntil(lambda: "loading" not in duel.verdict.text(), timeout=LONG)


def test_a_duel_that_is_stopped_loads_nothing_any_more(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    duel = tab(window, "duel")
    assert isinstance(duel, Duel)
    for side, seed in zip(duel.sides, (1, 2), strict=True):
        side.field.take(str(tiny_gguf(tmp_path / f"tiny-{seed}.gguf", seed=seed)))
    duel.chat.setChecked(False)
    duel.prompt.setPlainText("once upon")
    qtbot.mouseClick(duel.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: all(side.key in window.lab.jobs for side in duel.sides), timeout=LONG)
    qtbot.mouseClick(duel.stop, Qt.MouseButton.LeftButton)  # long before the first token
    qtbot.waitUntil(duel.go.isEnabled, timeout=LONG)
    assert "loading" not in duel.verdict.text()


def test_tokens_of_two_models_side_by_side(
    window: MainWindow, qtbot: QtBot, demo_model: Path, tmp_path: Path
) -> None:
    tokenizer = tab(window, "tokenizer")
    assert isinstance(tokenizer, Tokenizer)
    tokenizer.fields[0].take(str(demo_model))
    tokenizer.text.setPlainText("hello world 12345 é")
    qtbot.waitUntil(lambda: tokenizer.model.rowCount() > 0, timeout=LONG)
    model = tokenizer.model
    assert model.columnCount() == 2
    assert "".join(str(model.index(i, 0).data()) for i in range(model.rowCount())) == "hello␣world␣12345␣é"
    tokenizer.fields[1].take(str(tiny_gguf(tmp_path / "tiny.gguf")))
    qtbot.waitUntil(lambda: model.columnCount() == 3, timeout=LONG)
    assert "differ" in tokenizer.note.text(), "a byte tokenizer cuts otherwise than byte-pair encoding"
    assert any(str(model.index(i, 0).data()).startswith("≠") for i in range(model.rowCount()))
    tokenizer.fields[1].take(str(demo_model))
    qtbot.waitUntil(lambda: "same ids" in tokenizer.note.text(), timeout=LONG)
    assert not problems(tokenizer)


def test_the_second_model_can_be_taken_away_and_a_failure_leaves_no_tokens_of_before(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    tokenizer = tab(window, "tokenizer")
    assert isinstance(tokenizer, Tokenizer)
    for field, seed in zip(tokenizer.fields, (1, 2), strict=True):
        field.take(str(tiny_gguf(tmp_path / f"tiny-{seed}.gguf", seed=seed)))
    tokenizer.text.setPlainText("emoji 🙂")
    qtbot.waitUntil(lambda: "second" in tokenizer.note.text(), timeout=LONG)
    line = tokenizer.fields[1].choice.lineEdit()
    assert line is not None
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "characters a token" in tokenizer.note.text(), timeout=LONG)
    assert tokenizer.model.size() and tokenizer.model.columnCount() == 2
    tokenizer.fields[0].take(str(tmp_path / "gone.gguf"))
    qtbot.waitUntil(lambda: "cannot be read" in tokenizer.note.text(), timeout=LONG)
    assert not tokenizer.model.size()


def test_what_was_typed_outlives_a_change_of_the_language(
    desktop: Desktop, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    files = [str(tiny_gguf(tmp_path / f"tiny-{seed}.gguf", seed=seed)) for seed in (1, 2)]
    duel, tokenizer, inspect = (tab(window, name) for name in ("duel", "tokenizer", "inspector"))
    assert isinstance(duel, Duel) and isinstance(tokenizer, Tokenizer) and isinstance(inspect, Inspect)
    for side, file in zip(duel.sides, files, strict=True):
        side.field.take(file)
    duel.prompt.setPlainText("a long question")
    duel.length.setValue(7)
    tokenizer.fields[0].take(files[0])
    tokenizer.text.setPlainText("a text")
    inspect.field.take(files[1])
    desktop.settings.update(language=PSEUDO)
    page = desktop.window.stack.currentWidget()
    assert isinstance(page, ExplorePage) and page.tabs.currentIndex() == 2
    anew, tokens, inspected = page.tab("duel"), page.tab("tokenizer"), page.tab("inspector")
    assert isinstance(anew, Duel) and anew is not duel
    assert isinstance(tokens, Tokenizer) and isinstance(inspected, Inspect)
    assert [side.field.source for side in anew.sides] == files
    assert anew.prompt.toPlainText() == "a long question" and anew.length.value() == 7
    assert tokens.text.toPlainText() == "a text" and inspected.field.source == files[1]
    qtbot.waitUntil(lambda: tokens.model.size() > 0, timeout=LONG)


def test_a_duel_goes_on_in_another_language(
    desktop: Desktop, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    duel = tab(window, "duel")
    assert isinstance(duel, Duel)
    for side, seed in zip(duel.sides, (1, 2), strict=True):
        side.field.take(str(tiny_gguf(tmp_path / f"tiny-{seed}.gguf", seed=seed, context=1024)))
    duel.chat.setChecked(False)
    duel.prompt.setPlainText("once upon")
    duel.length.setValue(400)
    qtbot.mouseClick(duel.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(side.tokens for side in duel.sides), timeout=LONG)
    for language in ("zh_CN", "en"):  # while it runs, and where it has ended
        desktop.settings.update(language=language)
        page = desktop.window.stack.currentWidget()
        assert isinstance(page, ExplorePage)
        anew = page.tab("duel")
        assert isinstance(anew, Duel)
        qtbot.waitUntil(lambda d=anew: all(len(side.tokens) == 400 for side in d.sides), timeout=LONG)  # type: ignore[misc]
        qtbot.waitUntil(anew.go.isEnabled, timeout=LONG)
        assert anew._fork is not None and not anew.stop.isEnabled()
    assert isinstance(anew, Duel)
    for side in anew.sides:
        qtbot.waitUntil(lambda s=side: "reached the length" in s.note.text(), timeout=LONG)  # type: ignore[misc]


def test_two_files_that_do_not_fit_write_after_a_warning(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    duel = tab(window, "duel")
    assert isinstance(duel, Duel)
    duel._context.settings.update(reserve=1 << 50)  # more than any machine has
    for side, seed in zip(duel.sides, (1, 2), strict=True):
        side.field.take(str(tiny_gguf(tmp_path / f"tiny-{seed}.gguf", seed=seed)))
    duel.chat.setChecked(False)
    duel.prompt.setPlainText("once")
    duel.length.setValue(3)

    def boxes() -> list[QMessageBox]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]

    qtbot.mouseClick(duel.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(boxes()) == 1, timeout=LONG)
    assert "tiny-1.gguf and tiny-2.gguf need" in boxes()[0].text()
    qtbot.keyClick(boxes()[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not boxes(), timeout=LONG)
    assert duel.go.isEnabled() and not any(side.key for side in duel.sides), "nothing is loaded"
    qtbot.mouseClick(duel.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(boxes()) == 1, timeout=LONG)
    anyway = next(b for b in boxes()[0].buttons() if b.text() == "Load them anyway")
    qtbot.mouseClick(anyway, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: all(len(side.tokens) == 3 for side in duel.sides), timeout=LONG)

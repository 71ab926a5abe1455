"""Nothing is cut in the smallest window, in English and in sentences that are half as long again; and what is laid
out for languages from right to left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QStyleOptionViewItem,
    QWidget,
)
from pytestqt.qtbot import QtBot

from lab_app.gui import theme
from lab_app.gui.app import Desktop
from lab_app.gui.pages import Page
from lab_app.gui.study.chunk import Chunk, Token
from lab_app.gui.study.token_text import TokenText, runs_from_the_right
from lab_app.gui.study.tokens import TokensTab
from lab_app.gui.widgets.basic import label, margins, row
from lab_app.gui.widgets.tables import TableView, isolated
from lab_app.system import settings
from lab_app.system.paths import Folders
from tests.gui.conftest import LONG, OpenDesktop, build, go, page_of, slow, submit, until
from tests.gui.study.test_study_page import finished, opened
from tests.gui.test_tables import Things
from tests.models import tiny_gguf

SMALLEST = (1024, 700)


@pytest.fixture(params=["en", "pseudo"])
def small(
    request: pytest.FixtureRequest, open_desktop: OpenDesktop, folders: Folders, tmp_path: Path
) -> Iterator[Desktop]:
    """The smallest window, over a study with one failure and two models."""
    built = finished(folders.root)
    built.file("IQ2_M", None, quant="IQ2_M", error="The disk is full.")
    built.data()
    built.store.close()
    (tmp_path / "mine").mkdir()
    for name in ("alpha", "beta"):
        tiny_gguf(tmp_path / "mine" / f"{name}.gguf", context=512)
    chosen = settings.Settings(language=request.param, model_folders=(str(tmp_path / "mine"),))
    settings.save(folders, chosen)
    desktop = open_desktop()
    desktop.window.resize(*SMALLEST)
    yield desktop
    desktop.settings.update(language="en", theme="system")


def cut(window: QWidget) -> list[str]:
    """Visible heads of tables and buttons that are narrower than their words, and pages that scroll sideways."""
    found = []
    for table in window.findChildren(TableView):
        header = table.horizontalHeader()
        bold = QFont(header.font())
        bold.setWeight(QFont.Weight.DemiBold)
        for column in range(header.count() if table.isVisible() else 0):
            head = str(table.model().headerData(column, Qt.Orientation.Horizontal))
            words = max(QFontMetrics(bold).horizontalAdvance(line) for line in head.split("\n"))
            if not header.isSectionHidden(column) and header.sectionSize(column) < words + 16:
                found.append(f"head “{head}” of “{table.accessibleName()}”")
    for button in window.findChildren(QPushButton):
        if button.isVisible() and button.text() and button.width() < button.minimumSizeHint().width():
            found.append(f"button “{button.text()}”")
    for area in window.findChildren(QScrollArea):
        held = area.widget()
        if area.isVisible() and held is not None and held.width() > area.viewport().width():
            found.append(f"scrolls sideways: {area.accessibleName()}")
    return found


def looked_at(desktop: Desktop, qtbot: QtBot) -> None:
    qtbot.wait(50)
    # What came last may have changed a text, of which the layout has not taken notice yet.
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert desktop.window.size().toTuple() == SMALLEST
    assert cut(desktop.window) == []


def test_models_and_their_inspector(small: Desktop, qtbot: QtBot) -> None:
    page = go(small.window, "models")
    qtbot.waitUntil(lambda: page.model.rowCount() >= 2, timeout=LONG)
    page.table.selectRow(0)
    qtbot.waitUntil(page.inspector.tabs.isVisible, timeout=LONG)
    for at in range(page.inspector.tabs.count()):
        page.inspector.tabs.setCurrentIndex(at)
        looked_at(small, qtbot)
    page.show_hub()
    looked_at(small, qtbot)


def test_studies_and_a_study(small: Desktop, qtbot: QtBot) -> None:
    page = go(small.window, "studies")
    qtbot.waitUntil(lambda: page.model.rowCount() > 0, timeout=LONG)
    looked_at(small, qtbot)
    study = opened(small, qtbot, "test-0123456789")
    qtbot.waitUntil(lambda: study.main.model.rowCount() > 0 and study.tabs.count() > 2, timeout=LONG)
    for at in range(study.tabs.count()):
        study.tabs.setCurrentIndex(at)
        looked_at(small, qtbot)
    least = []
    for name in ("Q8_0", "Some-Organization-Large-Language-Model-Instruct-Distill-v2.5-128k-Q4_K_M"):
        tokens = TokensTab(study.context, lambda: False)
        qtbot.addWidget(tokens)
        tokens.file.addItem(name)
        tokens.show()
        least.append(tokens.minimumSizeHint().width())
    assert least[0] == least[1]


def test_the_builder(small: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    builder = build(small.window, tmp_path / "mine" / "alpha.gguf")
    qtbot.waitUntil(lambda: bool(builder.types.rows) and bool(builder.asked.boxes), timeout=LONG)
    builder.more_button.setChecked(True)
    builder.compared.add_file.click()
    builder.compared.files[0].field.take("/models/quants/a-model-with-a-long-name.Q4_K_M.gguf")
    builder.compared.add_variant.click()
    builder.compared.add_variant.click()
    qtbot.waitUntil(lambda: builder.compared.variants[0].of.count() > 1, timeout=LONG)
    looked_at(small, qtbot)


def test_the_inspector_after_a_wide_window(small: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    """Facts have room for all their lines, which are more in the smaller window."""
    small.window.resize(1900, 1040)
    small.window.navigate("explore", {"tab": "inspector"})
    tab = page_of(small.window).tab("inspector")
    tab.field.take(str(tmp_path / "mine" / "alpha.gguf"))
    qtbot.waitUntil(tab.inspector.tabs.isVisible, timeout=LONG)
    qtbot.wait(50)
    small.settings.update(theme="dark")
    small.window.resize(*SMALLEST)
    qtbot.wait(50)
    facts = [made for made in tab.inspector.summary.findChildren(QLabel) if made.wordWrap()]
    assert len(facts) > 8
    assert [made.text() for made in facts if made.height() < made.heightForWidth(made.width())] == []


@pytest.mark.parametrize("tab", ["duel", "tokenizer", "inspector"])
def test_explore(small: Desktop, qtbot: QtBot, tab: str) -> None:
    small.window.navigate("explore", {"tab": tab})
    looked_at(small, qtbot)


def test_queue_and_settings(small: Desktop, qtbot: QtBot) -> None:
    submit(small, qtbot, job := slow())
    until(small, qtbot, job, "running")  # type: ignore[arg-type]
    go(small.window, "queue")
    looked_at(small, qtbot)
    page = go(small.window, "settings")
    assert isinstance(page, Page)
    qtbot.waitUntil(lambda: bool(page.machine.checks), timeout=LONG)  # type: ignore[attr-defined]
    looked_at(small, qtbot)


# -- from right to left ------------------------------------------------------------------------------


@pytest.fixture
def mirrored(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_latin_words_stand_where_lines_begin(qtbot: QtBot, mirrored: None) -> None:
    """Qt would put them on the left, by their letters."""
    made = label("SmolLM2")
    qtbot.addWidget(made)
    made.resize(400, 30)
    image = made.grab().toImage()
    ground = image.pixelColor(200, 2)
    inked = [x for x in range(400) for y in range(30) if image.pixelColor(x, y) != ground]
    assert min(inked) > 200
    holder = QWidget()
    qtbot.addWidget(holder)
    line = row(QLabel("a"))
    margins(line, 1, 0, 3, 0)
    holder.setLayout(line)
    assert (line.contentsMargins().left(), line.contentsMargins().right()) == (12, 4)


def test_tokens_are_painted_as_they_are_written(qtbot: QtBot, mirrored: None) -> None:
    """A part of a character is shown as \\xe2, which would become xe2\\ among words from the right."""

    def painted(direction: Qt.LayoutDirection) -> QImage:
        made = TokenText()
        qtbot.addWidget(made)
        made.setLayoutDirection(direction)
        made.resize(400, 60)
        texts = ("\\xe2", "(a", " b.")
        made.show_chunk(
            Chunk(0, tuple(Token(at, text, 0.0, 1.0, 1.0, 0, 0) for at, text in enumerate(texts)))
        )
        return made.grab().toImage()

    assert painted(Qt.LayoutDirection.RightToLeft) == painted(Qt.LayoutDirection.LeftToRight)
    assert runs_from_the_right("שלום.") and not runs_from_the_right("\\xe2") and not runs_from_the_right(".")


def test_a_row_is_chosen_by_its_number(qtbot: QtBot, mirrored: None) -> None:
    """Also where the columns are narrower than the table: Qt finds none at the edge then, and chooses nothing."""
    table = TableView("things")
    qtbot.addWidget(table)
    table.setModel(Things())
    table.resize(900, 200)
    table.show()
    table.selectRow(2)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [2]


def test_a_number_keeps_its_unit_behind_it(qtbot: QtBot, mirrored: None) -> None:
    """“1.2 %” has no letter that says how it runs, and would become “% 1.2”."""

    def drawn(text: str) -> list[bool]:
        made = QLabel(text)
        qtbot.addWidget(made)
        made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        made.resize(120, 30)
        image = made.grab().toImage()
        return [image.pixelColor(x, y).lightness() < 128 for x in range(120) for y in range(30)]

    assert drawn("\u202b1.2 %\u202c") != drawn("\u202b" + isolated("1.2 %") + "\u202c")
    table = TableView("things")
    qtbot.addWidget(table)
    model = Things()
    table.setModel(model)
    delegate: Any = table.itemDelegate()
    option = QStyleOptionViewItem()
    table.initViewItemOption(option)
    delegate.initStyleOption(option, model.index(0, 1))
    assert option.text == isolated("10.00")  # type: ignore[attr-defined]


# -- what was seen on pictures -----------------------------------------------------------------------


def test_the_first_answer_looks_like_one(desktop: Desktop, qtbot: QtBot) -> None:
    """A role given after the button was made is painted at once, not only after the next change of the theme."""
    submit(desktop, qtbot, job := slow())
    until(desktop, qtbot, job, "running")  # type: ignore[arg-type]
    desktop.window.close()
    box = desktop.window.findChild(QMessageBox)
    assert box is not None
    keep = box.findChild(QPushButton, "keep")
    assert isinstance(keep, QPushButton)
    qtbot.waitUntil(keep.isVisible, timeout=LONG)
    seen = keep.grab().toImage().pixelColor(keep.width() // 2, 4)
    assert seen == QColor(theme.keeper().theme.accent)
    box.reject()


def test_a_wide_window_keeps_fields_together(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.window.resize(1900, 1040)
    desktop.window.navigate("explore", {"tab": "tokenizer"})
    page = desktop.window.stack.currentWidget()
    tokenizer = page.tab("tokenizer")  # type: ignore[union-attr]
    qtbot.waitUntil(tokenizer.isVisible, timeout=LONG)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert tokenizer.fields[0].height() < 60
    assert tokenizer.table.height() > 400
    desktop.window.navigate("explore", {"tab": "duel"})
    side = page.tab("duel").sides[0]  # type: ignore[union-attr]
    qtbot.waitUntil(side.isVisible, timeout=LONG)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert side.note.height() < 60
    assert side.text.height() > 300

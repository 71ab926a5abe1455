"""The page of a study over a real store, and over a real run of a tiny model."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from lab_app.figures import Histogram
from lab_app.gui.app import Desktop
from lab_app.gui.plots.view import FigureView
from lab_app.gui.study.page import StudyPage
from lab_app.gui.widgets.table_model import VALUE
from lab_app.gui.widgets.verdict import VerdictCard
from lab_app.jobs.states import JobState
from lab_app.reports.collect import collect
from lab_app.reports.drawing.ridges import array_values
from lab_app.reports.tables import main_table
from lab_app.reports.verdict import Sentence, verdict
from lab_app.store.records import Sample, unpack_array
from lab_app.system import paths
from lab_app.system.paths import Folders
from tests.gui.conftest import LONG
from tests.models import tiny_gguf
from tests.reports.builder import MEGA, Builder

STUDY = """
schema_version = 1
name = "small study"
[source]
model = "tiny.gguf"
[quantize]
types = ["Q8_0", "Q4_0"]
[engine]
threads = 1
[[probe]]
kind = "divergence"
context = 512
chunks = 40
"""
CHUNKS = 40
"""Enough work that somebody at the window can pause it, on a fast machine too."""


def finished(folder: Path) -> Builder:
    """A study of the lab's own probes, as the runner would have left it."""
    lab = Builder(folder)
    lab.name = "quants"
    files = (
        ("base", 98, None, 0.0),
        ("Q8_0", 145, 0.0009, 0.0),  # not to be told apart from the base
        ("Q4_K_M", 105, 0.031, 0.012),
        ("Q2_K", 88, 1.9, 0.95),
    )
    for name, size, kld, shift in files:
        lab.file(name, size * MEGA, base=kld is None, quant=None if kld is None else name)
        lab.divergence(name, kld, shift)
        lab.speed(name, 60.0 - size / 5)
    return lab


def opened(desktop: Desktop, qtbot: QtBot, study_id: str) -> StudyPage:
    desktop.window.navigate("study", {"study": study_id})
    page = desktop.window.stack.currentWidget()
    assert isinstance(page, StudyPage)
    qtbot.waitUntil(lambda: page.answer is not None, timeout=LONG)
    return page


def begun(desktop: Desktop, qtbot: QtBot, toml: str, folder: Path) -> StudyPage:
    """Start a study whose files lie in ``folder``, and open its page."""
    started: list[str] = []
    desktop.lab.start_study(toml, folder / "study.toml", started.append)
    qtbot.waitUntil(lambda: bool(started), timeout=LONG)
    return opened(desktop, qtbot, started[0])


def test_a_finished_study(open_desktop: Callable[[], Desktop], qtbot: QtBot, folders: Folders) -> None:
    built = finished(folders.root)
    data = built.data()
    built.store.close()
    desktop = open_desktop()
    page = opened(desktop, qtbot, "test-0123456789")
    assert [name for name, made in desktop.window.rail.buttons.items() if made.isChecked()] == ["studies"]
    said = verdict(data)
    # Numbers of the machine it stands on may differ; what was measured may not.
    assert page.verdict.texts[0] == said.headline
    assert page.head.state.text() == "Finished." and not page.head.resume.isVisible()
    table = main_table(data, said)
    model = page.main.model
    assert (model.rowCount(), model.columnCount()) == (len(table.rows), len(table.columns))
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row):
            index = model.index(r, c)
            assert model.data(index, VALUE) == (cell.value if cell.value is not None else cell.text)
    place = next(i for i, c in enumerate(table.columns) if c.label.startswith("Perplexity relative"))
    marked = model.index(1, place)
    assert "≈" in model.data(marked)
    assert "cannot be told apart" in model.data(marked, Qt.ItemDataRole.AccessibleTextRole)
    tabs = [page.tabs.tabText(i) for i in range(page.tabs.count())]
    assert tabs[:3] == ["Overview", "Divergence from the base", "Speed"]
    divergence = next(p for p in data.probes if p.probe == "divergence")
    nll = page.figures["p1f4"]
    for variant in data.variants:
        stored = sum(s.series == "chunk" for s in divergence.cells[variant.variant_id].samples)
        qtbot.waitUntil(lambda v=variant, n=stored: nll.drawing.count(v.variant_id) == n, timeout=LONG)
    ridges = page.figures["p1f5"]  # counted by the analyst, from the same numbers as the report's
    assert isinstance(ridges.figure, Histogram) and not ridges.is_empty
    for variant in data.variants:
        values = array_values(ridges.figure, divergence.cells[variant.variant_id].samples)
        rows = [
            ridges.drawing.row(variant.variant_id, i) for i in range(ridges.drawing.count(variant.variant_id))
        ]
        assert sum(row[2] for row in rows) == len(values)  # type: ignore[misc]
    bars = page.figures["p1f1"]
    metric = divergence.cells["Q4_K_M"].metrics["kld_mean"]
    assert bars.drawing.row("Q4_K_M", 0)[1:4] == (
        metric.estimate.value,
        metric.estimate.lo,
        metric.estimate.hi,
    )


def test_a_study_opens_in_pieces(
    open_desktop: Callable[[], Desktop], qtbot: QtBot, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One figure a turn of the event loop: all at once they would be one long stall."""
    built = finished(folders.root)
    built.data()
    built.store.close()
    desktop, made = open_desktop(), list[int]()
    turn = StudyPage._show_next

    def noted(page: StudyPage) -> None:
        before = len(page.figures)
        turn(page)
        made.append(len(page.figures) - before)

    monkeypatch.setattr(StudyPage, "_show_next", noted)
    page = opened(desktop, qtbot, "test-0123456789")
    assert page.answer is not None
    assert page.figures.keys() == {figure.name for figure in page.answer.figures}
    assert sum(made) == len(page.figures) > 3 and max(made) == 1


def test_a_figure_that_cannot_be_drawn_keeps_nothing_else_back(
    open_desktop: Callable[[], Desktop], qtbot: QtBot, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = finished(folders.root)
    built.data()
    built.store.close()
    desktop = open_desktop()

    def wrong(view: FigureView, found: Any) -> None:
        raise IndexError("a fault of its own")

    monkeypatch.setattr(FigureView, "distribute", wrong)
    with qtbot.captureExceptions() as raised:
        page = opened(desktop, qtbot, "test-0123456789")
        assert page.verdict.texts and page.head.state.text() == "Finished."
    assert [kind for kind, *_ in raised] == [IndexError]


def test_the_table_of_a_report_is_sorted_and_copied(
    open_desktop: Callable[[], Desktop], qtbot: QtBot, folders: Folders
) -> None:
    built = finished(folders.root)
    built.data()
    built.store.close()
    page = opened(open_desktop(), qtbot, "test-0123456789")
    view, model = page.main.view, page.main.model
    place = next(at for at, head in enumerate(model.heads()) if head.startswith("Perplexity"))
    header = view.horizontalHeader()
    head = QPoint(header.sectionViewportPosition(place) + 20, header.height() // 2)

    def values(column: int) -> list[Any]:
        return [model.index(row, column).data(VALUE) for row in range(model.rowCount())]

    before = values(0)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=head)
    numbers = [v for v in values(place) if isinstance(v, float)]
    assert len(numbers) >= 3 and numbers == sorted(numbers)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=head)
    numbers = [v for v in values(place) if isinstance(v, float)]
    assert numbers == sorted(numbers, reverse=True) and values(0) != before
    for row in range(model.rowCount()):
        two = "\n" in "".join(model.index(row, column).data() for column in range(model.columnCount()))
        assert (view.rowHeight(row) > 1.5 * view.fontMetrics().height() + 12) is two, (
            "heights go with their rows"
        )
    view.selectRow(1)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text().split("\t")
    assert copied == [str(model.index(1, column).data(VALUE)) for column in range(model.columnCount())]
    qtbot.keyClick(view, Qt.Key.Key_Home)
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert values(0) == sorted(values(0), key=str.casefold)


def test_what_failed_and_why(open_desktop: Callable[[], Desktop], qtbot: QtBot, folders: Folders) -> None:
    built = finished(folders.root)
    built.file("IQ2_M", None, quant="IQ2_M", error="The disk is full.")
    built.cell("divergence", "divergence", "IQ2_M", [], state="queued")
    built.data()
    built.store.close()
    desktop = open_desktop()
    page = opened(desktop, qtbot, "test-0123456789")
    assert page.failures.isVisible()
    (line,) = [f for f in page.failures.children() if f.property("accessibleName")]
    assert line.property("accessibleName") == "quantize to IQ2_M: The disk is full."
    assert page.head.resume.isVisible() and page.head.sentence().startswith("1 job")
    log = next(b for b in page.failures.findChildren(QPushButton) if b.text() == "Log")
    qtbot.mouseClick(log, Qt.MouseButton.LeftButton)
    queue: Any = desktop.window.stack.currentWidget()
    assert desktop.window.current == "queue"
    qtbot.waitUntil(lambda: queue.details.title.text() == "quantize to IQ2_M", timeout=LONG)
    desktop.window.navigate("study", {})
    names = {line[0].text: line for line in page.main.model.table.rows}  # type: ignore[union-attr]
    assert any(cell.text in ("blocked", "not yet") for cell in names["IQ2_M"])
    desktop.window.navigate("study", {"study": "gone"})
    qtbot.waitUntil(lambda: "not in the store" in page.nothing.text(), timeout=LONG)
    assert page.stack.currentIndex() == 0 and not page.figures


def test_what_comes_while_the_first_answer_is_shown(
    open_desktop: Callable[[], Desktop], qtbot: QtBot, folders: Folders
) -> None:
    """It is too late for that answer, and may be the last that happens."""
    built = finished(folders.root)
    built.file("Q3_K_M", 94 * MEGA, quant="Q3_K_M")
    built.divergence("Q3_K_M", 0.2, 0.1, chunks=6, state="queued")
    key = built.cells[-1].job_key
    late = built.store.samples(key)
    late = [Sample(s.series, float(s.x) + 6, s.y, s.lo, s.hi, s.n, s.payload) for s in late]
    built.data()
    built.store.close()
    desktop = open_desktop()
    desktop.window.navigate("study", {"study": "test-0123456789"})
    page = desktop.window.stack.currentWidget()
    assert isinstance(page, StudyPage) and page.answer is None

    came = []

    def come(_: object) -> None:
        page.analyst.answered.disconnect(come)
        assert page.answer is None and desktop.lab.store is not None
        came.append(key)
        desktop.lab.store.append_samples(key, late)
        desktop.lab.sampled.emit(key, late)

    page.analyst.answered.connect(come)

    def observed() -> list[float | None]:
        table = page._tabs["divergence"].table.model.table if "divergence" in page._tabs else None
        return [] if table is None else [cell.value for cell in table.rows[-1]]

    qtbot.waitUntil(lambda: 12 * 255.0 in observed(), timeout=LONG)
    assert came


def test_an_empty_figure_says_what_is_true_now(
    open_desktop: Callable[[], Desktop], qtbot: QtBot, folders: Folders
) -> None:
    built = Builder(folders.root)
    built.file("base", 98 * MEGA, base=True).file("Q2_K", 88 * MEGA, quant="Q2_K")
    built.divergence("base", None)
    built.cell("divergence", "divergence", "Q2_K", [], state="failed")
    built.data()
    built.store.close()
    desktop = open_desktop()
    page = opened(desktop, qtbot, "test-0123456789")
    bars = page.figures["p1f1"]  # of divergences: the base alone has none
    qtbot.waitUntil(lambda: bars.empty.text().startswith("Nothing could be measured"), timeout=LONG)
    assert desktop.lab.store is not None
    desktop.lab.store.start(built.cells[-1].job_key)
    page._ask(now=True)
    qtbot.waitUntil(lambda: bars.empty.text().startswith("Nothing is measured yet"), timeout=LONG)
    desktop.lab.store.set_state(built.cells[-1].job_key, "queued")


def test_the_statistics_may_die(open_desktop: Callable[[], Desktop], qtbot: QtBot, folders: Folders) -> None:
    built = finished(folders.root)
    built.data()
    built.store.close()
    page = opened(open_desktop(), qtbot, "test-0123456789")
    first = page.analyst.pid
    assert first is not None
    assert os.getsid(first) == first, "or Ctrl-C in the terminal, which is the window's, would reach it"
    os.kill(first, signal.SIGKILL)
    qtbot.waitUntil(lambda: page.analyst.pid != first, timeout=LONG)
    with qtbot.waitSignal(page.analyst.answered, timeout=LONG):
        page._ask(now=True)
    assert page.analyst.pid not in (None, first)
    page.close_analyst()


@pytest.mark.slow
def test_live(open_desktop: Callable[[], Desktop], qtbot: QtBot, tmp_path: Path, native_dir: Path) -> None:
    tiny_gguf(tmp_path / "tiny.gguf", layers=8)
    desktop = open_desktop()
    page = begun(desktop, qtbot, STUDY, tmp_path)
    # The study was made of no file: the command names one that was kept of it.
    QGuiApplication.clipboard().clear()
    page.head.copy.click()
    qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()), timeout=LONG)
    root = desktop.folders.root
    kept = next((root / "studies").iterdir())
    assert QGuiApplication.clipboard().text() == f"odyssey-lab --batch {kept} --data-dir {root}"
    # The base's samples arrive in the figure while its job runs, and are those of the store.
    nll = page.figures["p1f4"]
    qtbot.waitUntil(lambda: nll.drawing.count("base") > 0, timeout=LONG)
    qtbot.waitUntil(page.head.pause.isVisible, timeout=LONG)
    page.head.pause.click()
    qtbot.waitUntil(
        lambda: page.head.state.text().startswith("Paused") or not page.head.active(), timeout=LONG
    )
    page.head.pause.click()
    page.head.cancel_all([view.job.key for view in page.head.active()])
    qtbot.waitUntil(lambda: not page.head.active(), timeout=LONG)
    qtbot.waitUntil(page.head.resume.isVisible, timeout=LONG)
    page.head.resume.click()
    # The cancelled study left a report too; it is the one of the finished study that counts.
    qtbot.waitUntil(lambda: page.head.state.text() == "Finished.", timeout=4 * LONG)
    qtbot.waitUntil(lambda: page.head.report is not None, timeout=LONG)
    assert page.head.report is not None and Path(page.head.report).is_file()
    assert not page.failures.isVisible()
    assert page.answer is not None
    store = desktop.lab.store
    assert store is not None
    for cell in page.answer.cells:
        stored = [s for s in store.samples(cell.job_key) if s.series == "chunk"]
        assert len(stored) == CHUNKS
        qtbot.waitUntil(lambda c=cell: nll.drawing.count(c.variant) == CHUNKS, timeout=LONG)
        values = [s.y for s in sorted(stored, key=lambda s: s.x)]
        assert [nll.drawing.row(cell.variant, i)[1] for i in range(CHUNKS)] == values
    assert all(desktop.lab.jobs[key].state is JobState.DONE for key in page.answer.job_keys)
    record = store.study(page.answer.study_id)
    assert record is not None
    data = collect(record, store)
    qtbot.waitUntil(lambda: page.main.model.table == main_table(data, verdict(data)), timeout=LONG)
    scatter = page.figures["s1n1"]
    qtbot.waitUntil(
        lambda: {v.key for v in scatter.variants if scatter.drawing.count(v.key)} == {"Q8_0", "Q4_0"},
        timeout=LONG,
    )
    _single_tokens(page, qtbot)


def _single_tokens(page: StudyPage, qtbot: QtBot) -> None:
    """The text coloured by divergence, and both models' first five choices at the press of Enter."""
    tab = page.tokens
    assert tab is not None
    page.tabs.setCurrentIndex(page.tabs.count() - 1)
    tab.file.setCurrentIndex(tab.file.findText("Q4_0"))
    tab.number.setValue(3)
    qtbot.waitUntil(lambda: tab.text.chunk is not None and tab.text.chunk.number == 2, timeout=LONG)
    chunk = tab.text.chunk
    assert chunk is not None and page.answer is not None and page.context.lab.store is not None
    cell = next(c for c in page.answer.cells if c.variant == "Q4_0")
    payload = page.context.lab.store.sample(cell.job_key, "chunk", 2.0).payload  # type: ignore[union-attr]
    assert payload is not None
    assert [t.kld for t in chunk.tokens] == unpack_array(payload["kld"]).tolist()
    # The tiny model knows bytes only: its chunk is a piece of the text, byte by byte.
    text = "".join(t.text for t in chunk.tokens).replace("\u2581", " ")
    # Its ends may be parts of characters.
    assert len(text) > 40 and text[8:-8] in paths.resource("texts/evaluation.txt").read_text(encoding="utf-8")
    tab.worst.click()
    worst = max(range(len(chunk.tokens)), key=lambda i: chunk.tokens[i].kld)
    assert tab.text.current == worst and "KL divergence" in tab.text.accessibleDescription()
    assert tab.said.text() == tab.text.accessibleDescription()
    assert (
        tab.table_model.data(tab.table_model.index(worst, 1), Qt.ItemDataRole.EditRole)
        == chunk.tokens[worst].kld
    )
    qtbot.keyClick(tab.text, Qt.Key.Key_Return)
    both = [tab.choices.sides["base"], tab.choices.sides["other"]]
    qtbot.waitUntil(lambda: all(side.title.text() for side in both), timeout=2 * LONG)
    token = chunk.tokens[worst]
    for side, best in zip(both, (token.top_base, token.top), strict=True):
        lines = side.body.text().split("\n")
        assert len(lines) == 5 and chunk.name(best) in lines[0]
    before = tab.said.text()
    qtbot.keyClick(tab.text, Qt.Key.Key_Left if worst else Qt.Key.Key_Right)
    assert tab.said.text() != before and all(side.title.text() for side in both)


def test_that_it_may_change_stands_once_below_the_answer(qtbot: QtBot) -> None:
    card = VerdictCard()
    qtbot.addWidget(card)
    kinds = ("answer", "speed", "missing", "unfinished")
    card.say([Sentence(kind, f"About {kind}.") for kind in kinds])
    assert card.texts == ["About answer.", "About unfinished.", "About speed.", "About missing."]

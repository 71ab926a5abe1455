"""The page of a study: none chosen, finished, its figures, one with failures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QMessageBox

from tests.gui.screenshots import Stage, lay_over, scene
from tests.models import tiny_gguf
from tests.reports.builder import MEGA, Builder


def _build(stage: Stage) -> Builder:
    """A study of the lab's own probes, in the store of the open window."""
    store = stage.desktop.lab.store
    assert store is not None
    lab = Builder(stage.folders.root, store)
    lab.name = "Which quant of SmolLM2?"
    files = (
        ("base", 271, None, 0.0, 16.0),
        ("Q8_0", 145, 0.0009, 0.0002, 8.5),
        ("Q6_K", 138, 0.003, 0.001, 6.6),
        ("Q5_K_M", 112, 0.012, 0.004, 5.7),
        ("Q4_K_M", 105, 0.031, 0.012, 4.8),
        ("Q3_K_M", 94, 0.11, 0.055, 3.9),
        ("Q2_K", 88, 1.9, 0.95, 3.2),
    )
    for name, size, kld, shift, bits in files:
        label = "SmolLM2-135M-Instruct.F16" if kld is None else name
        lab.file(
            name, size * MEGA, base=kld is None, quant="F16" if kld is None else name, label=label, bits=bits
        )
        lab.divergence(name, kld, shift)
        lab.speed(name, 60.0 - size / 6)
    return lab


def _show(stage: Stage, lab: Builder, tab: int = 0) -> Any:
    lab.data()
    stage.window.navigate("study", {"study": "test-0123456789"})
    page = stage.page
    stage.wait(lambda: page.answer is not None)
    page.tabs.setCurrentIndex(tab)
    stage.wait(lambda: page.figures["p1f4"].drawing.count("Q2_K") == 16 and not page.feed.reading)
    stage.wait(
        lambda: not any(view._dirty and not view.visibleRegion().isEmpty() for view in page.figures.values())
    )
    return page


@scene("study-empty")
def empty(stage: Stage) -> None:
    stage.window.navigate("study", {})


@scene("study-finished")
def finished(stage: Stage) -> None:
    _show(stage, _build(stage))


@scene("study-figures")
def figures(stage: Stage) -> None:
    page = _show(stage, _build(stage), 1)
    page.figures["p1f2"].canvas.stepped.emit(1, 0)


@scene("study-lines")
def lines(stage: Stage) -> None:
    page = _show(stage, _build(stage), 1)
    page.tabs.widget(1).ensureWidgetVisible(page.figures["p1f5"])
    stage.wait(lambda: all(page.figures["p1f5"].drawing.count(name) for name in ("Q8_0", "Q4_K_M", "Q2_K")))


@scene("study-failed")
def failed(stage: Stage) -> None:
    lab = _build(stage)
    lab.file("IQ2_M", None, quant="IQ2_M", error="The disk is full: 1.2 GB are needed, 0.4 GB are free.")
    lab.cell("divergence", "divergence", "IQ2_M", [], state="queued")
    _show(stage, lab)


@scene("study-speed")
def speed(stage: Stage) -> None:
    _show(stage, _build(stage), 2)


TINY = """
schema_version = 1
name = "A small study"
[source]
model = "tiny.gguf"
[quantize]
types = ["Q8_0", "Q4_0"]
[[probe]]
kind = "divergence"
context = 512
chunks = {chunks}
"""


def _run(stage: Stage, chunks: int) -> Any:
    """A real study of a tiny model, started."""
    folder: Path = stage.folders.root.parent
    tiny_gguf(folder / "tiny.gguf", layers=8)
    started: list[str] = []
    stage.desktop.lab.start_study(TINY.format(chunks=chunks), folder / "study.toml", started.append)
    stage.wait(lambda: started)
    stage.window.navigate("study", {"study": started[0]})
    page = stage.page
    stage.wait(lambda: page.answer is not None)
    return page


@scene("study-waiting")
def waiting(stage: Stage) -> None:
    page = _run(stage, 400)
    stage.wait(page.head.pause.isVisible)
    page.head.pause.click()


@scene("study-running")
def running(stage: Stage) -> None:
    page = _run(stage, 400)
    page.tabs.setCurrentIndex(1)
    stage.wait(lambda: page.figures["p1f4"].drawing.count("base") > 5)


@scene("study-cancel")
def cancel(stage: Stage) -> None:
    page = _run(stage, 400)
    stage.wait(page.head.cancel.isVisible)
    page.head.cancel.click()
    stage.wait(lambda: page.findChildren(QMessageBox))
    lay_over(stage, page.findChildren(QMessageBox)[-1])


def show_worst_token(stage: Stage, page: Any, file: str) -> None:
    """The tab of tokens: of one file the token furthest from the base, with what both found probable."""
    page.tabs.setCurrentIndex(page.tabs.count() - 1)
    tab = page.tokens
    tab.file.setCurrentIndex(tab.file.findText(file))
    stage.wait(lambda: tab.text.chunk is not None)
    tab.worst.click()
    tab.text.asked.emit(tab.text.current)
    stage.wait(lambda: all(side.title.text() for side in tab.choices.sides.values()))


@scene("study-tokens")
def tokens(stage: Stage) -> None:
    page = _run(stage, 6)
    stage.wait(lambda: page.head.report is not None and not page.head.active())
    show_worst_token(stage, page, "Q4_0")

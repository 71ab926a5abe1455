"""The page of a study: none chosen, finished, its figures, one with failures."""

from __future__ import annotations

from typing import Any

from tests.gui.screenshots import Stage, scene
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
    page = stage.window.stack.currentWidget()
    stage.wait(lambda: page.answer is not None)
    page.tabs.setCurrentIndex(tab)
    stage.wait(lambda: page.figures["p1f4"].drawing.count("Q2_K") == 16)
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
    stage.wait(lambda: page.figures["p1f5"].frames)


@scene("study-failed")
def failed(stage: Stage) -> None:
    lab = _build(stage)
    lab.file("IQ2_M", None, quant="IQ2_M", error="The disk is full: 1.2 GB are needed, 0.4 GB are free.")
    lab.cell("divergence", "divergence", "IQ2_M", [], state="queued")
    _show(stage, lab)

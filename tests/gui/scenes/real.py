"""The demo study as `make demo` leaves it, and a duel of two of its files; also the pictures of the README."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.gui.scenes.study import show_worst_token
from tests.gui.screenshots import Stage, scene


def _study(stage: Stage, tab: int = 0) -> Any:
    store = stage.desktop.lab.store
    assert store is not None
    demo = next(study for study in store.studies() if study.name == "demo")
    stage.window.navigate("study", {"study": demo.study_id})
    page = stage.page
    stage.wait(lambda: page.answer is not None and page.head.report is not None and not page.feed.reading)
    page.tabs.setCurrentIndex(tab)
    stage.wait(
        lambda: not any(view._dirty and not view.visibleRegion().isEmpty() for view in page.figures.values())
    )
    return page


@scene("real-overview")
def overview(stage: Stage) -> None:
    _study(stage)


@scene("real-scatter")
def scatter(stage: Stage) -> None:
    page = _study(stage)
    stage.adjust = lambda: page.overview.ensureWidgetVisible(page.sizes)


@scene("real-divergence")
def divergence(stage: Stage) -> None:
    _study(stage, 1)


@scene("real-arithmetic")
def arithmetic(stage: Stage) -> None:
    _study(stage, 2)


@scene("real-passkey")
def passkey(stage: Stage) -> None:
    _study(stage, 3)


@scene("real-tokens")
def tokens(stage: Stage) -> None:
    show_worst_token(stage, _study(stage), "Q2_K")


@scene("real-duel")
def duel(stage: Stage) -> None:
    stage.window.navigate("explore", {"tab": "duel"})
    page: Any = stage.page
    duel = page.tab("duel")
    artifacts: Path = stage.folders.artifacts
    for side, quant in zip(duel.sides, ("Q8_0", "Q2_K"), strict=True):
        side.field.take(str(next(artifacts.glob(f"*/*.{quant}.gguf"))))
    duel.prompt.setPlainText("Explain in two sentences why the sky is blue.")
    duel.length.setValue(60)
    stage.wait(lambda: all(side.field.choice.count() for side in duel.sides))
    duel.go.click()
    stage.wait(lambda: duel.go.isEnabled() and all(len(side.tokens) > 20 for side in duel.sides))

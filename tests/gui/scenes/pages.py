"""Models, studies, the builder, Explore."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.gui.screenshots import Stage, scene
from tests.models import tiny_gguf


def _folder(stage: Stage) -> Path:
    folder = stage.folders.root.parent / "models"
    folder.mkdir(exist_ok=True)
    tiny_gguf(folder / "tiny-f16.gguf")
    tiny_gguf(folder / "tiny-f32.gguf", dtype="f32", seed=2)
    tiny_gguf(folder / "tiny-moe-f16.gguf", experts=4)
    (folder / "broken.gguf").write_bytes(b"GGUF" + b"\x03\0\0\0" + b"\xff" * 40)
    return folder


def _page(stage: Stage, name: str, **request: Any) -> Any:
    stage.window.navigate(name, request)
    return stage.window.stack.currentWidget()


@scene("models-empty")
def models_empty(stage: Stage) -> None:
    _page(stage, "models")


@scene("models-library")
def models_library(stage: Stage) -> None:
    page = _page(stage, "models")
    page.add_folder(_folder(stage))
    stage.wait(lambda: page.model.rowCount() >= 4)
    page.table.selectRow(1)
    stage.wait(page.inspector.tabs.isVisible)


@scene("models-hub")
def models_hub(stage: Stage) -> None:
    _page(stage, "models").show_hub()


@scene("studies-empty")
def studies_empty(stage: Stage) -> None:
    _page(stage, "studies")


@scene("studies-builder")
def studies_builder(stage: Stage) -> None:
    page = _page(stage, "studies", template="which-quant")
    stage.wait(lambda: page.stack.currentWidget() is not page.list)
    stage.wait(lambda: page.builder.types.rows and page.builder.asked.boxes and page.builder.summary.text())


@scene("studies-builder-more")
def studies_builder_more(stage: Stage) -> None:
    page = _page(stage, "studies", model=str(_folder(stage) / "tiny-f16.gguf"))
    builder = page.builder
    stage.wait(lambda: builder.types.rows and all(row.exact or row.problem for row in builder.types.rows))
    builder.more_button.setChecked(True)
    stage.settle()
    builder.view.verticalScrollBar().setValue(100_000)


@scene("explore-duel")
def explore_duel(stage: Stage) -> None:
    duel = _page(stage, "explore", tab="duel").tab("duel")
    folder = _folder(stage)
    for side, name in zip(duel.sides, ("tiny-f16.gguf", "tiny-f32.gguf"), strict=True):
        side.field.take(str(folder / name))
    duel.chat.setChecked(False)
    duel.prompt.setPlainText("once upon a time")
    duel.length.setValue(24)
    duel.go.click()
    stage.wait(lambda: all(len(side.tokens) == 24 for side in duel.sides))


@scene("explore-tokenizer")
def explore_tokenizer(stage: Stage) -> None:
    tokenizer = _page(stage, "explore", tab="tokenizer").tab("tokenizer")
    folder = _folder(stage)
    tokenizer.fields[0].take(str(folder / "tiny-f16.gguf"))
    tokenizer.text.setPlainText("Grüße, 12345 + 67890")
    stage.wait(lambda: tokenizer.model.rowCount() > 0)


@scene("explore-inspector")
def explore_inspector(stage: Stage) -> None:
    tab = _page(stage, "explore", tab="inspector").tab("inspector")
    tab.field.take(str(_folder(stage) / "tiny-f16.gguf"))
    stage.wait(tab.inspector.tabs.isVisible)

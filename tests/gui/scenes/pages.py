"""Models, studies, the builder, Explore."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QMessageBox

from lab_app.gui.builder.file_view import FileView
from tests.gui.screenshots import Stage, lay_over, scene
from tests.hub.fake_hub import FakeHub
from tests.models import tiny_gguf
from tests.reports.builder import MEGA, Builder


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
    return stage.page


@scene("models-empty")
def models_empty(stage: Stage) -> None:
    _page(stage, "models")


@scene("models-library")
def models_library(stage: Stage) -> None:
    page = _page(stage, "models")
    page.adding.add_folder(_folder(stage))
    stage.wait(lambda: page.model.rowCount() >= 4)
    page.table.selectRow(1)
    stage.wait(page.inspector.tabs.isVisible)


@scene("models-hub")
def models_hub(stage: Stage) -> None:
    _page(stage, "models").show_hub()


@scene("models-hub-found")
def models_hub_found(stage: Stage) -> None:
    hub = FakeHub()
    stage.at_the_end(hub.close)
    os.environ.update(HF_ENDPOINT=hub.url, HF_HUB_CACHE=str(stage.folders.root.parent / "cache"))
    data = tiny_gguf(stage.folders.root.parent / "source.gguf").read_bytes()
    card = b"---\nlicense: apache-2.0\n---\n# Tiny llama\nA *small* model for trying things out."
    for name, downloads in (("tiny-llama", 70_431), ("tiny-llama-chat", 2_310), ("tiny-llama-code", 7)):
        files = {f"{name}-{quant}.gguf": data for quant in ("F16", "Q8_0", "Q4_K_M")}
        hub.add(
            f"someone/{name}-GGUF", {**files, "README.md": card}, tags=["gguf", "license:apache-2.0"],
            downloads=downloads, gguf={"total": 1_300_000, "architecture": "llama"},
        )  # fmt: skip
    _page(stage, "models").show_hub()
    search = stage.page.hub
    search.text.setText("tiny")
    search.search()
    stage.wait(lambda: search.files.rowCount() == 3)
    search.file_table.selectRow(0)
    stage.wait(lambda: stage.desktop.lab.jobs and not stage.desktop.lab.busy)


@scene("models-hub-unreachable")
def models_hub_unreachable(stage: Stage) -> None:
    os.environ["HF_ENDPOINT"] = "http://127.0.0.1:9"
    _page(stage, "models").show_hub()
    search = stage.page.hub
    search.text.setText("llama")
    search.search()
    before = search.note.text()
    stage.wait(lambda: search.note.text() != before)


@scene("models-types")
def models_types(stage: Stage) -> None:
    models_library(stage)
    stage.page.inspector.tabs.setCurrentIndex(1)


@scene("models-tensors")
def models_tensors(stage: Stage) -> None:
    models_library(stage)
    stage.page.inspector.tabs.setCurrentIndex(2)


@scene("models-metadata")
def models_metadata(stage: Stage) -> None:
    models_library(stage)
    stage.page.inspector.tabs.setCurrentIndex(3)


@scene("models-delete")
def models_delete(stage: Stage) -> None:
    models_library(stage)
    page = stage.page
    page.delete_button.click()
    stage.wait(lambda: page.findChildren(QMessageBox))
    lay_over(stage, page.findChildren(QMessageBox)[-1])


@scene("studies-empty")
def studies_empty(stage: Stage) -> None:
    _page(stage, "studies")


@scene("studies-list")
def studies_list(stage: Stage) -> None:
    store = stage.desktop.lab.store
    assert store is not None
    for number, name in enumerate(("Which quant of SmolLM2?", "How long a context?", "An unfinished one")):
        lab = Builder(stage.folders.root, store)
        lab.name = name
        lab.file(f"base {number}", 271 * MEGA, base=True, quant="F16", label="SmolLM2-135M-Instruct.F16")
        for quant in ("Q8_0", "Q4_K_M")[: number + 1]:
            error = "The disk is full." if number == 1 else None
            lab.file(
                f"{quant} {number}", None if number else 145 * MEGA, quant=quant, label=quant, error=error
            )
        store.save_study(replace(lab.record(), study_id=f"study-{number}"))
    page = _page(stage, "studies")
    stage.wait(lambda: page.model.rowCount() == 3)
    page.table.selectRow(0)


@scene("studies-builder-error")
def studies_builder_error(stage: Stage) -> None:
    page = _page(stage, "studies", template="which-quant", model="/home/ada/models/not-there.gguf")
    stage.wait(lambda: page.builder.problems)


@scene("studies-builder-file")
def studies_builder_file(stage: Stage) -> None:
    studies_builder(stage)
    page = stage.page
    page.builder.file_button.click()
    stage.wait(lambda: page.findChildren(FileView))
    lay_over(stage, page.findChildren(FileView)[-1])


@scene("studies-builder")
def studies_builder(stage: Stage) -> None:
    page = _page(stage, "studies", template="which-quant")
    stage.wait(lambda: page.stack.currentWidget() is not page.list)
    types = page.builder.types
    stage.wait(
        lambda: types.rows and types.fit_note and page.builder.asked.boxes and page.builder.summary.text()
    )


@scene("studies-builder-more")
def studies_builder_more(stage: Stage) -> None:
    page = _page(stage, "studies", template="which-quant", model=str(_folder(stage) / "tiny-f16.gguf"))
    builder = page.builder
    stage.wait(lambda: builder.types.rows and all(row.exact or row.problem for row in builder.types.rows))
    builder.more_button.setChecked(True)
    stage.settle()
    bar = builder.view.verticalScrollBar()
    stage.adjust = lambda: bar.setValue(bar.maximum())


@scene("studies-builder-compared")
def studies_builder_compared(stage: Stage) -> None:
    page = _page(stage, "studies", template="compare-two")
    stage.wait(lambda: page.stack.currentWidget() is not page.list)
    builder = page.builder
    builder.source.take(str(_folder(stage) / "tiny-f16.gguf"))
    builder.compared.files[0].field.take("/models/quants/a-model-with-a-long-name.Q4_K_M.gguf")
    builder.compared.add_variant.click()
    builder.compared.add_variant.click()
    stage.wait(lambda: bool(builder.types.fit_note))


@scene("explore-empty")
def explore_empty(stage: Stage) -> None:
    _page(stage, "explore", tab="duel")


@scene("explore-duel-running")
def explore_duel_running(stage: Stage) -> None:
    duel = _page(stage, "explore", tab="duel").tab("duel")
    folder = _folder(stage)
    for side, name in zip(duel.sides, ("tiny-f16.gguf", "tiny-f32.gguf"), strict=True):
        side.field.take(str(folder / name))
    duel.chat.setChecked(False)
    duel.prompt.setPlainText("once upon a time")
    duel.length.setValue(1500)
    duel.go.click()
    stage.wait(lambda: all(len(side.tokens) > 20 for side in duel.sides))


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

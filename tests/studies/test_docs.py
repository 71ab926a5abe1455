"""docs/STUDIES.md: current, complete, and its examples are studies that load."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from lab_app.probes.base import registry
from lab_app.studies import docs, schema
from lab_app.studies.examples import EXAMPLES
from lab_app.studies.load import load_text
from lab_app.system.paths import Folders
from tests.commandline import ROOT
from tests.models import tiny_gguf

TABLES = (schema.Study, schema.Source, schema.Quantize, schema.Imatrix, schema.EngineTable, schema.Variant,
          schema.Compare, schema.Resources)  # fmt: skip


def test_it_is_current() -> None:
    assert (ROOT / "docs/STUDIES.md").read_text(encoding="utf-8") == docs.document()


@pytest.mark.parametrize(
    "model", [*TABLES, *(probe.Spec for probe in registry().values())], ids=lambda model: model.__name__
)
def test_every_key_says_what_it_means(model: type[BaseModel]) -> None:
    text = docs.document()
    for name, field in model.model_fields.items():
        assert field.description, f"{model.__name__}.{name}"
        assert f"`{name}`" in text or f"{name}]" in text, name


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    for name in ("my-model-F16", "mine-Q4_K_M", "theirs-Q4_K_M"):
        tiny_gguf(folder / f"{name}.gguf", context=8192, layers=1)
    return folder


@pytest.mark.parametrize("question", [question for question, _ in EXAMPLES])
def test_examples_are_studies(folder: Path, question: str) -> None:
    text = dict(EXAMPLES)[question]
    study = load_text(text, origin=folder / "study.toml", folders=Folders(folder / "data"))
    assert study.probes and study.name


def test_examples_ask_every_question() -> None:
    asked = "\n".join(text for _, text in EXAMPLES)
    for name, kind in registry().items():
        assert f'kind = "{name}"' in asked or not kind.__module__.startswith(
            "lab_app."
        )  # other tests' probes

"""A study while it is being made, and what it will cost."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from lab_app.studies.draft import Draft, suggested_name
from lab_app.studies.load import load_text
from lab_app.studies.templates import NAMES, render
from lab_app.system.errors import UsageError
from tests.models import tiny_gguf


@pytest.mark.parametrize("name", NAMES)
def test_what_goes_in_comes_out(name: str) -> None:
    text = render(name, "/a/b c.gguf", "/d.gguf" if name == "compare-two" else None)
    draft = Draft.from_toml(text)
    assert tomllib.loads(draft.toml()) == tomllib.loads(text)
    assert Draft.from_toml(draft.toml()).toml() == draft.toml()


def test_unknown_tables_and_keys_stay() -> None:
    draft = Draft.from_toml('name = "x"\n[future]\nkey = 1\n[source]\nmodel = "demo:"\nother = 2\n')
    draft.types = ["Q8_0"]
    data = tomllib.loads(draft.toml())
    assert data["future"] == {"key": 1} and data["source"]["other"] == 2
    assert data["quantize"]["types"] == ["Q8_0"]


def test_changes_end_in_a_study_that_passes_every_check(tmp_path: Path) -> None:
    model = tiny_gguf(tmp_path / "tiny.gguf")
    draft = Draft({"name": 'odd "name"\\'})
    draft.source = str(model)
    draft.types = ["Q8_0", "Q4_K_M"]
    draft.set_quantize_option("imatrix", {"chunks": 4})
    draft.set_quantize_option("overrides", {r"blk\.0\..*ffn_down": "q8_0"})
    draft.set_engine_option("kv_type_k", "q8_0")
    draft.set_probe("divergence", {"context": 64, "chunks": 2})
    draft.set_probe("speed", {})
    study = load_text(draft.toml(), origin=tmp_path / "study.toml")
    assert study.quant_types == ("Q8_0", "Q4_K_M")
    assert study.study.quantize is not None and study.study.quantize.imatrix is not None
    assert study.study.engine.kv_type_k == "q8_0"
    assert [entry.kind for entry in study.probes] == ["divergence", "speed"]
    assert draft.variant_count == 3
    draft.set_probe("speed", None)
    draft.set_quantize_option("imatrix", None)
    draft.types = []
    draft.set_engine_option("kv_type_k", None)
    data = tomllib.loads(draft.toml())
    assert "quantize" not in data and "engine" not in data
    assert [item["kind"] for item in data["probe"]] == ["divergence"]


def test_a_changed_probe_keeps_its_id() -> None:
    draft = Draft.from_toml('[[probe]]\nkind = "speed"\nid = "mine"\nrepeats = 2\n')
    draft.set_probe("speed", {"repeats": 9})
    assert draft.probes == [{"kind": "speed", "id": "mine", "repeats": 9}]


@pytest.mark.parametrize("text", ["name =", "probe = 3", "probe = [1]", "[[source]]\nmodel = 1\n"])
def test_what_is_no_study_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(UsageError):
        Draft.from_toml(text)


def test_names() -> None:
    assert suggested_name("demo:") == "demo model"
    assert suggested_name("/x/Model.Q8_0.gguf") == "Model.Q8_0"
    assert suggested_name("hf:org/repo:file.gguf") == "file"
    assert suggested_name("hf:org/repo") == "repo"

"""A study of a Hugging Face folder, from safetensors to the report; then of the same model on the hub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lab_app.gguf.reader import read
from lab_app.hub import cache
from lab_app.system.hashing import sha256_file
from tests.commandline import lab, lines, named
from tests.hf_models import needs_extra, save_model
from tests.hub.conftest import hub  # noqa: F401 - a fixture
from tests.hub.fake_hub import FakeHub

pytestmark = [needs_extra, pytest.mark.usefixtures("native_dir"), pytest.mark.slow]
TYPES = ("Q8_0", "Q5_K_M", "Q4_0")
STUDY = """
schema_version = 1
name = "a folder"
[source]
model = "MODEL"
[quantize]
types = ["Q8_0", "Q5_K_M", "Q4_0"]
[engine]
threads = 2
[[probe]]
kind = "divergence"
context = 128
chunks = 2
"""


def batch(folder: Path, model: str, *more: str) -> tuple[Any, list[dict[str, Any]]]:
    (folder / "study.toml").write_text(STUDY.replace("MODEL", model))
    done = lab(
        "--batch", "study.toml", "--data-dir", "data", "--out", "report", "--json", *more, cwd=folder
    )  # fmt: skip
    return done, lines(done.stdout)


def test_from_a_folder_to_the_report(tmp_path: Path) -> None:
    save_model(tmp_path / "Tiny", "llama", "float16", layers=1)
    dry, (planned,) = batch(tmp_path, "Tiny", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    first = planned["jobs"][0]
    assert (first["kind"], first["state"], first["title"]) == ("convert", "to do", "convert Tiny to f16")
    weights = (tmp_path / "Tiny" / "model.safetensors").stat().st_size
    assert abs(first["bytes"] / weights - 1) < 0.05

    run, said = batch(tmp_path, "Tiny")
    assert run.returncode == 0, run.stderr
    assert said[0]["jobs"] == planned["jobs"], "the dry run showed the keys of what then ran"
    made = {Path(item["record"]["path"]).name: item["record"] for item in named(said, "artifact")}
    assert {"Tiny.F16.gguf", *(f"Tiny.{name}.gguf" for name in TYPES)} <= made.keys()
    assert read(made["Tiny.F16.gguf"]["path"]).main_type.name == "f16"
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    text = json.dumps(report)
    assert all(name in text for name in TYPES)

    # Nothing is done twice; a changed file of the folder is another model.
    _, said = batch(tmp_path, "Tiny", "--dry-run")
    assert [job["state"] for job in said[0]["jobs"][:-1]] == ["done"] * (len(planned["jobs"]) - 1)
    assert said[0]["sizes"].keys() == set(TYPES), "predicted to the byte by now"
    config = tmp_path / "Tiny" / "config.json"
    config.write_text(
        config.read_text().replace('"max_position_embeddings": 2048', '"max_position_embeddings": 1024')
    )
    _, said = batch(tmp_path, "Tiny", "--dry-run")
    assert {job["state"] for job in said[0]["jobs"]} == {"to do"}


def test_from_the_hub_to_the_report(hub: FakeHub, tmp_path: Path) -> None:  # noqa: F811
    folder = tmp_path / "made"
    save_model(folder, "qwen2", "float16", shards="1MB", layers=2)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    hub.add("org/Tiny-Qwen", {**files, "README.md": b"# Tiny\n", "modeling_tiny.py": b"raise SystemExit\n"})
    weights = sum(len(data) for name, data in files.items() if name.endswith(".safetensors"))

    dry, (planned,) = batch(tmp_path, "hf:org/Tiny-Qwen", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert [job["kind"] for job in planned["jobs"][:2]] == ["download", "convert"]
    assert hub.sent < weights / 2, "only headers, configuration and tokenizer were read"
    assert not list(cache.root().glob("models--*/blobs/*")), "a dry run fetches nothing"

    run, said = batch(tmp_path, "hf:org/Tiny-Qwen")
    assert run.returncode == 0, run.stderr
    assert said[0]["jobs"] == planned["jobs"]
    made = {Path(item["record"]["path"]).name: item["record"] for item in named(said, "artifact")}
    assert {"Tiny-Qwen.F16.gguf", *(f"Tiny-Qwen.{name}.gguf" for name in TYPES)} <= made.keys()
    converted = read(made["Tiny-Qwen.F16.gguf"]["path"])
    assert (converted.architecture, converted.main_type.name) == ("qwen2", "f16")
    assert not list(cache.root().rglob("*.py")), "code of a repository is not even fetched"
    text = (tmp_path / "report" / "report.json").read_text()
    assert all(name in text for name in TYPES)

    again, said = batch(tmp_path, "hf:org/Tiny-Qwen")
    assert again.returncode == 0, again.stderr
    assert said[-1]["ran"] == 1, "the report alone"

    done = lab(
        "models", "convert", "hf:org/Tiny-Qwen", "--out", "own.gguf", "--data-dir", "data", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert sha256_file(tmp_path / "own.gguf") == made["Tiny-Qwen.F16.gguf"]["sha256"]


def test_refusals_stand_in_the_study(hub: FakeHub, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "empty").mkdir()
    (tmp_path / "pickled").mkdir()
    for name in ("config.json", "pytorch_model.bin", "tokenizer.model"):
        (tmp_path / "pickled" / name).write_text("{}")
    save_model(tmp_path / "odd", "llama", layers=1)
    config = tmp_path / "odd" / "config.json"
    config.write_text(config.read_text().replace("LlamaForCausalLM", "NobodyForCausalLM"))
    hub.add("org/pickled", {"config.json": b"{}", "pytorch_model.bin": b"\x80\x04" * 99})
    for model, code, words in (
        ("empty", 2, "would hold config.json"),
        ("pickled", 2, "run code"),
        ("odd", 2, "NobodyForCausalLM"),
        ("hf:org/pickled", 5, "GGUF or safetensors"),
    ):
        done, _ = batch(tmp_path, model)
        assert done.returncode == code, (model, done.stderr)
        assert words in done.stderr and "Traceback" not in done.stderr

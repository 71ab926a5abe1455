"""Hugging Face folders as they are found: what is told of them, and what is refused, without torch."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from lab_app.gguf import converter
from lab_app.gguf.hf_folder import read_folder
from lab_app.system.errors import LabError, ResourceError, UsageError

CONFIG = {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 64, "vocab_size": 300,
    "max_position_embeddings": 128,
}  # fmt: skip
SPM = {"model": {"type": "BPE", "byte_fallback": True}, "pre_tokenizer": {"type": "Metaspace"}}
BYTES = {"F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1}


def weights(path: Path, tensors: dict[str, tuple[str, list[int]]]) -> Path:
    """A safetensors file of zeros."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, (dtype, shape) in tensors.items():
        size = BYTES[dtype]
        for number in shape:
            size *= number
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(end))
    return path


def hf_folder(home: Path, tensors: dict[str, tuple[str, list[int]]]) -> Path:
    """A folder that looks like a model's."""
    home.mkdir()
    (home / "config.json").write_text(json.dumps(CONFIG))
    (home / "tokenizer.model").write_bytes(b"spm")
    weights(home / "model.safetensors", tensors)
    return home


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return hf_folder(tmp_path / "Tiny-1B", {"a.weight": ("BF16", [300, 64]), "norm.weight": ("F32", [64])})


def refusal(folder: Path) -> LabError:
    with pytest.raises(LabError) as caught:
        read_folder(folder)
    assert str(folder) in caught.value.message and caught.value.hint
    return caught.value


def test_what_is_told(folder: Path) -> None:
    (folder / "modeling_tiny.py").write_text("raise SystemExit")
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04")
    (folder / "README.md").write_text("# Tiny")
    found = read_folder(folder)
    assert (found.name, found.architecture, found.original_type) == ("Tiny-1B", "LlamaForCausalLM", "bf16")
    assert (found.n_params, found.n_vocab, found.context_length) == (300 * 64 + 64, 300, 128)
    assert set(found.files) == {"config.json", "tokenizer.model", "README.md", "model.safetensors"}
    assert found.quantized_as is None


@pytest.mark.parametrize(
    ("dtype", "kept"), [("F32", "f32"), ("F16", "f16"), ("BF16", "bf16"), ("F8_E4M3", "bf16")]
)
def test_the_type_of_the_weights(folder: Path, dtype: str, kept: str) -> None:
    weights(folder / "model.safetensors", {"a.weight": (dtype, [300, 64]), "norm.weight": ("F32", [6400])})
    assert read_folder(folder).original_type == kept


def test_a_name_in_the_cache_is_the_repository(folder: Path, tmp_path: Path) -> None:
    commit = tmp_path / "models--org--Small-Model" / "snapshots" / "0123abc"
    shutil.copytree(folder, commit)
    assert read_folder(commit).name == "Small-Model"


def test_parts(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    for number in (1, 2):
        weights(folder / f"model-{number:05}-of-00002.safetensors", {f"{number}.weight": ("F16", [8, 8])})
    assert read_folder(folder).n_params == 128
    index = {f"{n}.weight": f"model-{n:05}-of-00002.safetensors" for n in (1, 2)}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": index}))
    assert read_folder(folder).n_params == 128
    (folder / "model-00002-of-00002.safetensors").unlink()
    assert "model-00002-of-00002.safetensors" in refusal(folder).message
    (folder / "model.safetensors.index.json").unlink()
    assert "model-00002-of-00002.safetensors" in refusal(folder).message
    index["1.weight"] = "../../other.safetensors"
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": index}))
    assert "../../other" in refusal(folder).message


@pytest.mark.parametrize(
    "name", ["pytorch_model.bin", "pytorch_model-00001-of-00002.bin", "model.pt", "x.ckpt"]
)
def test_pickles_are_refused(folder: Path, name: str) -> None:
    (folder / "model.safetensors").rename(folder / name)
    error = refusal(folder)
    assert error.exit_code == 2 and name in error.message and "run code" in error.message
    assert "safetensors" in str(error.hint)


def test_what_is_missing(folder: Path) -> None:
    (folder / "tokenizer.model").unlink()
    assert "no tokenizer" in refusal(folder).message
    (folder / "tokenizer.model").write_bytes(b"spm")
    (folder / "config.json").write_text("{")
    assert "config.json" in refusal(folder).message
    (folder / "config.json").unlink()
    assert "config.json is missing" in refusal(folder).message
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "model.safetensors").unlink()
    assert "no weights" in refusal(folder).message
    weights(folder / "adapter_model.safetensors", {"a": ("F32", [4])})
    error = refusal(folder)
    assert "adapter_model" in error.message and "merge-lora" in str(error.hint)


def test_a_sentencepiece_tokenizer_without_its_scores(folder: Path) -> None:
    """The trap: the converter takes such a folder without a word, and the model misreads many words."""
    (folder / "tokenizer.model").rename(folder / "kept")
    (folder / "tokenizer.json").write_text(json.dumps(SPM))
    error = refusal(folder)
    assert "scores" in error.message and "tokenizer.model" in str(error.hint)
    (folder / "tokenizer.json").write_text(json.dumps({"model": {"type": "BPE", "byte_fallback": False}}))
    read_folder(folder)
    (folder / "tokenizer.json").write_text(json.dumps({"model": {"type": "BPE", "ignore_merges": True}}))
    read_folder(folder)
    (folder / "tokenizer.json").write_text(json.dumps(SPM))
    (folder / "kept").rename(folder / "tokenizer.model")
    read_folder(folder)


@pytest.mark.parametrize("cut", [0, 4, 7, 8, 60, -1])
def test_damaged_weights(folder: Path, cut: int) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:cut])
    error = refusal(folder)
    assert error.exit_code == 4 and "model.safetensors is not a whole" in error.message


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 12]},
        {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [1 << 62], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": "x", "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [1]},
        [],
    ],
)
def test_entries_that_cannot_be(folder: Path, entry: Any) -> None:
    text = json.dumps({"a": entry}).encode()
    (folder / "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + bytes(64))
    assert refusal(folder).exit_code == 4


def test_quantized_weights_are_known(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps(CONFIG | {"quantization_config": {"quant_method": "fp8"}}))
    assert read_folder(folder).quantized_as == "FP8"


@pytest.mark.usefixtures("native_dir")
def test_architectures_are_looked_up_without_torch() -> None:
    known = converter.architectures()
    assert {"LlamaForCausalLM", "Qwen2ForCausalLM", "Qwen3ForCausalLM"} <= known and len(known) > 100
    converter.check_architecture("Tiny", CONFIG)
    with pytest.raises(UsageError, match="NobodyForCausalLM"):
        converter.check_architecture("Tiny", CONFIG | {"architectures": ["NobodyForCausalLM"]})


def test_missing_packages_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converter, "PACKAGES", ("json", "no_such_package"))
    with pytest.raises(ResourceError) as caught:
        converter.check_packages()
    assert "no_such_package" in caught.value.message and "json" not in caught.value.message
    assert "-m pip install no_such_package" in str(caught.value.hint)

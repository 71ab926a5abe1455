"""Adapters: merged as W + scale · α/r · B·A, from GGUF and from a folder as PEFT saves it; wrong ones refused."""

from __future__ import annotations

import json
from pathlib import Path

import gguf
import numpy as np
import pytest

from lab_app.gguf import lora
from lab_app.gguf.reader import read
from lab_app.jobs.job import Job
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.system.errors import UsageError
from lab_app.system.hashing import sha256_file
from lab_app.system.paths import Folders
from tests.conftest import Ran, RunJob
from tests.hf_models import needs_extra
from tests.models import WIDTH, tiny_gguf

pytestmark = pytest.mark.usefixtures("native_dir")
RANK, ALPHA = 4, 8.0
TARGETS = ("blk.0.attn_q.weight", "blk.1.attn_output.weight")


def adapter(
    path: Path, *, architecture: str = "llama", targets: tuple[str, ...] = TARGETS, width: int = WIDTH
) -> Path:
    rng = np.random.default_rng(3)
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", ALPHA)
    for name in targets:
        writer.add_tensor(f"{name}.lora_a", rng.standard_normal((RANK, width), dtype=np.float32) / 16)
        writer.add_tensor(f"{name}.lora_b", rng.standard_normal((WIDTH, RANK), dtype=np.float32) / 16)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def tensor(path: Path | str, name: str) -> np.ndarray:
    made = read(path)
    (found,) = (t for t in made.tensors if t.name == name)
    dtype = {"f32": np.float32, "f16": np.float16}[found.type.name]
    flat = np.fromfile(path, dtype, found.elements, offset=made.data_offset + found.offset)
    return flat.reshape(found.shape[::-1]).astype(np.float32)


def run(run_job: RunJob, jobs: list[Job]) -> Ran:
    for job in jobs:
        ran = run_job(job.kind, job.params, job.inputs, engine=job.engine, hints=job.hints)
    return ran


@pytest.mark.parametrize("dtype", ["f16", "f32"])
def test_merging(tmp_path: Path, run_job: RunJob, dtype: str) -> None:
    model = tiny_gguf(tmp_path / "base.gguf", dtype=dtype)
    given = adapter(tmp_path / "style.gguf")
    ran = run(run_job, lora.jobs(model, given, sha256_file, engine="test", scale=0.5))
    path = ran.values["path"]
    assert Path(path).name == "base-style.gguf"
    assert (ran.values["merged"], ran.values["from_types"]) == (2, [dtype])
    for name in TARGETS:
        a, b = tensor(given, f"{name}.lora_a"), tensor(given, f"{name}.lora_b")
        wanted = tensor(model, name) + 0.5 * ALPHA / RANK * (b @ a)
        assert np.abs(wanted - tensor(model, name)).max() > 0.01, "the adapter changes something"
        np.testing.assert_allclose(
            tensor(path, name), wanted, atol=1e-6, rtol=1e-3 if dtype == "f16" else 1e-5
        )
    for other in read(model).tensors:
        if other.name not in TARGETS:
            np.testing.assert_array_equal(tensor(path, other.name), tensor(model, other.name))


def test_wrong_adapters(tmp_path: Path, run_job: RunJob) -> None:
    model = tiny_gguf(tmp_path / "base.gguf")
    cases = {
        "no-adapter": (tiny_gguf(tmp_path / "no-adapter.gguf", seed=1), "not a LoRA"),
        "qwen": (adapter(tmp_path / "qwen.gguf", architecture="qwen2"), "qwen2"),
        "layers": (
            adapter(tmp_path / "layers.gguf", targets=("blk.9.attn_q.weight",)),
            "blk.9.attn_q.weight",
        ),
        "width": (adapter(tmp_path / "width.gguf", width=128), "does not fit blk.0.attn_q.weight"),
    }
    for given, words in cases.values():
        ran = run(run_job, lora.jobs(model, given, sha256_file, engine="test"))
        assert ran.state is JobState.FAILED and ran.failure.exit_code == 2, given
        assert words in ran.failure.message
        assert not ran.artifacts


def peft(folder: Path, base: Path | None = None) -> Path:
    """An adapter as PEFT saves it, written by hand: two tensors and a configuration."""
    import torch
    from safetensors.torch import save_file

    folder.mkdir()
    torch.manual_seed(5)
    name = "base_model.model.model.layers.0.mlp.up_proj"
    halves = {
        f"{name}.lora_A.weight": torch.randn(RANK, WIDTH) / 16,
        f"{name}.lora_B.weight": torch.randn(512, RANK) / 16,
    }
    save_file(halves, folder / "adapter_model.safetensors")
    config = {"peft_type": "LORA", "r": RANK, "lora_alpha": ALPHA, "target_modules": ["up_proj"]}
    if base is not None:
        config["base_model_name_or_path"] = str(base)
    (folder / "adapter_config.json").write_text(json.dumps(config))
    return folder


@needs_extra
def test_a_folder_as_peft_saves_it(tmp_path: Path, store: Store, folders: Folders) -> None:
    model = tiny_gguf(tmp_path / "base.gguf", dtype="f32")
    home = tmp_path / "base"
    home.mkdir()
    shape = {"hidden_size": WIDTH, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2}
    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "intermediate_size": 512, **shape}
    (home / "config.json").write_text(json.dumps(config))
    given = peft(tmp_path / "style", home)
    jobs = lora.jobs(model, given, sha256_file, engine="test")
    assert [job.kind for job in jobs] == ["convert-lora", "merge-lora"]
    runner = Runner(store, folders)
    runner.submit(jobs)
    assert set(runner.run().values()) == {JobState.DONE}
    (made,) = store.artifacts(jobs[-1].key)
    (converted,) = store.artifacts(jobs[0].key)
    name = "blk.0.ffn_up.weight"
    a, b = tensor(converted.path, f"{name}.lora_a"), tensor(converted.path, f"{name}.lora_b")
    wanted = tensor(model, name) + ALPHA / RANK * (b @ a)
    np.testing.assert_allclose(tensor(made.path, name), wanted, atol=1e-6, rtol=1e-5)


def test_folders_that_are_refused(tmp_path: Path) -> None:
    model = tiny_gguf(tmp_path / "base.gguf")
    folder = tmp_path / "style"
    folder.mkdir()

    def refusal() -> str:
        with pytest.raises(UsageError) as caught:
            lora.jobs(model, folder, sha256_file, engine="test")
        return str(caught.value)

    assert "adapter_config.json is missing" in refusal()
    (folder / "adapter_config.json").write_text('{"base_model_name_or_path": "org/base"}')
    (folder / "adapter_model.bin").write_bytes(b"\x80\x04")
    assert "can run code" in refusal()
    (folder / "adapter_model.safetensors").write_bytes(b"x")
    assert "org/base" in refusal() and "--base" in refusal()

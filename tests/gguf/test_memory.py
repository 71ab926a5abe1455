"""The memory estimate against what llama.cpp itself reports, on shapes of real models; and whether a model fits."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
from pathlib import Path

import pytest

from lab_app.engines import llama_memory, llama_params, native_api
from lab_app.engines.base import EngineSettings
from lab_app.gguf import memory
from lab_app.gguf.memory import Fit, Load, estimate, fit
from lab_app.gguf.reader import read
from lab_app.system.host import cpu_features
from tests.models import tiny_gguf
from tests.shapes import SHAPES

CONTEXTS = (1024, 8192, 32768)
KV_TYPES = ("f16", "q8_0")
WITHIN = 0.05


def buffers(path: Path, load: Load) -> float:
    """Bytes of KV memory, compute and output buffers, as llama.cpp lays them out."""
    settings = EngineSettings(
        kv_type_k=load.kv_type_k, kv_type_v=load.kv_type_v, n_batch=load.n_batch, n_ubatch=load.n_ubatch,
        flash_attention=load.flash_attention,
    )  # fmt: skip
    return llama_memory._planned_bytes(
        native_api.native(), str(path), settings, n_ctx=load.n_ctx, n_seq=load.n_seq
    )


def without_weights(found: memory.Estimate) -> int:
    return found.total - found.ram.weights - found.ram.repacked


@pytest.mark.parametrize("name", SHAPES)
def test_agrees_with_llama_cpp(name: str, native_dir: Path, tmp_path: Path) -> None:
    path = SHAPES[name](tmp_path / f"{name}.gguf")
    header = read(path)
    for n_ctx in CONTEXTS:
        for kv_type in KV_TYPES:
            load = Load(n_ctx=n_ctx, kv_type_k=kv_type, kv_type_v=kv_type)
            ours, theirs = without_weights(estimate(header, load)), buffers(path, load)
            assert abs(ours / theirs - 1) < WITHIN, (n_ctx, kv_type, ours / 2**20, theirs / 2**20)


@pytest.mark.parametrize("name", ["llama_8b", "gemma3_4b", "qwen3_30b_a3b"])
def test_other_ways_to_run(name: str, native_dir: Path, tmp_path: Path) -> None:
    path = SHAPES[name](tmp_path / f"{name}.gguf")
    header = read(path)
    for load in (
        Load(n_ctx=4096, flash_attention="off"),
        Load(n_ctx=4096, n_ubatch=128),
        Load(n_ctx=2048, n_seq=4),
        Load(n_ctx=300, n_batch=300, n_ubatch=300),
        Load(n_ctx=4096, kv_type_k="q4_0", kv_type_v="f16"),
    ):
        ours, theirs = without_weights(estimate(header, load)), buffers(path, load)
        assert abs(ours / theirs - 1) < WITHIN, (load, ours / 2**20, theirs / 2**20)


def loaded(path: Path) -> tuple[float, float]:
    """(bytes of the mapped weights, bytes of repacked ones) of a model that is really loaded."""
    native = native_api.native()
    with native.log.capture() as lines:
        model = native.api.llama_model_load_from_file(
            os.fsencode(path), llama_params.model_params(native.api, EngineSettings())
        )
        native.api.llama_model_free(model)
    mapped = repacked = 0.0
    for line in lines:
        if found := re.search(r"(\w+) model buffer size =\s*([0-9.]+) MiB", line):
            if found[1] == "CPU_Mapped":
                mapped += float(found[2]) * 2**20
            else:
                repacked += float(found[2]) * 2**20
    return mapped, repacked


def test_the_demo_model_as_it_is_loaded(demo_model: Path, native_dir: Path) -> None:
    mapped, repacked = loaded(demo_model)
    for n_ctx in (512, 2048, 8192):
        for kv_type in KV_TYPES:
            load = Load(n_ctx=n_ctx, kv_type_k=kv_type, kv_type_v=kv_type)
            ours = estimate(read(demo_model), load).total
            assert ours == pytest.approx(mapped + repacked + buffers(demo_model, load), rel=WITHIN)


def test_weights_that_are_repacked(native_dir: Path, tmp_path: Path) -> None:
    source = tiny_gguf(tmp_path / "tiny.gguf")
    for quant in ("Q4_0", "Q4_K_S", "Q6_K"):
        path = tmp_path / f"{quant}.gguf"
        command = [native_dir / "llama-quantize", source, path, quant]
        subprocess.run(list(map(str, command)), check=True, capture_output=True)
        found = estimate(read(path), Load()).ram
        mapped, repacked = loaded(path)
        assert found.weights >= 0.99 * mapped  # what is repacked at either end is not kept mapped
        # AMX tiles carry sums besides; what CPU_REPACK holds has the size it had.
        margin = 0.25 * repacked if "amx" in cpu_features() else 2**15
        assert found.repacked == pytest.approx(repacked, abs=margin)
    assert estimate(read(tmp_path / "Q4_0.gguf"), Load(), frozenset({"avx2"})).ram.repacked > 0
    assert estimate(read(tmp_path / "Q4_0.gguf"), Load(), frozenset()).ram.repacked == 0


def test_layers_go_to_the_card_from_the_last(tmp_path: Path) -> None:
    header = read(SHAPES["llama_8b"](tmp_path / "llama.gguf"))
    whole = estimate(header, Load(gpu_layers=-1))
    none = estimate(header, Load())
    half = estimate(header, Load(gpu_layers=17))
    assert none.vram.total == 0
    assert whole.ram.kv == 0 and whole.vram.kv == none.ram.kv
    embedding = next(tensor for tensor in header.tensors if tensor.name == "token_embd.weight")
    assert whole.ram.weights == embedding.nbytes
    assert whole.ram.weights + whole.vram.weights == none.ram.weights == header.tensor_bytes
    assert half.vram.kv == half.ram.kv == none.ram.kv / 2
    assert 0.45 < half.vram.weights / header.tensor_bytes < 0.55


def test_fit(tmp_path: Path) -> None:
    header = read(SHAPES["llama_8b"](tmp_path / "llama.gguf"))
    load = Load(n_ctx=8192)
    needed = estimate(header, load).ram.needed
    assert fit(header, load, ram=2 * needed)[0] is Fit.FITS
    assert fit(header, load, ram=round(1.05 * needed))[0] is Fit.TIGHT
    assert fit(header, load, ram=needed - 1)[0] is Fit.NO
    assert fit(header, load, ram=2 * needed, reserve=round(1.1 * needed))[0] is Fit.NO
    verdict, found, layers = fit(header, load, ram=needed, vram=2 * needed)
    assert verdict is Fit.FITS and layers == 33 and found.vram.total <= 2 * needed
    verdict, found, layers = fit(header, load, ram=needed, vram=needed // 2)
    assert verdict is Fit.OFFLOAD and 0 < layers < 33 and found.vram.total <= needed // 2
    more = estimate(header, dataclasses.replace(load, gpu_layers=layers + 1))
    assert more.vram.total > needed // 2


def test_a_window_costs_less_than_a_context(tmp_path: Path) -> None:
    """At 128k tokens the five of six layers of Gemma 3 that look back 1024 tokens hardly count."""
    header = read(SHAPES["gemma3_4b"](tmp_path / "gemma.gguf"))
    kv = estimate(header, Load(n_ctx=131072)).ram.kv
    full = 131072 * 34 * 1024 * 2 * 2
    assert 5 / 34 < kv / full < 6 / 34


def test_headers_that_describe_no_model(tmp_path: Path) -> None:
    header = read(tiny_gguf(tmp_path / "tiny.gguf"))
    with pytest.raises(ValueError, match="how many layers"):
        estimate(dataclasses.replace(header, metadata={}), Load())
    too_many = {**header.metadata, "llama.block_count": 4096}
    with pytest.raises(ValueError, match="more than the 512"):
        estimate(dataclasses.replace(header, metadata=too_many), Load())
    with pytest.raises(ValueError, match="not a type"):
        estimate(header, Load(kv_type_k="q9"))

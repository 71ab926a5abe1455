"""GGUF files with the shapes of real models and no weights: whole headers, and data that is one hole in the file.

llama.cpp lays them out (without allocating) as it would lay out the real ones. The vocabulary is small, so that the
layers and not the logits decide how much memory a batch takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import gguf

from tests.models import write_tokenizer

VOCABULARY = 4096
Tensors = Iterator[tuple[str, tuple[int, ...]]]


def hollow(
    path: Path, architecture: str, values: Mapping[str, Any], tensors: Tensors, vocabulary: int = VOCABULARY
) -> Path:
    """values: hyper-parameters without the architecture's name. tensors: name, shape in ggml's order; f16."""
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name(path.stem)
    for name, value in values.items():
        key = f"{architecture}.{name}"
        if isinstance(value, list):
            writer.add_array(key, value)
        elif isinstance(value, float):
            writer.add_float32(key, value)
        else:
            writer.add_uint32(key, value)
    write_tokenizer(writer, [f"word{index}" for index in range(259, vocabulary)])
    total = 0
    for name, shape in tensors:
        elements = 1
        for length in shape:
            elements *= length
        # One-dimensional ones, and what ggml has no f16 operation for, are f32 in real files.
        wide = (
            len(shape) == 1
            or "conv1d" in name
            or "ssm_a" in name
            or "ssm_d" in name
            or "shortconv.conv" in name
        )
        nbytes = elements * (4 if wide else 2)
        kind = gguf.GGMLQuantizationType.F32 if wide else gguf.GGMLQuantizationType.F16
        writer.add_tensor_info(name, tuple(reversed(shape)), _Dtype(wide).dtype, nbytes, raw_dtype=kind)
        total += -(-nbytes // 32) * 32
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    writer.close()
    with open(path, "r+b") as stream:
        end = stream.seek(0, 2)
        stream.truncate(-(-end // 32) * 32 + total)
    return path


class _Dtype:
    def __init__(self, wide: bool) -> None:
        import numpy as np

        self.dtype = np.dtype(np.float32 if wide else np.float16)


def _common(width: int, blocks: int, heads: Any, kv: Any, ff: Any, **more: Any) -> dict[str, Any]:
    return {
        "block_count": blocks, "context_length": 32768, "embedding_length": width, "feed_forward_length": ff,
        "attention.head_count": heads, "attention.head_count_kv": kv,
        "attention.layer_norm_rms_epsilon": 1e-5, "rope.freq_base": 10000.0, **more,
    }  # fmt: skip


def _ends(width: int) -> Tensors:
    yield "token_embd.weight", (width, VOCABULARY)
    yield "output_norm.weight", (width,)
    yield "output.weight", (width, VOCABULARY)


def _attention(width: int, q: int, k: int, *, norms: int = 0, bias: bool = False) -> Tensors:
    yield "attn_norm.weight", (width,)
    for name, out in (("attn_q", q), ("attn_k", k), ("attn_v", k)):
        yield f"{name}.weight", (width, out)
        if bias:
            yield f"{name}.bias", (out,)
    yield "attn_output.weight", (q, width)
    if bias:
        yield "attn_output.bias", (width,)
    if norms:
        yield "attn_q_norm.weight", (norms,)
        yield "attn_k_norm.weight", (norms,)


def _dense(width: int, ff: int) -> Tensors:
    yield "ffn_norm.weight", (width,)
    yield "ffn_gate.weight", (width, ff)
    yield "ffn_up.weight", (width, ff)
    yield "ffn_down.weight", (ff, width)


def _experts(width: int, ff: int, count: int, *, bias: bool = False) -> Tensors:
    yield "ffn_gate_inp.weight", (width, count)
    yield "ffn_gate_exps.weight", (width, ff, count)
    yield "ffn_up_exps.weight", (width, ff, count)
    yield "ffn_down_exps.weight", (ff, width, count)
    if bias:
        yield "ffn_gate_inp.bias", (count,)
        yield "ffn_gate_exps.bias", (ff, count)
        yield "ffn_up_exps.bias", (ff, count)
        yield "ffn_down_exps.bias", (width, count)


def _block(index: int, *parts: Tensors) -> Tensors:
    for part in parts:
        for name, shape in part:
            yield f"blk.{index}.{name}", shape


def llama_8b(path: Path) -> Path:
    def tensors() -> Tensors:
        yield from _ends(4096)
        for index in range(32):
            yield from _block(index, _attention(4096, 4096, 1024), _dense(4096, 14336))

    return hollow(path, "llama", _common(4096, 32, 32, 8, 14336, **{"rope.dimension_count": 128}), tensors())


def qwen2_7b(path: Path) -> Path:
    """Biases, and heads in sevenths."""

    def tensors() -> Tensors:
        yield from _ends(3584)
        for index in range(28):
            attention = [
                item for item in _attention(3584, 3584, 512, bias=True) if item[0] != "attn_output.bias"
            ]
            yield from _block(index, iter(attention), _dense(3584, 18944))

    return hollow(path, "qwen2", _common(3584, 28, 28, 4, 18944), tensors())


def qwen3_30b_a3b(path: Path) -> Path:
    """128 experts, 8 used; heads wider than the model."""

    def tensors() -> Tensors:
        yield from _ends(2048)
        for index in range(48):
            norm = iter([("ffn_norm.weight", (2048,))])
            yield from _block(index, _attention(2048, 4096, 512, norms=128), norm, _experts(2048, 768, 128))

    more = {
        "attention.key_length": 128, "attention.value_length": 128, "expert_count": 128, "expert_used_count": 8,
        "expert_feed_forward_length": 768,
    }  # fmt: skip
    return hollow(path, "qwen3moe", _common(2048, 48, 32, 4, 6144, **more), tensors())


def gemma3_4b(path: Path) -> Path:
    """Five of six layers with a window of 1024 tokens."""

    def tensors() -> Tensors:
        yield from _ends(2560)
        for index in range(34):
            norms = iter([("post_attention_norm.weight", (2560,)), ("post_ffw_norm.weight", (2560,))])
            yield from _block(index, _attention(2560, 2048, 1024, norms=256), norms, _dense(2560, 10240))

    more = {
        "attention.key_length": 256, "attention.value_length": 256, "attention.sliding_window": 1024,
        "rope.freq_base_swa": 10000.0,
    }  # fmt: skip
    return hollow(path, "gemma3", _common(2560, 34, 8, 4, 10240, **more), tensors())


def gpt_oss_20b(path: Path) -> Path:
    """Experts with biases, attention sinks, every second layer with a window of 128 tokens."""

    def tensors() -> Tensors:
        yield from _ends(2880)
        for index in range(24):
            more = iter([("post_attention_norm.weight", (2880,)), ("attn_sinks.weight", (64,))])
            yield from _block(
                index, _attention(2880, 4096, 512, bias=True), more, _experts(2880, 2880, 32, bias=True)
            )

    more = {
        "attention.key_length": 64, "attention.value_length": 64, "attention.sliding_window": 128,
        "expert_count": 32, "expert_used_count": 4, "expert_feed_forward_length": 2880, "rope.dimension_count": 64,
    }  # fmt: skip
    return hollow(path, "gpt-oss", _common(2880, 24, 64, 8, 2880, **more), tensors())


def deepseek_v2_lite(path: Path) -> Path:
    """Latent attention, 64 experts and two shared ones."""

    def tensors() -> Tensors:
        yield from _ends(2048)
        for index in range(27):
            yield from _block(index, iter([
                ("attn_norm.weight", (2048,)), ("attn_kv_a_norm.weight", (512,)), ("attn_q.weight", (2048, 16 * 192)),
                ("attn_kv_a_mqa.weight", (2048, 576)), ("attn_k_b.weight", (128, 512, 16)),
                ("attn_v_b.weight", (512, 128, 16)), ("attn_output.weight", (2048, 2048)),
            ]))  # fmt: skip
            if index == 0:
                yield from _block(index, _dense(2048, 10944))
                continue
            yield from _block(index, iter([("ffn_norm.weight", (2048,))]), _experts(2048, 1408, 64), iter([
                ("ffn_gate_shexp.weight", (2048, 2816)), ("ffn_up_shexp.weight", (2048, 2816)),
                ("ffn_down_shexp.weight", (2816, 2048)),
            ]))  # fmt: skip

    more = {
        "attention.key_length": 576, "attention.value_length": 512, "attention.key_length_mla": 192,
        "attention.value_length_mla": 128, "attention.kv_lora_rank": 512, "rope.dimension_count": 64,
        "leading_dense_block_count": 1, "expert_count": 64, "expert_used_count": 6, "expert_shared_count": 2,
        "expert_feed_forward_length": 1408, "expert_weights_scale": 1.0,
    }  # fmt: skip
    return hollow(path, "deepseek2", _common(2048, 27, 16, 1, 10944, **more), tensors())


def mamba_1b(path: Path) -> Path:
    """No attention at all."""
    width, inner, state, rank = 2048, 4096, 16, 128

    def tensors() -> Tensors:
        yield from _ends(width)
        for index in range(48):
            yield from _block(index, iter([
                ("attn_norm.weight", (width,)), ("ssm_in.weight", (width, 2 * inner)),
                ("ssm_conv1d.weight", (4, inner)), ("ssm_conv1d.bias", (inner,)),
                ("ssm_x.weight", (inner, rank + 2 * state)), ("ssm_dt.weight", (rank, inner)),
                ("ssm_dt.bias", (inner,)), ("ssm_a", (state, inner)), ("ssm_d", (inner,)),
                ("ssm_out.weight", (inner, width)),
            ]))  # fmt: skip

    more = {
        "ssm.conv_kernel": 4, "ssm.inner_size": inner, "ssm.state_size": state, "ssm.time_step_rank": rank,
    }  # fmt: skip
    return hollow(path, "mamba", _common(width, 48, 0, 0, 0, **more), tensors())


def mamba2_1b(path: Path) -> Path:
    width, inner, state, heads = 2048, 4096, 128, 64

    def tensors() -> Tensors:
        yield from _ends(width)
        for index in range(48):
            yield from _block(
                index, iter([("attn_norm.weight", (width,))]), _mamba2(width, inner, state, heads)
            )

    more = {
        "ssm.conv_kernel": 4, "ssm.inner_size": inner, "ssm.state_size": state, "ssm.time_step_rank": heads,
        "ssm.group_count": 1,
    }  # fmt: skip
    return hollow(path, "mamba2", _common(width, 48, 0, 0, 0, **more), tensors())


def _mamba2(width: int, inner: int, state: int, heads: int) -> Tensors:
    conv = inner + 2 * state
    yield "ssm_in.weight", (width, inner + conv + heads)
    yield "ssm_conv1d.weight", (4, conv)
    yield "ssm_conv1d.bias", (conv,)
    yield "ssm_dt.bias", (heads,)
    yield "ssm_a", (1, heads)
    yield "ssm_d", (1, heads)
    yield "ssm_norm.weight", (inner, 1)
    yield "ssm_out.weight", (inner, width)


def lfm2_1b(path: Path) -> Path:
    """Short convolutions, and attention in six of sixteen layers."""
    attends = {2, 5, 8, 10, 12, 14}

    def tensors() -> Tensors:
        for name, shape in _ends(2048):
            yield ("token_embd_norm.weight" if name == "output_norm.weight" else name), shape
        for index in range(16):
            if index in attends:
                yield from _block(index, _attention(2048, 2048, 512, norms=64))
            else:
                yield from _block(index, iter([
                    ("attn_norm.weight", (2048,)), ("shortconv.conv.weight", (3, 2048)),
                    ("shortconv.in_proj.weight", (2048, 6144)), ("shortconv.out_proj.weight", (2048, 2048)),
                ]))  # fmt: skip
            yield from _block(index, _dense(2048, 8192))

    kv = [8 if index in attends else 0 for index in range(16)]
    return hollow(path, "lfm2", _common(2048, 16, 32, kv, 8192, **{"shortconv.l_cache": 3}), tensors())


def falcon_h1_1b(path: Path) -> Path:
    """Attention and Mamba-2 side by side in every layer."""
    width, inner, state, heads = 2048, 3072, 256, 48

    def tensors() -> Tensors:
        yield from _ends(width)
        for index in range(24):
            dense = [
                (("ffn_norm" if name == "ffn_norm.weight" else name), s) for name, s in _dense(width, 4096)
            ]
            yield from _block(
                index, _mamba2(width, inner, state, heads), _attention(width, 1024, 256), iter(dense)
            )

    more = {
        "attention.key_length": 128, "attention.value_length": 128, "ssm.conv_kernel": 4, "ssm.inner_size": inner,
        "ssm.state_size": state, "ssm.time_step_rank": heads, "ssm.group_count": 1,
    }  # fmt: skip
    return hollow(path, "falcon-h1", _common(width, 24, 8, 2, 4096, **more), tensors())


def huge(path: Path) -> Path:
    """70 thousand million weights in f16, with a vocabulary of their size; more than 100 GB."""
    width, vocabulary = 8192, 128000

    def tensors() -> Tensors:
        yield "token_embd.weight", (width, vocabulary)
        yield "output_norm.weight", (width,)
        yield "output.weight", (width, vocabulary)
        for index in range(80):
            yield from _block(index, _attention(width, width, 1024), _dense(width, 28672))

    return hollow(path, "llama", _common(width, 80, 64, 8, 28672), tensors(), vocabulary)


SHAPES: Mapping[str, Callable[[Path], Path]] = {
    make.__name__: make
    for make in (
        llama_8b, qwen2_7b, qwen3_30b_a3b, gemma3_4b, gpt_oss_20b, deepseek_v2_lite, mamba_1b, mamba2_1b, lfm2_1b,
        falcon_h1_1b,
    )
}  # fmt: skip

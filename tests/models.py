"""Small real models for tests: random, seeded llama-architecture GGUF files that llama.cpp loads and runs.

The width is 256, so that k-quants need no fallback; the tokenizer is SentencePiece's byte fallback alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gguf
import numpy as np

WIDTH, FFN, HEADS, KV_HEADS = 256, 512, 4, 2


def tiny_gguf(
    path: Path,
    *,
    dtype: str = "f16",
    layers: int = 2,
    experts: int = 0,
    idle_experts: int = 0,
    width: int = WIDTH,
    seed: int = 0,
    context: int = 2048,
    extra: dict[str, Any] | None = None,
) -> Path:
    """Write a model and return its path.

    dtype: ``f16`` or ``f32``. experts: 0 for a dense model, else an even number; the last ``idle_experts`` of them
    are never chosen. extra: further metadata strings.
    """
    rng = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny")
    writer.add_block_count(layers)
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(FFN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10000.0)
    writer.add_rope_dimension_count(width // HEADS)
    if experts:
        writer.add_expert_count(experts)
        writer.add_expert_used_count(2)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16 if dtype == "f16" else gguf.LlamaFileType.ALL_F32)
    _tokenizer(writer)
    for key, value in (extra or {}).items():
        writer.add_string(key, value)

    store = np.float16 if dtype == "f16" else np.float32

    def matrix(name: str, *shape: int) -> None:
        values = rng.standard_normal(shape, dtype=np.float32) * (0.5 / np.sqrt(shape[-1]))
        writer.add_tensor(name, values.astype(store))

    def ones(name: str) -> None:
        writer.add_tensor(name, np.ones(width, dtype=np.float32))

    kv = width // HEADS * KV_HEADS
    vocab = 3 + 256 + 26
    matrix("token_embd.weight", vocab, width)
    matrix("output.weight", vocab, width)
    ones("output_norm.weight")
    for layer in range(layers):
        block = f"blk.{layer}."
        ones(block + "attn_norm.weight")
        ones(block + "ffn_norm.weight")
        matrix(block + "attn_q.weight", width, width)
        matrix(block + "attn_k.weight", kv, width)
        matrix(block + "attn_v.weight", kv, width)
        matrix(block + "attn_output.weight", width, width)
        if experts:
            writer.add_tensor(block + "ffn_gate_inp.weight", _router(rng, experts, idle_experts, width))
            matrix(block + "ffn_gate_exps.weight", experts, FFN, width)
            matrix(block + "ffn_up_exps.weight", experts, FFN, width)
            matrix(block + "ffn_down_exps.weight", experts, width, FFN)
        else:
            matrix(block + "ffn_gate.weight", FFN, width)
            matrix(block + "ffn_up.weight", FFN, width)
            matrix(block + "ffn_down.weight", width, FFN)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _router(rng: np.random.Generator, experts: int, idle: int, width: int) -> np.ndarray:
    """Rows in pairs r, −r: half of the active experts have positive logits for every token, so that two of
    four or more always stand before an idle one, whose row is zero."""
    router = np.zeros((experts, width), dtype=np.float32)
    half = rng.standard_normal(((experts - idle) // 2, width), dtype=np.float32) / 16
    router[: experts - idle] = np.concatenate([half, -half])
    return router


def _tokenizer(writer: gguf.GGUFWriter) -> None:
    write_tokenizer(writer, "abcdefghijklmnopqrstuvwxyz")
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)


def write_tokenizer(writer: gguf.GGUFWriter, words: Sequence[str]) -> None:
    """Bytes, and ``words`` beside them."""
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *words]
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([2, 3, 3, *[6] * 256, *[1] * len(words)])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)

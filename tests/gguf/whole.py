"""A small whole GGUF file, made by hand: every type of value, short and long arrays, tensors of several types."""

from __future__ import annotations

import struct
from typing import Any

from lab_app.gguf.header import SCALARS


def text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def pair(key: str, kind: int, value: bytes) -> bytes:
    return text(key) + struct.pack("<I", kind) + value


def numbers(kind: int, values: list[Any]) -> bytes:
    return struct.pack(f"<IQ{len(values)}{SCALARS[kind][0]}", kind, len(values), *values)


def strings(values: list[str]) -> bytes:
    return struct.pack("<IQ", 8, len(values)) + b"".join(map(text, values))


def whole_file() -> bytes:
    """A small model's header with every type of value, short and long arrays, and tensors of several types."""
    pairs = [
        pair("general.architecture", 8, text("llama")),
        pair("general.name", 8, text("fuzz")),
        pair("general.file_type", 4, struct.pack("<I", 2)),
        pair("general.alignment", 4, struct.pack("<I", 32)),
        pair("llama.block_count", 4, struct.pack("<I", 2)),
        pair("llama.context_length", 4, struct.pack("<I", 2048)),
        pair("llama.embedding_length", 4, struct.pack("<I", 32)),
        pair("llama.feed_forward_length", 9, numbers(4, [64, 64])),
        pair("llama.attention.head_count", 4, struct.pack("<I", 4)),
        pair("llama.attention.head_count_kv", 9, numbers(5, [2, 2])),
        pair("llama.attention.sliding_window", 4, struct.pack("<I", 0)),
        pair("llama.attention.layer_norm_rms_epsilon", 6, struct.pack("<f", 1e-5)),
        pair("llama.rope.freq_base", 6, struct.pack("<f", 10000.0)),
        pair("llama.rope.scaling.type", 8, text("none")),
        pair("llama.rope.dimension_sections", 9, numbers(5, [1, 2, 3, 0])),
        pair("llama.ssm.state_size", 4, struct.pack("<I", 0)),
        pair("llama.expert_count", 4, struct.pack("<I", 0)),
        pair("tokenizer.ggml.model", 8, text("gpt2")),
        pair("tokenizer.ggml.tokens", 9, strings([f"token {index}" for index in range(100)])),
        pair("tokenizer.ggml.scores", 9, numbers(6, [0.5] * 100)),
        pair("tokenizer.ggml.merges", 9, strings(["a b", "c d"])),
        pair("tokenizer.ggml.add_bos_token", 7, b"\1"),
        pair("tokenizer.ggml.bos_token_id", 4, struct.pack("<I", 1)),
        pair("tokenizer.chat_template", 8, text("{{ messages }}")),
        pair("test.long", 9, numbers(6, [1.0] * 80)),
    ]
    pairs += [
        pair(f"test.{kind}", kind, struct.pack("<" + code, True if code == "?" else 1))
        for kind, (code, _) in SCALARS.items()
    ]
    tensors: list[tuple[str, tuple[int, ...], int, int]] = [("token_embd.weight", (32, 100), 2, 18 * 100)]
    for block in range(2):
        shapes: tuple[tuple[str, tuple[int, ...]], ...] = (
            ("attn_norm", (32,)), ("attn_q", (32, 32)), ("attn_k", (32, 16)), ("attn_v", (32, 16)),
            ("attn_output", (32, 32)), ("ffn_up", (32, 64)), ("ffn_gate", (32, 64)), ("ffn_down", (64, 32)),
        )  # fmt: skip
        for name, shape in shapes:
            kind, size = (0, 4.0) if len(shape) == 1 else (8, 34 / 32)
            elements = shape[0] * (shape[1] if len(shape) > 1 else 1)
            tensors.append((f"blk.{block}.{name}.weight", shape, kind, round(elements * size)))
    infos, offset = b"", 0
    for tensor, shape, kind, nbytes in tensors:
        infos += text(tensor) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)
        offset += -(-nbytes // 32) * 32
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(pairs)) + b"".join(pairs) + infos
    return head + bytes(-len(head) % 32 + offset)

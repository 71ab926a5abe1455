"""What a file takes in memory while it runs, estimated from its size and shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CONTEXT = 4096
"""Tokens of context an estimate allows for (less where the model was trained on less)."""
SCRATCH = 256 * 10**6
"""Bytes for compute buffers and the program itself in an estimate."""
SHARE = 0.9
"""Part of the machine's memory a model may take; the rest is for the system."""

_KV_BYTES = {
    "f32": 4.0, "f16": 2.0, "bf16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32, "q4_1": 20 / 32, "iq4_nl": 18 / 32,
    "q5_0": 22 / 32, "q5_1": 24 / 32,
}  # fmt: skip
"""Bytes per element of the KV cache (ggml's block sizes)."""


def expected_memory(
    file_size: int | None, header: Mapping[str, Any], settings: Mapping[str, Any]
) -> int | None:
    """Bytes: file size + KV cache of the type set for 4096 tokens + 256 MB. None without the file's size.

    An estimate on purpose: what a probe was seen to take depends on the context of that probe.
    """
    if file_size is None:
        return None
    return file_size + _kv(header, settings, file_size) + SCRATCH


def _kv(header: Mapping[str, Any], settings: Mapping[str, Any], file_size: int) -> int:
    """Bytes of the KV cache; a tenth of the file where the header does not tell the shape."""
    shape = [header.get(name) for name in ("blocks", "width", "heads", "kv_heads")]
    if not all(isinstance(value, int) and value > 0 for value in shape):
        return file_size // 10
    blocks, width, heads, kv_heads = (int(value) for value in shape if value)
    tokens = min(CONTEXT, int(header.get("context_length") or CONTEXT))
    each = 0.0
    for name, length in (("kv_type_k", "key_length"), ("kv_type_v", "value_length")):
        per_head = header.get(length) or width // heads
        each += per_head * _KV_BYTES.get(str(settings.get(name, "f16")).lower(), 2.0)
    return round(tokens * blocks * kv_heads * each)


def limit(machine: Mapping[str, Any]) -> int | None:
    """Bytes a model may take on this machine, or None where its memory is not known."""
    memory = machine.get("memory")
    return round(SHARE * int(memory)) if memory else None

"""What a file takes in memory while it runs, and what this machine has for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from lab_app.gguf.header import GgufFile
from lab_app.gguf.memory import Load, estimate

CONTEXT = 4096
"""Tokens of context an estimate allows for (less where the model was trained on less)."""
PROGRAM = 100 * 10**6
"""Bytes of the worker itself: Python, the engine, its libraries."""
SHARE = 0.9
"""Part of the machine's memory a model may take; the rest is for the system."""


def expected_memory(
    header: GgufFile | None, settings: Mapping[str, Any], file_size: int | None = None
) -> int | None:
    """Bytes of weights, KV cache and buffers for 4096 tokens, and of the program around them. None where the header
    does not tell the model's shape.

    file_size: of a file that is not made yet; ``header`` is then that of the model it is made from.
    An estimate on purpose: what a probe was seen to take depends on the context of that probe.
    """
    if header is None:
        return None
    tokens = min(CONTEXT, header.context_length or CONTEXT)
    try:
        needed = estimate(header, Load.of_settings(settings, n_ctx=tokens))
    except ValueError:
        return None
    if file_size is not None:
        return replace(needed.ram, weights=file_size).total + replace(needed.vram, weights=0).total + PROGRAM
    return needed.total + PROGRAM


def of_machine(machine: Mapping[str, Any], settings: Iterable[Mapping[str, Any]]) -> int | None:
    """Bytes of memory this machine has, with its graphics cards' where one of the files ran on them (``settings`` of
    each), or None where that is not known."""
    memory = int(machine.get("memory") or 0)
    if memory and any(each.get("gpu_layers") for each in settings):
        memory += sum(int(card.get("memory") or 0) for card in machine.get("gpus") or ())
    return memory or None

"""Memory: whether a context can be had before its pages are touched, and what was used."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from typing import Any

from lab_app.engines import llama_errors, llama_params
from lab_app.engines.base import EngineSettings
from lab_app.engines.native_api import Native
from lab_app.system import host
from lab_app.system.errors import ResourceError

_BYTES = {"f32": 4.0, "f16": 2.0, "bf16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32, "q4_1": 20 / 32,
          "iq4_nl": 18 / 32, "q5_0": 22 / 32, "q5_1": 24 / 32}  # fmt: skip
"""Bytes per element (ggml's block sizes)."""

_PLANNED = 65536


def check_context_fits(
    native: Native, model: Any, path: str, settings: EngineSettings, *, n_ctx: int, n_seq: int
) -> None:
    """Raises ResourceError when main memory does not hold the context.

    llama.cpp zeroes KV memory when it makes it; on a system that overcommits memory that ends in a kill
    instead of an error. An upper bound from the model's shape settles nearly every case. Only where it
    exceeds half of the free memory is llama.cpp asked to lay contexts out without allocating them,
    which is right also for sliding windows, latent attention and recurrent models.
    """
    available = host.available_memory()
    api = native.api
    width = (
        api.llama_model_n_embd(model)
        / max(1, api.llama_model_n_head(model))
        * api.llama_model_n_head_kv(model)
    )
    each = _BYTES[settings.kv_type_k.strip().lower()] + _BYTES[settings.kv_type_v.strip().lower()]
    bound = n_ctx * n_seq * api.llama_model_n_layer(model) * width * each
    if bound < available / 2:
        return
    # Beyond the largest attention windows every buffer grows linearly, while llama.cpp's bookkeeping for
    # a planned context of millions of tokens would itself take gigabytes: two points make the line.
    half, full = (
        _planned_bytes(native, path, settings, n_ctx=at, n_seq=n_seq) for at in (_PLANNED // 2, _PLANNED)
    )
    needed = full + (full - half) * (n_ctx - _PLANNED) / (_PLANNED // 2)
    if needed > available:
        size = f"{n_ctx} tokens" if n_seq == 1 else f"{n_seq} × {n_ctx} tokens"
        raise ResourceError(
            f"A context of {size} needs {_gib(needed)}, but only {_gib(available)} are free.",
            "Use a smaller context or a smaller KV cache type.",
        )


def _gib(number: float) -> str:
    return f"{number / 2**30:.1f} GiB"


def _planned_bytes(native: Native, path: str, settings: EngineSettings, *, n_ctx: int, n_seq: int) -> float:
    """Bytes of KV and compute buffers of a context that is laid out but not allocated."""
    api = native.api
    params = llama_params.model_params(api, settings)
    params.no_alloc = True
    params.load_mode = 0  # LLAMA_LOAD_MODE_NONE: without memory mapping, which no_alloc excludes
    no_devices = (ctypes.c_void_p * 1)(None)
    if settings.gpu_layers == 0:
        params.devices = ctypes.addressof(no_devices)
    with native.log.capture() as lines:
        model = api.llama_model_load_from_file(os.fsencode(path), params)
        if not model:
            raise llama_errors.load_error(lines, path)
        lines.clear()
        context = api.llama_init_from_model(
            model, llama_params.context_params(api, settings, n_ctx=n_ctx, n_seq=n_seq, n_threads=1)
        )
        if context:
            api.llama_free(context)
        api.llama_model_free(model)
    if not context:
        raise llama_errors.context_error(lines, n_ctx, n_seq)
    return buffer_bytes(lines)["kv"] + buffer_bytes(lines)["compute"]


def buffer_bytes(lines: list[str]) -> dict[str, int]:
    """Bytes of ``kv`` memory and ``compute`` buffers that llama.cpp reported while it made a context.

    Its API has no call for them; the log gives MiB with two decimals."""
    kv = compute = 0.0
    for line in lines:
        if found := re.match(r"llama_\w+:(?:.*\b)?size =\s*([0-9.]+) MiB \(", line):
            kv += float(found.group(1))
        elif found := re.search(r"\b(?:compute|output) buffer size =\s*([0-9.]+) MiB", line):
            compute += float(found.group(1))
    return {"kv": round(kv * 2**20), "compute": round(compute * 2**20)}


def peak_rss() -> int:
    """Largest resident size of this process so far, in bytes (mapped pages of the model file included)."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as stream:
            for line in stream:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024

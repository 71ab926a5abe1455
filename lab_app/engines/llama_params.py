"""EngineSettings → llama.cpp's parameters, checked, with the nearest valid choice in every refusal."""

from __future__ import annotations

import os
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from lab_app.engines.base import EngineSettings
from lab_app.system import host
from lab_app.system.errors import UsageError

KV_TYPES = {
    "f32": 0, "f16": 1, "bf16": 30, "q8_0": 8, "q4_0": 2, "q4_1": 3, "iq4_nl": 20, "q5_0": 6, "q5_1": 7,
}  # fmt: skip
"""What llama.cpp's tools accept for the KV cache (common/arg.cpp, kv_cache_types) → ggml_type (ggml.h)."""
FLASH_ATTENTION = {"auto": -1, "off": 0, "on": 1}
ROPE_SCALING = {"none": 0, "linear": 1, "yarn": 2, "longrope": 3}
MAX_THREADS = 512
"""GGML_MAX_N_THREADS (ggml.h)."""


def choose(what: str, given: str, choices: Iterable[str]) -> str:
    """``given`` in lower case when it is one of ``choices``; raises UsageError naming the nearest one."""
    name = given.strip().lower()
    choices = tuple(choices)
    if name in choices:
        return name
    near = get_close_matches(name, choices, n=1, cutoff=0.0)
    raise UsageError(
        f"{what} {given!r} is not known; did you mean {near[0]!r}?", f"Possible are {', '.join(choices)}."
    )


def check(settings: EngineSettings) -> None:
    """Raises UsageError for settings no model could run with."""
    choose("KV cache type", settings.kv_type_k, KV_TYPES)
    kv_type_v = choose("KV cache type", settings.kv_type_v, KV_TYPES)
    flash = choose("Flash attention setting", settings.flash_attention, FLASH_ATTENTION)
    if flash == "off" and kv_type_v not in ("f32", "f16", "bf16"):
        raise UsageError(
            f"A KV cache of type {kv_type_v} for V needs flash attention.",
            "Set flash_attention to 'on' or 'auto', or kv_type_v to f16.",
        )
    if settings.rope_scaling is not None:
        choose("RoPE scaling", settings.rope_scaling, ROPE_SCALING)
    for name, low, high in (("threads", 1, MAX_THREADS), ("n_batch", 1, 1 << 20), ("n_ubatch", 1, 1 << 20)):
        value = getattr(settings, name)
        if value is not None and not low <= value <= high:
            raise UsageError(f"{name} is {value}, but must lie between {low} and {high}.")
    for name in ("rope_freq_base", "rope_freq_scale", "yarn_orig_ctx"):
        value = getattr(settings, name)
        if value is not None and not value > 0:
            raise UsageError(f"{name} is {value}, but must be greater than 0.")


def default_threads() -> int:
    """One thread per physical core this process may use.

    llama.cpp's tools take one per physical core of the machine (common_cpu_get_num_math); the lab also
    honours CPU affinity and container quotas, where more threads than cores make every graph wait.
    """
    usable = max(1, host.usable_cores())
    try:
        allowed = os.sched_getaffinity(0)
    except (AttributeError, OSError):
        allowed = set()
    cores = set()
    for cpu in allowed:
        try:
            with open(
                f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings", encoding="ascii"
            ) as stream:
                cores.add(stream.read())
        except OSError:
            return min(usable, MAX_THREADS)
    return min(usable, len(cores) or usable, MAX_THREADS)


def model_params(api: Any, settings: EngineSettings) -> Any:
    """``llama_model_params``. With ``gpu_layers`` 0 no GPU takes part at all: llama.cpp would otherwise
    still copy weights to it for large batches. A negative number offloads every layer."""
    params = api.llama_model_default_params()
    params.n_gpu_layers = settings.gpu_layers
    return params


def context_params(api: Any, settings: EngineSettings, *, n_ctx: int, n_seq: int, n_threads: int) -> Any:
    """``llama_context_params`` for ``n_seq`` sequences of ``n_ctx`` tokens each.

    As llama.cpp's tools set them (common_context_params_to_llama): KV memory is one stream per sequence,
    and layers with a sliding window keep no more than the window.
    """
    params = api.llama_context_default_params()
    params.n_ctx = n_ctx * n_seq
    params.n_seq_max = n_seq
    params.n_batch = min(settings.n_batch, params.n_ctx)
    params.n_ubatch = settings.n_ubatch
    params.n_outputs_max_per_seq = 0
    params.n_threads = params.n_threads_batch = n_threads
    params.swa_full = False
    params.kv_unified = False
    params.type_k = KV_TYPES[settings.kv_type_k.strip().lower()]
    params.type_v = KV_TYPES[settings.kv_type_v.strip().lower()]
    params.flash_attn_type = FLASH_ATTENTION[settings.flash_attention.strip().lower()]
    if settings.rope_scaling is not None:
        params.rope_scaling_type = ROPE_SCALING[settings.rope_scaling.strip().lower()]
    for name in ("rope_freq_base", "rope_freq_scale", "yarn_orig_ctx", "yarn_ext_factor", "yarn_attn_factor",
                 "yarn_beta_fast", "yarn_beta_slow"):  # fmt: skip
        value = getattr(settings, name)
        if value is not None:
            setattr(params, name, value)
    return params

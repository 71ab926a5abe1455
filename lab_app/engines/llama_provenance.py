"""What ran: stored with every result of the llama engine."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from lab_app.engines import template as template_module
from lab_app.engines.base import EngineSettings
from lab_app.engines.llama_context import Context
from lab_app.engines.native_api import Native


def model_metadata(api: Any, model: Any) -> dict[str, str]:
    """The model's scalar metadata as text (arrays are left out by llama.cpp), long values cut."""
    key = ctypes.create_string_buffer(512)
    value = ctypes.create_string_buffer(4096)
    found = {}
    for index in range(api.llama_model_meta_count(model)):
        if api.llama_model_meta_key_by_index(model, index, key, len(key)) < 0:
            continue
        api.llama_model_meta_val_str_by_index(model, index, value, len(value))
        found[key.value.decode(errors="replace")] = value.value.decode(errors="replace")
    return found


def provenance(
    native: Native,
    settings: EngineSettings,
    metadata: Mapping[str, str],
    *,
    threads: int,
    n_ctx_train: int,
    context: Context | None,
    template: str | None,
    warnings: Sequence[str],
) -> dict[str, Any]:
    """JSON: library, devices, threads, batch shape, KV types, RoPE in force, template, warnings."""
    api = native.api
    architecture = metadata.get("general.architecture", "")
    report = context.report if context is not None else {}
    body: dict[str, Any] = {
        "engine": "llama.cpp",
        "commit": native.manifest.commit,
        "version": api.llama_version().decode(),
        "bindings": native.bindings_version,
        "build": native.manifest.variant,
        "backends": list(native.backends),
        "devices": [
            asdict(device) for device in native.devices if settings.gpu_layers or device.type == "cpu"
        ],
        "system_info": api.llama_print_system_info().decode(errors="replace").strip(),
        "threads": threads,
        "gpu_layers": settings.gpu_layers,
        "n_batch": context.n_batch if context is not None else settings.n_batch,
        "n_ubatch": context.n_ubatch if context is not None else settings.n_ubatch,
        "kv_type_k": settings.kv_type_k,
        "kv_type_v": settings.kv_type_v,
        "flash_attention": report.get("flash_attn", settings.flash_attention),
        "rope": _rope(settings, metadata, architecture, report),
        "model": {
            "architecture": architecture,
            "name": metadata.get("general.name", ""),
            "file_type": native.llama.llama_ftype_name(int(metadata.get("general.file_type", 1024))).decode(
                errors="replace"
            ),
            "n_ctx_train": n_ctx_train,
        },
        "chat_template_sha256": sha256(template.encode()).hexdigest() if template is not None else None,
        "chat_template_date": template_module.NOW,
        "warnings": list(warnings),
    }
    if context is not None:
        body["n_ctx"] = context.n_ctx
        body["n_seq"] = context.n_seq
        scaled = (
            settings.rope_scaling not in (None, "none") or settings.rope_freq_base or settings.rope_freq_scale
        )
        if context.n_ctx > n_ctx_train and not scaled:
            body["warnings"].append(
                f"The context of {context.n_ctx} tokens is longer than the {n_ctx_train} the model was "
                "trained on, and no RoPE scaling is set."
            )
    return body


def _rope(
    settings: EngineSettings, metadata: Mapping[str, str], architecture: str, report: Mapping[str, str]
) -> dict[str, Any]:
    """As the model's file says, what the settings override, and what llama.cpp reported as in force."""
    prefix = f"{architecture}.rope."
    names = ("rope_scaling", "rope_freq_base", "rope_freq_scale", "yarn_orig_ctx", "yarn_ext_factor",
             "yarn_attn_factor", "yarn_beta_fast", "yarn_beta_slow")  # fmt: skip
    return {
        "model": {
            key.removeprefix(prefix): value for key, value in metadata.items() if key.startswith(prefix)
        },
        "overrides": {name: value for name in names if (value := getattr(settings, name)) is not None},
        "freq_base": float(report["freq_base"]) if "freq_base" in report else None,
        "freq_scale": float(report["freq_scale"]) if "freq_scale" in report else None,
    }

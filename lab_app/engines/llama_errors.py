"""llama.cpp's log lines → one clear sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lab_app.system.errors import (
    Cancelled,
    IntegrityError,
    JobFailedError,
    LabError,
    ResourceError,
    UsageError,
)

_MEMORY = re.compile(
    r"failed to allocate|unable to allocate|alloc_buffer|cudaMalloc failed|out of memory"
    r"|bad_alloc|bad allocation"
    r"|failed to initialize .*buffer|vector::_M_default_append|failed to mmap|Cannot allocate memory",
    re.IGNORECASE,
)
_LESS = "Use a smaller context, a smaller KV cache type or a smaller model, or free memory."


def load_error(lines: Sequence[str], path: str) -> LabError:
    """Why a model could not be loaded, from the lines llama.cpp logged meanwhile."""
    text = "\n".join(lines)
    if found := re.search(r"unknown model architecture: '([^']*)'", text):
        return UsageError(
            f"{path} is a model of architecture {found.group(1)!r}, which this llama.cpp does not run."
        )
    if found := re.search(r"unknown pre-tokenizer type: '([^']*)'", text):
        return UsageError(
            f"{path} needs the pre-tokenizer {found.group(1)!r}, which this llama.cpp does not have.",
            "Its text would be split wrongly; convert the model again with a matching converter.",
        )
    if found := re.search(r"unknown tokenizer: '([^']*)'", text):
        return UsageError(f"{path} uses the tokenizer {found.group(1)!r}, which llama.cpp does not have.")
    if _MEMORY.search(text):
        return ResourceError(f"There is not enough memory to load {path}.", _LESS)
    reason = _last_reason(lines)
    return IntegrityError(
        f"{path} cannot be loaded: {reason}." if reason else f"{path} cannot be loaded.",
        "The file is damaged or incomplete, or made for another program; fetch or convert it again.",
    )


def context_error(lines: Sequence[str], n_ctx: int, n_seq: int) -> LabError:
    """Why a context could not be made."""
    text = "\n".join(lines)
    size = f"{n_ctx} tokens" if n_seq == 1 else f"{n_seq} × {n_ctx} tokens"
    if _MEMORY.search(text):
        return ResourceError(f"There is not enough memory for a context of {size}.", _LESS)
    reason = _last_reason(lines)
    return UsageError(
        f"A context of {size} is not possible with these settings" + (f": {reason}." if reason else ".")
    )


def decode_error(code: int, n_ctx: int) -> LabError:
    """Why ``llama_decode`` returned ``code`` (llama.h)."""
    if code == 2:
        return Cancelled("The job was cancelled.")
    if code == 1:
        return UsageError(
            f"The context of {n_ctx} tokens is full.", "Use a larger context or a shorter text."
        )
    if code == -2:
        return ResourceError("There is not enough memory to compute this batch.", _LESS)
    if code == -1:
        return JobFailedError("llama.cpp refused the batch: a token or position is not valid for this model.")
    return JobFailedError(
        f"llama.cpp failed to compute a batch (code {code}); the job's log has its message."
    )


def _last_reason(lines: Sequence[str]) -> str:
    """The most telling line: the last ``error …: reason``, without the name of the C++ function."""
    for pattern in (
        r"gguf_init_from_\w+: (.+)$",
        r"error loading model(?: \w+)*: (?:llama_model_loader: )?(.+)$",
        r"failed to initialize the context: (.+)$",
        r"^\w+: (.*(?:invalid|failed|requires|does not|cannot|must).*)$",
    ):
        for line in reversed(lines):
            if found := re.search(pattern, line):
                return found.group(1).strip().rstrip(".")
    return ""

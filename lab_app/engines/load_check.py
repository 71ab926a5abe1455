"""Does llama.cpp load a file? Also a program, for rooms that know no engine: one line of JSON on standard output."""

from __future__ import annotations

import ctypes
import json
import os
import sys
from pathlib import Path

from lab_app.engines import native_api
from lab_app.system.errors import LabError


def load_error(path: Path) -> list[str] | None:
    """Load a model, its vocabulary too, and find every block of every tensor valid; None when all is well, else
    what llama.cpp logged."""
    native = native_api.native()
    params = native.api.llama_model_default_params()
    no_devices = (ctypes.c_void_p * 1)(None)
    params.devices = ctypes.addressof(no_devices)
    params.n_gpu_layers = 0
    params.use_extra_bufts = False  # weights stay as they lie in the file
    params.check_tensors = True
    with native.log.capture() as lines:
        model = native.api.llama_model_load_from_file(os.fsencode(path), params)
    if not model:
        return list(lines)
    native.api.llama_model_free(model)
    return None


def main() -> None:
    """``FILE`` → ``{"error": null}`` or ``{"error": "llama.cpp's own words"}``. Standard error is the log."""
    said = os.dup(1)
    os.dup2(2, 1)
    try:
        lines = load_error(Path(sys.argv[1]))
        error = None if lines is None else reason(lines)
    except LabError as refused:
        error = str(refused)
    os.write(said, json.dumps({"error": error}).encode() + b"\n")


def reason(lines: list[str]) -> str:
    """The last line of a native log that says what went wrong."""
    for line in reversed(lines):
        if "error" in line.lower():
            return line.strip().rstrip(".")
    return "it gave no reason"

"""Would this llama.cpp run a model? It says so itself, from the header alone: everything is loaded but weights.

Architecture, hyper-parameters, vocabulary with its pre-tokenizer, and the presence and shape of every tensor are
checked by the code that will run the model, so no table of supported architectures can be out of date.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

from lab_app.engines import llama_errors, native_api
from lab_app.system.errors import LabError


def refusal(path: Path) -> LabError | None:
    """Why llama.cpp does not run the model at ``path`` (any weights may be missing from the file), None where it does.

    Raises ResourceError, IntegrityError (the native engine is missing or damaged)."""
    native = native_api.native()
    api = native.api
    params = api.llama_model_default_params()
    params.no_alloc = True
    params.load_mode = 0  # LLAMA_LOAD_MODE_NONE: without memory mapping, which no_alloc excludes
    params.n_gpu_layers = 0
    no_devices = (ctypes.c_void_p * 1)(None)
    params.devices = ctypes.addressof(no_devices)
    with native.log.capture() as lines:
        model = api.llama_model_load_from_file(os.fsencode(path), params)
    if not model:
        return llama_errors.load_error(lines, path.name)
    api.llama_model_free(model)
    return None

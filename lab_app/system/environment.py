"""The environment a worker runs in: an allow-list, so that nothing of the caller's reaches native code.

``GGML_*``, ``LLAMA_*``, ``LD_PRELOAD``, ``LD_LIBRARY_PATH``, ``DYLD_*``, ``PYTHON*`` and every kind of token
stay outside; llama.cpp's libraries come from the lab's own folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from lab_app.system import paths
from lab_app.system.errors import ResourceError

_NAMES = frozenset(
    """
    PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR TMP TEMP TERM SSL_CERT_FILE SSL_CERT_DIR
    REQUESTS_CA_BUNDLE CURL_CA_BUNDLE HF_ENDPOINT HF_HOME HF_HUB_CACHE HF_HUB_OFFLINE
    HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy all_proxy
    CUDA_VISIBLE_DEVICES CUDA_DEVICE_ORDER HIP_VISIBLE_DEVICES DBUS_SESSION_BUS_ADDRESS
    SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT APPDATA LOCALAPPDATA USERPROFILE PROGRAMDATA
    ODYSSEY_LAB_NATIVE ODYSSEY_LAB_DEMO_MODEL
    """.split()
)
_PREFIXES = ("LC_", "XDG_", "PIP_")


def worker_environment(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Environment of a worker process, from ``base`` (default: this process's own)."""
    source = os.environ if base is None else base
    kept = {
        name: value
        for name, value in source.items()
        if name in _NAMES or (name.startswith(_PREFIXES) and "TOKEN" not in name and "PASSWORD" not in name)
    }
    kept |= {
        "GGML_NO_BACKTRACE": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONSAFEPATH": "1",
        "PYTHONIOENCODING": "utf-8",
        # numpy's BLAS threads would fight with the engine's for the same cores.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "Agg",
    }
    if sys.flags.no_user_site:
        kept["PYTHONNOUSERSITE"] = "1"
    try:
        kept["LLAMA_CPP_LIB_PATH"] = str(paths.native_dir())
    except ResourceError:
        pass  # jobs without the engine (downloads, reports) run all the same; the engine says what is missing
    return kept


# The lab's own folder (a checkout need not be installed) comes after the standard library, so that nothing in
# it can take a standard module's place, and before installed packages, so that no other copy is taken.
_START = (
    "import sys; p = sys.path; i = next((i for i, e in enumerate(p) if e.endswith('-packages')), len(p)); "
    "p[i:i] = {paths!r}; {statement}"
)


def python_command(statement: str, import_paths: Collection[str] = ()) -> list[str]:
    """The command that runs a Python statement in a process that imports this very copy of the lab."""
    return [
        sys.executable, "-P", "-c",
        _START.format(paths=[str(import_root()), *map(str, import_paths)], statement=statement),
    ]  # fmt: skip


def import_root() -> Path:
    """The folder that holds the package ``lab_app``; a worker started from a checkout needs it."""
    return paths.PACKAGE_ROOT.parent

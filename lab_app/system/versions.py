"""Everything a bug report needs, in well under a third of a second.

Nothing heavy is imported: versions of packages come from their metadata, Qt is looked for without
being loaded, and nothing is started or downloaded.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from importlib import util
from pathlib import Path
from typing import Any

from lab_app import __version__
from lab_app.system import host, native, paths
from lab_app.system.errors import LabError

PACKAGES = (
    "llama-cpp-python",
    "numpy",
    "pydantic",
    "matplotlib",
    "huggingface-hub",
    "PySide6-Essentials",
    "pyqtgraph",
    "torch",
    "transformers",
)
"""Distributions whose version explains behaviour; those not installed are reported as such."""


def report() -> dict[str, Any]:
    """Versions, machine and folders as JSON-able data. What is missing is said in its place."""
    installed = installed_versions()
    return {
        "odyssey-lab": __version__,
        "commit": git_commit(),
        "installed": str(paths.PACKAGE_ROOT),
        "python": {
            "version": platform.python_version(),
            "implementation": platform.python_implementation(),
            "executable": sys.executable,
        },
        "system": _system(),
        "machine": {
            "cpu": host.cpu_name(),
            "architecture": platform.machine(),
            "cores": host.usable_cores(),
            "memory_bytes": host.total_memory(),
            "gpus": list(host.graphics()),
        },
        "native": _native(),
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: installed.get(name.lower()) for name in PACKAGES},
        "qt": _qt(),
        "folders": {"data": str(paths.data_dir())},
        "environment": _environment(),
    }


def text(data: dict[str, Any] | None = None) -> str:
    """The report for people: one ``name: value`` a line."""
    found = report() if data is None else data
    machine, engine, python = found["machine"], found["native"], found["python"]
    commit = f" (commit {found['commit'][:12]})" if found["commit"] else ""
    lines = [
        f"odyssey-lab {found['odyssey-lab']}{commit}",
        f"installed: {found['installed']}",
        f"python: {python['implementation']} {python['version']} at {python['executable']}",
        f"system: {found['system']}",
        f"cpu: {machine['cpu']}, {machine['architecture']}, {machine['cores']} usable cores",
        f"memory: {machine['memory_bytes'] / 2**30:.1f} GiB",
        f"gpu: {', '.join(machine['gpus']) or 'none found'}",
    ]
    if "problem" in engine:
        lines.append(f"native engine: {engine['problem']}")
    else:
        flags = " ".join(f"{name}={value}" for name, value in engine["flags"].items() if value != "OFF")
        lines += [
            f"native engine: llama.cpp {engine['commit']}, variant {engine['variant']}, {engine['compiler']}",
            f"  source: llama-cpp-python {engine['version']}",
            f"  backends: {' '.join(engine['backends']) or 'none'}",
            f"  flags: {flags}",
            f"  folder: {engine['folder']}",
        ]
    packages = (f"{name} {version or '(not installed)'}" for name, version in found["packages"].items())
    lines.append(f"packages: {', '.join(packages)}")
    lines.append(f"sqlite: {found['sqlite']}")
    lines.append(f"qt: {found['qt']}")
    lines.append(f"data folder: {found['folders']['data']}")
    set_here = (f"{name}={value}" for name, value in found["environment"].items())
    lines.append(f"environment: {' '.join(set_here) or 'nothing set that changes it'}")
    return "\n".join(lines)


def git_commit() -> str | None:
    """Commit of the checkout this runs from, read from ``.git`` without starting git; None elsewhere."""
    root = paths.checkout_root()
    if root is None:
        return None
    try:
        folder = root / ".git"
        if folder.is_file():  # a worktree: "gitdir: PATH"
            folder = root / folder.read_text(encoding="utf-8").partition(":")[2].strip()
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref:"):
            return head
        return _resolve_ref(folder, head.partition(":")[2].strip())
    except OSError:
        return None


def _resolve_ref(folder: Path, ref: str) -> str | None:
    common = folder / "commondir"
    homes = [folder]
    if common.is_file():
        homes.append(folder / common.read_text(encoding="utf-8").strip())
    for home in homes:
        if (home / ref).is_file():
            return (home / ref).read_text(encoding="utf-8").strip()
        packed = home / "packed-refs"
        if packed.is_file():
            for line in packed.read_text(encoding="utf-8").splitlines():
                commit, _, name = line.partition(" ")
                if name == ref:
                    return commit
    return None


def _system() -> str:
    name = f"{platform.system()} {platform.release()}"
    try:
        return f"{platform.freedesktop_os_release().get('PRETTY_NAME', '')} ({name})".strip()
    except OSError:
        mac = platform.mac_ver()[0]
        return f"macOS {mac} ({name})" if mac else name


_TELLING = frozenset(
    """
    HF_HOME HF_HUB_CACHE HF_HUB_OFFLINE CUDA_VISIBLE_DEVICES CUDA_DEVICE_ORDER HIP_VISIBLE_DEVICES TERM NO_COLOR
    LANG LC_ALL LD_PRELOAD LD_LIBRARY_PATH DYLD_LIBRARY_PATH PYTHONPATH DISPLAY WAYLAND_DISPLAY
    """.split()
)
_HIDDEN = frozenset(
    "HF_ENDPOINT HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy HF_TOKEN".split()
)
"""Where a password may stand."""


def _environment() -> dict[str, str]:
    """Variables of the caller that change what the lab does; of secrets only that they are set."""
    shown = {}
    for name, value in sorted(os.environ.items()):
        if name in _HIDDEN:
            shown[name] = "(set)"
        elif name in _TELLING or name.startswith(("ODYSSEY_LAB_", "GGML_", "LLAMA_", "QT_")):
            shown[name] = value
    return shown


def _native() -> dict[str, Any]:
    try:
        folder = paths.native_dir()
        built = native.manifest()
        identity = native.engine_id()
    except LabError as error:
        return {"problem": str(error)}
    return {
        "folder": str(folder),
        "commit": built.commit,
        "version": built.version,
        "variant": built.variant,
        "flags": built.flags,
        "compiler": built.compiler,
        "backends": list(built.backends),
        "id": identity,
    }


def installed_versions() -> dict[str, str]:
    """Normalized distribution name → version, from the names of ``NAME-VERSION.dist-info`` folders on the path,
    the first of a name as imports find it. importlib.metadata opens each one's METADATA with the mail parser,
    which takes a tenth of a second."""
    found: dict[str, str] = {}
    for entry in sys.path:
        try:
            names = os.listdir(entry or ".")
        except OSError:
            continue
        for name in names:
            stem, kind = os.path.splitext(name)
            distribution, _, version = stem.partition("-")
            if kind == ".dist-info" and version:
                found.setdefault(distribution.replace("_", "-").lower(), version)
    return found


def _qt() -> str:
    if util.find_spec("PySide6") is None:
        return "not installed (pip install 'odyssey-lab[gui]')"
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not display:
        return "installed; no display"
    return "installed"

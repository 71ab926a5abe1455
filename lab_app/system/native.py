"""What the native engine is: its manifest, its identity, its tools, and whether its files are whole.

The manifest is written by ``native/build.py``. Everything here is cheap except :func:`verify`,
which reads every file.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lab_app.system import paths
from lab_app.system.errors import IntegrityError, LabError, ResourceError

MANIFEST_NAME = "manifest.json"
MANIFEST_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``native/build.py`` built.

    commit:   llama.cpp commit, as it appears in tools' ``--version``.
    version:  version of the llama-cpp-python sdist both bindings and libraries come from.
    variant:  ``cpu``, ``cpu-quick``, ``cuda``, ``metal``, ``vulkan`` …
    flags:    the CMake settings that decide what the code computes.
    files:    file name → sha256; sizes: file name → bytes.
    backends: names of the backend libraries (``cpu-haswell``, ``cuda`` …).
    compiler, platform: what built it, for what.
    """

    commit: str
    version: str
    variant: str
    flags: dict[str, str]
    files: dict[str, str]
    sizes: dict[str, int]
    backends: tuple[str, ...]
    build_number: int
    compiler: str
    platform: str


def read_manifest(folder: Path) -> Manifest:
    """The manifest of one native folder. Raises ResourceError (missing) or IntegrityError (damaged)."""
    path = folder / MANIFEST_NAME
    try:
        return _parse(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ResourceError(f"{folder} holds no native engine.", "Run `make native`.") from None
    except OSError as error:
        raise ResourceError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IntegrityError(f"{path} is damaged.", "Build it again: `make native`.") from error


def _parse(data: dict[str, Any]) -> Manifest:
    if data["format"] != MANIFEST_FORMAT:
        raise ValueError(data["format"])
    files: dict[str, dict[str, Any]] = data["files"]
    return Manifest(
        commit=str(data["commit"]),
        version=str(data["version"]),
        variant=str(data["variant"]),
        flags={str(name): str(value) for name, value in data["flags"].items()},
        files={name: str(entry["sha256"]) for name, entry in files.items()},
        sizes={name: int(entry["size"]) for name, entry in files.items()},
        backends=tuple(str(name) for name in data["backends"]),
        build_number=int(data["build_number"]),
        compiler=str(data["compiler"]),
        platform=str(data["platform"]),
    )


@lru_cache(maxsize=8)
def _cached(folder: Path, stamp: int) -> Manifest:
    return read_manifest(folder)


def manifest() -> Manifest:
    """The manifest of :func:`paths.native_dir`. Raises ResourceError or IntegrityError."""
    folder = paths.native_dir()
    return _cached(folder, (folder / MANIFEST_NAME).stat().st_mtime_ns)


def uses_cards() -> bool:
    """Whether the native engine computes on NVIDIA cards; False where there is no engine."""
    try:
        return manifest().variant.startswith("cuda")
    except (LabError, OSError):
        return False


def engine_id() -> str:
    """Identity of the native engine for content keys: commit, variant and a digest of what decides results.

    Two builds of the same source with the same flags, compiler and platform share it, so that results
    survive a rebuild although linkers write time stamps into files.
    """
    built = manifest()
    decisive = json.dumps([built.flags, built.compiler, built.platform], sort_keys=True)
    return f"llama.cpp-{built.commit}-{built.variant}-{hashlib.sha256(decisive.encode()).hexdigest()[:8]}"


def tool(name: str) -> Path:
    """Path of a native program, e.g. ``tool("llama-quantize")``. Raises ResourceError when missing."""
    path = paths.native_dir() / (f"{name}.exe" if os.name == "nt" else name)
    if not path.is_file():
        raise ResourceError(f"The native program {name} is missing from {path.parent}.", "Run `make native`.")
    return path


def verify(folder: Path | None = None) -> list[str]:
    """Read every file of the native folder and compare with the manifest; one sentence per problem.

    Files that the manifest does not name count as problems when they look like a library, because the
    engine loads every backend library it finds there.
    """
    where = paths.native_dir() if folder is None else folder
    built = read_manifest(where)
    problems = []
    for name, digest in sorted(built.files.items()):
        path = where / name
        try:
            with open(path, "rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except FileNotFoundError:
            problems.append(f"{name} is missing.")
        except OSError as error:
            problems.append(f"{name} cannot be read: {error.strerror or error}.")
        else:
            if found != digest:
                problems.append(f"{name} is not the file that was built (sha256 differs).")
    for path in sorted(where.iterdir()):
        unknown = path.name not in built.files and not path.is_symlink() and path.is_file()
        if unknown and _is_library(path.name):
            problems.append(f"{path.name} is a library that the build did not make.")
    return problems


def _is_library(name: str) -> bool:
    return name.endswith((".so", ".dylib", ".dll")) or ".so." in name

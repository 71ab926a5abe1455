"""``manifest.json`` of a native folder: written by the build, read by :mod:`lab_app.system.native`."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from sdist import Lock, sha256_file
from variants import Plan, machine

NAME = "manifest.json"
FORMAT = 1
COPIED = ("convert/", "licences/")
"""Folders of a build that are copied from the source, not compiled."""
NEEDED = (
    "convert/convert_hf_to_gguf.py",
    "convert/convert_lora_to_gguf.py",
    "convert/gguf-py/gguf/__init__.py",
)


def make(folder: Path, lock: Lock, plan: Plan, flags: dict[str, str], tree: Path) -> dict[str, Any]:
    """Describe every plain file in ``folder`` (links are skipped: they carry nothing of their own)."""
    files = describe_files(folder)
    return {
        "format": FORMAT,
        "distribution": lock.distribution,
        "version": lock.version,
        "sdist_sha256": lock.sdist_sha256,
        "commit": lock.llama_cpp_commit,
        "build_number": lock.build_number,
        "variant": plan.name,
        "flags": flags,
        "compiler": compiler(tree),
        "platform": machine(),
        "backends": backends(files),
        "tools": sorted(
            name for name in files if name.startswith("llama-") and "." not in name.removesuffix(".exe")
        ),
        "files": files,
    }


def describe_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Name, sha256 and size of every file of a build but the manifest."""
    return {
        path.relative_to(folder).as_posix(): {"sha256": sha256_file(path), "size": path.stat().st_size}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.name != NAME
    }


def write(folder: Path, content: dict[str, Any]) -> None:
    """Write the manifest so that it is either whole or absent."""
    temporary = folder / f".{NAME}.{os.getpid()}"
    with open(temporary, "w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=1)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, folder / NAME)


def read(folder: Path) -> dict[str, Any] | None:
    """The manifest, or None when it is missing or unreadable: both mean "build again"."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and content.get("format") == FORMAT else None


def differences(folder: Path, lock: Lock, plan: Plan | None) -> list[str]:
    """Why the finished build in ``folder`` is not what is asked for; empty when it is. Reads no contents.

    With ``plan`` None any variant of the pinned source will do.
    """
    found = read(folder)
    if found is None:
        return ["not built"]
    reasons = []
    wanted: dict[str, Any] = {
        "version": lock.version,
        "sdist_sha256": lock.sdist_sha256,
        "commit": lock.llama_cpp_commit,
        "platform": machine(),
    }
    if plan is not None:
        wanted["flags"] = plan.flags
    for key, value in wanted.items():
        if found.get(key) != value:
            reasons.append(f"{key} differs")
    if plan is not None:
        missing = set(plan.tools) - {name.removesuffix(".exe") for name in found.get("tools", [])}
        reasons += [f"{name} not built" for name in sorted(missing)]
    reasons += [f"{name} missing" for name in NEEDED if name not in found.get("files", {})]
    for name, entry in found.get("files", {}).items():
        try:
            if (folder / name).stat().st_size != entry["size"]:
                reasons.append(f"{name} changed")
        except OSError:
            reasons.append(f"{name} missing")
    return reasons


def only_copied(reasons: list[str]) -> bool:
    """Whether copying from the source mends all of what :func:`differences` or --verify found."""
    return all(reason.startswith(COPIED) for reason in reasons)


def changed_files(folder: Path) -> list[str]:
    """Names of files whose content is not what the manifest says."""
    found = read(folder)
    if found is None:
        return [NAME]
    return [
        name
        for name, entry in found["files"].items()
        if not (folder / name).is_file() or sha256_file(folder / name) != entry["sha256"]
    ]


def backends(names: Any) -> list[str]:
    """``cpu-haswell``, ``cuda`` … from the file names of the loadable backends."""
    found = set()
    for name in names:
        match = re.fullmatch(r"(?:lib)?ggml-([a-z0-9_.-]+?)\.(?:so|dylib|dll)", name)
        if match and match[1] != "base":
            found.add(match[1])
    return sorted(found)


def compiler(tree: Path) -> str:
    """``GNU 12.2.0`` (and ``, NVIDIA 13.0.88``) as CMake saw them; ``unknown`` without a build tree."""
    found = []
    for language in ("CXX", "CUDA"):
        for path in sorted(tree.glob(f"CMakeFiles/*/CMake{language}Compiler.cmake"))[:1]:
            text = path.read_text(encoding="utf-8", errors="replace")
            keys = [rf'set\(CMAKE_{language}_COMPILER_{key} "([^"]*)"\)' for key in ("ID", "VERSION")]
            found.append(" ".join(match[1] for key in keys if (match := re.search(key, text))))
    return ", ".join(found) or "unknown"


def cached_flags(tree: Path, names: Any) -> dict[str, str]:
    """Values that a build tree's CMakeCache.txt holds for ``names``."""
    found = {}
    try:
        lines = (tree / "CMakeCache.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    for line in lines:
        match = re.match(r"([A-Za-z0-9_]+):[A-Z]+=(.*)", line)
        if match and match[1] in names:
            found[match[1]] = match[2]
    return found

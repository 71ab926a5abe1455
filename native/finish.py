"""From a build tree to a finished folder under its name, and ``current`` that points at one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import manifest
import sdist
import variants
from problems import FAILED, RESOURCES, BuildError


def install(source: Path, tree: Path, lock: sdist.Lock, plan: variants.Plan, folder: Path) -> None:
    """Copy what is finished into a staging folder, try it, then give it its final name."""
    staging = folder.parent / f".staging-{plan.name}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    try:
        wanted = set(plan.tools)
        for path in sorted((tree / "bin").iterdir()):
            stem = path.name.removesuffix(".exe")
            if path.is_file() and (stem in wanted or re.search(r"\.(so|dylib|dll)(\.[0-9.]+)?$", path.name)):
                shutil.copy2(path, staging / path.name, follow_symlinks=False)
        copy_converter(source, staging / "convert")
        copy_licences(source, staging / "licences")
        try_out(staging, lock)
        manifest.write(staging, manifest.make(staging, lock, plan, plan.flags, tree))
        put_in_place(staging, folder)
    except OSError as error:
        raise BuildError(RESOURCES, f"The finished build could not be put in place: {error}.") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def copy_again(source: Path, folder: Path) -> None:
    """A finished folder with its copied parts made anew; what was compiled stays as it is."""
    staging = folder.parent / f".staging-{folder.name}"
    shutil.rmtree(staging, ignore_errors=True)
    content = manifest.read(folder)
    assert content is not None, "only a finished build lacks nothing but copies"
    try:
        skip = shutil.ignore_patterns(*(name.rstrip("/") for name in manifest.COPIED), manifest.NAME)
        shutil.copytree(folder, staging, symlinks=True, ignore=skip)
        copy_converter(source, staging / "convert")
        copy_licences(source, staging / "licences")
        manifest.write(staging, content | {"files": manifest.describe_files(staging)})
        put_in_place(staging, folder)
    except OSError as error:
        raise BuildError(RESOURCES, f"The finished build could not be put in place: {error}.") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def put_in_place(staging: Path, folder: Path) -> None:
    old = folder.parent / f".old-{folder.name}"
    if folder.exists():
        os.replace(folder, old)
    os.replace(staging, folder)
    shutil.rmtree(old, ignore_errors=True)


def copy_converter(source: Path, folder: Path) -> None:
    """The scripts that make GGUF files of HF folders, with the gguf package they are written for."""
    folder.mkdir()
    for path in source.glob("convert_*.py"):
        shutil.copy2(path, folder / path.name)
    skip = shutil.ignore_patterns("__pycache__", "tests", "examples")
    shutil.copytree(source / "conversion", folder / "conversion", ignore=skip)
    shutil.copytree(source / "gguf-py", folder / "gguf-py", ignore=skip)


def copy_licences(source: Path, folder: Path) -> None:
    folder.mkdir()
    shutil.copy2(source.parents[1] / "LICENSE.md", folder / "llama-cpp-python.txt")
    shutil.copy2(source / "LICENSE", folder / "llama.cpp.txt")
    for path in [*source.glob("licenses/LICENSE*"), *source.glob("vendor/**/LICENSE*")]:
        name = path.name.removeprefix("LICENSE-") if path.parent.name == "licenses" else path.parent.name
        shutil.copy2(path, folder / f"{name}.txt")


def try_out(folder: Path, lock: sdist.Lock) -> None:
    """Raises BuildError unless a program starts, finds its libraries and is of the pinned commit."""
    program = folder / ("llama-bench.exe" if sys.platform == "win32" else "llama-bench")
    clean = {
        name: value for name, value in os.environ.items() if name not in ("LD_LIBRARY_PATH", "LD_PRELOAD")
    }
    done = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=False, env=clean, cwd=folder
    )
    said = done.stdout + done.stderr
    if done.returncode != 0 or lock.llama_cpp_commit not in said:
        raise BuildError(
            FAILED, f"The finished llama-bench does not run: {said.strip()[-300:] or done.returncode}."
        )


def follow(link: Path) -> Path:
    """The folder behind ``current``: a link, or a file with the name where links are not possible."""
    if link.is_file():
        return link.parent / link.read_text(encoding="utf-8").strip()
    return link.resolve()


def point(link: Path, name: str) -> None:
    if follow(link) == (link.parent / name).resolve():
        return
    temporary = link.with_name(f".current-{os.getpid()}")
    temporary.unlink(missing_ok=True)
    try:
        temporary.symlink_to(name, target_is_directory=True)
    except OSError:
        temporary.write_text(name + "\n", encoding="utf-8")
    os.replace(temporary, link)


def clean_leftovers(build_dir: Path) -> None:
    """What a killed run left behind. Called under the lock."""
    for path in [*build_dir.glob(".staging-*"), *build_dir.glob(".source/.unpack-*")]:
        shutil.rmtree(path, ignore_errors=True)
    for old in build_dir.glob(".old-*"):
        final = build_dir / old.name.removeprefix(".old-")
        if final.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            os.replace(old, final)

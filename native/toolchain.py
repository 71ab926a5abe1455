"""CMake, a build program and a compiler: found on the machine, or (the first two) taken from the index."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from problems import NETWORK, RESOURCES, BuildError


@dataclass(frozen=True, slots=True)
class Tools:
    """``make_program`` is set where CMake would not find it by itself."""

    cmake: str
    generator: str
    make_program: str | None

    @property
    def build_file(self) -> str:
        return "build.ninja" if self.generator == "Ninja" else "Makefile"


def find(folder: Path) -> Tools:
    """Tools for a build; ``folder`` keeps what had to be fetched. Raises BuildError when one is missing."""
    _need_compiler()
    cmake, ninja = shutil.which("cmake"), shutil.which("ninja")
    if cmake is None:
        cmake, ninja = _fetched(folder)
    if ninja is not None:
        return Tools(cmake, "Ninja", ninja)
    make = shutil.which("make")
    if make is not None and os.name != "nt":
        return Tools(cmake, "Unix Makefiles", None)
    cmake, ninja = _fetched(folder)
    return Tools(cmake, "Ninja", ninja)


def _need_compiler() -> None:
    names = [os.environ.get("CXX"), "c++", "g++", "clang++", "cl"]
    if any(name and shutil.which(name.split()[0]) for name in names):
        return
    hint = (
        "Install Xcode's command line tools."
        if sys.platform == "darwin"
        else "Debian: apt install build-essential."
    )
    raise BuildError(RESOURCES, "There is no C++ compiler on the PATH.", hint)


def _fetched(folder: Path) -> tuple[str, str]:
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    suffix = ".exe" if sys.platform == "win32" else ""
    cmake, ninja = scripts / f"cmake{suffix}", scripts / f"ninja{suffix}"
    if not (cmake.is_file() and ninja.is_file()):
        print("getting cmake and ninja from the package index", flush=True)
        try:
            venv.create(folder, clear=True, with_pip=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise BuildError(
                RESOURCES, "CMake is missing.", "Install cmake and ninja with your system."
            ) from error
        command = [
            str(scripts / f"python{suffix}"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "cmake>=3.21,<4",
            "ninja",
        ]
        if subprocess.run(command, capture_output=True, text=True, check=False).returncode != 0:
            shutil.rmtree(folder, ignore_errors=True)
            raise BuildError(
                NETWORK, "CMake is missing and could not be downloaded.", "Install cmake and ninja."
            )
    return str(cmake), str(ninja)

"""The native build is a set of scripts, not a package: tests start it, and import its parts by path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lab_app.system import native, paths

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "native"))

RunBuild = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run_build(tmp_path: Path) -> RunBuild:
    """``native/build.py --build-dir TMP/build ARGS`` to its end."""

    def run(*args: object, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "native/build.py"), "--build-dir", str(tmp_path / "build")]
        return subprocess.run(
            [*command, *map(str, args)],
            capture_output=True,
            text=True,
            env={**os.environ, **(env or {})},
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """A copy of the real finished build, under its own name in ``TMP/build``, with ``current``."""
    source = paths.native_dir()
    folder = tmp_path / "build" / native.manifest().variant
    shutil.copytree(source, folder, symlinks=True)
    (folder.parent / "current").symlink_to(folder.name)
    return folder


@pytest.fixture
def options(finished: Path) -> list[str]:
    """The options that ask for what ``finished`` is."""
    built = native.read_manifest(finished)
    variant, _, quick = built.variant.partition("-")
    asked = ["--variant", variant, "--tools", "core"]
    if architectures := built.flags.get("CMAKE_CUDA_ARCHITECTURES"):
        asked += ["--cuda-architectures", architectures]
    return [*asked, "--quick"] if quick else asked


@pytest.fixture
def archive() -> Path:
    """The pinned source archive, as the build left it."""
    import sdist

    path = ROOT / "native/build/downloads" / sdist.read_lock().file_name
    if not path.is_file():
        pytest.skip("the source archive is not there; `make native` leaves it in native/build/downloads")
    return path

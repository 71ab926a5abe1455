from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lab_app.system import native, paths
from lab_app.system.errors import IntegrityError, ResourceError


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the real native folder, made the one in use."""
    folder = tmp_path / "native"
    shutil.copytree(paths.native_dir(), folder, symlinks=True)
    monkeypatch.setenv(paths.NATIVE_VARIABLE, str(folder))
    return folder


def test_the_manifest_describes_what_is_there(copy: Path) -> None:
    built = native.manifest()
    assert built.files and all((copy / name).stat().st_size == size for name, size in built.sizes.items())
    assert any(name.startswith("cpu") for name in built.backends)
    assert native.verify() == []


def test_the_tools_say_the_manifests_commit() -> None:
    done = subprocess.run(
        [native.tool("llama-bench"), "--version"], capture_output=True, text=True, check=True
    )
    assert native.manifest().commit[:7] in done.stdout + done.stderr


def test_verify_finds_a_changed_file(copy: Path) -> None:
    name = next(name for name in native.manifest().files if "libllama" in name)
    data = bytearray((copy / name).read_bytes())
    data[-1] ^= 1
    (copy / name).write_bytes(data)
    assert native.verify() == [f"{name} is not the file that was built (sha256 differs)."]


def test_verify_finds_missing_and_foreign_files(copy: Path) -> None:
    native.tool("llama-quantize").unlink()
    (copy / "libggml-cpu-evil.so").write_bytes(b"\x7fELF")
    (copy / "notes.txt").write_text("harmless")
    assert native.verify() == [
        "llama-quantize is missing.",
        "libggml-cpu-evil.so is a library that the build did not make.",
    ]
    with pytest.raises(ResourceError, match="llama-quantize is missing"):
        native.tool("llama-quantize")


def test_engine_id_survives_a_rebuild_but_not_other_flags(copy: Path) -> None:
    before = native.engine_id()
    path = copy / native.MANIFEST_NAME
    content = json.loads(path.read_text())
    for entry in content["files"].values():
        entry["sha256"] = "0" * 64
    path.write_text(json.dumps(content))
    os.utime(path, ns=(1, 1))
    assert native.engine_id() == before
    content["flags"]["GGML_OPENMP"] = "ON"
    path.write_text(json.dumps(content))
    os.utime(path, ns=(2, 2))
    assert native.engine_id() != before
    assert native.manifest().commit in before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 99}', "\x00"])
def test_a_damaged_manifest(copy: Path, text: str) -> None:
    (copy / native.MANIFEST_NAME).write_text(text)
    with pytest.raises(IntegrityError, match="damaged"):
        native.read_manifest(copy)


def test_no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.NATIVE_VARIABLE, str(tmp_path))
    with pytest.raises(ResourceError, match=str(tmp_path)) as caught:
        native.engine_id()
    assert caught.value.hint and paths.NATIVE_VARIABLE in caught.value.hint


def test_current_may_be_a_file_with_a_name(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pointer = copy.parent / "current"
    pointer.write_text("native\n")
    monkeypatch.setenv(paths.NATIVE_VARIABLE, str(pointer))
    assert paths.native_dir() == copy

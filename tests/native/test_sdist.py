from __future__ import annotations

import io
import tarfile
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import sdist
from problems import BuildError

from .conftest import ROOT

TOP = "llama_cpp_python-0.3.36"


def make(path: Path, *members: tarfile.TarInfo) -> sdist.Lock:
    with tarfile.open(path, "w:gz") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(b"x" * member.size) if member.isfile() else None)
    return replace(sdist.read_lock(), sdist_sha256=sdist.sha256_file(path))


def file(name: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = 1
    return member


def link(name: str, target: str, kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


def test_only_what_is_needed(tmp_path: Path) -> None:
    archive = tmp_path / f"{TOP}.tar.gz"
    kept = ["LICENSE.md", "vendor/llama.cpp/src/llama.cpp", "vendor/llama.cpp/src/models/qwen.cpp"]
    left = [
        ".git/config",
        "tests/test.py",
        "vendor/llama.cpp/models/vocab.gguf",
        "vendor/llama.cpp/docs/a.md",
    ]
    lock = make(archive, *(file(f"{TOP}/{name}") for name in kept + left))
    source = sdist.unpack(lock, archive, tmp_path / "out")
    root = source.parents[1]
    found = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert found == {*kept, ".complete"}
    (source / "src/llama.cpp").write_text("changed")
    assert sdist.unpack(lock, archive, tmp_path / "out") == source
    assert (source / "src/llama.cpp").read_text() == "changed", "unpacked once only"


@pytest.mark.parametrize(
    "evil",
    [
        file("../outside"),
        file("/absolute"),
        file(f"{TOP}/../../outside"),
        file("other/inside"),
        link(f"{TOP}/link", "/etc/passwd", tarfile.SYMTYPE),
        link(f"{TOP}/hard", "/etc/passwd", tarfile.LNKTYPE),
        link(f"{TOP}/device", "", tarfile.CHRTYPE),
    ],
    ids=lambda member: member.name,
)
def test_suspicious_entries_are_refused(tmp_path: Path, evil: tarfile.TarInfo) -> None:
    archive = tmp_path / f"{TOP}.tar.gz"
    lock = make(archive, file(f"{TOP}/a"), evil)
    with pytest.raises(BuildError) as caught:
        sdist.unpack(lock, archive, tmp_path / "out")
    assert caught.value.code == 4
    assert list(tmp_path.rglob("outside")) == []
    assert list((tmp_path / "out").iterdir()) == []


def test_truncated_download_is_fetched_again_not_used(tmp_path: Path) -> None:
    archive = tmp_path / f"{TOP}.tar.gz"
    lock = make(archive, file(f"{TOP}/a"))
    with open(archive, "r+b") as stream:
        stream.truncate(40)
    with pytest.raises(BuildError) as caught:
        sdist.check(lock, archive)
    assert caught.value.code == 4


def test_one_version_everywhere() -> None:
    lock = sdist.read_lock()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f"llama-cpp-python=={lock.version}" in project["dependencies"]
    pins = (ROOT / "requirements.lock").read_text().splitlines()
    assert f"llama_cpp_python=={lock.version}" in pins
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text()
    assert lock.llama_cpp_commit in notices
    assert lock.version in notices


@pytest.mark.parametrize("text", ["", "version = 3", "not toml ["])
def test_unusable_lock_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "llama.lock"
    path.write_text(text)
    with pytest.raises(BuildError) as caught:
        sdist.read_lock(path)
    assert caught.value.code == 4

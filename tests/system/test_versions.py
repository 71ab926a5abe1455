from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from lab_app import __version__
from lab_app.system import host, native, paths, versions


def test_the_report_is_json_and_complete() -> None:
    found = json.loads(json.dumps(versions.report()))
    assert found["odyssey-lab"] == __version__
    assert found["native"]["id"] == native.engine_id()
    assert found["packages"]["numpy"]
    assert found["machine"]["cores"] >= 1
    assert found["machine"]["memory_bytes"] > 2**28


def test_the_text_names_what_a_bug_report_needs() -> None:
    text = versions.text()
    built = native.manifest()
    for part in (
        __version__,
        built.commit,
        built.variant,
        built.backends[0],
        str(paths.native_dir()),
        "python:",
    ):
        assert part in text


def test_the_callers_variables_are_told_and_secrets_only_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("CUDA_VISIBLE_DEVICES", "3"), ("GGML_CUDA_NO_PINNED", "1"), ("HTTPS_PROXY", "http://me:secret@proxy"),
        ("HF_TOKEN", "hf_secret"), ("AWS_KEY", "secret"),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    text, found = versions.text(), versions.report()
    assert (
        "CUDA_VISIBLE_DEVICES=3" in text and "GGML_CUDA_NO_PINNED=1" in text and "HTTPS_PROXY=(set)" in text
    )
    assert "secret" not in text + json.dumps(found) and "AWS_KEY" not in text
    assert f"sqlite: {sqlite3.sqlite_version}" in text and "gpu: " in text


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's files")
def test_cards_and_drivers_as_the_kernel_tells_them(tmp_path: Path) -> None:
    nvidia = tmp_path / "proc/driver/nvidia"
    (nvidia / "gpus/0000:65:00.0").mkdir(parents=True)
    (nvidia / "version").write_text(
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  550.54.15  Release Build  (root@x)\n"
        "GCC version:  gcc version 12.2.0\n"
    )
    (nvidia / "gpus/0000:65:00.0/information").write_text("Model: \t\t NVIDIA H100 PCIe\nIRQ:   \t\t 93\n")
    for card, module, ids in (
        ("card0", "nvidia", ("0x10de", "0x2331")),
        ("card1", "amdgpu", ("0x1002", "0x73bf")),
    ):
        device = tmp_path / "sys/class/drm" / card / "device"
        device.mkdir(parents=True)
        (tmp_path / "modules" / module).mkdir(parents=True)
        (device / "driver").symlink_to(tmp_path / "modules" / module)
        for name, text in zip(("vendor", "device"), ids, strict=True):
            (device / name).write_text(f"{text}\n")
    assert host.graphics(tmp_path) == (
        "NVIDIA H100 PCIe (driver nvidia 550.54.15)", "PCI 1002:73bf (driver amdgpu)",
    )  # fmt: skip
    (nvidia / "version").write_text(
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19\n"
    )
    assert host.graphics(tmp_path)[0].endswith("535.129.03)")
    assert host.graphics(tmp_path / "nowhere") == ()


def test_without_an_engine_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.NATIVE_VARIABLE, str(tmp_path))
    assert "holds no native engine" in versions.text()


@pytest.mark.parametrize("packed", [False, True])
def test_commit_as_git_says_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool) -> None:
    def git(*args: str) -> str:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        done = subprocess.run(
            ["git", *identity, *args], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    git("init", "-q")
    (tmp_path / "native").mkdir()
    (tmp_path / "native/llama.lock").write_text("")
    git("add", ".")
    git("commit", "-qm", "one")
    if packed:
        git("pack-refs", "--all")
    monkeypatch.setattr(paths, "PACKAGE_ROOT", tmp_path / "lab_app")
    assert versions.git_commit() == git("rev-parse", "HEAD")
    git("worktree", "add", "-q", str(tmp_path / "tree"))
    monkeypatch.setattr(paths, "PACKAGE_ROOT", tmp_path / "tree" / "lab_app")
    assert versions.git_commit() == git("rev-parse", "HEAD")
    git("checkout", "-q", "--detach")
    monkeypatch.setattr(paths, "PACKAGE_ROOT", tmp_path / "lab_app")
    assert versions.git_commit() == git("rev-parse", "HEAD")


def test_versions_of_packages_are_those_importlib_finds() -> None:
    from importlib import metadata

    found = versions.installed_versions()
    for name in ("numpy", "llama-cpp-python", "pytest", "huggingface-hub"):
        assert found[name] == metadata.version(name)

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from lab_app import __version__
from lab_app.system import native, paths, versions


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

from __future__ import annotations

from pathlib import Path

import pytest

from lab_app.system import paths
from lab_app.system.errors import ResourceError


def test_data_dir_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.DATA_VARIABLE, str(tmp_path / "variable"))
    assert paths.data_dir(str(tmp_path / "option")) == tmp_path / "option"
    assert paths.data_dir() == tmp_path / "variable"
    monkeypatch.delenv(paths.DATA_VARIABLE)
    assert paths.data_dir().name == "odyssey-lab"
    monkeypatch.chdir(tmp_path)
    assert paths.data_dir("relative") == tmp_path / "relative"


def test_folders_lie_under_one_root(tmp_path: Path) -> None:
    folders = paths.Folders(tmp_path / "data").create()
    for path in (folders.db, folders.lock, folders.backups, folders.work, folders.artifacts, folders.models):
        assert path.parent == folders.root
    assert folders.logs.is_dir() and folders.work.is_dir() and folders.artifacts.is_dir()
    folders.create()


def test_data_dir_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(ResourceError, match="data folder") as caught:
        paths.Folders(tmp_path / "data").create()
    assert caught.value.hint and "--data-dir" in caught.value.hint


def test_resources() -> None:
    assert paths.resource("studies/demo.toml").is_file()
    with pytest.raises(ResourceError, match="nothing-here"):
        paths.resource("nothing-here.txt")

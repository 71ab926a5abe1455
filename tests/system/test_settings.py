"""Settings: found again, all or nothing, and what is wrong said in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab_app.system import settings
from lab_app.system.errors import IntegrityError, ResourceError
from lab_app.system.paths import Folders


def test_round_trip(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "data")
    assert settings.load(folders) == settings.Settings()
    assert not folders.root.exists()
    wanted = settings.Settings(model_folders=("/a b", "/ü"), theme="dark", language="de", bandwidth=5)
    settings.save(folders, wanted)
    assert settings.load(folders) == wanted
    assert [path.name for path in folders.root.iterdir()] == ["settings.json"]


def test_what_others_wrote_stays(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    settings.path(folders).write_text('{"theme": "light", "from_the_future": {"a": 1}}')
    settings.change(folders, lambda old: old.changed(language="fr"))
    body = json.loads(settings.path(folders).read_text())
    assert body["from_the_future"] == {"a": 1} and body["theme"] == "light" and body["language"] == "fr"


@pytest.mark.parametrize(
    ("text", "word"),
    [("{", "damaged"), ('{"theme": "pink"}', "theme"), ('{"bandwidth": -1}', "bandwidth"), ("[]", "object")],
)
def test_damaged(tmp_path: Path, text: str, word: str) -> None:
    folders = Folders(tmp_path)
    settings.path(folders).write_text(text)
    with pytest.raises(IntegrityError) as caught:
        settings.load(folders)
    assert word in caught.value.message and "\n" not in caught.value.message


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ResourceError, match="cannot be written"):
        settings.save(Folders(tmp_path / "file"), settings.Settings())


def test_a_full_disk_leaves_the_old_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = Folders(tmp_path)
    settings.save(folders, settings.Settings(language="de"))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ResourceError):
        settings.save(folders, settings.Settings(language="fr"))
    assert settings.load(folders).language == "de"
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]

"""Study files and the window: nothing of the user's is written to, nothing kept is lost."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from lab_app.store.records import StudyRecord
from lab_app.studies.files import Opened, file_of, keep_file, open_file, place
from lab_app.studies.load import load
from lab_app.system.errors import ResourceError, UsageError
from lab_app.system.paths import Folders
from tests.models import tiny_gguf
from tests.system.test_saving import small_disk

STUDY = """# my own words
schema_version = 1
name = "Mine"
[source]
model = "tiny.gguf"   # beside this file
[quantize]
types = ["q8_0"]
imatrix = {text = "text.txt"}
[[probe]]
kind = "divergence"
text = "text.txt"
context = 128
chunks = 2
[[compare]]
model = "sub/other.gguf"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / "sub").mkdir(parents=True)
    tiny_gguf(home / "tiny.gguf", context=512)
    tiny_gguf(home / "sub" / "other.gguf", context=512)
    (home / "text.txt").write_text("words " * 500)
    (home / "mine.toml").write_text(STUDY)
    return home / "mine.toml"


def test_what_is_unchanged_runs_from_its_own_file(file: Path, folders: Folders) -> None:
    opened = open_file(file)
    assert opened.draft.types == ("Q8_0",)
    assert place(opened, opened.draft.toml(), folders) == (file, STUDY)
    assert file.read_text() == STUDY and not (folders.root / "studies").exists()


def test_a_study_that_does_not_fit_leaves_nothing(folders: Folders) -> None:
    with small_disk(), pytest.raises(ResourceError, match=r"mine\.toml cannot be written"):
        keep_file(folders, STUDY + "# words\n" * 500)
    assert not list((folders.root / "studies").iterdir())


def test_what_is_changed_becomes_a_copy_that_finds_its_files(file: Path, folders: Folders) -> None:
    opened = open_file(file)
    opened.draft.types = ["Q8_0", "Q4_0"]
    path, text = place(opened, opened.draft.toml(), folders)
    assert path == folders.root / "studies" / "mine.toml" and path.read_text() == text
    assert file.read_text() == STUDY
    study = load(path, folders)  # as --batch does
    assert study.source == file.with_name("tiny.gguf") and study.quant_types == ("Q8_0", "Q4_0")
    assert study.compare_models == (file.parent / "sub" / "other.gguf",)
    assert study.imatrix_text == study.probes[0].files["text"] == file.with_name("text.txt")


def test_a_file_changed_elsewhere_meanwhile_is_not_what_was_opened(file: Path, folders: Folders) -> None:
    opened = open_file(file)
    file.write_text(STUDY.replace("Mine", "Other"))
    path, _ = place(opened, opened.draft.toml(), folders)
    assert path != file and 'name = "Mine"' in path.read_text()


def test_the_file_of_a_study_is_there_whatever_became_of_its_own(file: Path, folders: Folders) -> None:
    record = StudyRecord("mine-1", "Mine", STUDY, str(file), (), (), (), {}, {})
    assert file_of(record, folders) == file
    file.write_text("gone = true\n")
    copy = file_of(record, folders)
    assert copy == folders.root / "studies" / "mine.toml"
    assert load(copy, folders).source == file.with_name("tiny.gguf")
    assert file_of(record, folders) == copy


def test_files_of_studies_made_in_the_window(folders: Folders) -> None:
    first = keep_file(folders, 'name = "My Study!"\n')
    assert first.name == "my-study.toml"
    assert keep_file(folders, 'name = "My Study!"\n') == first
    second = keep_file(folders, 'name = "My Study!"\nx = 1\n')
    assert second.name == "my-study-2.toml"
    second.write_bytes(b"\xff\xfe")
    (first.parent / "my-study-3.toml").symlink_to("nowhere")
    assert keep_file(folders, 'name = "My Study!"\nx = 2\n').name == "my-study-4.toml"
    assert tomllib.loads(first.read_text()) == {"name": "My Study!"}
    for wrong in ("name = ", "x = 1"):
        with pytest.raises(UsageError, match="not complete"):
            keep_file(folders, wrong)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes('name = "Grüße"\n'.encode("latin-1"))
    with pytest.raises(UsageError, match="UTF-8"):
        open_file(path)
    path.write_text("name = ")
    with pytest.raises(UsageError, match="TOML"):
        open_file(path)
    assert Opened.of('name = "x"\n[quantize]\ntypes = "Q8_0"\n').draft.data["quantize"] == {"types": "Q8_0"}

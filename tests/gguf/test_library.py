"""The library: models of every program on this machine, found in place; import, move and delete."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import gguf
import pytest

from lab_app.gguf import keep, library
from lab_app.gguf.inspect import inspect
from lab_app.gguf.parts import read_model
from lab_app.gguf.places import Source
from lab_app.gui.models.facts import numbers
from lab_app.store import Store
from lab_app.store.records import StudyRecord, VariantRecord
from lab_app.system import settings
from lab_app.system.errors import IntegrityError, ResourceError, UsageError
from lab_app.system.paths import Folders
from lab_app.system.units import size
from tests.commandline import lab
from tests.conftest import RunJob
from tests.models import tiny_gguf, write_tokenizer

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OLD_COMMIT = "f" * 40


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_gguf(tmp_path_factory.mktemp("library") / "tiny.gguf", layers=1)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder without any model, for this process and its children."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HF_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("OLLAMA_MODELS", str(home / "ollama"))
    return home


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def hub_file(home: Path, source: Path, name: str = "tiny-Q4_K_M.gguf", repo: str = "org--tiny") -> Path:
    """A cached file with two snapshots of the same blob. Returns the blob."""
    folder = home / ".cache/huggingface/hub" / f"models--{repo}"
    blob = folder / "blobs" / sha256(source)
    blob.parent.mkdir(parents=True)
    shutil.copy(source, blob)
    for commit in (COMMIT, OLD_COMMIT):
        pointer = folder / "snapshots" / commit / name
        pointer.parent.mkdir(parents=True)
        pointer.symlink_to(os.path.relpath(blob, pointer.parent))
    (folder / "refs").mkdir()
    (folder / "refs/main").write_text(COMMIT)
    return blob


def ollama_file(home: Path, source: Path, *names: str) -> Path:
    digest = sha256(source)
    blob = home / "ollama/blobs" / f"sha256-{digest}"
    blob.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, blob)
    layers = [
        {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}", "size": 1},
        {"mediaType": "application/vnd.ollama.image.license", "digest": f"sha256:{'0' * 64}", "size": 1},
    ]
    for name in names:
        manifest = home / "ollama/manifests" / name
        manifest.parent.mkdir(parents=True, exist_ok=True)
        manifest.write_text(json.dumps({"schemaVersion": 2, "layers": layers}))
    return blob


def test_every_program_s_models_are_found_in_place(machine: Path, tiny: Path, folders: Folders) -> None:
    blob = hub_file(machine, tiny)
    studio = machine / ".lmstudio/models/publisher/repo/tiny-Q8_0.gguf"
    studio.parent.mkdir(parents=True)
    shutil.copy(tiny, studio)
    ollama = ollama_file(
        machine,
        tiny,
        "registry.ollama.ai/library/tiny/1b",
        "registry.ollama.ai/user/tiny/latest",
        "hf.co/o/t/Q4",
    )
    mine = machine / "mine/deep/own.gguf"
    mine.parent.mkdir(parents=True)
    shutil.copy(tiny, mine)
    (mine.parent / "notes.txt").write_text("not a model")
    settings.save(folders, settings.Settings(model_folders=(str(machine / "mine"),)))

    rows = {row.name: row for row in library.scan(folders)}
    assert set(rows) == {"tiny-Q4_K_M", "tiny-Q8_0", "tiny:1b", "own"}
    hub = rows["tiny-Q4_K_M"]
    assert hub.paths == (blob,) and hub.source is Source.HUB and hub.sha256 == sha256(tiny)
    assert {place.label for place in hub.places} == {"org/tiny@main", f"org/tiny@{OLD_COMMIT[:7]}"}
    assert hub.path.name == "tiny-Q4_K_M.gguf" and hub.path.is_symlink()
    assert rows["tiny-Q8_0"].places[0].label == "publisher/repo"
    assert rows["tiny:1b"].paths == (ollama,)
    assert {place.label for place in rows["tiny:1b"].places} == {
        "tiny:1b",
        "user/tiny:latest",
        "hf.co/o/t:Q4",
    }
    assert rows["own"].places[0].label == str(machine / "mine")
    for row in rows.values():
        assert not row.problem and row.architecture == "llama" and row.quant == "F16" and row.size > 0
        assert row.context == 2048 and row.parameters > 1e5 and 16 <= row.bits_per_weight < 17
    assert len({row.id for row in rows.values()}) == 4
    assert {row.id: row.name for row in library.scan(folders)} == {row.id: row.name for row in rows.values()}


def hf_folder(folder: Path, *, whole: bool = True) -> Path:
    """A model of one matrix in bf16, in Hugging Face's format."""
    folder.mkdir(parents=True)
    config = {"architectures": ["LlamaForCausalLM"], "max_position_embeddings": 4096}
    (folder / "config.json").write_text(json.dumps(config))
    header = json.dumps({"w": {"dtype": "BF16", "shape": [8, 16], "data_offsets": [0, 256]}}).encode()
    raw = len(header).to_bytes(8, "little") + header + bytes(256)
    (folder / "model.safetensors").write_bytes(raw if whole else raw[:40])
    return folder


def test_folders_in_hugging_face_s_format_are_rows_of_their_own(machine: Path, folders: Folders) -> None:
    cached = machine / ".cache/huggingface/hub/models--org--small" / "snapshots" / COMMIT
    hf_folder(cached)
    mine = hf_folder(machine / "mine" / "Other-0.5B")
    hf_folder(machine / "mine" / "cut", whole=False)
    settings.save(folders, settings.Settings(model_folders=(str(machine / "mine"),)))
    rows = {row.name: row for row in library.scan(folders)}
    assert set(rows) == {"small", "Other-0.5B", "cut"}
    small, other = rows["small"], rows["Other-0.5B"]
    assert (
        small.kind == other.kind == library.SAFETENSORS and small.places[0].label == f"org/small@{COMMIT[:7]}"
    )
    assert (other.quant, other.parameters, other.bits_per_weight, other.context) == ("BF16", 128, 16, 4096)
    assert other.path == mine and other.paths == (mine / "model.safetensors",) and other.size > 256
    assert "not a whole safetensors file" in rows["cut"].problem
    with pytest.raises(UsageError, match="leaves alone"):
        keep.delete(small)


def test_names_of_one_file_are_one_row(machine: Path, tiny: Path, folders: Folders) -> None:
    blob = hub_file(machine, tiny)
    mine = machine / "mine"
    mine.mkdir()
    (mine / "link.gguf").symlink_to(blob)
    os.link(blob, mine / "hard.gguf")
    settings.save(folders, settings.Settings(model_folders=(str(mine), str(machine))))
    (row,) = library.scan(folders)
    assert {place.path.name for place in row.places} == {"tiny-Q4_K_M.gguf", "link.gguf", "hard.gguf"}


def test_broken_entries_say_what_is_wrong(machine: Path, tiny: Path, folders: Folders) -> None:
    hub_file(machine, tiny).unlink()
    ollama_file(machine, tiny, "registry.ollama.ai/library/gone/1b").unlink()
    manifest = machine / "ollama/manifests/registry.ollama.ai/library/garbled/1b"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("{")
    mine = machine / "mine"
    mine.mkdir()
    (mine / "cut.gguf").write_bytes(tiny.read_bytes()[:-100])
    (mine / "empty.gguf").touch()
    (mine / "half-00001-of-00002.gguf").write_bytes(tiny.read_bytes())
    os.mkfifo(mine / "pipe.gguf")
    settings.save(folders, settings.Settings(model_folders=(str(mine), str(machine / "nowhere"))))
    problems = {row.name: row.problem for row in library.scan(folders)}
    assert set(problems) == {
        "tiny-Q4_K_M", "gone:1b", "garbled:1b", "cut", "empty", "half", "pipe", "nowhere",
    }  # fmt: skip
    for name, word in {
        "tiny-Q4_K_M": "is a link to a file that is not there", "gone:1b": "Ollama lists gone:1b",
        "garbled:1b": "cannot be read", "cut": "ends", "empty": "0 bytes", "half": "00002-of-00002.gguf is missing",
        "pipe": "not a file", "nowhere": "is not there",
    }.items():  # fmt: skip
        assert word in problems[name]
        assert problems[name].endswith(".") and "\n" not in problems[name]


def test_a_split_model_is_one_row(
    machine: Path, tiny: Path, folders: Folders, native_dir: Path, tmp_path: Path
) -> None:
    import subprocess

    parts = machine / "parts"
    parts.mkdir()
    tool = native_dir / "llama-gguf-split"
    command = [tool, "--split", "--split-max-tensors", "4", tiny, parts / "tiny"]
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    settings.save(folders, settings.Settings(model_folders=(str(parts),)))
    (row,) = library.scan(folders)
    assert row.name == "tiny" and len(row.paths) == 3 and not row.problem
    whole = read_model(tiny).header
    assert row.parameters == whole.n_params and row.size == sum(path.stat().st_size for path in row.paths)
    assert [t.name for t in read_model(row.paths[1]).header.tensors] == [t.name for t in whole.tensors]
    # The second part of another model under the right name is not taken for it.
    other = tiny_gguf(tmp_path / "other.gguf", layers=2)
    command = [tool, "--split", "--split-max-tensors", "7", other, tmp_path / "other"]
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    shutil.copy(tmp_path / "other-00002-of-00003.gguf", parts / "tiny-00002-of-00003.gguf")
    (row,) = library.scan(folders)
    assert "tensors together" in row.problem


def test_headers_are_remembered_until_a_file_changes(tiny: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    shutil.copy(tiny, path)
    os.utime(path, (1e9, 1e9))
    first = read_model(path)
    assert read_model(path) is first
    tiny_gguf(tmp_path / "b.gguf", layers=1, seed=3)
    shutil.copyfile(tmp_path / "b.gguf", path)  # the same size, just written
    assert read_model(path) is not first
    os.utime(path, (1e9 + 1, 1e9 + 1))
    again = read_model(path)
    assert again is not first and read_model(path) is again
    path.unlink()
    with pytest.raises(UsageError):
        read_model(path)


def test_find(machine: Path, tiny: Path, folders: Folders) -> None:
    hub_file(machine, tiny)
    hub_file(machine, tiny, repo="other--tiny")
    rows = library.scan(folders)
    assert library.find(rows, rows[0].id[:6]) == rows[0]
    assert library.find(rows, str(rows[1].path)) == rows[1]
    with pytest.raises(UsageError, match="2 models are called"):
        library.find(rows, "tiny-Q4_K_M")
    with pytest.raises(UsageError, match="Did you mean tiny-Q4_K_M"):
        library.find(rows, "tiny-Q4_K")
    with pytest.raises(UsageError, match="is there, but not in the library"):
        library.find(rows, str(tiny))


def test_import_in_place_and_copied(
    machine: Path, tiny: Path, folders: Folders, store: Store, run_job: RunJob
) -> None:
    source = machine / "somewhere.gguf"
    shutil.copy(tiny, source)

    def run(path: Path, *, copy: bool = False, sha: str | None = None) -> dict[str, object]:
        job = keep.import_job(path, library.scan(folders, store), folders, copy=copy, sha256=sha)
        ran = run_job(job.kind, job.params, hints=job.hints)
        if ran.state != "done":
            raise IntegrityError(ran.failure.message)
        keep.remember(store, ran.values)
        return dict(ran.values)

    with pytest.raises(IntegrityError, match="was not imported"):
        run(source, sha="0" * 64)
    assert library.scan(folders, store) == []
    assert run(source, sha=sha256(tiny).upper())["how"] == "in place"
    (row,) = library.scan(folders, store)
    assert row.source is Source.IMPORTED and row.paths == (source,) and row.sha256 == sha256(tiny)

    copied = run(source, copy=True)
    assert copied["how"] == "copied"
    (kept,) = library.scan(folders, store)
    assert kept.paths == (folders.models / "somewhere.gguf",) and sha256(kept.path) == sha256(tiny)
    # These bytes are there, under whatever name: no second copy is made.
    again = machine / "other-name.gguf"
    shutil.copy(tiny, again)
    assert run(again, copy=True) == {**copied, "how": "known", "name": "other-name"}
    assert len(list(folders.models.iterdir())) == 1
    # Another model of the same name gets a name of its own.
    shutil.copy(tiny_gguf(machine / "second.gguf", layers=1, seed=1), source)
    named = run(source, copy=True)["files"]
    assert isinstance(named, list) and named[0] != str(kept.path) and len(list(folders.models.iterdir())) == 2

    gone = machine / "gone.gguf"
    tiny_gguf(gone, layers=1, seed=2)
    run(gone)
    gone.unlink()
    broken = next(row for row in library.scan(folders, store) if row.problem)
    assert "is not there any more" in broken.problem
    keep.forget(store, broken)
    assert not any(row.problem for row in library.scan(folders, store))


def test_delete_takes_links_and_blob(machine: Path, tiny: Path, folders: Folders) -> None:
    blob = hub_file(machine, tiny)
    (row,) = library.scan(folders)
    said = library.users(row, [])
    assert len(said) == 2 and all("Hugging Face cache links to it" in line for line in said)
    removed = keep.delete(row)
    assert blob in removed and len(removed) == 3
    assert not any(path.is_file() or path.is_symlink() for path in blob.parents[1].rglob("*.gguf"))
    assert not blob.exists() and library.scan(folders) == []


def test_what_cannot_be_removed_is_said(machine: Path, tiny: Path, folders: Folders) -> None:
    blob = hub_file(machine, tiny)
    (row,) = library.scan(folders)
    blob.unlink()
    blob.mkdir()  # nobody's permissions let a folder be removed as a file, the administrator's neither
    with pytest.raises(ResourceError, match=f"{blob} cannot be removed: ") as told:
        keep.delete(row)
    assert told.value.hint is not None and "delete it again" in told.value.hint


def test_ollama_s_files_are_left_alone(machine: Path, tiny: Path, folders: Folders) -> None:
    blob = ollama_file(machine, tiny, "registry.ollama.ai/library/tiny/1b")
    (row,) = library.scan(folders)
    assert library.users(row, []) == ["Ollama runs it as tiny:1b."]
    with pytest.raises(UsageError, match="ollama rm tiny:1b"):
        keep.delete(row)
    with pytest.raises(UsageError, match="--copy"):
        keep.move(row, machine)
    assert blob.exists()


def test_studies_that_use_a_file_are_named(machine: Path, tiny: Path, folders: Folders, store: Store) -> None:
    source = machine / "mine/base.gguf"
    made = folders.artifacts / ("k" * 64) / "base-Q4_0.gguf"
    for path in (source, made):
        path.parent.mkdir(parents=True)
        shutil.copy(tiny, path)
    settings.save(folders, settings.Settings(model_folders=(str(source.parent),)))
    variants = (
        VariantRecord("base", "F16", True, None, None, str(source), None),
        VariantRecord("Q4_0", "Q4_0", False, "Q4_0", "k" * 64, None, None),
    )
    store.save_study(StudyRecord("s", "which quant?", "", str(source), variants, (), ()))
    rows = {row.name: row for row in library.scan(folders, store)}
    assert rows["base-Q4_0"].places[0].label == "study “which quant?”: Q4_0"
    assert library.users(rows["base"], store.studies()) == [
        "The study “which quant?” used it as F16; its numbers stay, but it cannot run again."
    ]
    (line,) = library.users(rows["base-Q4_0"], store.studies())
    assert "running it again makes it anew" in line


@pytest.mark.parametrize("link", [True, False])
def test_move(
    machine: Path, tiny: Path, folders: Folders, link: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = machine / "mine/a.gguf"
    old.parent.mkdir()
    shutil.copy(tiny, old)
    new = machine / "new"
    settings.save(folders, settings.Settings(model_folders=(str(old.parent), str(new))))
    row = next(row for row in library.scan(folders) if row.name == "a")
    with pytest.raises(UsageError, match="is not a folder"):
        keep.move(row, new)
    new.mkdir()
    if not link:  # as on another file system
        monkeypatch.setattr(os, "link", _no_link)
    assert keep.move(row, new, leave_link=link) == [new / "a.gguf"]
    assert sha256(new / "a.gguf") == sha256(tiny)
    assert old.is_symlink() == link and old.exists() == link
    (row,) = library.scan(folders)
    assert row.paths == (new / "a.gguf",) and len(row.places) == (2 if link else 1)
    with pytest.raises(UsageError, match="already"):
        keep.move(row, new)


def _no_link(source: object, target: object) -> None:
    raise OSError(18, "Invalid cross-device link")


def test_a_file_without_tensors_is_called_one(machine: Path, folders: Folders) -> None:
    mine = machine / "mine"
    mine.mkdir()
    for name in ("words", "nothing"):
        writer = gguf.GGUFWriter(mine / f"{name}.gguf", "llama")
        writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
        if name == "words":
            write_tokenizer(writer, "abc")
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.close()
    settings.save(folders, settings.Settings(model_folders=(str(mine),)))
    rows = {row.name: row for row in library.scan(folders)}
    assert (rows["words"].kind, rows["words"].quant, rows["words"].problem) == ("vocabulary", "", "")
    assert "no tensors" in rows["nothing"].problem
    data = ("--data-dir", folders.root)
    listed = lab("models", "list", *data).stdout
    assert "0.00" not in listed and "no tensors" in listed
    for name, said in (("words", "no tensors: a vocabulary only"), ("nothing", "no tensors")):
        file = mine / f"{name}.gguf"
        shown = lab("models", "inspect", file, *data).stdout
        assert f"quant:        {said}\n" in shown and "None" not in shown
        assert numbers(inspect(file))["File"] == f"{size(file.stat().st_size)}, {said}"


def test_the_command_line(machine: Path, tiny: Path, tmp_path: Path) -> None:
    data = ("--data-dir", str(tmp_path / "cli"))
    mine = machine / "mine"
    mine.mkdir()
    shutil.copy(tiny, mine / "tiny.gguf")
    assert "No models yet" in lab("models", "list", *data).stdout
    assert lab("models", "add-folder", mine, *data).returncode == 0
    assert lab("models", "add-folder", tmp_path / "nowhere", *data).returncode == 2
    (row,) = json.loads(lab("models", "list", "--json", *data).stdout)["models"]
    assert row["name"] == "tiny" and row["path"] == str(mine / "tiny.gguf")
    assert row["id"] in lab("models", "list", *data).stdout
    described = json.loads(lab("models", "inspect", row["id"], "--json", *data).stdout)
    assert described["architecture"] == "llama" and described["tokenizer"]["vocabulary"] == 285

    needed = json.loads(lab("models", "memory", row["id"], "--context", "1000", "--json", *data).stdout)
    assert needed["n_ctx"] == 1024 and needed["fit"] == "fits" and needed["ram"]["kv"] == 1024 * 128 * 2 * 2
    wrong = lab("models", "memory", row["id"], "--kv-type", "q9_9", *data)
    assert wrong.returncode == 2 and "q9_9" in wrong.stderr
    for number in ("0", "-1", "1e9", "9" * 12, "9" * 5000):
        wrong = lab("models", "memory", row["id"], "--context", number, *data)
        assert wrong.returncode == 2 and "a whole number from 1 to 16777216" in wrong.stderr

    done = lab("models", "import", mine / "tiny.gguf", "--copy", *data)
    assert done.returncode == 0 and "was copied" in done.stdout, done.stderr
    copy = tmp_path / "cli/models/tiny.gguf"
    shown = lab("models", "delete", copy, *data)
    assert shown.returncode == 0 and str(copy) in shown.stdout and "Nothing was done" in shown.stdout
    assert copy.exists()
    assert lab("models", "delete", copy, "--yes", *data).returncode == 0
    assert not copy.exists()
    moved = lab("models", "move", row["id"], tmp_path, "--yes", *data)
    assert moved.returncode == 0 and (tmp_path / "tiny.gguf").exists(), moved.stderr
    assert lab("models", "remove-folder", mine, *data).returncode == 0
    refused = lab("models", "remove-folder", mine, *data)
    assert refused.returncode == 2 and "not among the folders" in refused.stderr

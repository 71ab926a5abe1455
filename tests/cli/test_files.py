"""``odyssey-lab models split|merge|convert``: where files go, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab_app.commands import files
from lab_app.gguf.hf_folder import TYPES
from lab_app.gguf.parts import read_model
from tests.commandline import lab
from tests.disks import small_disk
from tests.gguf.test_hf_folder import hf_folder
from tests.models import tiny_gguf

pytestmark = pytest.mark.usefixtures("native_dir")


def test_types_are_those_of_the_job() -> None:
    assert files.TYPES == TYPES


def test_split_and_merge(tmp_path: Path) -> None:
    tiny_gguf(tmp_path / "tiny.gguf")
    data = ("--data-dir", "data")
    done = lab("models", "split", "tiny.gguf", "--max-size", "1MB", "--out", "parts", *data, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    parts = sorted((tmp_path / "parts").iterdir())
    assert [line.rpartition(" (")[0] for line in done.stdout.splitlines()] == [str(path) for path in parts]

    refused = lab("models", "merge", str(parts[0]), *data, cwd=tmp_path)
    assert refused.returncode == 2 and "tiny.gguf exists already" in refused.stderr

    merged = lab("models", "merge", str(parts[0]), "--out", "again.gguf", "--json", *data, cwd=tmp_path)
    assert merged.returncode == 0, merged.stderr
    last = json.loads(merged.stdout.splitlines()[-1])
    assert last["made"] == [str(tmp_path / "again.gguf")]
    assert (
        read_model(tmp_path / "again.gguf").header.n_params
        == read_model(tmp_path / "tiny.gguf").header.n_params
    )
    # The same again finds what is there; a file of that name that it did not make is left alone.
    stamp = (tmp_path / "again.gguf").stat().st_mtime_ns
    assert lab("models", "merge", str(parts[0]), "--out", "again.gguf", *data, cwd=tmp_path).returncode == 0
    assert (tmp_path / "again.gguf").stat().st_mtime_ns == stamp


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["split", "tiny.gguf"], "one limit"),
        (["split", "tiny.gguf", "--max-size", "much"], "no size"),
        (["split", "tiny.gguf", "--max-tensors", "-3"], "must be a whole number from 1 to"),
        (["split", "tiny.gguf", "--max-tensors", "²"], "must be a whole number from 1 to"),
        (["merge", "tiny.gguf"], "not a part"),
        (["convert", "."], "config.json is missing"),
        (["convert", "nowhere"], "cannot be read"),
        (["convert", ".", "--type", "f8"], "--type"),
        (["merge-lora", "tiny.gguf", "tiny.gguf", "--scale", "x"], "no scale"),
        (["merge-lora", "tiny.gguf", "."], "adapter_config.json"),
        (["merge-lora", "tiny.gguf", "tiny.gguf"], "not a LoRA adapter"),
        (["merge-lora", "tiny.gguf", "tiny.gguf", "--out", "x.txt"], "does not end in .gguf"),
    ],
)
def test_one_sentence(tmp_path: Path, words: list[str], said: str) -> None:
    tiny_gguf(tmp_path / "tiny.gguf", layers=1)
    done = lab("models", *words, "--data-dir", "data", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr and "Traceback" not in done.stderr
    assert {path.name for path in tmp_path.iterdir()} <= {"tiny.gguf", "data"}


def test_a_small_disk_is_noticed_before_anything_is_written(tmp_path: Path) -> None:
    tiny_gguf(tmp_path / "tiny.gguf")
    weights = {"a.weight": ("F16", [512, 256]), "norm.weight": ("F32", [256])}
    home = hf_folder(tmp_path / "Tiny", weights)
    with small_disk(tmp_path / "disk", 12):
        for words in (["split", "tiny.gguf", "--max-size", "1MB"], ["convert", str(home)]):
            done = lab("models", *words, "--data-dir", "disk/data", cwd=tmp_path)
            assert done.returncode == 6, done.stderr
            assert "MB on the disk of" in done.stderr and "are free" in done.stderr
        assert not list((tmp_path / "disk").rglob("*.part"))
    assert not list(tmp_path.glob("*-of-*.gguf"))

"""300 damaged GGUF files and many cut ones: refused in one sentence, or survived by the parent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lab_app.cli import main
from lab_app.gguf.reader import read
from lab_app.jobs.events import Failure
from lab_app.jobs.job import FileInput, Job
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.system.errors import IntegrityError
from lab_app.system.hashing import sha256_file
from lab_app.system.paths import Folders, resource
from tests.commandline import failures, lab, lines
from tests.faults.mutants import PLACES, Mutant, mutants, no_longer_than, one_sentence
from tests.models import tiny_gguf

COUNT, SEED = 300, 20_261
HERE = str(Path(__file__).parent)
STUDY = """
schema_version = 1
name = "damaged"
[source]
model = "model.gguf"
[quantize]
types = ["Q4_0"]
[[probe]]
kind = "divergence"
context = 32
chunks = 2
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_gguf(tmp_path_factory.mktemp("mutants") / "whole.gguf", layers=1)


@pytest.fixture(scope="module")
def damaged(whole: Path) -> list[Mutant]:
    found = list(mutants(whole.read_bytes(), read(whole), COUNT, SEED))
    assert len({mutant.raw for mutant in found}) == COUNT
    return found


@pytest.mark.slow
def test_mutants(
    damaged: list[Mutant], native_dir: Path, store: Store, folders: Folders, tmp_path: Path
) -> None:
    paths: list[Path] = []
    refused: dict[int, str] = {}
    for index, mutant in enumerate(damaged):
        path = tmp_path / f"mutant-{index:03}.gguf"
        path.write_bytes(mutant.raw)
        paths.append(path)
        try:
            with no_longer_than(10):
                read(path)
        except IntegrityError as error:
            assert one_sentence(error.message), (mutant.what, error.message)
            assert path.name in error.message
            refused[index] = f"IntegrityError: {error.message}"
    places = [damaged[index].place for index in refused]
    assert places.count("header") > 50 and places.count("tensors") > 50 and len(refused) < COUNT

    # All of them go to the real handlers. Where llama.cpp aborts, its worker is gone, and the next one goes on.
    job = Job("mutants:try_all", {"files": [str(path) for path in paths]}, memory_limit=8 << 30)
    runner = Runner(store, folders, import_paths=(HERE,))
    failures: list[Failure] = []
    runner.subscribe(lambda _, event: failures.append(event) if isinstance(event, Failure) else None)
    runner.submit([job])
    while (state := runner.run()[job.key]) is not JobState.DONE:
        assert state is JobState.FAILED and len(failures) < 40
        assert one_sentence(failures[-1].message), failures[-1]
        assert "unexpected error" not in failures[-1].message, failures[-1].detail
        runner.submit([job])
    samples = store.samples(job.key)
    begun = {sample.x for sample in samples if sample.series == "begun"}
    done = {int(sample.x): sample.payload["outcomes"] for sample in samples if sample.payload}
    assert begun == set(range(COUNT))
    assert len(begun) - len(done) == len(failures)
    for index, outcomes in done.items():
        if index in refused:
            assert outcomes == [refused[index]] * 3, damaged[index].what
        else:
            assert all(outcome == "ok" or one_sentence(outcome) for outcome in outcomes), outcomes
    assert ["ok"] * 3 in done.values()
    assert not list((folders.artifacts / job.key).glob("*"))


@pytest.mark.parametrize("kind", ["quantize", "probe"])
def test_mutants_through_workers_of_their_own(
    damaged: list[Mutant], kind: str, native_dir: Path, store: Store, folders: Folders, tmp_path: Path
) -> None:
    """Two of each place, as the jobs a study makes of them, in one run that goes on after each failure."""
    params: dict[str, Any] = {"type": "Q4_K_M", "overrides": {}, "allow_requantize": True}
    if kind == "probe":
        spec = {"context": 32, "chunks": 2}
        params = {"probe": "divergence", "spec": spec, "engine": "llama", "settings": {"threads": 1}}
    text = resource("texts/evaluation.txt")
    jobs = []
    for place in PLACES:
        for number, mutant in enumerate([mutant for mutant in damaged if mutant.place == place][:2]):
            path = tmp_path / f"{place}-{number}.gguf"
            path.write_bytes(mutant.raw)
            inputs = {"model": FileInput(str(path), sha256_file(path))}
            if kind == "probe":
                inputs["text"] = FileInput(str(text), sha256_file(text))
            jobs.append(Job(kind, params, inputs))
    runner = Runner(store, folders)
    runner.submit(jobs)
    states = runner.run()
    assert JobState.FAILED in states.values()
    for job in jobs:
        row = store.job(job.key)
        assert row is not None
        if states[job.key] is JobState.FAILED:
            assert row.failure is not None and one_sentence(row.failure["message"]), row.failure
            assert "unexpected error" not in row.failure["message"]
            assert not list((folders.artifacts / job.key).glob("*"))
        else:
            assert states[job.key] is JobState.DONE


@pytest.mark.parametrize("place", PLACES)
def test_a_mutant_as_the_model_of_a_study(
    damaged: list[Mutant], place: str, native_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "model.gguf").write_bytes(next(m for m in damaged if m.place == place).raw)
    (tmp_path / "study.toml").write_text(STUDY)
    done = lab("--batch", "study.toml", "--data-dir", "data", "--out", "report", "--json", cwd=tmp_path)
    assert done.returncode in ((0, 3, 4) if place == "data" else (2, 3, 4)), done.stderr
    assert "Traceback" not in done.stderr and "internal error" not in done.stderr
    said = lines(done.stdout)
    if done.returncode == 2:
        assert one_sentence(said[-1]["message"]) and "model.gguf" in said[-1]["message"]
    elif done.returncode:
        assert all(map(one_sentence, failures(said).values()))


def test_mutants_looked_into(
    damaged: list[Mutant], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``odyssey-lab models inspect``, in this process: JSON or one sentence, and soon."""
    codes: set[int] = set()
    for index, mutant in enumerate(damaged):
        path = tmp_path / "mutant.gguf"
        path.write_bytes(mutant.raw)
        with no_longer_than(10):
            code = main(["models", "inspect", str(path), "--json", "--data-dir", str(tmp_path / "data")])
        output, errors = capsys.readouterr()
        answer = json.loads(output)
        codes.add(code)
        if code:
            assert code in (2, 4), (index, mutant.what, errors)
            assert one_sentence(answer["message"]), (index, mutant.what, answer)
    assert codes >= {0, 4}


def test_cut_files(whole: Path, tmp_path: Path) -> None:
    raw = whole.read_bytes()
    file = read(whole)
    cuts = {
        *range(0, file.data_offset, 97),
        *range(file.data_offset, len(raw), len(raw) // 40),
        len(raw) - 33,
    }
    path = tmp_path / "cut.gguf"
    for cut in sorted(cuts):
        path.write_bytes(raw[:cut])
        with no_longer_than(10), pytest.raises(IntegrityError) as caught:
            read(path)
        assert one_sentence(caught.value.message)


def test_wrong_lengths_in_a_huge_file_cost_nothing(tmp_path: Path) -> None:
    """Lengths that a file of 64 GB has room for must not be believed: neither time nor memory."""
    import struct
    import tracemalloc

    start = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1) + b"k"
    for value in (
        struct.pack("<IQ", 8, 1 << 35),  # a string
        struct.pack("<IIQ", 9, 8, 1 << 32),  # an array of strings, all empty
        struct.pack("<IIQ", 9, 0, 1 << 35),  # an array of bytes
    ):
        path = tmp_path / "huge.gguf"
        with open(path, "wb") as stream:
            stream.write(start + value)
            stream.truncate(1 << 36)
        tracemalloc.start()
        with no_longer_than(10), pytest.raises(IntegrityError, match="claims to"):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
        tracemalloc.stop()

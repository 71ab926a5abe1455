"""300 damaged GGUF files and many cut ones: refused in one sentence, or survived by the parent."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lab_app.gguf.reader import read
from lab_app.jobs.events import Failure
from lab_app.jobs.job import Job
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.system.errors import IntegrityError
from lab_app.system.paths import Folders
from tests.faults.mutants import PLACES, mutants
from tests.models import tiny_gguf

COUNT, SEED = 300, 20_261
HERE = str(Path(__file__).parent)


@contextmanager
def no_longer_than(seconds: int) -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise TimeoutError(f"took longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def one_sentence(text: str) -> bool:
    return bool(text) and "\n" not in text and len(text) < 600 and text.endswith(".") and text.isprintable()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_gguf(tmp_path_factory.mktemp("mutants") / "whole.gguf", layers=1)


@pytest.mark.slow
def test_mutants(whole: Path, native_dir: Path, store: Store, folders: Folders, tmp_path: Path) -> None:
    passed: list[Path] = []
    refused = dict.fromkeys(PLACES, 0)
    found = mutants(whole.read_bytes(), read(whole), COUNT, SEED)
    assert len({mutant.raw for mutant in found}) == COUNT
    for index, mutant in enumerate(found):
        path = tmp_path / f"mutant-{index:03}.gguf"
        path.write_bytes(mutant.raw)
        try:
            with no_longer_than(10):
                read(path)
        except IntegrityError as error:
            assert one_sentence(error.message), (mutant.what, error.message)
            assert path.name in error.message
            refused[mutant.place] += 1
            path.unlink()
        else:
            passed.append(path)
    assert refused["header"] > 50 and refused["tensors"] > 50 and passed

    # What the reader believes goes to llama.cpp. Where it aborts, its worker is gone, and the next one goes on.
    inputs: dict[str, Any] = {}
    job = Job("mutants:try_all", {"files": [str(path) for path in passed]}, inputs, memory_limit=8 << 30)
    runner = Runner(store, folders, import_paths=(HERE,))
    failures: list[Failure] = []
    runner.subscribe(lambda _, event: failures.append(event) if isinstance(event, Failure) else None)
    deadline = time.monotonic() + 300
    runner.submit([job])
    while (state := runner.run()[job.key]) is not JobState.DONE:
        assert state is JobState.FAILED and time.monotonic() < deadline
        assert one_sentence(failures[-1].message), failures[-1]
        assert "unexpected error" not in failures[-1].message, failures[-1].detail
        runner.submit([job])
    samples = store.samples(job.key)
    begun = {sample.x for sample in samples if sample.series == "begun"}
    done = {sample.x: sample.payload for sample in samples if sample.series == "done"}
    assert begun == set(range(len(passed)))
    assert len(begun) - len(done) == len(failures)
    outcomes = [outcome for payload in done.values() if payload for outcome in payload["outcomes"]]
    assert all(outcome == "ok" or one_sentence(outcome) for outcome in outcomes), outcomes
    assert "ok" in outcomes
    assert not list((folders.artifacts / job.key).glob("*"))


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

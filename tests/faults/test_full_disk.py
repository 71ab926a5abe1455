"""Disks that fill up, and files that may not grow, while real jobs write: one sentence, nothing half, nothing lost."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lab_app.jobs.events import Failure, Progress
from lab_app.jobs.job import Job
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.store.records import Sample
from lab_app.system.hashing import sha256_file
from lab_app.system.paths import Folders
from tests.commandline import command, environment, failures, finish, lab, lines, named
from tests.disks import fill, small_disk
from tests.faults.test_killed_jobs import kill_worker, measure, outcome, quantize
from tests.models import tiny_gguf

STUDY = """
schema_version = 1
name = "full"
[source]
model = "tiny.gguf"
[quantize]
types = ["Q8_0", "Q4_0"]
[engine]
threads = 1
[[probe]]
kind = "divergence"
context = 64
chunks = {chunks}
"""
LINE = ("--batch", "study.toml", "--data-dir", "data", "--out", "report", "--json")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Room for the files of a small job and the 16 MiB it asks for beside them, not for much more."""
    with small_disk(tmp_path / "disk", 24) as folder:
        yield folder


@pytest.mark.parametrize("maker", [quantize, measure])
def test_a_disk_that_fills_up_under_a_job(
    maker: Callable[[Path], Job], disk: Path, store: Store, native_dir: Path, tmp_path: Path
) -> None:
    """The data folder lies on it, the store elsewhere. Once there is room again, the job goes on."""
    job = maker(tmp_path)
    kill_worker(job, Folders(tmp_path / "calm").create(), 10**9, 0)
    expected = outcome(job, Folders(tmp_path / "calm"))
    folders = Folders(disk / "data").create()
    fillers: list[Path] = []
    failures: list[Failure] = []

    def hear(_: Job, event: Any) -> None:
        if isinstance(event, Sample if job.kind == "probe" else Progress) and not fillers:
            fillers.append(fill(disk))
        if isinstance(event, Failure):
            failures.append(event)

    runner = Runner(store, folders)
    runner.subscribe(hear)
    runner.submit([job])
    assert runner.run() == {job.key: JobState.FAILED}
    (failure,) = failures
    assert failure.exit_code == 6, failure
    assert failure.message.endswith(".") and "\n" not in failure.message
    assert "disk" in f"{failure.message} {failure.hint}"
    assert "unexpected" not in failure.message
    assert not [path for path in folders.artifacts.rglob("*") if path.is_file()]
    kept = store.samples(job.key)
    assert bool(kept) is (job.kind == "probe")

    fillers[0].unlink()
    runner.retry(job.key)
    assert runner.run() == {job.key: JobState.DONE}
    samples = store.samples(job.key)
    assert samples[: len(kept)] == kept
    assert (samples, {a.role: a.sha256 for a in store.artifacts(job.key)}) == (expected[1], expected[0])


def test_the_stores_own_disk_fills_up(native_dir: Path, tmp_path: Path) -> None:
    """Everything on one disk, which fills up in the middle of a run; the next run goes on from there."""
    tiny_gguf(tmp_path / "tiny.gguf")
    (tmp_path / "study.toml").write_text(STUDY.format(chunks=120))
    with small_disk(tmp_path / "data", 90) as data:
        process = subprocess.Popen(
            command(*LINE), cwd=tmp_path, env=environment(), text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(json.loads(line))
            if said[-1]["event"] == "sample":
                break
        filler = fill(data)
        output, errors = finish(process)
        said += lines(output)
        assert process.returncode == 6, errors
        assert "Traceback" not in errors and "internal error" not in errors
        assert said[-1]["event"] == "error"
        assert said[-1]["message"].startswith(f"The store {data}/lab.db cannot be written: ")
        told = {(item["job"], item["series"], item["x"]): item["y"] for item in named(said, "sample")}
        assert told

        filler.unlink()
        with Store.open(data / "lab.db", read_only=True) as store:
            for (key, series, x), y in told.items():
                assert any((s.series, s.x, s.y) == (series, x, y) for s in store.samples(key))
        done = lab(*LINE, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        measured = {(item["job"], item["series"], item["x"]) for item in named(lines(done.stdout), "sample")}
        assert measured and not measured & set(told)


def _limited(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _run_limited(folder: Path, size: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*LINE), cwd=folder, env=environment(), capture_output=True, text=True, check=False,
        preexec_fn=_limited(size),
    )  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_files_that_may_not_grow(native_dir: Path, tmp_path: Path) -> None:
    """The base's log-probabilities and Q8_0 do not fit, Q4_0 does."""
    tiny_gguf(tmp_path / "tiny.gguf", layers=4)
    (tmp_path / "study.toml").write_text(STUDY.format(chunks=150))
    done = _run_limited(tmp_path, 2_400_000)
    assert done.returncode == 6, done.stderr
    assert "Traceback" not in done.stderr
    said = lines(done.stdout)
    failed = failures(said)
    assert set(failed) == {"divergence: tiny", "quantize to Q8_0", "divergence: Q8_0", "divergence: Q4_0"}
    for title in ("divergence: tiny", "quantize to Q8_0"):
        assert failed[title].endswith(".") and "\n" not in failed[title] and "unexpected" not in failed[title]
        assert "File too large" in failed[title] or "written" in failed[title], failed[title]
    kept = [item["record"] for item in named(said, "artifact") if item["record"]["path"].endswith(".gguf")]
    assert [Path(record["path"]).name for record in kept] == ["tiny.Q4_0.gguf"]
    found = [path for path in (tmp_path / "data" / "artifacts").rglob("*") if path.is_file()]
    models = [(str(path), sha256_file(path)) for path in found if path.suffix == ".gguf"]
    assert models == [(kept[0]["path"], kept[0]["sha256"])]
    assert not [path for path in found if path.name == "base.logits"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_store_that_may_not_grow(native_dir: Path, tmp_path: Path) -> None:
    tiny_gguf(tmp_path / "tiny.gguf")
    table = '[quantize]\ntypes = ["Q8_0", "Q4_0"]\n'
    (tmp_path / "study.toml").write_text(STUDY.format(chunks=300).replace(table, ""))  # no log-probabilities
    done = _run_limited(tmp_path, 250_000)
    assert done.returncode == 6, done.stderr
    last = lines(done.stdout)[-1]
    assert last["event"] == "error" and "lab.db cannot be written" in last["message"], last
    assert "Traceback" not in done.stderr
    told = named(lines(done.stdout), "sample")
    done = lab(*LINE, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    again = {(item["job"], item["series"], item["x"]) for item in named(lines(done.stdout), "sample")}
    assert not again & {(item["job"], item["series"], item["x"]) for item in told}

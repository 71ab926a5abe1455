"""Runs that are stopped in the middle, gently and not, go on where they stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, TextIO

import psutil
import pytest

from lab_app.store import Store
from lab_app.store.records import Sample
from tests.commandline import command, environment, finish, lab, lines, named
from tests.e2e.conftest import STUDY, Batch, make_studio
from tests.e2e.test_batch import numbers
from tests.faults.processes import wait_until_gone

LINE = ("--batch", "study.toml", "--data-dir", "data", "--out", "report", "--json")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def until(studio: Path, samples: int, title: str) -> tuple[subprocess.Popen[str], list[dict[str, Any]]]:
    """Start the study and return once the job with ``title`` has told of so many chunks."""
    process = subprocess.Popen(
        command(*LINE), cwd=studio, env=environment(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    said: list[dict[str, Any]] = []
    keys: dict[str, str] = {}
    for line in process.stdout:
        item = json.loads(line)
        said.append(item)
        if item["event"] == "plan":
            keys = {job["key"]: job["title"] for job in item["jobs"]}
        heard = [i for i in named(said, "sample") if keys[i["job"]] == title and i["series"] == "chunk"]
        if len(heard) >= samples:
            return process, said
    raise AssertionError(f"the run ended first: {process.stderr.read() if process.stderr else ''}")


def stored(studio: Path) -> dict[str, list[Sample]]:
    with Store.open(studio / "data" / "lab.db", read_only=True) as store:
        return {row.key: store.samples(row.key) for row in store.jobs()}


LONGER = STUDY.replace("chunks = 24", "chunks = 200").replace(', "Q4_K_M"', "")


def longer(studio: Path) -> None:
    (studio / "study.toml").write_text(LONGER)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory, native_dir: Path) -> list[list[str]]:
    """The numbers of a run that nobody disturbs."""
    folder = make_studio(tmp_path_factory.mktemp("calm"))
    longer(folder)
    done = lab(*LINE, cwd=folder)
    assert done.returncode == 0, done.stderr
    return numbers(folder)


@pytest.mark.parametrize("title", ["divergence: tiny", "divergence: Q8_0"])
def test_kill_9_loses_no_stored_sample(studio: Path, batch: Batch, calm: list[list[str]], title: str) -> None:
    longer(studio)
    process, said = until(studio, 3, title)
    process.kill()
    rest = finish(process)[0]
    said += [json.loads(line) for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    told = {(i["job"], i["series"], i["x"]): i["y"] for i in named(said, "sample")}

    kept = stored(studio)
    for (job, series, x), y in told.items():
        assert any(s.series == series and s.x == x and s.y == y for s in kept[job]), "what was told is stored"
    assert any(0 < len(samples) < 200 for samples in kept.values()), "the kill came in the middle of a job"

    done = batch("--resume")
    assert done.returncode == 0, done.stderr
    again = {(i["job"], i["series"], i["x"]) for i in named(lines(done.stdout), "sample")}
    before = {(job, s.series, s.x) for job, samples in kept.items() for s in samples}
    assert not again & before, "nothing is measured twice"
    assert numbers(studio) == calm, "the numbers of a run that was never killed"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_gently(studio: Path, batch: Batch, number: signal.Signals) -> None:
    longer(studio)
    process, said = until(studio, 3, "divergence: tiny")
    process.send_signal(number)
    output, errors = finish(process)
    assert process.returncode == 130
    assert "run the same again to continue" in errors
    assert "Traceback" not in errors
    said += lines(output)
    assert said[-1]["event"] == "finished" and said[-1]["exit_code"] == 130
    assert not (studio / "report").exists()
    told = {(i["job"], i["series"], i["x"]) for i in named(said, "sample")}
    assert told and told <= {(key, s.series, s.x) for key, samples in stored(studio).items() for s in samples}
    if number == signal.SIGINT:
        done = batch()
        assert done.returncode == 0, done.stderr
        assert not told & {(i["job"], i["series"], i["x"]) for i in named(lines(done.stdout), "sample")}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_before_there_is_work_is_a_sentence(tmp_path: Path, number: signal.Signals) -> None:
    process, study = waiting(tmp_path, command(*LINE))
    with study:
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "odyssey-lab: interrupted.\n")
    assert [line["exit_code"] for line in lines(output)] == [130]


def test_a_hang_up_does_not_reach_who_was_told_to_ignore_it(tmp_path: Path) -> None:
    process, study = waiting(tmp_path, ["nohup", *command(*LINE)])
    with study:
        process.send_signal(signal.SIGHUP)
    assert "4 errors" in process.communicate(timeout=60)[1] and process.returncode == 2, "of an empty study"


def waiting(folder: Path, line: list[str]) -> tuple[subprocess.Popen[str], TextIO]:
    """A run that waits for its study, which comes through a pipe, and the other end of that."""
    os.mkfifo(folder / "study.toml")
    ours = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # a run inherits it, and the tests may be under nohup
    process = subprocess.Popen(
        line, cwd=folder, env=environment(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    signal.signal(signal.SIGHUP, ours)
    return process, open(folder / "study.toml", "w")  # which takes until the run has opened it


def test_a_second_signal_stops_at_once(studio: Path) -> None:
    longer(studio)
    process, _ = until(studio, 3, "divergence: tiny")
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    _, errors = finish(process)
    assert process.returncode == 130
    assert "Traceback" not in errors


def test_workers_do_not_outlive_a_killed_parent(studio: Path) -> None:
    longer(studio)
    process, said = until(studio, 3, "divergence: tiny")
    workers = [item["pid"] for item in named(said, "started")]
    process.kill()
    finish(process)
    for pid in workers:
        try:
            wait_until_gone([psutil.Process(pid)])
        except psutil.NoSuchProcess:
            pass


def test_a_reader_that_goes_away_stops_the_work_quietly(studio: Path) -> None:
    longer(studio)
    process, said = until(studio, 3, "divergence: tiny")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    assert process.wait(timeout=60) == 130
    assert "Traceback" not in errors and "Broken pipe" not in errors
    process.stderr.close()
    told = {(i["job"], i["series"], i["x"]) for i in named(said, "sample")}
    assert told <= {(key, s.series, s.x) for key, samples in stored(studio).items() for s in samples}

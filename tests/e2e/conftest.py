"""A small study on a tiny real model, through the real command line and real workers.

A run costs seconds (a worker a job, and the report), so that most tests share the data folder of one first
run: what it measured is found there, as in life.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.commandline import environment, lab, lines
from tests.models import tiny_gguf

STUDY = """
schema_version = 1
name = "small study"
description = "a tiny model in two quant types"
[source]
model = "tiny.gguf"
[quantize]
types = ["Q8_0", "Q4_K_M"]
[engine]
threads = 1
[[probe]]
kind = "divergence"
context = 64
chunks = 24
"""
SMALL = STUDY.replace('"Q8_0", "Q4_K_M"', '"Q4_0"').replace("chunks = 24", "chunks = 4")
WATCHED = """
import sys
from lab_app.cli import main
code = main(sys.argv[1:])
heavy = [n for n in ("numpy", "matplotlib", "llama_cpp", "torch", "transformers", "PySide6") if n in sys.modules]
try:  # ru_maxrss remembers, across exec, how large the process was that started this one
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM"))
except OSError:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(code, peak, *heavy, file=sys.stderr)
sys.exit(code)
"""

Batch = Callable[..., "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True)
class FirstRun:
    """The one run from nothing: its folder (with ``report`` and ``data``) and everything it said.

    watched: exit code, peak memory in bytes and heavy modules of the parent process.
    """

    folder: Path
    said: list[dict[str, Any]]
    people: str
    watched: list[str]


def make_studio(folder: Path) -> Path:
    tiny_gguf(folder / "tiny.gguf")
    (folder / "study.toml").write_text(STUDY)
    return folder


@pytest.fixture
def studio(tmp_path: Path, native_dir: Path) -> Path:
    """A folder with a model and a study."""
    return make_studio(tmp_path)


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory, native_dir: Path) -> FirstRun:
    folder = make_studio(tmp_path_factory.mktemp("first"))
    line = ["--batch", "study.toml", "--data-dir", "data", "--out", "report", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *line],
        cwd=folder, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    people, _, watched = done.stderr.rstrip("\n").rpartition("\n")
    return FirstRun(folder, lines(done.stdout), people, watched.split())


@pytest.fixture
def batch(studio: Path) -> Batch:
    """``batch(*more)``: run the study with JSON lines in the studio's own, empty data folder."""
    return _batch(studio, studio / "data")


@pytest.fixture
def again(studio: Path, first: FirstRun) -> Batch:
    """As ``batch``, in the data folder of the first run, where the same study is done already."""
    return _batch(studio, first.folder / "data")


def _batch(studio: Path, data: Path) -> Batch:
    def run(*more: object, **rest: str) -> subprocess.CompletedProcess[str]:
        line = ("--batch", "study.toml", "--data-dir", data, "--out", "report", "--json")
        return lab(*line, *more, cwd=studio, env=rest)

    return run

"""A small study on a tiny real model, through the real command line and real workers."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commandline import lab
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
threads = 2
[[probe]]
kind = "divergence"
context = 128
chunks = 24
"""

Batch = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def studio(tmp_path: Path, native_dir: Path) -> Path:
    """A folder with a model and a study."""
    tiny_gguf(tmp_path / "tiny.gguf", layers=4)
    (tmp_path / "study.toml").write_text(STUDY)
    return tmp_path


@pytest.fixture
def batch(studio: Path) -> Batch:
    """``batch(*more)``: run the study with JSON lines in the studio's own data folder."""

    def run(*more: object, study: str = "study.toml", **rest: str) -> subprocess.CompletedProcess[str]:
        return lab(
            "--batch", study, "--data-dir", "data", "--out", "report", "--json", *more, cwd=studio, env=rest
        )

    return run

"""Small models and the shape of a quantize job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lab_app.jobs.job import FileInput
from lab_app.system.hashing import sha256_file
from tests.models import tiny_gguf

IDLE = 2


def file_input(path: Path | str) -> FileInput:
    return FileInput(str(path), sha256_file(path))


def params(type_name: str, **changes: Any) -> dict[str, Any]:
    return {
        "type": type_name,
        "overrides": {},
        "output_type": None,
        "embedding_type": None,
        "allow_requantize": False,
        "pure": False,
    } | changes


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_gguf(tmp_path_factory.mktemp("quant") / "tiny.gguf")


@pytest.fixture(scope="session")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight layers: the first is treated differently where there is an importance matrix."""
    return tiny_gguf(tmp_path_factory.mktemp("quant") / "deep.gguf", layers=8)


@pytest.fixture(scope="session")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows of 288 values, which blocks of 256 do not divide."""
    return tiny_gguf(tmp_path_factory.mktemp("quant") / "narrow.gguf", width=288)


@pytest.fixture(scope="session")
def moe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight experts of which the last two are never chosen."""
    return tiny_gguf(tmp_path_factory.mktemp("quant") / "moe.gguf", experts=8, idle_experts=IDLE, layers=1)


@pytest.fixture(scope="session")
def calibration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("text") / "calibration.txt"
    path.write_text("the quick brown fox jumps over the lazy dog. " * 60)
    return path

"""Where a report cannot be put is said before the work."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lab_app.batch.outcome import check_place
from lab_app.system.errors import ResourceError


@contextmanager
def nobody() -> Iterator[None]:
    """Whom modes of folders bind, which they do not the administrator."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that anybody may enter, with nothing in it."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize("below", ["", "report", "a/b/c"])
def test_a_folder_that_may_not_be_written_to(folder: Path, below: str) -> None:
    folder.chmod(0o555)
    with (
        nobody(),
        pytest.raises(ResourceError, match=f"cannot be written to {folder / below}: Permission denied"),
    ):
        check_place(folder / below)
    folder.chmod(0o777)
    with nobody():
        check_place(folder / below)


def test_a_place_to_be_made_where_one_stands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    check_place(Path("report"))
    check_place(Path("."))

"""A file that the user has named is replaced as a whole or stays what it was."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lab_app.system.errors import ResourceError
from lab_app.system.saving import save


@contextmanager
def small_disk() -> Iterator[None]:
    """As a disk that is full after a kilobyte; briefly, as the output of the tests themselves may be a longer file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_stood_there_stays_where_the_new_does_not_fit(tmp_path: Path) -> None:
    file = tmp_path / "figure.png"
    file.write_bytes(b"old")
    with small_disk(), pytest.raises(ResourceError, match="cannot be written: File too large"):
        save(file, bytes(5000))
    assert file.read_bytes() == b"old" and list(tmp_path.iterdir()) == [file]


def test_a_file_is_replaced_and_keeps_its_rights(tmp_path: Path) -> None:
    file = tmp_path / "figure.png"
    file.write_bytes(b"old")
    file.chmod(0o640)
    (tmp_path / "link.png").symlink_to(file)
    assert save(tmp_path / "link.png", b"new") == tmp_path / "link.png"
    assert file.read_bytes() == b"new" and file.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link.png").is_symlink()


def test_rights_are_those_that_are_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"old")
    file.chmod(0o644)
    (tmp_path / f".token.{os.getpid()}").touch(0o644)  # of a run that was killed
    assert save(file, b"new", mode=0o600).stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_place_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="cannot be written: No such file or directory") as raised:
        save(tmp_path / "nowhere" / "figure.png", b"new", "Choose another place.")
    assert raised.value.hint == "Choose another place."

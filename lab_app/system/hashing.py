"""Content hashes of files, and making sure that they are on the disk, whole, before they bear their name."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

_BLOCK = 4 << 20


def sha256_file(path: str | Path, progress: Callable[[int], None] | None = None) -> str:
    """sha256 (hex) of a file's bytes. ``progress`` gets the bytes read so far. Raises OSError."""
    if progress is None:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    digest = hashlib.sha256()
    done = 0
    with open(path, "rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            done += len(block)
            progress(done)
    return digest.hexdigest()


def sync(path: str | Path) -> None:
    """Wait until a file (or, on POSIX, a folder's list of names) is on the disk. Raises OSError."""
    flags = os.O_RDONLY if os.name == "posix" else os.O_RDWR
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(temporary: str | Path, final: str | Path) -> None:
    """Give a finished, synced file its final name, at once and for good. Raises OSError.

    Where the name lies on another disk, the file is copied beside it first, so that half of one is never seen.
    """
    final = Path(final)
    try:
        os.replace(temporary, final)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = final.with_name(f".{final.name[:200]}.part")
        try:
            shutil.copyfile(temporary, part)
            sync(part)
            os.replace(part, final)
        finally:
            part.unlink(missing_ok=True)
        os.unlink(temporary)
    if os.name == "posix":
        sync(final.parent)

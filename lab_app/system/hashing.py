"""Content hashes of files."""

from __future__ import annotations

import hashlib
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

"""The header of a GGUF file on the hub, read by range requests: metadata and tensor list before any download.

The beginning of the file is laid into a sparse file of the full size, which the lab's own hardened reader
parses; as long as the header turns out to be longer than what is there, more of it is fetched.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lab_app.gguf import parts, reader
from lab_app.hub import cache
from lab_app.hub.control import Control, Limits
from lab_app.hub.source import RemoteFile, Source, read_range
from lab_app.system.errors import IntegrityError, LabError

_FIRST = 512 << 10
_MOST = 256 << 20


def header(files: Sequence[RemoteFile], limits: Limits | None = None) -> reader.GgufFile:
    """The checked header of a remote GGUF model, ``files`` being all its parts. Long arrays (the vocabulary) cannot be
    decoded afterwards: only their types and lengths are known. Raises LabError."""
    with (
        tempfile.TemporaryDirectory(prefix="odyssey-lab-") as folder,
        laid_out(files, Path(folder), limits or Limits(), Control()) as first,
    ):
        return parts.read_model(first).header


@contextmanager
def laid_out(files: Sequence[RemoteFile], folder: Path, limits: Limits, control: Control) -> Iterator[Path]:
    """The headers of a model's parts as sparse files in ``folder``; yields the first. Raises LabError, Cancelled."""
    paths = [folder / cache.checked_name(file.name).name for file in files]
    try:
        for file, path in zip(files, paths, strict=True):
            lay_out(file, path, limits, control)
        yield paths[0]
    finally:
        for path in paths:
            path.unlink(missing_ok=True)


def lay_out(
    file: RemoteFile, path: Path, limits: Limits | None = None, control: Control | None = None
) -> reader.GgufFile:
    """Make ``path`` a sparse file of the remote one's size with its header in it, and read that.

    Raises LabError, Cancelled."""
    limits = limits or Limits()
    source = Source(file, limits.silence)
    path.write_bytes(b"")
    have, want = 0, min(_FIRST, file.size)
    while True:
        with open(path, "r+b") as stream:
            # Only what was fetched stands in the file, so that zeros are never read as header.
            stream.truncate(have)
            stream.seek(have)
            stream.write(read_range(source, have, want, limits, control))
        have = want
        if have == file.size:
            return reader.read(path)
        # Grown to its real size the file satisfies the reader's check that all tensors lie inside it.
        os.truncate(path, file.size)
        try:
            found = reader.read(path)
            if found.data_offset <= have:
                return found
            problem: LabError | None = None
        except IntegrityError as error:
            problem = error
        with open(path, "rb") as stream:
            magic = stream.read(4)
        if magic != reader.MAGIC or have >= min(_MOST, file.size):
            raise problem or IntegrityError(f"The header of {file.name} is longer than {_MOST >> 20} MiB.")
        want = min(have * 4, _MOST, file.size)

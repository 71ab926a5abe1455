"""The header of a GGUF file on the hub, read by range requests: metadata and tensor list before any download.

The beginning of the file is laid into a sparse file of the full size, which the lab's own hardened reader
parses; as long as the header turns out to be longer than what is there, more of it is fetched.
"""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath

from lab_app.gguf import reader
from lab_app.hub import client
from lab_app.hub.control import Limits
from lab_app.hub.source import RemoteFile, Retry, Source
from lab_app.system.errors import IntegrityError, LabError

_FIRST = 512 << 10
_MOST = 256 << 20


def header(file: RemoteFile, limits: Limits | None = None) -> reader.GgufFile:
    """The checked header of a remote GGUF file. Long arrays (the vocabulary) cannot be decoded afterwards: only
    their types and lengths are known. Raises LabError."""
    limits = limits or Limits()
    source = Source(file, limits.silence)
    with tempfile.TemporaryDirectory(prefix="odyssey-lab-") as folder:
        path = Path(folder) / PurePosixPath(file.name).name
        path.touch()
        have, want = 0, min(_FIRST, file.size)
        while True:
            with open(path, "r+b") as stream:
                stream.seek(have)
                stream.write(_range(source, have, want, limits))
                # Only what was fetched stands in the file, so that zeros are never read as header.
                stream.truncate(want)
            have = want
            if have == file.size:
                return reader.read(path)
            # Grown to its real size the file satisfies the reader's check that all tensors lie inside it.
            with open(path, "r+b") as stream:
                stream.truncate(file.size)
            try:
                found = reader.read(path)
                if found.data_offset <= have:
                    return found
                problem: LabError | None = None
            except IntegrityError as error:
                problem = error
            if have < 4 or path.read_bytes()[:4] != reader.MAGIC or have >= min(_MOST, file.size):
                raise problem or IntegrityError(
                    f"The header of {file.name} is longer than {_MOST >> 20} MiB."
                )
            want = min(have * 4, _MOST, file.size)


def _range(source: Source, start: int, end: int, limits: Limits) -> bytes:
    for attempt in range(1, limits.attempts + 1):
        try:
            with source.open(start, end) as (first, response):
                data = bytearray()
                skip = start - first
                for chunk in response.iter_raw():
                    dropped = min(skip, len(chunk))
                    skip -= dropped
                    data += chunk[dropped:]
                    if len(data) >= end - start:
                        return bytes(data[: end - start])
        except Retry as retry:
            if attempt == limits.attempts:
                raise retry.error from None
            client.pause(retry.wait if retry.wait is not None else client.backoff(attempt, limits.backoff))
    raise IntegrityError(f"The server ends {source.file.name} early every time.")

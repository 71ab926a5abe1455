"""A safetensors model on the hub, looked at before any download: config.json, tokenizer, headers of the weights.

What is small is fetched; of the weights only the headers are, and laid into sparse files of the full size, so that
the same checks read a model that is far away as one that is here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from lab_app.gguf.hf_folder import INDEX, HfFolder, read_folder
from lab_app.hub.control import Limits
from lab_app.hub.source import RemoteFile, Source, read_range
from lab_app.system.errors import IntegrityError

_FIRST = 256 << 10
_MOST_HEADER = 64 << 20
_MOST_TEXT = 64 << 20


def look(files: Sequence[RemoteFile], limits: Limits | None = None) -> HfFolder:
    """The checked folder of these files (of one folder of a repository). Its ``path`` is gone afterwards.

    Raises UsageError, IntegrityError (what :func:`read_folder` finds), NetworkError.
    """
    limits = limits or Limits()
    names = {PurePosixPath(file.name).name: file for file in files}
    whole = {"config.json", INDEX}
    if "tokenizer.model" not in names:
        whole.add("tokenizer.json")
    with tempfile.TemporaryDirectory(prefix="odyssey-lab-") as scratch:
        home = Path(scratch) / PurePosixPath(files[0].repo).name
        home.mkdir()
        for name, file in names.items():
            target = home / name
            if name in whole:
                if file.size > _MOST_TEXT:
                    raise IntegrityError(f"{name} of {file.repo} has {file.size} bytes, too many to be true.")
                target.write_bytes(read_range(Source(file, limits.silence), 0, file.size, limits))
            elif name.endswith(".safetensors"):
                target.write_bytes(_header(file, limits))
                with open(target, "r+b") as stream:
                    stream.truncate(file.size)
            else:
                target.touch()
        return read_folder(home)


def _header(file: RemoteFile, limits: Limits) -> bytes:
    """The length of the header and the header itself."""
    source = Source(file, limits.silence)
    data = read_range(source, 0, min(_FIRST, file.size), limits)
    end = 8 + int.from_bytes(data[:8], "little")
    if end > min(_MOST_HEADER, file.size):
        raise IntegrityError(
            f"{file.name} of {file.repo} is no safetensors file.", "Take another repository."
        )
    return data[:end] if len(data) >= end else data + read_range(source, len(data), end, limits)

"""A model file without its data, for dry runs: the same tensors, no vocabulary, a hole where weights were.

llama.cpp reads the vocabulary twice for every dry run, which takes longer than all its other work.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab_app.gguf.header import ARRAY, FIXED_BYTES, GgufFile, LazyArray

_UINT8 = 0
_VOCABULARY = "tokenizer."


@contextmanager
def of(file: GgufFile, folder: Path) -> Iterator[Path]:
    """A skeleton of ``file`` in ``folder``, for as long as the block runs.

    Where files have no holes (Windows), or such a file cannot be made (a limit on sizes), it is the file itself.
    """
    if sys.platform == "win32":
        yield file.path
        return
    path = folder / "skeleton.gguf"
    try:
        try:
            _write(file, path)
        except OSError:
            yield file.path
        else:
            yield path
    finally:
        path.unlink(missing_ok=True)


def _write(file: GgufFile, path: Path) -> None:
    with open(file.path, "rb") as source, open(path, "wb") as target:
        target.write(source.read(FIXED_BYTES))
        for key, size in file.pair_bytes.items():
            pair = source.read(size)
            value = file.metadata[key]
            if isinstance(value, LazyArray) and key.startswith(_VOCABULARY):
                name = key.encode()
                # Its length stays: llama.cpp counts the tokens.
                pair = struct.pack("<Q", len(name)) + name + struct.pack("<IIQ", ARRAY, _UINT8, len(value))
                pair += bytes(len(value))
            target.write(pair)
        infos = FIXED_BYTES + file.kv_bytes
        target.write(source.read(file.data_offset - infos))
        # Tensor data begins at the next multiple of the alignment; the padding read along does no harm before it.
        start = -(-target.tell() // file.alignment) * file.alignment
        target.truncate(start + file.file_size - file.data_offset)

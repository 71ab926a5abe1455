"""A model file without its data, for dry runs: the same tensors, no vocabulary, a hole where weights were.

llama.cpp reads the vocabulary twice for every dry run, which takes longer than all its other work.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab_app.gguf.header import ARRAY, FIXED_BYTES, U32, GgufFile, LazyArray


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
            if isinstance(value, LazyArray) and key.startswith("tokenizer."):
                pair = _short(file, key, value)
            target.write(pair)
        target.write(source.read(file.data_offset - FIXED_BYTES - file.kv_bytes))
        # Tensor data begins at the next multiple of the alignment; the padding read along does no harm before it.
        start = -(-target.tell() // file.alignment) * file.alignment
        target.truncate(start + file.file_size - file.data_offset)


def _short(file: GgufFile, key: str, value: LazyArray) -> bytes:
    """An empty array, but for the tokens: llama.cpp counts them where no key says how many there are."""
    size_key = f"{file.architecture}.vocab_size"
    if key == "tokenizer.ggml.tokens" and size_key not in file.metadata:
        return _text(size_key) + struct.pack("<II", U32, len(value))
    return _text(key) + struct.pack("<IIQ", ARRAY, U32, 0)


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()

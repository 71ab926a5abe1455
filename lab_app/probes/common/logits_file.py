"""llama-perplexity's file of log-probabilities (``--kl-divergence-base``), written and read.

    "_logits_"  int32 n_ctx  int32 n_vocab  int32 n_chunk  int32 tokens[n_chunk · n_ctx]
    then for each chunk n_ctx − 1 − n_ctx/2 rows of row_size(n_vocab) uint16

(tools/perplexity/perplexity.cpp of llama.cpp; little endian.)
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab_app.probes.common.logprobs import row_size
from lab_app.system.errors import IntegrityError

MAGIC = b"_logits_"
_FIXED = len(MAGIC) + 12


@dataclass(frozen=True, slots=True)
class Header:
    """tokens: int32 [n_chunk, n_ctx], as tokenized (a BOS that the model wants is put in when it runs)."""

    n_vocab: int
    tokens: NDArray[np.int32]

    @property
    def n_chunk(self) -> int:
        return int(self.tokens.shape[0])

    @property
    def n_ctx(self) -> int:
        return int(self.tokens.shape[1])

    @property
    def rows(self) -> int:
        """Scored positions of a chunk: its second half but for the last token, which predicts nothing known."""
        return self.n_ctx - 1 - self.n_ctx // 2

    @property
    def size(self) -> int:
        """Bytes of the header."""
        return _FIXED + 4 * self.tokens.size

    @property
    def chunk_size(self) -> int:
        """Bytes of one chunk."""
        return 2 * self.rows * row_size(self.n_vocab)

    @property
    def file_size(self) -> int:
        return self.size + self.n_chunk * self.chunk_size

    def encode(self) -> bytes:
        numbers = np.array([self.n_ctx, self.n_vocab, self.n_chunk], "<i4")
        return MAGIC + numbers.tobytes() + self.tokens.astype("<i4").tobytes()


def read_header(path: str | os.PathLike[str]) -> Header:
    """Raises IntegrityError when the file is none of these, or shorter than its header says."""
    name = Path(path).name
    with open(path, "rb") as stream:
        start = stream.read(_FIXED)
        if len(start) < _FIXED or not start.startswith(MAGIC):
            raise IntegrityError(f"{name} holds no log-probabilities of a base model.")
        n_ctx, n_vocab, n_chunk = (int(number) for number in np.frombuffer(start, "<i4", offset=len(MAGIC)))
        size = os.fstat(stream.fileno()).st_size
        if not (n_ctx > 2 and n_vocab > 0 and n_chunk > 0 and _FIXED + 4 * n_ctx * n_chunk <= size):
            raise IntegrityError(
                f"{name} is damaged: its header is impossible.", "Measure the base model again."
            )
        raw = stream.read(4 * n_ctx * n_chunk)
    tokens = np.frombuffer(raw, "<i4").astype(np.int32).reshape(n_chunk, n_ctx)
    header = Header(n_vocab, tokens)
    if tokens.min() < 0 or tokens.max() >= n_vocab:
        raise IntegrityError(
            f"{name} is damaged: it has tokens outside its vocabulary.", "Measure the base model again."
        )
    if size < header.file_size:
        raise IntegrityError(
            f"{name} is truncated: {size} of {header.file_size} bytes are there.",
            "Measure the base model again.",
        )
    return header


class Reader:
    """Chunks of a finished file, one at a time into one buffer."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.header = read_header(path)
        self._stream = open(path, "rb", buffering=0)  # noqa: SIM115 - closed by close()
        self._codes = np.empty((self.header.rows, row_size(self.header.n_vocab)), np.uint16)

    def chunk(self, index: int) -> NDArray[np.uint16]:
        """Rows of chunk ``index``; valid until the next call."""
        self._stream.seek(self.header.size + index * self.header.chunk_size)
        view = self._codes.reshape(-1).view(np.uint8).data
        while view:
            got = self._stream.readinto(view)
            if not got:
                raise IntegrityError(
                    "The log-probabilities of the base end too early.", "Measure the base again."
                )
            view = view[got:]
        return self._codes

    def close(self) -> None:
        self._stream.close()


class Writer:
    """Writes chunk after chunk; opened again after a kill it goes on after the last whole chunk.

    ``count`` is the number of whole chunks in the file. A file with another header is started anew.
    """

    def __init__(self, path: str | os.PathLike[str], header: Header) -> None:
        self.path = Path(path)
        self.header = header
        start = header.encode()
        self._stream = open(  # noqa: SIM115 - closed by close()
            self.path, "r+b" if self.path.exists() else "w+b", buffering=0
        )
        size = os.fstat(self._stream.fileno()).st_size
        if size >= len(start) and self._stream.read(len(start)) == start:
            self.count = min((size - len(start)) // header.chunk_size, header.n_chunk)
        else:
            self.count = 0
            self._stream.seek(0)
            self._stream.truncate(0)
            self._write(start)
        self._stream.truncate(self._end)
        self._stream.seek(self._end)

    @property
    def _end(self) -> int:
        return self.header.size + self.count * self.header.chunk_size

    @property
    def missing(self) -> int:
        """Bytes still to be written."""
        return self.header.file_size - self._end

    def _write(self, data: bytes | memoryview) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[self._stream.write(view) :]
        except OSError as error:  # which of a stream do not say what they were about
            raise OSError(error.errno, error.strerror, str(self.path)) from error

    def append(self, codes: NDArray[np.uint16]) -> None:
        """The next chunk's rows. Raises OSError; the file then ends in a part that a later Writer cuts off."""
        self._write(np.ascontiguousarray(codes).reshape(-1).view(np.uint8).data)
        self.count += 1

    def close(self) -> None:
        self._stream.close()

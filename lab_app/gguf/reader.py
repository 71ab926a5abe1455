"""A hardened reader of GGUF headers, in front of native code.

It maps the file, reads only the header, and refuses whatever could not be true, with one sentence that names
the place. Big tokenizer arrays are skipped and kept as :class:`LazyArray`. Format: ggml's docs/gguf.md (v2, v3).
"""

from __future__ import annotations

import math
import os
import stat
import struct
from collections.abc import Iterable, Mapping
from io import FileIO
from pathlib import Path
from typing import Any

from lab_app.gguf.header import (
    ARRAY,
    FIXED_BYTES,
    SCALARS,
    STRING,
    U32,
    VALUE_TYPES,
    GgufFile,
    LazyArray,
    TensorInfo,
)
from lab_app.gguf.types import BY_ID
from lab_app.system.errors import IntegrityError, UsageError

__all__ = ["DEFAULT_ALIGNMENT", "MAGIC", "GgufFile", "LazyArray", "TensorInfo", "read"]

MAGIC = b"GGUF"
DEFAULT_ALIGNMENT = 32
MAX_TENSORS = 1 << 17
MAX_PAIRS = 1 << 16
MAX_NAME = 64
"""GGML_MAX_NAME: a tensor's name with its closing zero byte."""
MAX_KEY = 1024
MAX_DIMS = 4
# Without bounds a wrong length in a file of many gigabytes would be believed, and cost memory and minutes.
MAX_STRING = 16 << 20
MAX_ELEMENTS = 1 << 23
"""Of all arrays together. The largest vocabularies so far have 262 thousand tokens and twice as many merges."""
MAX_HEADER = 256 << 20
_WINDOW = 1 << 20
_LAZY_FROM = 64
"""Arrays longer than this are not decoded until asked for."""

_INTEGERS: Mapping[str, tuple[int, int]] = {
    "block_count": (1, 4096),
    "context_length": (1, 1 << 30),
    "embedding_length": (1, 1 << 20),
    "attention.head_count": (0, 1 << 16),
    "attention.head_count_kv": (0, 1 << 16),
    "expert_count": (0, 4096),
    "expert_used_count": (0, 4096),
    "rope.dimension_count": (0, 1 << 20),
}
"""Hyper-parameters (``<architecture>.<name>``) with the range outside which no model exists."""


def read(path: str | Path) -> GgufFile:
    """The checked header of the GGUF file at ``path``; nothing behind the header is read.

    Raises UsageError (not there, not readable), IntegrityError (not a GGUF file, or one that cannot be whole).
    """
    path = Path(path)
    try:
        # Before it is opened: opening a named pipe would wait for its writer.
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise UsageError(
                f"{path} is a folder, not a GGUF file.",
                "A model folder becomes one with odyssey-lab models convert.",
            )
        if not stat.S_ISREG(mode):
            raise UsageError(f"{path} is not a file.", "Name a GGUF file.")
        with open(path, "rb", buffering=0) as stream:
            size = os.fstat(stream.fileno()).st_size
            if size < FIXED_BYTES:
                raise _bad(path, f"it has only {size} bytes, less than the smallest header")
            return _Parser(path, stream, size).file()
    except OSError as error:
        raise UsageError(
            f"The file {path} cannot be read: {error.strerror or error}.", "Check the path."
        ) from error


def _bad(path: Path, why: str) -> IntegrityError:
    return IntegrityError(
        f"{path.name} is not a usable GGUF file: {why}.",
        "The file is damaged or incomplete; fetch or make it again.",
    )


def _quoted(text: str) -> str:
    """A name from the file in a message: no control characters, not too long."""
    return repr(text if len(text) <= 80 else text[:77] + "…")


class _Parser:
    """Walks a header once, from its beginning to its end, through a window of the file.

    A window and not a memory map: when another program cuts a mapped file short, the next look at it ends
    the process (SIGBUS), and the window of the lab looks into files that other programs are writing.
    """

    def __init__(self, path: Path, stream: FileIO, size: int) -> None:
        self.path, self.stream, self.size = path, stream, size
        self.at = 0
        self.base = 0
        """Where the window lies in the file."""
        self.data = b""
        self.elements = 0
        """Array elements so far; they are what costs time."""
        self.of = 0
        """Element type of the array just read."""
        self.where = "the header"

    def fail(self, why: str) -> IntegrityError:
        return _bad(self.path, why)

    def ends(self) -> IntegrityError:
        return self.fail(f"the file ends inside {self.where}")

    def look(self, nbytes: int) -> int:
        """Index in the window of the next ``nbytes`` of the file."""
        index = self.at - self.base
        if index + nbytes <= len(self.data):
            return index
        if self.at + nbytes > self.size:
            raise self.ends()
        if self.at + nbytes > MAX_HEADER:
            raise self.fail(f"its header is longer than {MAX_HEADER >> 20} MiB")
        self.stream.seek(self.at)
        pieces, missing = [], max(nbytes, _WINDOW)
        while missing > 0 and (piece := self.stream.read(missing)):
            pieces.append(piece)
            missing -= len(piece)
        self.data, self.base = b"".join(pieces), self.at
        if len(self.data) < nbytes:  # it was cut while we read
            raise self.ends()
        return 0

    def take(self, code: str, width: int) -> Any:
        index = self.look(width)  # before self.data, which it may replace
        value = struct.unpack_from("<" + code, self.data, index)[0]
        self.at += width
        return value

    def string(self, limit: int, what: str) -> bytes:
        length = self.take("Q", 8)
        if length > limit:
            raise self.fail(f"{what} claims to be {length} bytes long")
        if self.at + length > self.size:
            raise self.fail(f"the file ends inside {what}")
        index = self.look(length)
        self.at += length
        return self.data[index : index + length]

    def name(self, limit: int, what: str) -> str:
        raw = self.string(limit, what)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise self.fail(f"{what} is not UTF-8") from error

    # -- parts -----------------------------------------------------------------------------------

    def file(self) -> GgufFile:
        self.look(4)
        if self.data[:4] != MAGIC:
            raise self.fail("it does not begin with the GGUF magic")
        self.at = 4
        version = self.take("I", 4)
        if version not in (2, 3):
            if version & 0xFFFF == 0:
                raise self.fail("it is big-endian, which this engine does not run")
            raise self.fail(f"its GGUF version is {version}, known are 2 and 3")
        n_tensors = self.take("Q", 8)
        n_pairs = self.take("Q", 8)
        if n_tensors > MAX_TENSORS or n_tensors * 24 > self.size:
            raise self.fail(f"it claims to have {n_tensors} tensors")
        if n_pairs > MAX_PAIRS or n_pairs * 13 > self.size:
            raise self.fail(f"it claims to have {n_pairs} metadata pairs")
        metadata: dict[str, Any] = {}
        sizes: dict[str, int] = {}
        kinds: dict[str, str] = {}
        alignment = DEFAULT_ALIGNMENT
        for index in range(n_pairs):
            before = self.at
            self.where = f"metadata pair {index + 1} of {n_pairs}"
            key = self.name(MAX_KEY, f"the key of {self.where}")
            if not key:
                raise self.fail(f"{self.where} has no key")
            if key in metadata:
                raise self.fail(f"the key {_quoted(key)} occurs twice")
            self.where = f"the value of {_quoted(key)}"
            kind = self.take("I", 4)
            metadata[key] = self._value(kind)
            kinds[key] = f"array of {VALUE_TYPES[self.of]}" if kind == ARRAY else VALUE_TYPES[kind]
            sizes[key] = self.at - before
            if key == "general.alignment":
                alignment = metadata[key]
                if kind != U32 or not 0 < alignment <= 1 << 20 or alignment & (alignment - 1):
                    raise self.fail(f"general.alignment is {alignment!r}, not a power of two as uint32")
        kv_bytes = self.at - FIXED_BYTES
        tensors = self._tensors(n_tensors, alignment)
        data_offset = -(-self.at // alignment) * alignment if n_tensors else self.at
        self._extents(tensors, data_offset, alignment)
        result = GgufFile(
            self.path,
            version,
            metadata,
            tuple(tensors),
            alignment,
            kv_bytes,
            data_offset,
            self.size,
            sizes,
            kinds,
        )
        self._numbers(metadata)
        self._hyper_parameters(result)
        return result

    def _value(self, kind: int) -> Any:
        if kind in SCALARS:
            code, width = SCALARS[kind]
            if code == "?":
                value = self.take("B", 1)
                if value > 1:
                    raise self.fail(f"{self.where} is a boolean of value {value}")
                return bool(value)
            return self.take(code, width)
        if kind == STRING:
            return self.string(MAX_STRING, self.where).decode("utf-8", "replace")
        if kind == ARRAY:
            return self._array()
        raise self.fail(f"{self.where} has the unknown type {kind}")

    def _array(self) -> Any:
        kind = self.take("I", 4)
        count = self.take("Q", 8)
        if kind == ARRAY:
            raise self.fail(f"{self.where} is an array of arrays, which llama.cpp does not read")
        if kind not in SCALARS and kind != STRING:
            raise self.fail(f"{self.where} is an array of the unknown type {kind}")
        width = 8 if kind == STRING else SCALARS[kind][1]
        self.of = kind
        self.elements += count
        if self.elements > MAX_ELEMENTS or count * width > self.size - self.at:
            raise self.fail(f"{self.where} claims to have {count} elements")
        start = self.at
        if count > _LAZY_FROM:
            if kind == STRING:
                self._skip_strings(count)
            else:
                self.at += count * width
            return LazyArray(self.path, start, kind, count, self.at)
        if kind == STRING:
            return [self.string(MAX_STRING, self.where).decode("utf-8", "replace") for _ in range(count)]
        index = self.look(count * width)
        self.at += count * width
        return list(struct.unpack_from(f"<{count}{SCALARS[kind][0]}", self.data, index))

    def _skip_strings(self, count: int) -> None:
        unpack = struct.Struct("<Q").unpack_from
        data, base, at = self.data, self.base, self.at
        last = base + len(data) - 8
        for _ in range(count):
            if at > last:
                self.at = at
                self.look(8)
                data, base = self.data, self.base
                last = base + len(data) - 8
            (length,) = unpack(data, at - base)
            if length > MAX_STRING:
                raise self.fail(f"a string in {self.where} claims to be {length} bytes long")
            at += 8 + length
        if at > self.size:
            raise self.ends()
        self.at = at

    def _tensors(self, count: int, alignment: int) -> list[TensorInfo]:
        tensors: list[TensorInfo] = []
        names: set[str] = set()
        for index in range(count):
            self.where = f"tensor {index + 1} of {count}"
            name = self.name(MAX_NAME - 1, f"the name of {self.where}")
            if not name or "\0" in name:
                raise self.fail(
                    f"{self.where} has no name" if not name else f"{self.where} has a zero byte in its name"
                )
            if name in names:
                raise self.fail(f"{self.where} has the name {_quoted(name)} of another")
            names.add(name)
            self.where = f"the tensor {_quoted(name)}"
            n_dims = self.take("I", 4)
            if not 1 <= n_dims <= MAX_DIMS:
                raise self.fail(f"{self.where} has {n_dims} dimensions")
            shape = tuple(self.take("Q", 8) for _ in range(n_dims))
            if min(shape) < 1 or math.prod(shape) > 1 << 48:
                raise self.fail(f"{self.where} has the impossible shape {list(shape)}")
            kind = self.take("I", 4)
            if kind not in BY_ID:
                raise self.fail(f"{self.where} has the type {kind}, which this engine does not know")
            offset = self.take("Q", 8)
            if offset % alignment:
                raise self.fail(f"{self.where} lies at {offset}, not a multiple of {alignment}")
            try:
                nbytes = BY_ID[kind].row_bytes(shape[0]) * math.prod(shape[1:])
            except ValueError as error:
                raise self.fail(f"{self.where}: {error}") from error
            tensors.append(TensorInfo(name, shape, BY_ID[kind], offset, nbytes))
        return tensors

    def _extents(self, tensors: list[TensorInfo], start: int, alignment: int) -> None:
        """Tensors follow each other without overlap or gap, as llama.cpp demands, and end inside the file."""
        expected = 0
        for tensor in tensors:
            if tensor.offset != expected:
                raise self.fail(
                    f"the tensor {_quoted(tensor.name)} lies at {tensor.offset}, "
                    f"but the one before it ends at {expected}"
                )
            expected += -(-tensor.nbytes // alignment) * alignment
            if start + tensor.offset + tensor.nbytes > self.size:
                missing = start + tensor.offset + tensor.nbytes - self.size
                raise self.fail(
                    f"the file ends {missing} bytes before the end of the tensor {_quoted(tensor.name)}"
                )

    def _numbers(self, metadata: Mapping[str, Any]) -> None:
        for key, value in metadata.items():
            # Scores of tokens may be infinite; llama.cpp takes them as they are.
            if key.startswith("tokenizer.") or (
                isinstance(value, LazyArray) and not value.element_type.startswith("float")
            ):
                continue
            if not all(map(_finite, _items(value))):
                raise self.fail(f"{_quoted(key)} is not a finite number")

    def _hyper_parameters(self, file: GgufFile) -> None:
        architecture = file.metadata.get("general.architecture")
        if architecture is not None and not isinstance(architecture, str):
            raise self.fail("general.architecture is not a string")
        for name, (low, high) in _INTEGERS.items():
            key = _quoted(f"{architecture}.{name}")
            for item in _items(file.hyper(name)):
                if item is not None and (type(item) is not int or not low <= item <= high):
                    raise self.fail(f"{key} is {_quoted(str(item))}, outside {low} to {high}")
        base = file.hyper("rope.freq_base")
        if base is not None and not (isinstance(base, float) and base > 0):
            key = _quoted(f"{architecture}.rope.freq_base")
            raise self.fail(f"{key} is {_quoted(str(base))}, not a positive number")


def _items(value: Any) -> Iterable[Any]:
    """The elements of an array (one value a layer, say), else the value itself."""
    if isinstance(value, LazyArray):
        return value.chunks() if value.element_type != "string" else ()
    return value if isinstance(value, list) else (value,)


def _finite(value: Any) -> bool:
    return not isinstance(value, float) or math.isfinite(value)

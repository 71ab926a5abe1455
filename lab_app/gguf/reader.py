"""A hardened reader of GGUF headers, in front of native code.

It maps the file, reads only the header, and refuses whatever could not be true, with one sentence that names
the place. Big tokenizer arrays are skipped and kept as :class:`LazyArray`. Format: ggml's docs/gguf.md (v2, v3).
"""

from __future__ import annotations

import math
import mmap
import os
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, overload

from lab_app.gguf.types import BY_ID, GgmlType
from lab_app.system.errors import IntegrityError, UsageError

MAGIC = b"GGUF"
DEFAULT_ALIGNMENT = 32
MAX_TENSORS = 1 << 20
MAX_PAIRS = 1 << 16
MAX_NAME = 64
"""GGML_MAX_NAME: a tensor's name with its closing zero byte."""
MAX_KEY = 65_535
MAX_DIMS = 4
_LAZY_FROM = 64
"""Arrays longer than this are not decoded until asked for."""

_SCALARS = {
    0: ("B", 1), 1: ("b", 1), 2: ("H", 2), 3: ("h", 2), 4: ("I", 4), 5: ("i", 4), 6: ("f", 4), 7: ("?", 1),
    10: ("Q", 8), 11: ("q", 8), 12: ("d", 8),
}  # fmt: skip
_STRING, _ARRAY = 8, 9
_TYPE_NAMES = {
    0: "uint8", 1: "int8", 2: "uint16", 3: "int16", 4: "uint32", 5: "int32", 6: "float32", 7: "bool",
    8: "string", 9: "array", 10: "uint64", 11: "int64", 12: "float64",
}  # fmt: skip

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


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """A tensor in the file. shape: ggml's order, the row length first. offset: from the start of the data."""

    name: str
    shape: tuple[int, ...]
    type: GgmlType
    offset: int
    nbytes: int

    @property
    def elements(self) -> int:
        return math.prod(self.shape)


class LazyArray(Sequence[Any]):
    """A long array of the header, decoded on first use from a copy of its bytes in the file."""

    def __init__(self, path: Path, offset: int, kind: int, count: int, big: int) -> None:
        self._path, self._offset, self._kind, self._count, self._end = path, offset, kind, count, big

    @property
    def element_type(self) -> str:
        return _TYPE_NAMES[self._kind]

    @cached_property
    def _values(self) -> tuple[Any, ...]:
        with open(self._path, "rb") as stream:
            stream.seek(self._offset)
            raw = stream.read(self._end - self._offset)
        if self._kind != _STRING:
            return struct.unpack(f"<{self._count}{_SCALARS[self._kind][0]}", raw)
        out, at = [], 0
        for _ in range(self._count):
            (length,) = struct.unpack_from("<Q", raw, at)
            out.append(raw[at + 8 : at + 8 + length].decode("utf-8", "replace"))
            at += 8 + length
        return tuple(out)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        return self._values[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __repr__(self) -> str:
        return f"<{self._count} × {self.element_type}>"


@dataclass(frozen=True)
class GgufFile:
    """The header of one GGUF file.

    kv_bytes:     bytes of the key-value section (between the counts and the tensor list).
    data_offset:  where tensor data begins; offsets of tensors count from here.
    pair_bytes:   bytes each key-value pair takes, by key.
    """

    path: Path
    version: int
    metadata: Mapping[str, Any]
    tensors: tuple[TensorInfo, ...]
    alignment: int
    kv_bytes: int
    data_offset: int
    file_size: int
    pair_bytes: Mapping[str, int] = field(default_factory=dict)

    @property
    def architecture(self) -> str:
        return str(self.metadata.get("general.architecture", ""))

    def hyper(self, name: str, default: Any = None) -> Any:
        """``<architecture>.<name>`` of the metadata."""
        return self.metadata.get(f"{self.architecture}.{name}", default)

    @property
    def name(self) -> str:
        return str(self.metadata.get("general.name") or self.path.stem)

    @property
    def context_length(self) -> int | None:
        value = self.hyper("context_length")
        return value if isinstance(value, int) else None

    @property
    def embedding_length(self) -> int | None:
        value = self.hyper("embedding_length")
        return value if isinstance(value, int) else None

    @property
    def block_count(self) -> int | None:
        value = self.hyper("block_count")
        return value if isinstance(value, int) else None

    @property
    def chat_template(self) -> str | None:
        return self.metadata.get("tokenizer.chat_template")

    @property
    def tokenizer(self) -> tuple[str | None, str | None]:
        """(model, pre-tokenizer)."""
        return self.metadata.get("tokenizer.ggml.model"), self.metadata.get("tokenizer.ggml.pre")

    @property
    def split(self) -> tuple[int, int] | None:
        """(number of this part from 0, parts) of a split model, else None."""
        count = self.metadata.get("split.count")
        return (int(self.metadata.get("split.no", 0)), int(count)) if count and int(count) > 1 else None

    @cached_property
    def n_params(self) -> int:
        return sum(tensor.elements for tensor in self.tensors)

    @property
    def tensor_bytes(self) -> int:
        return sum(tensor.nbytes for tensor in self.tensors)

    @property
    def bits_per_weight(self) -> float:
        return 8.0 * self.tensor_bytes / self.n_params if self.n_params else 0.0

    @cached_property
    def types(self) -> Mapping[str, int]:
        """How many tensors each type has, most bytes first."""
        weight: Counter[str] = Counter()
        count: Counter[str] = Counter()
        for tensor in self.tensors:
            weight[tensor.type.name] += tensor.nbytes
            count[tensor.type.name] += 1
        return {name: count[name] for name, _ in weight.most_common()}

    @property
    def main_type(self) -> GgmlType:
        """The type that holds most of the bytes of the matrices."""
        weight: Counter[int] = Counter()
        for tensor in self.tensors:
            if len(tensor.shape) > 1:
                weight[tensor.type.id] += tensor.nbytes
        return BY_ID[weight.most_common(1)[0][0]] if weight else BY_ID[0]


def read(path: str | Path) -> GgufFile:
    """The checked header of the GGUF file at ``path``.

    Raises UsageError (not there, not readable), IntegrityError (not a GGUF file, or one that cannot be whole).
    """
    path = Path(path)
    try:
        with open(path, "rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            if size < 24:
                raise _bad(path, f"it has only {size} bytes, less than the smallest header")
            with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return _Parser(path, data, size).file()
    except OSError as error:
        raise UsageError(
            f"The file {path} cannot be read: {error.strerror or error}.", "Check the path."
        ) from error


def _bad(path: Path, why: str) -> IntegrityError:
    return IntegrityError(
        f"{path.name} is not a usable GGUF file: {why}.",
        "The file is damaged or incomplete; fetch or make it again.",
    )


class _Parser:
    def __init__(self, path: Path, data: mmap.mmap, size: int) -> None:
        self.path, self.data, self.size = path, data, size
        self.at = 0
        self.where = "the header"

    def fail(self, why: str) -> IntegrityError:
        return _bad(self.path, why)

    def take(self, code: str, width: int) -> Any:
        if self.at + width > self.size:
            raise self.fail(f"the file ends inside {self.where}")
        value = struct.unpack_from("<" + code, self.data, self.at)[0]
        self.at += width
        return value

    def string(self, limit: int, what: str) -> bytes:
        length = self.take("Q", 8)
        if length > limit:
            raise self.fail(f"{what} claims to be {length} bytes long")
        if self.at + length > self.size:
            raise self.fail(f"the file ends inside {what}")
        value = self.data[self.at : self.at + length]
        self.at += length
        return value

    # -- parts -----------------------------------------------------------------------------------

    def file(self) -> GgufFile:
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
        start = self.at
        metadata: dict[str, Any] = {}
        sizes: dict[str, int] = {}
        for index in range(n_pairs):
            before = self.at
            self.where = f"metadata pair {index + 1} of {n_pairs}"
            key = self._text(self.string(MAX_KEY, f"the key of {self.where}"), f"the key of {self.where}")
            if not key:
                raise self.fail(f"{self.where} has no key")
            if key in metadata:
                raise self.fail(f"the key {key!r} occurs twice")
            self.where = f"the value of {key!r}"
            metadata[key] = self._value(self.take("I", 4))
            sizes[key] = self.at - before
        kv_bytes = self.at - start
        alignment = metadata.get("general.alignment", DEFAULT_ALIGNMENT)
        if type(alignment) is not int or not 0 < alignment <= 1 << 20 or alignment & (alignment - 1):
            raise self.fail(f"general.alignment is {alignment!r}, not a power of two")
        tensors = self._tensors(n_tensors, alignment)
        data_offset = -(-self.at // alignment) * alignment if n_tensors else self.at
        self._extents(tensors, data_offset, alignment)
        result = GgufFile(
            self.path, version, metadata, tuple(tensors), alignment, kv_bytes, data_offset, self.size, sizes
        )
        self._hyper_parameters(result)
        return result

    def _text(self, raw: bytes, what: str) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise self.fail(f"{what} is not UTF-8") from error

    def _value(self, kind: int) -> Any:
        if kind in _SCALARS:
            code, width = _SCALARS[kind]
            if kind == 7:
                value = self.take("B", 1)
                if value > 1:
                    raise self.fail(f"{self.where} is a boolean of value {value}")
                return bool(value)
            return self.take(code, width)
        if kind == _STRING:
            return self.string(self.size, self.where).decode("utf-8", "replace")
        if kind == _ARRAY:
            return self._array()
        raise self.fail(f"{self.where} has the unknown type {kind}")

    def _array(self) -> Any:
        kind = self.take("I", 4)
        count = self.take("Q", 8)
        if kind == _ARRAY:
            raise self.fail(f"{self.where} is an array of arrays, which llama.cpp does not read")
        if kind not in _SCALARS and kind != _STRING:
            raise self.fail(f"{self.where} is an array of the unknown type {kind}")
        width = 8 if kind == _STRING else _SCALARS[kind][1]
        if count * width > self.size - self.at:
            raise self.fail(f"{self.where} claims {count} elements, more than the file has room for")
        start = self.at
        if kind == _STRING:
            if count <= _LAZY_FROM:
                return [self.string(self.size, self.where).decode("utf-8", "replace") for _ in range(count)]
            data, size, at = self.data, self.size, self.at
            unpack = struct.Struct("<Q").unpack_from
            for _ in range(count):
                if at + 8 > size:
                    raise self.fail(f"the file ends inside {self.where}")
                at += 8 + unpack(data, at)[0]
            if at > size:
                raise self.fail(f"the file ends inside {self.where}")
            self.at = at
            return LazyArray(self.path, start, kind, count, at)
        self.at += count * width
        if count > _LAZY_FROM:
            return LazyArray(self.path, start, kind, count, self.at)
        return list(struct.unpack_from(f"<{count}{_SCALARS[kind][0]}", self.data, start))

    def _tensors(self, count: int, alignment: int) -> list[TensorInfo]:
        tensors: list[TensorInfo] = []
        names: set[str] = set()
        for index in range(count):
            self.where = f"tensor {index + 1} of {count}"
            name = self._text(
                self.string(MAX_NAME - 1, f"the name of {self.where}"), f"the name of {self.where}"
            )
            if not name or name in names:
                raise self.fail(
                    f"{self.where} has " + ("no name" if not name else f"the name {name!r} of another")
                )
            names.add(name)
            self.where = f"the tensor {name!r}"
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
                    f"the tensor {tensor.name!r} lies at {tensor.offset}, but the one before it ends at {expected}"
                )
            expected += -(-tensor.nbytes // alignment) * alignment
            if start + tensor.offset + tensor.nbytes > self.size:
                missing = start + tensor.offset + tensor.nbytes - self.size
                raise self.fail(f"the file ends {missing} bytes before the end of the tensor {tensor.name!r}")

    def _hyper_parameters(self, file: GgufFile) -> None:
        for key, value in file.metadata.items():
            values = value if isinstance(value, list) else [value]
            if any(isinstance(item, float) and not math.isfinite(item) for item in values):
                raise self.fail(f"{key} is not a finite number")
        architecture = file.metadata.get("general.architecture")
        if architecture is not None and not isinstance(architecture, str):
            raise self.fail("general.architecture is not a string")
        for name, (low, high) in _INTEGERS.items():
            value = file.hyper(name)
            values = value if isinstance(value, list) else [value]
            for item in values:
                if item is not None and (type(item) is not int or not low <= item <= high):
                    raise self.fail(f"{file.architecture}.{name} is {item!r}, outside {low} to {high}")
        base = file.hyper("rope.freq_base")
        if base is not None and not (isinstance(base, float) and base > 0):
            raise self.fail(f"{file.architecture}.rope.freq_base is {base!r}, not a positive number")

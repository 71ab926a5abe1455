"""What the header of a GGUF file says: metadata and tensor list, as :mod:`lab_app.gguf.reader` hands them out."""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, overload

from lab_app.gguf.types import BY_ID, FILE_TYPES, GgmlType
from lab_app.system.errors import IntegrityError

SCALARS = {
    0: ("B", 1), 1: ("b", 1), 2: ("H", 2), 3: ("h", 2), 4: ("I", 4), 5: ("i", 4), 6: ("f", 4), 7: ("?", 1),
    10: ("Q", 8), 11: ("q", 8), 12: ("d", 8),
}  # fmt: skip
"""Type ids of plain values: struct code and bytes."""
U32, STRING, ARRAY = 4, 8, 9
VALUE_TYPES = {
    0: "uint8", 1: "int8", 2: "uint16", 3: "int16", 4: "uint32", 5: "int32", 6: "float32", 7: "bool",
    8: "string", 9: "array", 10: "uint64", 11: "int64", 12: "float64",
}  # fmt: skip
FIXED_BYTES = 24
"""Magic, version, number of tensors, number of pairs; the pairs follow."""


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
    """A long array of the header, read from the file and decoded on first use.

    Raises IntegrityError then, when the file is not any more what it was.
    """

    def __init__(self, path: Path, offset: int, kind: int, count: int, end: int) -> None:
        """``offset`` and ``end``: where the elements lie in the file."""
        self._path, self._offset, self._kind, self._count, self._end = path, offset, kind, count, end

    @property
    def element_type(self) -> str:
        return VALUE_TYPES[self._kind]

    def raw(self, most: int | None = None) -> bytes:
        """The elements as they lie in the file, at most ``most`` bytes; a string is its length (uint64) and its
        bytes."""
        with open(self._path, "rb") as stream:
            stream.seek(self._offset)
            return stream.read(self._end - self._offset if most is None else most)

    def head(self, count: int) -> list[Any]:
        """The first ``count`` elements, without decoding the rest."""
        count = min(count, self._count)
        if "_values" in self.__dict__:
            return list(self._values[:count])
        if self._kind != STRING:
            width = SCALARS[self._kind][1]
            return list(self._decode(self.raw(count * width), count))
        return list(self._decode(self.raw(), count))

    def chunks(self) -> Iterator[Any]:
        """Every number in turn, without holding all of them; not for strings."""
        width = SCALARS[self._kind][1]
        step = 65536 * width
        with open(self._path, "rb") as stream:
            stream.seek(self._offset)
            for at in range(self._offset, self._end, step):
                raw = stream.read(min(step, self._end - at))
                yield from self._decode(raw, min(step, self._end - at) // width)

    @cached_property
    def _values(self) -> tuple[Any, ...]:
        return self._decode(self.raw(), self._count)

    def _decode(self, raw: bytes, count: int) -> tuple[Any, ...]:
        try:
            if self._kind != STRING:
                return struct.unpack(f"<{count}{SCALARS[self._kind][0]}", raw)
            out, at = [], 0
            for _ in range(count):
                (length,) = struct.unpack_from("<Q", raw, at)
                out.append(raw[at + 8 : at + 8 + length].decode("utf-8", "replace"))
                at += 8 + length
        except struct.error as error:
            raise IntegrityError(
                f"{self._path.name} was changed while it was in use.", "Run again."
            ) from error
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
    pair_bytes:   bytes each key-value pair takes, by key, in the order of the file.
    pair_types:   the type of each value, by key: ``uint32``, ``string``, ``array of string`` …
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
    pair_types: Mapping[str, str] = field(default_factory=dict)

    @property
    def architecture(self) -> str:
        return str(self.metadata.get("general.architecture", ""))

    def hyper(self, name: str, default: Any = None) -> Any:
        """``<architecture>.<name>`` of the metadata."""
        return self.metadata.get(f"{self.architecture}.{name}", default)

    @property
    def name(self) -> str:
        return str(self.metadata.get("general.name") or self.path.stem)

    def _whole(self, name: str) -> int | None:
        value = self.hyper(name)
        return value if type(value) is int else None

    @property
    def context_length(self) -> int | None:
        return self._whole("context_length")

    @property
    def embedding_length(self) -> int | None:
        return self._whole("embedding_length")

    @property
    def block_count(self) -> int | None:
        return self._whole("block_count")

    @property
    def file_type(self) -> int | None:
        """llama_ftype the file says it is of."""
        value = self.metadata.get("general.file_type")
        return value if type(value) is int else None

    @property
    def quant(self) -> str:
        """Name of the quant (``Q4_K_M``): what the file says, else the type of most of its bytes. Empty where there
        are no tensors, whatever a vocabulary may say."""
        if not self.tensors:
            return ""
        named = FILE_TYPES.get(self.file_type) if self.file_type is not None else None
        return named or self.main_type.name.upper()

    @property
    def chat_template(self) -> str | None:
        value = self.metadata.get("tokenizer.chat_template")
        return value if isinstance(value, str) else None

    @property
    def tokenizer(self) -> tuple[str | None, str | None]:
        """(model, pre-tokenizer)."""
        return self.metadata.get("tokenizer.ggml.model"), self.metadata.get("tokenizer.ggml.pre")

    @property
    def split(self) -> tuple[int, int] | None:
        """(number of this part from 0, parts) of a split model, else None."""
        part, count = self.metadata.get("split.no", 0), self.metadata.get("split.count")
        return (part, count) if type(part) is int and type(count) is int and count > 1 else None

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

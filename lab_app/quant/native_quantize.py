"""One call of llama.cpp's quantizer, with its options as Python values. Worker side only."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab_app.engines import native_api
from lab_app.gguf.reader import GgufFile
from lab_app.gguf.types import BY_NAME, GgmlType
from lab_app.quant.types import QUANT_TYPES, nearest
from lab_app.system import host
from lab_app.system.errors import UsageError

_LINE = re.compile(
    r"\[\s*(?P<at>\d+)/\s*(?P<of>\d+)\]\s+(?P<name>\S+)\s+- \[[^\]]*\], type =\s*(?P<old>\S+), "
    r"(?:converting to (?P<target>\S+) \.\. )?(?:size =\s*(?P<size>[\d.]+) MiB)?(?: ->\s*[\d.]+ MiB(?: \((?P<new>\S+)\))?)?"
)
"""The line llama_model_quantize logs for each tensor, at the pinned commit (src/llama-quant.cpp)."""
_STR_LIMIT = 127


@dataclass(frozen=True)
class Options:
    """type: a name of QUANT_TYPES. overrides: regular expression on tensor names → tensor type."""

    type: str
    allow_requantize: bool = False
    overrides: Mapping[str, str] = field(default_factory=dict)
    output_type: str | None = None
    embedding_type: str | None = None
    pure: bool = False
    threads: int | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Any], type_name: str, threads: int | None = None) -> Options:
        """Raises UsageError naming the nearest valid choice for an unknown type."""
        if type_name.upper() not in QUANT_TYPES:
            raise UsageError(
                f"There is no quant type {type_name!r}.", f"The nearest is {nearest(type_name)}."
            )
        return cls(
            QUANT_TYPES[type_name.upper()].name,
            bool(params.get("allow_requantize")),
            dict(params.get("overrides") or {}),
            params.get("output_type"),
            params.get("embedding_type"),
            bool(params.get("pure")),
            threads,
        )


@dataclass(frozen=True, slots=True)
class ImatrixData:
    """Mean squared activations a column, by tensor name (float32 arrays), and where they come from."""

    values: Mapping[str, Any]
    dataset: str
    chunks: int


@dataclass(frozen=True, slots=True)
class TensorLine:
    """What the quantizer said of one tensor: its type in the file and the one it gets."""

    name: str
    old: str
    new: str


def tensor_type(name: str) -> GgmlType:
    """Raises UsageError naming the nearest tensor type."""
    from difflib import get_close_matches

    if name.lower() not in BY_NAME:
        near = get_close_matches(name.lower(), BY_NAME, n=1, cutoff=0.0)[0]
        raise UsageError(f"There is no tensor type {name!r}.", f"The nearest is {near}.")
    return BY_NAME[name.lower()]


def check_overrides(file: GgufFile, options: Options) -> None:
    """Each pattern must match a tensor, and its type's blocks must fit the rows. Raises UsageError."""
    for pattern, type_name in options.overrides.items():
        kind = tensor_type(type_name)
        try:
            expression = re.compile(pattern)
        except re.error as error:
            raise UsageError(f"The override {pattern!r} is not a regular expression: {error}.") from error
        matched = [t for t in file.tensors if expression.search(t.name)]
        if not matched:
            raise UsageError(
                f"The override {pattern!r} matches no tensor of {file.path.name}.",
                f"Names look like {file.tensors[0].name!r}, {file.tensors[-1].name!r}.",
            )
        for tensor in matched:
            if len(tensor.shape) > 1 and tensor.shape[0] % kind.block:
                raise UsageError(
                    f"{tensor.name} has rows of {tensor.shape[0]} values, which {kind.name} cannot hold "
                    f"(blocks of {kind.block}).",
                    "Choose a type with smaller blocks for it, for example q8_0.",
                )


class _Call:
    """Keeps everything the C structs point to alive for the length of the call."""

    def __init__(self, options: Options, *, dry_run: bool, imatrix: ImatrixData | None) -> None:
        api = native_api.load()
        params = api.llama_model_quantize_default_params()
        params.nthread = options.threads or host.usable_cores()
        params.ftype = QUANT_TYPES[options.type].ftype
        params.allow_requantize = options.allow_requantize
        params.pure = options.pure
        params.dry_run = dry_run
        if options.output_type:
            params.output_tensor_type = tensor_type(options.output_type).id
        if options.embedding_type:
            params.token_embedding_type = tensor_type(options.embedding_type).id
        self._keep: list[Any] = []
        if options.overrides:
            rows = [(p.lower().encode(), tensor_type(t).id) for p, t in options.overrides.items()]
            table = (api.llama_model_tensor_override * (len(rows) + 1))(*rows, (None, 0))
            self._keep.append(table)
            params.tt_overrides = ctypes.cast(table, type(params.tt_overrides))
        if imatrix is not None:
            self._imatrix(api, params, imatrix)
        self.api, self.params = api, params

    def _imatrix(self, api: Any, params: Any, imatrix: ImatrixData) -> None:
        table = (api.llama_model_imatrix_data * (len(imatrix.values) + 1))()
        for row, (name, values) in zip(table, imatrix.values.items(), strict=False):
            row.name = name.encode()
            row.data = values.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
            row.size = values.size
        overrides = (api.llama_model_kv_override * (len(_KEYS) + 1))()
        texts = ("imatrix.gguf", imatrix.dataset[:_STR_LIMIT])
        for row, key, text in zip(overrides, _KEYS[:2], texts, strict=False):
            row.tag, row.key, row.value.val_str = 3, key.encode(), text.encode()[:_STR_LIMIT]
        for row, key, number in zip(
            overrides[2:4], _KEYS[2:], (len(imatrix.values), imatrix.chunks), strict=True
        ):
            row.tag, row.key, row.value.val_i64 = 0, key.encode(), number
        self._keep += [table, overrides, imatrix]
        params.imatrix = ctypes.cast(table, type(params.imatrix))
        params.kv_overrides = ctypes.cast(overrides, type(params.kv_overrides))


_KEYS = (
    "quantize.imatrix.file",
    "quantize.imatrix.dataset",
    "quantize.imatrix.entries_count",
    "quantize.imatrix.chunks_count",
)
"""What llama-quantize notes in the file when it used an importance matrix."""


def imatrix_pair_bytes(imatrix: ImatrixData) -> int:
    """Bytes the notes on the importance matrix take in the metadata."""
    texts = (b"imatrix.gguf", imatrix.dataset[:_STR_LIMIT].encode()[:_STR_LIMIT])
    strings = sum(8 + len(key) + 4 + 8 + len(text) for key, text in zip(_KEYS[:2], texts, strict=True))
    return strings + sum(8 + len(key) + 4 + 4 for key in _KEYS[2:])


def call(
    source: Path,
    target: Path,
    options: Options,
    *,
    dry_run: bool,
    imatrix: ImatrixData | None = None,
    on_tensor: Callable[[int, int, str], None] | None = None,
) -> tuple[int, list[TensorLine], list[str]]:
    """Run llama_model_quantize. Returns (its status, a line per tensor, the whole log).

    ``on_tensor(index, count, name)`` is called when a tensor begins, from the calling thread.
    """
    native = native_api.native()
    prepared = _Call(options, dry_run=dry_run, imatrix=imatrix)
    if on_tensor is None:
        with native.log.capture() as lines:
            status = native.api.llama_model_quantize(
                bytes(source), bytes(target), ctypes.byref(prepared.params)
            )
    else:
        with native.log.capture() as lines, native.log.pieces(_progress(on_tensor)):
            status = native.api.llama_model_quantize(
                bytes(source), bytes(target), ctypes.byref(prepared.params)
            )
    return int(status), tensor_lines(lines), list(lines)


def _progress(on_tensor: Callable[[int, int, str], None]) -> Callable[[str], None]:
    def receive(text: str) -> None:
        match = _LINE.match(text)
        if match:
            on_tensor(int(match["at"]), int(match["of"]), match["name"])

    return receive


def tensor_lines(lines: list[str]) -> list[TensorLine]:
    """The tensors named in a quantizer's log, in order."""
    found = []
    for line in lines:
        match = _LINE.match(line)
        if match and match["size"]:
            new = match["new"] or match["target"] or match["old"]
            found.append(TensorLine(match["name"], match["old"], new))
    return found

"""One call of llama.cpp's quantizer, with its options as Python values. Worker side only."""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from lab_app.engines import native_api
from lab_app.gguf.types import BY_NAME, GgmlType
from lab_app.quant.types import QUANT_TYPES, TENSOR_TYPES, nearest
from lab_app.system import host
from lab_app.system.errors import UsageError

_LINE = re.compile(
    r"\[\s*(?P<at>\d+)/\s*(?P<of>\d+)\]\s+(?P<name>.+?)\s+- \[[^\]]*\], type =\s*(?P<old>\S+), "
    r"(?:size =\s*(?P<size>[\d.]+) MiB)?(?: ->\s*[\d.]+ MiB \((?P<new>\S+)\))?"
)
"""How the line begins that llama_model_quantize logs for each tensor (src/llama-quant.cpp, at the pinned commit);
in a dry run it ends with the type the tensor gets, where that is another."""
_WARNING = re.compile(
    r"warning: (?P<name>.+?)\s+- ncols\s+\d+ not divisible by\s+\d+ \(required for type\s+(?P<wanted>\S+)\)"
)
"""What it says of a tensor whose rows the blocks of its type do not divide."""
_STR_LIMIT = 127
"""Bytes of a text in llama_model_kv_override, but for the closing zero."""
_KV_INT, _KV_STR = 0, 3
"""llama_model_kv_override_type (llama.h)."""


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
    """Mean squared activations a column, by tensor name (float32 arrays), and where they come from.

    For a prediction before there is a matrix, ``values`` may be empty: types depend on there being one, and
    the size on ``dataset`` alone (an empty one is not noted, nor are ``chunks`` of zero).
    unseen: tensors with an entry but without a single activation.
    """

    values: Mapping[str, Any]
    dataset: str
    chunks: int
    unseen: frozenset[str] = frozenset()

    def notes(self) -> dict[str, str | int]:
        """What llama-quantize writes into the metadata when it uses a matrix from a file imatrix.gguf."""
        texts = {"quantize.imatrix.file": "imatrix.gguf", "quantize.imatrix.dataset": self.dataset}
        counts = {
            "quantize.imatrix.entries_count": len(self.values),
            "quantize.imatrix.chunks_count": self.chunks,
        }
        return {
            **{key: text for key, text in texts.items() if text},
            **{key: n for key, n in counts.items() if n or key.endswith("entries_count")},
        }

    def note_bytes(self) -> int:
        """Bytes the notes take in the metadata."""
        return sum(
            8 + len(key) + 4 + (8 + len(_c_text(value)) if isinstance(value, str) else 4)
            for key, value in self.notes().items()
        )


def _c_text(text: str) -> bytes:
    return text.encode()[:_STR_LIMIT]


@dataclass(frozen=True, slots=True)
class TensorLine:
    """What the quantizer said of one tensor: its type in the file and the one it gets."""

    name: str
    old: str
    new: str


def tensor_type(name: str) -> GgmlType:
    """A type a tensor can be given. Raises UsageError naming the nearest one."""
    if name.lower() not in TENSOR_TYPES:
        near = get_close_matches(name.lower(), TENSOR_TYPES, n=1, cutoff=0.0)[0]
        raise UsageError(
            f"There is no tensor type {name!r} to quantize to.", f"The nearest is {BY_NAME[near].name}."
        )
    return BY_NAME[name.lower()]


class _Call:
    """Keeps everything the C structs point to alive for the length of the call."""

    def __init__(self, options: Options, *, dry_run: bool, imatrix: ImatrixData | None) -> None:
        api = native_api.load()
        params = api.llama_model_quantize_default_params()
        params.nthread = 1 if dry_run else options.threads or host.usable_cores()
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
            # The tool lowers patterns first, which turns \\D into \\d; here they are taken as they stand.
            rows = [(p.encode(), tensor_type(t).id) for p, t in options.overrides.items()]
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
        notes = imatrix.notes()
        overrides = (api.llama_model_kv_override * (len(notes) + 1))()
        for row, (key, value) in zip(overrides, notes.items(), strict=False):
            row.key = key.encode()
            if isinstance(value, str):
                row.tag, row.value.val_str = _KV_STR, _c_text(value)
            else:
                row.tag, row.value.val_i64 = _KV_INT, value
        self._keep += [table, overrides, imatrix]
        params.imatrix = ctypes.cast(table, type(params.imatrix))
        params.kv_overrides = ctypes.cast(overrides, type(params.kv_overrides))


def dry_run(source: Path, options: Options, imatrix: ImatrixData | None = None) -> tuple[int, list[str]]:
    """What llama_model_quantize would do, writing nothing. Returns (its status, the lines it logs).

    It says thousands of small things for a real model; they are gathered here, and go into the job's log at once.
    """
    native = native_api.native()
    prepared = _Call(options, dry_run=True, imatrix=imatrix)
    pieces: list[bytes] = []
    gather = native.api.llama_log_callback(lambda level, text, data: pieces.append(text or b""))
    native.api.llama_log_set(gather, None)
    try:
        status = native.api.llama_model_quantize(
            os.fsencode(source), b"unused", ctypes.byref(prepared.params)
        )
    finally:
        native.api.llama_log_set(native.log.callback, None)
    log = b"".join(pieces)
    with suppress(OSError):
        os.write(2, log)
    return int(status), log.decode("utf-8", "replace").splitlines()


def quantize(
    source: Path,
    target: Path,
    options: Options,
    imatrix: ImatrixData | None,
    on_tensor: Callable[[int, int, str], None],
) -> tuple[int, list[str]]:
    """Run llama_model_quantize. Returns (its status, the lines it logged).

    ``on_tensor(index, count, name)`` is called when a tensor begins, from the calling thread.
    """
    native = native_api.native()
    prepared = _Call(options, dry_run=False, imatrix=imatrix)
    with native.log.capture() as lines, native.log.pieces(_progress(on_tensor)):
        status = native.api.llama_model_quantize(
            os.fsencode(source), os.fsencode(target), ctypes.byref(prepared.params)
        )
    return int(status), list(lines)


def _progress(on_tensor: Callable[[int, int, str], None]) -> Callable[[str], None]:
    def receive(text: str) -> None:
        match = _LINE.match(text)
        if match:
            on_tensor(int(match["at"]), int(match["of"]), match["name"])

    return receive


def tensor_lines(lines: list[str]) -> list[TensorLine]:
    """The tensors named in the log of a dry run, in order."""
    return [
        TensorLine(match["name"], match["old"], match["new"] or match["old"])
        for line in lines
        if (match := _LINE.match(line)) and match["size"]
    ]


def fallback_lines(lines: list[str]) -> dict[str, str]:
    """Tensors that could not take the type meant for them → that type."""
    return {match["name"]: match["wanted"] for line in lines if (match := _WARNING.match(line))}

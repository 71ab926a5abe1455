"""What a quant type will make of a model, before anything is written: every tensor's type, the file's size to the byte.

llama.cpp itself decides, in a dry run (``llama_model_quantize`` with ``dry_run``); sizes are computed from the
lab's own type table and must agree with the number of tensors the file has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab_app.gguf.reader import DEFAULT_ALIGNMENT, GgufFile, read
from lab_app.gguf.types import BY_NAME, GgmlType
from lab_app.jobs.context import JobContext
from lab_app.quant.native_quantize import ImatrixData, Options, call, check_overrides, imatrix_pair_bytes
from lab_app.quant.types import QUANT_TYPES, TENSORS_NEED_IMATRIX
from lab_app.system.errors import JobFailedError, UsageError

_HEADER = 24
"""Magic, version, and the two counts."""
_DROPPED = ("split.no", "split.count", "split.tensors.count")
_SET = ("general.quantization_version", "general.file_type")


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one tensor. nbytes: its size in the new file."""

    name: str
    shape: tuple[int, ...]
    old: GgmlType
    new: GgmlType
    nbytes: int


@dataclass(frozen=True)
class Prediction:
    """fallbacks: tensors whose rows are no multiple of the block their type would need, so that llama.cpp
    falls back to another. needs_imatrix: tensors that are refused without importance data."""

    type: str
    file_size: int
    tensors: tuple[Fate, ...]
    fallbacks: tuple[str, ...]
    needs_imatrix: tuple[str, ...]
    requantized: tuple[str, ...]

    @property
    def bits_per_weight(self) -> float:
        elements = 0
        for fate in self.tensors:
            count = 1
            for extent in fate.shape:
                count *= extent
            elements += count
        return 8.0 * sum(fate.nbytes for fate in self.tensors) / max(elements, 1)

    def to_json(self) -> dict[str, Any]:
        return {
            "file_size": self.file_size,
            "bits_per_weight": round(self.bits_per_weight, 4),
            "tensors": [[f.name, f.old.name, f.new.name, f.nbytes] for f in self.tensors],
            "fallbacks": len(self.fallbacks),
            "fallback_tensors": list(self.fallbacks),
            "needs_imatrix": list(self.needs_imatrix),
            "requantized": len(self.requantized),
        }


def predict(file: GgufFile, options: Options, imatrix: ImatrixData | None = None) -> Prediction:
    """Raises UsageError for a wrong override, JobFailedError when llama.cpp refuses the model."""
    check_overrides(file, options)
    status, lines, log = call(file.path, Path("unused"), options, dry_run=True)
    if status != 0:
        raise JobFailedError(
            f"llama.cpp cannot quantize {file.path.name}: {reason(log)}.", "The log has its words."
        )
    by_name = {tensor.name: tensor for tensor in file.tensors}
    if sorted(line.name for line in lines) != sorted(by_name):
        raise JobFailedError(
            f"The dry run named {len(lines)} tensors, but {file.path.name} has {len(by_name)}.",
            "This is a fault of the lab; please report it with the log.",
        )
    fates = []
    for line in lines:
        tensor, new = by_name[line.name], BY_NAME[line.new.lower()]
        rows = tensor.elements // tensor.shape[0]
        fates.append(Fate(tensor.name, tensor.shape, tensor.type, new, new.row_bytes(tensor.shape[0]) * rows))
    return Prediction(
        options.type,
        _file_size(file, fates, imatrix),
        tuple(fates),
        _fallbacks(fates, options),
        tuple(f.name for f in fates if _needs_imatrix(f, options.type)),
        tuple(f.name for f in fates if f.old.quantized and f.old is not f.new),
    )


def _needs_imatrix(fate: Fate, type_name: str) -> bool:
    """tensor_requires_imatrix of llama.cpp's src/llama-quant.cpp."""
    if fate.old is fate.new or fate.name in (
        "token_embd.weight",
        "per_layer_token_embd.weight",
        "output.weight",
    ):
        return False
    return fate.new.name in TENSORS_NEED_IMATRIX or (fate.new.name == "q2_K" and type_name == "Q2_K_S")


def _fallbacks(fates: list[Fate], options: Options) -> tuple[str, ...]:
    """Matrices whose width the type's own block does not divide."""
    base = QUANT_TYPES[options.type].base
    return tuple(
        f.name
        for f in fates
        if len(f.shape) > 1 and f.new.quantized and f.shape[0] % base.block and f.new is not base
    )


def _file_size(file: GgufFile, fates: list[Fate], imatrix: ImatrixData | None) -> int:
    """Header, metadata as llama.cpp rewrites it, tensor list, and every tensor padded to 32 bytes."""
    pairs = sum(
        size for key, size in file.pair_bytes.items() if key not in (*_DROPPED, *_SET, *_notes(imatrix))
    )
    pairs += sum(8 + len(key) + 4 + 4 for key in _SET)
    if imatrix is not None:
        pairs += imatrix_pair_bytes(imatrix)
    infos = sum(8 + len(f.name.encode()) + 4 + 8 * _dims(f.shape) + 4 + 8 for f in fates)
    return _padded(_HEADER + pairs + infos) + sum(_padded(f.nbytes) for f in fates)


def _notes(imatrix: ImatrixData | None) -> tuple[str, ...]:
    from lab_app.quant.native_quantize import _KEYS

    return _KEYS if imatrix is not None else ()


def _dims(shape: tuple[int, ...]) -> int:
    """ggml_n_dims: trailing dimensions of one are not written."""
    return max((i + 1 for i, extent in enumerate(shape) if extent > 1), default=1)


def _padded(size: int) -> int:
    return -(-size // DEFAULT_ALIGNMENT) * DEFAULT_ALIGNMENT


def reason(log: list[str]) -> str:
    """Why llama_model_quantize failed, from the last telling line of its log."""
    for line in reversed(log):
        text = line.strip()
        if "failed to quantize:" in text:
            return text.split("failed to quantize:", 1)[1].strip().rstrip(".")
    for line in reversed(log):
        if "error" in line.lower():
            return line.strip().rstrip(".")
    return "it gave no reason"


def check_requantizing(file: GgufFile, prediction: Prediction, options: Options) -> None:
    """Raises UsageError where weights that are quantized already would be quantized again unasked."""
    if prediction.requantized and not options.allow_requantize:
        first = next(t for t in file.tensors if t.name == prediction.requantized[0])
        raise UsageError(
            f"{file.path.name} is quantized already ({first.name} is {first.type.name}), and quantizing it again "
            "loses more than quantizing the original.",
            "Use the original, or set allow_requantize = true.",
        )


def run(context: JobContext) -> Mapping[str, Any]:
    """Job ``predict``: params {"types": […], and what Options knows}; result {type: Prediction as JSON}."""
    file = read(context.inputs["model"].path)
    values: dict[str, Any] = {}
    types = list(context.params["types"])
    for index, name in enumerate(types):
        context.check()
        options = Options.from_params(context.params, name)
        values[name] = predict(file, options).to_json()
        context.progress(index + 1, len(types), name, "types")
    context.provenance["source_types"] = dict(file.types)
    return values

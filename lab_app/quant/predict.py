"""What a quant type will make of a model, before anything is written: every tensor's type, the file's size to the byte.

llama.cpp itself decides, in a dry run (``llama_model_quantize`` with ``dry_run``); sizes are computed from the
lab's own type table and must agree with the tensors the file has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab_app.gguf.header import FIXED_BYTES
from lab_app.gguf.reader import DEFAULT_ALIGNMENT, GgufFile, LazyArray, read
from lab_app.gguf.types import BY_NAME, GgmlType
from lab_app.jobs.context import JobContext
from lab_app.quant import skeleton
from lab_app.quant.native_quantize import (
    ImatrixData,
    Options,
    TensorLine,
    dry_run,
    fallback_lines,
    tensor_lines,
)
from lab_app.quant.rules import ALWAYS_PLAIN, check_effect, check_options
from lab_app.quant.types import ENCODERS_NEED_IMATRIX, TENSORS_NEED_IMATRIX
from lab_app.system.errors import JobFailedError, LabError, UsageError

_DROPPED = ("split.no", "split.count", "split.tensors.count")
_SET = ("general.quantization_version", "general.file_type")


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one tensor. nbytes: its size in the new file."""

    name: str
    shape: tuple[int, ...]
    elements: int
    old: GgmlType
    new: GgmlType
    nbytes: int

    @property
    def requantized(self) -> bool:
        return self.old.quantized and self.new is not self.old


@dataclass(frozen=True)
class Prediction:
    """fallbacks: tensors whose rows are no multiple of the block of the type meant for them → that type.
    needs_imatrix: tensors that are refused without importance data of their own."""

    type: str
    file_size: int
    tensors: tuple[Fate, ...]
    fallbacks: Mapping[str, str]
    needs_imatrix: tuple[str, ...]

    @property
    def bits_per_weight(self) -> float:
        elements = sum(fate.elements for fate in self.tensors)
        return 8.0 * sum(fate.nbytes for fate in self.tensors) / max(elements, 1)

    @property
    def requantized(self) -> tuple[Fate, ...]:
        return tuple(fate for fate in self.tensors if fate.requantized)

    @property
    def requantized_from(self) -> str | None:
        """The type, in capitals, that most of the weights quantized a second time had; None where there are none."""
        weight: Counter[str] = Counter()
        for fate in self.requantized:
            weight[fate.old.name] += fate.elements
        return weight.most_common(1)[0][0].upper() if weight else None

    def to_json(self) -> dict[str, Any]:
        return {
            "file_size": self.file_size,
            "bits_per_weight": round(self.bits_per_weight, 4),
            "tensors": [[f.name, f.old.name, f.new.name, f.nbytes] for f in self.tensors],
            "fallbacks": len(self.fallbacks),
            "fallback_tensors": dict(self.fallbacks),
            "needs_imatrix": list(self.needs_imatrix),
            "requantized": len(self.requantized),
            "requantized_from": self.requantized_from,
        }


def predict(
    file: GgufFile, options: Options, imatrix: ImatrixData | None = None, source: Path | None = None
) -> Prediction:
    """source: what llama.cpp reads instead of the file itself (its skeleton).

    Raises UsageError (an override that cannot be or does nothing, a file llama.cpp cannot rewrite), JobFailedError
    (llama.cpp refuses the model).
    """
    if file.alignment != DEFAULT_ALIGNMENT:
        raise UsageError(
            f"The tensors of {file.path.name} are aligned to {file.alignment} bytes, but llama.cpp's quantizer "
            f"writes {DEFAULT_ALIGNMENT}.",
            "Write the source with the default alignment.",
        )
    check_options(file, options)
    status, log = dry_run(source or file.path, options, imatrix)
    if status != 0:
        raise refusal(file, options, log)
    fates = _fates(file, tensor_lines(log))
    check_effect(options, {fate.name: fate.new for fate in fates})
    return Prediction(
        options.type,
        _file_size(file, fates, imatrix),
        tuple(fates),
        fallback_lines(log),
        tuple(f.name for f in fates if _needs_imatrix(f, options.type)),
    )


def refusal(file: GgufFile, options: Options, log: list[str]) -> UsageError | JobFailedError:
    """The error for a model llama.cpp would not quantize."""
    why = reason(log)
    if "no tensor type fallback" in why:
        return UsageError(
            f"{options.type} cannot be made of {file.path.name}: a row is not a whole number of its blocks, and "
            f"llama.cpp has no other type for it ({why}).",
            "Choose another quant type.",
        )
    if options.overrides and ("regex" in why or "regular expression" in why):
        return UsageError(
            f"llama.cpp does not understand one of the overrides {', '.join(map(repr, options.overrides))} ({why}).",
            "Use regular expressions without lookbehind and named groups.",
        )
    return JobFailedError(f"llama.cpp cannot quantize {file.path.name}: {why}.", "The log has its words.")


def _fates(file: GgufFile, lines: Iterable[TensorLine]) -> list[Fate]:
    """Raises JobFailedError unless the dry run named exactly the file's tensors, with their types."""
    by_name = {tensor.name: tensor for tensor in file.tensors}
    fates = []
    for line in lines:
        tensor, new = by_name.pop(line.name, None), BY_NAME.get(line.new.lower())
        if tensor is None or new is None or tensor.type.name != line.old:
            raise _disagree(file, f"the dry run says {line.name!r} goes from {line.old} to {line.new}")
        rows = tensor.elements // tensor.shape[0]
        nbytes = new.row_bytes(tensor.shape[0]) * rows
        fates.append(Fate(tensor.name, tensor.shape, tensor.elements, tensor.type, new, nbytes))
    if by_name:
        raise _disagree(file, f"the dry run says nothing of {next(iter(by_name))!r}")
    return fates


def _disagree(file: GgufFile, what: str) -> JobFailedError:
    return JobFailedError(
        f"llama.cpp and the lab read {file.path.name} differently: {what}.", "Please report it with the log."
    )


def _needs_imatrix(fate: Fate, type_name: str) -> bool:
    """tensor_requires_imatrix of llama.cpp's src/llama-quant.cpp, and what its encoders assert."""
    if fate.old is fate.new:
        return False
    if fate.name in ALWAYS_PLAIN:
        return fate.new.name in ENCODERS_NEED_IMATRIX
    return fate.new.name in TENSORS_NEED_IMATRIX or (fate.new.name == "q2_K" and type_name == "Q2_K_S")


def _file_size(file: GgufFile, fates: list[Fate], imatrix: ImatrixData | None) -> int:
    """Header, metadata as llama.cpp rewrites it, tensor list, and every tensor padded to 32 bytes."""
    notes = imatrix.notes() if imatrix is not None else {}
    gone = {*_DROPPED, *_SET, *notes}
    pairs = sum(size - _cut(file.metadata[key]) for key, size in file.pair_bytes.items() if key not in gone)
    pairs += sum(8 + len(key) + 4 + 4 for key in _SET)
    if imatrix is not None:
        pairs += imatrix.note_bytes()
    infos = sum(8 + len(f.name.encode()) + 4 + 8 * _dims(f.shape) + 4 + 8 for f in fates)
    return _padded(FIXED_BYTES + pairs + infos) + sum(_padded(f.nbytes) for f in fates)


def _cut(value: Any) -> int:
    """Bytes lost when llama.cpp copies a text or texts: it ends each at its first zero byte (gguf_set_kv)."""
    if isinstance(value, str):
        return len(value[value.index("\0") :].encode()) if "\0" in value else 0
    if isinstance(value, LazyArray):
        # The length of a text of 1 to 255 bytes has seven zero bytes. Where that explains all there are, tens of
        # thousands of tokens need not be looked at one by one.
        if value.element_type != "string" or value.raw().count(0) == 7 * len(value):
            return 0
    elif not isinstance(value, list):
        return 0
    return sum(_cut(text) for text in value if isinstance(text, str) and "\0" in text)


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
        first = prediction.requantized[0]
        raise UsageError(
            f"{file.path.name} is quantized already ({first.name} is {first.old.name}), and quantizing it again "
            "loses more than quantizing the original.",
            "Use the original, or set allow_requantize = true.",
        )


def run(context: JobContext) -> Mapping[str, Any]:
    """Job ``predict``: params {"types": […], and what Options knows}; result {type: Prediction as JSON}.

    Param ``each``: a type that cannot be made is {"problem": sentence} instead of the end of the job.
    Param ``imatrix`` {"dataset": file name of the calibration text}: as with an importance matrix.
    """
    file = read(context.inputs["model"].path)
    announced = context.params.get("imatrix")
    imatrix = ImatrixData({}, str(announced["dataset"]), 1) if announced else None
    values: dict[str, Any] = {}
    types = list(context.params["types"])
    with skeleton.of(file, context.work_dir) as source:
        for index, name in enumerate(types):
            context.check()
            try:
                options = Options.from_params(context.params, name)
                prediction = predict(file, options, imatrix, source)
                check_requantizing(file, prediction, options)
                values[name] = prediction.to_json()
            except LabError as error:
                if not context.params.get("each"):
                    raise
                values[name] = {"problem": error.message}
            context.progress(index + 1, len(types), name, "types")
    context.provenance["source_types"] = dict(file.types)
    return values

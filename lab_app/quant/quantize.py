"""Job ``quantize``: one model file into one quant type, checked before, during and after."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab_app.gguf.reader import GgufFile, read
from lab_app.jobs.context import JobContext
from lab_app.quant.native_quantize import ImatrixData, Options, call
from lab_app.quant.predict import Prediction, check_requantizing, predict, reason
from lab_app.system.errors import IntegrityError, JobFailedError, ResourceError, UsageError
from lab_app.system.host import free_disk

_MARGIN = 16 << 20
"""Bytes that must stay free beside the new file."""


def run(context: JobContext) -> Mapping[str, Any]:
    """Params: ``type`` and what Options knows. Inputs: ``model``, optional ``imatrix``. Artifact: ``model``.

    Raises UsageError (requantizing unasked, data missing, wrong override), ResourceError (disk),
    IntegrityError (the source is damaged, the result is not what was predicted), JobFailedError.
    """
    source = read(context.inputs["model"].path)
    if source.split:
        raise UsageError(
            f"{source.path.name} is part {source.split[0] + 1} of {source.split[1]} of a split model.",
            "Merge it first.",
        )
    options = Options.from_params(context.params, str(context.params["type"]), context.hints.get("threads"))
    imatrix = _imatrix(context)
    prediction = predict(source, options, imatrix)
    check_requantizing(source, prediction, options)
    _check_data(prediction, imatrix)
    name = str(context.hints.get("name") or f"{source.path.stem}.{options.type}.gguf")
    _check_target(source, context.out_dir / name)
    _check_space(context, prediction)

    temporary = context.work_dir / "quantized.part"
    temporary.unlink(missing_ok=True)
    try:
        _quantize(context, source, temporary, options, imatrix)
        _check_result(temporary, prediction)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    before = sorted({fate.old.name for fate in prediction.tensors if fate.name in prediction.requantized})
    meta = {
        "type": options.type,
        "file_size": prediction.file_size,
        "bits_per_weight": round(prediction.bits_per_weight, 4),
        "fallbacks": len(prediction.fallbacks),
        "tensors": len(prediction.tensors),
        "requantized_from": source.main_type.name.upper() if source.main_type.name in before else None,
        "imatrix": imatrix is not None,
    }
    context.progress(1, 1, "writing to disk")
    final = context.publish("model", temporary, name, meta)
    context.provenance["engine"] = "llama_model_quantize"
    return {**meta, "path": str(final), "types": _histogram(prediction)}


def _histogram(prediction: Prediction) -> dict[str, int]:
    counts: dict[str, int] = {}
    for fate in prediction.tensors:
        counts[fate.new.name] = counts.get(fate.new.name, 0) + 1
    return counts


def _imatrix(context: JobContext) -> ImatrixData | None:
    if "imatrix" not in context.inputs:
        return None
    from lab_app.quant.imatrix_file import load

    return load(context.inputs["imatrix"].path)[0]


def _check_data(prediction: Prediction, imatrix: ImatrixData | None) -> None:
    have = imatrix.values if imatrix is not None else {}
    missing = [name for name in prediction.needs_imatrix if name not in have]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        kind = next(fate.new.name for fate in prediction.tensors if fate.name == missing[0])
        raise UsageError(
            f"{prediction.type} makes {missing[0]}{more} into {kind}, which is not usable without importance data for it.",
            "Add an importance matrix that covers it, or choose a larger type.",
        )


def _check_target(source: GgufFile, target: Path) -> None:
    if target.exists() and os.path.samefile(target, source.path):
        raise UsageError(
            f"The new file would replace its own source {source.path}.", "Choose another folder or name."
        )


def _check_space(context: JobContext, prediction: Prediction) -> None:
    free = free_disk(context.work_dir)
    if free < prediction.file_size + _MARGIN:
        raise ResourceError(
            f"{prediction.type} needs {prediction.file_size / 1e6:.0f} MB on the disk of {context.work_dir.parent.parent}, "
            f"but only {free / 1e6:.0f} MB are free.",
            "Free some space, or choose another --data-dir.",
        )


def _quantize(
    context: JobContext, source: GgufFile, target: Path, options: Options, imatrix: ImatrixData | None
) -> None:
    sizes = {tensor.name: tensor.nbytes for tensor in source.tensors}
    total = sum(sizes.values())
    done = 0

    def on_tensor(index: int, count: int, name: str) -> None:
        nonlocal done
        context.progress(done, total, f"{name} ({index} of {count})", "bytes")
        done += sizes.get(name, 0)

    status, _, log = call(source.path, target, options, dry_run=False, imatrix=imatrix, on_tensor=on_tensor)
    if status == 0:
        return
    why = reason(log)
    if any(word in why for word in ("write", "basic_ios", "iostream", "ofstream", "No space")):
        free = free_disk(target.parent)
        raise ResourceError(
            f"The new file could not be written ({why}; {free / 1e6:.0f} MB are free).",
            "Free some disk space, or choose another --data-dir.",
        )
    if "invalid data" in why or "corrupt" in why or "not within the file bounds" in why:
        raise IntegrityError(f"{source.path.name} is damaged: {why}.", "Fetch or make it again.")
    raise JobFailedError(f"llama.cpp could not quantize {source.path.name}: {why}.", "The log has its words.")


def _check_result(path: Path, prediction: Prediction) -> None:
    """The file must read back as exactly what was predicted: size, tensors, types."""
    made = read(path)
    wrong = [
        f.name
        for f, t in zip(prediction.tensors, made.tensors, strict=False)
        if (f.name, f.new) != (t.name, t.type)
    ]
    if made.file_size != prediction.file_size or len(made.tensors) != len(prediction.tensors) or wrong:
        raise IntegrityError(
            f"The quantized file is not what was predicted ({made.file_size} bytes instead of {prediction.file_size}"
            + (f"; first differing tensor {wrong[0]}" if wrong else "")
            + ").",
            "Run again; if it stays so, please report it with the log.",
        )

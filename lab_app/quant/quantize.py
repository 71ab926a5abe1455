"""Job ``quantize``: one model file into one quant type, checked before, during and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab_app.engines import load_check
from lab_app.gguf import newfile
from lab_app.gguf.names import together
from lab_app.gguf.reader import GgufFile, read
from lab_app.jobs.context import JobContext
from lab_app.quant.native_quantize import ImatrixData, Options, quantize
from lab_app.quant.predict import Prediction, check_requantizing, predict, reason, refusal
from lab_app.system.errors import IntegrityError, UsageError
from lab_app.system.host import free_disk, usable_cores

_WRITING = ("write", "basic_ios", "basic_filebuf", "iostream", "ofstream", "No space")
_DAMAGED = ("invalid data", "corrupt", "not within the file bounds", "quantized data validation failed")
"""Words llama.cpp uses for disks that are full and for weights that cannot be."""


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
    newfile.check_target([source.path], context.out_dir, name)
    newfile.check_space(context, prediction.file_size, prediction.type)

    meta = {
        "type": options.type,
        "file_size": prediction.file_size,
        "bits_per_weight": round(prediction.bits_per_weight, 4),
        "fallbacks": len(prediction.fallbacks),
        "tensors": len(prediction.tensors),
        "requantized_from": prediction.requantized_from,
        "imatrix": imatrix is not None,
    }
    temporary = context.work_dir / "quantized.part"
    temporary.unlink(missing_ok=True)
    try:
        _quantize(context, source, temporary, options, imatrix)
        context.check()
        _check_result(temporary, prediction)
        context.progress(source.tensor_bytes, source.tensor_bytes, "writing to disk", "bytes")
        final = context.publish("model", temporary, name, meta, lambda: _check_loads(temporary, source))
    except BaseException:
        temporary.unlink(missing_ok=True)  # the next attempt begins anew; meanwhile it would only take room
        raise
    context.provenance.update(engine="llama_model_quantize", threads=options.threads or usable_cores())
    types = Counter(fate.new.name for fate in prediction.tensors)
    return {**meta, "path": str(final), "types": dict(types)}


# -- before --------------------------------------------------------------------------------------------


def _imatrix(context: JobContext) -> ImatrixData | None:
    if "imatrix" not in context.inputs:
        return None
    from lab_app.quant.imatrix_file import load

    return load(context.inputs["imatrix"].path)[0]


def _check_data(prediction: Prediction, imatrix: ImatrixData | None) -> None:
    """Data must be there for every tensor that needs it, and have the shape of the tensor it is for."""
    have = imatrix.values if imatrix is not None else {}
    unseen = imatrix.unseen if imatrix is not None else frozenset()
    missing = [name for name in prediction.needs_imatrix if name not in have or name in unseen]
    if missing:
        kinds: dict[str, list[str]] = {}
        for fate in prediction.tensors:
            if fate.name in missing:
                kinds.setdefault(fate.new.name, []).append(fate.name)
        listed = "; ".join(f"{', '.join(together(names))} into {kind}" for kind, names in kinds.items())
        raise UsageError(
            f"{prediction.type} makes {listed}, which is not usable without importance data for each of them.",
            "Add an importance matrix that covers it, or choose a larger type.",
        )
    if imatrix is None:
        return
    known = [fate for fate in prediction.tensors if fate.name in have]
    wrong = next(
        (f for f in known if have[f.name].size != f.shape[0] * (f.shape[2] if len(f.shape) > 2 else 1)), None
    )
    if wrong is not None or not known:
        what = (
            f"has {have[wrong.name].size} numbers for {wrong.name} of shape {list(wrong.shape)}"
            if wrong is not None
            else "names none of its tensors"
        )
        raise UsageError(
            f"The importance matrix was made from another model: it {what}.",
            "Make one from the model that is quantized.",
        )


# -- meanwhile -----------------------------------------------------------------------------------------


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

    status, log = quantize(source.path, target, options, imatrix, on_tensor)
    if status == 0:
        return
    why = reason(log)
    if any(word in why for word in _WRITING):
        raise newfile.not_written(target, why)
    if any(word in why for word in _DAMAGED):
        raise IntegrityError(f"{source.path.name} is damaged: {why}.", "Fetch or make it again.")
    raise refusal(source, options, log)


# -- after ---------------------------------------------------------------------------------------------


def _check_result(path: Path, prediction: Prediction) -> None:
    """The file must read back as exactly what was predicted: size, tensors, types."""
    size = path.stat().st_size
    if size < prediction.file_size and free_disk(path.parent) < newfile.MARGIN:
        raise newfile.not_written(
            path, f"it ends after {size / 1e6:.0f} of {prediction.file_size / 1e6:.0f} MB"
        )
    if size != prediction.file_size:
        raise _unexpected(f"it has {size} bytes instead of {prediction.file_size}")
    made = [(tensor.name, tensor.type, tensor.nbytes) for tensor in read(path).tensors]
    if made != [(fate.name, fate.new, fate.nbytes) for fate in prediction.tensors]:
        raise _unexpected("its tensors are not those of the dry run")


def _unexpected(what: str) -> IntegrityError:
    return IntegrityError(
        f"The quantized file is not what was predicted: {what}.",
        "Run again; if it stays so, please report it with the log.",
    )


def _check_loads(path: Path, source: GgufFile) -> None:
    """llama.cpp must load the file, its vocabulary too, and find every block of every tensor valid.

    Projectors (architecture ``clip``) are no models of their own.
    """
    if source.architecture == "clip":
        return
    lines = load_check.load_error(path)
    if lines is not None:
        raise IntegrityError(
            f"llama.cpp quantized {source.path.name} but does not load what came out: {reason(lines)}.",
            "Check that it loads the source; the log has its words.",
        )

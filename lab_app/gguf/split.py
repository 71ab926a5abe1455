"""Jobs ``split`` and ``merge``: one model file into parts and back, by llama-gguf-split, compared bit by bit."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lab_app.gguf import newfile
from lab_app.gguf.parts import Model, part_name, read_model
from lab_app.gguf.reader import DEFAULT_ALIGNMENT
from lab_app.jobs.context import JobContext
from lab_app.jobs.job import FileInput, Input, Job, Slot
from lab_app.system import native
from lab_app.system.errors import UsageError

_ADVICE = "Check that llama.cpp loads the source; the log has its words."


def split_job(
    model: Path,
    sha256: Callable[[Path], str],
    *,
    engine: str,
    max_bytes: int | None = None,
    max_tensors: int | None = None,
    hints: Mapping[str, Any] | None = None,
) -> Job:
    """Parts of at most ``max_bytes`` (whole megabytes of tensors; metadata comes on top) or ``max_tensors``.

    Raises UsageError unless just one of the two is given and makes sense.
    """
    if (max_bytes is None) == (max_tensors is None):
        raise UsageError("Splitting needs one limit.", "Give the most bytes or the most tensors of a part.")
    if max_bytes is not None and max_bytes < 1_000_000:
        raise UsageError(f"A part of {max_bytes} bytes is too small.", "The smallest is 1 MB.")
    if max_tensors is not None and max_tensors < 1:
        raise UsageError("A part needs at least one tensor.")
    params = {"max_megabytes": max_bytes // 1_000_000} if max_bytes else {"max_tensors": max_tensors}
    source = FileInput(str(model.absolute()), sha256(model))
    return Job(
        "split", params, {"model": source}, engine=engine, slot=Slot.DISK, title=f"split {model.name}",
        hints={"stem": model.name.removesuffix(".gguf"), **(hints or {})},
    )  # fmt: skip


def merge_job(
    part: Path, sha256: Callable[[Path], str], *, engine: str, hints: Mapping[str, Any] | None = None
) -> Job:
    """One file of all parts beside ``part``. Raises UsageError where the name is not that of a part."""
    name = part_name(part)
    if name is None:
        raise UsageError(
            f"{part.name} is not a part of a split model.", "Name one like NAME-00001-of-00003.gguf."
        )
    parts = [FileInput(str(path.absolute()), sha256(path)) for path in read_model(part).paths]
    return merge_parts(parts, name.stem, engine=engine, hints=hints)


def merge_parts(
    parts: Sequence[Input], stem: str, *, engine: str, hints: Mapping[str, Any] | None = None, **rest: Any
) -> Job:
    """The same for parts that need not be there yet, in their order. rest: further fields of Job."""
    return Job(
        "merge", {}, {f"part-{n:05}": part for n, part in enumerate(parts, 1)}, engine=engine, slot=Slot.DISK,
        title=f"merge {stem}", hints={"name": f"{stem}.gguf", **(hints or {})}, **rest,
    )  # fmt: skip


def run_split(context: JobContext) -> Mapping[str, Any]:
    """Params {"max_megabytes"} or {"max_tensors"}; input ``model``. Artifacts ``model`` (the first part),
    ``part-00002`` and so on. Hint ``stem``: of their names.

    Raises UsageError (a part already, nothing to split), ResourceError, IntegrityError, JobFailedError.
    """
    source = read_model(context.inputs["model"].path)
    if len(source.paths) > 1:
        raise UsageError(f"{source.paths[0].name} is split already.", "Merge it first.")
    _check_alignment(source)
    newfile.check_space(context, source.size, f"Splitting {source.paths[0].name}")
    stem = str(context.hints.get("stem") or source.paths[0].stem)
    newfile.check_target([], context.out_dir, f"{stem}.gguf")
    scratch = _fresh(context)
    newfile.link(source.paths[0], scratch / "source.gguf")
    megabytes, tensors = context.params.get("max_megabytes"), context.params.get("max_tensors")
    limit = ["--split-max-size", f"{megabytes}M"] if megabytes else ["--split-max-tensors", str(tensors)]
    command = [str(native.tool("llama-gguf-split")), "--split", *limit, "parts/source.gguf", "parts/part"]
    newfile.run_tool(context, command, lambda: _tick(context, scratch, "part-*.gguf", source.size))
    made = sorted(scratch.glob("part-*.gguf"))
    if len(made) < 2:
        raise UsageError(
            f"{source.paths[0].name} fits into one part of that size.",
            "Choose a smaller limit, or leave it whole.",
        )
    parts = read_model(made[0])
    newfile.same_tensors(context, source, parts)
    newfile.same_metadata(source, parts)
    newfile.check_loads(context, made[0], _ADVICE)
    context.check()
    paths = []
    for number, path in enumerate(parts.paths, 1):
        name = f"{stem}-{number:05}-of-{len(parts.paths):05}.gguf"
        role = "model" if number == 1 else f"part-{number:05}"
        paths.append(str(context.publish(role, path, name, {"part": number, "parts": len(parts.paths)})))
    shutil.rmtree(scratch, ignore_errors=True)
    context.provenance["engine"] = "llama-gguf-split"
    return {"paths": paths, "tensors": len(parts.header.tensors), "bytes": parts.size}


def run_merge(context: JobContext) -> Mapping[str, Any]:
    """Inputs ``part-00001`` …; artifact ``model``. Hint ``name``: of the new file.

    Raises UsageError, ResourceError, IntegrityError, JobFailedError.
    """
    scratch = _fresh(context)
    count = len(context.inputs)
    for number in range(1, count + 1):
        part = Path(context.inputs[f"part-{number:05}"].path)
        newfile.link(part, scratch / f"part-{number:05}-of-{count:05}.gguf")
    source = read_model(scratch / f"part-00001-of-{count:05}.gguf")
    _check_alignment(source)
    name = str(context.hints.get("name") or "model.gguf")
    newfile.check_target([Path(item.path) for item in context.inputs.values()], context.out_dir, name)
    newfile.check_space(context, source.size, f"Merging {name}")
    command = [
        str(native.tool("llama-gguf-split")),
        "--merge",
        f"parts/{source.paths[0].name}",
        "parts/merged",
    ]
    newfile.run_tool(context, command, lambda: _tick(context, scratch, "merged", source.size))
    merged = scratch / "merged"
    whole = read_model(merged)
    newfile.same_tensors(context, source, whole)
    newfile.same_metadata(source, whole)
    newfile.check_loads(context, merged, _ADVICE)
    context.check()
    final = context.publish("model", merged, name, {"parts": count})
    shutil.rmtree(scratch, ignore_errors=True)
    context.provenance["engine"] = "llama-gguf-split"
    return {"path": str(final), "tensors": len(whole.header.tensors), "bytes": whole.size}


def _fresh(context: JobContext) -> Path:
    scratch = context.work_dir / "parts"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    return scratch


def _tick(context: JobContext, folder: Path, pattern: str, total: int) -> None:
    written = sum(path.stat().st_size for path in folder.glob(pattern))
    context.progress(min(written, total), total, "writing", "bytes")


def _check_alignment(model: Model) -> None:
    """llama-gguf-split pads to 32 bytes whatever the file says, which would misplace every tensor."""
    if model.header.alignment != DEFAULT_ALIGNMENT:
        raise UsageError(
            f"The tensors of {model.paths[0].name} are aligned to {model.header.alignment} bytes, which "
            "llama-gguf-split does not write.",
            "Quantize it first; the result has the usual alignment.",
        )

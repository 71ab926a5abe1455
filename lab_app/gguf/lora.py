"""Jobs ``convert-lora`` and ``merge-lora``: an adapter into a GGUF file, and into its model (llama-export-lora)."""

from __future__ import annotations

import json
import logging
import runpy
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lab_app.gguf import converter, newfile
from lab_app.gguf.header import GgufFile, TensorInfo
from lab_app.gguf.parts import Model, read_model
from lab_app.gguf.reader import DEFAULT_ALIGNMENT, read
from lab_app.jobs.context import JobContext
from lab_app.jobs.job import ArtifactInput, FileInput, Input, Job, Slot
from lab_app.system import host, native
from lab_app.system.errors import IntegrityError, JobFailedError, UsageError

ADAPTER = ("adapter_config.json", "adapter_model.safetensors")
"""Files of an adapter as PEFT saves it."""
_SUFFIXES = (".lora_a", ".lora_b")
_ADVICE = "Check that llama.cpp loads the model; the log has its words."


def jobs(
    model: Path,
    adapter: Path,
    sha256: Callable[[Path], str],
    *,
    engine: str,
    scale: float = 1.0,
    base: Path | None = None,
    hints: Mapping[str, Any] | None = None,
) -> list[Job]:
    """The jobs that merge an adapter into a model; the last one makes the merged file.

    adapter: a GGUF file, or a folder as PEFT saves it. base: the model's Hugging Face folder, which a PEFT
    adapter needs for its config.json; by default the one that the adapter names, where it is on this machine.
    Raises UsageError.
    """
    model, adapter = model.absolute(), adapter.absolute()
    before: list[Job] = []
    given: Input
    if adapter.is_dir():
        before = [_convert_job(adapter, base, sha256, engine)]
        given = ArtifactInput(before[0].key, "adapter")
    else:
        given = FileInput(str(adapter), sha256(adapter))
    stem = model.name.removesuffix(".gguf")
    merge = Job(
        "merge-lora",
        {"scale": float(scale)},
        {"model": FileInput(str(model), sha256(model)), "adapter": given},
        engine=engine,
        title=f"merge {adapter.name} into {model.name}",
        hints={"name": f"{stem}-{adapter.name.removesuffix('.gguf')}.gguf", **(hints or {})},
    )
    return [*before, merge]


def _convert_job(adapter: Path, base: Path | None, sha256: Callable[[Path], str], engine: str) -> Job:
    missing = next((name for name in ADAPTER if not (adapter / name).is_file()), None)
    if missing is not None:
        pickled = (adapter / "adapter_model.bin").is_file() and missing == ADAPTER[1]
        raise UsageError(
            f"{adapter} holds its weights only as adapter_model.bin, a format that can run code when it is read."
            if pickled
            else f"{adapter} is no adapter as PEFT saves it: {missing} is missing.",
            "Save the adapter as safetensors." if pickled else "Name a folder with it, or a GGUF file.",
        )
    if base is None:
        named = _json(adapter / ADAPTER[0]).get("base_model_name_or_path")
        if not isinstance(named, str) or not (Path(named) / "config.json").is_file():
            raise UsageError(
                f"The adapter {adapter.name} was made for {named or 'a model it does not name'}, whose config.json "
                "is not on this machine under that name.",
                "Name the model's Hugging Face folder with --base.",
            )
        base = Path(named)
    config = base.absolute() / "config.json"
    if not config.is_file():
        raise UsageError(f"{base} holds no config.json.", "Name the model's Hugging Face folder.")
    inputs = {name: FileInput(str(adapter / name), sha256(adapter / name)) for name in ADAPTER}
    return Job(
        "convert-lora",
        {"name": adapter.name},
        {**inputs, "config.json": FileInput(str(config), sha256(config))},
        engine=engine,
        slot=Slot.CPU,
        title=f"convert adapter {adapter.name}",
    )


def run_convert(context: JobContext) -> Mapping[str, Any]:
    """Inputs: the files of :data:`ADAPTER` and ``config.json`` of its model. Artifact ``adapter`` (f32).

    Raises UsageError, ResourceError (Python packages), IntegrityError, JobFailedError.
    """
    name = str(context.params["name"])
    home = context.work_dir / "folder"
    shutil.rmtree(home, ignore_errors=True)
    for role, item in context.inputs.items():
        newfile.link(Path(item.path), home / ("base" if role == "config.json" else "adapter") / role)
    architecture = str((_json(home / "base/config.json").get("architectures") or [""])[0])
    context.progress(0, None, "starting the converter")
    converter.load()
    target = context.work_dir / "adapter.part"
    target.unlink(missing_ok=True)
    said = _Errors()
    logging.getLogger().addHandler(said)
    script = str(converter.folder() / "convert_lora_to_gguf.py")
    sys.argv = [script, "--outfile", str(target), "--base", str(home / "base"), str(home / "adapter")]
    try:
        with converter.sentences(name, architecture):
            runpy.run_path(script, run_name="__main__")
    except SystemExit:
        why = said.last or "it gave no reason"
        raise UsageError(
            f"The adapter {name} is not converted: {why.rstrip('.')}.", "The log has more."
        ) from None
    context.check()
    made = read(target)
    final = context.publish("adapter", target, f"{name}.gguf", {"tensors": len(made.tensors)})
    shutil.rmtree(home, ignore_errors=True)
    context.provenance["engine"] = "convert_lora_to_gguf"
    return {"path": str(final), "tensors": len(made.tensors)}


class _Errors(logging.Handler):
    """Remembers the converter's last word of an error."""

    last = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self.last = record.getMessage()


def run_merge(context: JobContext) -> Mapping[str, Any]:
    """Params {"scale"}; inputs ``model``, ``adapter`` (GGUF). Artifact ``model``: merged tensors are f32 where
    they were, else f16; the others are left as they are. Hint ``name``: of the new file.

    Every merged tensor is computed a second time, W + scale · α/r · B·A (Hu et al. 2021, section 4.1), and compared.
    Raises UsageError (not an adapter, not of this model), ResourceError, IntegrityError, JobFailedError.
    """
    model, adapter = read_model(context.inputs["model"].path), read(context.inputs["adapter"].path)
    merged = check_pair(model, adapter)
    name = str(context.hints.get("name") or "merged.gguf")
    newfile.check_target([*model.paths, adapter.path], context.out_dir, name)
    grown = sum(2 * tensor.elements for tensor in model.header.tensors if tensor.name in merged)
    newfile.check_space(context, model.size + grown, f"Merging {adapter.path.name}")
    newfile.link(model.paths[0], context.work_dir / "model.gguf")
    newfile.link(adapter.path, context.work_dir / "adapter.gguf")
    target = context.work_dir / "merged.part"
    target.unlink(missing_ok=True)
    scale = float(context.params["scale"])
    command = [
        str(native.tool("llama-export-lora")), "-m", "model.gguf", "--lora-scaled", f"adapter.gguf:{scale:.9g}",
        "-o", target.name, "-t", str(context.hints.get("threads") or host.usable_cores()),
    ]  # fmt: skip

    def tick() -> None:
        written = target.stat().st_size if target.exists() else 0
        context.progress(min(written, model.size), model.size, "merging", "bytes")

    try:
        newfile.run_tool(context, command, tick)
        made = read_model(target)
        newfile.same_metadata(model, made, but=["general.file_type"])
        untouched = [tensor.name for tensor in model.header.tensors if tensor.name not in merged]
        newfile.same_tensors(context, model, made, untouched)
        worst = _check_merged(context, model, adapter, made, merged, scale)
        newfile.check_loads(context, target, _ADVICE)
        context.check()
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    types = sorted({tensor.type.name for tensor in model.header.tensors if tensor.name in merged})
    meta = {"merged": len(merged), "from_types": types, "scale": scale}
    final = context.publish("model", target, name, meta)
    context.provenance["engine"] = "llama-export-lora"
    return {**meta, "path": str(final), "tensors": len(made.header.tensors), "largest_difference": worst}


def check_pair(model: Model, adapter: GgufFile) -> frozenset[str]:
    """Names of the tensors an adapter changes. Raises UsageError where it is none, or not of this model."""
    if len(model.paths) > 1:
        raise UsageError(f"{model.paths[0].name} is split.", "Merge its parts first.")
    kind = (adapter.metadata.get("general.type"), adapter.metadata.get("adapter.type"))
    if kind != ("adapter", "lora"):
        raise UsageError(
            f"{adapter.path.name} is not a LoRA adapter.", "Name an adapter's GGUF file or folder."
        )
    if adapter.architecture != model.header.architecture:
        raise UsageError(
            f"The adapter {adapter.path.name} is for {adapter.architecture} models, "
            f"but {model.paths[0].name} is of {model.header.architecture}.",
            "Merge it into the model it was trained on.",
        )
    for file in (model.header, adapter):
        if file.alignment != DEFAULT_ALIGNMENT:
            raise UsageError(
                f"The tensors of {file.path.name} are aligned to {file.alignment} bytes, not 32."
            )
    shapes = {tensor.name: tensor.shape for tensor in model.header.tensors}
    parts = {tensor.name: tensor for tensor in adapter.tensors}
    names = set()
    for tensor in adapter.tensors:
        if not tensor.name.endswith(_SUFFIXES):
            raise UsageError(
                f"The adapter changes {tensor.name} as a whole, which llama-export-lora would leave out.",
                "Merge it before the model is converted.",
            )
        name = tensor.name[: -len(_SUFFIXES[0])]
        pair = [parts.get(name + suffix) for suffix in _SUFFIXES]
        if name not in shapes or None in pair:
            raise UsageError(
                f"The adapter {adapter.path.name} changes {name}, which "
                + (
                    f"{model.paths[0].name} does not have."
                    if name not in shapes
                    else "it gives one half of only."
                ),
                "Merge it into the model it was trained on.",
            )
        a, b = pair
        assert a is not None and b is not None
        if a.type.quantized or b.type.quantized:
            raise UsageError(f"The adapter {adapter.path.name} is quantized.", "Take one in f16 or f32.")
        if not _fits(name, a, b, shapes[name]):
            raise UsageError(
                f"The adapter {adapter.path.name} does not fit {name} of {model.paths[0].name} "
                f"(shape {list(shapes[name])}).",
                "Merge it into the model it was trained on.",
            )
        names.add(name)
    if not names:
        raise UsageError(f"The adapter {adapter.path.name} holds no tensor.")
    return frozenset(names)


def _fits(name: str, a: TensorInfo, b: TensorInfo, shape: tuple[int, ...]) -> bool:
    """Shapes in ggml's order: A (inputs, rank), B (rank, outputs); of an embedding A is (rank, tokens) and
    B (rank, width)."""
    if name.startswith("token_embd"):
        return a.shape[0] == b.shape[0] and (b.shape[1:2] + a.shape[1:2]) == shape[:2]
    return a.shape[1:2] == b.shape[:1] and a.shape[:1] + b.shape[1:2] == shape[:2]


def _check_merged(
    context: JobContext, model: Model, adapter: GgufFile, made: Model, names: frozenset[str], scale: float
) -> float:
    """Compute every merged tensor anew. Returns the largest difference in units of the rounding that is due.
    Raises IntegrityError where one exceeds it four times."""
    import numpy as np

    sys.path.insert(0, str(converter.folder() / "gguf-py"))
    import gguf

    def values(tensor: TensorInfo, path: Path, offset: int) -> Any:
        raw = np.memmap(path, np.uint8, "r", offset, (tensor.nbytes,))
        kind = gguf.GGMLQuantizationType(tensor.type.id)
        plain = {"f32": np.float32, "f16": np.float16}.get(tensor.type.name)
        rows = raw.view(plain) if plain else raw.reshape(-1, tensor.type.row_bytes(tensor.shape[0]))
        flat = rows.astype(np.float32) if plain else gguf.quants.dequantize(rows, kind)
        return flat.reshape(tensor.shape[::-1])

    halves = {t.name: (t, adapter.path, adapter.data_offset + t.offset) for t in adapter.tensors}
    before = {t.name: (t, path, offset) for path, offset, t in newfile.places(model)}
    after = {t.name: (t, path, offset) for path, offset, t in newfile.places(made)}
    alpha = float(adapter.metadata.get("adapter.lora.alpha") or 0.0)
    worst = 0.0
    for index, name in enumerate(sorted(names)):
        context.check()
        context.progress(index, len(names), f"checking {name}", "tensors")
        a, b = (values(*halves[name + suffix]) for suffix in _SUFFIXES)
        factor = scale * alpha / halves[name + ".lora_b"][0].shape[0] if alpha else scale
        left, right = (a, np.swapaxes(b, -1, -2)) if name.startswith("token_embd") else (b, a)
        weights = values(*before[name])
        wanted = weights + factor * (left @ right)
        got = values(*after[name])
        # One rounding to the type of the file (11 bits for f16, 24 for f32), and the sums in f32 before it.
        unit = 2.0**-11 if after[name][0].type.name == "f16" else 2.0**-23
        terms = np.abs(weights) + abs(factor) * (np.abs(left) @ np.abs(right))
        due = unit * np.abs(wanted) + 2.0**-22 * terms + 2.0**-25
        worst = max(worst, float(np.max(np.abs(got - wanted) / due)))
        if not worst <= 4:
            raise IntegrityError(
                f"llama-export-lora did not write {name} as the sum of the model and the adapter.",
                "Please report it with the log.",
            )
    return worst


def _json(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise JobFailedError(f"{path.name} cannot be read: {error}.") from error
    if not isinstance(found, dict):
        raise IntegrityError(f"{path} is damaged: it is not a JSON object.")
    return found

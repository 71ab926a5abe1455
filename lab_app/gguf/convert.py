"""Job ``convert``: a Hugging Face folder into one GGUF file, by llama.cpp's own converter."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lab_app.gguf import converter, newfile
from lab_app.gguf.hf_folder import TYPES, HfFolder, lost_scores, read_folder
from lab_app.gguf.reader import read
from lab_app.gguf.types import BY_NAME
from lab_app.jobs.context import JobContext
from lab_app.jobs.job import FileInput, Input, Job, Slot
from lab_app.system.errors import IntegrityError, JobFailedError, UsageError

_FILE_TYPES = {"f32": "ALL_F32", "f16": "MOSTLY_F16", "bf16": "MOSTLY_BF16", "q8_0": "MOSTLY_Q8_0"}


def job(
    model: HfFolder,
    inputs: Mapping[str, Input],
    *,
    type_name: str | None = None,
    engine: str,
    name: str | None = None,
    hints: Mapping[str, Any] | None = None,
    after: tuple[str, ...] = (),
) -> Job:
    """The job that converts a folder. type_name: one of TYPES; None keeps the weights' own.

    inputs: every file the converter reads, by its name (:func:`folder_inputs`); the content key counts them.
    engine: identity of the native build, whose converter runs. name: of the model (default: the folder's).
    Raises UsageError for an unknown type.
    """
    if type_name is not None and type_name not in TYPES:
        raise UsageError(f"There is no type {type_name!r} to convert to.", f"Choose of {', '.join(TYPES)}.")
    chosen, name = type_name or model.original_type, name or model.name
    return Job(
        "convert",
        {"type": chosen, "name": name},
        dict(inputs),
        engine=engine,
        slot=Slot.CPU,
        title=f"convert {name} to {chosen}",
        hints={"name": f"{name}.{chosen.upper()}.gguf", **(hints or {})},
        after=after,
    )


def folder_inputs(model: HfFolder, sha256: Callable[[Path], str]) -> dict[str, Input]:
    """The files of a folder that is here. ``sha256``: content hash of a file."""
    home = model.path.absolute()
    return {name: FileInput(str(home / name), sha256(home / name)) for name in model.files}


def expected_bytes(model: HfFolder, type_name: str) -> int:
    """About the size of the file: weights at ``type_name``; tokenizer and metadata are small beside them."""
    return int(model.n_params * BY_NAME[type_name].bits_per_weight / 8)


def run(context: JobContext) -> Mapping[str, Any]:
    """Params {"type", "name"}; inputs: file name → file. Artifact ``model``. Hint ``name``: of the new file.

    Raises UsageError (what is missing, not supported, refused), ResourceError (disk, Python packages),
    IntegrityError (a damaged file, or a result that llama.cpp does not load), JobFailedError.
    """
    type_name, name = str(context.params["type"]), str(context.params["name"])
    model = read_folder(_gather(context, name))
    file_name = str(context.hints.get("name") or f"{name}.{type_name.upper()}.gguf")
    sources = [Path(item.path) for item in context.inputs.values()]
    newfile.check_target(sources, context.out_dir, file_name)
    newfile.check_space(context, expected_bytes(model, type_name), f"Converting {name} to {type_name}")
    converter.check_architecture(name, model.config)
    context.progress(0, None, "starting the converter")
    conversion = converter.load()

    temporary = context.work_dir / "converted.part"
    temporary.unlink(missing_ok=True)
    try:
        with converter.sentences(name, model.architecture):
            wanted = _write(context, conversion, model, type_name, temporary)
        context.check()
        _check_result(temporary, wanted)
        newfile.check_loads(context, temporary, _advice(type_name, model))
        context.check()
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(model.path.parent, ignore_errors=True)
    made = read(temporary)
    meta = {
        "type": type_name,
        "architecture": made.architecture,
        "original_type": model.original_type,
        "file_size": made.file_size,
        "tensors": len(made.tensors),
        "n_params": made.n_params,
    }
    context.progress(made.tensor_bytes, made.tensor_bytes, "writing to disk", "bytes")
    final = context.publish("model", temporary, file_name, meta)
    context.provenance["engine"] = "convert_hf_to_gguf"
    context.provenance["packages"] = _versions()
    return {**meta, "path": str(final), "types": dict(made.types)}


def _gather(context: JobContext, name: str) -> Path:
    """A folder of the inputs alone, under the model's name: no code and no pickle that may lie beside them."""
    home = context.work_dir / "folder" / (name if Path(name).name == name and name else "model")
    shutil.rmtree(home.parent, ignore_errors=True)
    home.mkdir(parents=True)
    for role, item in context.inputs.items():
        if Path(role).name != role:
            raise UsageError(f"{role!r} is not a file name of a model folder.")
        newfile.link(Path(item.path), home / role)
    return home


def _write(
    context: JobContext, conversion: Any, model: HfFolder, type_name: str, target: Path
) -> list[tuple[str, str, int]]:
    """Convert into ``target``; returns (name, type, bytes) of each tensor in the order of the file.

    The steps are those of the converter's own ``write``, with the tensors written one by one.
    """
    import torch

    base = conversion.ModelBase
    with torch.inference_mode():
        hparams = base.load_hparams(model.path, False)
        architecture = conversion.get_model_architecture(hparams, conversion.ModelType.TEXT)
        kind = conversion.get_model_class(architecture)
        file_type = getattr(conversion.base.gguf.LlamaFileType, _FILE_TYPES[type_name])
        instance = kind(model.path, file_type, target, model_name=None)
        instance.prepare_tensors()
        instance.prepare_metadata(vocab_only=False)
        writer = instance.gguf_writer
        _check_scores(writer, model)
        tensors = writer.tensors[0]
        wanted = [(name, info.dtype.name.lower(), int(info.nbytes)) for name, info in tensors.items()]
        total = sum(nbytes for _, _, nbytes in wanted)
        newfile.check_space(context, total, f"Converting {model.name} to {type_name}")
        writer.write_header_to_file(path=target)
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        done = 0
        for index, (name, _, nbytes) in enumerate(wanted, 1):
            context.check()
            context.progress(done, total, f"{name} ({index} of {len(wanted)})", "bytes")
            writer.write_tensor_data(tensors[name].tensor)
            done += nbytes
        writer.close()
    return wanted


def _check_scores(writer: Any, model: HfFolder) -> None:
    """A SentencePiece vocabulary whose pieces all have one score: llama.cpp could not tell which to join first.
    Raises UsageError. The folder was looked at before; this looks at what the converter made of it."""
    pairs = writer.kv_data[0]
    if "tokenizer.ggml.model" not in pairs or pairs["tokenizer.ggml.model"].value != "llama":
        return
    scores = pairs["tokenizer.ggml.scores"].value if "tokenizer.ggml.scores" in pairs else []
    kinds = pairs["tokenizer.ggml.token_type"].value if "tokenizer.ggml.token_type" in pairs else []
    normal = {score for score, kind in zip(scores, kinds, strict=False) if int(kind) == 1}
    if len(normal) == 1 and len(scores) > 300:
        raise lost_scores(model.path)


def _check_result(path: Path, wanted: list[tuple[str, str, int]]) -> None:
    """The file must read back as what was meant to be written."""
    made = [(tensor.name, tensor.type.name.lower(), tensor.nbytes) for tensor in read(path).tensors]
    if made != wanted:
        raise IntegrityError(
            "The converted file does not hold the tensors that were written to it.",
            "Run again; if it stays so, please report it with the log.",
        )
    if not wanted:
        raise JobFailedError("The converter wrote no tensor.", "The log has the converter's words.")


def _advice(type_name: str, model: HfFolder) -> str:
    if type_name == "f16" and model.original_type != "f16":
        return "Values may be too large for f16; convert to bf16 or f32 instead."
    return "The log has llama.cpp's words; the model may be damaged, or too new for this llama.cpp."


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in converter.PACKAGES}

"""``odyssey-lab models convert|merge-lora|split|merge``: new model files from those that are there."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab_app.commands import DATA_DIR, JSON, Argument, command
from lab_app.commands.models import MODEL, model_path
from lab_app.commands.text import plain, whole
from lab_app.system.errors import UsageError
from lab_app.system.units import parse_size, size

if TYPE_CHECKING:
    from lab_app.jobs.job import Job
    from lab_app.store import Store

OUT = Argument(
    "--out", "the new file (default: named after the model, in this folder)", metavar="FILE", completes="file"
)
TYPES = ("f32", "f16", "bf16", "q8_0")
"""As in :mod:`lab_app.gguf.hf_folder`, which is not read for the help; a test compares them."""
Maker = Callable[["Store", str], Sequence["Job"]]
"""(store, identity of the engine) → jobs, the last of which makes the file."""


@command(
    "models convert",
    "a GGUF file of a Hugging Face folder with safetensors, or of hf:org/repo; the weights' own type is kept",
    Argument(
        "source", "folder, or hf:org/repo[@REVISION]", metavar="SOURCE", completes="folder", required=True
    ),
    Argument("--type", "another type than the weights have", choices=TYPES),
    OUT,
    JSON,
    DATA_DIR,
)
def convert(options: argparse.Namespace) -> int:
    from lab_app.hub import reference
    from lab_app.studies import sources

    from_hub = options.source.startswith(reference.SCHEME)
    given = reference.parse(options.source) if from_hub else Path(options.source).expanduser()

    def jobs(store: Store, engine: str) -> Sequence[Job]:
        return sources.conversion(given, store, engine=engine, type_name=options.type)

    return _make(options, jobs)


@command(
    "models merge-lora",
    "merge a LoRA adapter into its model; every merged tensor is computed a second time and compared",
    MODEL,
    Argument("adapter", "GGUF file, or a folder as PEFT saves it", completes="file", required=True),
    Argument("--scale", "how much of the adapter (default: 1)", metavar="NUMBER"),
    Argument("--base", "the model's Hugging Face folder, for a PEFT adapter", metavar="DIR", completes="folder"),
    OUT,
    JSON,
    DATA_DIR,
)  # fmt: skip
def merge_lora(options: argparse.Namespace) -> int:
    from lab_app.gguf import lora

    scale = _number(options.scale)
    base = Path(options.base).expanduser() if options.base else None
    model, adapter = model_path(options), Path(options.adapter).expanduser()

    def jobs(store: Store, engine: str) -> Sequence[Job]:
        return lora.jobs(model, adapter, store.file_sha256, engine=engine, scale=scale, base=base)

    return _make(options, jobs)


@command(
    "models split",
    "divide a model file into parts that llama.cpp loads as one; they are compared with it bit by bit",
    MODEL,
    Argument("--max-size", "most bytes of tensors in a part, e.g. 4GB", metavar="SIZE"),
    Argument("--max-tensors", "most tensors in a part", metavar="N"),
    Argument("--out", "folder of the parts (default: this folder)", metavar="DIR", completes="folder"),
    JSON,
    DATA_DIR,
)
def split(options: argparse.Namespace) -> int:
    from lab_app.gguf import split as splitting

    most, tensors = _size(options.max_size), whole("--max-tensors", options.max_tensors)
    model = model_path(options)

    def jobs(store: Store, engine: str) -> Sequence[Job]:
        return [
            splitting.split_job(
                model, store.file_sha256, engine=engine, max_bytes=most, max_tensors=tensors
            )
        ]  # fmt: skip

    return _make(options, jobs, folder=Path(options.out or "."))


@command(
    "models merge",
    "one file of the parts of a split model; it is compared with them bit by bit",
    MODEL,
    OUT,
    JSON,
    DATA_DIR,
)
def merge(options: argparse.Namespace) -> int:
    from lab_app.gguf import split as splitting

    part = model_path(options)

    def jobs(store: Store, engine: str) -> Sequence[Job]:
        return [splitting.merge_job(part, store.file_sha256, engine=engine)]

    return _make(options, jobs)


def _make(options: argparse.Namespace, jobs: Maker, folder: Path | None = None) -> int:
    """Run the jobs and say where the file is. folder: of several files; else ``--out`` names the one."""
    from lab_app.batch import single
    from lab_app.store import Store
    from lab_app.system import native, paths

    folders = paths.Folders(paths.data_dir(options.data_dir)).create()
    engine = native.engine_id()
    with Store.open(folders.db) as store:
        try:
            *before, last = jobs(store, engine)
        except OSError as error:
            raise UsageError(f"{error.filename} cannot be read: {error.strerror or error}.") from error
        target = None if folder else _target(options.out, str(last.hints["name"]))
        where = (target.parent if target else folder or Path()).expanduser().absolute()
        paths.utf8(where)
        hints = {**last.hints, "out_dir": str(where), **({"name": target.name} if target else {})}
        last = replace(last, hints=hints)
        known = [Path(item.path) for item in store.artifacts(last.key) if _is_whole(item.path, item.size)]
        if target is not None and target.exists() and target not in known:
            raise UsageError(f"{target} exists already.", "Choose another name with --out, or remove it.")
        there = (
            bool(known) and all(path.parent == where for path in known) and (not target or target in known)
        )
        values = single.run(last, store, folders, as_json=options.json, force=not there, before=before)
    _say(options, values)
    return 0


def _say(options: argparse.Namespace, values: Mapping[str, Any]) -> None:
    paths = values.get("paths") or [values["path"]]
    if options.json:
        print(json.dumps({"made": paths, **values}, ensure_ascii=False))
        return
    for path in paths:
        print(f"{plain(path)} ({size(Path(path).stat().st_size)})")


def _target(given: str | None, name: str) -> Path:
    path = Path(given).expanduser() if given else Path(name)
    if path.is_dir():
        path = path / name
    if path.suffix.lower() != ".gguf":
        raise UsageError(f"{path} does not end in .gguf.", "Name the new file, e.g. model.gguf.")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"The folder {path.absolute().parent} does not exist.", "Make it first.")
    return path.absolute()


def _is_whole(path: str, count: int) -> bool:
    try:
        return Path(path).stat().st_size == count
    except OSError:
        return False


def _number(text: str | None) -> float:
    try:
        value = 1.0 if text is None else float(text)
    except ValueError:
        value = 0.0
    if not value or value != value or abs(value) > 1000:
        raise UsageError(f"{text!r} is no scale of an adapter.", "Write a number such as 1 or 0.5.")
    return value


def _size(text: str | None) -> int | None:
    found = parse_size(text) if text else None
    if text is not None and not found:
        raise UsageError(f"{text!r} is no size.", "Write e.g. 4GB or 500MB.")
    return found

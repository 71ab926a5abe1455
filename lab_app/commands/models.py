"""``odyssey-lab models …``: the models of this machine."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab_app.commands import DATA_DIR, JSON, Argument, command
from lab_app.commands.text import plain, table, whole
from lab_app.system.units import amount, size

if TYPE_CHECKING:
    from lab_app.gguf.inspect import Inspection
    from lab_app.gguf.library import Row
    from lab_app.system.paths import Folders

MODEL = Argument("model", "a path, or a name or id of models list", completes="file", required=True)
FOLDER = Argument("folder", "folder", completes="folder", required=True)
YES = Argument("--yes", "do it; without, only what depends on the file is shown", flag=True)


@command(
    "models list",
    "every model this machine has: the lab's own, Hugging Face cache, LM Studio, Ollama, your folders",
    JSON,
    DATA_DIR,
)
def list_models(options: argparse.Namespace) -> int:
    rows = _rows(options)
    if options.json:
        _print_json({"models": [row.to_json() for row in rows]})
        return 0
    whole = [row for row in rows if not row.problem]
    if whole:
        cells = [
            [
                plain(row.name), row.quant if row.kind == "model" else row.kind, amount(row.parameters),
                size(row.size), f"{row.bits_per_weight:.2f}" if row.bits_per_weight else "–",
                str(row.context or "–"), row.id, plain(_where(row)),
            ]
            for row in whole
        ]  # fmt: skip
        titles = ["model", "quant", "weights", "size", "bits", "context", "id", "where"]
        print(table(titles, cells, right=(2, 3, 4, 5)))
    else:
        print("No models yet. Add a folder with models add-folder, or fetch one with models download.")
    broken = [row for row in rows if row.problem]
    if broken:
        print("\nNot usable:")
        for row in broken:
            print(f"  {row.id}  {plain(row.problem)}\n                {plain(str(row.path))}")
    return 0


def _where(row: Row) -> str:
    return "; ".join(
        f"{place.source}, {place.label}" if place.source != "folder" else place.label for place in row.places
    )


@command("models add-folder", "look for models in a folder, too", FOLDER, DATA_DIR)
def add_folder(options: argparse.Namespace) -> int:
    from lab_app.system import paths, settings
    from lab_app.system.errors import UsageError

    folder = Path(options.folder).expanduser().absolute()
    paths.utf8(folder)
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder.", "Check the path.")
    text = str(folder)
    settings.change(
        _folders(options),
        lambda old: old.changed(model_folders=tuple(dict.fromkeys([*old.model_folders, text]))),
    )
    print(f"{folder} is searched for models from now on.")
    return 0


@command("models remove-folder", "look into a folder no more; its files stay", FOLDER, DATA_DIR)
def remove_folder(options: argparse.Namespace) -> int:
    from lab_app.system import settings
    from lab_app.system.errors import UsageError

    text = str(Path(options.folder).expanduser().absolute())
    own = _folders(options)
    known = settings.load(own).model_folders
    if text not in known:
        raise UsageError(
            f"{text} is not among the folders that are searched.",
            f"Those are {', '.join(known)}." if known else "There are none.",
        )
    settings.change(
        own,
        lambda old: old.changed(model_folders=tuple(item for item in old.model_folders if item != text)),
    )
    print(f"{text} is not searched any more.")
    return 0


@command(
    "models import",
    "make a GGUF file known to the lab, where it lies or copied into the library",
    Argument("file", "GGUF file (any part of a split one)", completes="file", required=True),
    Argument(
        "--copy", "copy it into the data folder, unless the library has these very bytes elsewhere", flag=True
    ),
    Argument("--sha256", "refuse a file that has another one", metavar="HEX"),
    JSON,
    DATA_DIR,
)
def import_model(options: argparse.Namespace) -> int:
    from lab_app.batch import single
    from lab_app.gguf import keep, library
    from lab_app.store import Store

    own = _folders(options)
    with Store.open(own.create().db) as store:
        job = keep.import_job(
            options.file, library.scan(own, store), own, copy=options.copy, sha256=options.sha256
        )
        done = single.run(job, store, own, as_json=options.json)
        keep.remember(store, done)
    said = {
        "in place": "is known now, where it lies",
        "copied": "was copied into the library",
        "known": "is there already",
    }
    text = f"{done['name']} {said[done['how']]}: {done['files'][0]} (sha256 {done['sha256'][0]})"
    print(plain(text), file=sys.stderr if options.json else sys.stdout)
    return 0


@command(
    "models delete",
    "remove a model's files; what depends on them is shown first",
    MODEL,
    YES,
    Argument("--keep-file", "of an imported file: forget it, but leave it where it is", flag=True),
    DATA_DIR,
)
def delete(options: argparse.Namespace) -> int:
    from lab_app.gguf import keep, library
    from lab_app.store import Store

    own = _folders(options)
    with Store.open(own.create().db) as store:
        row = library.find(library.scan(own, store), options.model)
        if not options.keep_file and (refused := keep.refusal(row)) is not None:
            raise refused
        _tell(row, library.users(row, store.studies()), "forgotten" if options.keep_file else "deleted")
        if not options.yes:
            print("Nothing was done. Run it again with --yes to do it.")
            return 0
        removed = [] if options.keep_file else keep.delete(row)
        keep.forget(store, row)
    for path in removed:
        print(f"removed {plain(str(path))}")
    return 0


@command(
    "models move",
    "move a model's files into another folder; what depends on them is shown first",
    MODEL,
    FOLDER,
    YES,
    Argument("--leave-link", "leave a link, so that what names the old place goes on working", flag=True),
    DATA_DIR,
)
def move(options: argparse.Namespace) -> int:
    from lab_app.gguf import keep, library
    from lab_app.store import Store

    own = _folders(options)
    with Store.open(own.create().db) as store:
        row = library.find(library.scan(own, store), options.model)
        if (refused := keep.refusal(row, moving=True)) is not None:
            raise refused
        _tell(row, library.users(row, store.studies()), "moved")
        if not options.yes:
            print("Nothing was done. Run it again with --yes to do it.")
            return 0
        for path in keep.move(row, Path(options.folder), leave_link=options.leave_link):
            print(f"now {plain(str(path))}")
    return 0


def _tell(row: Row, users: list[str], verb: str) -> None:
    print(f"{plain(row.name)}, {size(row.size)}, would be {verb}:")
    for path in row.paths:
        print(f"  {plain(str(path))}")
    for user in users:
        print(f"  {plain(user)}")
    if not users:
        print("  Nothing the lab knows of depends on it.")


def _folders(options: argparse.Namespace) -> Folders:
    from lab_app.system import paths

    return paths.Folders(paths.data_dir(options.data_dir))


def _rows(options: argparse.Namespace) -> list[Row]:
    """The library; the store is only read, so that this works beside a running study."""
    from lab_app.gguf import library
    from lab_app.store import Store

    own = _folders(options)
    if not own.db.exists():
        return library.scan(own)
    with Store.open(own.db, read_only=True) as store:
        return library.scan(own, store)


def _print_json(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate (a file name that is not UTF-8) stays an escape
        text = json.dumps(value)
    print(text)


@command(
    "models inspect",
    "what the header of a GGUF file says: shape, types, bits per weight, tokenizer, RoPE, template",
    MODEL,
    Argument("--tensors", "list every tensor", flag=True),
    Argument("--metadata", "list every metadata pair", flag=True),
    JSON,
    DATA_DIR,
)
def inspect(options: argparse.Namespace) -> int:
    from lab_app.gguf import inspect as inspector

    found = inspector.inspect(model_path(options))
    if options.json:
        _print_json(found.to_json())
        return 0
    print("\n".join(_inspection(found)))
    if options.metadata:
        rows = [[plain(entry.key), entry.type, _value(entry.value, entry.count)] for entry in found.metadata]
        print("\n" + table(["key", "type", "value"], rows))
    if options.tensors:
        rows = [
            [plain(tensor.name), tensor.type, " × ".join(map(str, tensor.shape)), size(tensor.nbytes)]
            for tensor in found.tensors
        ]
        print("\n" + table(["tensor", "type", "shape", "size"], rows, right=(3,)))
    return 0


@command(
    "models memory",
    "what a model takes in memory while it runs, and whether that fits this machine now",
    MODEL,
    Argument("--context", "tokens (default: 4096, or what the model was trained for)", metavar="N"),
    Argument("--sequences", "texts at a time, each with a context of its own (default: 1)", metavar="N"),
    Argument("--kv-type", "type of the KV cache (default: f16)", metavar="TYPE"),
    Argument("--ubatch", "tokens computed at a time (default: 512)", metavar="N"),
    Argument("--no-flash-attention", 'as with flash_attention = "off" in a study', flag=True),
    JSON,
    DATA_DIR,
)
def memory(options: argparse.Namespace) -> int:
    """Exit code 0 whether it fits or not."""
    from lab_app.gguf.memory import Load, fit
    from lab_app.gguf.parts import read_model
    from lab_app.system import host, native, settings
    from lab_app.system.errors import UsageError

    header = read_model(model_path(options)).header
    context = whole("--context", options.context) or min(4096, header.context_length or 4096)
    kv_type = options.kv_type or "f16"
    load = Load(
        n_ctx=context,
        n_seq=whole("--sequences", options.sequences) or 1,
        n_ubatch=whole("--ubatch", options.ubatch) or 512,
        kv_type_k=kv_type,
        kv_type_v=kv_type,
        flash_attention="off" if options.no_flash_attention else "auto",
    )
    ram, vram = host.available_memory(), host.free_gpu_memory() if native.uses_cards() else 0
    reserve = settings.load(_folders(options)).reserve
    try:
        verdict, found, layers = fit(header, load, ram=ram, vram=vram, reserve=reserve)
    except ValueError as error:
        raise UsageError(f"Its memory cannot be estimated: {error}.") from error
    if options.json:
        body = {"fit": verdict, "gpu_layers": layers, "free_ram": ram, "free_vram": vram, "reserve": reserve}
        _print_json({**body, **found.to_json()})
        return 0
    rows = []
    for name in ("weights", "repacked", "kv", "states", "compute", "output"):
        numbers = [getattr(found.ram, name), getattr(found.vram, name)]
        if any(numbers):
            rows.append([_PARTS[name], *(size(number) if number else "–" for number in numbers)])
    rows.append(["needed", size(found.ram.needed), size(found.vram.needed) if vram else "–"])
    rows.append(["free", size(ram), size(vram) if vram else "–"])
    print(table([f"{found.n_ctx} tokens, KV {kv_type}", "memory", "card"], rows, right=(1, 2)))
    where = f", {layers} layers on the card" if layers else ""
    print(f"\nIt {_FITS[verdict]}{where}.")
    return 0


_PARTS = {
    "weights": "weights", "repacked": "weights, repacked", "kv": "KV cache", "states": "recurrent states",
    "compute": "compute buffers", "output": "logits",
}  # fmt: skip
_FITS = {
    "fits": "fits", "tight": "fits, but little is left for other programs",
    "offload": "fits with some layers in main memory", "won't fit": "won't fit",
}  # fmt: skip


def model_path(options: argparse.Namespace) -> Path:
    """The file a user means: a path, else a name or id of the library. Raises UsageError."""
    from lab_app.system.errors import UsageError

    path = Path(options.model).expanduser()
    if not (path.exists() or path.suffix.lower() == ".gguf" or os.sep in options.model):
        from lab_app.gguf import library

        path = library.find(_rows(options), options.model).path
    if path.is_dir():
        raise UsageError(
            f"{path} is a folder; this works on GGUF files.",
            f"Make one with: odyssey-lab models convert {path}",
        )
    return path


def _value(value: Any, count: int | None) -> str:
    """One line of at most 100 characters; a file's control characters shown escaped."""
    if count is not None:
        text = ", ".join(_value(item, None) for item in value)
        return f"{count}: {text[:80]}{' …' if count > len(value) or len(text) > 80 else ''}"
    if not isinstance(value, str):
        return f"{value:g}" if isinstance(value, float) else str(value)
    text = plain(value[:101])
    return text if len(text) <= 100 else f"{text[:99]}…"


def _inspection(found: Inspection) -> list[str]:
    attention, rope, tokenizer = found.attention, found.rope, found.tokenizer
    kv_heads = f"{_per_layer(attention.kv_heads)} for keys and values"
    heads = f"{attention.kind}, {_per_layer(attention.heads)} heads, {kv_heads}"
    if attention.sliding_window:
        heads += f", window {attention.sliding_window}"
    base = f"base {rope.freq_base:g}" if rope.freq_base else "base by default"
    scaling = f", {rope.scaling} scaling" if rope.scaling and rope.scaling != "none" else ""
    scaling += f" × {rope.factor:g}" if scaling and rope.factor else ""
    special = ", ".join(f"{name} {number}" for name, number in tokenizer.special.items())
    feed_forward, more = _per_layer(found.feed_forward_length), len(found.paths) - 1
    blocks, width = _per_layer(found.blocks), _per_layer(found.embedding_length)
    quant = f"{found.quant}, {found.bits_per_weight:.2f} bits per weight"
    if not found.tensors:
        quant = "no tensors: a vocabulary only" if found.vocabulary_only else "no tensors"
    vocabulary = f"{tokenizer.kind}, {tokenizer.pre or 'no'} pre-tokenizer, {tokenizer.vocabulary} tokens"
    lines = [
        ("name", found.name),
        ("file", found.paths[0] + (f" and {more} more parts" if more else "")),
        ("size", f"{size(found.size)}, GGUF version {found.version}"),
        ("licence", found.licence or "not said"),
        ("architecture", found.architecture or "none"),
        ("parameters", amount(found.parameters)),
        ("quant", quant),
        ("context", f"{found.context_length} tokens" if found.context_length else "not said"),
        ("shape", f"{blocks} blocks, width {width}, feed-forward {feed_forward}"),
        ("experts", f"{found.experts_used} of {found.experts}" if found.experts else "none"),
        ("attention", heads),
        ("RoPE", f"{base}, {rope.dimensions or 'all'} dimensions{scaling}"),
        ("tokenizer", vocabulary if tokenizer.vocabulary else tokenizer.kind),
        ("special", special or "none"),
        ("template", f"{len(found.chat_template)} characters" if found.chat_template else "none"),
    ]  # fmt: skip
    rows = [
        [share.type, str(share.tensors), size(share.nbytes), f"{100 * share.share:.1f} %"]
        for share in found.types
    ]
    text = [f"{name + ':':14}{_value(value, None)}" for name, value in lines]
    return [*text, "", table(["type", "tensors", "size", "share"], rows, right=(1, 2, 3))]


def _per_layer(value: int | tuple[int, ...] | None) -> str:
    if isinstance(value, tuple):
        return f"{min(value)} to {max(value)}"
    return "?" if value is None else str(value)

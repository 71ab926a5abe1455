"""``odyssey-lab models search|files|card|download|verify`` and ``token``: the Hugging Face hub."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from lab_app.commands import DATA_DIR, JSON, Argument, command
from lab_app.commands.text import plain, table, whole
from lab_app.system.errors import ExitCode, IntegrityError, LabError, UsageError
from lab_app.system.units import amount, parse_amount, parse_size, size

if TYPE_CHECKING:
    from lab_app.hub.reference import Reference

REFERENCE = Argument(
    "model",
    "org/repo, org/repo:FILE or org/repo:QUANT, with @REVISION where it is not main; or the page's address",
    required=True,
)


@command(
    "models search",
    "look for models on the hub",
    Argument("text", "words of the name"),
    Argument("--author", "organisation or user", metavar="NAME"),
    Argument("--task", "e.g. text-generation", metavar="NAME"),
    Argument("--license", "e.g. apache-2.0", metavar="ID"),
    Argument("--format", "what the repository holds", choices=("gguf", "safetensors")),
    Argument("--least", "parameters at least, e.g. 1B", metavar="N"),
    Argument("--most", "parameters at most, e.g. 8B", metavar="N"),
    Argument("--sort", "order (default: downloads)", choices=("downloads", "likes", "recent", "trending")),
    Argument("--limit", "how many (default: 20)", metavar="N"),
    JSON,
    DATA_DIR,
)
def search(options: argparse.Namespace) -> int:
    from lab_app.hub.search import search as ask

    found = ask(
        options.text or "",
        author=options.author,
        task=options.task,
        licence=options.license,
        file_format=options.format,
        params=(_amount(options.least), _amount(options.most)),
        sort=options.sort or "downloads",
        limit=whole("--limit", options.limit, 1000) or 20,
    )
    if options.json:
        _print_json({"models": [item.to_json() for item in found]})
        return 0
    if not found:
        print("The hub has no such model.")
        return 0
    rows = [
        [
            plain(item.repo), amount(item.n_params) if item.n_params else "–", ", ".join(item.formats) or "–",
            plain(item.licence or "–"), f"{item.downloads:,}", f"{item.likes:,}",
            item.changed.date().isoformat() if item.changed else "–", "gated" if item.gated else "",
        ]
        for item in found
    ]  # fmt: skip
    titles = ["repository", "weights", "format", "licence", "downloads", "likes", "changed", ""]
    print(table(titles, rows, right=(1, 4, 5)))
    return 0


@command(
    "models files",
    "the models of a repository, each with its size, bits per weight and whether it fits this machine",
    REFERENCE,
    Argument("--context", "tokens (default: 4096)", metavar="N"),
    Argument("--kv-type", "type of the KV cache (default: f16)", metavar="TYPE"),
    JSON,
    DATA_DIR,
)
def files(options: argparse.Namespace) -> int:
    from lab_app.gguf.memory import Load
    from lab_app.hub import browse
    from lab_app.system import paths, settings

    reference = _reference(options.model)
    reserve = settings.load(paths.Folders(paths.data_dir(options.data_dir))).reserve
    kv_type = options.kv_type or "f16"
    load = Load(n_ctx=whole("--context", options.context) or 4096, kv_type_k=kv_type, kv_type_v=kv_type)
    found = browse.look(reference.repo, reference.revision or "main")
    machine = browse.Machine.here(reserve)
    offers = found.offers(load, machine)
    if options.json:
        models = [
            {
                "name": offer.group.name, "quant": offer.group.quant, "format": offer.group.format,
                "size": offer.group.size, "bits_per_weight": offer.group.bits_per_weight, "fit": offer.fit,
                "needed": offer.needed, "gpu_layers": offer.gpu_layers, "here": offer.here,
                "complete": offer.group.complete, "files": [file.name for file in offer.group.files],
            }
            for offer in offers
        ]  # fmt: skip
        listing = found.listing
        _print_json({"repo": listing.repo, "commit": listing.commit, "gated": listing.gated,
                     "problem": found.problem, "models": models})  # fmt: skip
        return 0
    rows = [
        [
            plain(offer.group.name), offer.group.quant or "–", size(offer.group.size),
            f"{offer.group.bits_per_weight:.2f}" if offer.group.bits_per_weight else "–",
            size(offer.needed) if offer.needed else "–", _fit(offer), "yes" if offer.here else "",
        ]
        for offer in offers
    ]  # fmt: skip
    if not rows:
        print(f"{reference.repo} holds no model in GGUF or safetensors.")
        return 0
    print(table(["model", "quant", "size", "bits", "memory", "fits?", "here"], rows, right=(2, 3, 4)))
    free = f"{size(machine.ram)} of memory" + (f", {size(machine.vram)} on cards" if machine.vram else "")
    print(
        f"\nWith {load.n_ctx} tokens of context, KV cache {kv_type}; {free} free, {size(reserve)} left to others."
    )
    if found.problem:
        print(plain(found.problem))
    return 0


def _fit(offer: Any) -> str:
    if not offer.group.complete:
        return "parts are missing"
    return str(offer.fit) if offer.fit else "–"


@command("models card", "what a repository says of its model, as plain text", REFERENCE, JSON, DATA_DIR)
def card(options: argparse.Namespace) -> int:
    from lab_app.hub import card as cards

    reference = _reference(options.model)
    found = cards.fetch(reference.repo, reference.revision or "main")
    if options.json:
        _print_json({"html": found.html, "text": found.text, "head": _plain_json(found.matter)})
    else:
        print(found.text.rstrip() or f"{reference.repo} has no model card.")
    return 0


@command(
    "models download",
    "fetch a model into the Hugging Face cache: verified, and going on where an earlier download stopped",
    REFERENCE,
    Argument("--anyway", "also a model that this build of llama.cpp does not run", flag=True),
    Argument("--bandwidth", "bytes a second at most, e.g. 5MB (default: the setting)", metavar="SIZE"),
    JSON,
    DATA_DIR,
)
def download(options: argparse.Namespace) -> int:
    from lab_app.batch import single
    from lab_app.hub import download as downloads
    from lab_app.hub import preview, resolve
    from lab_app.store import Store
    from lab_app.system import paths

    reference = _reference(options.model)
    folders = paths.Folders(paths.data_dir(options.data_dir)).create()
    bandwidth = _bandwidth(options.bandwidth)
    with Store.open(folders.db) as store:
        found = resolve.resolve(reference)
        job = downloads.pinned_job(
            found.files, reference.revision or "main", bandwidth=bandwidth, anyway=options.anyway
        )
        try:
            done = single.run(job, store, folders, as_json=options.json)
        except LabError as error:
            if (error.hint or "").endswith(preview.NOTHING):
                raise type(error)(error.message, f"{error.hint} With --anyway it is.") from None
            raise
    if options.json:
        return 0
    for name, file in done["files"].items():
        print(f"{plain(name)}: {file['path']} ({size(file['size'])}, {_kind(file['oid'])} {file['oid']})")
    return 0


def _kind(oid: str) -> str:
    return "sha256" if len(oid) == 64 else "git sha1"


@command(
    "models verify",
    "read what the cache has of a repository and compare it with the hub's checksums; needs no network",
    REFERENCE,
    Argument("--repair", "fetch again what is wrong", flag=True),
    JSON,
    DATA_DIR,
)
def verify(options: argparse.Namespace) -> int:
    from lab_app.batch import single
    from lab_app.hub import verify as verifying
    from lab_app.store import Store
    from lab_app.system import paths

    reference = _reference(options.model)
    revision = reference.revision or "main"
    folders = paths.Folders(paths.data_dir(options.data_dir)).create()
    with Store.open(folders.db) as store:
        done = single.run(verifying.job(reference.repo, revision), store, folders, as_json=options.json)
        wrong = [item for item in done["files"] if item["problem"]]
        if not options.json:
            for item in done["files"]:
                print(f"{plain(item['name'])}: {plain(item['problem'] or 'right')} ({size(item['size'])})")
        if wrong and options.repair:
            from lab_app.hub import download as downloads

            names = [item["name"] for item in wrong]
            single.run(downloads.job(reference.repo, names, revision), store, folders, as_json=options.json)
            return 0
    if wrong:
        raise IntegrityError(
            f"{len(wrong)} of {len(done['files'])} files of {reference.repo} are not what they should be.",
            "Run the same with --repair to fetch what is wrong again.",
        )
    return 0


@command(
    "token",
    "the access token for the hub: where it comes from, keep it, forget it",
    Argument("what", "status, save (it is asked for, or read from standard input), forget",
             choices=("status", "save", "forget"), required=True),
    Argument("--plaintext", "save: into a file that only you can read, where there is no keyring", flag=True),
    DATA_DIR,
)  # fmt: skip
def token(options: argparse.Namespace) -> int:
    import os

    from lab_app.system import paths, secrets

    if options.data_dir:
        os.environ[paths.DATA_VARIABLE] = str(paths.data_dir(options.data_dir))
    if options.what == "save":
        if sys.stdin.isatty():
            import getpass

            value = getpass.getpass("Access token (it is not shown): ")
        else:
            value = sys.stdin.readline()
        print(f"Kept in {secrets.save(value, plaintext=options.plaintext)}.")
    elif options.what == "forget":
        secrets.forget()
        still = " HF_TOKEN in your environment is yours to unset." if os.environ.get("HF_TOKEN") else ""
        print(f"Forgotten.{still}")
    else:
        found = secrets.find()
        print(f"There is an access token, from {found[1]}." if found else "There is no access token.")
    return int(ExitCode.OK)


def _reference(text: str) -> Reference:
    from lab_app.hub import reference

    return reference.parse(text)


def _amount(text: str | None) -> float | None:
    if text is None:
        return None
    found = parse_amount(text)
    if found is None:
        raise UsageError(f"{text!r} is no number of parameters.", "Write e.g. 500M or 8B.")
    return found


def _bandwidth(text: str | None) -> int | None:
    if text is None:
        return None
    found = parse_size(text.removesuffix("/s"))
    if not found:
        raise UsageError(f"{text!r} is no bandwidth.", "Write bytes a second, e.g. 5MB.")
    return found


def _plain_json(value: Any) -> Any:
    """The YAML head as JSON: dates become text."""
    return json.loads(json.dumps(value, default=str))


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False))

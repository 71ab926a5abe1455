"""What the page shows of models, gathered in the background. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lab_app.gguf.inspect import Inspection
from lab_app.gguf.library import Row
from lab_app.gui.models import CONTEXTS, KV_TYPES
from lab_app.store import Store
from lab_app.system.errors import LabError
from lab_app.system.paths import Folders

if TYPE_CHECKING:
    from lab_app.hub.browse import Machine, Offer, Repository


def machine(reserve: int) -> Machine:
    """What is free here. Asks for the engine's build: not for the GUI thread."""
    from lab_app.hub.browse import Machine

    return Machine.here(reserve)


@dataclass(frozen=True, slots=True)
class Fitting:
    """fit: a word of :class:`lab_app.gguf.memory.Fit`; needed: bytes. Both empty where nobody can tell."""

    fit: str = ""
    needed: int = 0


def fitting(path: str | Path, context: int, kv: str, here: Machine) -> Fitting:
    """Whether the model of a file runs here, by its header."""
    from lab_app.gguf import memory
    from lab_app.gguf.parts import read_model

    try:
        header = read_model(path).header
        trained = header.context_length or context
        load = memory.Load(n_ctx=min(context, trained), kv_type_k=kv, kv_type_v=kv)
        fit, need, _ = memory.fit(header, load, ram=here.ram, vram=here.vram, reserve=here.reserve)
    except (LabError, OSError, ValueError):
        return Fitting()
    return Fitting(str(fit.value), need.total)


@dataclass(frozen=True, slots=True)
class Offered:
    """The models of a repository at one choice of context and KV type. free: bytes a model may take here."""

    repo: str
    context: int
    kv: str
    offers: tuple[Offer, ...]
    free: int
    problem: str


def offered(repository: Repository, context: int, kv: str, reserve: int) -> Offered:
    """Whether each model of a repository fits here; nothing is asked of the network."""
    from lab_app.gguf.memory import Load

    here = machine(reserve)
    offers = repository.offers(Load(n_ctx=context, kv_type_k=kv, kv_type_v=kv), here)
    return Offered(repository.listing.repo, context, kv, tuple(offers), here.usable, repository.problem or "")


def together(paths: Sequence[str], context: int, reserve: int) -> tuple[int, int]:
    """(bytes that models need when all of them are loaded at once, bytes that can be used here). Those whose header
    does not tell count as nothing."""
    here = machine(reserve)
    return sum(fitting(path, context, "f16", here).needed for path in dict.fromkeys(paths)), here.usable


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the library and whether it runs at the context and KV type asked for."""

    row: Row
    fitting: Fitting
    words: str
    """What the filter looks into, in lower case."""
    where: str


def listed(row: Row, fits: Fitting) -> Listed:
    places = (f"{place.source} {place.label}" for place in row.places)
    texts = (row.name, row.title, row.quant, row.kind, row.architecture, fits.fit, row.problem, *places)
    where = "; ".join(f"{place.source}: {place.label}" for place in row.places)
    return Listed(row, fits, " ".join(texts).casefold(), where)


def library(store: Store, folders: Folders, context: int, kv: str, reserve: int) -> list[Listed]:
    """Scans the folders and reads headers."""
    from lab_app.gguf.library import scan

    here = machine(reserve)
    return [
        listed(
            row,
            fitting(row.path, context, kv, here) if row.kind == "model" and not row.problem else Fitting(),
        )
        for row in scan(folders, store)
    ]


@dataclass(frozen=True, slots=True)
class Curve:
    """Bytes by context (tokens) of one KV type."""

    kv: str
    points: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the inspector shows of one file. problem: why it cannot be shown, else empty."""

    path: str
    inspection: Inspection | None
    curves: tuple[Curve, ...] = ()
    usable: int = 0
    problem: str = ""


def shown(path: str, reserve: int) -> Shown:
    """Reads the header; never raises."""
    from lab_app.gguf.inspect import inspect

    try:
        found = inspect(path)
    except (LabError, OSError) as error:
        return Shown(path, None, problem=str(error))
    return Shown(path, found, _curves(path, found), machine(reserve).usable)


def _curves(path: str, found: Inspection) -> tuple[Curve, ...]:
    from lab_app.gguf import memory
    from lab_app.gguf.parts import read_model

    header = read_model(path).header
    trained = found.context_length or 8192
    contexts = sorted({*(n for n in (256, 512, 1024, *CONTEXTS) if n < trained), trained})
    curves = []
    try:
        for kv in KV_TYPES:
            load = [
                memory.estimate(header, memory.Load(n_ctx=n, kv_type_k=kv, kv_type_v=kv)).total
                for n in contexts
            ]
            curves.append(Curve(kv, tuple(zip(contexts, load, strict=True))))
    except ValueError:
        return ()
    return tuple(curves)


def numbers(found: Inspection) -> Mapping[str, str]:
    """The inspector's summary: untranslated name → value."""
    from lab_app.system.units import amount, size

    def each(value: int | tuple[int, ...] | None) -> str:
        if value is None:
            return "–"
        return (
            str(value)
            if isinstance(value, int)
            else " ".join(map(str, value[:4])) + (" …" if len(value) > 4 else "")
        )

    attention, rope, tokenizer = found.attention, found.rope, found.tokenizer
    rows = {
        "Name": found.name or "–",
        "Architecture": found.architecture,
        "Weights": amount(found.parameters),
        "File": f"{size(found.size)}, {found.quant}, {found.bits_per_weight:.2f} bits per weight",
        "Context": f"{found.context_length:,} tokens".replace(",", "\u202f") if found.context_length else "–",
        "Layers": each(found.blocks),
        "Width": f"{each(found.embedding_length)}, feed-forward {each(found.feed_forward_length)}",
        "Attention": f"{attention.kind}, {each(attention.heads)} heads, {each(attention.kv_heads)} for K and V",
        "RoPE": f"base {rope.freq_base:g}" if rope.freq_base else "–",
        "Tokenizer": f"{tokenizer.kind}, {tokenizer.vocabulary or '–'} tokens"
        + (f", pre-tokenizer {tokenizer.pre}" if tokenizer.pre else ""),
        "Chat template": "yes" if found.chat_template else "none",
        "Licence": found.licence or "not stated",
    }
    if found.experts:
        rows["Experts"] = f"{found.experts}, {found.experts_used} at a time"
    if attention.sliding_window:
        rows["Sliding window"] = f"{attention.sliding_window} tokens"
    if rope.scaling and rope.scaling != "none":
        rows["RoPE"] += f", {rope.scaling} scaling by {rope.factor or 1:g}"
    return rows

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
from lab_app.system import said
from lab_app.system.errors import LabError
from lab_app.system.paths import Folders
from lab_app.system.translation import note, translate

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
    offers: tuple[Offer, ...]
    free: int
    problem: str


def offered(repository: Repository, context: int, kv: str, reserve: int) -> Offered:
    """Whether each model of a repository fits here; nothing is asked of the network."""
    from lab_app.gguf.memory import Load

    here = machine(reserve)
    offers = repository.offers(Load(n_ctx=context, kv_type_k=kv, kv_type_v=kv), here)
    problem = said.local(repository.problem or "")
    return Offered(repository.listing.repo, context, tuple(offers), here.usable, problem)


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
    where = "; ".join(f"{said.local(place.source)}: {said.local(place.label)}" for place in row.places)
    texts = (row.name, row.title, row.quant, row.kind, row.architecture, fits.fit, row.problem, where)
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
        curves = _curves(path, found)  # reads it once more: it may be gone by now
    except (LabError, OSError) as error:
        return Shown(path, None, problem=said.local(str(error)))
    return Shown(path, found, curves, machine(reserve).usable)


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


KINDS = {
    "none": note("inspector", "none"),
    "hybrid": note("inspector", "hybrid"),
    "unknown": note("inspector", "unknown"),
    "SentencePiece (byte-pair with scores)": note("inspector", "SentencePiece (byte-pair with scores)"),
    "byte-level BPE": note("inspector", "byte-level BPE"),
    "BPE over SentencePiece blanks": note("inspector", "BPE over SentencePiece blanks"),
    "RWKV (greedy trie)": note("inspector", "RWKV (greedy trie)"),
    "SentencePiece (unigram)": note("inspector", "SentencePiece (unigram)"),
}
"""Of an inspection, those that are words."""


def numbers(found: Inspection) -> Mapping[str, str]:
    """The inspector's summary: untranslated name → value in the chosen language."""
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
    kind = translate("inspector", KINDS.get(tokenizer.kind, tokenizer.kind))
    words = translate("inspector", "{0}, {1} tokens").format(kind, tokenizer.vocabulary or "–")
    if tokenizer.pre:
        words = translate("inspector", "{0}, pre-tokenizer {1}").format(words, tokenizer.pre)
    file = translate("inspector", "{0}, {1}, {2} bits per weight")
    if not found.tensors:
        file = translate("inspector", "{0}, no tensors")
    if found.vocabulary_only:
        file = translate("inspector", "{0}, no tensors: a vocabulary only")
    context = f"{found.context_length:,}".replace(",", "\u202f") if found.context_length else ""
    rows = {
        "Name": found.name or "–",
        "Architecture": found.architecture,
        "Weights": amount(found.parameters),
        "File": file.format(size(found.size), found.quant, f"{found.bits_per_weight:.2f}"),
        "Context": translate("inspector", "{0} tokens").format(context) if context else "–",
        "Layers": each(found.blocks),
        "Width": translate("inspector", "{0}, feed-forward {1}").format(
            each(found.embedding_length), each(found.feed_forward_length)
        ),
        "Attention": translate("inspector", "{0}, {1} heads, {2} for K and V").format(
            translate("inspector", KINDS.get(attention.kind, attention.kind)),
            each(attention.heads),
            each(attention.kv_heads),
        ),
        "RoPE": translate("inspector", "base {0}").format(f"{rope.freq_base:g}") if rope.freq_base else "–",
        "Tokenizer": words,
        "Chat template": translate("inspector", "yes")
        if found.chat_template
        else translate("inspector", "none"),
        "Licence": found.licence or translate("inspector", "not stated"),
    }
    if found.experts:
        text = translate("inspector", "{0}, {1} at a time")
        rows["Experts"] = text.format(found.experts, found.experts_used)
    if attention.sliding_window:
        rows["Sliding window"] = translate("inspector", "{0} tokens").format(attention.sliding_window)
    if rope.scaling and rope.scaling != "none":
        text = translate("inspector", "{0}, {1} scaling by {2}")
        rows["RoPE"] = text.format(rows["RoPE"], rope.scaling, f"{rope.factor or 1:g}")
    return rows

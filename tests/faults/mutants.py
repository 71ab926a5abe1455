"""Damaged GGUF files, seeded, and the job that lets llama.cpp loose on those the reader lets through."""

from __future__ import annotations

import random
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lab_app.gguf.header import FIXED_BYTES, GgufFile
from lab_app.jobs.context import InputFile, JobContext
from lab_app.store.records import Sample
from lab_app.system.errors import LabError

_EXTREMES = (0, 1, 7, 0x7F, 0xFF, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1, 2**53, 2**63 - 1, 2**63, 2**64 - 1)
PLACES = ("header", "metadata", "tensors", "data")


@dataclass(frozen=True)
class Mutant:
    """place: one of PLACES. what: for the message of a failing test."""

    place: str
    what: str
    raw: bytes


def mutants(whole: bytes, file: GgufFile, count: int, seed: int) -> list[Mutant]:
    """``count`` different damaged copies of ``whole``: bits, bytes, numbers, pieces lost, doubled and swapped."""
    dice = random.Random(seed)
    infos = FIXED_BYTES + file.kv_bytes
    spans = {
        "header": (0, FIXED_BYTES),
        "metadata": (FIXED_BYTES, infos),
        "tensors": (infos, file.data_offset),
        "data": (file.data_offset, len(whole)),
    }
    found: dict[bytes, Mutant] = {}
    while len(found) < count:
        place = PLACES[len(found) % len(PLACES)]
        low, high = spans[place]
        raw = bytearray(whole)
        steps = []
        for _ in range(dice.choice((1, 1, 1, 2, 5))):
            at = dice.randrange(low, high)
            how = dice.choice(("bit", "byte", "u32", "u64", "zeros", "noise", "lose", "double", "swap"))
            steps.append(f"{how} at {at}")
            _change(raw, how, at, dice)
        if bytes(raw) != whole:
            found.setdefault(bytes(raw), Mutant(place, ", ".join(steps), bytes(raw)))
    return list(found.values())


def _change(raw: bytearray, how: str, at: int, dice: random.Random) -> None:
    size = dice.randrange(1, 40)
    if how == "bit":
        raw[at % len(raw)] ^= 1 << dice.randrange(8)
    elif how == "byte":
        raw[at % len(raw)] = dice.randrange(256)
    elif how in ("u32", "u64"):
        width = 4 if how == "u32" else 8
        raw[at : at + width] = struct.pack("<Q", dice.choice(_EXTREMES))[:width]
    elif how == "zeros":
        raw[at : at + size] = bytes(len(raw[at : at + size]))
    elif how == "noise":
        raw[at : at + size] = dice.randbytes(len(raw[at : at + size]))
    elif how == "lose":
        del raw[at : at + size]
    elif how == "double":
        raw[at:at] = raw[at : at + size]
    else:
        raw[at : at + size], raw[:size] = raw[:size], raw[at : at + size]


def try_all(context: JobContext) -> Mapping[str, Any]:
    """Job: load, run and quantize every file in params["files"] that no earlier attempt has begun with.

    One sample when a file is begun, one when it is done; a file llama.cpp aborts over has only the first.
    """
    begun = {sample.x for sample in context.done if sample.series == "begun"}
    for index, name in enumerate(context.params["files"]):
        if index in begun:
            continue
        context.emit(Sample("begun", index, 0.0))
        outcomes = [_outcome(_run_model, context, name), _outcome(_quantize, context, name)]
        context.emit(Sample("done", index, 0.0, payload={"outcomes": outcomes}))
    return {}


def _outcome(step: Any, context: JobContext, name: str) -> str:
    try:
        step(context, name)
    except LabError as error:
        return f"{type(error).__name__}: {error.message}"
    return "ok"


def _run_model(context: JobContext, name: str) -> None:
    from lab_app.engines import open_engine
    from lab_app.engines.base import EngineSettings

    engine = open_engine("llama", name, EngineSettings(threads=1))
    try:
        engine.open(n_ctx=32)
        for logits in engine.score([engine.tokenize("abc", add_special=True)[:16] or [1]], 0):
            assert logits.shape[1] == engine.info.n_vocab
    finally:
        engine.close()


def _quantize(context: JobContext, name: str) -> None:
    from lab_app.quant import quantize

    params = {"type": "Q4_K_M", "allow_requantize": True}
    own = replace(
        context,
        params=params,
        inputs={"model": InputFile(name, "")},
        hints={"threads": 1, "name": Path(name).name},
        emit=lambda event: None,
    )
    quantize.run(own)
    (context.out_dir / Path(name).name).unlink()

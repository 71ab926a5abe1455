"""Damaged GGUF files, seeded, and the job that lets llama.cpp loose on those the reader lets through."""

from __future__ import annotations

import hashlib
import random
import signal
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lab_app.gguf.header import FIXED_BYTES, GgufFile, LazyArray
from lab_app.gguf.reader import read
from lab_app.jobs.context import InputFile, JobContext
from lab_app.store.records import Sample
from lab_app.system import paths
from lab_app.system.errors import LabError

_EXTREMES = (0, 1, 7, 0x7F, 0xFF, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1, 2**53, 2**63 - 1, 2**63, 2**64 - 1)
PLACES = ("header", "metadata", "tensors", "data")


@contextmanager
def no_longer_than(seconds: int) -> Iterator[None]:
    """Raises TimeoutError in the main thread; needs SIGALRM."""

    def stop(*_: Any) -> None:
        raise TimeoutError(f"took longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def one_sentence(text: str) -> bool:
    return bool(text) and "\n" not in text and len(text) < 600 and text.endswith(".") and text.isprintable()


@dataclass(frozen=True)
class Mutant:
    """place: one of PLACES. what: for the message of a failing test."""

    place: str
    what: str
    raw: bytes


def mutants(whole: bytes, file: GgufFile, count: int, seed: int) -> Iterator[Mutant]:
    """``count`` different damaged copies of ``whole``: bits, bytes, numbers, pieces lost, doubled and swapped."""
    dice = random.Random(seed)
    infos = FIXED_BYTES + file.kv_bytes
    spans = {
        "header": (0, FIXED_BYTES),
        "metadata": (FIXED_BYTES, infos),
        "tensors": (infos, file.data_offset),
        "data": (file.data_offset, len(whole)),
    }
    found: set[bytes] = set()
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
        digest = hashlib.sha256(raw).digest()
        if digest not in found and bytes(raw) != whole:
            found.add(digest)
            yield Mutant(place, ", ".join(steps), bytes(raw))


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
    """Job: inspect, quantize and measure every file in params["files"] that no earlier attempt has begun with.

    The handlers are those of the real jobs. One sample when a file is begun, one when it is done; a file over
    which llama.cpp aborts has only the first.
    """
    begun = {sample.x for sample in context.done if sample.series == "begun"}
    for index, name in enumerate(context.params["files"]):
        if index in begun:
            continue
        context.emit(Sample("begun", index, 0.0))
        outcomes = [_outcome(step, context, name) for step in (_inspect, _quantize, _measure)]
        context.emit(Sample("done", index, 0.0, payload={"outcomes": outcomes}))
    return {}


def _outcome(step: Any, context: JobContext, name: str) -> str:
    try:
        step(context, name)
    except LabError as error:
        return f"{type(error).__name__}: {error.message}"
    return "ok"


def _inspect(context: JobContext, name: str) -> None:
    file = read(name)
    for value in file.metadata.values():
        if isinstance(value, LazyArray):
            len(list(value))


def _quantize(context: JobContext, name: str) -> None:
    from lab_app.quant import quantize

    params = {"type": "Q4_K_M", "allow_requantize": True}
    hints = {"threads": 1, "name": Path(name).name}
    quantize.run(replace(context, params=params, inputs=_inputs(name), hints=hints, emit=_nobody))
    read(context.out_dir / Path(name).name)  # what bears a final name is whole
    (context.out_dir / Path(name).name).unlink()


def _measure(context: JobContext, name: str) -> None:
    from lab_app.probes import job

    params = {
        "probe": "divergence",
        "spec": {"context": 32, "chunks": 2},
        "engine": "llama",
        "settings": {"threads": 1, "n_batch": 32},
    }
    inputs = {**_inputs(name), "text": InputFile(str(paths.resource("texts/evaluation.txt")), "")}
    job.run(replace(context, params=params, inputs=inputs, done=(), emit=_nobody))
    (context.out_dir / "base.logits").unlink()


def _inputs(name: str) -> dict[str, InputFile]:
    return {"model": InputFile(name, "")}


def _nobody(event: Any) -> None:
    """Hears what the handlers say."""

"""Handlers of the job kinds ``generate`` and ``tokenize``: looking closely at one model and one text.

generate: params ``{"prompt": str, "chat": bool, "max_tokens": int, "top": int, "sampling": {…}, "settings": {…}}``.
          A sample a token: series ``token``, x its index, y the probability of the token drawn, payload ``id``,
          ``text`` and ``top`` [[id, text, probability], …], most probable first. The text of a token may be a part
          of a character only; the result has the whole ``text``, ``stopped_by``, ``prompt_tokens``, ``seconds``.
tokenize: params ``{"text": str, "add_special": bool, "parse_special": bool}``; the result has ``tokens``
          [[id, text, first byte, last byte + 1], …] in bytes of the text as UTF-8 (None where a token stands for none).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from lab_app.engines import open_engine
from lab_app.engines.base import Engine, EngineSettings, Message, Sampling
from lab_app.engines.spans import spans
from lab_app.jobs.context import JobContext
from lab_app.store.records import Sample
from lab_app.system.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def prompt_tokens(engine: Engine, text: str, *, chat: bool) -> list[int]:
    """A user's turn through the chat template, or the text as it is."""
    if chat:
        return engine.chat_prompt([Message(role="user", content=text)])
    return engine.tokenize(text, add_special=True)


def top(logits: NDArray[np.float32], count: int) -> list[tuple[int, float]]:
    """The ``count`` most probable tokens of ``logits`` [n_vocab] with their probabilities; lowest id first among
    equals."""
    import numpy as np

    values = logits.astype(np.float64)
    weights = np.exp(values - values.max())
    total = weights.sum()
    candidates = np.argpartition(-values, min(count, len(values) - 1))[:count]
    order = sorted((int(i) for i in candidates), key=lambda i: (-values[i], i))
    return [(i, float(weights[i] / total)) for i in order]


def generate(context: JobContext) -> Mapping[str, Any]:
    """Raises UsageError (settings, no chat template), IntegrityError, ResourceError."""
    params = context.params
    settings = EngineSettings(**params.get("settings", {}))
    engine = open_engine("llama", context.inputs["model"].path, settings, cancelled=context.cancelled)
    best: list[tuple[int, float]] = []
    drawn = 0

    def hear(logits: NDArray[np.float32]) -> None:
        best[:] = top(logits, max(int(params["top"]), 1))

    def heard(token: int, piece: str) -> None:
        nonlocal drawn
        context.check()
        shown = [[i, engine.detokenize([i], special=True), p] for i, p in best]
        chance = next((p for i, p in best if i == token), 0.0)
        context.emit(
            Sample("token", float(drawn), chance, payload={"id": token, "text": piece, "top": shown})
        )
        drawn += 1
        context.progress(drawn, int(params["max_tokens"]), "tokens")

    with closing(engine):
        prompt = prompt_tokens(engine, str(params["prompt"]), chat=bool(params["chat"]))
        if not prompt:
            raise UsageError("There is no prompt.", "Write something for the models to continue.")
        engine.open(n_ctx=len(prompt) + int(params["max_tokens"]))
        began = time.perf_counter()
        done = engine.generate(
            prompt, max_tokens=int(params["max_tokens"]), sampling=Sampling(**params.get("sampling", {})),
            on_token=heard, on_logits=hear,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        context.provenance.update(engine.info.provenance)
    return {
        "text": done.text,
        "tokens": list(done.tokens),
        "stopped_by": done.stopped_by,
        "prompt_tokens": len(prompt),
        "seconds": seconds,
    }


def tokenize(context: JobContext) -> Mapping[str, Any]:
    """Raises UsageError, IntegrityError."""
    from lab_app.engines.llama_vocab import open_vocab

    text = str(context.params["text"])
    with open_vocab(context.inputs["model"].path) as vocab:
        ids = vocab.tokenize(
            text,
            add_special=bool(context.params.get("add_special", False)),
            parse_special=bool(context.params.get("parse_special", False)),
        )
        pieces = [vocab.piece(token) for token in ids]
        shown = [_legible(vocab.piece(token, special=True)) for token in ids]
        size = vocab.size
    places = spans(text.encode("utf-8", errors="replace"), pieces)
    return {
        "tokens": [[token, name, *place] for token, name, place in zip(ids, shown, places, strict=True)],
        "n_vocab": size,
    }


def _legible(piece: bytes) -> str:
    """The text of a token; bytes that are no whole characters as ``<C3>``."""
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(f"<{byte:02X}>" for byte in piece)

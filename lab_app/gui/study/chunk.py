"""One scored chunk of a text: what base and quant held of each of its tokens. Read beside the GUI thread."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from PySide6.QtCore import QT_TRANSLATE_NOOP

from lab_app.gguf.vocabulary import Vocabulary, read_vocabulary, readable
from lab_app.store import Store
from lab_app.store.records import Sample, unpack_array
from lab_app.system.errors import LabError

UNREADABLE = str(QT_TRANSLATE_NOOP("tokens", "The tokens' texts cannot be read."))


@dataclass(frozen=True, slots=True)
class Token:
    """kld: nats; p, p_base: probability of the token that stands in the text; top, top_base: what the models
    would rather have written (ids)."""

    id: int
    text: str
    kld: float
    p: float
    p_base: float
    top: int
    top_base: int
    control: bool = False

    @property
    def agreed(self) -> bool:
        return self.top == self.top_base


@dataclass(frozen=True)
class Chunk:
    """``problem``: why the tokens have numbers instead of text."""

    number: int
    tokens: tuple[Token, ...]
    names: dict[int, str] = field(default_factory=dict)
    problem: str = ""

    def name(self, token: int) -> str:
        """A token as one reads it, quoted."""
        return f"“{visible(self.names[token])}”" if token in self.names else f"#{token}"


def visible(text: str) -> str:
    """Line breaks and tabs as signs."""
    return text.replace("\n", "⏎").replace("\t", "⇥").replace("\r", "␍")


def read_chunk(store: Store, job_key: str, number: int, vocabulary: Vocabulary | None) -> Chunk | None:
    """Chunk ``number`` of a variant's divergence job; None where it is not measured or was not compared."""
    sample = store.sample(job_key, "chunk", float(number))
    if (
        sample is None
        or not sample.payload
        or "kld" not in sample.payload
        or "top_base" not in sample.payload
    ):
        return None
    return chunk_of(sample, vocabulary)


def chunk_of(sample: Sample, vocabulary: Vocabulary | None) -> Chunk:
    assert sample.payload is not None
    columns = {
        name: unpack_array(sample.payload[name]).tolist()
        for name in ("tokens", "nll", "nll_base", "kld", "top", "top_base")
    }
    ids = columns["tokens"]
    names: dict[int, str] = {}
    texts = [f"#{token} " for token in ids]
    control = [False] * len(ids)
    if vocabulary is not None:
        try:
            texts = readable([vocabulary.piece(token) for token in ids])
            control = [vocabulary.is_control(token) for token in ids]
            for token in {*ids, *columns["top"], *columns["top_base"]}:
                names[token] = vocabulary.piece(token).decode("utf-8", "backslashreplace")
        except IndexError:
            names = {}
    tokens = tuple(
        Token(token, text, kld, math.exp(-nll), math.exp(-base), top, top_base, mark)
        for token, text, kld, nll, base, top, top_base, mark in zip(
            ids, texts, columns["kld"], columns["nll"], columns["nll_base"], columns["top"], columns["top_base"],
            control, strict=True,
        )
    )  # fmt: skip
    return Chunk(int(float(sample.x)), tokens, names, "" if names else UNREADABLE)


def vocabulary_of(store: Store, study_id: str) -> Vocabulary | None:
    """Of the first file of the study that can be read, the base's if possible."""
    study = store.study(study_id)
    for variant in sorted(study.variants if study else (), key=lambda v: not v.is_base):
        paths = [variant.path] if variant.path else []
        if variant.file_key:
            paths += [a.path for a in store.artifacts(variant.file_key) if a.role == "model"]
        for path in paths:
            try:
                return read_vocabulary(path)
            except LabError:
                continue
    return None

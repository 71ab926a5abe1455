"""Tokens with their places in the text, alignments, forks, and generations with what else was probable."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_app.engines.spans import align, fork, spans
from lab_app.jobs.job import FileInput, Slot
from lab_app.store import Store
from tests.conftest import RunJob

TEXT = "Grüße, 12345 + 67890 = ?\n\t😀 end"


def test_spans_cover_the_text_in_order() -> None:
    assert spans(b"ab c", [b"a", b"b", b" c"]) == [(0, 1), (1, 2), (2, 4)]
    assert spans(b"ab", [b"", b" ab", b""]) == [(None, None), (0, 2), (None, None)], (
        "BOS, a blank put in front, EOS"
    )
    assert spans("é".encode(), [b"\xc3", b"\xa9"]) == [(0, 1), (1, 2)]
    halves = spans("é!".encode(), [b"\xc3", b"\xa9", b"!"])
    assert [(p.start, p.end) for p in align(halves, halves, "é!".encode())] == [
        (0, 2), (2, 3),
    ], "a character is not cut"  # fmt: skip
    assert spans(b"ab", [b"xx", b"ab"]) == [(None, None), (0, 2)]


def test_alignment_of_two_tokenizations() -> None:
    first, second = spans(b"abcdef", [b"ab", b"c", b"def"]), spans(b"abcdef", [b"abc", b"de", b"f"])
    pieces = align(first, second)
    assert [(p.start, p.end, p.first, p.second, p.same) for p in pieces] == [
        (0, 3, (0, 1), (0,), False), (3, 6, (2,), (1, 2), False),
    ]  # fmt: skip
    assert all(piece.same for piece in align(first, first))


@given(st.binary(min_size=1, max_size=30), st.sets(st.integers(1, 29)), st.sets(st.integers(1, 29)))
def test_alignment_holds_every_token_once(text: bytes, cuts: set[int], others: set[int]) -> None:
    def cut(places: set[int]) -> list[bytes]:
        ends = sorted({p for p in places if p < len(text)} | {len(text)})
        return [text[a:b] for a, b in zip([0, *ends], ends, strict=False)]

    first, second = spans(text, cut(cuts)), spans(text, cut(others))
    pieces = align(first, second)
    assert [i for p in pieces for i in p.first] == list(range(len(first)))
    assert [i for p in pieces for i in p.second] == list(range(len(second)))
    assert pieces[0].start == 0 and pieces[-1].end == len(text)
    assert all(a.end == b.start for a, b in pairwise(pieces))
    assert all(piece.same for piece in pieces) == (first == second)


def test_fork() -> None:
    assert fork([1, 2, 3], [1, 2, 4]) == 2
    assert fork([1, 2], [1, 2, 4]) is None
    assert fork([], []) is None


def test_tokens_of_a_real_model(run_job: RunJob, store: Store, demo_model: Path) -> None:
    model = FileInput(str(demo_model), store.file_sha256(demo_model))
    ran = run_job("tokenize", {"text": TEXT}, {"model": model}, slot=Slot.LIVE)
    tokens = ran.values["tokens"]
    raw = TEXT.encode()
    assert b"".join(raw[start:end] for _, _, start, end in tokens) == raw, "nothing of the text is lost"
    assert tokens[0][1] == "Gr" or raw.startswith(tokens[0][1].encode())
    assert ran.values["n_vocab"] == 49152
    marked = run_job("tokenize", {"text": "<|im_start|>", "parse_special": True}, {"model": model}).values[
        "tokens"
    ]
    assert [token[1] for token in marked] == ["<|im_start|>"]


def test_a_generation_shows_what_else_was_probable(run_job: RunJob, store: Store, demo_model: Path) -> None:
    model = FileInput(str(demo_model), store.file_sha256(demo_model))
    params = {"prompt": "The capital of France is", "chat": False, "max_tokens": 8, "top": 5}
    ran = run_job("generate", params, {"model": model}, slot=Slot.LIVE)
    tokens = [s for s in ran.samples if s.series == "token"]
    assert [s.x for s in tokens] == list(range(len(tokens)))
    assert "Paris" in ran.values["text"]
    assert "".join(str(s.payload["text"]) for s in tokens if s.payload) == ran.values["text"]
    for sample in tokens:
        assert sample.payload is not None
        best = sample.payload["top"]
        assert len(best) == 5 and best[0][0] == sample.payload["id"], "greedy takes the most probable"
        chances = [chance for _, _, chance in best]
        assert chances == sorted(chances, reverse=True) and sum(chances) <= 1.0 + 1e-9
        assert sample.y == pytest.approx(chances[0])
    chat = run_job("generate", {**params, "chat": True, "max_tokens": 2}, {"model": model})
    assert chat.values["prompt_tokens"] > 20, "the template adds a system turn and headers"

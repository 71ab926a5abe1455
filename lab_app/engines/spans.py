"""Which bytes of a text each token stands for, and where two tokenizations of it differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[int, int] | tuple[None, None]


def spans(text: bytes, pieces: Sequence[bytes]) -> list[Span]:
    """The part of ``text`` that each of its tokens' ``pieces`` covers, in order.

    A tokenizer may put a blank in front that the text does not have (SentencePiece's add_space_prefix), or
    normalize; a piece that is not at its place in the text stands for none of it (None, None).
    """
    found: list[Span] = []
    at = 0
    for piece in pieces:
        for candidate in (piece, piece[1:] if piece.startswith(b" ") else b""):
            if candidate and text.startswith(candidate, at):
                found.append((at, at + len(candidate)))
                at += len(candidate)
                break
        else:
            found.append((None, None))
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text whose ends are token boundaries on both sides: indices of the tokens of each."""

    start: int
    end: int
    first: tuple[int, ...]
    second: tuple[int, ...]
    same: bool
    """Both sides have the same boundaries within."""


def align(first: Sequence[Span], second: Sequence[Span], text: bytes | None = None) -> list[Piece]:
    """The smallest common stretches of two tokenizations of one text; with ``text`` (UTF-8), of whole characters.

    Tokens without bytes of their own (BOS, EOS) belong to the stretch that begins where they stand.
    """
    ends_first = [end for _, end in first if end is not None]
    ends_second = [end for _, end in second if end is not None]
    common = sorted(set(ends_first) & set(ends_second))
    if text is not None:
        common = [end for end in common if end >= len(text) or text[end] & 0xC0 != 0x80]
    pieces: list[Piece] = []
    start = a = b = 0
    for end in common:
        own, a = _take(first, a, end)
        other, b = _take(second, b, end)
        pieces.append(Piece(start, end, own, other, [first[i] for i in own] == [second[i] for i in other]))
        start = end
    rest = tuple(range(a, len(first))), tuple(range(b, len(second)))
    if rest[0] or rest[1]:
        pieces.append(Piece(start, start, *rest, len(rest[0]) == len(rest[1])))
    return pieces


def _take(tokens: Sequence[Span], at: int, end: int) -> tuple[tuple[int, ...], int]:
    begin = at
    while at < len(tokens):
        last = tokens[at][1]
        at += 1
        if last == end:
            break
    return tuple(range(begin, at)), at


def fork(first: Sequence[int], second: Sequence[int]) -> int | None:
    """Index of the first token in which two generations differ; None while one is the other's beginning."""
    return next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), None)

"""The bytes that each token of a GGUF file stands for, from its own tokenizer data: no engine is needed.

Byte-level BPE (``tokenizer.ggml.model`` ``gpt2``) writes every byte as a printable letter, as GPT-2's
``bytes_to_unicode`` does; SentencePiece (``llama``, ``t5``) and WordPiece (``bert``) write a blank as U+2581, and
SentencePiece single bytes as ``<0xE2>``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lab_app.gguf.reader import read
from lab_app.system.errors import IntegrityError

CONTROL, USER_DEFINED, BYTE = 3, 4, 6
"""Of ``tokenizer.ggml.token_type`` (llama.h, ``llama_token_type``)."""
_BLANK = "\u2581"


def _letters() -> dict[str, int]:
    """GPT-2's letters for bytes: printable ones stand for themselves, the others follow from U+0100 on."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    found = {chr(byte): byte for byte in plain}
    found.update({chr(0x100 + n): byte for n, byte in enumerate(b for b in range(256) if b not in plain)})
    return found


_BYTES = _letters()


class Vocabulary:
    """Tokens of one file; :meth:`piece` decodes one when it is asked for."""

    def __init__(self, kind: str, tokens: Sequence[str], types: Sequence[int]) -> None:
        self.kind = kind
        self._tokens = tokens
        self._types = types

    def __len__(self) -> int:
        return len(self._tokens)

    def is_control(self, token: int) -> bool:
        """Whether it is a mark for the model (BOS, end of turn), not text."""
        return 0 <= token < len(self._types) and self._types[token] == CONTROL

    def piece(self, token: int) -> bytes:
        """Bytes of a token; several tokens may make one character. Control tokens by their names.

        Raises IndexError for a token that the vocabulary does not have.
        """
        if not 0 <= token < len(self._tokens):
            raise IndexError(token)
        text = self._tokens[token]
        kind = self._types[token] if token < len(self._types) else 1
        if kind in (CONTROL, USER_DEFINED):
            return text.encode()
        if kind == BYTE or (self.kind != "gpt2" and len(text) == 6 and text.startswith("<0x")):
            try:
                return bytes([int(text[3:5], 16)])
            except ValueError:
                return text.encode()
        if self.kind == "gpt2":
            return b"".join(bytes([_BYTES[c]]) if c in _BYTES else c.encode() for c in text)
        return text.replace(_BLANK, " ").encode()


def read_vocabulary(path: str | Path) -> Vocabulary:
    """Raises UsageError (not readable), IntegrityError (no GGUF file, or one without a vocabulary)."""
    file = read(path)
    tokens = file.metadata.get("tokenizer.ggml.tokens")
    if tokens is None or isinstance(tokens, str) or not len(tokens):
        raise IntegrityError(f"{file.path.name} has no vocabulary, so its tokens have no text.")
    types = file.metadata.get("tokenizer.ggml.token_type", ())
    return Vocabulary(str(file.tokenizer[0] or ""), tokens, types)


def readable(pieces: Sequence[bytes]) -> list[str]:
    """Text of tokens in a row: a character made of several stands at the first of them, the others are empty;
    bytes that make no character are written ``\\xE2``."""
    found: list[str] = []
    at = 0
    while at < len(pieces):
        joined, end = pieces[at], at + 1
        while (text := _decoded(joined)) is None and end < len(pieces) and end - at < 6:
            joined += pieces[end]
            end += 1
        if text is None:
            joined, end = pieces[at], at + 1
            text = joined.decode("utf-8", "backslashreplace")
        found += [text, *[""] * (end - at - 1)]
        at = end
    return found


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None

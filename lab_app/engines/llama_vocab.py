"""Text to tokens and back, with llama.cpp's own tokenizers."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab_app.system.errors import UsageError


class Vocab:
    """The vocabulary of a loaded model. The model must outlive it."""

    def __init__(self, api: Any, model: Any) -> None:
        self._api = api
        self._vocab = api.llama_model_get_vocab(model)
        self.size = int(api.llama_vocab_n_tokens(self._vocab))
        self.adds_bos = bool(api.llama_vocab_get_add_bos(self._vocab))
        self.adds_eos = bool(api.llama_vocab_get_add_eos(self._vocab))
        self._piece = ctypes.create_string_buffer(256)

    def special(self, name: str) -> int | None:
        """Id of ``bos``, ``eos``, ``eot``, ``sep``, ``pad`` or ``mask``; None where the model has none."""
        token = int(getattr(self._api, f"llama_vocab_{name}")(self._vocab))
        return token if token >= 0 else None

    def is_eog(self, token: int) -> bool:
        return bool(self._api.llama_vocab_is_eog(self._vocab, token))

    def check(self, tokens: Sequence[int] | NDArray[np.int32]) -> NDArray[np.int32]:
        """The tokens as an array. Raises UsageError when one is not in the vocabulary."""
        array = np.asarray(tokens, dtype=np.int64)
        if array.size and (array.min() < 0 or array.max() >= self.size):
            bad = int(array[(array < 0) | (array >= self.size)][0])
            raise UsageError(f"Token {bad} is not in the model's vocabulary of {self.size}.")
        return array.astype(np.int32)

    def tokenize(self, text: str, *, add_special: bool = False, parse_special: bool = False) -> list[int]:
        """Ids of ``text``. Characters that UTF-8 cannot carry (lone surrogates) become ``?``."""
        raw = text.encode("utf-8", errors="replace")
        room = len(raw) + 8
        while True:
            tokens = np.empty(room, np.int32)
            count = self._api.llama_tokenize(
                self._vocab,
                raw,
                len(raw),
                tokens.ctypes.data_as(ctypes.POINTER(ctypes.c_int32)),
                room,
                add_special,
                parse_special,
            )
            if count >= 0:
                return [int(token) for token in tokens[:count].tolist()]
            if count == -(2**31):
                raise UsageError("The text has more tokens than llama.cpp can count.")
            room = -count

    def piece(self, token: int, *, special: bool = False) -> bytes:
        """The bytes of one token; several may make one character."""
        length = self._api.llama_token_to_piece(self._vocab, token, self._piece, len(self._piece), 0, special)
        if length < 0:
            self._piece = ctypes.create_string_buffer(-length)
            length = self._api.llama_token_to_piece(self._vocab, token, self._piece, -length, 0, special)
        return self._piece.raw[:length]

    def detokenize(self, tokens: Sequence[int], *, special: bool = False) -> str:
        """Text of ``tokens``; bytes that are no UTF-8 become U+FFFD. Special tokens print only if asked."""
        array = self.check(tokens)
        pointer = array.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))
        room = 16 * len(array) + 64
        while True:
            buffer = ctypes.create_string_buffer(room)
            length = self._api.llama_detokenize(
                self._vocab, pointer, len(array), buffer, room, False, special
            )
            if length >= 0:
                return buffer.raw[:length].decode("utf-8", errors="replace")
            room = -length


@contextmanager
def open_vocab(path: str) -> Iterator[Vocab]:
    """The vocabulary of a GGUF file alone, without its weights. Raises LabError subclasses."""
    from lab_app.engines import llama_errors, native_api

    native = native_api.native()
    params = native.api.llama_model_default_params()
    params.vocab_only = True
    with native.log.capture() as lines:
        model = native.api.llama_model_load_from_file(os.fsencode(path), params)
    if not model:
        raise llama_errors.load_error(lines, path)
    try:
        yield Vocab(native.api, model)
    finally:
        native.api.llama_model_free(model)

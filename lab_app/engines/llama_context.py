"""One open llama.cpp context: memory for tokens, batches, logits."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab_app.engines import llama_errors, llama_params
from lab_app.engines.base import EngineSettings
from lab_app.engines.llama_abort import AbortFlag
from lab_app.engines.llama_memory import buffer_bytes
from lab_app.engines.native_api import Native, Threadpool

Logits = NDArray[np.float32]


class Batch:
    """A ``llama_batch`` over numpy arrays: nothing is copied between Python and llama.cpp."""

    def __init__(self, api: Any, capacity: int) -> None:
        self.token = np.zeros(capacity, np.int32)
        self.pos = np.zeros(capacity, np.int32)
        self.seq = np.zeros(capacity, np.int32)
        self.output = np.zeros(capacity, np.int8)
        self._n_seq = np.ones(capacity, np.int32)
        # seq_id[i] points at a list of sequence ids; here always at one element of self.seq.
        self._seq_at = self.seq.ctypes.data + 4 * np.arange(capacity, dtype=np.uintp)
        pointer = ctypes.POINTER
        self.struct = api.llama_batch(
            n_tokens=0,
            token=self.token.ctypes.data_as(pointer(ctypes.c_int32)),
            embd=None,
            pos=self.pos.ctypes.data_as(pointer(ctypes.c_int32)),
            n_seq_id=self._n_seq.ctypes.data_as(pointer(ctypes.c_int32)),
            seq_id=self._seq_at.ctypes.data_as(pointer(pointer(ctypes.c_int32))),
            logits=self.output.ctypes.data_as(pointer(ctypes.c_int8)),
        )
        self.size = 0

    def clear(self) -> None:
        self.size = 0

    def add(self, tokens: NDArray[np.int32], first_position: int, sequence: int, first_output: int) -> None:
        """Append ``tokens`` of one sequence; positions ≥ ``first_output`` give logits."""
        start, end = self.size, self.size + len(tokens)
        positions = np.arange(first_position, first_position + len(tokens), dtype=np.int32)
        self.token[start:end] = tokens
        self.pos[start:end] = positions
        self.seq[start:end] = sequence
        self.output[start:end] = positions >= first_output
        self.size = end

    def outputs(self) -> int:
        return int(np.count_nonzero(self.output[: self.size]))


class Context:
    """A ``llama_context`` with its thread pool attached, as llama.cpp's tools run theirs.

    Raises UsageError or ResourceError when llama.cpp refuses to make it.
    """

    def __init__(
        self,
        native: Native,
        model: Any,
        settings: EngineSettings,
        pool: Threadpool,
        abort: AbortFlag,
        *,
        n_ctx: int,
        n_seq: int,
        n_vocab: int,
    ) -> None:
        self._api = native.api
        self.n_ctx = n_ctx
        self.n_seq = n_seq
        self._n_vocab = n_vocab
        self._abort = abort
        params = llama_params.context_params(
            native.api, settings, n_ctx=n_ctx, n_seq=n_seq, n_threads=pool.n_threads
        )
        params.abort_callback = ctypes.cast(abort.function, type(params.abort_callback))
        params.abort_callback_data = abort.address
        with native.log.capture() as lines:
            pointer = self._api.llama_init_from_model(model, params)
        if not pointer:
            raise llama_errors.context_error(lines, n_ctx, n_seq)
        self.pointer: Any = pointer
        native.llama.llama_attach_threadpool(pointer, pool.pointer, None)
        self._memory = self._api.llama_get_memory(pointer)
        self.n_batch = int(self._api.llama_n_batch(pointer))
        self.n_ubatch = int(self._api.llama_n_ubatch(pointer))
        self.batch = Batch(native.api, self.n_batch)
        self.report = _report(lines)
        self._reserved = lines

    def close(self) -> None:
        if self.pointer:
            self._api.llama_free(self.pointer)
            self.pointer = None

    # -- memory ----------------------------------------------------------------------------------

    def clear(self, *, data: bool = True) -> None:
        """Forget all tokens; ``data`` zeroes the buffers, too (llama-perplexity does, llama-bench does not)."""
        if self._memory:
            self._api.llama_memory_clear(self._memory, data)

    def forget_from(self, position: int) -> bool:
        """Drop positions ≥ ``position`` of sequence 0; False when this kind of memory cannot do that."""
        return bool(self._memory and self._api.llama_memory_seq_rm(self._memory, 0, position, -1))

    def save_sequence(self) -> ctypes.Array[ctypes.c_uint8]:
        """The state of sequence 0, to be restored with :meth:`restore_sequence`."""
        size = self._api.llama_state_seq_get_size(self.pointer, 0)
        buffer: ctypes.Array[ctypes.c_uint8] = (ctypes.c_uint8 * size)()
        self._api.llama_state_seq_get_data(self.pointer, buffer, size, 0)
        return buffer

    def restore_sequence(self, state: ctypes.Array[ctypes.c_uint8]) -> bool:
        return bool(self._api.llama_state_seq_set_data(self.pointer, state, len(state), 0))

    # -- computing -------------------------------------------------------------------------------

    def decode(self) -> None:
        """Run the batch. Raises Cancelled, ResourceError or JobFailedError."""
        self.batch.struct.n_tokens = self.batch.size
        with self._abort.armed():
            code = self._api.llama_decode(self.pointer, self.batch.struct)
        if code != 0:
            raise llama_errors.decode_error(code, self.n_ctx)

    def synchronize(self) -> None:
        self._api.llama_synchronize(self.pointer)

    def logits(self, rows: int) -> Logits:
        """View of the last batch's logits, shape [rows, n_vocab]; valid until the next :meth:`decode`."""
        pointer = self._api.llama_get_logits(self.pointer)
        return np.ctypeslib.as_array(pointer, shape=(rows, self._n_vocab))

    def feed(self, tokens: NDArray[np.int32], position: int) -> None:
        """Process ``tokens`` of sequence 0 in n_batch pieces; only the last token gives logits."""
        last = position + len(tokens) - 1
        for start in range(0, len(tokens), self.n_batch):
            self.batch.clear()
            self.batch.add(tokens[start : start + self.n_batch], position + start, 0, last)
            self.decode()

    def score(self, sequences: Sequence[NDArray[np.int32]], first: int) -> Iterator[Logits]:
        """Logits of positions ≥ ``first`` of each sequence, one joint batch where n_batch holds them all.

        The layout is llama-perplexity's: step j takes tokens [j·n_batch, (j+1)·n_batch) of every sequence.
        """
        self.clear()
        longest = max(len(tokens) for tokens in sequences)
        steps = -(-longest // self.n_batch)
        if steps == 1:
            self.batch.clear()
            for index, tokens in enumerate(sequences):
                self.batch.add(tokens, 0, index, first)
            self.decode()
            logits = self.logits(self.batch.outputs())
            row = 0
            for tokens in sequences:
                rows = max(0, len(tokens) - first)
                yield logits[row : row + rows]
                row += rows
            return
        (tokens,) = sequences
        collected = np.empty((max(0, len(tokens) - first), self._n_vocab), np.float32)
        row = 0
        for start in range(0, len(tokens), self.n_batch):
            self.batch.clear()
            self.batch.add(tokens[start : start + self.n_batch], start, 0, first)
            self.decode()
            rows = self.batch.outputs()
            if rows:
                collected[row : row + rows] = self.logits(rows)
                row += rows
        yield collected

    # -- what it took ----------------------------------------------------------------------------

    def sizes(self) -> dict[str, int]:
        """Bytes of ``kv`` memory and ``compute`` buffers, as llama.cpp reported them."""
        return buffer_bytes(self._reserved)


def _report(lines: Sequence[str]) -> dict[str, str]:
    """What llama.cpp says is in force: ``n_ctx_seq``, ``flash_attn``, ``freq_base``, ``freq_scale`` …"""
    report = {}
    for line in lines:
        found = re.match(r"llama_context: (\w+)\s*= (\S+)$", line)
        if found:
            report[found.group(1)] = found.group(2)
        auto = re.search(r"Flash Attention (enabled|disabled)", line)
        if auto:
            report["flash_attn"] = auto.group(1)
    return report

"""Log-probabilities of whole vocabularies, as llama-perplexity computes them, in numpy.

tools/perplexity/perplexity.cpp (llama.cpp) defines every rounding that is repeated here: which
intermediate is float32 and which float64. Exponentials are computed in float64 and rounded to float32,
which is what a good expf returns; numpy's own float32 exp is up to 2.5 ulp off, and with it the printed
digits would sometimes differ. Rows are cut into blocks that fit the cache, and blocks go to a few threads
(numpy releases the interpreter lock).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab_app.system import host

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Int32 = NDArray[np.int32]
Uint16 = NDArray[np.uint16]

BLOCK_ELEMENTS = 1 << 18
"""Elements of a block: 1 MiB of float32, about a second-level cache."""
MAX_THREADS = 16
_ROUND = np.float32(12582912.0)
"""1.5 · 2²³: adding it leaves the nearest integer in the low bits of a float32 (nearest_int of ggml)."""


def row_size(n_vocab: int) -> int:
    """uint16 numbers per row of the ``_logits_`` format: scale and minimum (two float32), codes, padding."""
    return 2 * ((n_vocab + 1) // 2) + 4


@dataclass(frozen=True, slots=True)
class Divergences:
    """Per token, in order. nll: of the model; nll_base: of the base; kld: KL(base ‖ model), nats;
    p_diff: probability of the true token, model − base; top, top_base: most probable tokens."""

    nll: Float32
    nll_base: Float32
    kld: Float64
    p_diff: Float32
    top: Int32
    top_base: Int32


class LogProbs:
    """The computations for one vocabulary; owns scratch memory of a few MiB per thread."""

    def __init__(self, n_vocab: int, threads: int | None = None) -> None:
        self.n_vocab = n_vocab
        self._rows = max(1, BLOCK_ELEMENTS // n_vocab)
        self._threads = max(1, min(threads or host.usable_cores(), MAX_THREADS))
        self._pool = ThreadPoolExecutor(self._threads, "logprobs")
        shape = (self._rows, n_vocab)
        self._scratch = [
            (np.empty(shape, np.float32), np.empty(shape, np.float32), np.empty(shape, np.bool_))
            for _ in range(self._threads)
        ]

    def close(self) -> None:
        self._pool.shutdown()

    def _over_blocks(
        self, n: int, work: Callable[[slice, tuple[Float32, Float32, NDArray[np.bool_]]], None]
    ) -> None:
        """Call work(rows, scratch) for every block; thread t takes blocks t, t + threads, …"""

        def run(thread: int) -> None:
            for start in range(thread * self._rows, n, self._threads * self._rows):
                rows = slice(start, min(start + self._rows, n))
                size = rows.stop - rows.start
                first, second, mask = self._scratch[thread]
                work(rows, (first[:size], second[:size], mask[:size]))

        with np.errstate(under="ignore"):
            list(self._pool.map(run, range(self._threads)))

    def nll(self, logits: Float32, following: Int32) -> tuple[Float64, Int32]:
        """(negative log-likelihood of each following token, most probable token), both of shape [n].

        logits: [n, n_vocab]. The likelihood is that of a plain llama-perplexity run, in float64.
        """
        n = len(following)
        nll, top = np.empty(n, np.float64), np.empty(n, np.int32)

        def work(rows: slice, scratch: tuple[Float32, Float32, NDArray[np.bool_]]) -> None:
            block = logits[rows]
            index = np.arange(len(block))
            highest, biggest, total = _partition(block, index, scratch[0])
            top[rows] = biggest
            nll[rows] = -((block[index, following[rows]] - highest).astype(np.float64) - np.log(total))

        self._over_blocks(n, work)
        return nll, top

    def encode(self, logits: Float32, following: Int32) -> tuple[Float64, Int32, Uint16]:
        """As :meth:`nll`, and the rows of the ``_logits_`` format, shape [n, row_size(n_vocab)].

        16 bits span the log-probabilities from the highest down to 16 nats below it; the rest is clipped.
        """
        n, vocab = len(following), self.n_vocab
        nll, top = np.empty(n, np.float64), np.empty(n, np.int32)
        codes = np.zeros((n, row_size(vocab)), np.uint16)
        heads = codes[:, :4].view(np.float32)

        def work(rows: slice, scratch: tuple[Float32, Float32, NDArray[np.bool_]]) -> None:
            block, buffer = logits[rows], scratch[0]
            index = np.arange(len(block))
            highest, biggest, total = _partition(block, index, buffer)
            top[rows] = biggest
            nll[rows] = -((block[index, following[rows]] - highest).astype(np.float64) - np.log(total))
            lowest = np.maximum(block.min(axis=1), highest - np.float32(16.0))
            scale = (highest - lowest) / np.float32(65535.0)
            heads[rows, 0] = scale
            heads[rows, 1] = lowest - highest - np.log(total).astype(np.float32)
            inverse = np.divide(np.float32(1.0), scale, out=np.zeros_like(scale), where=scale != 0)
            np.subtract(block, lowest[:, None], out=buffer)
            np.maximum(buffer, np.float32(0.0), out=buffer)
            np.multiply(buffer, inverse[:, None], out=buffer)
            np.add(buffer, _ROUND, out=buffer)
            codes[rows, 4 : 4 + vocab] = buffer.view(np.uint16)[:, ::2]

        self._over_blocks(n, work)
        return nll, top, codes

    def compare(self, logits: Float32, following: Int32, codes: Uint16) -> Divergences:
        """The model's logits [n, n_vocab] against the base's rows ``codes`` [n, row_size(n_vocab)].

        Tokens the base gives less than e⁻¹⁶ are left out of the divergence, as llama-perplexity does.
        """
        n, vocab = len(following), self.n_vocab
        out = Divergences(
            nll=np.empty(n, np.float32),
            nll_base=np.empty(n, np.float32),
            kld=np.empty(n, np.float64),
            p_diff=np.empty(n, np.float32),
            top=np.empty(n, np.int32),
            top_base=np.empty(n, np.int32),
        )
        heads = np.ascontiguousarray(codes[:, :4]).view(np.float32)

        def work(rows: slice, scratch: tuple[Float32, Float32, NDArray[np.bool_]]) -> None:
            block, (buffer, base, mask) = logits[rows], scratch
            index = np.arange(len(block))
            highest, biggest, total = _partition(block, index, buffer)
            level = highest + np.log(total).astype(np.float32)
            out.nll[rows] = level - block[index, following[rows]]
            out.top[rows] = biggest
            np.multiply(codes[rows, 4 : 4 + vocab], heads[rows, :1], out=base)
            np.add(base, heads[rows, 1:], out=base)
            out.nll_base[rows] = -base[index, following[rows]]
            out.top_base[rows] = base.argmax(axis=1)
            np.subtract(base, block, out=buffer)
            np.add(buffer, level[:, None], out=buffer)
            np.less_equal(base, np.float32(-16.0), out=mask)
            np.exp(base, out=base, dtype=np.float64, casting="same_kind")
            np.multiply(buffer, base, out=buffer)
            np.copyto(buffer, np.float32(0.0), where=mask)
            out.kld[rows] = np.add.reduce(buffer, axis=1, dtype=np.float64)

        self._over_blocks(n, work)
        out.p_diff[:] = _exp(-out.nll) - _exp(-out.nll_base)
        return out


def _exp(values: Float32) -> Float32:
    """float32 exponential, correctly rounded but for rare halfway cases."""
    return np.exp(values.astype(np.float64)).astype(np.float32)


def _partition(
    block: Float32, index: NDArray[np.intp], buffer: Float32
) -> tuple[Float32, NDArray[np.intp], Float64]:
    """(highest logit, its token, Σ exp(logit − highest)) of each row; the lowest token wins a tie."""
    biggest = block.argmax(axis=1)
    highest = block[index, biggest]
    np.subtract(block, highest[:, None], out=buffer)
    np.exp(buffer, out=buffer, dtype=np.float64, casting="same_kind")
    total: Float64 = np.add.reduce(buffer, axis=1, dtype=np.float64)
    return highest, biggest, total

"""Choosing the next token from logits, the same way for every engine and every machine.

The order is llama.cpp's default chain: top-k, then top-p (Holtzman et al. 2020), then min-p (Nguyen et
al. 2024), each on the probabilities at temperature 1; temperature is applied to what is left. One
uniform number per token comes from numpy's PCG64 with the given seed, and the token is found by
inverting the cumulative distribution over candidates sorted by probability (lowest id first among
equals), in float64: the same logits and seed give the same tokens everywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lab_app.engines.base import Sampling
from lab_app.system.errors import JobFailedError, UsageError


class Sampler:
    """Draws one token after another. Raises UsageError for settings out of range."""

    def __init__(self, sampling: Sampling) -> None:
        bounds = (
            ("temperature", sampling.temperature, sampling.temperature >= 0, "at least 0"),
            ("top_k", sampling.top_k, sampling.top_k >= 0, "at least 0 (0: off)"),
            ("top_p", sampling.top_p, 0 < sampling.top_p <= 1, "in (0, 1]"),
            ("min_p", sampling.min_p, 0 <= sampling.min_p <= 1, "in [0, 1]"),
            ("seed", sampling.seed, sampling.seed >= 0, "at least 0"),
        )
        for name, value, good, expected in bounds:
            if not good:
                raise UsageError(f"The sampling setting {name} is {value}, but must be {expected}.")
        self._settings = sampling
        self._random = np.random.Generator(np.random.PCG64(sampling.seed))

    def __call__(self, logits: NDArray[np.float32]) -> int:
        """The next token for ``logits`` [n_vocab]. Raises JobFailedError where they are not finite."""
        best = int(np.argmax(logits))
        if not np.isfinite(logits[best]):
            raise JobFailedError(
                "The model's output is not a number.",
                "The file is damaged, or the KV cache type or RoPE settings do not suit this model.",
            )
        if self._settings.temperature == 0:
            return best
        candidates, probabilities = self.distribution(logits)
        cumulative = np.cumsum(probabilities)
        drawn = self._random.random() * cumulative[-1]
        return int(
            candidates[min(int(np.searchsorted(cumulative, drawn, side="right")), len(candidates) - 1)]
        )

    def distribution(self, logits: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Candidates left after the filters, most probable first, and their probabilities (sum 1)."""
        s = self._settings
        # A stable sort of the negated logits keeps the lowest id first among equals.
        order: NDArray[np.int64] = np.argsort(-logits, kind="stable").astype(np.int64)
        if s.top_k:
            order = order[: s.top_k]
        kept = logits[order].astype(np.float64)
        weights = np.exp(kept - kept[0])
        if s.top_p < 1:
            # The smallest set whose mass reaches top_p; the token that crosses the line stays.
            mass = np.cumsum(weights) / weights.sum()
            count = int(np.searchsorted(mass, s.top_p, side="left")) + 1
            order, kept, weights = order[:count], kept[:count], weights[:count]
        if s.min_p > 0:
            count = int(np.count_nonzero(weights >= s.min_p * weights[0]))
            order, kept = order[:count], kept[:count]
        tempered = np.exp((kept - kept[0]) / s.temperature)
        return order, tempered / tempered.sum()

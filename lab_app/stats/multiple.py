"""Many comparisons at once."""

from __future__ import annotations

import math
from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values, in the given order: the chance of any false alarm stays below the level.

    Holm (1979), Scandinavian Journal of Statistics 6:65. A test that gave no number (NaN) showed nothing: p = 1.
    """
    p_values = [1.0 if math.isnan(p) else p for p in p_values]
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted

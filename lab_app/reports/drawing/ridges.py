"""Distributions of packed arrays as ridges: bins, counts. Needs numpy, not matplotlib."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab_app.figures import Histogram
from lab_app.store.records import Sample, unpack_array

BINS = 80
QUANTILES = (0.5, 0.99)
"""Marked by strokes."""

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ridge:
    """Counts of one variant, a bin each; ``marks``: its quantiles (:data:`QUANTILES`)."""

    middles: Values
    counts: NDArray[np.intp]
    marks: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Distribution:
    """The ridges of a figure, by variant, on bins they share. edges: one more than bins."""

    edges: Values
    log: bool
    ridges: Mapping[str, Ridge]


def array_values(figure: Histogram, samples: Iterable[Sample]) -> Values:
    """All finite numbers of ``payload[figure.array]`` over the samples of the figure's series, in one row."""
    packed = [
        s.payload[figure.array]
        for s in samples
        if s.series == figure.series and s.payload and figure.array in s.payload
    ]
    if not packed:
        return np.empty(0)
    joined = np.concatenate([unpack_array(p).ravel().astype(float) for p in packed])
    finite: Values = joined[np.isfinite(joined)]
    return finite


def bins(figure: Histogram, arrays: Sequence[Values]) -> Values:
    """Edges of :data:`BINS` bins that all variants share. Logarithmic where the figure asks for it and there is
    anything above zero: from the 0.2 % quantile to the largest. Else from the 0.1 % to the 99.9 % quantile."""
    everything = np.concatenate(arrays)
    positive = everything[everything > 0] if figure.x.log else everything[:0]
    if positive.size:
        low = max(float(np.quantile(positive, 0.002)), 1e-9)
        return np.geomspace(low, max(float(positive.max()), low * 10), BINS + 1)
    low, high = (float(v) for v in np.quantile(everything, [0.001, 0.999]))
    if not high > low:
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, BINS + 1)


def is_log(figure: Histogram, edges: Values) -> bool:
    """Whether :func:`bins` made them logarithmic: only there do they begin above zero."""
    return figure.x.log and bool(edges[0] > 0.0)


def ridge(figure: Histogram, values: Values, edges: Values) -> tuple[Values, NDArray[np.intp]]:
    """(middles of the bins, counts). What lies outside is counted in the end bins, so every ridge holds all."""
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges)
    if is_log(figure, edges):
        return np.sqrt(edges[:-1] * edges[1:]), counts
    return (edges[:-1] + edges[1:]) / 2, counts


def distribution(figure: Histogram, values: Mapping[str, Values]) -> Distribution | None:
    """The ridges of the variants that have values."""
    values = {key: array for key, array in values.items() if array.size}
    if not values:
        return None
    edges = bins(figure, list(values.values()))
    found = {}
    for key, array in values.items():
        middles, counts = ridge(figure, array, edges)
        found[key] = Ridge(middles, counts, tuple(float(np.quantile(array, q)) for q in QUANTILES))
    return Distribution(edges, is_log(figure, edges), found)

"""Thinning of what a pixel cannot show. Extremes always survive."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def window(x: Floats, low: float, high: float) -> slice:
    """The part of sorted ``x`` within [low, high], and one point more at each side, so that lines leave the view."""
    first = int(np.searchsorted(x, low, "left")) - 1
    last = int(np.searchsorted(x, high, "right")) + 1
    return slice(max(0, first), min(len(x), last))


def columns(x: Floats, pixels: int, worth: int = 2) -> NDArray[np.intp] | None:
    """Where each pixel column of sorted ``x`` begins; None up to ``worth`` points a column, too few to thin."""
    if len(x) <= worth * max(1, pixels):
        return None
    span = float(x[-1] - x[0])
    if span <= 0.0:
        return np.zeros(1, np.intp)
    place = ((x - x[0]) * (pixels / span)).astype(np.int64)
    return np.flatnonzero(np.diff(place, prepend=-1))


def extremes(x: Floats, y: Floats, starts: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Of each column of points its lowest and its highest, in the order in which they stand: [2 · columns].

    A line through them covers the same pixels as one through all points.
    """
    low, high = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    ends = np.append(starts[1:], len(y))
    rising = y[starts] <= y[ends - 1]
    thin_x, thin_y = np.empty(2 * len(starts)), np.empty(2 * len(starts))
    thin_x[0::2], thin_x[1::2] = x[starts], x[ends - 1]
    thin_y[0::2], thin_y[1::2] = np.where(rising, low, high), np.where(rising, high, low)
    return thin_x, thin_y


def envelope(lo: Floats, hi: Floats, starts: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """The lowest lower and the highest upper end of each column; NaN (no interval) is left out where it can be."""
    return np.fmin.reduceat(lo, starts), np.fmax.reduceat(hi, starts)

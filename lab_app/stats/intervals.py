"""Intervals for one sample: proportions, means, quantiles, and means of correlated observations.

Plain Python: the parent process may import this. Sequences may be numpy arrays.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain

from lab_app.stats.distributions import (
    beta_quantile,
    binomial_cdf,
    normal_quantile,
    t_quantile,
)
from lab_app.stats.estimate import Estimate


def _z(level: float) -> float:
    return normal_quantile(0.5 + level / 2.0)


def _check_counts(successes: int, n: int) -> None:
    if not 0 <= successes <= n or n < 1:
        raise ValueError(f"{successes} successes of {n} trials make no proportion")


def wilson_bounds(p: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval for a proportion ``p`` of ``n`` observations (n may be an effective size).

    Wilson (1927), J. Am. Stat. Assoc. 22:209.
    """
    z2 = _z(level) ** 2
    middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n)
    half = math.sqrt(z2 * (p * (1.0 - p) / n + z2 / (4.0 * n * n))) / (1.0 + z2 / n)
    lo = 0.0 if p == 0.0 else max(0.0, middle - half)
    hi = 1.0 if p == 1.0 else min(1.0, middle + half)
    return min(lo, p), max(hi, p)


def wilson(successes: int, n: int, level: float = 0.95) -> Estimate:
    """Proportion with Wilson's score interval. Raises ValueError for n < 1."""
    _check_counts(successes, n)
    p = successes / n
    lo, hi = wilson_bounds(p, n, level)
    return Estimate(p, lo, hi, n, "wilson", level, math.sqrt(p * (1.0 - p) / n))


def clopper_pearson(successes: int, n: int, level: float = 0.95) -> Estimate:
    """Proportion with the exact interval: coverage is never below ``level``.

    Clopper & Pearson (1934), Biometrika 26:404, by quantiles of the beta distribution.
    """
    _check_counts(successes, n)
    tail = (1.0 - level) / 2.0
    lo = 0.0 if successes == 0 else beta_quantile(tail, successes, n - successes + 1)
    hi = 1.0 if successes == n else beta_quantile(1.0 - tail, successes + 1, n - successes)
    p = successes / n
    return Estimate(p, lo, hi, n, "clopper-pearson", level, math.sqrt(p * (1.0 - p) / n))


def _moments(values: Sequence[float]) -> tuple[int, float, float]:
    """(n, mean, standard error of the mean); the error is 0 for a single value."""
    n = len(values)
    if n < 1:
        raise ValueError("a mean needs at least one value")
    mean = math.fsum(values) / n
    if n == 1:
        return 1, mean, 0.0
    variance = math.fsum((float(v) - mean) ** 2 for v in values) / (n - 1)
    return n, mean, math.sqrt(variance / n)


def mean_normal(values: Sequence[float], level: float = 0.95) -> Estimate:
    """Mean with the normal interval; for many independent values."""
    n, mean, se = _moments(values)
    half = _z(level) * se
    return Estimate(mean, mean - half, mean + half, n, "normal", level, se)


def mean_t(values: Sequence[float], level: float = 0.95) -> Estimate:
    """Mean with Student's interval. One value alone has no spread: its interval is the value (``single``)."""
    n, mean, se = _moments(values)
    if n == 1:
        return Estimate(mean, mean, mean, 1, "single", level)
    half = t_quantile(0.5 + level / 2.0, n - 1) * se
    return Estimate(mean, mean - half, mean + half, n, "t", level, se)


def _ratio_of_blocks(sums: Sequence[float], counts: Sequence[int]) -> tuple[float, int, float]:
    """(mean per observation, n observations, standard error) of blocks of correlated observations."""
    n, blocks = int(sum(counts)), len(sums)
    if blocks < 1 or n < 1 or len(counts) != blocks:
        raise ValueError("a mean of blocks needs at least one observation, and one count for each sum")
    mean = math.fsum(sums) / n
    if blocks < 2:
        return mean, n, 0.0
    spread = math.fsum((float(s) - mean * c) ** 2 for s, c in zip(sums, counts, strict=True))
    return mean, n, math.sqrt(spread * blocks / (blocks - 1)) / n


def block_mean(sums: Sequence[float], counts: Sequence[int], level: float = 0.95) -> Estimate:
    """Mean over blocks (chunks of a text) whose members are correlated: only blocks count as independent.

    ``sums[i]`` is the sum over the ``counts[i]`` observations of block i. Ratio estimator with its
    linearised variance, t quantile with blocks − 1 degrees of freedom (Cochran, Sampling Techniques,
    3rd ed., §6.3 and §9A.2); for blocks of one size this is Student's interval of the block means.
    ``n`` is the number of observations. One block alone: the interval is the value, method ``single``.
    """
    mean, n, se = _ratio_of_blocks(sums, counts)
    if len(sums) < 2:
        return Estimate(mean, mean, mean, n, "single", level)
    half = t_quantile(0.5 + level / 2.0, len(sums) - 1) * se
    return Estimate(mean, mean - half, mean + half, n, "block-t", level, se)


def few_blocks(blocks: int, level: float = 0.95) -> float:
    """(t / z)², t with blocks − 1 degrees of freedom: by how much a variance that was estimated from so few blocks
    counts for more (Korn & Graubard (1998), Survey Methodology 24:193). 1 for very many; needs two or more."""
    return (t_quantile(0.5 + level / 2.0, blocks - 1) / _z(level)) ** 2


def _effective_size(p: float, n: int, se: float, blocks: int, level: float) -> float:
    """How many independent observations tell as much about a proportion as ``n`` in blocks do: n over the design
    effect (Kish 1965) se² n / p(1 − p) times :func:`few_blocks` (Korn & Graubard (1998)); at least 1.

    The design effect is taken as at least 1 *before* it is multiplied (Korn & Graubard cap the product): few blocks
    that happen to agree must not make their members independent.
    """
    effect = max(1.0, n * se**2 / (p * (1.0 - p))) if 0.0 < p < 1.0 else 1.0
    return max(1.0, n / (effect * few_blocks(blocks, level)))


def block_proportion(successes: Sequence[float], counts: Sequence[int], level: float = 0.95) -> Estimate:
    """Proportion over blocks of correlated observations: Wilson's interval at the effective sample size.

    An observation may also be a share of a success (partial credit), which spreads no more than a success.
    One block alone: the interval is the value, method ``single-share``.
    """
    p, n, se = _ratio_of_blocks(successes, counts)
    if len(counts) < 2:
        return Estimate(p, p, p, n, "single-share", level)
    lo, hi = wilson_bounds(p, _effective_size(p, n, se, len(counts), level), level)
    return Estimate(p, lo, hi, n, "block-wilson", level, max(se, math.sqrt(max(0.0, p * (1.0 - p)) / n)))


def _at(ordered: Sequence[float], q: float) -> float:
    """Quantile of sorted values by linear interpolation (Hyndman & Fan type 7)."""
    place = min(max(q, 0.0), 1.0) * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low]) + (place - low) * (float(ordered[high]) - float(ordered[low]))


def quantile(values: Sequence[float], q: float, level: float = 0.95) -> Estimate:
    """Quantile ``q`` (0 < q < 1) with an interval between two order statistics; values independent.

    The pair is the narrowest equal-tailed one by the binomial distribution (David & Nagaraja, Order
    Statistics, §7.1). Where the sample is too small for ``level``, an end is the smallest or largest value.
    """
    ordered = sorted(float(v) for v in values)
    n = len(ordered)
    if n < 1 or not 0.0 < q < 1.0:
        raise ValueError("a quantile needs at least one value and 0 < q < 1")
    if any(map(math.isnan, ordered)):
        return Estimate(math.nan, math.nan, math.nan, n, "order-statistics", level)
    tail = (1.0 - level) / 2.0
    low = _search(lambda k: binomial_cdf(k, n, q) > tail, n)
    high = _search(lambda k: binomial_cdf(k, n, q) >= 1.0 - tail, n)
    # P(X_(low) ≤ Q < X_(high+1)) in one-based ranks; zero-based: low − 1 and high.
    lo, hi = ordered[max(low - 1, 0)], ordered[min(high, n - 1)]
    value = _at(ordered, q)
    return Estimate(value, min(lo, value), max(hi, value), n, "order-statistics", level)


def _search(holds: Callable[[int], bool], n: int) -> int:
    """Smallest k in 0 … n for which the monotone condition holds."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def block_quantile(blocks: Sequence[Sequence[float]], q: float, level: float = 0.95) -> Estimate:
    """Quantile over blocks of correlated observations.

    Woodruff (1952), J. Am. Stat. Assoc. 47:635: the share of observations at or below the quantile gets
    its block interval, whose ends are carried back through the empirical distribution. One block
    alone: the interval is the value, method ``single``.
    """
    return block_quantiles(blocks, (q,), level)[0]


def block_quantiles(
    blocks: Sequence[Sequence[float]], qs: Sequence[float], level: float = 0.95
) -> list[Estimate]:
    """:func:`block_quantile` for each of ``qs``; the values are sorted once for all of them."""
    inside = [sorted(map(float, block)) for block in blocks]
    ordered = sorted(chain.from_iterable(inside))
    if not ordered or not all(0.0 < q < 1.0 for q in qs):
        raise ValueError("a quantile needs at least one value and 0 < q < 1")
    if any(map(math.isnan, ordered)):
        return [Estimate(math.nan, math.nan, math.nan, len(ordered), "woodruff", level) for _ in qs]
    return [_block_quantile(inside, ordered, q, level) for q in qs]


def _block_quantile(
    blocks: Sequence[Sequence[float]], ordered: Sequence[float], q: float, level: float
) -> Estimate:
    """blocks: each sorted; ordered: all of their values, sorted."""
    value = _at(ordered, q)
    if len(blocks) < 2:
        return Estimate(value, value, value, len(ordered), "single", level)
    counts = [len(block) for block in blocks]
    _, n, se = _ratio_of_blocks([bisect_right(block, value) for block in blocks], counts)
    low, high = wilson_bounds(q, _effective_size(q, n, se, len(blocks), level), level)
    lo, hi = _at(ordered, low), _at(ordered, high)
    return Estimate(value, min(lo, value), max(hi, value), n, "woodruff", level)


def exponential(estimate: Estimate) -> Estimate:
    """exp of an estimate made on the logarithmic scale (perplexity, ratio of perplexities).

    The interval is transformed end by end; ``se`` by the delta method.
    """
    value = math.exp(estimate.value)
    return replace(
        estimate,
        value=value,
        lo=math.exp(estimate.lo),
        hi=math.exp(estimate.hi),
        se=None if estimate.se is None else value * estimate.se,
    )


def ratio(log_values: Sequence[float], level: float = 0.95) -> Estimate:
    """Geometric mean of ratios given by their logarithms, with Student's interval on the log scale."""
    return exponential(mean_t(log_values, level))


def bootstrap(
    values: Sequence[float],
    statistic: Callable[[Sequence[float]], float],
    *,
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Estimate:
    """Any statistic with the bias-corrected and accelerated bootstrap interval, seeded.

    Efron (1987), J. Am. Stat. Assoc. 82:171; acceleration from the jackknife. Falls back to plain
    percentiles (method ``bootstrap-percentile``) where the correction is undefined.
    """
    n = len(values)
    if n < 1:
        raise ValueError("a bootstrap needs at least one value")
    value = statistic(values)
    if n == 1:
        return Estimate(value, value, value, 1, "single", level)
    rng = random.Random(seed)
    drawn = sorted(statistic(rng.choices(values, k=n)) for _ in range(resamples))
    _, _, spread = _moments(drawn)
    se = spread * math.sqrt(resamples)
    tails = ((1.0 - level) / 2.0, (1.0 + level) / 2.0)
    below = sum(1 for d in drawn if d < value) + 0.5 * sum(1 for d in drawn if d == value)
    left = [statistic([*values[:i], *values[i + 1 :]]) for i in range(n)]
    centre = math.fsum(left) / n
    cubes = math.fsum((centre - v) ** 3 for v in left)
    squares = math.fsum((centre - v) ** 2 for v in left)
    if not 0 < below < resamples or squares == 0.0:
        lo, hi = (_at(drawn, tail) for tail in tails)
        return Estimate(value, min(lo, value), max(hi, value), n, "bootstrap-percentile", level, se)
    bias = normal_quantile(below / resamples)
    acceleration = cubes / (6.0 * squares**1.5)
    ends = []
    for tail in tails:
        z = bias + normal_quantile(tail)
        adjusted = bias + z / (1.0 - acceleration * z)
        ends.append(_at(drawn, 0.5 * math.erfc(-adjusted / math.sqrt(2.0))))
    return Estimate(value, min(ends[0], value), max(ends[1], value), n, "bootstrap-bca", level, se)

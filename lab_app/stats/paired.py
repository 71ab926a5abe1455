"""Differences (other − base): over the same items where there are any, else of two independent samples.

Plain Python: the parent process may import this.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from lab_app.stats.distributions import binomial_cdf, t_quantile, t_two_sided
from lab_app.stats.estimate import Estimate, PairedDifference
from lab_app.stats.intervals import block_mean, few_blocks, mean_t, wilson_bounds


def mcnemar_exact(only_base: float, only_other: float) -> float:
    """Two-sided p-value of the exact McNemar test from the two discordant counts.

    McNemar (1947), Psychometrika 12:153, with the binomial distribution: twice the smaller tail, at most 1.
    Counts may be effective ones, between whole numbers.
    """
    n = only_base + only_other
    if n == 0:
        return 1.0
    return min(1.0, 2.0 * binomial_cdf(min(only_base, only_other), n, 0.5))


def newcombe_paired(
    both: float, only_base: float, only_other: float, neither: float, level: float = 0.95
) -> Estimate:
    """Difference of two paired proportions, other − base, with Newcombe's score interval (method 10).

    Newcombe (1998), Statistics in Medicine 17:2635. Counts may be effective ones, between whole numbers.
    """
    n = both + only_base + only_other + neither
    if n <= 0:
        raise ValueError("a difference of proportions needs at least one pair")
    p1, p2 = (both + only_other) / n, (both + only_base) / n
    l1, u1 = wilson_bounds(p1, n, level)
    l2, u2 = wilson_bounds(p2, n, level)
    product = (both + only_other) * (only_base + neither) * (both + only_base) * (only_other + neither)
    phi = 0.0
    if product:
        cross = both * neither - only_other * only_base
        phi = (max(cross - n / 2.0, 0.0) if cross > 0 else float(cross)) / math.sqrt(product)
    down, up = p1 - l1, u1 - p1
    down2, up2 = p2 - l2, u2 - p2
    lower = math.sqrt(max(0.0, down**2 - 2.0 * phi * down * up2 + up2**2))
    upper = math.sqrt(max(0.0, up**2 - 2.0 * phi * up * down2 + down2**2))
    difference = (only_other - only_base) / n
    se = math.sqrt(max(0.0, only_base + only_other - (only_other - only_base) ** 2 / n)) / n
    return Estimate(
        difference,
        max(-1.0, difference - lower),
        min(1.0, difference + upper),
        round(n),
        "newcombe",
        level,
        se,
    )


def proportions(base: Sequence[bool], other: Sequence[bool], level: float = 0.95) -> PairedDifference:
    """Success on the same items: Newcombe's interval, exact McNemar p-value.

    Raises ValueError on unequal lengths.
    """
    pairs = [(bool(b), bool(o)) for b, o in zip(base, other, strict=True)]
    kinds = ((True, True), (True, False), (False, True), (False, False))
    both, only_base, only_other, neither = (pairs.count(kind) for kind in kinds)
    estimate = newcombe_paired(both, only_base, only_other, neither, level)
    p, least = mcnemar_exact(only_base, only_other), mcnemar_exact(0, len(pairs))
    return PairedDifference(estimate, p, "mcnemar-exact", least)


def proportions_in_blocks(
    base: Sequence[bool], other: Sequence[bool], blocks: Sequence[object], level: float = 0.95
) -> PairedDifference:
    """As :func:`proportions`, for items that stand or fall together within a block (named by ``blocks``).

    Counts are divided by the design effect of the difference, the ratio of its variance between blocks to the
    one that independent items would give (Rao & Scott (1992), Biometrics 48:577; for pairs Eliasziw & Donner
    (1991), Statistics in Medicine 10:1981), but at least 1, times intervals.few_blocks, because few blocks tell their
    own spread badly. Blocks of one item each: as :func:`proportions`. One block alone says nothing about the next
    one: the interval is the value, method ``single-share``, and p is 1.
    """
    groups: dict[object, list[int]] = {}
    table = {(b, o): 0 for b in (True, False) for o in (True, False)}
    for b, o, block in zip(base, other, blocks, strict=True):
        table[bool(b), bool(o)] += 1
        groups.setdefault(block, []).append(int(o) - int(b))
    n = sum(table.values())
    if len(groups) == n:
        return proportions(base, other, level)
    if len(groups) == 1:
        value = (table[False, True] - table[True, False]) / n
        alone = Estimate(value, value, value, n, "single-share", level)
        return PairedDifference(alone, 1.0, "block-mcnemar", 1.0)
    between = block_mean([sum(group) for group in groups.values()], [len(group) for group in groups.values()])
    changed = table[True, False] + table[False, True]
    independent = (changed - n * between.value**2) / n**2
    effect = max(1.0, (between.se or 0.0) ** 2 / independent) if independent > 0.0 else 1.0
    few = few_blocks(len(groups), level)
    effect *= few
    both, only_base, only_other, neither = (count / effect for count in table.values())
    estimate = newcombe_paired(both, only_base, only_other, neither, level)
    estimate = replace(estimate, n=n, method="block-newcombe", se=math.sqrt(max(0.0, independent) * effect))
    p, least = mcnemar_exact(only_base, only_other), mcnemar_exact(0, n / few)
    return PairedDifference(estimate, p, "block-mcnemar", least)


def _t_test(mean: float, se: float, df: float) -> float:
    if se == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    return t_two_sided(mean / se, df)


def paired_t(base: Sequence[float], other: Sequence[float], level: float = 0.95) -> PairedDifference:
    """Mean difference over the same items with Student's paired test (Student (1908), Biometrika 6:1).

    One pair alone has no spread: the interval is the value and the p-value 1.
    """
    differences = [float(o) - float(b) for b, o in zip(base, other, strict=True)]
    estimate = mean_t(differences, level)
    if estimate.alone:
        return PairedDifference(estimate, 1.0, "paired-t", 1.0)
    return PairedDifference(estimate, _t_test(estimate.value, estimate.se or 0.0, estimate.n - 1), "paired-t")


def paired_in_blocks(
    differences: Sequence[float], blocks: Sequence[object], level: float = 0.95
) -> PairedDifference:
    """Mean of ``differences`` (other − base, item by item) whose items stand or fall together within a block (named
    by ``blocks``): intervals.block_mean and the t test that belongs to it (Cochran, Sampling Techniques, 3rd ed.,
    §9A.2), blocks − 1 degrees of freedom. Every item counts alike, so the value is the difference of the two means
    over items, also where blocks are of unequal size; with blocks of one size it is :func:`paired_t` of their means.
    """
    groups: dict[object, list[float]] = {}
    for difference, block in zip(differences, blocks, strict=True):
        groups.setdefault(block, []).append(float(difference))
    sums, counts = [math.fsum(group) for group in groups.values()], [len(g) for g in groups.values()]
    estimate = block_mean(sums, counts, level)
    if estimate.alone:
        return PairedDifference(estimate, 1.0, "paired-t", 1.0)
    return PairedDifference(
        estimate, _t_test(estimate.value, estimate.se or 0.0, len(groups) - 1), "paired-t"
    )


def difference_of_exponentials(
    base: Sequence[float], other: Sequence[float], counts: Sequence[int], level: float = 0.95
) -> Estimate:
    """exp(mean of other) − exp(mean of base), from the sums over blocks of both (two perplexities over the same
    chunks of text); ``counts[i]`` observations in block i.

    Delta method by blocks: each exponential moves by itself times the deviation of its mean (Cochran, Sampling
    Techniques, 3rd ed., §6.3 and §9A.2, as intervals.block_mean; Wolter, Introduction to Variance Estimation,
    2nd ed., §6.2). Both means move: where the base's own is taken as exact, the interval is too narrow. One block
    alone: method ``single``.
    """
    n = sum(counts)
    if not n:
        raise ValueError("a difference needs at least one observation")
    means = [math.fsum(sums) / n for sums in (base, other)]
    first, second = (math.exp(mean) for mean in means)
    moved = [
        second * (float(o) - means[1] * c) - first * (float(b) - means[0] * c)
        for b, o, c in zip(base, other, counts, strict=True)
    ]
    spread, value = block_mean(moved, counts, level), second - first
    return replace(
        spread, value=value, lo=value + (spread.lo - spread.value), hi=value + (spread.hi - spread.value)
    )


def paired_bootstrap(
    base: Sequence[float],
    other: Sequence[float],
    statistic: Callable[[Sequence[float]], float],
    *,
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> PairedDifference:
    """statistic(other) − statistic(base) over the same items: items are drawn together, percentile interval.

    p-value: twice the smaller share of resamples on one side of zero, counting the observed sample
    (Davison & Hinkley (1997), Bootstrap Methods, §4.2.3 and §5.3).
    """
    if len(base) != len(other) or not len(base):
        raise ValueError("a paired bootstrap needs pairs")
    n = len(base)
    value = statistic(other) - statistic(base)
    rng = random.Random(seed)
    drawn = []
    for _ in range(resamples):
        picks = rng.choices(range(n), k=n)
        drawn.append(statistic([other[i] for i in picks]) - statistic([base[i] for i in picks]))
    drawn.sort()
    tail = (1.0 - level) / 2.0
    low, high = int(tail * resamples), min(resamples - 1, math.ceil((1.0 - tail) * resamples) - 1)
    below, above = sum(1 for d in drawn if d <= 0.0), sum(1 for d in drawn if d >= 0.0)
    p = min(1.0, 2.0 * (min(below, above) + 1) / (resamples + 1))
    centre = math.fsum(drawn) / resamples
    se = math.sqrt(math.fsum((d - centre) ** 2 for d in drawn) / (resamples - 1))
    lo, hi = min(drawn[low], value), max(drawn[high], value)
    estimate = Estimate(value, lo, hi, n, "bootstrap-percentile", level, se)
    return PairedDifference(estimate, p, "paired-bootstrap")


def welch(base: Sequence[float], other: Sequence[float], level: float = 0.95) -> PairedDifference:
    """Difference of the means of two independent samples of unequal spread (timings of two models).

    Welch (1947), Biometrika 34:28. ``n`` is the size of both samples together.
    """
    first, second = mean_t(base, level), mean_t(other, level)
    difference = second.value - first.value
    n = first.n + second.n
    if first.n < 2 or second.n < 2:
        alone = Estimate(difference, difference, difference, n, "single", level)
        return PairedDifference(alone, 1.0, "welch", 1.0)
    v1, v2 = (first.se or 0.0) ** 2, (second.se or 0.0) ** 2
    se = math.sqrt(v1 + v2)
    df = (v1 + v2) ** 2 / (v1**2 / (first.n - 1) + v2**2 / (second.n - 1)) if se else float(n - 2)
    half = t_quantile(0.5 + level / 2.0, df) * se
    estimate = Estimate(difference, difference - half, difference + half, n, "welch", level, se)
    return PairedDifference(estimate, _t_test(difference, se, df), "welch")

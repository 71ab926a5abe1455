"""Intervals of one sample: known values, properties, coverage, and the inputs that break formulas."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as reference

from lab_app.stats.estimate import Estimate
from lab_app.stats.intervals import (
    block_mean,
    block_proportion,
    block_quantile,
    bootstrap,
    clopper_pearson,
    exponential,
    mean_normal,
    mean_t,
    quantile,
    ratio,
    wilson,
    wilson_bounds,
)

COUNTS = [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (19, 20), (81, 263), (15, 148), (999, 100_000)]
NUMBERS = st.floats(-1e6, 1e6)


def ends(estimate: Estimate) -> tuple[float, float]:
    return estimate.lo, estimate.hi


# -- proportions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("successes", "n"), COUNTS)
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_wilson_and_clopper_pearson(successes: int, n: int, level: float) -> None:
    trial = reference.binomtest(successes, n)
    for ours, method in ((wilson, "wilson"), (clopper_pearson, "exact")):
        expected = trial.proportion_ci(level, method=method)
        estimate = ours(successes, n, level)
        assert ends(estimate) == pytest.approx((expected.low, expected.high), rel=1e-9, abs=1e-12)
        assert (estimate.value, estimate.n, estimate.level) == (successes / n, n, level)


def test_wilson_as_published() -> None:
    """Newcombe (1998), Statistics in Medicine 17:857, table I, method 3: four decimals."""
    published = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for counts, bounds in published.items():
        assert ends(wilson(*counts)) == pytest.approx(bounds, abs=5e-5)


@given(st.integers(1, 3000), st.floats(0.0, 1.0), st.floats(0.5, 0.999))
def test_wilson_properties(n: int, share: float, level: float) -> None:
    successes = round(share * n)
    estimate = wilson(successes, n, level)
    assert 0.0 <= estimate.lo <= estimate.value <= estimate.hi <= 1.0
    # Success and failure are two names of one thing.
    mirrored = wilson(n - successes, n, level)
    assert ends(mirrored) == pytest.approx((1.0 - estimate.hi, 1.0 - estimate.lo), abs=1e-12)
    # One more success moves both ends up; the same share of more trials is narrower.
    if successes < n:
        more = wilson(successes + 1, n, level)
        assert more.lo >= estimate.lo and more.hi >= estimate.hi
    bigger = wilson(4 * successes, 4 * n, level)
    assert bigger.hi - bigger.lo < estimate.hi - estimate.lo
    exact = clopper_pearson(successes, n, level)
    assert 0.0 <= exact.lo <= exact.value <= exact.hi <= 1.0


@pytest.mark.parametrize("counts", [(0, 0), (-1, 3), (4, 3)])
@pytest.mark.parametrize("interval", [wilson, clopper_pearson])
def test_counts_that_make_no_proportion(interval: Callable[..., Estimate], counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="make no proportion"):
        interval(*counts)


@pytest.mark.parametrize(("p", "n"), [(0.5, 20), (0.9, 20), (0.97, 40), (0.3, 200)])
def test_wilson_covers(p: float, n: int) -> None:
    """Exact coverage: the binomial chance of every count whose interval holds p. Wilson's is 95 % on average
    over p, at a single p a little off; Clopper and Pearson's is never below."""
    chances = reference.binom.pmf(range(n + 1), n, p)
    covered = sum(c for k, c in enumerate(chances) if wilson(k, n).lo <= p <= wilson(k, n).hi)
    assert 0.92 < covered < 0.98
    exact = sum(c for k, c in enumerate(chances) if clopper_pearson(k, n).lo <= p <= clopper_pearson(k, n).hi)
    assert exact >= 0.95


# -- means ---------------------------------------------------------------------------------------------


def test_means_against_the_textbook() -> None:
    values = np.random.default_rng(1).gamma(2.0, 3.0, 23)
    se = float(reference.sem(values))
    for ours, law in ((mean_t, reference.t(df=22)), (mean_normal, reference.norm())):
        estimate = ours(values.tolist())
        assert estimate.value == pytest.approx(statistics.fmean(values), rel=1e-14)
        assert estimate.se == pytest.approx(se, rel=1e-12)
        half = law.ppf(0.975) * se
        assert ends(estimate) == pytest.approx((estimate.value - half, estimate.value + half), rel=1e-9)
        assert estimate.n == 23


@given(st.lists(NUMBERS, min_size=2, max_size=30), NUMBERS, st.floats(0.1, 100.0))
def test_mean_follows_its_values(values: list[float], shift: float, factor: float) -> None:
    estimate = mean_t(values)
    assert estimate.lo <= estimate.value <= estimate.hi
    moved = mean_t([factor * v + shift for v in values])
    expected = tuple(factor * v + shift for v in (estimate.value, estimate.lo, estimate.hi))
    assert (moved.value, moved.lo, moved.hi) == pytest.approx(expected, rel=1e-7, abs=1e-2)
    assert mean_t(values, 0.99).hi >= mean_t(values, 0.9).hi


def test_ratio_is_a_geometric_mean() -> None:
    logs = [math.log(v) for v in (1.5, 2.0, 3.0)]
    estimate = ratio(logs)
    assert estimate.value == pytest.approx(9.0 ** (1 / 3), rel=1e-12)
    assert ends(estimate) == pytest.approx(tuple(math.exp(e) for e in ends(mean_t(logs))), rel=1e-12)


def test_exponential_carries_ends_and_error() -> None:
    on_log = Estimate(math.log(20.0), math.log(18.0), math.log(23.0), 7, "block-t", 0.9, 0.06)
    estimate = exponential(on_log)
    assert (estimate.value, *ends(estimate)) == pytest.approx((20.0, 18.0, 23.0), rel=1e-12)
    assert estimate.se == pytest.approx(20.0 * 0.06, rel=1e-12)
    assert (estimate.n, estimate.method, estimate.level) == (7, "block-t", 0.9)


# -- blocks of correlated observations -----------------------------------------------------------------


def test_equal_blocks_are_a_sample_of_their_means() -> None:
    blocks = np.random.default_rng(2).normal(5.0, 2.0, (9, 40))
    by_block = block_mean(blocks.sum(axis=1).tolist(), [40] * 9)
    of_means = mean_t(blocks.mean(axis=1).tolist())
    assert (by_block.value, *ends(by_block)) == pytest.approx((of_means.value, *ends(of_means)), rel=1e-10)
    assert by_block.n == 360


def test_blocks_of_unequal_size_by_hand() -> None:
    """Ratio estimator: 60/10; residuals 8 − 2·6, 20 − 3·6, 32 − 5·6 = −4, 2, 2 with squares 24;
    se = √(24 · 3/2) / 10 = 0.6; t(2) = 4.30265."""
    estimate = block_mean([8.0, 20.0, 32.0], [2, 3, 5])
    assert estimate.value == 6.0
    assert estimate.se == pytest.approx(0.6, rel=1e-12)
    assert estimate.hi - 6.0 == pytest.approx(0.6 * 4.302652729911275, rel=1e-9)


def test_blocks_that_repeat_one_answer_count_as_few() -> None:
    """Ten blocks of fifty equal answers say as much as a handful of answers, not as five hundred."""
    right = [50, 0, 50, 50, 0, 50, 50, 50, 0, 50]
    estimate = block_proportion(right, [50] * 10)
    few, many = wilson(7, 10), wilson(350, 500)
    assert estimate.value == 0.7
    assert estimate.hi - estimate.lo > 0.95 * (few.hi - few.lo) > 5 * (many.hi - many.lo)
    # Blocks whose answers are independent: about as narrow as Wilson's, wider because ten tell it badly.
    free = block_proportion([34, 36, 35, 33, 37, 35, 36, 34, 35, 35], [50] * 10)
    assert 1.0 < (free.hi - free.lo) / (many.hi - many.lo) < 1.2


def _correlated(rng: np.random.Generator, blocks: int) -> list[list[float]]:
    centres = rng.normal(0.0, 0.7, blocks)
    return [(centre + rng.normal(0.0, 1.0, 64)).tolist() for centre in centres]


@pytest.mark.parametrize("blocks", [4, 16])
def test_block_intervals_cover(blocks: int) -> None:
    """1 000 seeded studies whose blocks share a common shift. Taking tokens as independent would cover about a third.

    The slack allows for four standard errors of the simulation and for what theory promises only for many blocks.
    """
    rng = np.random.default_rng(3)
    hits = {"mean": 0, "share": 0, "median": 0}
    naive = 0
    studies = 1000
    for _ in range(studies):
        data = _correlated(rng, blocks)
        mean = block_mean([sum(b) for b in data], [64] * blocks)
        hits["mean"] += mean.lo <= 0.0 <= mean.hi
        independent = mean_normal([v for b in data for v in b])
        naive += independent.lo <= 0.0 <= independent.hi
        share = block_proportion([sum(v > 0.0 for v in b) for b in data], [64] * blocks)
        hits["share"] += share.lo <= 0.5 <= share.hi
        median = block_quantile(data, 0.5)
        hits["median"] += median.lo <= 0.0 <= median.hi
    assert naive < 0.5 * studies
    for name, hit in hits.items():
        assert 0.92 * studies <= hit <= 0.985 * studies, name


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=20))
def test_block_proportion_bounds(pairs: list[tuple[int, int]]) -> None:
    counts = [a + b for a, b in pairs]
    if not sum(counts):
        return
    estimate = block_proportion([a for a, _ in pairs], counts)
    assert 0.0 <= estimate.lo <= estimate.value <= estimate.hi <= 1.0
    narrow = wilson_bounds(estimate.value, sum(counts))
    assert estimate.lo <= narrow[0] + 1e-12 and estimate.hi >= narrow[1] - 1e-12


# -- quantiles -----------------------------------------------------------------------------------------


def test_median_of_order_statistics_by_hand() -> None:
    """n = 10: P(3rd < median < 8th …) — the classical ranks 2 and 9 (coverage 97.9 %)."""
    estimate = quantile([float(v) for v in range(1, 11)], 0.5)
    assert (estimate.value, *ends(estimate)) == (5.5, 2.0, 9.0)


@given(st.lists(NUMBERS, min_size=1, max_size=60), st.floats(0.01, 0.99))
def test_quantile_properties(values: list[float], q: float) -> None:
    estimate = quantile(values, q)
    assert min(values) <= estimate.lo <= estimate.value <= estimate.hi <= max(values)
    assert estimate.value == pytest.approx(float(np.quantile(values, q)), rel=1e-9, abs=1e-9)
    assert quantile(sorted(values), q) == estimate
    halves = block_quantile([values, values], q)
    assert halves.lo <= halves.value <= halves.hi


@pytest.mark.parametrize("q", [0.5, 0.9])
def test_quantile_covers(q: float) -> None:
    """Free of any distribution: at least 95 % up to the simulation's error."""
    rng = np.random.default_rng(4)
    truth = -math.log(1.0 - q)
    hits = sum(
        e.lo <= truth <= e.hi for _ in range(1000) for e in [quantile(rng.exponential(1.0, 60).tolist(), q)]
    )
    assert hits >= 930


# -- bootstrap -----------------------------------------------------------------------------------------


def test_bootstrap_against_scipy() -> None:
    values = np.random.default_rng(5).lognormal(0.0, 0.8, 60)
    ours = bootstrap(values.tolist(), statistics.fmean, resamples=4000, seed=1)
    theirs = reference.bootstrap(
        (values,), np.mean, n_resamples=9999, method="BCa", rng=np.random.default_rng(6)
    )
    low, high = theirs.confidence_interval
    tolerance = 0.06 * (high - low)  # both draw at random
    assert ours.method == "bootstrap-bca"
    assert ends(ours) == pytest.approx((low, high), abs=tolerance)
    assert ours.se == pytest.approx(theirs.standard_error, rel=0.05)


def test_bootstrap_is_seeded() -> None:
    values = [float(v) for v in (1, 2, 2, 3, 5, 8, 13)]
    first, again, other = (bootstrap(values, statistics.median, resamples=300, seed=s) for s in (1, 1, 2))
    assert first == again
    assert first != other


def test_bootstrap_where_the_correction_is_undefined() -> None:
    """All values equal: no spread, no acceleration."""
    estimate = bootstrap([2.0] * 6, statistics.fmean, resamples=100)
    assert (estimate.value, *ends(estimate), estimate.method) == (2.0, 2.0, 2.0, "bootstrap-percentile")


# -- inputs that break formulas ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "empty",
    [
        lambda: mean_t([]), lambda: mean_normal([]), lambda: quantile([], 0.5), lambda: block_quantile([], 0.5),
        lambda: block_quantile([[], []], 0.5), lambda: block_mean([], []), lambda: block_mean([0.0], [0]),
        lambda: block_proportion([], []), lambda: block_mean([1.0, 2.0], [1]), lambda: bootstrap([], statistics.fmean),
    ],
)  # fmt: skip
def test_nothing_is_refused(empty: Callable[[], Estimate]) -> None:
    with pytest.raises(ValueError, match="needs"):
        empty()


def test_one_value_has_no_spread_and_says_so() -> None:
    alone = (mean_t([3.0]), block_mean([6.0], [2]), bootstrap([3.0], statistics.fmean))
    for estimate in alone:
        assert (estimate.value, *ends(estimate), estimate.method) == (3.0, 3.0, 3.0, "single")
    assert all(estimate.alone for estimate in alone)


def test_one_block_has_no_spread_however_many_observations_it_has() -> None:
    middle = block_quantile([[1.0, 2.0, 3.0]], 0.5)
    assert (middle.value, *ends(middle), middle.n, middle.method) == (2.0, 2.0, 2.0, 3, "single")
    share = block_proportion([35], [50])
    assert (share.value, *ends(share), share.n, share.method) == (0.7, 0.7, 0.7, 50, "single-share")
    assert middle.alone and share.alone and not wilson(35, 50).alone


def test_blocks_that_agree_by_luck_are_no_surer_than_those_that_nearly_do() -> None:
    """Two conversations of ten, 7 and 7 right, are as good as no evidence that conversations are alike."""
    lucky, nearly = block_proportion([7, 7], [10, 10]), block_proportion([7, 8], [10, 10])
    assert lucky.hi - lucky.lo > 0.75 and nearly.hi - nearly.lo > 0.75
    many = block_proportion([7] * 60, [10] * 60)
    assert ends(many) == pytest.approx(ends(wilson(420, 600)), abs=0.003), "60 blocks do tell it"


@pytest.mark.parametrize(("blocks", "size"), [(2, 5), (3, 10), (5, 4)])
def test_few_blocks_cover(blocks: int, size: int) -> None:
    """2 000 seeded studies of few conversations with chances of their own (mean 0.7), equal counts among them."""
    rng = np.random.default_rng(11)
    hits = 0
    for _ in range(2000):
        right = rng.binomial(size, rng.beta(7.0, 3.0, blocks)).tolist()
        estimate = block_proportion(right, [size] * blocks)
        hits += estimate.lo <= 0.7 <= estimate.hi
    assert hits >= 0.945 * 2000


def test_equal_values_have_an_interval_of_no_width() -> None:
    equal = (
        mean_t([4.0] * 5),
        mean_normal([4.0] * 5),
        block_mean([8.0, 8.0], [2, 2]),
        quantile([4.0] * 5, 0.3),
    )
    for estimate in (*equal, block_quantile([[4.0] * 3, [4.0] * 3], 0.5)):
        assert (estimate.value, *ends(estimate)) == (4.0, 4.0, 4.0)


def test_all_right_and_all_wrong_keep_an_interval() -> None:
    assert ends(wilson(20, 20)) == pytest.approx((0.8389, 1.0), abs=1e-4)
    assert ends(wilson(0, 20)) == pytest.approx((0.0, 0.1611), abs=1e-4)
    # Four blocks count for (z / t)² = 0.379 of their twenty items.
    right, wrong = block_proportion([5] * 4, [5] * 4), block_proportion([0] * 4, [5] * 4)
    assert ends(right) == pytest.approx(wilson_bounds(1.0, 20 * 0.37936), abs=1e-4)
    assert ends(wrong) == pytest.approx(wilson_bounds(0.0, 20 * 0.37936), abs=1e-4)


@pytest.mark.parametrize(
    "poisoned",
    [
        mean_t([1.0, math.nan]), mean_normal([1.0, math.nan, 2.0]), block_mean([1.0, math.nan], [1, 1]),
        quantile([3.0, math.nan, 1.0], 0.5), block_quantile([[1.0, math.nan], [2.0, 3.0]], 0.5),
    ],
)  # fmt: skip
def test_not_a_number_is_passed_on_and_never_hidden(poisoned: Estimate) -> None:
    assert all(math.isnan(v) for v in (poisoned.value, *ends(poisoned)))


def test_json_and_back() -> None:
    estimate = wilson(3, 7)
    assert Estimate.from_json(estimate.to_json()) == estimate

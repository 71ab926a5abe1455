"""Differences of two files over the same items, and many of them at once."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as reference

from lab_app.stats.estimate import Estimate, PairedDifference
from lab_app.stats.intervals import wilson
from lab_app.stats.multiple import holm
from lab_app.stats.paired import (
    difference_of_exponentials,
    mcnemar_exact,
    newcombe_paired,
    paired_bootstrap,
    paired_in_blocks,
    paired_t,
    proportions,
    proportions_in_blocks,
    welch,
)

CELLS = st.integers(0, 200)
NUMBERS = st.floats(-1e4, 1e4)
P_VALUES = st.lists(st.floats(0.0, 1.0), max_size=20)


def ends(estimate: Estimate) -> tuple[float, float]:
    return estimate.lo, estimate.hi


# -- right or wrong ------------------------------------------------------------------------------------


@pytest.mark.parametrize("discordant", [(0, 0), (1, 0), (0, 5), (3, 9), (20, 20), (150, 121)])
def test_mcnemar_is_a_binomial_test(discordant: tuple[int, int]) -> None:
    n = sum(discordant)
    expected = reference.binomtest(discordant[0], n, 0.5).pvalue if n else 1.0
    assert mcnemar_exact(*discordant) == pytest.approx(expected, rel=1e-9)


def test_mcnemar_by_hand() -> None:
    """Ten discordant pairs, one of them for the other side: 2 · (1 + 10) / 2¹⁰."""
    assert mcnemar_exact(9, 1) == pytest.approx(22 / 1024, rel=1e-12)


@pytest.mark.parametrize(
    ("table", "published"),
    [
        # The two examples of Fagerland, Lydersen & Laake (2014), Statistics in Medicine 33:2850: airways before and
        # after stem cell transplantation, complete response before and after consolidation therapy.
        ((1, 7, 1, 12), (-0.286, -0.507, -0.026)),
        ((59, 16, 6, 80), (-0.0621, -0.1186, -0.0046)),
    ],
)
def test_newcombe_as_published(
    table: tuple[int, int, int, int], published: tuple[float, float, float]
) -> None:
    estimate = newcombe_paired(*table)
    digits = 3 if table[0] == 1 else 4
    assert tuple(round(v, digits) for v in (estimate.value, estimate.lo, estimate.hi)) == published


@given(CELLS, CELLS, CELLS, CELLS)
def test_newcombe_properties(both: int, only_base: int, only_other: int, neither: int) -> None:
    if not both + only_base + only_other + neither:
        return
    estimate = newcombe_paired(both, only_base, only_other, neither)
    assert -1.0 <= estimate.lo <= estimate.value <= estimate.hi <= 1.0
    # The two files change places.
    swapped = newcombe_paired(both, only_other, only_base, neither)
    assert (swapped.value, *ends(swapped)) == pytest.approx(
        (-estimate.value, -estimate.hi, -estimate.lo), abs=1e-12
    )
    # Right and wrong change places.
    turned = newcombe_paired(neither, only_other, only_base, both)
    assert (turned.value, *ends(turned)) == pytest.approx(
        (-estimate.value, -estimate.hi, -estimate.lo), abs=1e-12
    )


def test_proportions_count_the_pairs() -> None:
    base = [True] * 12 + [False] * 8
    other = [True] * 9 + [False] * 3 + [True] + [False] * 7
    found = proportions(base, other)
    assert found.estimate == newcombe_paired(9, 3, 1, 7)
    assert found.p_value == mcnemar_exact(3, 1)
    assert (found.test, found.estimate.value) == ("mcnemar-exact", -0.1)


def test_pairing_sees_what_two_separate_samples_cannot() -> None:
    """Eight sums lost of 100, none won: separately the two intervals overlap, in pairs the loss is plain."""
    found = proportions([True] * 70 + [False] * 30, [True] * 62 + [False] * 38)
    assert found.p_value == pytest.approx(2 / 2**8)
    assert found.distinguishable
    assert found.estimate.hi < -0.02
    separately = [wilson(k, 100) for k in (62, 70)]
    assert separately[0].hi > separately[1].lo


def test_newcombe_covers() -> None:
    """1 500 seeded studies of 40 correlated items with a true difference of −10 points."""
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(1500):
        both, only_base, only_other, neither = rng.multinomial(40, (0.6, 0.15, 0.05, 0.2))
        estimate = newcombe_paired(int(both), int(only_base), int(only_other), int(neither))
        hits += estimate.lo <= -0.1 <= estimate.hi
    assert 0.93 * 1500 <= hits <= 0.985 * 1500


# -- numbers -------------------------------------------------------------------------------------------


def _pair(seed: int, n: int, shift: float) -> tuple[list[float], list[float]]:
    rng = np.random.default_rng(seed)
    base = rng.normal(10.0, 5.0, n)
    return base.tolist(), (base + shift + rng.normal(0.0, 0.5, n)).tolist()


@pytest.mark.parametrize(("n", "shift"), [(2, 1.0), (8, 0.0), (25, 0.3), (200, -0.05)])
def test_paired_t_against_scipy(n: int, shift: float) -> None:
    base, other = _pair(n, n, shift)
    expected = reference.ttest_rel(other, base)
    found = paired_t(base, other)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-8)
    interval = expected.confidence_interval(0.95)
    assert ends(found.estimate) == pytest.approx((interval.low, interval.high), rel=1e-8)
    assert found.estimate.value == pytest.approx(statistics.fmean(other) - statistics.fmean(base), rel=1e-9)


@pytest.mark.parametrize(("first", "second"), [(5, 5), (3, 40), (2, 2)])
def test_welch_against_scipy(first: int, second: int) -> None:
    rng = np.random.default_rng(first + second)
    base, other = rng.normal(40.0, 1.0, first).tolist(), rng.normal(42.0, 4.0, second).tolist()
    expected = reference.ttest_ind(other, base, equal_var=False)
    found = welch(base, other)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-8)
    interval = expected.confidence_interval(0.95)
    assert ends(found.estimate) == pytest.approx((interval.low, interval.high), rel=1e-8)
    assert found.estimate.n == first + second


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=25))
def test_swapping_the_files_turns_the_sign_only(pairs: list[tuple[float, float]]) -> None:
    base, other = [a for a, _ in pairs], [b for _, b in pairs]
    for test in (paired_t, welch):
        one, two = test(base, other), test(other, base)
        assert (two.estimate.value, *ends(two.estimate)) == pytest.approx(
            (-one.estimate.value, -one.estimate.hi, -one.estimate.lo), rel=1e-9, abs=1e-9
        )
        assert 0.0 <= one.p_value <= 1.0
        assert two.p_value == pytest.approx(one.p_value, rel=1e-6, abs=1e-12)
    # The interval and the test are one statement.
    found = paired_t(base, other)
    if abs(found.p_value - 0.05) > 1e-6:
        assert found.distinguishable == (found.p_value < 0.05)


def test_false_alarms_are_five_in_a_hundred() -> None:
    """1 000 seeded comparisons of two files without any difference."""
    rng = np.random.default_rng(8)
    alarms = {"paired": 0, "welch": 0}
    for _ in range(1000):
        base, other = rng.normal(0.0, 1.0, 12).tolist(), rng.normal(0.0, 1.0, 12).tolist()
        alarms["paired"] += paired_t(base, other).p_value < 0.05
        alarms["welch"] += welch(base, other).p_value < 0.05
    for alarm in alarms.values():
        assert 30 < alarm < 70


def test_paired_bootstrap() -> None:
    base, other = _pair(9, 40, 0.4)
    found = paired_bootstrap(base, other, statistics.median, resamples=1000, seed=3)
    assert found == paired_bootstrap(base, other, statistics.median, resamples=1000, seed=3)
    assert found.estimate.value == statistics.median(other) - statistics.median(base)
    assert found.estimate.lo <= found.estimate.value <= found.estimate.hi
    # For a mean it must agree with Student's test about as far as resampling goes.
    of_mean = paired_bootstrap(base, other, statistics.fmean, resamples=2000, seed=3)
    student = paired_t(base, other)
    width = student.estimate.hi - student.estimate.lo
    assert ends(of_mean.estimate) == pytest.approx(ends(student.estimate), abs=0.15 * width)
    assert of_mean.p_value < 0.01 and student.p_value < 0.01
    alike = paired_bootstrap(base, base, statistics.fmean, resamples=200)
    assert (alike.estimate.value, alike.p_value, alike.distinguishable) == (0.0, 1.0, False)


# -- inputs that break formulas ------------------------------------------------------------------------


def test_nothing_and_unequal_lengths_are_refused() -> None:
    for broken in (
        lambda: proportions([], []), lambda: proportions([True], []), lambda: paired_t([], []),
        lambda: welch([], [1.0]), lambda: paired_t([1.0], [1.0, 2.0]),
        lambda: paired_bootstrap([], [], statistics.fmean),
        lambda: paired_bootstrap([1.0], [1.0, 2.0], statistics.fmean),
    ):  # fmt: skip
        with pytest.raises(ValueError):
            broken()


@pytest.mark.parametrize("alone", [paired_t([1.0], [4.0]), welch([1.0], [4.0]), welch([1.0, 2.0], [4.5])])
def test_one_pair_proves_nothing(alone: PairedDifference) -> None:
    assert alone.p_value == 1.0
    assert not alone.distinguishable
    assert alone.estimate.value == 3.0
    assert alone.estimate.method == "single"


def test_equal_values() -> None:
    alike = paired_t([2.0] * 4, [2.0] * 4)
    assert (alike.estimate.value, alike.p_value, alike.distinguishable) == (0.0, 1.0, False)
    shifted = paired_t([2.0] * 4, [3.0] * 4)
    assert (shifted.estimate.value, shifted.p_value, shifted.distinguishable) == (1.0, 0.0, True)
    steady = welch([2.0] * 3, [3.0] * 3)
    assert (steady.estimate.value, *ends(steady.estimate), steady.p_value) == (1.0, 1.0, 1.0, 0.0)


@pytest.mark.parametrize("test", [paired_t, welch])
def test_not_a_number_is_no_difference(test: object) -> None:
    assert callable(test)
    found = test([1.0, math.nan, 3.0], [2.0, 2.0, 2.0])
    assert math.isnan(found.estimate.value)
    assert not found.distinguishable
    assert not found.p_value < 0.05


# -- many at once --------------------------------------------------------------------------------------


def test_holm_by_hand() -> None:
    """Four tests: 0.01·4, then 0.02·3, 0.03·2 (kept monotone), 0.04·1 (kept monotone)."""
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([]) == []
    assert holm([0.2]) == [0.2]
    assert holm([0.9, 0.8]) == [1.0, 1.0]


YES_NO = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=60)


@given(YES_NO)
def test_blocks_of_one_item_are_plain_pairs_and_one_block_alone_proves_nothing(
    pairs: list[tuple[bool, bool]],
) -> None:
    base, other = [b for b, _ in pairs], [o for _, o in pairs]
    plain = proportions(base, other)
    assert proportions_in_blocks(base, other, range(len(pairs))) == plain
    alone = proportions_in_blocks(base, other, [0] * len(pairs))
    assert alone.estimate.alone and alone.estimate.n == len(pairs)
    assert (alone.estimate.value, *ends(alone.estimate)) == pytest.approx([plain.estimate.value] * 3)
    assert alone.p_value == 1.0 and not alone.distinguishable


def test_a_fall_within_one_conversation_is_not_told_apart() -> None:
    """One conversation of fifty sums, 40 and then 20 of them right: one observation of a difference, not fifty."""
    found = proportions_in_blocks([True] * 40 + [False] * 10, [True] * 20 + [False] * 30, [0] * 50)
    assert (found.estimate.value, found.p_value) == (pytest.approx(-0.4), 1.0)
    # Two that fall alike by luck do not make a hundred independent sums either.
    twice = proportions_in_blocks([True] * 80 + [False] * 20, [True] * 40 + [False] * 60, [0, 1] * 50)
    assert twice.p_value > 0.1


@pytest.mark.parametrize(("blocks", "size"), [(2, 25), (3, 10)])
def test_few_conversations_raise_few_false_alarms(blocks: int, size: int) -> None:
    """2 000 seeded pairs without a difference in few conversations that stand or fall together."""
    rng = np.random.default_rng(12)
    names = np.repeat(np.arange(blocks), size).tolist()
    alarms = 0
    for _ in range(2000):
        chances = rng.beta(3.0, 3.0, (2, blocks)).repeat(size, axis=1)
        base, other = (rng.random((2, blocks * size)) < chances).tolist()
        alarms += proportions_in_blocks(base, other, names).p_value < 0.05
    assert alarms < 0.06 * 2000


# -- means in blocks, and differences of exponentials --------------------------------------------------


def test_in_blocks_every_item_counts_alike() -> None:
    """Blocks of 20, 20 and 10: the value is the difference of the two means over all 50 items."""
    rng = np.random.default_rng(13)
    base, other = rng.random(50), rng.random(50)
    blocks = [i // 20 for i in range(50)]
    found = paired_in_blocks((other - base).tolist(), blocks)
    assert found.estimate.value == pytest.approx(other.mean() - base.mean(), rel=1e-12)
    means = [statistics.fmean((other - base)[start : start + 20]) for start in (0, 20, 40)]
    assert abs(found.estimate.value - statistics.fmean(means)) > 1e-3
    whole = paired_in_blocks((other - base)[:40].tolist(), blocks[:40])
    equal = paired_t([0.0, 0.0], means[:2])
    assert whole.p_value == pytest.approx(equal.p_value, rel=1e-9)
    assert ends(whole.estimate) == pytest.approx(ends(equal.estimate), rel=1e-9)
    alone = paired_in_blocks([0.2, 0.4], [7, 7])
    assert alone.estimate.alone and alone.p_value == 1.0


def _texts(rng: np.random.Generator, chunks: int) -> tuple[list[float], list[float]]:
    """Sums over chunks of 100 tokens: the base's chunks differ (σ 0.5), the variant is 0.4 nats worse (σ 0.1)."""
    base = rng.normal(3.0, 0.5, chunks)
    return (100.0 * base).tolist(), (100.0 * (base + rng.normal(0.4, 0.1, chunks))).tolist()


@pytest.mark.parametrize("chunks", [8, 16])
def test_differences_of_exponentials_cover(chunks: int) -> None:
    """2 000 seeded texts. With the base's perplexity taken as exact, three in ten intervals would miss."""
    rng = np.random.default_rng(14)
    truth = math.exp(3.4) - math.exp(3.0)
    covered, exact_base = 0, 0
    for _ in range(2000):
        base, other = _texts(rng, chunks)
        found = difference_of_exponentials(base, other, [100] * chunks)
        covered += found.lo <= truth <= found.hi
        ratio = paired_t([b / 100 for b in base], [o / 100 for o in other]).estimate
        perplexity = math.exp(sum(base) / (100 * chunks))
        exact_base += perplexity * math.expm1(ratio.lo) <= truth <= perplexity * math.expm1(ratio.hi)
    assert 0.93 * 2000 <= covered <= 0.97 * 2000
    assert exact_base < 0.8 * 2000


def test_differences_of_exponentials_against_the_jackknife() -> None:
    base, other = _texts(np.random.default_rng(15), 200)
    found = difference_of_exponentials(base, other, [100] * 200)
    left = [
        math.exp((sum(other) - o) / 19900) - math.exp((sum(base) - b) / 19900)
        for b, o in zip(base, other, strict=True)
    ]
    jackknife = math.sqrt(199 / 200 * sum((v - statistics.fmean(left)) ** 2 for v in left))
    assert found.se == pytest.approx(jackknife, rel=0.02)
    assert found.value == pytest.approx(math.exp(sum(other) / 20000) - math.exp(sum(base) / 20000))
    swapped = difference_of_exponentials(other, base, [100] * 200)
    assert ends(swapped) == pytest.approx((-found.hi, -found.lo))
    alone = difference_of_exponentials([6.0], [8.0], [2])
    assert alone.alone and alone.lo == alone.hi == alone.value == math.exp(4) - math.exp(3)
    with pytest.raises(ValueError):
        difference_of_exponentials([], [], [])


@given(YES_NO, st.integers(2, 8))
def test_blocks_never_tell_more_than_their_items(pairs: list[tuple[bool, bool]], blocks: int) -> None:
    base, other = [b for b, _ in pairs], [o for _, o in pairs]
    plain = proportions(base, other)
    found = proportions_in_blocks(base, other, [i % blocks for i in range(len(pairs))])
    assert found.estimate.value == pytest.approx(plain.estimate.value)
    assert found.estimate.n == len(pairs)
    assert found.estimate.lo <= plain.estimate.lo + 1e-9 and found.estimate.hi >= plain.estimate.hi - 1e-9
    assert found.p_value >= plain.p_value - 1e-9
    assert found.estimate.lo <= found.estimate.value <= found.estimate.hi


@pytest.mark.parametrize("blocks", [4, 10, 30])
def test_blocks_keep_their_promise_where_plain_pairs_do_not(blocks: int) -> None:
    """1 000 seeded pairs without a difference, whose ten items a block fall together: false alarms and coverage."""
    rng = np.random.default_rng(blocks)
    names = np.repeat(np.arange(blocks), 10).tolist()
    alarms, plain_alarms, covered = 0, 0, 0
    for _ in range(1000):
        chances = rng.beta(0.5, 0.5, (2, blocks)).repeat(10, axis=1)
        base, other = (rng.random((2, 10 * blocks)) < chances).tolist()
        found = proportions_in_blocks(base, other, names)
        alarms += found.p_value < 0.05
        covered += found.estimate.lo <= 0.0 <= found.estimate.hi
        plain_alarms += proportions(base, other).p_value < 0.05
    assert alarms < 70 and covered > 930
    assert plain_alarms > 200


@given(P_VALUES)
def test_holm_properties(values: list[float]) -> None:
    adjusted = holm(values)
    for p, q in zip(values, adjusted, strict=True):
        assert p <= q <= min(1.0, p * len(values)) + 1e-15  # never more than Bonferroni
    order = sorted(range(len(values)), key=values.__getitem__)
    assert [adjusted[i] for i in order] == sorted(adjusted)
    assert sorted(holm(values[::-1])) == pytest.approx(sorted(adjusted))


@given(P_VALUES, st.integers(0, 20))
def test_a_test_without_a_number_shows_nothing_and_moves_nothing(values: list[float], place: int) -> None:
    place = min(place, len(values))
    with_nan = holm([*values[:place], math.nan, *values[place:]])
    with_one = holm([*values[:place], 1.0, *values[place:]])
    assert with_nan == with_one
    assert with_nan[place] == 1.0


def test_holm_keeps_the_family_below_the_level() -> None:
    """1 000 seeded families of 21 tests, none of which has anything to find."""
    rng = np.random.default_rng(10)
    alarms = sum(min(holm(rng.random(21).tolist())) < 0.05 for _ in range(1000))
    assert alarms < 70

"""Our own t, beta and binomial distributions against scipy's, over the range that reports need."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as reference

from lab_app.stats.distributions import (
    beta_cdf,
    beta_quantile,
    binomial_cdf,
    normal_quantile,
    normal_two_sided,
    t_quantile,
    t_two_sided,
)

SIZES = (0.5, 1.0, 2.0, 7.5, 40.0, 1e3, 1e5)
INSIDE = (1e-12, 1e-4, 0.02, 0.3, 0.5, 0.77, 0.999, 1.0 - 1e-9)


@pytest.mark.parametrize("a", SIZES)
@pytest.mark.parametrize("b", SIZES)
def test_beta_cdf(a: float, b: float) -> None:
    # Around the mean as well: for large a and b nothing else has a value between 0 and 1.
    mean = a / (a + b)
    near = (mean * 0.99, mean, min(1.0, mean * 1.01))
    for x in (*INSIDE, *near):
        assert beta_cdf(x, a, b) == pytest.approx(reference.beta.cdf(x, a, b), rel=1e-8, abs=1e-300)


@pytest.mark.parametrize("a", SIZES)
@pytest.mark.parametrize("b", SIZES)
@pytest.mark.parametrize("p", [0.001, 0.025, 0.5, 0.975])
def test_beta_quantile(a: float, b: float, p: float) -> None:
    assert beta_quantile(p, a, b) == pytest.approx(reference.beta.ppf(p, a, b), rel=1e-8)


@pytest.mark.parametrize("df", [1, 1.5, 2, 4, 15, 99, 2999, 1e6])
def test_student(df: float) -> None:
    for p in (0.5, 0.6, 0.9, 0.975, 0.9995):
        assert t_quantile(p, df) == pytest.approx(reference.t.ppf(p, df), rel=1e-8, abs=1e-12)
        assert t_quantile(1.0 - p, df) == pytest.approx(-t_quantile(p, df), rel=1e-9, abs=1e-12)
    for t in (0.0, 1e-3, 0.7, 1.96, 12.7, 1e4):
        assert t_two_sided(t, df) == pytest.approx(2.0 * reference.t.sf(t, df), rel=1e-8, abs=1e-300)
        assert t_two_sided(-t, df) == t_two_sided(t, df)


def test_student_in_a_printed_table() -> None:
    """Student's own 97.5 % points, as every textbook prints them."""
    printed = {1: 12.706, 2: 4.303, 5: 2.571, 10: 2.228, 30: 2.042, 120: 1.980}
    assert {df: round(t_quantile(0.975, df), 3) for df in printed} == printed


@pytest.mark.parametrize("n", [1, 2, 10, 137])
@pytest.mark.parametrize("p", [1e-6, 0.02, 0.5, 0.93])
def test_binomial_is_the_sum_of_its_terms(n: int, p: float) -> None:
    total = 0.0
    for k in range(n):
        total += math.comb(n, k) * p**k * (1.0 - p) ** (n - k)
        assert binomial_cdf(k, n, p) == pytest.approx(total, rel=1e-9)
    assert binomial_cdf(-1, n, p) == 0.0
    assert binomial_cdf(n, n, p) == 1.0


def test_normal() -> None:
    assert normal_quantile(0.975) == pytest.approx(1.959963984540054, abs=1e-14)
    assert normal_two_sided(1.959963984540054) == pytest.approx(0.05, rel=1e-12)
    assert normal_two_sided(-3.0) == pytest.approx(2.0 * reference.norm.sf(3.0), rel=1e-12)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.1, 1e4), st.floats(0.1, 1e4))
def test_beta_cdf_is_a_distribution(x: float, y: float, a: float, b: float) -> None:
    low, high = sorted((x, y))
    first, second = beta_cdf(low, a, b), beta_cdf(high, a, b)
    assert -1e-12 <= first <= second + 1e-12 <= 1.0 + 2e-12
    assert first + beta_cdf(1.0 - low, b, a) == pytest.approx(1.0, abs=1e-7)


@given(st.floats(0.001, 0.999), st.floats(0.2, 5e4), st.floats(0.2, 5e4))
def test_beta_quantile_inverts_the_cdf(p: float, a: float, b: float) -> None:
    assert beta_cdf(beta_quantile(p, a, b), a, b) == pytest.approx(p, abs=1e-6)


def test_not_a_number_stays_one() -> None:
    assert math.isnan(beta_cdf(math.nan, 1.0, 1.0))
    assert math.isnan(t_two_sided(math.nan, 3.0))
    assert math.isnan(t_quantile(0.975, math.nan))
    assert t_two_sided(math.inf, 3.0) == 0.0

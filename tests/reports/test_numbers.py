"""How numbers and the words around them are written."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_app.probes.base import Metric
from lab_app.reports.numbers import decimals, fixed, is_share, p_value, show, show_metric
from lab_app.reports.words import listing, lower_first, printable, upper_first
from lab_app.stats.estimate import Estimate
from lab_app.stats.intervals import wilson
from lab_app.system.translation import plural

THIN = "\u202f"


def of(value: float, lo: float, hi: float, method: str = "t") -> Estimate:
    return Estimate(value, lo, hi, 10, method)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (3.14159, 2, "3.14"), (-3.14159, 1, "−3.1"), (0.0, 3, "0.000"), (-0.0, 1, "0.0"),
        (1234567.0, 0, f"1{THIN}234{THIN}567"),
        (0.5, 0, "0.5"), (-0.0004, 2, "−0.0004"), (-0.00004, 2, "−4.0e−05"), (999.995, 1, f"1{THIN}000.0"),
        (math.inf, 2, "–"), (math.nan, 2, "–"),
    ],
)  # fmt: skip
def test_fixed(value: float, places: int, text: str) -> None:
    assert fixed(value, places) == text


@pytest.mark.parametrize(
    ("estimate", "unit", "text"),
    [
        # Two significant digits of the half-width decide for value and ends alike.
        (of(0.0412345, 0.0361, 0.0463), "nats", "0.0412 (0.0361–0.0463)"),
        (of(41.618, 40.71, 42.5), "tokens/s", "41.62 (40.71–42.50)"),
        (of(1.0, 0.2, 1.9), "", "1.00 (0.20–1.90)"),
        (of(3.6, -3.6, 10.8), "tokens/s", "3.6 (−3.6 to 10.8)"),
        (of(20000.0, 18000.0, 22000.0), "", f"20{THIN}000 (18{THIN}000–22{THIN}000)"),
        # No interval: the metric's own digits.
        (of(14.38, 14.38, 14.38, "observed"), "nats", "14.3800"),
        # Shares in percent.
        (wilson(19, 20), "", "95 % (76–99)"),
        (wilson(20, 20), "", "100.0 % (83.9–100.0)"),
        (of(0.8819, 0.8716, 0.8914, "block-wilson"), "", "88.19 % (87.16–89.14)"),
        (of(0.25, 0.2, 0.3), "share", "25.0 % (20.0–30.0)"),
        (of(98.4e6, 98.4e6, 98.4e6, "exact"), "bytes", "98.4 MB"),
        # Not to be had.
        (of(math.nan, math.nan, math.nan), "nats", "–"),
        (of(5.0, 4.0, math.inf), "", "5.0000"),
    ],
)
def test_show(estimate: Estimate, unit: str, text: str) -> None:
    assert str(show(estimate, unit=unit)) == text


@pytest.mark.parametrize(
    ("estimate", "share", "text"),
    [
        (of(-0.1, -0.16, -0.04, "newcombe"), True, "−10.0 points (−16.0 to −4.0)"),
        (of(0.1, 0.04, 0.16, "newcombe"), True, "+10.0 points (4.0–16.0)"),
        (of(0.5, 0.3, 0.7), False, "+0.50 (0.30–0.70)"),
        (of(0.0, -0.2, 0.2), False, "0.00 (−0.20 to 0.20)"),
    ],
)
def test_differences_have_a_sign(estimate: Estimate, share: bool, text: str) -> None:
    assert str(show(estimate, signed=True, share=share)) == text


def test_differences_of_bytes() -> None:
    assert str(show(of(-5e6, -5e6, -5e6), unit="bytes", signed=True)) == "−5.0 MB"
    assert str(show(of(5e6, 5e6, 5e6), unit="bytes", signed=True)) == "+5.0 MB"


def test_metrics_bring_their_own_digits() -> None:
    assert (
        str(show_metric(Metric("kld_max", "x", of(1.23456, 1.23456, 1.23456), "nats", "lower", 2))) == "1.23"
    )


@given(st.floats(-1e7, 1e7), st.floats(1e-9, 1e6), st.floats(1e-9, 1e6))
def test_what_is_shown_lies_near_what_was_measured(value: float, below: float, above: float) -> None:
    estimate = of(value, value - below, value + above)
    places = decimals(estimate, 4)
    assert 0 <= places <= 6
    shown = show(estimate).value
    read = float(shown.replace(THIN, "").replace("−", "-"))
    # Half of the last digit, which is at most a twentieth of the interval's half-width.
    assert abs(read - value) <= max(0.5 * 10.0**-places, 0.06 * abs(value)) + 1e-12
    if places < 6:
        assert 10.0**-places <= (estimate.hi - estimate.lo) / 2.0 + 1e-12 or places == 0


def test_shares_are_known_by_unit_or_method() -> None:
    assert is_share(wilson(1, 2), "")
    assert is_share(of(0.5, 0.4, 0.6), "fraction")
    assert not is_share(of(0.5, 0.4, 0.6), "")
    assert not is_share(wilson(1, 2), "nats")


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "< 0.001"), (0.0009, "< 0.001"), (0.0234, "0.023"), (0.0999, "0.100"), (0.5, "0.50"), (1.0, "1.00"),
        (math.nan, "–"),
    ],
)  # fmt: skip
def test_p_values(p: float, text: str) -> None:
    assert p_value(p) == text


# -- words ---------------------------------------------------------------------------------------------


def test_counts() -> None:
    assert [plural("%n item(s)", "", n) for n in (0, 1, 2, 1234)] == [
        "0 items",
        "1 item",
        "2 items",
        f"1{THIN}234 items",
    ]
    assert plural("%n job(s) was/were cancelled.", "", 2) == "2 jobs were cancelled."


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"),
        (list("abcdefgh"), "a, b, c, d, e, f and 2 more"),
    ],
)  # fmt: skip
def test_listing(items: list[str], text: str) -> None:
    assert listing(items) == text


def test_listing_of_items_with_commas() -> None:
    assert listing(["a, b", "c"], between="; ") == "a, b; and c"
    assert listing(list("abc"), most=2, between="; ") == "a; b; and 1 more"


def test_first_letters() -> None:
    assert [lower_first(w) for w in ("Mean KL", "KL divergence", "A", "")] == [
        "mean KL",
        "KL divergence",
        "A",
        "",
    ]
    assert upper_first("mean KL") == "Mean KL"


def test_what_no_page_can_bear() -> None:
    assert printable("plain – “text” 模型 🙂\n\tindented") == "plain – “text” 模型 🙂\n\tindented"
    assert printable("a\x00b\x1bc\ud800d\ufffee\u202ef\x85") == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ufffd"

# ruff: noqa: E501 (whole sentences, as they are printed)
"""Thresholds of a study: what CI is told."""

from __future__ import annotations

import math

import pytest

from lab_app.probes.thresholds import THRESHOLDS
from lab_app.reports.thresholds import check, holds, threshold_table
from lab_app.stats.estimate import Estimate
from tests.reports.facts import report

FILES = {"base": 270, "Q8_0": 145, "Q4_K_M": 105}
KLD = {"Q8_0": (0.0009, 0.0008, 0.001), "Q4_K_M": (0.031, 0.028, 0.034)}


@pytest.mark.parametrize(
    ("side", "interval", "outcome"),
    [
        ("max", (0.04, 0.03, 0.05), (True, True)), ("max", (0.05, 0.04, 0.06), (True, False)),
        ("max", (0.051, 0.04, 0.06), (False, False)), ("max", (0.07, 0.06, 0.08), (False, True)),
        ("min", (0.07, 0.05, 0.08), (True, True)), ("min", (0.05, 0.04, 0.06), (True, False)),
        ("min", (0.049, 0.04, 0.06), (False, False)), ("min", (0.03, 0.02, 0.049), (False, True)),
        ("max", (math.nan, math.nan, math.nan), (False, True)), ("min", (math.inf, math.inf, math.inf), (False, True)),
    ],
)  # fmt: skip
def test_the_value_decides_and_the_interval_says_how_surely(
    side: str, interval: tuple[float, float, float], outcome: tuple[bool, bool]
) -> None:
    assert holds(side, 0.05, Estimate(*interval, 10, "t")) == outcome


def test_every_file_but_the_base_is_held_against_every_threshold() -> None:
    checks = check(report(FILES, kld=KLD, thresholds={"max_kld": 0.02, "max_ppl_ratio": 1.002}))
    assert [(c.name, c.variant_id, c.status) for c in checks] == [
        ("max_kld", "Q8_0", "met"), ("max_kld", "Q4_K_M", "not met"),
        ("max_ppl_ratio", "Q8_0", "met, uncertain"), ("max_ppl_ratio", "Q4_K_M", "met, uncertain"),
    ]  # fmt: skip
    assert [c.message for c in checks][1:3] == [
        "Q4_K_M: mean KL divergence is 0.0310 (0.0280–0.0340), above 0.02.",
        (
            "Q8_0: perplexity relative to the base is 1.0010 (0.9990–1.0030), at most 1.002, but the interval reaches across "
            "the bound."
        ),
    ]


def test_what_was_not_measured_is_not_met() -> None:
    states = {("divergence", "Q4_K_M"): "failed"}
    (first, second) = check(
        report(FILES, kld={**KLD, "Q4_K_M": None}, states=states, thresholds={"max_kld": 0.02})
    )
    assert (first.met, second.met, second.status) == (True, False, "not measured")
    assert second.message == "Q4_K_M: mean KL divergence was not measured. It broke."
    (alone, _) = check(report(FILES, kld=KLD, thresholds={"min_generation_speed": 5.0}))
    assert alone.message == "min_generation_speed: the study has no probe “speed”."
    assert not alone.met


def test_no_number_is_not_met() -> None:
    nothing = (math.nan, math.nan, math.nan)
    (first, _) = check(report(FILES, kld={"Q8_0": nothing}, thresholds={"max_kld": 0.02}))
    assert (first.met, first.message) == (False, "Q8_0: mean KL divergence is not a number, above 0.02.")


def test_a_threshold_of_another_version_is_not_met() -> None:
    (only,) = check(report(FILES, kld=KLD, thresholds={"max_warp": 9}))
    assert (only.met, only.message) == (False, "There is no threshold named max_warp.")


def test_the_table_begins_with_what_is_not_met() -> None:
    data = report(
        FILES,
        kld=KLD,
        rates={"Q8_0": (40.0, 38.0, 42.0)},
        thresholds={"max_kld": 0.02, "min_generation_speed": 39},
    )
    table = threshold_table(check(data), data)
    assert table is not None
    assert [[cell.plain for cell in row] for row in table.rows] == [
        ["max_kld · mean KL divergence", "Q4_K_M", "≤ 0.02", "0.0310 (0.0280–0.0340)", "not met"],
        [
            "min_generation_speed · generation speed in tokens per second",
            "Q4_K_M",
            "≥ 39",
            "–",
            "not measured",
        ],
        ["max_kld · mean KL divergence", "Q8_0", "≤ 0.02", "0.00090 (0.00080–0.00100)", "met"],
        [
            "min_generation_speed · generation speed in tokens per second",
            "Q8_0",
            "≥ 39",
            "40.0 (38.0–42.0)",
            "met, uncertain",
        ],
    ]
    assert [row[-1].kind for row in table.rows] == ["bad", "bad", "good", "open"]
    assert threshold_table((), data) is None


def test_shares_have_their_bound_in_percent() -> None:
    data = report(
        FILES, kld=KLD, sums={"base": 190, "Q8_0": 188, "Q4_K_M": 150}, thresholds={"min_arithmetic": 0.9}
    )
    # The cases' own “sums” stands for the probe the threshold is about.
    sums = data.probe("sums")
    object.__setattr__(sums, "probe", "arithmetic")
    checks = check(data)
    assert [c.message for c in checks] == [
        "Q8_0: share of correct sums is 94.0 % (89.8–96.5), at least 90 %, but the interval reaches across the bound.",
        "Q4_K_M: share of correct sums is 75.0 % (68.6–80.5), below 90 %.",
    ]
    table = threshold_table(checks, data)
    assert table is not None
    assert [row[2].plain for row in table.rows] == ["≥ 90 %", "≥ 90 %"]


def test_json() -> None:
    (first, _) = check(report(FILES, kld=KLD, thresholds={"max_kld": 0.02}))
    body = first.to_json()
    assert body["estimate"]["value"] == 0.0009
    assert {k: body[k] for k in ("name", "variant", "probe", "bound", "met", "certain", "status")} == {
        "name": "max_kld", "variant": "Q8_0", "probe": "divergence", "bound": 0.02, "met": True, "certain": True,
        "status": "met",
    }  # fmt: skip


def test_every_threshold_names_a_side_and_what_it_is_about() -> None:
    for name, rule in THRESHOLDS.items():
        assert name == rule.name
        assert rule.side == name[:3]
        assert rule.label and not rule.label[0].isupper()

# ruff: noqa: E501 (whole sentences, as they are printed)
"""Which file the report recommends, and in what words. Every case is a study a user could have."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from lab_app.reports.model import Comparison, ReportData
from lab_app.reports.quality import Silent, assess, criteria
from lab_app.reports.sentences import HEADINGS
from lab_app.reports.thresholds import holds
from lab_app.reports.verdict import Verdict, verdict
from lab_app.stats.estimate import Estimate, PairedDifference
from tests.reports.facts import ALIKE, failed, report

FILES = {"base": 270, "Q8_0": 145, "Q4_K_M": 105, "Q2_K": 88}
CLEAN = {"Q8_0": (0.0009, 0.0008, 0.001), "Q4_K_M": (0.031, 0.028, 0.034), "Q2_K": (0.4, 0.35, 0.45)}
RIGHT = {"base": 190, "Q8_0": 190, "Q4_K_M": 189, "Q2_K": 150}


def said(answer: Verdict, kind: str) -> list[str]:
    return [s.text for s in answer.sentences if s.kind == kind]


def test_a_clear_winner_word_for_word() -> None:
    data = report(
        FILES, kld=CLEAN, sums=RIGHT, rates={n: (40.0 + i * 5, 39.0 + i * 5, 41.0 + i * 5) for i, n in enumerate(FILES)},
        needs={"Q4_K_M": 364e6},
    )  # fmt: skip
    answer = verdict(data)
    assert (answer.best_variant, answer.certainty, answer.preliminary) == ("Q4_K_M", "high", False)
    assert dict(answer.standing) == {
        "base": "reference",
        "Q8_0": "within",
        "Q4_K_M": "within",
        "Q2_K": "beyond",
    }
    assert [(s.kind, s.text) for s in answer.sentences] == [
        ("answer", "Run Q4_K_M (105.0 MB): the smallest file that stays within every margin."),
        (
            "why",
            (
                "Mean KL divergence 0.0310 (0.0280–0.0340) nats, margin 0.05 nats; perplexity relative to the base 1.0010 "
                "(0.9990–1.0030), margin 1.03; and “Sums” 0.5 points worse (−1.6 to 2.8), margin 5 points."
            ),
        ),
        ("why", "It is 61 % smaller than the base."),
        (
            "memory",
            "With a context of 4096 tokens it needs about 364 MB of this machine's 16 GB (an estimate).",
        ),
        ("speed", "It writes 50.0 (49.0–51.0) tokens per second here, the base 40.0 (39.0–41.0)."),
        ("beyond", "Worse than the margins allow: Q2_K with mean KL divergence 0.400 (0.350–0.450) nats."),
        (
            "same",
            "In “Sums” these could not be told apart: the base and Q8_0; the base and Q4_K_M; Q8_0 and Q4_K_M.",
        ),
        (
            "margins",
            (
                "Good enough means here: mean KL divergence at most 0.05 nats; perplexity relative to the base at most "
                "1.03; and “Sums” at most 5 points worse than the base (conventions of this lab; a study can state its own)."
            ),
        ),
        (
            "sure",
            (
                "A file is within a margin only when its whole 95 % interval is. Files count as told apart at 5 %, corrected "
                "(Holm) for 6 comparisons in a probe. “Not told apart” means that no difference was shown, not that there is "
                "none."
            ),
        ),
    ]


HEADLINES: dict[str, tuple[dict[str, Any], str | None, str, str]] = {
    "only the base": (
        {"files": {"base": 270}, "kld": {}},
        None, "none", "Only the base is in this study, so there is nothing to choose from.",
    ),
    "nothing smaller is good": (
        {"files": {"base": 98, "Q3_K_M": 94}, "kld": {"Q3_K_M": (0.1, 0.09, 0.11)}},
        "base", "high", "Stay with the base, Model.F16 (98.0 MB): no smaller file stays within the margins.",
    ),
    "nothing smaller is shown to be good": (
        {"files": {"base": 98, "IQ4_XS": 93}, "kld": {"IQ4_XS": (0.045, 0.035, 0.055)}},
        "base", "moderate",
        "Stay with the base, Model.F16 (98.0 MB): no smaller file is shown to stay within the margins.",
    ),
    "the base is the smallest": (
        {"files": {"base": 98, "Q8_0": 145}, "kld": {"Q8_0": (0.001, 0.0009, 0.0011)}},
        "base", "high", "Stay with the base, Model.F16 (98.0 MB): it is the smallest file here.",
    ),
    "one criterion cannot decide": (
        {"files": FILES, "kld": CLEAN, "sums": {"base": 19, "Q8_0": 19, "Q4_K_M": 19, "Q2_K": 18}, "items": 20},
        "Q4_K_M", "moderate",
        "Run Q4_K_M (105.0 MB): the smallest file that stays within the margins wherever the measurements can decide.",
    ),
    "nothing can decide": (
        {"files": FILES, "sums": {"base": 19, "Q8_0": 19, "Q4_K_M": 18, "Q2_K": 18}, "items": 20},
        "base", "moderate",
        "Stay with the base, Model.F16 (270.0 MB): no smaller file is shown to stay within the margins.",
    ),
    "nothing fits": (
        {"files": {"base": 14000, "Q4_K_M": 4000}, "kld": {"Q4_K_M": (0.03, 0.028, 0.032)}, "memory": 4e9,
         "needs": {"base": 15e9, "Q4_K_M": 4.6e9}},
        None, "none",
        ("No file that stays within the margins fits this machine: Q4_K_M needs about 4.6 GB of memory, and 3.6 GB can "
        "be used."),
    ),
    "the base cannot do it either": (
        {"files": FILES, "sums": {"base": 2, "Q8_0": 2, "Q4_K_M": 1, "Q2_K": 0}},
        None, "none", "No file can be recommended: what was measured cannot show a loss.",
    ),
    "only speed": (
        {"files": FILES, "rates": dict.fromkeys(FILES, (40.0, 39.0, 41.0))},
        None, "none", "No file can be recommended, as nothing measured says how good a file is.",
    ),
    "nothing but the base is measured": (
        {"files": FILES, "sums": {"base": 190, "Q8_0": None, "Q4_K_M": None, "Q2_K": None},
         "states": {("sums", n): "waiting" for n in ("Q8_0", "Q4_K_M", "Q2_K")}},
        None, "none", "No file can be recommended: none but the base has been measured.",
    ),
    "no base": (
        {"files": {"A": 145, "B": 105}, "base": None, "kld": {"A": (0.2, 0.1, 0.3), "B": (0.2, 0.1, 0.3)}},
        None, "none", "No file can be recommended: none that is completely measured stays within the margins.",
    ),
    "still running": (
        {"files": FILES, "kld": {**CLEAN, "Q2_K": None}, "unfinished": 3, "states": {("divergence", "Q2_K"): "waiting"}},
        "Q4_K_M", "high", "So far: run Q4_K_M (105.0 MB): the smallest file that stays within every margin.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADLINES)
def test_headlines(case: str) -> None:
    facts, best, certainty, headline = HEADLINES[case]
    answer = verdict(report(**facts))
    assert (answer.best_variant, answer.certainty, answer.headline) == (best, certainty, headline)


def test_a_file_that_does_not_fit_is_passed_over_and_named() -> None:
    data = report(
        {"base": 14000, "Q8_0": 8000, "Q4_K_M": 4000},
        kld={"Q8_0": (0.001, 0.0009, 0.0011), "Q4_K_M": (0.2, 0.19, 0.21)}, memory=10e9,
        needs={"base": 15e9, "Q8_0": 8.5e9, "Q4_K_M": 4.5e9},
    )  # fmt: skip
    answer = verdict(data)
    assert answer.best_variant == "Q8_0"
    assert said(answer, "memory") == [
        "With a context of 4096 tokens it needs about 8.5 GB of this machine's 10 GB (an estimate).",
        "The base (Model.F16) does not fit into the 9 GB that can be used here.",
    ]


def test_the_memory_of_cards_counts_where_files_run_on_them() -> None:
    data = report(
        {"base": 14000, "Q8_0": 8000}, kld={"Q8_0": (0.2, 0.19, 0.21)}, memory=10e9,
        needs={"base": 15e9, "Q8_0": 8.5e9},
    )  # fmt: skip
    machine: Any = data.machine
    machine["gpus"] = [{"name": "a card", "memory": 24_000_000_000}]
    assert verdict(data).best_variant is None, "it was not used"
    for variant in data.variants:
        settings: Any = variant.settings
        settings["gpu_layers"] = -1
    answer = verdict(data)
    assert answer.best_variant == "base"
    assert said(answer, "memory") == [
        "With a context of 4096 tokens it needs about 15 GB of this machine's 34 GB (an estimate)."
    ]


def test_memory_that_is_not_known_excludes_nothing() -> None:
    answer = verdict(report(FILES, kld=CLEAN, memory=None, needs=dict.fromkeys(FILES, 1e15)))
    assert answer.best_variant == "Q4_K_M"
    assert said(answer, "memory") == []


def test_a_broken_file() -> None:
    data = report(
        FILES, kld={**CLEAN, "Q2_K": (1.93, 1.8, 2.06)}, ratio={"Q2_K": (2.98, 2.79, 3.18)},
        sums={**RIGHT, "Q2_K": 10},
    )  # fmt: skip
    answer = verdict(data)
    assert answer.broken == ("Q2_K",)
    assert answer.standing["Q2_K"] == "broken"
    assert said(answer, "broken") == [
        (
            "Q2_K is broken: mean KL divergence 1.93 (1.80–2.06) nats; perplexity relative to the base 2.98 (2.79–3.18); "
            "and “Sums” 90.0 points worse (84.4–93.2)."
        )
    ]
    assert said(answer, "beyond") == []


def test_a_file_whose_numbers_are_none_is_broken() -> None:
    nothing = (math.nan, math.nan, math.nan)
    answer = verdict(report(FILES, kld={**CLEAN, "Q4_K_M": nothing}, ratio={"Q4_K_M": nothing}))
    assert answer.best_variant == "Q8_0"
    assert said(answer, "broken") == [
        "Q4_K_M is broken: mean KL divergence is not a number; and perplexity relative to the base is not a number."
    ]


def test_a_smaller_file_that_may_be_good_enough() -> None:
    answer = verdict(report(FILES, kld={**CLEAN, "Q2_K": (0.049, 0.046, 0.052)}))
    assert answer.best_variant == "Q4_K_M"
    assert said(answer, "smaller") == [
        "Q2_K is smaller and may be good enough too, but the intervals reach across a margin."
    ]
    assert answer.standing["Q2_K"] == "undecided"


def test_an_interval_that_reaches_across_is_no_recommendation_where_the_measurement_is_sharp() -> None:
    """Half a margin wide: a file without loss would have been shown to be within. Three margins wide: nothing
    could have been."""
    sharp = verdict(report(FILES, kld={"Q4_K_M": (0.05, 0.03, 0.07)}))
    assert (sharp.best_variant, sharp.certainty) == ("base", "moderate")
    blunt = verdict(report(FILES, kld={"Q4_K_M": (0.05, 0.0, 0.3)}))
    assert (blunt.best_variant, blunt.certainty) == ("Q4_K_M", "moderate")


def test_what_was_too_small_to_say() -> None:
    answer = verdict(
        report(FILES, kld=CLEAN, sums={"base": 19, "Q8_0": 19, "Q4_K_M": 17, "Q2_K": 2}, items=20)
    )
    assert said(answer, "small") == [
        (
            "“Sums” cannot say whether 2 of 3 files are within its margin: 20 items leave ±20 points; about 310 would show a "
            "file without any loss to be within it."
        )
    ]
    assert said(verdict(report(FILES, sums={"base": 2, "Q8_0": 2}, kld=CLEAN)), "small") == [
        "“Sums” cannot show a loss here: the base itself reaches only 1.0 % (0.3–3.6), so there is next to nothing to lose."
    ]
    unclear = dict.fromkeys(CLEAN, (0.08, 0.01, 0.15))
    assert said(verdict(report(FILES, kld=unclear)), "small") == [
        "“Divergence” cannot say whether any file is within its margin: 4\u202f080 observations leave ±0.07 nats."
    ]


def test_failed_jobs_are_named_and_their_files_not_chosen() -> None:
    data = report(
        FILES, kld=CLEAN, sums={**RIGHT, "Q4_K_M": None}, states={("sums", "Q4_K_M"): "failed"},
        failures=[failed("sums: Q4_K_M"), failed("quantize to Q3_K_M", state="cancelled")],
    )  # fmt: skip
    answer = verdict(data)
    assert answer.best_variant == "Q8_0"
    assert answer.standing["Q4_K_M"] == "incomplete"
    assert said(answer, "missing") == [
        "1 job failed: “sums: Q4_K_M”. What it was to show is missing here.",
        "1 job was cancelled.",
    ]


@pytest.mark.parametrize("lost", [{"predicted": ["Q4_K_M"]}, {"problems": {"Q4_K_M": "The disk is full."}}])
def test_a_file_that_is_not_there_is_not_recommended(lost: dict[str, Any]) -> None:
    assert verdict(report(FILES, kld=CLEAN, **lost)).best_variant == "Q8_0"


def test_preliminary() -> None:
    answer = verdict(report(FILES, kld=CLEAN, unfinished=1))
    assert answer.preliminary
    assert answer.headline.startswith("So far: run Q4_K_M")
    assert said(answer, "unfinished") == ["1 job is not finished; this verdict may change."]


def test_a_base_that_was_quantized_before_is_marked() -> None:
    assert said(verdict(report(FILES, kld=CLEAN)), "base") == []
    (sentence,) = said(verdict(report(FILES, kld=CLEAN, quant="q4_1")), "base")
    assert sentence.startswith(
        "The base is itself a quantized file (Q4_1). Everything here is measured against that file"
    )


def test_a_larger_file_is_called_larger() -> None:
    files = {"base": 98, "Q8_0": 145}
    data = report(files, kld={"Q8_0": (0.001, 0.0009, 0.0011)}, needs={"base": 2e10}, memory=1e10)
    assert said(verdict(data), "why")[1:] == ["Note that it is 48 % larger than the base."]


def test_many_pairs_are_counted_few_are_named() -> None:
    all_alike = dict.fromkeys(FILES, 190)
    assert said(verdict(report(FILES, sums=all_alike)), "same") == [
        "In “Sums” no two of the files could be told apart."
    ]
    five = {**FILES, "Q3_K_M": 90}
    mixed = {**all_alike, "Q3_K_M": 100}
    assert said(verdict(report(five, sums=mixed)), "same") == [
        "In “Sums” 6 of 10 pairs of files could not be told apart (listed below)."
    ]
    two = {"base": 270, "Q8_0": 145}
    assert said(verdict(report(two, sums=dict.fromkeys(two, 190))), "same") == [
        "In “Sums” the two files could not be told apart."
    ]


def test_a_speed_that_could_be_chance_is_said_to_be() -> None:
    rates = {"base": (40.0, 39.0, 41.0), "Q4_K_M": (40.5, 39.0, 42.0)}
    (sentence,) = said(verdict(report(FILES, kld=CLEAN, rates=rates)), "speed")
    assert sentence.endswith("the base 40.0 (39.0–41.0); the difference could be chance.")


# -- margins and thresholds ----------------------------------------------------------------------------


def _status(data: ReportData, name: str) -> list[str]:
    return [assess(data, data.variant(name), criterion).status for criterion in criteria(data)[0]]


@pytest.mark.parametrize(
    ("interval", "status"),
    [
        ((0.03, 0.02, 0.05), "within"), ((0.04, 0.02, 0.0501), "undecided"), ((0.06, 0.0499, 0.07), "undecided"),
        ((0.06, 0.0501, 0.07), "beyond"), ((1.2, 0.99, 1.4), "beyond"), ((1.2, 1.01, 1.4), "broken"),
        ((math.nan, math.nan, math.nan), "broken"), ((math.inf, 1.0, math.inf), "broken"),
    ],
)  # fmt: skip
def test_the_whole_interval_decides(interval: tuple[float, float, float], status: str) -> None:
    assert _status(report(FILES, kld={"Q4_K_M": interval}), "Q4_K_M") == [status, "within"]


@pytest.mark.parametrize(
    ("right", "status"),
    [(200, "within"), (199, "within"), (190, "undecided"), (170, "beyond"), (80, "broken")],
)
def test_losses_are_measured_against_the_base(right: int, status: str) -> None:
    data = report(FILES, sums={"base": 200, "Q4_K_M": right})
    assert _status(data, "Q4_K_M") == [status]
    assert _status(data, "base") == ["reference"]
    assert _status(data, "Q8_0") == ["missing"]


def test_a_studys_own_thresholds_replace_the_margins() -> None:
    data = report(FILES, kld=CLEAN, thresholds={"max_kld": 0.01})
    answer = verdict(data)
    assert answer.best_variant == "Q8_0"
    assert said(answer, "why")[0] == "Mean KL divergence 0.00090 (0.00080–0.00100) nats, threshold 0.01 nats."
    assert said(answer, "margins") == [
        "Good enough means here: mean KL divergence at most 0.01 nats (the study's thresholds)."
    ]
    both = report(FILES, kld=CLEAN, sums=RIGHT, thresholds={"max_kld": 0.01})
    assert (
        "the study's thresholds where it states any, else conventions of this lab"
        in said(verdict(both), "margins")[0]
    )


def test_a_speed_threshold_decides_too() -> None:
    """Speed is no quality, but a study that asks for a speed means it."""
    rates = {
        "base": (40.0, 39.0, 41.0),
        "Q8_0": (30.0, 29.0, 31.0),
        "Q4_K_M": (20.0, 19.0, 21.0),
        "Q2_K": (22.0, 21.0, 23.0),
    }
    data = report(FILES, kld=CLEAN, rates=rates, thresholds={"min_generation_speed": 25.0})
    assert _status(data, "Q8_0") == ["within", "within", "within"]
    assert _status(data, "Q4_K_M") == ["within", "within", "beyond"]
    assert verdict(data).best_variant == "Q8_0"


def test_silent_probes_say_why() -> None:
    found, silent = criteria(report(FILES, sums={"base": 8, "Q4_K_M": 8}))
    assert found == []
    assert [type(s) for s in silent] == [Silent]


def test_no_criterion_for_what_the_base_has_not_done() -> None:
    found, silent = criteria(
        report(FILES, sums={"base": None, "Q4_K_M": 190}, states={("sums", "base"): "failed"})
    )
    assert (found, silent) == ([], [])


# -- form ----------------------------------------------------------------------------------------------


def test_the_same_data_gives_the_same_verdict_and_json_holds_all_of_it() -> None:
    data = report(FILES, kld=CLEAN, sums=RIGHT)
    answer = verdict(data)
    assert answer == verdict(data)
    body = answer.to_json()
    assert [s["text"] for s in body["sentences"]] == [s.text for s in answer.sentences]
    assert {(a["variant"], a["metric"], a["status"]) for a in body["assessments"]} >= {
        ("Q4_K_M", "kld_mean", "within"), ("Q2_K", "kld_mean", "beyond"), ("Q2_K", "accuracy", "beyond"),
    }  # fmt: skip
    assert {"probe": "sums", "metric": "accuracy", "variants": ["Q8_0", "Q4_K_M"]} in body[
        "indistinguishable"
    ]


@pytest.mark.parametrize("case", HEADLINES)
def test_every_sentence_ends_and_has_a_heading(case: str) -> None:
    answer = verdict(report(**HEADLINES[case][0]))
    for sentence in answer.sentences:
        assert sentence.kind in HEADINGS
        assert sentence.text.endswith(".")
        assert "  " not in sentence.text and ".." not in sentence.text
        assert "nan" not in sentence.text and "None" not in sentence.text


def test_alike_is_within() -> None:
    """The default of these cases must not decide anything by itself."""
    assert ALIKE[2] < 1.03


@pytest.mark.parametrize(("right", "best"), [(52, "Q4_K_M"), (51, "base")])
def test_too_few_items_do_not_hide_a_loss_that_they_show(right: int, best: str) -> None:
    """60 items cannot show a file to be within 5 points, so they do not hold it back, unless they tell it apart from
    the base: five sums lost and none won could be chance (p = 0.0625), six could not (p = 0.031)."""
    data = report(
        {"base": 270, "Q4_K_M": 105},
        kld={"Q4_K_M": CLEAN["Q4_K_M"]},
        sums={"base": 57, "Q4_K_M": right},
        items=60,
    )
    (_, _, sums) = [assess(data, data.variant("Q4_K_M"), criterion) for criterion in criteria(data)[0]]
    assert (sums.status, sums.worse) == ("undecided", right == 51)
    assert verdict(data).best_variant == best


def test_one_piece_of_text_decides_nothing() -> None:
    """A single chunk far within the margins: without a second one nobody knows how far the next would be."""
    data = report(FILES, kld=CLEAN)
    divergence = data.probes[0]
    cells = {}
    for name, cell in divergence.cells.items():
        metrics = {
            key: replace(
                m, estimate=replace(m.estimate, lo=m.estimate.value, hi=m.estimate.value, method="single")
            )
            for key, m in cell.metrics.items()
        }
        cells[name] = replace(cell, metrics=metrics)
    alone = replace(data, probes=(replace(divergence, cells=cells),))
    assert verdict(data).best_variant == "Q4_K_M"
    answer = verdict(alone)
    assert (answer.best_variant, answer.certainty) == ("base", "moderate")
    assert {a.status for a in answer.assessments if a.variant_id != "base"} == {"undecided"}
    assert any("measured in one piece" in text for text in said(answer, "small"))


def test_beyond_a_margin_and_not_told_apart_is_explained() -> None:
    """Ten of twenty lost, two won: the interval leaves the margin out, the corrected p-value is not low."""
    data = report(FILES, kld=CLEAN, sums={"base": 190, "Q8_0": 190, "Q4_K_M": 178, "Q2_K": 190})
    sums = data.probe("sums")
    cell = sums.cells["Q4_K_M"]
    loss = Estimate(-0.4, -0.63, -0.08, 20, "newcombe")
    unsure = Comparison(PairedDifference(loss, 0.039, "mcnemar-exact"), 0.077)
    cells = {**sums.cells, "Q4_K_M": replace(cell, against_base={"accuracy": unsure})}
    changed = replace(data, probes=(data.probes[0], replace(sums, cells=cells)))
    explained = "so that a file can be beyond it and yet not be told apart from the base."
    assert verdict(changed).standing["Q4_K_M"] == "beyond"
    assert said(verdict(changed), "sure")[0].endswith(explained)
    assert explained not in said(verdict(data), "sure")[0]


def test_a_threshold_met_by_one_piece_is_uncertain() -> None:
    one = Estimate(0.01, 0.01, 0.01, 100, "single")
    assert holds("max", 0.05, one) == (True, False)
    assert holds("min", 0.05, one) == (False, False)
    assert holds("max", 1e9, replace(one, method="exact")) == (True, True)

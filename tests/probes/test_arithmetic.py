"""The arithmetic probe: its items, how answers are read, its statistics, and real conversations."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lab_app.probes.arithmetic import (
    PHRASINGS,
    Arithmetic,
    ArithmeticSpec,
    digit_credit,
    first_question,
    read_answers,
    sums,
)
from lab_app.probes.base import Work, registry
from lab_app.probes.common.conversation import TEMPLATE, TRANSCRIPT
from lab_app.reports.numbers import is_share
from lab_app.stats.intervals import wilson
from lab_app.stats.paired import proportions
from lab_app.store.records import Sample
from lab_app.system.errors import Cancelled, UsageError

Measure = Callable[..., Any]


def test_it_is_registered() -> None:
    assert registry()["arithmetic"] is Arithmetic


# -- items ---------------------------------------------------------------------------------------------


def test_sums_stay_the_same_from_version_to_version() -> None:
    """Whoever changes these makes results of different versions incomparable: raise Arithmetic.version then."""
    found = [(item.a, item.b) for item in sums(ArithmeticSpec(items=3))]
    assert found == [(36993, 73207), (17813, 75576), (37651, 58678)]


@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 9), st.integers(0, 2**31 - 1))
def test_items_are_as_asked(items: int, per_prompt: int, digits: int, seed: int) -> None:
    spec = ArithmeticSpec(items=items, per_prompt=per_prompt, digits=digits, seed=seed)
    found = sums(spec)
    assert found == sums(spec)
    assert [item.index for item in found] == list(range(items))
    assert all(len(str(number)) == digits for item in found for number in (item.a, item.b))
    assert [item.sheet for item in found] == [i // per_prompt for i in range(items)]
    assert all(item.phrasing == list(PHRASINGS)[item.sheet % len(PHRASINGS)] for item in found)
    longer = sums(ArithmeticSpec(items=items + 7, per_prompt=per_prompt, digits=digits, seed=seed))
    assert longer[:items] == found, "a shorter run measures the first of a longer run's items"


def test_seeds_and_digits_give_other_sums() -> None:
    every = [tuple((i.a, i.b) for i in sums(ArithmeticSpec(items=5, seed=seed))) for seed in range(20)]
    assert len(set(every)) == 20


@pytest.mark.parametrize("name", PHRASINGS)
def test_every_wording_shows_every_number(name: str) -> None:
    items = sums(ArithmeticSpec(items=4, per_prompt=4, phrasings=[name]))
    lines = first_question(items).splitlines()
    assert len(lines) == 2 + 4
    for line, item in zip(lines[2:], items, strict=True):
        assert str(item.a) in line and str(item.b) in line and str(item.expected) not in line


@pytest.mark.parametrize(
    "wrong",
    [{"items": 0}, {"digits": 10}, {"per_prompt": 0}, {"phrasings": []}, {"phrasings": ["plain", "plain"]},
     {"phrasings": ["loud"]}, {"max_tokens": 1}, {"sums": 3}],
)  # fmt: skip
def test_wrong_specs_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ArithmeticSpec(**wrong)


# -- reading -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count", "digits", "found"),
    [
        ("110200\n93389\n96329", 3, 5, [110200, 93389, 96329]),
        ("Here are the 3 results:\n\n110200\n93389\n96329\n", 3, 5, [110200, 93389, 96329]),
        ("1. 110200\n2. 93389\n3) 96329", 3, 5, [110200, 93389, 96329]),
        ("- 110,200\n- 93,389", 2, 5, [110200, 93389]),
        ("**110200**\n**93389**", 2, 5, [110200, 93389]),
        ("36993 + 73207 = 110,200\n17813+75576=93389", 2, 5, [110200, 93389]),
        ("5 + 6 = 11, 3 + 3 = 6, 6 + 2 = 8", 3, 1, [11, 6, 8]),
        ("110200 93389", 2, 5, [110200, 93389]),
        ("110200", 3, 5, [110200, None, None]),
        ("1\n2\n3\n4", 3, 1, [1, 2, 3]),
        ("The sum of 40 and 45 is 85.", 1, 2, [85]),
        ("40 + 45 = 90, no: 40 + 45 = 85", 1, 2, [85]),
        ("5 + 7 = 12, carries 1, so the answer is 12.", 1, 1, [12]),
        ("40 + 45", 1, 2, [45]),
        ("I cannot do that.", 2, 5, [None, None]),
        ("", 1, 5, [None]),
        ("<think>110200? No, 5.</think>\n93389", 1, 5, [93389]),
        ("<think>110200 and so on", 1, 5, [None]),
        ("579,864", 2, 3, [579, 864]),
    ],
)
def test_hand_made_answers(text: str, count: int, digits: int, found: list[int | None]) -> None:
    assert read_answers(text, count, digits) == found


FORMS: dict[str, Callable[[int, int, int], str]] = {
    "bare": lambda number, a, b: f"{a + b}",
    "numbered": lambda number, a, b: f"{number}. {a + b}",
    "thousands": lambda number, a, b: f"{a + b:,}",
    "equation": lambda number, a, b: f"{number}. {a} + {b} = {a + b}",
    "bold": lambda number, a, b: f"- **{a + b}**",
}


@given(
    st.lists(st.tuples(st.integers(1000, 10**9 - 1), st.integers(1000, 10**9 - 1)), min_size=1, max_size=60),
    st.sampled_from(list(FORMS)),
    st.sampled_from(["", "Sure, here they are:\n\n", "The 50 results, as asked:\n"]),
)
def test_answers_in_any_usual_form_are_read(pairs: list[tuple[int, int]], form: str, above: str) -> None:
    text = above + "\n".join(FORMS[form](i + 1, a, b) for i, (a, b) in enumerate(pairs))
    assert read_answers(text, len(pairs), 5) == [a + b for a, b in pairs]


@given(st.text(max_size=300), st.integers(1, 5), st.integers(1, 9))
def test_any_text_can_be_read(text: str, count: int, digits: int) -> None:
    assert len(read_answers(text, count, digits)) == count


@pytest.mark.parametrize(
    ("expected", "answer", "credit"),
    [(12345, 12345, 1.0), (12345, 12346, 0.8), (12345, 2345, 0.8), (12345, 123456, 0.0), (12345, 912345, 5 / 6),
     (12345, None, 0.0), (11, 1, 0.5)],
)  # fmt: skip
def test_credit_for_digits(expected: int, answer: int | None, credit: float) -> None:
    assert digit_credit(expected, answer) == pytest.approx(credit)


@given(st.integers(0, 10**10), st.integers(0, 10**10))
def test_credit_is_a_share_and_whole_only_for_the_result(expected: int, answer: int) -> None:
    credit = digit_credit(expected, answer)
    assert 0.0 <= credit <= 1.0
    assert (credit == 1.0) == (expected == answer)


# -- statistics ----------------------------------------------------------------------------------------


def answered(right: list[bool], *, per_prompt: int = 1, first: list[bool] | None = None) -> list[Sample]:
    spec = ArithmeticSpec(items=len(right), per_prompt=per_prompt)
    early = first or right
    return [
        Sample(
            "item",
            float(item.index),
            float(good),
            n=1,
            payload={
                "a": item.a,
                "b": item.b,
                "expected": item.expected,
                "answer": item.expected if good else item.expected + 1,
                "first": item.expected if before else None,
                "digits": 1.0 if good else 0.8,
                "sheet": item.sheet,
                "phrasing": item.phrasing,
            },
        )
        for item, good, before in zip(sums(spec), right, early, strict=True)
    ]


def test_single_sums_have_wilsons_interval() -> None:
    metrics = Arithmetic.summarise(answered([True] * 7 + [False] * 3, first=[True] * 9 + [False]))
    assert metrics["accuracy"].estimate == wilson(7, 10)
    assert metrics["first"].estimate == wilson(9, 10)
    assert metrics["digits"].estimate.value == pytest.approx(0.94)
    assert 0.0 <= metrics["digits"].estimate.lo <= metrics["digits"].estimate.hi <= 1.0
    assert [name for name in metrics if name.startswith("accuracy_")] == [f"accuracy_{p}" for p in PHRASINGS]
    assert sum(metrics[f"accuracy_{name}"].estimate.n for name in PHRASINGS) == 10
    assert Arithmetic.summarise([]) == {}


def test_sums_that_fall_together_count_less() -> None:
    together = Arithmetic.summarise(answered(([True] * 5 + [False] * 5) * 4, per_prompt=5))[
        "accuracy"
    ].estimate
    apart = Arithmetic.summarise(answered([True, False] * 20, per_prompt=1))["accuracy"].estimate
    assert together.value == apart.value == 0.5
    assert together.n == apart.n == 40
    assert together.hi - together.lo > 1.8 * (apart.hi - apart.lo)


def test_pairs_are_mcnemars() -> None:
    base, other = [True] * 9 + [False], [True] * 2 + [False] * 8
    difference = Arithmetic.compare(answered(base), answered(other))["accuracy"]
    assert difference == proportions(base, other)
    assert difference.p_value == pytest.approx(2 / 2**7)
    back = Arithmetic.compare(answered(other), answered(base))["accuracy"]
    assert back.estimate.value == pytest.approx(-difference.estimate.value)


def test_pairs_in_conversations_are_more_cautious() -> None:
    base, other = [True] * 40, ([False] * 5 + [True] * 5) * 4
    apart = Arithmetic.compare(answered(base), answered(other))["accuracy"]
    together = Arithmetic.compare(answered(base, per_prompt=5), answered(other, per_prompt=5))["accuracy"]
    assert together.estimate.value == apart.estimate.value == -0.5
    assert together.p_value > apart.p_value
    assert together.estimate.hi - together.estimate.lo > apart.estimate.hi - apart.estimate.lo


def test_one_conversation_proves_nothing() -> None:
    """All 50 sums in one conversation, as MPA_Bench asks them: one observation."""
    base, other = ([True] * k + [False] * (50 - k) for k in (40, 20))
    before, after = answered(base, per_prompt=50), answered(other, per_prompt=50)
    for metric in Arithmetic.summarise(before).values():
        estimate = metric.estimate
        assert estimate.alone and estimate.lo == estimate.value == estimate.hi
        assert is_share(estimate, metric.unit)
    for difference in Arithmetic.compare(before, after).values():
        assert difference.p_value == 1.0 and not difference.distinguishable


def test_the_difference_in_digits_is_that_of_the_two_shown() -> None:
    rng = random.Random(1)
    base, other = ([rng.random() < chance for _ in range(50)] for chance in (0.9, 0.4))
    before, after = answered(base, per_prompt=20), answered(other, per_prompt=20)
    shown = [Arithmetic.summarise(side)["digits"].estimate.value for side in (before, after)]
    difference = Arithmetic.compare(before, after)["digits"]
    assert difference.estimate.value == pytest.approx(shown[1] - shown[0], abs=1e-12)
    assert difference.test == "paired-t"


def test_only_the_same_sums_are_paired() -> None:
    base, other = answered([True] * 6), answered([False] * 4)
    assert Arithmetic.compare(base, other)["accuracy"].estimate.n == 4
    assert Arithmetic.compare(base, answered([True] * 6, per_prompt=2)[2:]) == {}, "other conversations"
    assert Arithmetic.compare(base, []) == {}


# -- real conversations --------------------------------------------------------------------------------

EASY = ArithmeticSpec(items=4, per_prompt=1, digits=1, phrasings=["columns"], max_tokens=24)


def test_a_real_run_and_its_resumption(demo_engine: Any, measure: Measure) -> None:
    steps: list[tuple[float, float | None]] = []
    samples, context = measure(
        Arithmetic(EASY), demo_engine, progress=lambda done, total, message: steps.append((done, total))
    )
    assert [(s.series, s.x) for s in samples] == [
        (series, float(i)) for i in range(4) for series in ("item", "conversation")
    ]
    assert context.provenance["prompt_format"] == TEMPLATE
    assert steps[-1] == (4, 4)
    for sample in samples:
        assert sample.payload is not None
        if sample.series == "item":
            assert sample.y == float(sample.payload["answer"] == sample.payload["expected"])
        else:
            assert len(sample.payload["questions"]) == len(sample.payload["answers"]) == 2
            assert sample.payload["questions"][0] == first_question([sums(EASY)[int(sample.x)]])
    # 5 + 7, 3 + 3, … in this wording are what the model is known to do.
    assert Arithmetic.summarise(samples)["accuracy"].estimate.value >= 0.5

    kept = [*samples[:3], samples[5]]  # a kill between an item and its conversation, and a hole
    again, _ = measure(Arithmetic(EASY), demo_engine, done=kept)
    assert again == [s for s in samples if s not in kept]
    assert measure(Arithmetic(EASY), demo_engine, done=samples)[0] == []


def test_several_sums_share_a_conversation(demo_engine: Any, measure: Measure) -> None:
    spec = ArithmeticSpec(items=3, per_prompt=2, digits=2, max_tokens=16)
    samples, _ = measure(Arithmetic(spec), demo_engine)
    assert [(s.series, s.x) for s in samples] == [
        ("item", 0.0), ("item", 1.0), ("conversation", 0.0), ("item", 2.0), ("conversation", 1.0),
    ]  # fmt: skip
    again, _ = measure(Arithmetic(spec), demo_engine, done=samples[:1])
    assert again == samples[1:], "the conversation is held again; what is stored stays"


def test_a_model_without_a_template_gets_a_transcript(tiny_engine: Any, measure: Measure) -> None:
    asked: list[str] = []
    generate = tiny_engine.generate

    class Listening:
        def __getattr__(self, name: str) -> Any:
            return getattr(tiny_engine, name)

        def generate(self, prompt: list[int], **rest: Any) -> Any:
            asked.append(tiny_engine.detokenize(prompt).replace("▁", " "))
            assert "\nUser:" in rest["stop"]
            return generate(prompt, **rest)

    samples, context = measure(Arithmetic(ArithmeticSpec(items=1, max_tokens=8)), Listening())
    assert context.provenance["prompt_format"] == TRANSCRIPT
    assert len(samples) == 2 and len(asked) == 2
    assert asked[0].strip().startswith("User: ") and asked[0].endswith("\n\nAssistant:")
    assert asked[1].count("User: ") == 2 and asked[1].endswith("\n\nAssistant:")


def test_too_many_sums_for_the_context_are_refused(tiny_engine: Any, measure: Measure) -> None:
    with pytest.raises(UsageError, match="trained for 1024") as caught:
        measure(Arithmetic(ArithmeticSpec(items=100, per_prompt=100)), tiny_engine)
    assert "per_prompt" in str(caught.value.hint)


def test_a_first_answer_that_fills_the_context_leaves_no_second(tiny_engine: Any, measure: Measure) -> None:
    samples, _ = measure(Arithmetic(ArithmeticSpec(items=1, per_prompt=1, max_tokens=900)), tiny_engine)
    (talk,) = [s.payload for s in samples if s.series == "conversation" and s.payload]
    assert talk["stopped_by"][1] in ("context", "length", "eog", "stop")
    if talk["stopped_by"][0] == "length":
        assert talk["stopped_by"][1] == "context" and talk["answers"][1] == ""


def test_cancelling(tiny_engine: Any, measure: Measure) -> None:
    with pytest.raises(Cancelled):
        measure(Arithmetic(ArithmeticSpec(items=2, max_tokens=8)), tiny_engine, cancelled=lambda: True)


def test_work_is_about_what_a_run_takes() -> None:
    assert Arithmetic.work(EASY) == Work(prefill=4 * (2 * 56 + 24 + 40), generate=4 * (24 + 18))
    sheet = Arithmetic.work(ArithmeticSpec(items=50, per_prompt=50))
    single = Arithmetic.work(ArithmeticSpec(items=50, per_prompt=1))
    assert sheet.generate < single.generate

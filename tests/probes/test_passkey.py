"""The passkey probe: its map of cells, prompts exact to the token, and real searches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lab_app.engines.base import EngineSettings
from lab_app.figures import Bars
from lab_app.probes.base import Work, registry
from lab_app.probes.passkey import (
    AFTER,
    BEFORE,
    BEGUN,
    Frame,
    Passkey,
    PasskeySpec,
    cells,
    compose,
    found_in,
)
from lab_app.stats.intervals import wilson
from lab_app.stats.paired import proportions
from lab_app.store.records import Sample
from lab_app.system import paths
from lab_app.system.errors import UsageError
from tests.probes.conftest import SETTINGS

Measure = Callable[..., Any]


def test_it_is_registered() -> None:
    assert registry()["passkey"] is Passkey


# -- items and prompts ---------------------------------------------------------------------------------


def test_keys_stay_the_same_from_version_to_version() -> None:
    """Whoever changes these makes results of different versions incomparable: raise Passkey.version then."""
    found = {
        cell.x: cell.key for cell in cells(PasskeySpec(lengths=[256, 512], depths=[0.0, 0.5], repeats=1))
    }
    assert found == {"256:0:0": "48763", "256:0.5:0": "21784", "512:0:0": "31114", "512:0.5:0": "15509"}


@given(
    st.lists(st.integers(64, 4096), min_size=1, max_size=4, unique=True),
    st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]), min_size=1, max_size=4, unique=True),
    st.integers(1, 4),
    st.integers(2, 9),
    st.integers(0, 1000),
)
def test_cells_cover_the_map(
    lengths: list[int], depths: list[float], repeats: int, digits: int, seed: int
) -> None:
    spec = PasskeySpec(lengths=lengths, depths=depths, repeats=repeats, digits=digits, seed=seed)
    found = cells(spec)
    assert found == cells(spec)
    assert len({cell.x for cell in found}) == len(found) == len(lengths) * len(depths) * repeats
    assert all(len(cell.key) == digits and cell.key.isdigit() for cell in found)
    fewer = cells(PasskeySpec(lengths=lengths[:1], depths=depths, repeats=repeats, digits=digits, seed=seed))
    assert set(fewer) <= set(found), "a cell's key depends on nothing but its own place"


@given(
    st.integers(1, 300), st.integers(0, 299), st.integers(1, 20), st.floats(0.0, 1.0), st.integers(40, 500)
)
def test_prompts_are_exact_to_the_token(hay: int, start: int, needle: int, depth: float, size: int) -> None:
    haystack = list(range(1000, 1000 + hay))
    start %= hay
    around, key = Frame([1, 2, 3], [4, 5]), [7] * needle
    prompt, at = compose(around, haystack, start, key, depth, size)
    straw = size - 5 - needle
    assert len(prompt) == size
    assert prompt[:3] == [1, 2, 3] and prompt[-2:] == [4, 5]
    assert prompt[at : at + needle] == key
    assert at - 3 == round(depth * straw)
    text = prompt[3:at] + prompt[at + needle : -2]
    assert text == [1000 + (start + i) % hay for i in range(straw)], "the haystack goes on behind the key"


def test_no_room_for_a_haystack() -> None:
    with pytest.raises(ValueError, match="no room"):
        compose(Frame([1], [2]), [5], 0, [7, 7], 0.5, 4)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (" 48763.", True), ("the key was 48,763", True), ("48763", True), ("a 5-digit key: 48763!", True),
        ("148763", False), ("4876", False), ("48764", False), ("4 8 7 6 3", False), ("", False),
    ],
)  # fmt: skip
def test_hand_made_answers(answer: str, found: bool) -> None:
    assert found_in(answer, "48763") is found


@pytest.mark.parametrize(
    "wrong",
    [{"lengths": []}, {"lengths": [32]}, {"lengths": [512, 512]}, {"depths": [1.5]}, {"depths": []},
     {"depths": [0.5, 0.5]}, {"repeats": 0}, {"digits": 1}, {"length": 512}],
)  # fmt: skip
def test_wrong_specs_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PasskeySpec(**wrong)


# -- statistics ----------------------------------------------------------------------------------------


def searched(found: dict[int, list[bool]], seed: int = 0) -> list[Sample]:
    """One length after another; the keys are those of the real map."""
    samples = []
    for length, values in found.items():
        for cell, good in zip(cells(PasskeySpec(lengths=[length], depths=[0.5], repeats=len(values), seed=seed)),
                              values, strict=True):  # fmt: skip
            payload = {"row": cell.depth, "column": length, "repeat": cell.repeat, "key": cell.key}
            samples.append(Sample("item", cell.x, float(good), n=1, payload=payload))
    return samples


def test_shares_by_length() -> None:
    metrics = Passkey.summarise(searched({256: [True] * 4, 1024: [True, False, False, False]}))
    assert metrics["accuracy"].estimate == wilson(5, 8)
    assert metrics["accuracy_256"].estimate == wilson(4, 4)
    assert metrics["accuracy_1024"].estimate == wilson(1, 4)
    assert list(Passkey.summarise(searched({256: [True]}))) == ["accuracy"]
    assert Passkey.summarise([]) == {}
    bars = next(figure for figure in Passkey.figures if isinstance(figure, Bars))
    assert set(metrics) <= set(bars.metrics)


def test_variants_are_paired_key_by_key() -> None:
    base, other = searched({256: [True] * 8}), searched({256: [True] * 2 + [False] * 6})
    assert Passkey.compare(base, other)["accuracy"] == proportions([True] * 8, [True] * 2 + [False] * 6)
    assert Passkey.compare(base, other[:3])["accuracy"].estimate.n == 3
    assert Passkey.compare(base, searched({256: [True] * 8}, seed=1)) == {}, "other keys are no pairs"
    both = Passkey.compare(searched({256: [True], 512: [True]}), searched({256: [True], 512: [False]}))
    assert both["accuracy_256"].estimate.value == 0.0 and both["accuracy_512"].estimate.value == -1.0


# -- real searches -------------------------------------------------------------------------------------

SPEC = PasskeySpec(lengths=[160, 224], depths=[0.0, 1.0], repeats=1, max_tokens=12)


class Listening:
    """The engine, with every prompt it gets written down."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.prompts: list[list[int]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    def generate(self, prompt: list[int], **rest: Any) -> Any:
        self.prompts.append(list(prompt))
        return self.engine.generate(prompt, **rest)


def test_a_real_run_and_its_resumption(demo_engine: Any, measure: Measure) -> None:
    engine = Listening(demo_engine)
    samples, context = measure(Passkey(SPEC), engine)
    assert [s.x for s in samples] == ["160:0:0", "160:1:0", "224:0:0", "224:1:0"]
    assert context.provenance["prompt_format"] == "chat template"
    for sample, prompt in zip(samples, engine.prompts, strict=True):
        body = sample.payload
        assert body is not None
        assert len(prompt) + SPEC.max_tokens == body["tokens"] + SPEC.max_tokens == body["column"]
        text = demo_engine.detokenize(prompt, special=True)
        assert text.count(f"The pass key is {body['key']}.") == 1
        assert BEFORE in text and text.endswith(f"{AFTER}<|im_end|>\n<|im_start|>assistant\n{BEGUN}")
        needle = demo_engine.detokenize(prompt[body["needle_at"] :])
        assert needle.startswith(f"\n\nThe pass key is {body['key']}. Remember it")
        assert sample.y == float(found_in(body["answer"], body["key"]))
    assert sum(s.y for s in samples) >= 3, "the demo model finds nearly every key in so short a text"

    again, _ = measure(Passkey(SPEC), demo_engine, done=[*samples[:1], samples[2]])
    assert again == [samples[1], samples[3]], "without the prompts before it a cell gives the same answer"
    assert measure(Passkey(SPEC), demo_engine, done=samples)[0] == []


def test_without_a_template(tiny_engine: Any, measure: Measure) -> None:
    engine = Listening(tiny_engine)
    samples, context = measure(
        Passkey(PasskeySpec(lengths=[512], depths=[0.5], repeats=2, max_tokens=8)), engine
    )
    assert context.provenance["prompt_format"] == "plain transcript"
    assert [len(prompt) for prompt in engine.prompts] == [504, 504]
    text = tiny_engine.detokenize(engine.prompts[0]).replace("▁", " ").strip()
    assert text.startswith("User: " + BEFORE[:20]) and text.endswith(f"Assistant: {BEGUN}")
    starts = [s.payload["start"] for s in samples if s.payload]
    assert starts[0] != starts[1], "another repetition searches another part of the text"


def test_a_haystack_of_ones_own_that_is_too_short_begins_anew(
    tiny_engine: Any, measure: Measure, tmp_path: Path
) -> None:
    (tmp_path / "short.txt").write_text("abcdefgh")
    engine = Listening(tiny_engine)
    measure(
        Passkey(PasskeySpec(lengths=[400], depths=[1.0], repeats=1)), engine,
        files={"haystack": str(tmp_path / "short.txt")},
    )  # fmt: skip
    assert "abcdefgh" in tiny_engine.detokenize(engine.prompts[0])
    assert len(engine.prompts[0]) == 384


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        (
            PasskeySpec(lengths=[2048]),
            "A context of 2048 tokens is impossible: the model was trained for 1024",
        ),
        (PasskeySpec(lengths=[128]), "A context of 128 tokens is too short for a pass key"),
    ],
)
def test_impossible_lengths(tiny_engine: Any, measure: Measure, spec: PasskeySpec, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        measure(Passkey(spec), tiny_engine)
    assert sentence in str(caught.value)


def test_rope_scaling_lifts_the_limit(tiny_engine: Any) -> None:
    from lab_app.probes.passkey import _check_lengths

    spec = PasskeySpec(lengths=[2048])
    with pytest.raises(UsageError):
        _check_lengths(spec, tiny_engine, EngineSettings(rope_scaling="none"))
    _check_lengths(spec, tiny_engine, replace(SETTINGS, rope_scaling="yarn"))
    _check_lengths(spec, tiny_engine, replace(SETTINGS, rope_freq_base=1e6))


@pytest.mark.parametrize(("content", "sentence"), [(b"", "is empty"), (b"\xff\xfe", "not a text in UTF-8")])
def test_haystacks_that_are_no_text(
    tiny_engine: Any, measure: Measure, tmp_path: Path, content: bytes, sentence: str
) -> None:
    (tmp_path / "hay.txt").write_bytes(content)
    with pytest.raises(UsageError, match=sentence):
        measure(Passkey(SPEC), tiny_engine, files={"haystack": str(tmp_path / "hay.txt")})


def test_work_is_what_the_prompts_have() -> None:
    assert Passkey.work(SPEC) == Work(prefill=2 * (160 + 224), generate=4 * 12)


def test_the_labs_own_haystack_holds_no_five_digit_number() -> None:
    import re

    assert not re.search(r"\d{5}", paths.resource("texts/haystack.txt").read_text(encoding="utf-8"))

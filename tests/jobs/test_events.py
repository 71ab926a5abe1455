"""The wire between worker and parent: everything comes back as it was, and nonsense is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_app.jobs.events import Artifact, Event, Failure, Progress, Result, Started, decode, encode
from lab_app.store.records import ArtifactRecord, Sample

numbers = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**63), 2**63 - 1))
texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=8,
)
bodies = st.dictionaries(texts, values, max_size=4)
maybe = st.one_of(st.none(), numbers)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Started, st.integers(1, 2**22), bodies),
    st.builds(Progress, numbers, maybe, texts, texts),
    st.builds(
        Sample, texts, st.one_of(numbers, texts), numbers, maybe, maybe,
        st.one_of(st.none(), st.integers(0, 2**40)), st.one_of(st.none(), bodies),
    ),
    st.builds(
        Artifact, st.builds(ArtifactRecord, texts, texts, texts, st.integers(0, 2**62), bodies)
    ),
    st.builds(Result, bodies, bodies),
    st.builds(Failure, texts, st.one_of(st.none(), texts), st.integers(0, 255), st.text()),
)  # fmt: skip


@given(events)
def test_comes_back_as_it_was(event: Event) -> None:
    line = encode(event)
    assert "\n" not in line
    line.encode()
    assert decode(line) == event


SAMPLE: dict[str, Any] = {"event": "Sample", "series": "s", "x": 1, "y": 2.0}


def test_the_sample_that_the_wrong_ones_are_made_from_is_right() -> None:
    assert decode(json.dumps(SAMPLE)) == Sample("s", 1, 2.0)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "hello",
        "null",
        "[]",
        "{}",
        '{"event": "Nothing"}',
        '{"event": ["Sample"]}',
        "[" * 100_000,
        '{"event": "Progress", "done": "much"}',
        '{"event": "Progress", "done": 1, "message": 7}',
        '{"event": "Started", "pid": 1, "provenance": []}',
        '{"event": "Started", "pid": 1, "extra": 1}',
        '{"event": "Result", "values": null}',
        '{"event": "Failure", "message": null}',
        '{"event": "Failure", "message": "m", "exit_code": "3"}',
        '{"event": "Artifact", "record": null}',
        '{"event": "Artifact", "record": {"role": "r", "path": "p", "sha256": "s"}}',
        '{"event": "Artifact", "record": {"role": "r", "path": "p", "sha256": "s", "size": "1"}}',
        *(
            json.dumps({**SAMPLE, **wrong})
            for wrong in (
                {"series": None},
                {"series": "\ud800"},
                {"x": None},
                {"x": True},
                {"x": 2**70},
                {"y": "2"},
                {"y": float("nan")},
                {"y": float("-inf")},
                {"lo": "low"},
                {"n": 1.5},
                {"payload": [1]},
            )
        ),
        json.dumps(SAMPLE).replace("2.0", "1e999"),
    ],
)
def test_nonsense_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not an event"):
        decode(line)


def test_numbers_that_are_none_do_not_leave_the_worker() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode(Sample("s", 1, float("nan")))

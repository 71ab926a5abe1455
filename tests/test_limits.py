"""Benchmarks end with exit code 1 where a limit is passed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from limits import check, look_up

FOUND = {"stream": {"stall": {"p99_ms": 12.5}}, "start": {"heavy": ["numpy"]}}


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"stream.stall.p99_ms": 12.5}, 0),
        ({"stream.stall.p99_ms": 12.4}, 1),
        ({"start.heavy": 0, "stream.stall.p99_ms": 100.0}, 1),
        ({"not-run.at.all": 0.0}, 0),
    ],
)
def test_a_limit_that_is_passed_is_the_exit_code(
    limits: dict[str, float], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(FOUND, limits) == code
    assert ("passed its limit" in capsys.readouterr().err) == bool(code)


def test_a_limit_of_a_number_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        look_up(FOUND, "stream.stall.longest_ms")

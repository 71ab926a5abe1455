"""The sampler against the definitions of its filters."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from lab_app.engines.base import Sampling
from lab_app.engines.sampling import Sampler
from lab_app.system.errors import JobFailedError, UsageError

LOGITS = np.log(np.array([0.05, 0.4, 0.3, 0.15, 0.1], np.float32))


def test_greedy_takes_the_lowest_id_of_the_largest() -> None:
    assert Sampler(Sampling())(np.array([1, 3, 3, 0], np.float32)) == 1


def test_frequencies_follow_the_probabilities() -> None:
    sampler = Sampler(Sampling(temperature=1.0, seed=1))
    n = 20_000
    counts = Counter(sampler(LOGITS) for _ in range(n))
    expected = np.exp(LOGITS) * n
    chi2 = sum((counts[token] - expected[token]) ** 2 / expected[token] for token in range(5))
    assert chi2 < 18.5  # 99.9 % point of chi² with 4 degrees of freedom


def test_temperature_sharpens() -> None:
    _, probabilities = Sampler(Sampling(temperature=0.5)).distribution(LOGITS)
    squared = np.sort(np.exp(LOGITS.astype(np.float64)) ** 2)[::-1]
    np.testing.assert_allclose(probabilities, squared / squared.sum(), rtol=1e-6)


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        ({"top_k": 2}, [1, 2]),
        ({"top_p": 0.69}, [1, 2]),
        ({"top_p": 0.71}, [1, 2, 3]),
        ({"min_p": 0.3}, [1, 2, 3]),
        ({"top_k": 3, "min_p": 0.5}, [1, 2]),
        ({}, [1, 2, 3, 4, 0]),
    ],
)
def test_filters_keep_what_their_definitions_say(settings: dict[str, Any], kept: list[int]) -> None:
    order, probabilities = Sampler(Sampling(temperature=1.0, **settings)).distribution(LOGITS)
    assert order.tolist() == kept
    assert probabilities.sum() == pytest.approx(1.0)
    assert (np.diff(probabilities) <= 0).all()


def test_filters_work_on_untempered_probabilities() -> None:
    # At temperature 5 these five are nearly equal; top-p must not see that.
    order, _ = Sampler(Sampling(temperature=5.0, top_p=0.69)).distribution(LOGITS)
    assert order.tolist() == [1, 2]


def test_the_same_seed_draws_the_same_tokens() -> None:
    draws = []
    for seed in (3, 3, 4):
        sampler = Sampler(Sampling(temperature=1.0, seed=seed))
        draws.append([sampler(LOGITS) for _ in range(50)])
    assert draws[0] == draws[1] != draws[2]


def test_numbers_that_are_none_are_an_error() -> None:
    with pytest.raises(JobFailedError, match="not a number"):
        Sampler(Sampling())(np.array([0.0, np.nan], np.float32))


@pytest.mark.parametrize("settings", [{"temperature": -1.0}, {"top_p": 0.0}, {"min_p": 1.5}, {"top_k": -1}])
def test_settings_out_of_range_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=f"{next(iter(settings))} is"):
        Sampler(Sampling(**settings))

"""Names a study's [thresholds] may use: what each one looks at, and on which side it must stay.

The table lies here because both sides need it: studies refuse unknown names, reports check the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lab_app.system.translation import note


@dataclass(frozen=True, slots=True)
class Threshold:
    """A bound on one metric of one probe; it holds for every variant that is not the base.

    probe:  name in the probe registry.
    metric: name in that probe's summary.
    side:   ``max``: the value must not exceed the bound; ``min``: it must not fall below.
    low, high: bounds a sensible threshold lies within (inclusive).
    """

    name: str
    probe: str
    metric: str
    side: Literal["max", "min"]
    label: str
    low: float = 0.0
    high: float | None = None


THRESHOLDS: dict[str, Threshold] = {
    item.name: item
    for item in (
        Threshold("max_kld", "divergence", "kld_mean", "max", note("probes", "mean KL divergence")),
        Threshold(
            "max_kld_median", "divergence", "kld_median", "max", note("probes", "median KL divergence")
        ),
        Threshold(
            "max_kld_p99",
            "divergence",
            "kld_p99",
            "max",
            note("probes", "99th percentile of the KL divergence"),
        ),
        Threshold(
            "max_ppl_ratio",
            "divergence",
            "ppl_ratio",
            "max",
            note("probes", "perplexity relative to the base"),
        ),
        Threshold("max_ppl", "divergence", "ppl", "max", note("probes", "perplexity")),
        Threshold(
            "min_same_top",
            "divergence",
            "same_top",
            "min",
            note("probes", "share of tokens with the same top choice"),
            high=1.0,
        ),
        Threshold(
            "min_arithmetic",
            "arithmetic",
            "accuracy",
            "min",
            note("probes", "share of correct sums"),
            high=1.0,
        ),
        Threshold(
            "min_passkey", "passkey", "accuracy", "min", note("probes", "share of pass keys found"), high=1.0
        ),
        Threshold(
            "min_prefill_speed",
            "speed",
            "prefill",
            "min",
            note("probes", "prefill speed in tokens per second"),
        ),
        Threshold(
            "min_generation_speed",
            "speed",
            "generation",
            "min",
            note("probes", "generation speed in tokens per second"),
        ),
    )
}

"""An estimate: a number that never travels without its interval and n."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Estimate:
    """``value`` with its confidence interval [lo, hi] at ``level``, from ``n`` observations.

    method: name of the interval (``"wilson"``, ``"normal"``, ``"bootstrap"``, ``"exact"`` …); see :attr:`alone`.
    se:     standard error, where the method has one.
    """

    value: float
    lo: float
    hi: float
    n: int
    method: str
    level: float = 0.95
    se: float | None = None

    @property
    def alone(self) -> bool:
        """One independent observation (a value, a block, a pair): its spread is unknown, [lo, hi] is no interval
        and decides nothing. Methods ``single`` and, for a proportion, ``single-share``."""
        return self.method.startswith("single")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Estimate:
        return cls(**data)


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """Difference (other − base) over the same items, with its interval and p-value.

    distinguishable: the interval excludes zero at ``estimate.level`` (never that of a single pair).
    test: name of the paired test behind ``p_value`` (``"mcnemar-exact"``, ``"paired-t"`` …).
    least_p: smallest p-value that the test could have given over these items, whatever had been measured (0: no
        bound). Where it is not small enough the design, not the data, keeps files from being told apart.
    """

    estimate: Estimate
    p_value: float
    test: str
    least_p: float = 0.0

    @property
    def distinguishable(self) -> bool:
        outside = self.estimate.lo > 0.0 or self.estimate.hi < 0.0
        return outside and not self.estimate.alone

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "distinguishable": self.distinguishable}

"""Paired comparisons of cells: everything against the base, and the deciding metric between all variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from lab_app.probes.base import Probe
from lab_app.reports.model import DISTANCES, LEVEL, CellData, Comparison, Pair, Powerless
from lab_app.reports.statistics import Statistics
from lab_app.stats.estimate import PairedDifference
from lab_app.stats.multiple import holm
from lab_app.system.errors import LabError


def _compare(
    cls: type[Probe], first: CellData, second: CellData, statistics: Statistics
) -> Mapping[str, PairedDifference]:
    """second − first by metric; empty where the two share no items."""
    if not first.samples or not second.samples:
        return {}
    try:
        return statistics.compare(cls, first, second)
    except (LabError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
        return {}


def against_base(
    cls: type[Probe],
    cells: Mapping[str, CellData],
    base: str | None,
    statistics: Statistics = Statistics(),  # noqa: B008 - it holds nothing
) -> dict[str, CellData]:
    """The cells with their differences to the base; each metric is one family for Holm's correction."""
    if base is None or base not in cells:
        return dict(cells)
    found = {
        name: _compare(cls, cells[base], cell, statistics) for name, cell in cells.items() if name != base
    }
    adjusted: dict[tuple[str, str], float] = {}
    for metric in dict.fromkeys(name for differences in found.values() for name in differences):
        family = [variant for variant, differences in found.items() if metric in differences]
        values = holm([found[variant][metric].p_value for variant in family])
        adjusted.update({(variant, metric): p for variant, p in zip(family, values, strict=True)})
    return {
        name: replace(
            cell,
            against_base={m: Comparison(d, adjusted[name, m]) for m, d in found.get(name, {}).items()},
        )
        for name, cell in cells.items()
    }


Difference = tuple[str, str, str, PairedDifference]
"""first, second, metric, second − first."""


def can_tell(found: Sequence[PairedDifference]) -> bool:
    """Whether anything could be told apart in this family: a design of n items whose smallest p-value, corrected
    (Holm) for the family, is not below the level cannot, whatever is measured."""
    return not found or min(holm([difference.least_p for difference in found])) < LEVEL


def pairs_of(
    cls: type[Probe],
    cells: Mapping[str, CellData],
    order: Sequence[str],
    base: str | None,
    statistics: Statistics = Statistics(),  # noqa: B008 - it holds nothing
) -> tuple[tuple[Pair, ...], Powerless | None]:
    """Pairs of variants in the probe's headline metric (or the first that its compare knows), Holm-corrected, and
    what could not have been told apart.

    Where the metric is a distance from the base, the base itself (at distance 0 from itself) is in no pair. Where
    the items are too few for all pairs, only those with the base are left; where they are too few for these, none.
    """
    measured = [name for name in order if name in cells and cells[name].samples]
    if cls.headline in DISTANCES:
        measured = [name for name in measured if name != base]
    found: list[Difference] = []
    for first, second in combinations(measured, 2):
        differences = _compare(cls, cells[first], cells[second], statistics)
        metric = cls.headline if cls.headline in differences else next(iter(differences), None)
        if metric is not None:
            found.append((first, second, metric, differences[metric]))
    powerless: Powerless | None = None
    if not can_tell([difference for *_, difference in found]):
        items = max(difference.estimate.n for *_, difference in found)
        with_base = [item for item in found if base in item[:2]]
        kept = with_base if can_tell([difference for *_, difference in with_base]) else []
        powerless = Powerless(items, len(found) if kept else len(with_base) or len(found), bool(kept))
        found = kept
    values = holm([difference.p_value for *_, difference in found])
    pairs = tuple(
        Pair(first, second, metric, Comparison(difference, p))
        for (first, second, metric, difference), p in zip(found, values, strict=True)
    )
    return pairs, powerless

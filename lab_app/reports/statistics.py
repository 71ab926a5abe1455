"""Summaries and comparisons of cells: made anew, or kept from one reading of a store to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab_app.probes.base import Metric, Probe
from lab_app.reports.model import CellData
from lab_app.stats.estimate import PairedDifference
from lab_app.store.records import Sample
from lab_app.system import translation

Content = tuple[tuple[str, int], ...]
"""As of :class:`~lab_app.reports.model.CellData`."""


class Statistics:
    """Makes everything anew. Both methods raise what the probe raises."""

    def summarise(
        self, cls: type[Probe], content: Content, samples: Sequence[Sample]
    ) -> Mapping[str, Metric]:
        return cls.summarise(samples)

    def compare(self, cls: type[Probe], first: CellData, second: CellData) -> Mapping[str, PairedDifference]:
        """second − first by metric."""
        return cls.compare(first.samples, second.samples)


class Kept(Statistics):
    """What was made of the same samples before is not made again: probes' summaries and comparisons are functions of
    their samples alone (and of the language, which names metrics). For one store; of each cell and pair the newest is
    kept."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], tuple[tuple[Content, ...], Any]] = {}

    def summarise(
        self, cls: type[Probe], content: Content, samples: Sequence[Sample]
    ) -> Mapping[str, Metric]:
        name = (cls, translation.language(), _jobs(content))
        known = self._found.get(name)
        if known is None or known[0] != (content,):
            known = self._found[name] = ((content,), super().summarise(cls, content, samples))
        return known[1]

    def compare(self, cls: type[Probe], first: CellData, second: CellData) -> Mapping[str, PairedDifference]:
        contents = (first.content, second.content)
        name = (cls, translation.language(), *map(_jobs, contents))
        known = self._found.get(name)
        if known is None or known[0] != contents:
            known = self._found[name] = (contents, super().compare(cls, first, second))
        return known[1]


def _jobs(content: Content) -> tuple[str, ...]:
    return tuple(key for key, _ in content)

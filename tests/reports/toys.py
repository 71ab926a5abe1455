"""Two small probes, with figures of the kinds that divergence and speed do not have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from lab_app.engines.base import Engine
from lab_app.figures import Axis, Bars, Figure, HeatMap, Scatter
from lab_app.probes.base import Metric, ProbeContext, ProbeSpec, probe
from lab_app.stats.estimate import PairedDifference
from lab_app.stats.intervals import wilson
from lab_app.stats.paired import proportions
from lab_app.store.records import Sample


class _Counted:
    """Yes or no on each item, on a grid of rows and columns."""

    Spec: ClassVar[type[ProbeSpec]] = ProbeSpec
    headline: ClassVar[str] = "accuracy"
    reference: ClassVar[str | None] = None

    def __init__(self, spec: Any) -> None:
        self.spec = spec

    def run(self, engine: Engine, context: ProbeContext) -> Iterator[Sample]:
        raise AssertionError("reports never run a probe")

    @classmethod
    def summarise(cls, samples: Sequence[Sample]) -> dict[str, Metric]:
        items = [s for s in samples if s.series == "item"]
        if not items:
            return {}
        right = round(sum(s.y for s in items))
        return {"accuracy": Metric("accuracy", "Correct", wilson(right, len(items)), better="higher")}

    @classmethod
    def compare(cls, base: Sequence[Sample], other: Sequence[Sample]) -> dict[str, PairedDifference]:
        ours = {s.x: s.y > 0 for s in base if s.series == "item"}
        theirs = {s.x: s.y > 0 for s in other if s.series == "item"}
        shared = sorted(ours.keys() & theirs.keys())
        if not shared:
            return {}
        return {"accuracy": proportions([ours[x] for x in shared], [theirs[x] for x in shared])}


@probe("toy-sums")
class ToySums(_Counted):
    name: ClassVar[str]
    title: ClassVar[str] = "Toy sums"
    question: ClassVar[str] = "Does it still add?"
    figures: ClassVar[Sequence[Figure]] = (Bars("Correct sums", ("accuracy",), Axis("correct")),)


@probe("toy-field")
class ToyField(_Counted):
    name: ClassVar[str]
    title: ClassVar[str] = "Toy field"
    question: ClassVar[str] = "Where does it find the key?"
    figures: ClassVar[Sequence[Figure]] = (
        HeatMap("Found by depth and length", "item", Axis("depth"), Axis("length", "tokens"), Axis("found")),
        Scatter("Size against found", "file_size", "accuracy", Axis("file size"), Axis("found")),
    )

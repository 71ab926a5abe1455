"""The Probe protocol and the registry. A new probe is one file in this folder and one test.

@probe("passkey")
class Passkey: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from lab_app.engines.base import Engine, EngineSettings
from lab_app.figures import Figure
from lab_app.stats.estimate import Estimate, PairedDifference
from lab_app.store.records import Sample
from lab_app.system.errors import Cancelled


class ProbeSpec(BaseModel):
    """Parameters of a probe as they stand in a study file; subclass it per probe.

    Each field has a description (it becomes documentation) and bounds (they become error messages).
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a probe's summary.

    better: ``"lower"``, ``"higher"`` or ``""`` (neither).
    digits: printed decimals.
    """

    name: str
    label: str
    estimate: Estimate
    unit: str = ""
    better: str = ""
    digits: int = 4


@dataclass
class ProbeContext:
    """What a probe gets besides its engine.

    done:      samples stored by an earlier, interrupted attempt; the probe skips what they cover.
    files:     role → path of extra inputs (``base_logits``, ``text`` …).
    progress:  call with (done, total, message).
    cancelled: poll between items; raise lab_app.system.errors.Cancelled when true.
    work_dir:  private folder; files a probe leaves for others go out through ``keep``.
    keep:      keep(role, path, meta): hand over a finished file as an artifact.
    settings:  how the engine was opened; a probe that feeds batches shapes them after ``n_batch``.
    provenance: a probe adds what it chose itself (seed, fallback prompts …); stored with the result.
    round:     number of the round, from 1, of a probe that measures the machine.
    """

    done: Sequence[Sample] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    progress: Callable[[float, float | None, str], None] = lambda done, total, message: None
    cancelled: Callable[[], bool] = lambda: False
    work_dir: str = "."
    keep: Callable[[str, str, Mapping[str, Any]], None] = lambda role, path, meta: None
    settings: EngineSettings = field(default_factory=EngineSettings)
    provenance: dict[str, Any] = field(default_factory=dict)
    round: int = 1

    def check(self) -> None:
        """Raises Cancelled once the job was asked to stop."""
        if self.cancelled():
            raise Cancelled("The job was cancelled.")


class Probe(Protocol):
    """A measurement. ``run`` needs the engine; everything else is pure and works on stored samples,
    so that live plots, reports and later re-analysis all show the same numbers."""

    name: ClassVar[str]
    title: ClassVar[str]
    question: ClassVar[str]
    Spec: ClassVar[type[ProbeSpec]]
    figures: ClassVar[Sequence[Figure]]
    headline: ClassVar[str]
    """Name of the metric the verdict looks at first."""
    reference: ClassVar[str | None]
    """Name of a probe that must first run on the base model and whose artifact this one reads."""

    def __init__(self, spec: Any) -> None: ...

    def run(self, engine: Engine, context: ProbeContext) -> Iterator[Sample]: ...

    @classmethod
    def summarise(cls, samples: Sequence[Sample]) -> dict[str, Metric]:
        """All metrics from the samples so far (works on a part of a run)."""
        ...

    @classmethod
    def compare(cls, base: Sequence[Sample], other: Sequence[Sample]) -> dict[str, PairedDifference]:
        """Paired differences (other − base) over the items both have, by metric name."""
        ...


def extra_files(probe: type[Probe]) -> Mapping[str, str]:
    """Extra inputs of a probe: role → resource that is used where a study names no file of its own.

    A probe that reads a text declares ``files: ClassVar[Mapping[str, str]] = {"text": "texts/evaluation.txt"}``;
    in a study file the role is a key of the [[probe]] table (``text = "my.txt"``), in the job it is an input
    of that name, in the probe ``context.files["text"]``.
    """
    files: Mapping[str, str] = getattr(probe, "files", {})
    return files


def measures_machine(probe: type[Probe]) -> bool:
    """Whether what a probe finds is of this machine as much as of the model (its optional ``measures_machine``). It
    then runs beside nothing else, is found again only on the same machine with as many threads, and is measured in
    ``rounds`` (a field of its Spec): one job for each, in a process of its own; all files take turns within a round.
    Its samples say of which round they are, and ``summarise`` gets those of all rounds."""
    return bool(getattr(probe, "measures_machine", False))


def details(probe: type[Probe], samples: Sequence[Sample]) -> Mapping[str, Any]:
    """Further numbers of a probe (JSON) beside its metrics, from its optional class method ``details``."""
    method: Callable[[Sequence[Sample]], Mapping[str, Any]] | None = getattr(probe, "details", None)
    return method(samples) if method is not None else {}


@dataclass(frozen=True, slots=True)
class Work:
    """What a probe asks of an engine. prefill, generate: tokens read and tokens written."""

    prefill: int = 0
    generate: int = 0


def work(probe: type[Probe], spec: Any) -> Work | None:
    """From the optional class method ``work(spec)`` of a probe; None: nobody knows beforehand."""
    method: Callable[[Any], Work] | None = getattr(probe, "work", None)
    return method(spec) if method is not None else None


P = TypeVar("P", bound=type[Any])
_REGISTRY: dict[str, type[Any]] = {}


def probe(name: str) -> Callable[[P], P]:
    """Class decorator: register a probe under ``name`` (the ``kind`` in study files)."""

    def register(cls: P) -> P:
        if name in _REGISTRY:
            raise ValueError(f"probe {name!r} is registered twice")
        cls.name = name
        _REGISTRY[name] = cls
        return cls

    return register


def registry() -> dict[str, type[Probe]]:
    """All probes by name: those of this folder, then third parties (entry points ``odyssey_lab.probes``)."""
    _import_all()
    return dict(_REGISTRY)


@cache
def _import_all() -> None:
    """Once: looking for entry points reads what every installed distribution says of itself."""
    from importlib import import_module
    from importlib.metadata import entry_points
    from pkgutil import iter_modules

    import lab_app.probes as folder

    for module in iter_modules(folder.__path__):
        if module.name not in ("base", "job"):
            import_module(f"{folder.__name__}.{module.name}")
    for point in entry_points(group="odyssey_lab.probes"):
        point.load()

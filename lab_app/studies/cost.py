"""What a study will take on this machine, from what earlier jobs took here.

A probe says how many tokens it reads and writes; one token costs about 2 operations a parameter
(Kaplan et al. 2020, arXiv:2001.08361, section 2.1), and on a CPU writing one costs as much as reading about
:data:`WRITING`. The seconds for one unit of this work come from finished jobs of the same probe in the store
(the median); on a machine that has measured nothing yet, from a cautious rate a core.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any, Protocol

from lab_app.probes.base import Work, registry, work
from lab_app.store.records import ArtifactRecord

WRITING = 6.0
"""Tokens that could be read in the time one is written: reading is bound by arithmetic, writing by memory."""
ROUGH_OPERATIONS = 4e10
"""Operations a second and core assumed before anything was measured here."""
START = 1.0
"""Seconds to start a worker and load a small model."""


class _Row(Protocol):
    key: str
    kind: str
    state: str
    started: float | None
    finished: float | None
    attempts: int
    params: Any


class History(Protocol):
    """What is asked of the store."""

    def jobs(self, *, limit: int = ...) -> Iterable[Any]: ...

    def result(self, key: str) -> Any: ...

    def artifacts(self, key: str) -> list[ArtifactRecord]: ...


@dataclass(frozen=True, slots=True)
class Rates:
    """Seconds for one unit of work (a parameter times a token read), by probe; ``None``: over all probes.

    measured: False while they are only assumed.
    """

    by_probe: dict[str | None, float]
    quantize: float
    """Seconds a byte of the new file."""
    measured: bool

    def seconds(self, kind: str, work: Work, n_params: int) -> float:
        rate = self.by_probe.get(kind) or self.by_probe[None]
        return START + rate * _units(work, n_params)


def _units(work: Work, n_params: int) -> float:
    return n_params * (work.prefill + WRITING * work.generate)


def rates(store: History, cores: int, *, most: int = 400) -> Rates:
    """Rates of this machine from its newest ``most`` jobs. Reads the store: not for the GUI thread."""
    known = registry()
    seen: dict[str | None, list[float]] = {None: []}
    quantize: list[float] = []
    for row in store.jobs(limit=most):
        # An attempt that went on after another says nothing about the whole.
        if row.state != "done" or row.attempts != 1 or row.started is None or row.finished is None:
            continue
        seconds = row.finished - row.started
        if row.kind == "quantize":
            size = sum(item.size for item in store.artifacts(row.key))
            if size:
                quantize.append(seconds / size)
        elif row.kind == "probe" and row.params.get("probe") in known:
            kind = str(row.params["probe"])
            units = _units_of(store, row, known[kind])
            if units:
                for name in (kind, None):
                    seen.setdefault(name, []).append(max(0.0, seconds - START) / units)
    found = {name: median(values) for name, values in seen.items() if values}
    measured = bool(found)
    found.setdefault(None, 2.0 / (ROUGH_OPERATIONS * max(1, cores)))
    return Rates(found, median(quantize) if quantize else 2e-8, measured)


def _units_of(store: History, row: _Row, probe: type[Any]) -> float:
    result = store.result(row.key)
    n_params = result.values.get("engine", {}).get("n_params", 0) if result is not None else 0
    amount = probe_work(probe, row.params.get("spec", {}))
    return _units(amount, n_params) if amount is not None else 0.0


def probe_work(probe: type[Any], spec: Any) -> Work | None:
    """The work of a spec in JSON; None where the probe cannot tell, or the spec is not valid (yet)."""
    import json

    from pydantic import ValidationError

    try:
        return work(probe, probe.Spec.model_validate_json(json.dumps(spec)))
    except ValidationError:
        return None

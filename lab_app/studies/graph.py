"""The jobs of a study while its plan is made: which there are, what each reads, and which are done already."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab_app.jobs.job import ArtifactInput, FileInput, Input, Job, Slot
from lab_app.store.records import CellRecord, VariantRecord
from lab_app.studies.hashing import Known
from lab_app.studies.schema import LoadedStudy, ProbeEntry
from lab_app.studies.sources import ModelSource
from lab_app.system import host
from lab_app.system.paths import Folders

if TYPE_CHECKING:
    from lab_app.probes.base import Probe

REFERENCE_ROLE = "base_logits"
"""The artifact a probe with a ``reference`` leaves on the base and reads on every other variant."""


@dataclass
class JobGraph:
    """Jobs are added in the order they should start; one that is there already is not added twice."""

    study: LoadedStudy
    store: Known
    folders: Folders
    engine: str
    source: ModelSource
    jobs: list[Job] = field(default_factory=list)
    variants: list[VariantRecord] = field(default_factory=list)
    cells: list[CellRecord] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    """probe id → key of the base's job."""
    brought: dict[str, str] = field(default_factory=dict)
    """path → key of the last job that brings the file there."""
    bringing: dict[str, int] = field(default_factory=dict)
    """key of such a job → bytes it writes."""
    waiting: list[tuple[ProbeEntry, VariantRecord, Mapping[str, Input], Mapping[str, Any]]] = field(
        default_factory=list
    )
    """Cells that are measured in rounds, when everything else is done: (probe, variant, inputs, settings)."""
    by_key: set[str] = field(default_factory=set)
    """keys of those that are found by their keys when they are done, as all other jobs are."""

    def add(self, kind: str, params: Mapping[str, Any], inputs: Mapping[str, Input], **rest: Any) -> Job:
        after = {
            self.brought[item.path]: None
            for item in inputs.values()
            if isinstance(item, FileInput) and item.path in self.brought
        }
        job = Job(
            kind, params, inputs, engine=rest.pop("engine", self.engine), after=tuple(after),
            memory_limit=self.study.memory, **rest,
        )  # fmt: skip
        self._append(job)
        return job

    def bring(self, source: ModelSource) -> None:
        """Add the jobs that fetch or make a model."""
        for job in source.jobs:
            self._append(job)
            self.bringing[job.key] = 0
        if source.jobs:
            self.bringing[source.jobs[0].key] = source.fetched or 0
        if source.made is not None:
            self.bringing[source.jobs[-1].key] = source.made
            self.by_key |= {job.key for job in source.jobs}
        elif source.jobs:
            self.brought[source.path] = source.jobs[-1].key

    def _append(self, job: Job) -> None:
        if all(job.key != known.key for known in self.jobs):
            self.jobs.append(job)

    def file(self, path: Path) -> FileInput:
        return FileInput(str(path), self.store.file_sha256(path))

    def measure(self, variant: VariantRecord, model: Input, settings: Mapping[str, Any]) -> None:
        """Add a variant and one probe job for each [[probe]] but those that :meth:`rounds` adds."""
        from lab_app.probes.base import measures_machine, registry

        self.variants.append(variant)
        known = registry()
        for entry in self.study.probes:
            probe = known[entry.kind]
            inputs: dict[str, Input] = {"model": model}
            inputs.update({role: self.file(path) for role, path in entry.files.items()})
            if probe.reference is not None and not variant.is_base:
                inputs[REFERENCE_ROLE] = ArtifactInput(self.references[entry.id], REFERENCE_ROLE)
            if measures_machine(probe):
                self.waiting.append((entry, variant, inputs, settings))
                continue
            spec = _spec_for(entry, probe, variant, alone=self._base_is_alone())
            job = self.add(
                "probe",
                {"probe": entry.kind, "spec": spec, "engine": "llama", "settings": dict(settings)},
                inputs,
                engine=f"{self.engine}+{entry.kind}.{getattr(probe, 'version', 1)}",
                slot=Slot.GPU if settings.get("gpu_layers") else Slot.CPU,
                title=f"{entry.id}: {variant.label}",
            )
            if variant.is_base:
                self.references[entry.id] = job.key
            self.cells.append(CellRecord(entry.id, entry.kind, variant.variant_id, spec, job.key))

    def rounds(self) -> None:
        """Add what measures the machine: in each round every file once, in turns there and back, so that a machine
        that grows warm or busy slows all files alike. The machine is part of the keys."""
        from lab_app.engines.llama_params import default_threads
        from lab_app.probes.base import registry

        known = registry()
        machine = host.identity() if self.waiting else {}
        keys: dict[int, list[str]] = {}
        most = max((int(entry.spec.get("rounds", 1)) for entry, *_ in self.waiting), default=0)
        for number in range(1, most + 1):
            turn = list(enumerate(self.waiting))
            for place, (entry, variant, inputs, settings) in turn if number % 2 else reversed(turn):
                count = int(entry.spec.get("rounds", 1))
                if number > count:
                    continue
                # A round is the same job however many there are of it.
                spec = {**entry.spec, "rounds": 1} if "rounds" in entry.spec else dict(entry.spec)
                threads = settings.get("threads") or default_threads()
                job = self.add(
                    "probe",
                    {
                        "probe": entry.kind, "spec": spec, "engine": "llama", "settings": dict(settings),
                        "round": number, "machine": {**machine, "threads": threads},
                    },
                    inputs,
                    engine=f"{self.engine}+{entry.kind}.{getattr(known[entry.kind], 'version', 1)}",
                    slot=Slot.GPU if settings.get("gpu_layers") else Slot.CPU,
                    title=f"{entry.id}: {variant.label}" + (f" ({number}/{count})" if count > 1 else ""),
                    exclusive=True,
                )  # fmt: skip
                keys.setdefault(place, []).append(job.key)
        for place, (entry, variant, *_) in enumerate(self.waiting):
            *earlier, last = keys[place]
            spec = dict(entry.spec)
            self.cells.append(
                CellRecord(entry.id, entry.kind, variant.variant_id, spec, last, tuple(earlier))
            )
        order = {entry.id: place for place, entry in enumerate(self.study.probes)}
        self.cells.sort(key=lambda cell: order[cell.probe_id])

    def _base_is_alone(self) -> bool:
        study = self.study
        return not (study.quant_types or study.study.variant or study.study.compare)

    def finished(self, anew: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
        """(finished keys, done keys whose files vanished or were changed and must be made again).

        anew: jobs that stand in a plan only where the model is not there, whatever the store says of them."""
        store = self.store
        done = {
            job.key for job in self.jobs if (row := store.job(job.key)) is not None and row.state == "done"
        }
        done -= set(anew)
        by_key = {job.key: job for job in self.jobs}
        vanished: set[str] = set()
        # A file that somebody will read, or that the user was promised, must lie where it was left.
        queue = [job for job in self.jobs if job.key not in done]
        for job in self.jobs:
            if job.kind == "quantize" and job.key in done and not _has(store, job.key, "model"):
                vanished.add(job.key)
                queue.append(job)
        while queue:
            for item in queue.pop().inputs.values():
                if (
                    not isinstance(item, ArtifactInput)
                    or item.job_key not in done
                    or item.job_key in vanished
                ):
                    continue
                if not _has(store, item.job_key, item.role):
                    vanished.add(item.job_key)
                    queue.append(by_key[item.job_key])
        return frozenset(done - vanished), frozenset(vanished)


def _spec_for(
    entry: ProbeEntry, probe: type[Probe], variant: VariantRecord, *, alone: bool
) -> dict[str, Any]:
    """The spec of one cell. Only a base that others are compared with keeps its log-probabilities."""
    spec = dict(entry.spec)
    if probe.reference is not None and "keep_logits" in spec:
        spec["keep_logits"] = variant.is_base and not alone
    return spec


def _has(store: Known, key: str, role: str) -> bool:
    return any(artifact.role == role and store.intact(artifact) for artifact in store.artifacts(key))

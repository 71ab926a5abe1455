"""Study → graph of jobs, in the order that shows something early: base first, then variant by variant, speed last.

Every content key is known here, before anything ran, so finished work is found and never done twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab_app.hub.reference import Reference
from lab_app.jobs.job import ArtifactInput, FileInput, Input, Job, Slot
from lab_app.store.records import CellRecord, StudyRecord, VariantRecord
from lab_app.studies import cards, sources
from lab_app.studies.checks import check_facts, compare_name
from lab_app.studies.hashing import Known, Tell, Told
from lab_app.studies.lines import find_lines
from lab_app.studies.problems import Problems
from lab_app.studies.schema import BASE, EngineTable, LoadedStudy, ProbeEntry
from lab_app.studies.sources import ModelSource
from lab_app.system import host
from lab_app.system.paths import Folders

if TYPE_CHECKING:
    from lab_app.probes.base import Probe

REFERENCE_ROLE = "base_logits"
"""The artifact a probe with a ``reference`` leaves on the base and reads on every other variant."""


@dataclass(frozen=True)
class Plan:
    """What must be done, and what is done already.

    jobs:     in the order they should start; the report is the last.
    finished: keys whose results are stored and whose files, where still needed, are there.
    force:    keys that run although a result is stored: the report, and makers of files that vanished or changed.
    """

    study: LoadedStudy
    record: StudyRecord
    jobs: tuple[Job, ...]
    finished: frozenset[str]
    force: frozenset[str]
    source: ModelSource
    by_key: Mapping[str, Job] = field(default_factory=dict)
    bringing: Mapping[str, int] = field(default_factory=dict)
    """Key of a job that fetches or makes a model of the study → bytes it will write (0: not known)."""

    @property
    def report(self) -> Job:
        return self.jobs[-1]

    @property
    def unfinished(self) -> tuple[Job, ...]:
        """Jobs that will run, without the report (which always runs)."""
        return tuple(job for job in self.jobs[:-1] if job.key not in self.finished)

    @property
    def source_fetched(self) -> bool:
        """False while the source is still to be fetched or made."""
        return all(job.key in self.finished for job in self.source.jobs[-1:])

    @property
    def predict(self) -> Job | None:
        return next((job for job in self.jobs if job.kind == "predict"), None)


@dataclass
class _Builder:
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


def _spec_for(
    entry: ProbeEntry, probe: type[Probe], variant: VariantRecord, *, alone: bool
) -> dict[str, Any]:
    """The spec of one cell. Only a base that others are compared with keeps its log-probabilities."""
    spec = dict(entry.spec)
    if probe.reference is not None and "keep_logits" in spec:
        spec["keep_logits"] = variant.is_base and not alone
    return spec


def make_plan(
    study: LoadedStudy,
    store: Known,
    folders: Folders,
    *,
    engine: str,
    out_dir: Path | None = None,
    progress: Tell | None = None,
) -> Plan:
    """The jobs of a study with their keys.

    engine: identity of the native engine (:func:`lab_app.system.native.engine_id`).
    Raises LabError subclasses where a file cannot be read, or the hub not be asked for models that lie there.
    Hashes files it does not know yet, and tells ``progress`` of it.
    """
    store = store if progress is None else Told(store, progress)
    source = sources.locate(study.source, store, folders, engine=engine)
    others = [sources.locate(given, store, folders, engine=engine) for given in study.compare_models]
    _check_hub_models(study, source, others)
    builder = _Builder(study, store, folders, engine, source)
    for each in (source, *others):
        builder.bring(each)
    settings = cards.on_cards(study.study.engine, source.facts, study.probes, cards.usable_memory())
    quantize = study.study.quantize
    models: dict[str, tuple[Input, VariantRecord]] = {}
    source_type = source.facts.quantized_as

    base = VariantRecord(
        BASE, source.label, True, source_type, *_whereabouts(source), settings.chosen(),
        (f"its weights are {source_type} already",) if source_type else (),
    )  # fmt: skip
    models[BASE] = (source.model, base)
    if quantize is not None:
        builder.add(
            "predict",
            {
                "types": list(study.quant_types),
                "overrides": dict(quantize.overrides),
                "allow_requantize": quantize.allow_requantize,
                **_changed(
                    pure=quantize.pure,
                    output_type=quantize.output_type,
                    embedding_type=quantize.embedding_type,
                    imatrix=_announced(study),
                ),
            },
            {"model": source.model},
            title="predict sizes",
        )
    builder.measure(base, source.model, settings.chosen())
    imatrix = _imatrix(builder, settings.chosen())
    for name in study.quant_types:
        job = _quantize(builder, name, imatrix)
        notes = (f"requantized from {source_type}",) if source_type else ()
        variant = VariantRecord(name, name, False, name, job.key, None, None, settings.chosen(), notes)
        models[name] = (ArtifactInput(job.key, "model"), variant)
        builder.measure(variant, models[name][0], settings.chosen())
    for index, other in enumerate(others):
        name = compare_name(study.study, index)
        variant = VariantRecord(name, name, False, None, *_whereabouts(other), settings.chosen())
        models[name] = (other.model, variant)
        builder.measure(variant, other.model, settings.chosen())
    for item in study.study.variant:
        model, origin = models[item.of]
        own = EngineTable.over(item, settings).chosen()
        variant = VariantRecord(
            item.name, item.name, False, origin.quant, origin.file_key, origin.path, origin.sha256, own,
            (*origin.notes, f"{item.of} with " + ", ".join(f"{k} = {v}" for k, v in item.chosen().items())),
        )  # fmt: skip
        builder.measure(variant, model, own)

    builder.rounds()
    record = _record(builder, imatrix)
    report = report_job(record.study_id, folders, out_dir)
    record = StudyRecord(**{**_shallow(record), "job_keys": (*record.job_keys, report.key)})
    jobs = (*builder.jobs, report)
    anew = builder.bringing.keys() - builder.by_key
    finished, vanished = _finished(builder.jobs, store, anew)
    _check_converter(builder.jobs, finished)
    force = frozenset({*anew, *vanished, report.key})
    return Plan(
        study, record, jobs, finished, force, source, {job.key: job for job in jobs}, builder.bringing
    )  # fmt: skip


def _whereabouts(source: ModelSource) -> tuple[str | None, str | None, str | None]:
    """(key of the job that makes the file, path, sha256) as a VariantRecord has them."""
    if source.file is not None:
        return None, source.file.path, source.file.sha256
    assert isinstance(source.model, ArtifactInput)
    return source.model.job_key, None, None


def _check_hub_models(study: LoadedStudy, source: ModelSource, others: Sequence[ModelSource]) -> None:
    """What loading could not check, because the hub had to be asked. Raises UsageError."""
    if not any(isinstance(given, Reference) for given in (study.source, *study.compare_models)):
        return
    problems = Problems(study.origin, find_lines(study.toml))
    facts = [(other.label, other.facts) for other in others]
    check_facts(study.study, source.facts, facts, study.probes, problems)
    problems.raise_if_any()


def _check_converter(jobs: Iterable[Job], finished: Collection[str]) -> None:
    """Before anything is downloaded: what converts must be there. Raises ResourceError."""
    if any(job.kind == "convert" and job.key not in finished for job in jobs):
        from lab_app.gguf import converter

        converter.check_packages()


def _shallow(record: StudyRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def _changed(**options: Any) -> dict[str, Any]:
    """Options that are not at their default, so that a key stays the same when an option is added later."""
    return {name: value for name, value in options.items() if value}


def _announced(study: LoadedStudy) -> dict[str, str] | None:
    """What a predict job is told of the importance matrix there will be: it changes types, and is noted in files."""
    if study.imatrix_text is None:
        return None
    from lab_app.quant.imatrix import noted_name

    return {"dataset": noted_name(study.imatrix_text)}


def _imatrix(builder: _Builder, settings: Mapping[str, Any]) -> Job | None:
    study = builder.study
    quantize = study.study.quantize
    if quantize is None or quantize.imatrix is None or study.imatrix_text is None:
        return None
    return builder.add(
        "imatrix",
        {"chunks": quantize.imatrix.chunks, "context": quantize.imatrix.context},
        {"model": builder.source.model, "text": builder.file(study.imatrix_text)},
        slot=Slot.GPU if settings.get("gpu_layers") else Slot.CPU,
        title="importance matrix",
        hints={name: settings[name] for name in ("threads", "gpu_layers") if name in settings},
    )


def _quantize(builder: _Builder, name: str, imatrix: Job | None) -> Job:
    quantize = builder.study.study.quantize
    assert quantize is not None, "there are quant types only where there is [quantize]"
    inputs: dict[str, Input] = {"model": builder.source.model}
    if imatrix is not None:
        inputs["imatrix"] = ArtifactInput(imatrix.key, "imatrix")
    stem, source_type = builder.source.label, builder.source.facts.quantized_as
    if source_type and stem.upper().endswith(source_type.upper()):
        stem = stem[: -len(source_type)].rstrip(".-_")
    return builder.add(
        "quantize",
        {
            "type": name,
            "overrides": dict(quantize.overrides),
            "output_type": quantize.output_type,
            "embedding_type": quantize.embedding_type,
            "allow_requantize": quantize.allow_requantize,
            "pure": quantize.pure,
        },
        inputs,
        title=f"quantize to {name}",
        hints={
            "name": f"{stem}.{name}.gguf",
            **_changed(threads=builder.study.study.engine.threads),
        },
    )


def _record(builder: _Builder, imatrix: Job | None) -> StudyRecord:
    study = builder.study
    keys = tuple(job.key for job in builder.jobs)
    # Whether a model is to be fetched first does not make it another study.
    own = [key for key in keys if key not in builder.bringing]
    identity = json.dumps([study.name, own, [v.variant_id for v in builder.variants]], sort_keys=True)
    predict = next((job.key for job in builder.jobs if job.kind == "predict"), None)
    return StudyRecord(
        study_id=f"{slug(study.name)}-{hashlib.sha256(identity.encode()).hexdigest()[:10]}",
        name=study.name,
        toml=study.toml,
        source=study.origin,
        variants=tuple(builder.variants),
        cells=tuple(builder.cells),
        job_keys=keys,
        thresholds=dict(study.study.thresholds),
        extra={
            "description": study.study.description,
            **({"imatrix_key": imatrix.key} if imatrix else {}),
            **({"predict_key": predict} if predict else {}),
        },
    )


def slug(name: str) -> str:
    """A study's name as a file name: lower case, words joined with ``-``."""
    kept = "".join(c if c.isalnum() and c.isascii() else "-" for c in name.lower())
    return "-".join(part for part in kept.split("-") if part)[:60] or "study"


def report_job(study_id: str, folders: Folders, out_dir: Path | None = None, language: str = "") -> Job:
    """The job that writes a study's report from what there is. language: of its texts; English where it is empty."""
    # No ``after``: it is written also when a job failed.
    hints = {"db": str(folders.db)}
    if out_dir is not None:
        hints["out_dir"] = str(out_dir.absolute())
    if language:
        hints["language"] = language
    return Job("report", {"study_id": study_id}, title="report", slot=Slot.DISK, hints=hints)


def _finished(
    jobs: Iterable[Job], store: Known, bringing: Collection[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """(finished keys, done keys whose files vanished or were changed and must be made again).

    bringing: jobs that stand in a plan only where the model is not there, whatever the store says of them."""
    jobs = list(jobs)
    done = {job.key for job in jobs if (row := store.job(job.key)) is not None and row.state == "done"}
    done -= set(bringing)
    by_key = {job.key: job for job in jobs}
    vanished: set[str] = set()
    # A file that somebody will read, or that the user was promised, must lie where it was left.
    queue = [job for job in jobs if job.key not in done]
    for job in jobs:
        if job.kind == "quantize" and job.key in done and not _has(store, job.key, "model"):
            vanished.add(job.key)
            queue.append(job)
    while queue:
        for item in queue.pop().inputs.values():
            if not isinstance(item, ArtifactInput) or item.job_key not in done or item.job_key in vanished:
                continue
            if not _has(store, item.job_key, item.role):
                vanished.add(item.job_key)
                queue.append(by_key[item.job_key])
    return frozenset(done - vanished), frozenset(vanished)


def _has(store: Known, key: str, role: str) -> bool:
    return any(artifact.role == role and store.intact(artifact) for artifact in store.artifacts(key))

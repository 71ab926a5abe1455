"""Study → graph of jobs, in the order that shows something early: base first, then variant by variant.

Every content key is known here, before anything ran, so finished work is found and never done twice.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lab_app.jobs.job import ArtifactInput, FileInput, Input, Job, Slot
from lab_app.store.records import ArtifactRecord, CellRecord, StudyRecord, VariantRecord
from lab_app.studies.checks import compare_name
from lab_app.studies.schema import BASE, EngineTable, LoadedStudy, ProbeEntry
from lab_app.system.errors import UsageError
from lab_app.system.paths import Folders

if TYPE_CHECKING:
    from lab_app.probes.base import Probe

REFERENCE_ROLE = "base_logits"
"""The artifact a probe with a ``reference`` leaves on the base and reads on every other variant."""


class _Row(Protocol):
    @property
    def state(self) -> str: ...


class Finished(Protocol):
    """What planning asks of the store."""

    def file_sha256(self, path: str | Path) -> str: ...

    def job(self, key: str) -> _Row | None: ...

    def artifacts(self, key: str) -> list[ArtifactRecord]: ...


@dataclass(frozen=True)
class Plan:
    """What must be done, and what is done already.

    jobs:     in the order they should start; the report is the last.
    finished: keys whose results are stored and whose files, where still needed, are there.
    force:    keys that run although a result is stored: the report, and makers of files that vanished.
    """

    study: LoadedStudy
    record: StudyRecord
    jobs: tuple[Job, ...]
    finished: frozenset[str]
    force: frozenset[str]
    source: FileInput
    source_fetched: bool = True
    """False while the demo model is still to be fetched."""
    by_key: Mapping[str, Job] = field(default_factory=dict)

    @property
    def report(self) -> Job:
        return self.jobs[-1]

    @property
    def unfinished(self) -> tuple[Job, ...]:
        """Jobs that will run, without the report (which always runs)."""
        return tuple(job for job in self.jobs[:-1] if job.key not in self.finished)

    @property
    def predict(self) -> Job | None:
        return next((job for job in self.jobs if job.kind == "predict"), None)


@dataclass
class _Builder:
    study: LoadedStudy
    store: Finished
    folders: Folders
    engine: str
    source: FileInput
    source_type: str | None
    after: tuple[str, ...] = ()
    jobs: list[Job] = field(default_factory=list)
    variants: list[VariantRecord] = field(default_factory=list)
    cells: list[CellRecord] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    """probe id → key of the base's job."""

    def add(self, kind: str, params: Mapping[str, Any], inputs: Mapping[str, Input], **rest: Any) -> Job:
        job = Job(
            kind, params, inputs, engine=rest.pop("engine", self.engine), after=self.after,
            memory_limit=self.study.memory, **rest,
        )  # fmt: skip
        if all(job.key != known.key for known in self.jobs):
            self.jobs.append(job)
        return job

    def file(self, path: Path) -> FileInput:
        return FileInput(str(path), self.store.file_sha256(path))

    def measure(self, variant: VariantRecord, model: Input, settings: Mapping[str, Any]) -> None:
        """Add a variant and one probe job for each [[probe]]."""
        from lab_app.probes.base import registry

        self.variants.append(variant)
        known = registry()
        for entry in self.study.probes:
            probe = known[entry.kind]
            inputs: dict[str, Input] = {"model": model}
            inputs.update({role: self.file(path) for role, path in entry.files.items()})
            if probe.reference is not None and not variant.is_base:
                inputs[REFERENCE_ROLE] = ArtifactInput(self.references[entry.id], REFERENCE_ROLE)
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
    study: LoadedStudy, store: Finished, folders: Folders, *, engine: str, out_dir: Path | None = None
) -> Plan:
    """The jobs of a study with their keys.

    engine: identity of the native engine (:func:`lab_app.system.native.engine_id`).
    Raises LabError subclasses where a file cannot be read. Hashes files it does not know yet.
    """
    source, fetch, fetched = _source(study, store, folders)
    builder = _Builder(
        study,
        store,
        folders,
        engine,
        source,
        _source_type(study, source),
        after=(fetch.key,) if fetch else (),
    )
    force: set[str] = set()
    if fetch is not None:
        builder.jobs.append(fetch)
        force.add(fetch.key)
    settings = study.study.engine
    quantize = study.study.quantize
    models: dict[str, tuple[Input, VariantRecord]] = {}

    base = VariantRecord(
        BASE, _base_label(study, source), True, builder.source_type, None, source.path, source.sha256,
        settings.chosen(), (f"its weights are {builder.source_type} already",) if builder.source_type else (),
    )  # fmt: skip
    models[BASE] = (source, base)
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
                ),
            },
            {"model": source},
            title="predict sizes",
        )
    builder.measure(base, source, settings.chosen())
    imatrix = _imatrix(builder)
    for name in study.quant_types:
        job = _quantize(builder, name, imatrix)
        notes = (f"requantized from {builder.source_type}",) if builder.source_type else ()
        variant = VariantRecord(name, name, False, name, job.key, None, None, settings.chosen(), notes)
        models[name] = (ArtifactInput(job.key, "model"), variant)
        builder.measure(variant, models[name][0], settings.chosen())
    for index, path in enumerate(study.compare_paths):
        name = compare_name(study.study, index)
        file = builder.file(path)
        variant = VariantRecord(name, name, False, None, None, file.path, file.sha256, settings.chosen())
        models[name] = (file, variant)
        builder.measure(variant, file, settings.chosen())
    for item in study.study.variant:
        model, origin = models[item.of]
        own = EngineTable.over(item, settings).chosen()
        variant = VariantRecord(
            item.name, item.name, False, origin.quant, origin.file_key, origin.path, origin.sha256, own,
            (*origin.notes, f"{item.of} with " + ", ".join(f"{k} = {v}" for k, v in item.chosen().items())),
        )  # fmt: skip
        builder.measure(variant, model, own)

    record = _record(builder, imatrix)
    report = _report(record, folders, builder.jobs, out_dir)
    record = StudyRecord(**{**_shallow(record), "job_keys": (*record.job_keys, report.key)})
    jobs = (*builder.jobs, report)
    finished, vanished = _finished(builder.jobs, store, fetched)
    return Plan(
        study, record, jobs, finished, frozenset(force | vanished | {report.key}), source, fetched,
        {job.key: job for job in jobs},
    )  # fmt: skip


def _shallow(record: StudyRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def _changed(**options: Any) -> dict[str, Any]:
    """Options that are not at their default, so that a key stays the same when an option is added later."""
    return {name: value for name, value in options.items() if value}


def _source(study: LoadedStudy, store: Finished, folders: Folders) -> tuple[FileInput, Job | None, bool]:
    """(the source, the job that fetches it if need be, whether it is there)."""
    if study.source_path is not None:
        return FileInput(str(study.source_path), store.file_sha256(study.source_path)), None, True
    from lab_app.gguf import demo

    path = Path(demo.demo_path(folders))
    source = FileInput(str(path), demo.DEMO_SHA256)
    if path.is_file() and store.file_sha256(path) == demo.DEMO_SHA256:
        return source, None, True
    if os.environ.get(demo.OVERRIDE):
        raise UsageError(
            f"${demo.OVERRIDE} names {path}, which is not the demo model.",
            "Correct the variable, or unset it.",
        )
    fetch = Job(
        "fetch-demo",
        {"source": "demo:"},
        slot=Slot.NET,
        title="fetch the demo model",
        hints={"out_dir": str(path.parent)},
    )
    return source, fetch, False


def _source_type(study: LoadedStudy, source: FileInput) -> str | None:
    """Tensor type of the source where it is a quantized one."""
    from lab_app.studies import checks

    path = Path(source.path)
    return checks.main_quant_type(path) if path.is_file() else checks.DEMO_TYPE


def _base_label(study: LoadedStudy, source: FileInput) -> str:
    return Path(source.path).name.removesuffix(".gguf")


def _imatrix(builder: _Builder) -> Job | None:
    study = builder.study
    quantize = study.study.quantize
    if quantize is None or quantize.imatrix is None or study.imatrix_text is None:
        return None
    settings = study.study.engine.chosen()
    return builder.add(
        "imatrix",
        {"chunks": quantize.imatrix.chunks, "context": quantize.imatrix.context},
        {"model": builder.source, "text": builder.file(study.imatrix_text)},
        slot=Slot.GPU if settings.get("gpu_layers") else Slot.CPU,
        title="importance matrix",
        hints={name: settings[name] for name in ("threads", "gpu_layers") if name in settings},
    )


def _quantize(builder: _Builder, name: str, imatrix: Job | None) -> Job:
    quantize = builder.study.study.quantize
    assert quantize is not None, "there are quant types only where there is [quantize]"
    inputs: dict[str, Input] = {"model": builder.source}
    if imatrix is not None:
        inputs["imatrix"] = ArtifactInput(imatrix.key, "imatrix")
    stem = Path(builder.source.path).name.removesuffix(".gguf")
    if builder.source_type and stem.upper().endswith(builder.source_type.upper()):
        stem = stem[: -len(builder.source_type)].rstrip(".-_")
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
    identity = json.dumps([study.name, keys, [v.variant_id for v in builder.variants]], sort_keys=True)
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


def _report(record: StudyRecord, folders: Folders, jobs: Iterable[Job], out_dir: Path | None) -> Job:
    # No ``after``: a report is written from what there is, also when a job failed.
    return Job(
        "report",
        {"study_id": record.study_id},
        title="report",
        slot=Slot.DISK,
        hints={"db": str(folders.db), **({"out_dir": str(out_dir.absolute())} if out_dir else {})},
    )


def _finished(jobs: Iterable[Job], store: Finished, fetched: bool) -> tuple[frozenset[str], frozenset[str]]:
    """(finished keys, done keys whose files vanished and must be made again)."""
    jobs = list(jobs)
    done = {job.key for job in jobs if (row := store.job(job.key)) is not None and row.state == "done"}
    if not fetched:
        done -= {job.key for job in jobs if job.kind == "fetch-demo"}
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


def _has(store: Finished, key: str, role: str) -> bool:
    for artifact in store.artifacts(key):
        path = Path(artifact.path)
        if artifact.role == role and path.is_file() and path.stat().st_size == artifact.size:
            return True
    return False

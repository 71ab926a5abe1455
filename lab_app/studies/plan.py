"""Study → graph of jobs, in the order that shows something early: base first, then variant by variant, speed last.

Every content key is known here, before anything ran, so finished work is found and never done twice.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab_app.hub.reference import Reference
from lab_app.jobs.job import ArtifactInput, Input, Job, Slot
from lab_app.store.records import StudyRecord, VariantRecord
from lab_app.studies import cards, sources
from lab_app.studies.checks import check_facts, compare_name
from lab_app.studies.graph import JobGraph
from lab_app.studies.hashing import Known, Tell, Told
from lab_app.studies.lines import find_lines
from lab_app.studies.problems import Problems
from lab_app.studies.schema import BASE, EngineTable, LoadedStudy
from lab_app.studies.sources import ModelSource
from lab_app.system.paths import Folders


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
    graph = JobGraph(study, store, folders, engine, source)
    for each in (source, *others):
        graph.bring(each)
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
        graph.add(
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
    graph.measure(base, source.model, settings.chosen())
    imatrix = _imatrix(graph, settings.chosen())
    for name in study.quant_types:
        job = _quantize(graph, name, imatrix)
        notes = (f"requantized from {source_type}",) if source_type else ()
        variant = VariantRecord(name, name, False, name, job.key, None, None, settings.chosen(), notes)
        models[name] = (ArtifactInput(job.key, "model"), variant)
        graph.measure(variant, models[name][0], settings.chosen())
    for index, other in enumerate(others):
        name = compare_name(study.study, index)
        variant = VariantRecord(name, name, False, None, *_whereabouts(other), settings.chosen())
        models[name] = (other.model, variant)
        graph.measure(variant, other.model, settings.chosen())
    for item in study.study.variant:
        model, origin = models[item.of]
        own = EngineTable.over(item, settings).chosen()
        variant = VariantRecord(
            item.name, item.name, False, origin.quant, origin.file_key, origin.path, origin.sha256, own,
            (*origin.notes, f"{item.of} with " + ", ".join(f"{k} = {v}" for k, v in item.chosen().items())),
        )  # fmt: skip
        graph.measure(variant, model, own)

    graph.rounds()
    record = _record(graph, imatrix)
    report = report_job(record.study_id, folders, out_dir)
    record = StudyRecord(**{**_shallow(record), "job_keys": (*record.job_keys, report.key)})
    jobs = (*graph.jobs, report)
    anew = graph.bringing.keys() - graph.by_key
    finished, vanished = graph.finished(anew)
    _check_converter(graph.jobs, finished)
    force = frozenset({*anew, *vanished, report.key})
    return Plan(
        study, record, jobs, finished, force, source, {job.key: job for job in jobs}, graph.bringing
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


def _imatrix(graph: JobGraph, settings: Mapping[str, Any]) -> Job | None:
    study = graph.study
    quantize = study.study.quantize
    if quantize is None or quantize.imatrix is None or study.imatrix_text is None:
        return None
    return graph.add(
        "imatrix",
        {"chunks": quantize.imatrix.chunks, "context": quantize.imatrix.context},
        {"model": graph.source.model, "text": graph.file(study.imatrix_text)},
        slot=Slot.GPU if settings.get("gpu_layers") else Slot.CPU,
        title="importance matrix",
        hints={name: settings[name] for name in ("threads", "gpu_layers") if name in settings},
    )


def _quantize(graph: JobGraph, name: str, imatrix: Job | None) -> Job:
    quantize = graph.study.study.quantize
    assert quantize is not None, "there are quant types only where there is [quantize]"
    inputs: dict[str, Input] = {"model": graph.source.model}
    if imatrix is not None:
        inputs["imatrix"] = ArtifactInput(imatrix.key, "imatrix")
    stem, source_type = graph.source.label, graph.source.facts.quantized_as
    if source_type and stem.upper().endswith(source_type.upper()):
        stem = stem[: -len(source_type)].rstrip(".-_")
    return graph.add(
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
            **_changed(threads=graph.study.study.engine.threads),
        },
    )


def _record(graph: JobGraph, imatrix: Job | None) -> StudyRecord:
    study = graph.study
    keys = tuple(job.key for job in graph.jobs)
    # Whether a model is to be fetched first does not make it another study.
    own = [key for key in keys if key not in graph.bringing]
    identity = json.dumps([study.name, own, [v.variant_id for v in graph.variants]], sort_keys=True)
    predict = next((job.key for job in graph.jobs if job.kind == "predict"), None)
    return StudyRecord(
        study_id=f"{slug(study.name)}-{hashlib.sha256(identity.encode()).hexdigest()[:10]}",
        name=study.name,
        toml=study.toml,
        source=study.origin,
        variants=tuple(graph.variants),
        cells=tuple(graph.cells),
        job_keys=keys,
        thresholds=dict(study.study.thresholds),
        extra={
            "description": study.study.description,
            **({"imatrix_key": imatrix.key} if imatrix else {}),
            **({"predict_key": predict} if predict else {}),
        },
    )


def slug(name: str) -> str:
    """A study's name as a file name: lower case, words of any script joined with ``-``; at most 240 bytes."""
    letters = unicodedata.normalize("NFC", name.lower())
    kept = "".join(c if unicodedata.category(c)[0] in "LNM" else "-" for c in letters)
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

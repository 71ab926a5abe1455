"""Where a study's models come from: a path, ``demo:``, or ``hf:org/repo[:file][@revision]``. A Hugging Face folder,
here or on the hub, is converted first; a split model on the hub is merged.

What is known of a model before any job runs — its checksum, and what its header says — is found here: for a file
on the hub by asking the hub, and by reading the header over HTTP where the file is not here yet.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from lab_app.hub.reference import Reference
from lab_app.jobs.job import ArtifactInput, FileInput, Input, Job, Slot
from lab_app.studies import checks
from lab_app.system.errors import IntegrityError, UsageError
from lab_app.system.paths import Folders

if TYPE_CHECKING:
    from lab_app.gguf.hf_folder import HfFolder
    from lab_app.hub.resolve import Resolved

Given = Path | Reference | None
"""How a study names a model, checked; None for the demo model."""


class Hashes(Protocol):
    """What is asked of the store."""

    def file_sha256(self, path: str | Path) -> str: ...

    def known_sha256(self, path: str | Path) -> str | None: ...


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model of a study, and the jobs that bring it here.

    model:   what jobs get as their input.
    label:   name for people.
    path:    where the file lies or will lie.
    jobs:    what must run before it is there, in order; empty where it is. Jobs that read it run after them.
    facts:   what its header says.
    fetched: bytes that the first of its jobs writes, None where it is not known. made: bytes the last one writes,
             where it makes the file and its key stands for it.
    """

    model: Input
    label: str
    path: str
    facts: checks.Facts
    jobs: tuple[Job, ...] = ()
    fetched: int | None = None
    made: int | None = None

    @property
    def ready(self) -> bool:
        return not self.jobs

    @property
    def file(self) -> FileInput | None:
        """The file, where it is one whose content is known before any job runs."""
        return self.model if isinstance(self.model, FileInput) else None


def locate(given: Given, store: Hashes, folders: Folders, *, engine: str) -> ModelSource:
    """engine: identity of the native build, which converts folders.

    Asks the hub for a :class:`Reference`: not for a thread that must not wait. Raises LabError, OSError."""
    if given is None:
        return _demo(store, folders)
    if isinstance(given, Reference):
        return _from_hub(given, store, engine)
    if given.is_dir():
        return _from_folder(given, store, engine)
    path = str(given)
    return ModelSource(FileInput(path, store.file_sha256(path)), _label(path), path, checks.facts(given))


def _label(path: str) -> str:
    return Path(path).name.removesuffix(".gguf")


def _demo(store: Hashes, folders: Folders) -> ModelSource:
    from lab_app.gguf import demo

    path = Path(demo.demo_path(folders))
    file = FileInput(str(path), demo.DEMO_SHA256)
    if path.is_file() and store.file_sha256(path) == demo.DEMO_SHA256:
        return ModelSource(file, _label(file.path), file.path, checks.facts(path))
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
    return ModelSource(file, _label(file.path), file.path, checks.DEMO_FACTS, (fetch,), demo.DEMO_SIZE)


def conversion(
    given: Path | Reference, store: Hashes, *, engine: str, type_name: str | None = None
) -> tuple[Job, ...]:
    """The jobs that make a GGUF file of a Hugging Face folder, here or on the hub; the last one converts.

    Raises LabError."""
    if isinstance(given, Path):
        return _from_folder(given, store, engine, type_name).jobs
    from lab_app.hub import resolve

    found = resolve.resolve(given)
    if found.format != resolve.SAFETENSORS:
        raise UsageError(f"{given} is a GGUF file already.", "Download it with odyssey-lab models download.")
    return _weights_from_hub(found, engine, type_name).jobs


def _from_folder(path: Path, store: Hashes, engine: str, type_name: str | None = None) -> ModelSource:
    from lab_app.gguf import convert, converter, hf_folder

    folder = hf_folder.read_folder(path)
    converter.check_architecture(folder.name, folder.config)
    inputs = convert.folder_inputs(folder, store.file_sha256)
    job = convert.job(folder, inputs, type_name=type_name, engine=engine)
    return _converted(folder, job, ())


def _converted(
    folder: HfFolder, job: Job, before: tuple[Job, ...], fetched: int | None = None
) -> ModelSource:
    from lab_app.gguf import convert

    name, made = str(job.params["name"]), convert.expected_bytes(folder, str(job.params["type"]))
    known = checks.facts_of_folder(folder)
    return ModelSource(ArtifactInput(job.key, "model"), name, "", known, (*before, job), fetched, made)


def _weights_from_hub(found: Resolved, engine: str, type_name: str | None = None) -> ModelSource:
    """Safetensors on the hub: downloaded, then converted. Both jobs are found by their keys when they are done."""
    from lab_app.gguf import convert, converter, hf_folder
    from lab_app.hub import download, remote_folder

    if found.missing:
        folder = remote_folder.look(found.files)
    else:
        folder = hf_folder.read_folder(found.path().parent)
    name = found.reference.repo.rpartition("/")[2]
    converter.check_architecture(name, folder.config)
    fetch = _fetch(found)
    roles = download.roles([file.name for file in found.files])
    inputs: dict[str, Input] = {
        PurePosixPath(file.name).name: ArtifactInput(fetch.key, roles[file.name]) for file in found.files
    }
    wanted = {file: inputs[file] for file in folder.files if file in inputs}
    job = convert.job(folder, wanted, type_name=type_name, engine=engine, name=name)
    return _converted(folder, job, (fetch,), sum(file.size for file in found.missing))


def _from_hub(reference: Reference, store: Hashes, engine: str) -> ModelSource:
    from lab_app.hub import resolve

    found = resolve.resolve(reference)
    if found.format == resolve.SAFETENSORS:
        return _weights_from_hub(found, engine)
    for file in found.files:
        if len(file.oid) != 64:
            raise IntegrityError(
                f"The hub states no sha256 for {file.name} of {reference.repo}.",
                "Download it and give its path.",
            )
    facts = _header_facts(found)
    missing = sum(file.size for file in found.missing)
    fetch = _fetch(found)
    if len(found.files) > 1:
        return _merged(found, fetch, facts, missing, engine)
    path, oid = str(found.path()), found.files[0].oid
    # Hashing a file of many gigabytes is a job's work; it is done here only where the store knows it already.
    known = not missing and store.known_sha256(path) == oid
    return ModelSource(
        FileInput(path, oid), _label(found.files[0].name), path, facts, () if known else (fetch,), missing
    )


def _fetch(found: Resolved) -> Job:
    from lab_app.hub import download

    return download.pinned_job(found.files, found.reference.revision or "main")


def _merged(found: Resolved, fetch: Job, facts: checks.Facts, missing: int, engine: str) -> ModelSource:
    """The parts of a split model are merged: what quantizes takes one file. Both jobs are found by their keys."""
    from lab_app.gguf import parts, split
    from lab_app.hub import download

    names = [file.name for file in found.files]
    roles = download.roles(names)
    first = parts.part_name(names[0])
    stem = first.stem if first else _label(names[0])
    job = split.merge_parts([ArtifactInput(fetch.key, roles[name]) for name in names], stem, engine=engine)
    return ModelSource(ArtifactInput(job.key, "model"), stem, "", facts, (fetch, job), missing, found.size)


def _header_facts(found: Resolved) -> checks.Facts:
    if not found.missing:
        return checks.facts(found.path())
    from lab_app.hub import remote_gguf

    return checks.facts_of(remote_gguf.header(found.files))

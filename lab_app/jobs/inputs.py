"""What a job works on: files it was planned with, and files that earlier jobs made."""

from __future__ import annotations

from lab_app.jobs.context import InputFile
from lab_app.jobs.job import ArtifactInput, FileInput, Job
from lab_app.store import Store
from lab_app.system.errors import IntegrityError, UsageError


def artifact(store: Store, item: ArtifactInput) -> InputFile | None:
    """The artifact when its maker is done and the file still is what it was."""
    for record in store.artifacts(item.job_key):
        if record.role == item.role and store.intact(record):
            return InputFile(record.path, record.sha256, record.meta)
    return None


def resolve(store: Store, job: Job) -> dict[str, InputFile]:
    """Role → file of every input. Raises IntegrityError or UsageError when one is not there or not what was planned."""
    resolved = {}
    for role, item in job.inputs.items():
        if isinstance(item, FileInput):
            try:
                digest = store.file_sha256(item.path)
            except OSError as error:
                raise UsageError(
                    f"The file {item.path} cannot be read: {error.strerror or error}.", "Check the path."
                ) from error
            if digest != item.sha256:
                raise IntegrityError(
                    f"The file {item.path} is not the one that was planned with (its content changed).",
                    "Run again to plan with the file as it is now.",
                )
            resolved[role] = InputFile(item.path, item.sha256)
        else:
            found = artifact(store, item)
            if found is None:
                raise IntegrityError(
                    f"A file that an earlier job made ({item.role}) is missing or was changed.",
                    "Run again: it will be made anew.",
                )
            resolved[role] = found
    return resolved

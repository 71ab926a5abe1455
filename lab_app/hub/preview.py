"""A model on the hub looked at without downloading it: its header, and whether this llama.cpp runs it.

The job ``preview`` reads the headers of all parts by range requests into sparse files, inspects them as it would
the model itself, and lets llama.cpp load everything but the weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from lab_app.hub import cache, remote_gguf, repo
from lab_app.hub.control import Control, Limits
from lab_app.hub.source import RemoteFile
from lab_app.jobs.context import JobContext
from lab_app.jobs.job import Job, Slot
from lab_app.system import secrets
from lab_app.system.errors import IntegrityError, LabError, UsageError

NOTHING = "Nothing was downloaded."


def job(files: Sequence[RemoteFile], engine: str) -> Job:
    """``files``: all parts of one GGUF model. engine: identity of the native engine, whose word the result is."""
    first = files[0]
    params = {
        "repo": first.repo,
        "commit": first.commit,
        "files": [[file.name, file.size, file.oid] for file in files],
    }
    return Job(
        "preview", params, engine=engine, slot=Slot.NET, title=f"look at {first.name} of {first.repo}",
        hints=secrets.hand_over(),
    )  # fmt: skip


def run(context: JobContext) -> Mapping[str, Any]:
    """Job handler. Values: ``runs``; ``problem`` (message, hint), None where it runs; ``inspection``
    (:class:`lab_app.gguf.inspect.Inspection` as JSON), None where the header itself is refused."""
    secrets.adopt(context.hints)
    params = context.params
    control = Control(context.cancelled)
    limits = Limits(**dict(context.hints.get("limits") or {}))
    files = [RemoteFile(params["repo"], params["commit"], *file) for file in params["files"]]
    try:
        with remote_gguf.laid_out(files, context.work_dir, limits, control) as path:
            from lab_app.engines import llama_trial
            from lab_app.gguf import inspect

            inspection = inspect.inspect(path).to_json()
            problem = llama_trial.refusal(path)
    except IntegrityError as error:
        return {"runs": False, "problem": {"message": error.message, "hint": error.hint}, "inspection": None}
    told = {"message": problem.message, "hint": problem.hint} if problem else None
    inspection["paths"] = [PurePosixPath(file.name).name for file in files]
    return {"runs": problem is None, "problem": told, "inspection": inspection}


def check(files: Sequence[RemoteFile], folder: Path, limits: Limits, control: Control) -> None:
    """Before a download: does this llama.cpp run the GGUF models among ``files``? Says nothing where there is no
    native engine to ask, of files that are no models (projectors, adapters, importance matrices), and of those that
    are here already, wholly or in part. Raises UsageError, IntegrityError, Cancelled."""
    for group in repo.group(repo.Listing(files[0].repo, files[0].commit, tuple(files))):
        if group.format != "gguf" or group.projector or not group.complete or any(map(_begun, group.files)):
            continue
        try:
            with remote_gguf.laid_out(group.files, folder, limits, control) as path:
                problem = _problem(path)
        except IntegrityError as error:
            problem = error
        if problem is not None:
            hint = f"{problem.hint} {NOTHING}" if problem.hint else NOTHING
            raise type(problem)(problem.message, hint)


def _begun(file: RemoteFile) -> bool:
    place = cache.RepoCache.of(file.repo)
    return place.blob(file.oid).exists() or place.journal(file.oid).exists()


def _problem(path: Path) -> LabError | None:
    from lab_app.gguf import parts
    from lab_app.system import native

    kind = parts.read_model(path).header.metadata.get("general.type", "model")
    try:
        native.manifest()
    except LabError:
        return None
    if kind != "model":
        return None
    from lab_app.engines import llama_trial

    problem = llama_trial.refusal(path)
    return problem if isinstance(problem, UsageError | IntegrityError) else None

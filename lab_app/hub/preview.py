"""A model on the hub looked at without downloading it: its header, and whether this llama.cpp runs it.

The job ``preview`` reads the headers of all parts by range requests into sparse files, inspects them as it would
the model itself, and lets llama.cpp load everything but the weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from lab_app.hub import cache, remote_gguf
from lab_app.hub.control import Control, Limits
from lab_app.hub.source import RemoteFile
from lab_app.jobs.context import JobContext
from lab_app.jobs.job import Job, Slot
from lab_app.system import secrets
from lab_app.system.errors import IntegrityError


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
    from lab_app.engines import llama_trial
    from lab_app.gguf import inspect

    secrets.adopt(context.hints)
    params = context.params
    control = Control(context.cancelled)
    limits = Limits(**dict(context.hints.get("limits") or {}))
    paths: list[Path] = []
    try:
        for name, size, oid in params["files"]:
            cache.checked_name(name)
            file = RemoteFile(params["repo"], params["commit"], name, size, oid)
            context.progress(len(paths), len(params["files"]), f"reading the header of {name}")
            path = context.work_dir / PurePosixPath(name).name
            paths.append(path)
            try:
                remote_gguf.lay_out(file, path, limits, control)
            except IntegrityError as error:
                return _values(error.message, error.hint, None)
        inspection = {**inspect.inspect(paths[0]).to_json(), "paths": [path.name for path in paths]}
        problem = llama_trial.refusal(paths[0])
        return (
            _values(problem.message, problem.hint, inspection) if problem else _values(None, None, inspection)
        )
    finally:
        for path in paths:
            path.unlink(missing_ok=True)


def _values(message: str | None, hint: str | None, inspection: Mapping[str, Any] | None) -> Mapping[str, Any]:
    problem = {"message": message, "hint": hint} if message else None
    return {"runs": problem is None, "problem": problem, "inspection": inspection}

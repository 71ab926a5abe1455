"""What the parent knows about how a result came to be; the worker's own words stand above it."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from lab_app import __version__
from lab_app.jobs.events import Result
from lab_app.system import host, native
from lab_app.system.errors import LabError

if TYPE_CHECKING:
    from lab_app.jobs.active import ActiveJob


def of(active: ActiveJob, result: Result) -> dict[str, Any]:
    """Stored with the result: program, engine build, machine, inputs with their sha256, attempt and times in
    seconds, and whatever the handler added (engine settings, threads, batch, seed, template)."""
    known: dict[str, Any] = {
        "lab_version": __version__,
        "engine": active.job.engine,
        "native": _native(),
        "host": host.info(),
        "inputs": {role: asdict(item) for role, item in active.inputs.items()},
        "attempt": active.number,
        "seconds": round(time.monotonic() - active.since - active.paused_seconds, 3),
        "paused_seconds": round(active.paused_seconds, 3),
    }
    return {**known, **(active.started.provenance if active.started else {}), **result.provenance}


def _native() -> dict[str, Any] | None:
    try:
        built = native.manifest()
    except (LabError, OSError):
        return None
    return {
        "commit": built.commit,
        "version": built.version,
        "variant": built.variant,
        "flags": built.flags,
        "compiler": built.compiler,
        "platform": built.platform,
    }

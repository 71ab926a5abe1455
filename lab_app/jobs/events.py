"""What a worker says, as JSON lines: Started, Progress, Sample, Artifact, Result, Failure.

Live plots, console, store and report all consume this one stream.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from lab_app.store.records import ArtifactRecord, Sample


@dataclass(frozen=True, slots=True)
class Started:
    """First event of an attempt. ``provenance`` says what ran: versions, backend, threads, host."""

    pid: int
    provenance: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` ``unit`` (total None: unknown); ``message`` names the current step."""

    done: float
    total: float | None = None
    unit: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A finished file, already under its final name."""

    record: ArtifactRecord


@dataclass(frozen=True, slots=True)
class Result:
    """Last event of a job that succeeded. Everything in ``values`` is JSON."""

    values: Mapping[str, Any]
    provenance: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """Last event of a job that did not succeed.

    ``exit_code`` is a :class:`lab_app.system.errors.ExitCode`; ``detail`` (native message,
    traceback) is for the log, never for the sentence the user sees.
    """

    message: str
    hint: str | None = None
    exit_code: int = 3
    detail: str = ""


Event = Started | Progress | Sample | Artifact | Result | Failure

_BY_NAME: dict[str, type[Any]] = {
    cls.__name__: cls for cls in (Started, Progress, Sample, Artifact, Result, Failure)
}


def encode(event: Event) -> str:
    """One line of JSON, without the newline. NaN and infinities are refused (ValueError)."""
    body = asdict(event)
    return json.dumps(
        {"event": type(event).__name__, **body}, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )


def decode(line: str) -> Event:
    """Inverse of :func:`encode`. Raises ValueError for anything that is not an event line."""
    try:
        body = json.loads(line)
        cls = _BY_NAME[body.pop("event")]
        if cls is Artifact:
            return Artifact(ArtifactRecord(**body["record"]))
        event: Event = cls(**body)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"not an event: {line[:200]!r}") from error
    return event

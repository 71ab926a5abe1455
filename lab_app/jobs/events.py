"""What a worker says, as JSON lines: Started, Progress, Sample, Artifact, Result, Failure.

Live plots, console, store and report all consume this one stream.
"""

from __future__ import annotations

import json
import math
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
    # Not asdict(), which copies deeply: payloads are large and many.
    body = {"event": type(event).__name__, **{name: getattr(event, name) for name in event.__slots__}}
    if isinstance(event, Artifact):
        body["record"] = asdict(event.record)
    line = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        line.encode()
    except UnicodeEncodeError:  # a lone surrogate, from a file name or a cut text
        line = json.dumps(body, allow_nan=False, separators=(",", ":"))
    return line


def decode(line: str) -> Event:
    """Inverse of :func:`encode`. Raises ValueError for anything that is not an event line, so that nothing
    a worker says can bring the store or a subscriber into trouble."""
    try:
        body = json.loads(line)
        cls = _BY_NAME[body.pop("event")]
        if cls is Artifact:
            body = {"record": ArtifactRecord(**body["record"])}
        event: Event = cls(**body)
        if _sound(event):
            return event
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise ValueError(f"not an event: {line[:200]!r}") from error
    raise ValueError(f"not an event: {line[:200]!r}")


def _sound(event: Event) -> bool:
    match event:
        case Sample(series, x, y, lo, hi, n, payload):
            return (
                _text(series)
                and (_number(x) or _text(x))
                and _number(y)
                and (lo is None or _number(lo))
                and (hi is None or _number(hi))
                and (n is None or _whole(n))
                and (payload is None or isinstance(payload, dict))
            )
        case Progress(done, total, unit, message):
            return _number(done) and (total is None or _number(total)) and _text(unit) and _text(message)
        case Artifact(record):
            texts = (record.role, record.path, record.sha256)
            return all(map(_text, texts)) and _whole(record.size) and isinstance(record.meta, dict)
        case Started(pid, provenance):
            return _whole(pid) and isinstance(provenance, dict)
        case Result(values, provenance):
            return isinstance(values, dict) and isinstance(provenance, dict)
        case Failure(message, hint, exit_code, detail):
            return (
                _text(message)
                and (hint is None or _text(hint))
                and _whole(exit_code)
                and isinstance(detail, str)
            )


def _text(value: object) -> bool:
    """A string that can be written as UTF-8 (raises UnicodeEncodeError, a ValueError, otherwise)."""
    return isinstance(value, str) and value.encode() is not None


def _number(value: object) -> bool:
    return (type(value) is float and math.isfinite(value)) or _whole(value)


def _whole(value: object) -> bool:
    """An integer that SQLite can hold."""
    return type(value) is int and -(2**63) <= value < 2**63

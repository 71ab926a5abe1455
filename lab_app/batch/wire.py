"""What ``--json`` writes to standard output: one JSON object a line, described by these dataclasses.

docs/EVENTS.md is made from them (``python -m lab_app.batch.wire``) and a test compares the two. What a
worker says (``progress``, ``sample`` …) is defined in :mod:`lab_app.jobs.events`; the line adds ``job``
and ``time``.
"""

from __future__ import annotations

import inspect
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, TextIO, get_type_hints

from lab_app.jobs.events import Artifact, Event, Failure, Progress, Result, Started
from lab_app.store.records import Sample


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """One job of a plan. ``state`` is ``done`` (found in the store) or ``to do``. ``bytes``: predicted
    size of the file it makes, exact for quantized models, null where it makes none or nothing is known."""

    key: str
    kind: str
    title: str
    state: str
    bytes: int | None = None


@dataclass(frozen=True, slots=True)
class HashingLine:
    """A large file that is new here is read for its checksum: ``done`` of ``total`` bytes. Comes before ``plan``,
    once for every 256 MiB and at the end of the file."""

    path: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What will be done. ``sizes``: exact size in bytes and
    bits per weight by quant type. ``disk_needed``: bytes still to be written; ``disk_free``: bytes there are.
    ``out``: folder of the report. ``notes``: sentences for people."""

    study: str
    study_id: str
    jobs: Sequence[PlannedJob]
    variants: Sequence[str]
    sizes: Mapping[str, Mapping[str, Any]]
    disk_needed: int
    disk_free: int
    out: str
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class StateLine:
    """A job changed its state: ``queued``, ``running``, ``paused``, ``done``, ``failed``, ``blocked``,
    ``cancelled``. ``message`` and ``hint`` say why, where there is a reason."""

    job: str
    title: str
    state: str
    message: str = ""
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class ReportLine:
    """The report is written. ``verdict``: its sentences. ``files``: paths of its forms.
    ``thresholds``: what was asked, what was found, whether it holds."""

    folder: str
    files: Sequence[str]
    verdict: Sequence[str] = ()
    thresholds: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that did not succeed, with the sentence that says why. ``blocked``: it never ran, because one it needs
    failed."""

    job: str
    title: str
    message: str
    hint: str | None
    exit_code: int
    blocked: bool


@dataclass(frozen=True, slots=True)
class FinishedLine:
    """Last line of a run. ``failed``: jobs that did not succeed, in the order of the plan. ``seconds``: wall time
    of this run."""

    exit_code: int
    seconds: float
    ran: int
    found: int
    failed: Sequence[FailedJob] = ()


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """The request could not be carried out; nothing follows."""

    message: str
    hint: str | None
    exit_code: int


LINES: dict[str, type[Any]] = {
    "hashing": HashingLine,
    "plan": PlanLine,
    "state": StateLine,
    "started": Started,
    "progress": Progress,
    "sample": Sample,
    "artifact": Artifact,
    "result": Result,
    "failure": Failure,
    "report": ReportLine,
    "finished": FinishedLine,
    "error": ErrorLine,
}
"""Value of the key ``event`` → what else stands in the line."""
_NAMES = {cls: name for name, cls in LINES.items()}
_HIDDEN: dict[type[Any], tuple[str, ...]] = {Sample: ("payload",), Failure: ("detail",)}
_ENTRIES: dict[str, tuple[str, type[Any]]] = {"plan": ("jobs", PlannedJob), "finished": ("failed", FailedJob)}
OF_JOBS = frozenset({"started", "progress", "sample", "artifact", "result", "failure"})


def line(item: Any, job: str | None = None) -> str:
    """One line of JSON without the newline. The payload of samples (texts, arrays) stays in the store."""
    hidden = _HIDDEN.get(type(item), ())
    # Not asdict() of the whole, which copies deeply: payloads are large and many.
    body = {part.name: getattr(item, part.name) for part in fields(item) if part.name not in hidden}
    if isinstance(item, Artifact):
        body["record"] = asdict(item.record)
    elif isinstance(item, PlanLine):
        body["jobs"] = [asdict(job) for job in item.jobs]
    elif isinstance(item, FinishedLine):
        body["failed"] = [asdict(job) for job in item.failed]
    head: dict[str, Any] = {"event": _NAMES[type(item)], "time": round(time.time(), 3)}
    if job is not None:
        head["job"] = job
    return json.dumps({**head, **body}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def write(stream: TextIO, item: Any, job: str | None = None) -> None:
    stream.write(line(item, job) + "\n")
    stream.flush()


def of_job(event: Event) -> bool:
    return _NAMES.get(type(event)) in OF_JOBS


_PREAMBLE = """\
# Events of `odyssey-lab --batch STUDY.toml --json`

One JSON object a line on standard output and nothing else there; text for people goes to standard error.
Every line has `event` (its name) and `time` (seconds since 1970, UTC); lines about a job have `job` (its
content key, which names the same work in every run). More keys may come; none changes its meaning. Made
from `lab_app/batch/wire.py`; do not edit.

A run writes `plan`, then `state` and lines of jobs, then `report` and `finished`. A dry run ends with `plan`.
Before it stand `hashing` lines where large files are new. Where the request is wrong, `error` is the last line."""


def document() -> str:
    """docs/EVENTS.md."""
    parts = [_PREAMBLE]
    for name, cls in LINES.items():
        text = _text(cls)
        parts += ["", f"## `{name}`", "", text, "", "| key | type |", "|---|---|"]
        if name in OF_JOBS:
            parts.append("| `job` | str |")
        hidden = _HIDDEN.get(cls, ())
        hints = get_type_hints(cls)
        shown = [item.name for item in fields(cls) if item.name not in hidden]
        parts += [f"| `{key}` | {_type(hints[key])} |" for key in shown]
        if name in _ENTRIES:
            key, entry = _ENTRIES[name]
            inner = get_type_hints(entry)
            parts += ["", f"Each entry of `{key}`: {_text(entry)}", "", "| key | type |", "|---|---|"]
            parts += [f"| `{item.name}` | {_type(inner[item.name])} |" for item in fields(entry)]
    return "\n".join(parts) + "\n"


def _text(cls: type[Any]) -> str:
    return " ".join(inspect.cleandoc(cls.__doc__ or "").split()).replace("``", "`")


def _type(hint: Any) -> str:
    plain = isinstance(hint, type) and not getattr(hint, "__args__", ())
    text = hint.__name__ if plain else str(hint)
    for prefix in (
        "collections.abc.",
        "typing.",
        "lab_app.batch.wire.",
        "lab_app.store.records.",
        "__main__.",
    ):
        text = text.replace(prefix, "")
    return text.replace("|", "or").replace("Sequence", "list").replace("Mapping", "object")


if __name__ == "__main__":
    print(document(), end="")

"""What a run leaves: tables of the plan and of failures, the report under its folder, the verdict."""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import TextIO

from lab_app.batch import wire
from lab_app.jobs.job import Job
from lab_app.jobs.states import JobState
from lab_app.reports.job import FIGURES, FILES
from lab_app.store import Store
from lab_app.studies.plan import Plan
from lab_app.system.errors import BY_EXIT_CODE, JobFailedError, LabError, ResourceError, UsageError
from lab_app.system.saving import save
from lab_app.system.units import size


def failures(plan: Plan, store: Store, states: Mapping[str, JobState]) -> list[wire.FailedJob]:
    """Failed and blocked jobs in the order of the plan."""
    found = []
    for job in plan.jobs:
        state = states.get(job.key)
        if state not in (JobState.FAILED, JobState.BLOCKED):
            continue
        row = store.job(job.key)
        failure = row.failure if row is not None and row.failure and state is JobState.FAILED else None
        if failure is None:
            failure = {"message": "Not started, because a job it needs failed.", "hint": None, "exit_code": 3}
        found.append(
            wire.FailedJob(
                job.key, job.title, str(failure["message"]), failure.get("hint"),
                int(failure.get("exit_code", 3)), state is JobState.BLOCKED,
            )
        )  # fmt: skip
    return found


def error_of(job: Job, store: Store) -> LabError:
    """The stored failure of a job as an exception."""
    row = store.job(job.key)
    failure = (row.failure if row is not None else None) or {"message": f"{job.title} failed."}
    kind = BY_EXIT_CODE.get(int(failure.get("exit_code", 3)), JobFailedError)
    return kind(str(failure["message"]), failure.get("hint"))


def check_place(out: Path) -> None:
    """Raises UsageError where :func:`deliver` could not put a report, so that it is said before the work, and
    ResourceError where it would not be allowed to."""
    try:
        taken = bool(out.lstat()) and not out.is_dir()
    except FileNotFoundError:
        taken = False
    except (OSError, ValueError) as error:  # e.g. a name too long: said before the work, not after it
        why = error.strerror if isinstance(error, OSError) else None
        raise UsageError(
            f"The report cannot be written to {out}: {why or error}.",
            "Choose a folder with --out.",
        ) from error
    place = next((folder for folder in (out, *out.absolute().parents) if folder.is_dir()), Path())
    if not os.access(place, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        locked = hasattr(os, "ST_RDONLY") and os.statvfs(place).f_flag & os.ST_RDONLY
        raise ResourceError(
            f"The report cannot be written to {out}: {os.strerror(errno.EROFS if locked else errno.EACCES)}.",
            "Choose a folder with --out.",
        )
    if taken:
        raise UsageError(f"{out} is a file, so no report can be put there.", "Choose a folder with --out.")
    figures = out / FIGURES
    if os.path.lexists(figures) and not figures.is_dir():
        raise UsageError(
            f"{figures} is a file, so no figures can be put there.", "Choose another folder with --out."
        )
    for file in (out / name for name in FILES.values()):
        if file.is_dir():
            raise UsageError(
                f"{file} is a folder, so no report can be put there.", "Choose another folder with --out."
            )


def deliver(plan: Plan, store: Store, out: Path) -> wire.ReportLine:
    """Copy the report into ``out``, file by file and each at once. Raises ResourceError."""
    files = []
    hint = "Everything is measured and stored; run again with another --out."
    try:
        out.mkdir(parents=True, exist_ok=True)
        for artifact in store.artifacts(plan.report.key):
            source = Path(artifact.path)
            target = out / str(artifact.meta.get("name") or source.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            files.append(str(save(target, source.read_bytes(), hint)))
    except OSError as error:
        raise ResourceError(
            f"The report cannot be written to {out}: {error.strerror or error}.", hint
        ) from error
    row = store.result(plan.report.key)
    values = row.values if row is not None else {}
    verdict = values.get("verdict", ())
    return wire.ReportLine(
        folder=str(out),
        files=sorted(files),
        verdict=[verdict] if isinstance(verdict, str) else list(verdict),
        thresholds=list(values.get("thresholds", ())),
    )


def print_report(report: wire.ReportLine, stream: TextIO) -> None:
    for sentence in report.verdict:
        print(sentence, file=stream)
    for entry in report.thresholds:
        if not entry.get("met", True):
            print(f"Threshold not met: {entry.get('message', entry.get('name'))}", file=stream)
    main = next((name for name in report.files if name.endswith(".html")), report.folder)
    print(f"Report: {main}", file=stream, flush=True)


def print_failures(failed: Sequence[wire.FailedJob], stream: TextIO) -> None:
    rows = [[f.title, f"{f.message} {f.hint}" if f.hint else f.message] for f in failed]
    print(table(["failed", "why"], rows), file=stream)


def print_plan(line: wire.PlanLine, stream: TextIO) -> None:
    """The plan of a dry run as a table."""
    rows = []
    for job in line.jobs:
        bits = ""
        name = job.title.rsplit(" ", 1)[-1]
        if job.kind == "quantize" and name in line.sizes:
            bits = f"{line.sizes[name]['bits_per_weight']:.2f}"
        rows.append([job.title, job.state, f"{job.bytes:,}" if job.bytes is not None else "", bits])
    print(f"{line.study} ({line.study_id})", file=stream)
    print(table(["job", "", "bytes", "bits per weight"], rows, right={2, 3}), file=stream)
    to_do = sum(job.state != "done" for job in line.jobs)
    print(f"{to_do} of {len(line.jobs)} jobs to do.", file=stream)
    print(f"Disk: {size(line.disk_needed)} to be written at most, {size(line.disk_free)} free.", file=stream)
    for note in line.notes:
        print(note, file=stream)
    print(f"The report would go to {line.out}.", file=stream)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Set[int] = frozenset()) -> str:
    """A plain table that stays readable in logs and mails."""
    widths = [max(_width(row[i]) for row in (head, *rows)) for i in range(len(head))]

    def show(row: Sequence[str]) -> str:
        cells = []
        for index, cell in enumerate(row):
            pad = " " * (widths[index] - _width(cell))
            cells.append(pad + cell if index in right else cell + pad)
        return "  ".join(cells).rstrip()

    return "\n".join([show(head), "  ".join("-" * width for width in widths), *(show(row) for row in rows)])

"""The runner's jobs and what they need of each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from lab_app.jobs.job import Job
from lab_app.jobs.states import JobState
from lab_app.store.records import Sample
from lab_app.system.errors import UsageError


@dataclass
class Entry:
    """A job a runner was asked for. ``pending``: samples heard but not committed yet."""

    job: Job
    state: JobState = JobState.QUEUED
    forced: bool = False
    pending: list[Sample] = field(default_factory=list)
    pending_bytes: int = 0
    pending_since: float = 0.0

    @property
    def name(self) -> str:
        return self.job.title or self.job.kind


def makers_first(entries: Collection[Entry]) -> list[Entry]:
    """Makers before users, otherwise as they came. Raises UsageError when jobs need each other in a circle."""
    place = {entry.job.key: index for index, entry in enumerate(entries)}
    by_place = list(entries)
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for index, entry in enumerate(by_place):
        sorter.add(index, *sorted(place[need] for need in entry.job.needs if need in place))
    try:
        return [by_place[index] for index in sorter.static_order()]
    except CycleError as error:
        raise UsageError("The planned jobs need each other in a circle.") from error


def check(jobs: Iterable[Job], known: Collection[str]) -> None:
    """Raises UsageError when jobs need each other in a circle or need one that is not in ``known``."""
    jobs = list(jobs)
    for job in jobs:
        for need in sorted(job.needs):
            if need not in known:
                raise UsageError(
                    f"The job {job.title or job.kind} needs a job that is not planned ({need[:12]})."
                )
    makers_first([Entry(job) for job in jobs])


def culprit(job: Job, entries: Mapping[str, Entry]) -> Entry | None:
    """The job that failed or was cancelled and therefore keeps ``job`` from starting, however far upstream."""
    for need in sorted(job.needs):
        entry = entries.get(need)
        if entry is None or not entry.state.ended or entry.state is JobState.DONE:
            continue
        if entry.state is JobState.BLOCKED:
            return culprit(entry.job, entries) or entry
        return entry
    return None

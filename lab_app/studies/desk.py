"""Studies on their way through a runner that serves many of them: what the window does where ``--batch`` runs one.

A report is written from what there is, also when a job failed, so it is queued once the last other job of its
study has ended, and again after a job that was tried again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from lab_app.jobs.events import Event
from lab_app.jobs.job import Job, Slot
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState, StateChange
from lab_app.store import Store
from lab_app.store.records import StudyRecord
from lab_app.store.store import JobRow
from lab_app.studies import disk
from lab_app.studies.hashing import Tell
from lab_app.studies.load import load_text
from lab_app.studies.plan import Plan, make_plan, report_job
from lab_app.system import native
from lab_app.system.errors import UsageError
from lab_app.system.paths import Folders


@dataclass
class _Running:
    """left: jobs to end before the report is written; stale: they ended while an older report was being written."""

    plan: Plan
    left: set[str]
    stale: bool = False


class Desk:
    """Plans studies, queues their jobs and, at the end, their reports; :meth:`hear` is subscribed to the runner."""

    def __init__(
        self, store: Store, runner: Runner, folders: Folders, queued: Callable[[Job], object] = lambda _: None
    ) -> None:
        """queued: hears of reports once they wait; the runner tells of a job first when it starts."""
        self.store = store
        self.runner = runner
        self.folders = folders
        self._queued = queued
        self.memory_limit = 0
        """Bytes for a worker where a study names no limit; 0 for none."""
        self.language = ""
        """Of reports; English where it is empty."""
        self._running: dict[str, _Running] = {}
        """By study; those whose jobs have all ended, too: one of them may be tried again."""
        self._mutex = threading.Lock()

    def plan(self, toml: str, origin: Path, progress: Tell | None = None) -> Plan:
        """The checked study and its jobs. Reads files and may hash them, of which ``progress`` hears. Raises
        LabError."""
        study = load_text(toml, origin=origin, shown_as=origin.name, folders=self.folders)
        if study.memory is None and self.memory_limit:
            study = study.model_copy(update={"memory": self.memory_limit})
        return make_plan(study, self.store, self.folders, engine=native.engine_id(), progress=progress)

    def start(self, plan: Plan, only: Iterable[str] | None = None) -> str:
        """Queue a study; returns its id. What is finished already is found, not run. Raises ResourceError when
        the disk has no room for it.

        only: keys of the jobs wanted; others run where these need them. The report follows the last of them.
        """
        disk.check(plan, disk.need(plan, self.store, self.folders))
        self.store.save_study(plan.record)
        jobs = plan.jobs[:-1]
        if only is not None:
            wanted = with_needs(plan, only)
            jobs = tuple(job for job in jobs if job.key in wanted)
        with self._mutex:
            before = self._running.get(plan.record.study_id)
            left = {job.key for job in jobs} | (before.left if before is not None else set())
            self._running[plan.record.study_id] = _Running(plan, left)
        self.runner.submit(jobs, force=plan.force - {plan.report.key})
        if not left:  # the report alone is wanted: no job ends that it could follow
            self._queue(report_job(plan.record.study_id, self.folders, language=self.language))
        return plan.record.study_id

    def plan_again(self, study_id: str, progress: Tell | None = None) -> Plan:
        """Plan a study the store knows, from the text it was made of. Raises LabError."""
        record = self.store.study(study_id)
        if record is None:
            raise UsageError("This study is not in the store any more.")
        return self.plan(record.toml, Path(record.source), progress)

    def study_of(self, key: str) -> StudyRecord | None:
        """The newest study that has the job ``key``."""
        return next((record for record in self.store.studies() if key in record.job_keys), None)

    def rebuild(self, key: str) -> Job:
        """A job of no study, from what the store kept of it. Raises UsageError where that is not enough."""
        from lab_app.hub import download

        row = self.store.job(key)
        if row is not None and row.kind == "download":
            job = download.again(row.params)
            if job.key == key:
                return job
        if row is not None and not row.inputs and row.kind == "fetch-demo":
            hints = {"out_dir": str(self.folders.models)}
            return Job(row.kind, row.params, engine=row.engine, slot=Slot.NET, title=row.title, hints=hints)
        raise UsageError("This job belongs to no study.", "Start it again where it was started.")

    def left_waiting(self) -> list[StudyRecord]:
        """Studies with jobs that an earlier run of the program left queued."""
        waiting = {row.key for row in self.store.jobs(limit=100_000) if row.state == "queued"}
        return [record for record in self.store.studies() if waiting.intersection(record.job_keys)]

    def left_downloads(self) -> list[JobRow]:
        """Queued ones of no study, oldest first: what :meth:`rebuild` can begin again."""
        studied = {key for record in self.store.studies() for key in record.job_keys}
        rows = reversed(self.store.jobs(limit=100_000))
        return [
            row for row in rows
            if row.state == "queued" and row.kind in ("download", "fetch-demo") and row.key not in studied
        ]  # fmt: skip

    def hear(self, job: Job, event: Event | StateChange) -> None:
        """A subscriber of the runner."""
        if not isinstance(event, StateChange):
            return
        if job.kind == "import" and event.state is JobState.DONE:
            self._remember(job)
        with self._mutex:
            for running in self._running.values():
                self._follow(running, event)

    def _remember(self, job: Job) -> None:
        """The worker has looked at a file that is imported; the store is this process's to write."""
        from lab_app.gguf import keep

        result = self.store.result(job.key)
        if result is not None:
            keep.remember(self.store, result.values)

    def _follow(self, running: _Running, change: StateChange) -> None:
        report = report_job(running.plan.record.study_id, self.folders, language=self.language)
        if change.key == report.key and change.state.ended and running.stale:
            running.stale = False
            self._queue(report)
        if change.key not in {item.key for item in running.plan.jobs[:-1]}:
            return
        if not change.state.ended:
            running.left.add(change.key)
        elif change.key in running.left:
            running.left.discard(change.key)
            if not running.left:
                state = self.runner.states().get(report.key)
                running.stale = state is not None and not state.ended
                if not running.stale:
                    self._queue(report)

    def _queue(self, report: Job) -> None:
        self.runner.submit([report], force={report.key})
        self._queued(report)


def with_needs(plan: Plan, keys: Iterable[str]) -> set[str]:
    """``keys`` and every job of ``plan`` they need, however far upstream."""
    by_key = {job.key: job for job in plan.jobs}
    wanted: set[str] = set()
    queue = list(keys)
    while queue:
        key = queue.pop()
        if key in wanted or key not in by_key:
            continue
        wanted.add(key)
        queue.extend(by_key[key].needs)
    return wanted

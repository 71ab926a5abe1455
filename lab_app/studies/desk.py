"""Studies on their way through a runner that serves many of them: what the window does where ``--batch`` runs one.

A report is written from what there is, also when a job failed, so it is queued once the last other job of its
study has ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lab_app.jobs.events import Event
from lab_app.jobs.job import Job
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import StateChange
from lab_app.store import Store
from lab_app.store.records import StudyRecord
from lab_app.studies.load import load_text
from lab_app.studies.plan import Plan, make_plan
from lab_app.system import native
from lab_app.system.errors import UsageError
from lab_app.system.paths import Folders


@dataclass
class _Running:
    plan: Plan
    left: set[str]


class Desk:
    """Plans studies, queues their jobs and, at the end, their reports; :meth:`hear` is subscribed to the runner."""

    def __init__(self, store: Store, runner: Runner, folders: Folders) -> None:
        self.store = store
        self.runner = runner
        self.folders = folders
        self._running: dict[str, _Running] = {}

    def plan(self, toml: str, origin: Path) -> Plan:
        """The checked study and its jobs. Reads files and may hash them. Raises LabError."""
        study = load_text(toml, origin=origin, shown_as=origin.name, folders=self.folders)
        return make_plan(study, self.store, self.folders, engine=native.engine_id())

    def start(self, plan: Plan, only: Iterable[str] | None = None) -> str:
        """Queue a study; returns its id. What is finished already is found, not run.

        only: keys of the jobs wanted; others run where these need them, and no report follows.
        """
        self.store.save_study(plan.record)
        jobs = plan.jobs[:-1]
        if only is not None:
            wanted = with_needs(plan, only)
            jobs = tuple(job for job in jobs if job.key in wanted)
            self.runner.submit(jobs, force=plan.force - {plan.report.key})
            return plan.record.study_id
        self._running[plan.record.study_id] = _Running(plan, {job.key for job in jobs})
        self.runner.submit(jobs, force=plan.force - {plan.report.key})
        return plan.record.study_id

    def plan_again(self, study_id: str) -> Plan:
        """Plan a study the store knows, from the text it was made of. Raises LabError."""
        record = self.store.study(study_id)
        if record is None:
            raise UsageError("This study is not in the store any more.")
        return self.plan(record.toml, Path(record.source))

    def study_of(self, key: str) -> StudyRecord | None:
        """The newest study that has the job ``key``."""
        return next((record for record in self.store.studies() if key in record.job_keys), None)

    def left_waiting(self) -> list[StudyRecord]:
        """Studies with jobs that an earlier run of the program left queued."""
        waiting = {row.key for row in self.store.jobs(limit=100_000) if row.state == "queued"}
        return [record for record in self.store.studies() if waiting.intersection(record.job_keys)]

    def hear(self, job: Job, event: Event | StateChange) -> None:
        """A subscriber of the runner."""
        if not isinstance(event, StateChange):
            return
        for study_id, running in list(self._running.items()):
            if event.key not in {item.key for item in running.plan.jobs[:-1]}:
                continue
            if not event.state.ended:
                running.left.add(event.key)
                continue
            running.left.discard(event.key)
            if not running.left:
                report = running.plan.report
                del self._running[study_id]
                self.runner.submit([report], force={report.key})


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

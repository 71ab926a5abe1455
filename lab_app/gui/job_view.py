"""A job as the window knows it: its state, how far it is, and how long it will still take."""

from __future__ import annotations

import time
from dataclasses import dataclass

from lab_app.jobs import titles
from lab_app.jobs.events import Progress
from lab_app.jobs.job import Job
from lab_app.jobs.states import JobState, StateChange


@dataclass
class JobView:
    """A job of this session as the window knows it; changed by :class:`~lab_app.gui.bridge.Lab` in the GUI thread only.

    since: monotonic time at which it started to run; ran: seconds it took, once it has ended.
    paused: seconds it stood still; paused_at: monotonic time at which it was paused, while it is.
    first: seconds of work and part done at the first progress of this attempt, which may go on after an earlier one.
    """

    job: Job
    state: JobState = JobState.QUEUED
    message: str = ""
    hint: str | None = None
    exit_code: int = 0
    progress: Progress | None = None
    pid: int | None = None
    since: float | None = None
    ran: float | None = None
    paused: float = 0.0
    paused_at: float | None = None
    first: tuple[float, float] | None = None

    @property
    def title(self) -> str:
        return titles.shown(self.job.title or self.job.kind)

    @property
    def fraction(self) -> float | None:
        """Part that is done, in [0, 1]; None while unknown."""
        if self.state is JobState.DONE:
            return 1.0
        if self.progress is None or not self.progress.total:
            return None
        return min(max(self.progress.done / self.progress.total, 0.0), 1.0)

    def worked(self) -> float:
        """Seconds of work in this attempt; pauses are none."""
        if self.since is None:
            return 0.0
        now = time.monotonic() if self.paused_at is None else self.paused_at
        return now - self.since - self.paused

    def take(self, progress: Progress) -> None:
        """Note how far the job is."""
        self.progress = progress
        part = self.fraction
        if part is not None and (self.first is None or part < self.first[1]):
            self.first = (self.worked(), part)

    def seconds_left(self) -> float | None:
        """From the part done in this attempt and the work it took; None while too little is known."""
        part = self.fraction
        if self.first is None or part is None or part - self.first[1] < 0.02:
            return None
        return (self.worked() - self.first[0]) / (part - self.first[1]) * (1.0 - part)

    def change(self, job: Job, change: StateChange) -> None:
        """Take over a new state. job: it itself, which another study may have planned with other hints."""
        self.job = job
        now = time.monotonic()
        if self.paused_at is not None:
            self.paused, self.paused_at = self.paused + now - self.paused_at, None
        if change.state is JobState.PAUSED:
            self.paused_at = now
        if change.state is JobState.QUEUED or (change.state is JobState.RUNNING and self.state.ended):
            self.progress, self.pid, self.since, self.ran = None, None, None, None
            self.paused, self.first = 0.0, None
        if change.state is JobState.RUNNING and self.since is None:
            self.since = now
        elif change.state.ended:
            self.ran = now - self.since if self.since is not None else None
            self.pid = None
        self.state, self.message = change.state, change.message
        self.hint, self.exit_code = change.hint, change.exit_code

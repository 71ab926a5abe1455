"""States of a job while a runner holds it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    BLOCKED = "blocked"
    """A job it needs has failed or was cancelled."""
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self in (JobState.DONE, JobState.FAILED, JobState.BLOCKED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class StateChange:
    """What subscribers hear besides a worker's own events.

    message: why, in one sentence (a failure's reason, what a blocked job waits for); "found" for a job
             whose result was in the store already.
    hint:    what to do about it.
    """

    key: str
    state: JobState
    message: str = ""
    hint: str | None = None
    exit_code: int = 0

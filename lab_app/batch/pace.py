"""How much longer: durations seen in this run stand for those to come."""

from __future__ import annotations

import time
from collections.abc import Iterable

from lab_app.jobs.job import Job

_GUESS = {
    "fetch-demo": 5.0, "download": 20.0, "convert": 15.0, "predict": 0.5, "imatrix": 20.0, "quantize": 5.0,
    "probe": 20.0, "report": 5.0,
}  # fmt: skip
"""Relative weights of kinds until one of a kind has finished."""


class Pace:
    """Estimates the time left of a run from the jobs that have ended in it."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._left = {job.key: job for job in jobs}
        self._since: dict[str, float] = {}
        self._seen: dict[str, list[float]] = {}
        self._fraction: dict[str, float] = {}
        self._first: dict[str, tuple[float, float]] = {}
        """When the first progress came and how far the job was: one that is resumed begins where it had stopped."""
        self._guessed = 0.0
        self._measured = 0.0

    @staticmethod
    def _label(job: Job) -> str:
        return f"{job.kind}:{job.params.get('probe', '')}"

    def started(self, job: Job) -> None:
        self._since[job.key] = time.monotonic()

    def progressed(self, job: Job, fraction: float) -> None:
        self._fraction[job.key] = part = min(max(fraction, 0.0), 1.0)
        if job.key not in self._first or part < self._first[job.key][1]:
            self._first[job.key] = (time.monotonic(), part)

    def ended(self, job: Job) -> None:
        began = self._since.pop(job.key, None)
        self._fraction.pop(job.key, None)
        self._first.pop(job.key, None)
        if self._left.pop(job.key, None) is None or began is None:
            return
        seconds = time.monotonic() - began
        self._seen.setdefault(self._label(job), []).append(seconds)
        self._guessed += _GUESS.get(job.kind, 10.0)
        self._measured += seconds

    def _expected(self, job: Job) -> float:
        seen = self._seen.get(self._label(job))
        if seen:
            return sum(seen) / len(seen)
        scale = self._measured / self._guessed if self._guessed else 1.0
        return _GUESS.get(job.kind, 10.0) * scale

    def seconds_left(self) -> float | None:
        """None until a job has ended and something is known."""
        if not self._seen:
            return None
        left = 0.0
        for key, job in self._left.items():
            began = self._since.get(key)
            if began is None:
                left += self._expected(job)
                continue
            now, fraction = time.monotonic(), self._fraction.get(key, 0.0)
            since, at = self._first.get(key, (began, 0.0))
            if fraction - at > 0.05:
                left += (now - since) / (fraction - at) * (1 - fraction)
            else:
                left += max(0.0, self._expected(job) * (1 - at) - (now - began))
        return left


def clock(seconds: float | None) -> str:
    """``1:05`` or ``2:00:05``; ``–:––`` where nothing is known."""
    if seconds is None:
        return "–:––"
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"

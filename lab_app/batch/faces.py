"""How a run shows itself: bars on a terminal, plain lines elsewhere, JSON lines for programs.

A face hears what the runner tells its subscribers, in the thread of the run. Everything a face says goes to
standard error, except JSON lines.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Protocol

from lab_app.batch import wire
from lab_app.batch.pace import Pace, clock
from lab_app.jobs.events import Event, Failure, Progress
from lab_app.jobs.job import Job
from lab_app.jobs.states import JobState, StateChange
from lab_app.system.terminal import is_terminal, wants_color

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress


class Face(Protocol):
    def hear(self, job: Job, event: Event | StateChange) -> None: ...

    def say(self, text: str) -> None:
        """A sentence for people while work goes on."""
        ...

    def close(self) -> None: ...


def make(pace: Pace, total: int, *, as_json: bool) -> Face:
    """The face that fits this run's streams."""
    lower: Face
    if is_terminal(sys.stderr):
        lower = RichFace(pace, total)
    else:
        lower = PlainFace(pace, total)
    return JsonFace(lower) if as_json else lower


class JsonFace:
    """JSON lines on standard output, beside another face on standard error."""

    def __init__(self, people: Face) -> None:
        self._people = people

    def hear(self, job: Job, event: Event | StateChange) -> None:
        self._people.hear(job, event)
        if isinstance(event, StateChange):
            change = wire.StateLine(job.key, job.title, str(event.state), event.message, event.hint)
            wire.write(sys.stdout, change)
        else:
            wire.write(sys.stdout, event, job.key)

    def say(self, text: str) -> None:
        self._people.say(text)

    def close(self) -> None:
        self._people.close()


class PlainFace:
    """One line when a job starts and ends, and one every ``interval`` seconds in between."""

    interval = 15.0

    def __init__(self, pace: Pace, total: int) -> None:
        self._pace = pace
        self._total = total
        self._ended = 0
        self._since: dict[str, float] = {}
        self._said: dict[str, float] = {}

    def say(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def close(self) -> None:
        return

    def hear(self, job: Job, event: Event | StateChange) -> None:
        if isinstance(event, StateChange):
            self._change(job, event)
        elif isinstance(event, Progress):
            self._progress(job, event)

    def _progress(self, job: Job, event: Progress) -> None:
        fraction = event.done / event.total if event.total else None
        if fraction is not None:
            self._pace.progressed(job, fraction)
        now = time.monotonic()
        if now - self._said.get(job.key, now) < self.interval:
            return
        self._said[job.key] = now
        percent = f"{100 * fraction:.0f} %" if fraction is not None else "…"
        left = clock(self._pace.seconds_left())
        self.say(f"        {job.title}: {percent} {event.message} ({left} left)")

    def _change(self, job: Job, change: StateChange) -> None:
        if change.state is JobState.RUNNING and job.key not in self._since:
            self._since[job.key] = self._said[job.key] = time.monotonic()
            self._pace.started(job)
            self.say(f"[{self._ended + 1:>2}/{self._total}] {job.title}")
        elif change.state.ended and change.message != "found":
            self._pace.ended(job)
            self._ended += 1
            seconds = time.monotonic() - self._since.pop(job.key, time.monotonic())
            if change.state is JobState.DONE:
                self.say(f"        done in {seconds:.1f} s ({clock(self._pace.seconds_left())} left)")
            else:
                self.say(f"        {change.state}: {job.title}: {change.message}")
                if change.hint:
                    self.say(f"        {change.hint}")


def bars() -> RichProgress:
    """Bars on standard error that leave nothing behind; tasks have a field ``note``."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=28),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[note]}", markup=False),
        console=Console(stderr=True, highlight=False, no_color=not wants_color(sys.stderr)),
        transient=True,
    )


class RichFace:
    """A bar for each running job and one for everything."""

    def __init__(self, pace: Pace, total: int) -> None:
        self._pace = pace
        self._since: dict[str, float] = {}
        self._tasks: dict[str, Any] = {}
        self._bars = bars()
        self._console = self._bars.console
        self._overall = self._bars.add_task("all jobs", total=total, note="")
        self._bars.start()

    def say(self, text: str) -> None:
        self._console.print(text, markup=False, soft_wrap=True)

    def close(self) -> None:
        self._bars.stop()

    def hear(self, job: Job, event: Event | StateChange) -> None:
        if isinstance(event, Progress):
            if event.total:
                self._pace.progressed(job, event.done / event.total)
            if job.key in self._tasks:
                self._bars.update(
                    self._tasks[job.key], completed=event.done, total=event.total, note=event.message[:40]
                )
            self._bars.update(self._overall, note=f"{clock(self._pace.seconds_left())} left")
        elif isinstance(event, StateChange):
            self._change(job, event)
        elif isinstance(event, Failure):
            return

    def _change(self, job: Job, change: StateChange) -> None:
        if change.state is JobState.RUNNING and job.key not in self._tasks:
            self._since[job.key] = time.monotonic()
            self._pace.started(job)
            self._tasks[job.key] = self._bars.add_task(job.title, total=None, note="")
        elif change.state.ended and change.message != "found":
            self._pace.ended(job)
            task = self._tasks.pop(job.key, None)
            if task is not None:
                self._bars.remove_task(task)
            self._bars.update(self._overall, advance=1, note=f"{clock(self._pace.seconds_left())} left")
            seconds = time.monotonic() - self._since.pop(job.key, time.monotonic())
            if change.state is JobState.DONE:
                self.say(f"done     {job.title}  {seconds:.1f} s")
            else:
                hint = f" {change.hint}" if change.hint else ""
                self.say(f"{change.state!s:<8} {job.title}: {change.message}{hint}")

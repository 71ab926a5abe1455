"""The lab as the window sees it: store and runner in a thread of their own, events as Qt signals.

What workers say is gathered and delivered at most :data:`FRAMES` times a second: of the progress of a job only
the newest, samples as lists, state changes one by one and in order.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance

from lab_app.gui.background import Task, as_error, background, name_of
from lab_app.gui.job_view import JobView
from lab_app.jobs.events import Artifact, Event, Failure, Progress, Result, Started
from lab_app.jobs.job import Job
from lab_app.jobs.states import JobState, StateChange
from lab_app.store.records import Sample
from lab_app.system.errors import LabError
from lab_app.system.paths import Folders

if TYPE_CHECKING:
    from lab_app.jobs.runner import Runner
    from lab_app.store import Store
    from lab_app.studies.desk import Desk
    from lab_app.studies.plan import Plan

FRAMES = 30
"""Deliveries a second at most."""


def _samples_of(lab: Lab, key: str, samples: list[Sample]) -> Callable[[], None]:
    return lambda: lab._give(key, samples)


class Lab(QObject):
    """Store, runner and studies for widgets. Signals arrive in the GUI thread.

    Methods that need the store take a callback and work in the background; :meth:`open` comes first.
    """

    opened = Signal()
    failed = Signal(object)
    """LabError: the store could not be opened, or an error of the store or of the runner stopped the work."""
    changed = Signal(str)
    """Key of a job whose :class:`JobView` has another state."""
    progressed = Signal(str)
    sampled = Signal(str, list)
    """Key and new :class:`~lab_app.store.records.Sample` objects, in the order they were measured."""
    produced = Signal(str, object)
    """Key and :class:`~lab_app.store.records.ArtifactRecord`."""
    ended = Signal(str, object)
    """Key and Result or Failure."""
    study_started = Signal(str)
    hashed = Signal(str, float)
    """Path of a file that is read for its checksum, and the part of it that has been read: 1 at its end."""
    idle = Signal()
    """Nothing is running or waiting any more."""
    closed = Signal()
    _wake = Signal()

    def __init__(self, folders: Folders, import_paths: Collection[str] = ()) -> None:
        super().__init__()
        self.folders = folders
        self.jobs: dict[str, JobView] = {}
        self.studies: dict[str, tuple[str, str]] = {}
        """Key of a job → id and name of the study it was last started for in this session."""
        self.store: Store | None = None
        self.runner: Runner | None = None
        self.desk: Desk | None = None
        self._import_paths = tuple(import_paths)
        self._thread: threading.Thread | None = None
        self._work = threading.Event()
        self._closing = False
        self._mutex = threading.Lock()
        self._coming: set[str] = set()
        self._unwanted: set[str] = set()
        self._said: list[Callable[[], None]] = []
        self._samples: dict[str, list[Sample]] = {}
        self._progress: dict[str, Progress] = {}
        self._hashed: dict[str, float] = {}
        self._awake = False
        self._delivered = 0.0
        self._measured = -math.inf
        self._wake.connect(self._schedule, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._deliver)
        self.failed.connect(self._stopped_by_error)

    # -- opening and closing ------------------------------------------------------------------------

    def open(self) -> None:
        """Open the store in the background; :attr:`opened` or :attr:`failed` follows."""
        if self._thread is None:
            self._closing = False
            self._thread = threading.Thread(target=self._live, name="runner", daemon=True)
            self._thread.start()

    @property
    def is_open(self) -> bool:
        return self.desk is not None

    def close(self) -> None:
        """Stop at a point from which the next start goes on; :attr:`closed` follows.

        Jobs that run are asked to stop and are queued again, samples kept; waiting ones stay queued.
        """
        with self._mutex:  # the thread may just be ending by itself
            self._closing, lives = True, self._thread is not None
        if not lives:
            QTimer.singleShot(0, self.closed.emit)
            return
        if (runner := self.runner) is not None and self.busy:
            runner.stop()
        self._work.set()

    def cancel_all(self) -> None:
        """Cancel what waits, then what runs."""
        order = sorted(self.active(), key=lambda view: view.state is not JobState.QUEUED)
        for view in order:
            self.cancel(view.job.key)

    def active(self) -> list[JobView]:
        """Jobs that have not ended, in the order they were queued."""
        return [view for view in self.jobs.values() if not view.state.ended]

    @property
    def quiet(self) -> float:
        """Seconds since samples were last delivered."""
        return time.monotonic() - self._measured

    @property
    def busy(self) -> bool:
        return any(not view.state.ended for view in self.jobs.values())

    # -- asking -------------------------------------------------------------------------------------

    def ask(
        self,
        question: Callable[[Store], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[LabError], None] | None = None,
        owner: QObject | None = None,
    ) -> Task:
        """``question(store)`` in the background; see :func:`~lab_app.gui.background.background`."""
        name = name_of(question)
        return background(lambda: question(self.opened_store()), done, failed, owner, name)

    def opened_store(self) -> Store:
        if self.store is None:
            raise LabError("The data folder is not open.", "Try again once it is.")
        return self.store

    def opened_desk(self) -> Desk:
        if self.desk is None:
            raise LabError("The data folder is not open.", "Try again once it is.")
        return self.desk

    # -- work ---------------------------------------------------------------------------------------

    def submit(self, jobs: Iterable[Job], force: Collection[str] = frozenset()) -> Task:
        """Queue jobs that belong to no study (downloads, single measurements)."""
        wanted = list(jobs)

        def work() -> None:
            runner = self.opened_desk().runner
            with self._announced(wanted):
                runner.submit(wanted, force)
            self._work.set()

        return background(work)

    def start_study(
        self,
        toml: str,
        origin: Path,
        done: Callable[[str], None] | None = None,
        failed: Callable[[LabError], None] | None = None,
        owner: QObject | None = None,
    ) -> Task:
        """Check, plan and queue a study in the background; ``done(study_id)`` follows."""

        return self._plan(lambda desk: desk.plan(toml, origin, self._say_hashed), done, failed, owner)

    def resume_study(
        self,
        study_id: str,
        done: Callable[[str], None] | None = None,
        failed: Callable[[LabError], None] | None = None,
        owner: QObject | None = None,
    ) -> Task:
        """Queue what a known study still lacks; ``done(study_id)`` follows."""

        return self._plan(lambda desk: desk.plan_again(study_id, self._say_hashed), done, failed, owner)

    def _plan(self, plan: Callable[[Desk], Plan], *answer: Any) -> Task:
        def work() -> str:
            desk = self.opened_desk()
            return self._start(desk, plan(desk))

        return background(work, *answer)

    def _start(self, desk: Desk, plan: Plan, only: Collection[str] | None = None) -> str:
        from lab_app.studies.desk import with_needs

        wanted = plan.jobs if only is None else [j for j in plan.jobs if j.key in with_needs(plan, only)]
        for job in plan.jobs:
            self.studies[job.key] = (plan.record.study_id, plan.record.name)
        with self._announced(wanted):
            try:
                study_id = desk.start(plan, only)
            except LabError as error:
                for job in wanted:
                    self._say(job, StateChange(job.key, JobState.CANCELLED, error.message, error.hint))
                raise
        self._work.set()
        self._tell_later(self.study_started, study_id)
        return study_id

    def _announce(self, jobs: Iterable[Job]) -> None:
        """The runner tells of a job first when it starts; the window shows it from the moment it waits."""
        for job in jobs:
            self._say(job, StateChange(job.key, JobState.QUEUED))

    @contextmanager
    def _announced(self, jobs: Collection[Job]) -> Iterator[None]:
        """While the runner gets jobs that the window shows already: what is cancelled meanwhile is cancelled as
        soon as the runner knows of it."""
        coming = {job.key for job in jobs}
        with self._mutex:
            self._coming |= coming
        self._announce(jobs)
        try:
            yield
        finally:
            with self._mutex:
                self._coming -= coming
                unwanted = self._unwanted & coming
                self._unwanted -= coming
            for key in unwanted:
                self.cancel(key)

    def go_on(self) -> None:
        """Run again after an error that stopped the work."""
        self._work.set()

    def cancel(self, key: str) -> None:
        with self._mutex:
            if key in self._coming:
                self._unwanted.add(key)
        if (runner := self.runner) is not None:
            runner.cancel(key)
            self._work.set()

    def pause(self, key: str) -> None:
        if (runner := self.runner) is not None:
            runner.pause(key)

    def resume(self, key: str) -> None:
        if (runner := self.runner) is not None:
            runner.resume(key)

    def retry(self, key: str) -> Task | None:
        """Run a job that failed, was cancelled or blocked again, also one of an earlier session; it goes on
        after the samples it has."""
        if (runner := self.runner) is not None and key in self.jobs:
            runner.retry(key)
            self._work.set()
            return None
        return background(lambda: self._plan_anew(key))

    def _plan_anew(self, key: str) -> None:
        desk = self.opened_desk()
        record = desk.study_of(key)
        if record is not None:
            self._start(desk, desk.plan_again(record.study_id), {key})
            return
        job = desk.rebuild(key)
        with self._announced([job]):
            desk.runner.submit([job])
        self._work.set()

    # -- the runner's thread ------------------------------------------------------------------------

    def _live(self) -> None:
        failure: LabError | None = None
        try:
            self._open_store()
            while not self._closing:
                self._work.wait()
                self._work.clear()
                if not self._closing:
                    self._run()
        except Exception as error:
            failure = as_error(error)
        finally:
            self.desk = self.runner = None
            store, self.store = self.store, None
            if store is not None:
                store.close()
            with self._mutex:  # who hears of the end may open again at once
                self._thread, closing = None, self._closing
            if failure is not None:
                self._tell_later(self.failed, failure)
            if closing:
                self._tell_later(self.closed)

    def _open_store(self) -> None:
        from lab_app.jobs.runner import Runner
        from lab_app.store import Store
        from lab_app.studies.desk import Desk

        self.folders.create()
        self.store = Store.open(self.folders.db)
        self.runner = Runner(self.store, self.folders, import_paths=self._import_paths)
        desk = Desk(self.store, self.runner, self.folders, lambda report: self._announce([report]))
        self.runner.subscribe(lambda job, event: self._hear(desk, job, event))
        self.desk = desk
        self._tell_later(self.opened)

    def _run(self) -> None:
        assert self.runner is not None
        try:
            self.runner.run()
        except Exception as error:  # also a fault of ours: workers are gone, and somebody must hear of it
            self._tell_later(self.failed, as_error(error))
        if not self._closing and all(state.ended for state in self.runner.states().values()):
            self._tell_later(self.idle)

    def _hear(self, desk: Desk, job: Job, event: Event | StateChange) -> None:
        """A subscriber of the runner. First the desk: a study's report waits already when the window hears of the end
        of its last job, so that nobody takes the study for finished in between."""
        try:
            desk.hear(job, event)
        finally:
            self._say(job, event)

    def _say(self, job: Job, event: Event | StateChange) -> None:
        """From any thread."""
        with self._mutex:
            if isinstance(event, Progress):
                self._progress[job.key] = event
            elif isinstance(event, Sample):
                self._samples.setdefault(job.key, []).append(event)
            else:
                if job.key in self._samples:
                    self._said.append(_samples_of(self, job.key, self._samples.pop(job.key)))
                self._said.append(lambda: self._tell(job, event))
        self._rouse()

    def _say_hashed(self, path: str, done: int, total: int) -> None:
        with self._mutex:
            self._hashed[path] = done / total
        self._rouse()

    def _tell_later(self, signal: SignalInstance, *values: object) -> None:
        """Emit a signal in the GUI thread, after what has been said before."""
        with self._mutex:
            self._said.append(lambda: signal.emit(*values))
        self._rouse()

    def _rouse(self) -> None:
        with self._mutex:
            if self._awake:
                return
            self._awake = True
        self._wake.emit()

    # -- delivery, in the GUI thread ----------------------------------------------------------------

    def _schedule(self) -> None:
        due = self._delivered + 1.0 / FRAMES - time.monotonic()
        self._timer.start(max(0, round(due * 1000)))

    def _deliver(self) -> None:
        self._delivered = time.monotonic()
        with self._mutex:
            said, self._said = self._said, []
            samples, self._samples = self._samples, {}
            progress, self._progress = self._progress, {}
            hashed, self._hashed = self._hashed, {}
            self._awake = False
        for tell in said:
            tell()
        for key, measured in samples.items():
            self._give(key, measured)
        for key, newest in progress.items():
            view = self.jobs.get(key)
            if view is not None and not view.state.ended:
                view.take(newest)
                self.progressed.emit(key)
        for path, part in hashed.items():
            self.hashed.emit(path, part)

    def _give(self, key: str, samples: list[Sample]) -> None:
        self._measured = time.monotonic()
        self.sampled.emit(key, samples)

    def _tell(self, job: Job, event: Event | StateChange) -> None:
        view = self.jobs.setdefault(job.key, JobView(job))
        if isinstance(event, StateChange):
            self._change(view, job, event)
        elif isinstance(event, Started):
            view.pid = event.pid
        elif isinstance(event, Artifact):
            self.produced.emit(job.key, event.record)
        elif isinstance(event, Result | Failure):
            self.ended.emit(job.key, event)

    def _stopped_by_error(self) -> None:
        """An error ended the runner: its workers are gone, their jobs wait."""
        for view in self.active():
            if view.state is not JobState.QUEUED:
                self._change(view, view.job, StateChange(view.job.key, JobState.QUEUED))

    def _change(self, view: JobView, job: Job, change: StateChange) -> None:
        if change.state is JobState.QUEUED and view.job is not job and not view.state.ended:
            return  # announced by another study while it is on its way already
        view.change(job, change)
        self.changed.emit(job.key)

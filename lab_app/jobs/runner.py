"""The runner: takes jobs in the order of their needs, one worker process each, and is the store's only writer.

:meth:`Runner.run` works in the calling thread until every job has ended; all other methods may be called
from any thread meanwhile. What a worker says is committed before anybody hears of it.
"""

from __future__ import annotations

import queue
import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, replace

from lab_app.jobs import inputs, leftovers, provenance
from lab_app.jobs.active import ActiveJob
from lab_app.jobs.events import Artifact, Event, Failure, Progress, Result, Started
from lab_app.jobs.graph import Entry, check, culprit, makers_first
from lab_app.jobs.inbox import Inbox, Incoming
from lab_app.jobs.job import COMPUTING, ArtifactInput, Job, Slot
from lab_app.jobs.spare import Spare
from lab_app.jobs.states import JobState, StateChange
from lab_app.store import Store
from lab_app.store.records import Sample
from lab_app.system import secrets
from lab_app.system.errors import ExitCode, LabError
from lab_app.system.paths import Folders

DEFAULT_SLOTS: Mapping[Slot, int] = {Slot.CPU: 1, Slot.GPU: 1, Slot.NET: 2, Slot.DISK: 1, Slot.LIVE: 2}
"""One CPU job at a time: the engine uses every core. What must not run beside any other says so (Job.exclusive)."""
_COMMIT_SECONDS = 0.1
_COMMIT_SAMPLES = 1000
_COMMIT_BYTES = 2 << 20
_BATCH = 256

Subscriber = Callable[[Job, Event | StateChange], None]


class Runner:
    """Runs jobs against one store and one data folder.

    grace:        seconds a cancelled worker gets to stop by itself before it is killed.
    spare:        a worker that waits already; the first job of its kind gets it.
    import_paths: extra folders for workers' ``sys.path``: a kind ``module:function`` may lie there
                  (plug-ins in development, tests).
    """

    def __init__(
        self,
        store: Store,
        folders: Folders,
        *,
        slots: Mapping[Slot, int] = DEFAULT_SLOTS,
        grace: float = 5.0,
        import_paths: Collection[str] = (),
        spare: Spare | None = None,
    ) -> None:
        self.store = store
        self.folders = folders.create()
        self._slots = dict(DEFAULT_SLOTS) | dict(slots)
        self._grace = grace
        self._import_paths = tuple(import_paths)
        self._spare = spare
        self._entries: dict[str, Entry] = {}
        self._active: dict[str, ActiveJob] = {}
        self._subscribers: list[Subscriber] = []
        self._inbox = Inbox()
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._mutex = threading.RLock()
        self._stopping = False
        store.requeue_interrupted()
        leftovers.drop_scratch(store, self.folders)

    # -- asked from any thread -------------------------------------------------------------------

    def subscribe(self, callback: Subscriber) -> None:
        """``callback(job, event)`` is called in the thread of :meth:`run`, after the store has the event. What
        it raises ends :meth:`run`, as an error of the store does; workers are killed, nothing stored is lost."""
        self._subscribers.append(callback)

    def submit(self, jobs: Iterable[Job], force: Collection[str] = frozenset()) -> None:
        """Queue jobs. One whose result and needed files are there already is found, not run, unless its
        key is in ``force``. Raises UsageError when needs form a circle or name a job nobody knows."""
        with self._mutex:
            fresh = [
                job for job in jobs if job.key not in self._entries or self._entries[job.key].state.ended
            ]
            known = {job.key for job in fresh} | set(self._entries)
            known |= {need for job in fresh for need in job.needs - known if self.store.job(need) is not None}
            check(fresh, known)
            for job in fresh:
                identities = {role: item.identity for role, item in job.inputs.items()}
                self.store.enqueue(job.key, job.kind, job.title, job.params, identities, job.engine)
                self._entries[job.key] = Entry(job, forced=job.key in force)
        self._commands.put(self._find_finished)

    def cancel(self, key: str) -> None:
        """Stop a job: asked first, killed after the grace. Its samples stay; jobs that need it are blocked."""
        self._commands.put(lambda: self._cancel(key))

    def pause(self, key: str) -> None:
        """Stop a running worker's processes where they are (SIGSTOP); they keep their memory."""
        self._commands.put(lambda: self._pause(key))

    def resume(self, key: str) -> None:
        self._commands.put(lambda: self._resume(key))

    def retry(self, key: str) -> None:
        """Queue a failed, blocked or cancelled job again, with the jobs it blocked; it goes on after the
        samples it has."""
        self._commands.put(lambda: self._retry(key))

    def stop(self, *, kill: bool = False) -> None:
        """End :meth:`run`: nothing new starts, running jobs are cancelled (``kill``: at once). What they have
        measured stays, and the next run goes on from there. May be called from a signal handler."""
        self._commands.put(lambda: self._stop(kill))

    def states(self) -> dict[str, JobState]:
        with self._mutex:
            return {key: entry.state for key, entry in self._entries.items()}

    # -- the loop --------------------------------------------------------------------------------

    def run(self) -> dict[str, JobState]:
        """Work until every submitted job has ended (or :meth:`stop`); returns their states."""
        self._stopping = False
        try:
            while True:
                self._obey()
                self._launch()
                if not self._active and self._commands.empty():
                    with self._mutex:
                        if self._stopping or all(e.state.ended for e in self._entries.values()):
                            break
                self._listen()
                self._flush()
                self._enforce()
        finally:
            self._abandon()
        with self._mutex:
            entries = list(self._entries.values())
        leftovers.drop_ephemeral(self.store, entries)
        return self.states()

    def _obey(self) -> None:
        while True:
            try:
                command = self._commands.get_nowait()
            except queue.Empty:
                return
            command()

    def _listen(self) -> None:
        """Take what workers said, waiting a little for the first of it."""
        for turn in range(_BATCH):
            incoming = self._inbox.get(timeout=0.0 if turn else 0.05)
            if incoming is None:
                return
            self._receive(incoming)

    def _receive(self, incoming: Incoming) -> None:
        active = self._active.get(incoming.key)
        if active is None or active.number != incoming.number:
            return
        entry, event = self._entries[incoming.key], incoming.event
        if isinstance(event, Sample):
            if not entry.pending:
                entry.pending_since = time.monotonic()
            entry.pending.append(event)
            entry.pending_bytes += incoming.size
            if len(entry.pending) >= _COMMIT_SAMPLES or entry.pending_bytes >= _COMMIT_BYTES:
                self._commit(entry)
        elif isinstance(event, Artifact):
            self._commit(entry)
            self.store.add_artifact(entry.job.key, event.record)
            self._tell(entry.job, event)
        elif isinstance(event, Started | Progress):
            if isinstance(event, Started):
                active.has_started(event)
            self._tell(entry.job, event)
        elif isinstance(event, Result | Failure):
            active.last = event
        else:
            self._commit(entry)
            self._ended(entry, active)

    def _flush(self) -> None:
        now = time.monotonic()
        for key in self._active:
            if now - self._entries[key].pending_since >= _COMMIT_SECONDS:
                self._commit(self._entries[key])

    def _commit(self, entry: Entry) -> None:
        if entry.pending:
            samples, entry.pending, entry.pending_bytes = entry.pending, [], 0
            self.store.append_samples(entry.job.key, samples)
            for sample in samples:
                self._tell(entry.job, sample)

    def _enforce(self) -> None:
        for active in self._active.values():
            if active.cancel_by is not None and time.monotonic() >= active.cancel_by:
                active.kill()

    def _abandon(self) -> None:
        """After an error in this process: no worker goes on without its runner. What was heard but not
        committed is measured again by the next attempt."""
        lost = [e for e in self._entries.values() if e.state in (JobState.RUNNING, JobState.PAUSED)]
        if not lost and not self._active:
            return
        self._inbox.close()
        for active in self._active.values():
            active.kill()
            active.wait()
        for entry in lost:  # also one whose worker had ended when its result could not be stored
            entry.state, entry.pending, entry.pending_bytes = JobState.QUEUED, [], 0
        self._active.clear()
        self._inbox = Inbox()
        try:
            self.store.requeue_interrupted()
        except LabError:
            pass  # most likely the error that brought us here; the next start does it

    def _tell(self, job: Job, event: Event | StateChange) -> None:
        for subscriber in self._subscribers:
            subscriber(job, event)

    def _change(
        self, entry: Entry, state: JobState, message: str = "", hint: str | None = None, code: int = 0
    ) -> None:
        with self._mutex:
            entry.state = state
        self._tell(entry.job, StateChange(entry.job.key, state, message, hint, code))

    # -- starting --------------------------------------------------------------------------------

    def _find_finished(self) -> None:
        """Mark what is done already. Users are looked at before makers: a finished job runs again only
        when a file that a waiting user needs is gone."""
        with self._mutex:
            waiting = [e for e in self._entries.values() if e.state is JobState.QUEUED]
        missing: set[str] = set()
        for entry in reversed(makers_first(waiting)):
            key = entry.job.key
            row = self.store.job(key)
            finished = row is not None and row.state == "done"
            if finished and not entry.forced and key not in missing:
                self._change(entry, JobState.DONE, "found")
                continue
            for item in entry.job.inputs.values():
                if isinstance(item, ArtifactInput) and inputs.artifact(self.store, item) is None:
                    missing.add(item.job_key)

    def _launch(self) -> None:
        if self._stopping:
            return
        with self._mutex:
            waiting = [e for e in self._entries.values() if e.state is JobState.QUEUED]
        used: dict[Slot, int] = {}
        for active in self._active.values():
            used[active.job.slot] = used.get(active.job.slot, 0) + 1
        # An exclusive job waits for the computing slots to be empty, and nothing starts in them meanwhile.
        closed = any(active.job.exclusive for active in self._active.values())
        for entry in waiting:
            blocker = culprit(entry.job, self._entries)
            if blocker is not None:
                how = "was cancelled" if blocker.state is JobState.CANCELLED else "failed"
                message = f"Not started, because “{blocker.name}” {how}."
                self._change(entry, JobState.BLOCKED, message, None, int(ExitCode.JOB_FAILED))
                continue
            job = entry.job
            if not self._ready(job) or (closed and (job.exclusive or job.slot in COMPUTING)):
                continue
            if job.exclusive:
                closed = True
                if any(used.get(slot, 0) for slot in COMPUTING):
                    continue
            if used.get(job.slot, 0) >= self._slots[job.slot]:
                continue
            if self._start(entry):
                used[job.slot] = used.get(job.slot, 0) + 1
            elif job.exclusive:
                closed = False

    def _ready(self, job: Job) -> bool:
        return all(
            need not in self._entries or self._entries[need].state is JobState.DONE for need in job.needs
        )

    def _start(self, entry: Entry) -> bool:
        job = entry.job
        try:
            files = inputs.resolve(self.store, job)
            # Samples of a job that finished once say nothing about the files it is asked to make again.
            finished_before = self.store.result(job.key) is not None
            done = iter(()) if finished_before else self.store.iter_samples(job.key)
            number = self.store.start(job.key)
            active = ActiveJob.start(
                job, number, files, done, self.folders, self._inbox,
                import_paths=self._import_paths, spare=self._spare,
            )  # fmt: skip
        except LabError as error:
            self._fail(entry, Failure(error.message, error.hint, int(error.exit_code)))
            return False
        except OSError as error:
            reason = f"A worker could not be started: {error}."
            self._fail(entry, Failure(reason, "Free memory or disk space.", int(ExitCode.RESOURCES)))
            return False
        entry.forced = False
        self._active[job.key] = active
        self._change(entry, JobState.RUNNING)
        return True

    # -- ending ----------------------------------------------------------------------------------

    def _ended(self, entry: Entry, active: ActiveJob) -> None:
        key = entry.job.key
        code = active.wait()
        del self._active[key]
        if isinstance(active.last, Result):
            self.store.finish(key, active.last.values, provenance.of(active, active.last))
            shutil.rmtree(active.work_dir, ignore_errors=True)
            self._tell(entry.job, active.last)
            self._change(entry, JobState.DONE)
        elif active.cancel_by is not None:
            message = "The job was cancelled."
            if self._stopping:
                self.store.set_state(key, "queued")
            else:
                self.store.fail(key, asdict(Failure(message, None, int(ExitCode.INTERRUPTED))), "cancelled")
            self._change(entry, JobState.CANCELLED, message, None, int(ExitCode.INTERRUPTED))
        else:
            self._fail(entry, active.why_it_ended(code))

    def _fail(self, entry: Entry, failure: Failure) -> None:
        self.store.fail(entry.job.key, asdict(failure))
        self._tell(entry.job, failure)
        self._change(entry, JobState.FAILED, failure.message, failure.hint, failure.exit_code)

    # -- commands, in the thread of run ------------------------------------------------------------

    def _cancel(self, key: str) -> None:
        entry, active = self._entries.get(key), self._active.get(key)
        if active is not None:
            active.cancel(self._grace)
        elif entry is not None and entry.state is JobState.QUEUED:
            self.store.set_state(key, "cancelled")
            self._change(entry, JobState.CANCELLED, "The job was cancelled.", None, int(ExitCode.INTERRUPTED))

    def _pause(self, key: str) -> None:
        active = self._active.get(key)
        if active is not None and active.pause():
            self._change(self._entries[key], JobState.PAUSED)

    def _resume(self, key: str) -> None:
        active = self._active.get(key)
        if active is not None and active.resume():
            self._change(self._entries[key], JobState.RUNNING)

    def _retry(self, key: str) -> None:
        entry = self._entries.get(key)
        if entry is None or not entry.state.ended or entry.state is JobState.DONE:
            return
        # What it failed for may have been the access token.
        entry.job = replace(entry.job, hints=secrets.hand_anew(entry.job.hints))
        self._change(entry, JobState.QUEUED)
        for need in sorted(entry.job.needs):
            self._retry(need)
        for other in list(self._entries.values()):
            if other.state is JobState.BLOCKED and key in other.job.needs:
                self._retry(other.job.key)

    def _stop(self, kill: bool) -> None:
        self._stopping = True
        for active in self._active.values():
            active.cancel(0.0 if kill else self._grace)

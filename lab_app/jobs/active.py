"""A job whose worker is running: the process and its pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from lab_app.jobs import postmortem
from lab_app.jobs.context import InputFile
from lab_app.jobs.events import Failure, Result, Started, decode
from lab_app.jobs.inbox import Inbox, Incoming
from lab_app.jobs.job import Job
from lab_app.jobs.process import kill_group, signal_group, start_worker
from lab_app.jobs.spare import Spare
from lab_app.store.records import Sample
from lab_app.system.errors import LabError
from lab_app.system.paths import Folders

_LONGEST_LINE = 16 << 20
_LONGEST_LOG = 8 << 20


@dataclass
class ActiveJob:
    """Made by :meth:`start`; used by the runner's thread alone, except for its conversation thread."""

    job: Job
    number: int
    inputs: Mapping[str, InputFile]
    process: subprocess.Popen[bytes]
    work_dir: Path
    log: Path
    log_start: int
    since: float
    started: Started | None = None
    last: Result | Failure | None = None
    cancel_by: float | None = None
    paused_since: float | None = None
    paused_seconds: float = 0.0
    _malformed: str = ""
    _refused: Failure | None = None
    _handed_over: bool = False
    _control: threading.Lock = field(default_factory=threading.Lock)
    """Held for flags and single lines, never while the worker may keep us waiting."""

    @classmethod
    def start(
        cls,
        job: Job,
        number: int,
        inputs: Mapping[str, InputFile],
        done: Iterable[Sample],
        folders: Folders,
        inbox: Inbox,
        *,
        import_paths: Collection[str] = (),
        spare: Spare | None = None,
    ) -> ActiveJob:
        """Start the worker, or take the spare one; another thread hands it the job and passes on what it says.
        ``done`` is read in that thread. Raises OSError."""
        work_dir = folders.work / job.key
        work_dir.mkdir(parents=True, exist_ok=True)
        spec = {
            "key": job.key,
            "kind": job.kind,
            "params": job.params,
            "inputs": {role: asdict(item) for role, item in inputs.items()},
            "hints": job.hints,
            "work_dir": str(work_dir),
            "out_dir": str(job.hints.get("out_dir") or folders.artifacts / job.key),
            "memory_limit": job.memory_limit,
            "data_dir": str(folders.root),
        }
        log = folders.logs / f"{job.key}.log"
        with open(_room_for_log(log), "ab") as stream:
            log_start = stream.tell()
            process = spare.take(job.kind) if spare is not None else None
            if process is not None:
                spec["log"] = str(log)
            else:
                process = start_worker(work_dir, stream, import_paths)
        active = cls(job, number, inputs, process, work_dir, log, log_start, time.monotonic())
        threading.Thread(target=active._converse, args=(spec, done, inbox), daemon=True).start()
        return active

    # -- conversation thread -----------------------------------------------------------------------

    def _converse(self, spec: Mapping[str, Any], done: Iterable[Sample], inbox: Inbox) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            self._hand_over(spec, done, self.process.stdin)
            self._listen(self.process.stdout, inbox)
        finally:
            inbox.put(Incoming(self.job.key, self.number, None))

    def _hand_over(self, spec: Mapping[str, Any], done: Iterable[Sample], stream: IO[bytes]) -> None:
        """One line with the job, one for each sample it has, an empty one; then control lines may follow."""
        try:
            stream.write(_line(spec))
            for sample in done:
                stream.write(_line(asdict(sample)))
            stream.write(b"\n")
            stream.flush()
            with self._control:
                self._handed_over = True
                cancelled = self.cancel_by is not None
            if cancelled:
                self._say_cancel()
        except OSError:
            pass  # it died before it had listened to the end; the end of its channel tells
        except LabError as error:
            self._refused = Failure(error.message, error.hint, int(error.exit_code))
            self.kill()

    def _listen(self, stream: IO[bytes], inbox: Inbox) -> None:
        while raw := stream.readline(_LONGEST_LINE):
            try:
                event = decode(raw.decode("utf-8"))
            except ValueError:
                # Half a line at the end is a worker that died while it spoke; anything else is nonsense.
                if raw.endswith(b"\n") or len(raw) == _LONGEST_LINE:
                    self._malformed = raw[:120].decode("utf-8", "replace")
                    self.kill()
                return
            if not inbox.put(Incoming(self.job.key, self.number, event, len(raw))):
                return

    def _say_cancel(self) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(b'{"cancel": true}\n')
            self.process.stdin.flush()
        except (OSError, ValueError):
            pass  # gone already

    # -- control ---------------------------------------------------------------------------------

    def cancel(self, grace: float) -> None:
        """Ask the worker to stop, and set the time by which it must have."""
        self.resume()
        deadline = time.monotonic() + grace
        with self._control:
            first = self.cancel_by is None
            self.cancel_by = deadline if self.cancel_by is None else min(deadline, self.cancel_by)
            say = first and self._handed_over
        if say:
            # The pipe may still be full of what the worker has not read; the runner must not wait for that.
            threading.Thread(target=self._say_cancel, daemon=True).start()

    def kill(self) -> None:
        kill_group(self.process)

    def pause(self) -> bool:
        """False where the system has no such signal, or the job is paused or ending already."""
        if self.paused_since is not None or self.cancel_by is not None or not hasattr(signal, "SIGSTOP"):
            return False
        if self.started is not None:
            signal_group(self.process, signal.SIGSTOP)
        self.paused_since = time.monotonic()
        return True

    def has_started(self, event: Started) -> None:
        """Only now does the worker die with its parent even while it is stopped, so a pause waits for this."""
        self.started = event
        if self.paused_since is not None:
            signal_group(self.process, signal.SIGSTOP)

    def resume(self) -> bool:
        if self.paused_since is None:
            return False
        signal_group(self.process, signal.SIGCONT)
        self.paused_seconds += time.monotonic() - self.paused_since
        self.paused_since = None
        return True

    # -- the end ---------------------------------------------------------------------------------

    def wait(self) -> int:
        """Exit status once the event channel is closed; leaves no process of the worker behind."""
        deadline = time.monotonic() + 10
        while not _has_ended(self.process) and time.monotonic() < deadline:
            time.sleep(0.002)
        # Before its process id is given back: tools the worker may have left are of the same group.
        kill_group(self.process)
        code = self.process.wait()
        assert self.process.stdin is not None and self.process.stdout is not None
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream.close()
            except OSError:
                pass
        return code

    def why_it_ended(self, code: int) -> Failure:
        """The Failure of an attempt that ended with exit status ``code`` and without a Result."""
        if self._refused is not None:
            return self._refused
        if isinstance(self.last, Failure):
            return self.last
        return postmortem.explain(code, self.log, self.log_start, self._malformed)


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Without taking the exit status, so that its process id and group stay reserved, where that is possible."""
    if hasattr(os, "waitid"):
        try:
            return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True
    return process.poll() is not None


def _line(value: Any) -> bytes:
    # ASCII: a lone surrogate (a file name that is not UTF-8) goes through unharmed.
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def _room_for_log(log: Path) -> Path:
    """A log that has grown large over earlier attempts is put aside, in place of the one put aside before."""
    try:
        if log.stat().st_size > _LONGEST_LOG:
            os.replace(log, log.with_suffix(".old.log"))
    except OSError:
        pass
    return log

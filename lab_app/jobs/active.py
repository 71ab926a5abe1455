"""A job whose worker is running: the process, its pipes, and why it died when it dies."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from lab_app.jobs.context import InputFile
from lab_app.jobs.events import Event, Failure, Result, Started, decode
from lab_app.jobs.job import Job
from lab_app.jobs.process import kill_group, signal_group
from lab_app.store.records import Sample
from lab_app.system.environment import import_root, worker_environment
from lab_app.system.errors import ExitCode
from lab_app.system.paths import Folders

_LONGEST_LINE = 64 << 20
_START = "import sys; sys.path[:0] = {paths!r}; from lab_app.jobs.worker import main; main()"


@dataclass(frozen=True, slots=True)
class Incoming:
    """An event of attempt ``number`` of a job, or (``closed``) the end of its channel."""

    key: str
    number: int
    event: Event | None
    closed: bool = False


@dataclass
class ActiveJob:
    """Made by :meth:`start`; used by the runner's thread alone, except for its reader thread."""

    job: Job
    number: int
    process: subprocess.Popen[bytes]
    work_dir: Path
    log: Path
    since: float
    log_start: int
    started: Started | None = None
    last: Result | Failure | None = None
    cancel_by: float | None = None
    paused: bool = False
    malformed: str = ""
    _control: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def start(
        cls,
        job: Job,
        number: int,
        inputs: Mapping[str, InputFile],
        done: Sequence[Sample],
        folders: Folders,
        incoming: queue.Queue[Incoming],
        *,
        import_paths: Collection[str] = (),
    ) -> ActiveJob:
        """Start the worker and hand it the job. Raises OSError."""
        work_dir = folders.work / job.key
        work_dir.mkdir(parents=True, exist_ok=True)
        out_dir = Path(job.hints.get("out_dir") or folders.artifacts / job.key)
        log = folders.logs / f"{job.key}.log"
        spec = {
            "key": job.key,
            "kind": job.kind,
            "params": job.params,
            "inputs": {role: asdict(item) for role, item in inputs.items()},
            "hints": job.hints,
            "work_dir": str(work_dir),
            "out_dir": str(out_dir),
            "memory_limit": job.memory_limit,
            "done": [asdict(sample) for sample in done],
        }
        roots = [str(import_root()), *map(str, import_paths)]
        with open(log, "ab") as stream:
            log_start = stream.tell()
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START.format(paths=roots)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                cwd=work_dir,
                env=worker_environment(),
                start_new_session=True,
            )
        active = cls(job, number, process, work_dir, log, time.monotonic(), log_start)
        threading.Thread(target=active._converse, args=(spec, incoming), daemon=True).start()
        return active

    def _converse(self, spec: Mapping[str, object], incoming: queue.Queue[Incoming]) -> None:
        """Reader thread: hand over the job, then pass on what the worker says until it is silent."""
        assert self.process.stdin is not None and self.process.stdout is not None
        # The log belongs to the worker, so a lone surrogate in a parameter must not end the parent.
        line = json.dumps(spec, ensure_ascii=True, allow_nan=False) + "\n"
        try:
            with self._control:
                self.process.stdin.write(line.encode())
                self.process.stdin.flush()
        except OSError:
            pass  # it died before it could listen; the end of its channel tells
        del line, spec
        try:
            self._read(self.process.stdout, incoming)
        finally:
            incoming.put(Incoming(self.job.key, self.number, None, closed=True))

    def _read(self, stream: IO[bytes], incoming: queue.Queue[Incoming]) -> None:
        while raw := stream.readline(_LONGEST_LINE):
            try:
                event = decode(raw.decode("utf-8"))
            except ValueError:
                if raw.endswith(b"\n"):
                    self.malformed = raw[:120].decode("utf-8", "replace")
                    kill_group(self.process)
                return
            incoming.put(Incoming(self.job.key, self.number, event))

    # -- control ---------------------------------------------------------------------------------

    def cancel(self, grace: float) -> None:
        """Ask the worker to stop, and set the time by which it must have."""
        if self.paused:
            self.resume()
        deadline = time.monotonic() + grace
        self.cancel_by = min(deadline, self.cancel_by) if self.cancel_by is not None else deadline
        # Taking the lock could wait for a worker that does not read; it is killed soon anyway.
        if self._control.acquire(blocking=False):
            try:
                assert self.process.stdin is not None
                self.process.stdin.write(b'{"cancel": true}\n')
                self.process.stdin.flush()
            except OSError:
                pass
            finally:
                self._control.release()

    def kill(self) -> None:
        kill_group(self.process)

    def pause(self) -> bool:
        """False where the system has no such signal, or the job is paused already."""
        if self.paused or not hasattr(signal, "SIGSTOP"):
            return False
        signal_group(self.process, signal.SIGSTOP)
        self.paused = True
        return True

    def resume(self) -> bool:
        if not self.paused:
            return False
        signal_group(self.process, signal.SIGCONT)
        self.paused = False
        return True

    def wait(self) -> int:
        """Exit status once the event channel is closed; leaves no process of the worker behind."""
        try:
            code = self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            kill_group(self.process)
            code = self.process.wait()
        if os.name == "posix":
            kill_group(self.process)  # tools the worker may have left
        assert self.process.stdin is not None and self.process.stdout is not None
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream.close()
            except OSError:
                pass
        return code

    # -- post mortem -----------------------------------------------------------------------------

    def why_it_died(self, code: int) -> Failure:
        """A worker that ended without Result or Failure: one sentence from its signal and its log."""
        tail = self._log_tail()
        failed = int(ExitCode.JOB_FAILED)
        see = f"The log is {self.log}."
        if self.malformed:
            return Failure(
                f"The worker said something that is not an event: {self.malformed!r}.", see, failed, tail
            )
        native = _native_message(tail)
        if code < 0:
            name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
            if native:
                return Failure(f"The native engine stopped: {native}.", see, failed, tail)
            if -code == signal.SIGKILL:
                return Failure(
                    "The worker was killed from outside (SIGKILL), as the system does when memory runs out.",
                    "Free memory or choose a smaller model or context, then run again.",
                    failed,
                    tail,
                )
            return Failure(f"The worker was ended by {name}.", see, failed, tail)
        message = f"The worker ended without a result (exit code {code})"
        return Failure(f"{message}: {native}." if native else f"{message}.", see, failed, tail)

    def _log_tail(self) -> str:
        try:
            with open(self.log, "rb") as stream:
                stream.seek(0, os.SEEK_END)
                stream.seek(max(self.log_start, stream.tell() - 16_384))
                return stream.read().decode("utf-8", "replace")
        except OSError:
            return ""


def _native_message(tail: str) -> str:
    """The last line of a log that tells why native code gave up: a failed GGML_ASSERT, an abort, an
    uncaught C++ exception, a linker error."""
    pattern = re.compile(
        r"GGML_ASSERT\(.*\) failed|GGML_ABORT|fatal error|terminate called|what\(\):|CUDA error", re.I
    )
    lines = [line.strip() for line in tail.splitlines() if pattern.search(line)]
    if not lines:
        return ""
    line = lines[-1].removeprefix("what():").strip()
    # "/build/…/ggml.c:123: GGML_ASSERT(x) failed" says enough without the folder it was compiled in.
    line = re.sub(r"(?:[A-Za-z]:)?[^\s:]*[/\\]([^/\\\s:]+:\d+:)", r"\1", line)
    return line.rstrip(".")[:400]

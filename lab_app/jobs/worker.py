"""The worker process: one job, spoken about in JSON lines.

Standard input: one line with the job, one for each sample it has already, an empty one, then control lines
(``{"cancel": true}``); its end means that the parent is gone. Standard output becomes the private event
channel, file descriptors 1 and 2 the job's log, because native code prints there.
"""

from __future__ import annotations

import errno
import faulthandler
import importlib
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from lab_app.jobs.context import InputFile, JobContext
from lab_app.jobs.events import Event, Failure, Result, Started, encode
from lab_app.jobs.kinds import handler_path
from lab_app.jobs.process import die_with_parent, limit, unlimit
from lab_app.store.records import Sample
from lab_app.system import network
from lab_app.system.errors import Cancelled, ExitCode, LabError

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


class Channel:
    """Writes events to the parent, whole lines only, from any thread."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def send(self, event: Event) -> None:
        data = encode(event).encode() + b"\n"
        with self._lock:
            view = memoryview(data)
            while view:
                view = view[os.write(self._descriptor, view) :]


def _take_output() -> Channel:
    """Keep fd 1 for events under a private number and point fd 1 at the log (fd 2)."""
    private = os.dup(1)
    os.set_inheritable(private, False)
    os.dup2(2, 1)
    return Channel(private)


def _move_in(spec: dict[str, Any]) -> None:
    """A worker that was started before its job takes the job's log and work folder for its own."""
    if "log" not in spec:
        return
    log = os.open(spec["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    for number in (1, 2):
        os.dup2(log, number)
    os.close(log)
    os.chdir(spec["work_dir"])


def _watch(stream: BinaryIO, cancelled: threading.Event) -> None:
    """Control lines from the parent. Its death ends this process and everything it started."""
    for line in stream:
        try:
            if json.loads(line).get("cancel"):
                cancelled.set()
        except (ValueError, AttributeError):
            continue
    if os.name == "posix" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(ExitCode.INTERNAL)


def failure_of(error: BaseException) -> Failure:
    """The one sentence a user sees for an exception that ended a job, with the traceback as detail."""
    detail = "".join(traceback.format_exception(error))[-20_000:]
    if isinstance(error, LabError):
        return Failure(error.message, error.hint, int(error.exit_code), detail)
    if isinstance(error, MemoryError):
        return Failure(
            "The job ran out of memory.", "Close other programs, or choose a smaller model or context.",
            int(ExitCode.RESOURCES), detail,
        )  # fmt: skip
    if isinstance(error, OSError):
        known = _of_system(error, detail)
        if known is not None:
            return known
    return Failure(
        f"The job stopped on an unexpected error: {type(error).__name__}: {str(error)[:300]}.",
        "The log has the details; please report it.",
        int(ExitCode.JOB_FAILED),
        detail,
    )


def _of_system(error: OSError, detail: str) -> Failure | None:
    """Disks and rights, which a user can do something about."""
    name = error.filename2 or error.filename  # of a rename, its target
    if error.errno in _NO_SPACE:
        message = f"No disk space is left for {name}." if name else "No disk space is left."
        hint = "Free some space, or choose another --data-dir."
    elif error.errno == errno.EFBIG:
        message = f"{name or 'A file'} may not become larger: {error.strerror}."
        hint = "Lift the limit on file sizes (ulimit -f), or choose another --data-dir."
    elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        message = f"{name or 'A file'} cannot be written or read: {error.strerror}."
        hint = "Check the folder's rights, or choose another --data-dir."
    else:
        return None
    return Failure(message, hint, int(ExitCode.RESOURCES), detail)


def _read_job(stream: BinaryIO) -> tuple[dict[str, Any], list[Sample]]:
    """Ends the process when the parent goes away meanwhile."""
    spec: dict[str, Any] | None = None
    done: list[Sample] = []
    for line in stream:
        if spec is None:
            spec = json.loads(line)
        elif line == b"\n":
            return spec, done
        else:
            done.append(Sample(**json.loads(line)))
    os._exit(ExitCode.INTERNAL)


def _context(
    spec: dict[str, Any], done: list[Sample], channel: Channel, cancelled: Callable[[], bool]
) -> JobContext:
    return JobContext(
        key=spec["key"],
        params=spec["params"],
        inputs={role: InputFile(**item) for role, item in spec["inputs"].items()},
        hints=spec["hints"],
        work_dir=Path(spec["work_dir"]),
        out_dir=Path(spec["out_dir"]),
        done=done,
        emit=channel.send,
        cancelled=cancelled,
    )


def main(module: str | None = None) -> None:
    """Run the job on standard input; the exit code repeats the Failure's (0: Result). Does not return.

    module: what to import before there is a job (:mod:`lab_app.jobs.spare`).
    """
    die_with_parent()
    channel = _take_output()
    faulthandler.enable(all_threads=False)
    stream = sys.stdin.buffer
    if module is not None:
        importlib.import_module(module)
    spec, done = _read_job(stream)
    _move_in(spec)
    cancelled = threading.Event()
    threading.Thread(target=_watch, args=(stream, cancelled), daemon=True).start()
    code = int(ExitCode.OK)
    try:
        channel.send(Started(os.getpid(), {"python": sys.version.split()[0]}))
        limit(spec["memory_limit"])
        network.follow(spec["data_dir"])
        module, _, function = handler_path(spec["kind"]).partition(":")
        context = _context(spec, done, channel, cancelled.is_set)
        values = getattr(importlib.import_module(module), function)(context)
        channel.send(Result(dict(values or {}), context.provenance))
    except BaseException as error:
        code = _report(error, channel)
    try:
        sys.stderr.flush()
    except OSError:
        pass
    # Native libraries keep threads and device contexts whose destructors may hang or abort.
    os._exit(code)


def _report(error: BaseException, channel: Channel) -> int:
    """Tell the parent why the job ended, then the log; either may be gone or full."""
    unlimit()
    failure = failure_of(error)
    try:
        channel.send(failure)
    except OSError:
        pass
    if not isinstance(error, Cancelled):
        try:
            sys.stderr.write(failure.detail)
        except OSError:
            pass
    return failure.exit_code


if __name__ == "__main__":
    main()

"""Why a worker ended without saying so: one sentence from its signal and the end of its log."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

from lab_app.jobs.events import Failure
from lab_app.system.errors import ExitCode

_TAIL = 32_768
_LONGEST = 400
_GAVE_UP = re.compile(
    r"GGML_ASSERT\(.*\) failed|terminate called|what\(\):|CUDA error|\bfatal error\b"
    r"|^\S+\.(?:c|cc|cpp|h|hpp|cu|cuh|m|mm):\d+: ",  # ggml_abort: file, line, its words
    re.IGNORECASE,
)
_COMPLAINED = re.compile(r"\berror\b|\bfailed\b|symbol lookup error|cannot open shared object", re.IGNORECASE)
_OUT_OF_MEMORY = re.compile(
    r"bad_alloc|out of memory|cannot allocate memory|unable to allocate", re.IGNORECASE
)
_NO_MEMORY = "The job ran out of memory."
_NO_MEMORY_HINT = "Close other programs, or choose a smaller model or context."


def explain(code: int, log: Path, start: int, malformed: str = "") -> Failure:
    """The Failure of a worker with exit status ``code`` (negative: a signal).

    log, start: its log and where this attempt's part of it begins. malformed: what it said last, where that
    was not an event.
    """
    tail = log_tail(log, start)
    see = f"The log is {log}."
    failed, resources = int(ExitCode.JOB_FAILED), int(ExitCode.RESOURCES)
    if malformed:
        text = f"The worker said something that is not an event: {malformed!r}."
        return Failure(text, see, failed, tail)
    if -code == getattr(signal, "SIGKILL", 9):
        return Failure(
            "The worker was killed from outside (SIGKILL), as the system does when memory runs out.",
            "Free memory or choose a smaller model or context, then run again.",
            failed,
            tail,
        )
    native = native_message(tail, also_complaints=code < 0)
    if native and _OUT_OF_MEMORY.search(native):
        return Failure(_NO_MEMORY, _NO_MEMORY_HINT, resources, tail)
    if code < 0:
        if native:
            return Failure(f"The native engine stopped: {native}.", see, failed, tail)
        return Failure(f"The worker was ended by {_signal_name(-code)}.", see, failed, tail)
    ended = f"The worker ended without a result (exit code {code})"
    return Failure(f"{ended}: {native}." if native else f"{ended}.", see, failed, tail)


def log_tail(log: Path, start: int) -> str:
    """At most the last 32 KiB of the log that were written after ``start``; empty where it cannot be read."""
    try:
        with open(log, "rb") as stream:
            end = stream.seek(0, os.SEEK_END)
            stream.seek(max(min(start, end), end - _TAIL))
            return stream.read().decode("utf-8", "replace")
    except OSError:
        return ""


def native_message(tail: str, *, also_complaints: bool = True) -> str:
    """The line of a log that tells why native code gave up: the last failed GGML_ASSERT, abort or uncaught C++
    exception; failing that (``also_complaints``) the last line that speaks of an error."""
    lines = [line.strip() for line in tail.splitlines()]
    found = [line for line in lines if _GAVE_UP.search(line)]
    if not found and also_complaints:
        found = [
            line for line in lines if _COMPLAINED.search(line) and not line.startswith("Fatal Python error")
        ]
    if not found:
        return ""
    line = found[-1].removeprefix("what():").strip()
    # "/build/…/ggml.c:123: GGML_ASSERT(x) failed" says enough without the folder it was compiled in.
    line = re.sub(r"(?:[A-Za-z]:)?[^\s:]*[/\\]([^/\\\s:]+:\d+:)", r"\1", line)
    return line.rstrip(". ")[:_LONGEST]


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"

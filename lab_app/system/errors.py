"""Errors a user can act on.

Every error that reaches a user is one clear sentence that says what is wrong,
an optional second one that says what to do, and the exit code of the process.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of ``odyssey-lab``; documented in README.md."""

    OK = 0
    INTERNAL = 1
    USAGE = 2
    JOB_FAILED = 3
    INTEGRITY = 4
    NETWORK = 5
    RESOURCES = 6
    THRESHOLD = 7
    INTERRUPTED = 130


class LabError(Exception):
    """An expected failure: ``message`` says what is wrong, ``hint`` what to do about it."""

    exit_code: ExitCode = ExitCode.INTERNAL

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message


class UsageError(LabError):
    """The request itself is wrong: arguments, study file, impossible combination."""

    exit_code = ExitCode.USAGE


class JobFailedError(LabError):
    """A job ran and failed (native abort, wrong output, exception in a probe)."""

    exit_code = ExitCode.JOB_FAILED


class IntegrityError(LabError):
    """A file is not what it should be: truncated, mutated, wrong checksum."""

    exit_code = ExitCode.INTEGRITY


class NetworkError(LabError):
    """A download failed, or access was refused."""

    exit_code = ExitCode.NETWORK


class ResourceError(LabError):
    """The machine lacks something: disk, memory, a library, a display, the native build."""

    exit_code = ExitCode.RESOURCES


class Cancelled(LabError):
    """The job was asked to stop; not a failure."""

    exit_code = ExitCode.INTERRUPTED


BY_EXIT_CODE: dict[int, type[LabError]] = {
    cls.exit_code: cls
    for cls in (UsageError, JobFailedError, IntegrityError, NetworkError, ResourceError, Cancelled)
}

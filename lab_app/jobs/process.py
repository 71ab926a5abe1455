"""Process matters of workers: death with the parent, limits, signals to a whole group."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import IO

from lab_app.system.environment import python_command, worker_environment

PR_SET_PDEATHSIG = 1


# Looked up here, not after fork, where the loader's lock may be held by a thread that is not there any more.
_PRCTL = ctypes.CDLL(None).prctl if sys.platform.startswith("linux") else None


def die_with_parent(parent: int | None = None) -> None:
    """Linux: the kernel kills this process when the thread that started it ends, even by kill -9, even
    while it is stopped. Elsewhere the worker's stdin watcher does it. Safe to call after fork.

    parent: its process id, so that a parent that died before this call is noticed as well.
    """
    if _PRCTL is not None:
        _PRCTL(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if parent is not None and os.getppid() != parent:
            os._exit(1)


def limit(memory: int | None) -> None:
    """No core dumps; address space limited to ``memory`` bytes where given, as far as the system allows."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory is not None:
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        memory = min(memory, most if most >= 0 else sys.maxsize)
        try:
            resource.setrlimit(resource.RLIMIT_AS, (memory, most))
        except (OSError, ValueError):
            pass  # macOS refuses some values; the limit is a safety net, not what a job relies on


def unlimit() -> None:
    """Give back the address space, to report that it was too little."""
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    """Send a signal to the worker and everything it started; nothing happens when it is gone."""
    try:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def kill_group(process: subprocess.Popen[bytes]) -> None:
    signal_group(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)


def start_worker(
    cwd: Path, log: IO[bytes] | int, import_paths: Collection[str] = (), module: str | None = None
) -> subprocess.Popen[bytes]:
    """A worker that waits for its job on standard input; what it and native code print goes to ``log``. It imports
    ``module`` meanwhile. Raises OSError."""
    return subprocess.Popen(
        python_command(f"from lab_app.jobs.worker import main; main({module!r})", import_paths),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        cwd=cwd,
        env=worker_environment(),
        start_new_session=True,
    )


def start_tool(
    command: list[str],
    *,
    cwd: str,
    stdout: int | None = subprocess.PIPE,
    stderr: int | None = subprocess.STDOUT,
    env: dict[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a native tool as a child of a worker: it dies with the worker. ``cwd`` must not be a folder
    strangers write to, because llama.cpp's tools load backend libraries from there. On Linux it dies with
    the thread that started it: start it from the handler's own thread."""
    parent = os.getpid()
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        preexec_fn=(lambda: die_with_parent(parent)) if _PRCTL else None,  # noqa: PLW1509 - takes no lock
    )

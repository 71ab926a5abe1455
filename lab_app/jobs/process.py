"""Process matters of workers: death with the parent, limits, signals to a whole group."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Linux: the kernel kills this process when the thread that started it ends, even by kill -9, even
    while it is stopped. Elsewhere the worker's stdin watcher does it. Safe to call after fork."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def limit(memory: int | None) -> None:
    """No core dumps; address space limited to ``memory`` bytes where given."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


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


def start_tool(
    command: list[str],
    *,
    cwd: str,
    stdout: int | None = subprocess.PIPE,
    stderr: int | None = subprocess.STDOUT,
    env: dict[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a native tool as a child of a worker: it dies with the worker. ``cwd`` must not be a folder
    strangers write to, because llama.cpp's tools load backend libraries from there."""
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        preexec_fn=die_with_parent if sys.platform.startswith("linux") else None,
    )

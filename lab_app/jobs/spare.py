"""A worker that is started before its job is known, for a job somebody sits and waits for."""

from __future__ import annotations

import subprocess
from collections.abc import Collection
from pathlib import Path

from lab_app.jobs.kinds import handler_path
from lab_app.jobs.process import kill_group, start_worker


class Spare:
    """It imports what jobs of ``kind`` need, and waits. :meth:`take` it once, or :meth:`close` it.

    Like every worker it dies with the thread that made it; what it says before it has a job is not kept.
    Raises OSError where it cannot be started.
    """

    def __init__(self, kind: str, folder: Path, import_paths: Collection[str] = ()) -> None:
        self.kind = kind
        module = handler_path(kind).partition(":")[0]
        self._process: subprocess.Popen[bytes] | None = start_worker(
            folder, subprocess.DEVNULL, import_paths, module
        )

    def take(self, kind: str) -> subprocess.Popen[bytes] | None:
        """The process, for a job of its kind; None where it is of another, taken already, or has ended."""
        if kind != self.kind or self._process is None or self._process.poll() is not None:
            return None
        process, self._process = self._process, None
        return process

    def close(self) -> None:
        if self._process is None:
            return
        kill_group(self._process)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        self._process = None

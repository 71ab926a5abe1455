"""While a plan is made, large files that are new are read for their checksums: a bar on a terminal, a line now and
then elsewhere, JSON lines for programs."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lab_app.batch import wire
from lab_app.system.terminal import is_terminal
from lab_app.system.units import size

STEP = 256 << 20
"""Bytes of a file between two JSON lines; smaller files are read without a word."""
_INTERVAL = 15.0


class Watch:
    """Hears how far the reading of each file is (:data:`lab_app.studies.hashing.Tell`)."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._terminal = is_terminal(sys.stderr)
        self._bars: Any = None
        self._tasks: dict[str, Any] = {}
        self._steps: dict[str, int] = {}
        self._said = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def __call__(self, path: str, done: int, total: int) -> None:
        if total < STEP:
            return
        if self._as_json and (done // STEP > self._steps.get(path, 0) or done == total):
            self._steps[path] = done // STEP
            wire.write(sys.stdout, wire.HashingLine(path, done, total))
        if self._terminal:
            self._bar(path, done, total)
        elif time.monotonic() - self._said >= _INTERVAL:
            self._said = time.monotonic()
            text = f"Reading {path} for its checksum: {100 * done / total:.0f} % of {size(total)}"
            print(text, file=sys.stderr, flush=True)

    def _bar(self, path: str, done: int, total: int) -> None:
        if self._bars is None:
            from lab_app.batch.faces import bars

            self._bars = bars()
            self._bars.start()
        if path not in self._tasks:
            self._tasks[path] = self._bars.add_task(f"checksum of {Path(path).name}", total=total, note="")
        self._bars.update(self._tasks[path], completed=done, note=f"of {size(total)}")

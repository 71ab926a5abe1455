"""Ctrl-C and its like while a runner works."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from lab_app.jobs.runner import Runner
from lab_app.system.signals import heard_by


class Interrupts:
    """count: how often the work was asked to stop."""

    def __init__(self) -> None:
        self.count = 0

    @contextmanager
    def stop(self, runner: Runner) -> Iterator[None]:
        """First SIGINT, SIGTERM or SIGHUP: ``runner`` stops cooperatively and keeps everything. Second: at once."""

        def hear(number: int, frame: FrameType | None) -> None:
            self.count += 1
            if self.count == 1:
                text = "\nStopping; what is measured is kept. Once more to stop at once."
                print(text, file=sys.stderr, flush=True)
                runner.stop()
            else:
                runner.stop(kill=True)

        with heard_by(hear):
            yield

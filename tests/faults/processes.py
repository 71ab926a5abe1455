"""Whether processes that should be gone are gone."""

from __future__ import annotations

import time
from collections.abc import Iterable

import psutil
import pytest


def lives(process: psutil.Process) -> bool:
    """A zombie is dead; who inherits it (process 1 of a container) may take its time to bury it."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until_gone(processes: Iterable[psutil.Process]) -> None:
    """Fails the test when one still lives after ten seconds."""
    left = list(processes)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if not any(map(lives, left)):
            return
        time.sleep(0.005)
    pytest.fail("a worker outlived its parent")

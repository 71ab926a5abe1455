"""The signals that ask a program to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = tuple(name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def heard_by(hear: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Ctrl-C and its like call ``hear``; what heard them before does so afterwards. A hang-up that is ignored already
    stays ignored: ``nohup`` means that. Only the main thread hears signals, so in another one this does nothing."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (getattr(signal, name) for name in STOPPING):
            if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN:
                before[number] = signal.signal(number, hear)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

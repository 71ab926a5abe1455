"""Events of all workers on their way to the runner, bounded in bytes: a worker that floods waits on its pipe."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from lab_app.jobs.events import Event

_PER_EVENT = 512
"""Bytes an event takes in this process beside its text, roughly."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An event of attempt ``number`` of job ``key``, or (None) the end of its channel. ``size``: bytes of its line."""

    key: str
    number: int
    event: Event | None
    size: int = 0


class Inbox:
    """A queue for several writing threads and one reading thread."""

    def __init__(self, limit: int = 4 << 20) -> None:
        self._limit = limit
        self._held = 0
        self._items: deque[Incoming] = deque()
        self._closed = False
        self._changed = threading.Condition()

    def put(self, incoming: Incoming) -> bool:
        """Wait until there is room; False when the inbox is closed and nobody will read it."""
        cost = incoming.size + _PER_EVENT
        with self._changed:
            while self._items and self._held + cost > self._limit and not self._closed:
                self._changed.wait()
            if self._closed:
                return False
            self._items.append(incoming)
            self._held += cost
            self._changed.notify_all()
            return True

    def get(self, timeout: float) -> Incoming | None:
        """The oldest event, waiting ``timeout`` seconds for it; None when there is none."""
        with self._changed:
            if not self._items and timeout > 0:
                self._changed.wait(timeout)
            if not self._items:
                return None
            incoming = self._items.popleft()
            self._held -= incoming.size + _PER_EVENT
            self._changed.notify_all()
            return incoming

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._items.clear()
            self._changed.notify_all()

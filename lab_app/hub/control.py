"""Steering of a running download: stop, pause, bandwidth; and what is allowed of a server."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from lab_app.system import network
from lab_app.system.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a transfer; seconds and bytes.

    connections: range requests at a time.
    part:        unit of the journal; what a kill can cost per connection.
    request:     first length of a range request; it grows up to ``largest`` on links whose latency would
                 otherwise cost more than a seventh of the time.
    silence:     a connection that sends nothing for so long is dropped.
    slowest:     bytes per second; a connection below it over ``window`` seconds is dropped.
    attempts:    failures in a row without progress before the download gives up.
    """

    connections: int = 4
    part: int = 1 << 20
    request: int = 3 << 20
    largest: int = 48 << 20
    silence: float = 20.0
    slowest: float = 8192.0
    window: float = 15.0
    attempts: int = 6
    backoff: float = 0.5
    sync: float = 5.0


@dataclass
class Control:
    """Shared by every connection of a download; methods may be called from any thread.

    stopped:   asked often; true ends the download with Cancelled.
    bandwidth: bytes per second over all connections (that of the settings), None without a limit.
    """

    stopped: Callable[[], bool] = lambda: False
    bandwidth: float | None = field(default_factory=network.bandwidth)
    _running: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _free_at: float = 0.0

    def __post_init__(self) -> None:
        self._running.set()

    def pause(self) -> None:
        self._running.clear()

    def resume(self) -> None:
        self._running.set()

    def check(self) -> None:
        """Returns at once, or after a pause; raises Cancelled when asked to stop."""
        while True:
            if self.stopped():
                raise Cancelled("The download was cancelled; what is on the disk already is kept.")
            if self._running.wait(0.1):
                return

    def take(self, count: int) -> float:
        """Wait until ``count`` bytes may have been received. Returns the seconds waited."""
        began = time.monotonic()
        self.check()
        if self.bandwidth and self.bandwidth == network.bandwidth():
            network.settle(count, self.check)  # the setting holds for all downloads together
        elif self.bandwidth:
            with self._lock:
                self._free_at = max(self._free_at, time.monotonic() - 0.25) + count / self.bandwidth
                until = self._free_at
            while (left := until - time.monotonic()) > 0:
                time.sleep(min(left, 0.1))
                self.check()
        return time.monotonic() - began


class Meter:
    """Speed over the last seconds, and the time left."""

    def __init__(self, total: int, done: int = 0, seconds: float = 8.0) -> None:
        self.total, self.done = total, done
        self._seconds = seconds
        self._points: deque[tuple[float, int]] = deque([(time.monotonic(), done)])

    def update(self, done: int) -> None:
        now = time.monotonic()
        self.done = done
        self._points.append((now, done))
        while len(self._points) > 2 and now - self._points[0][0] > self._seconds:
            self._points.popleft()

    @property
    def speed(self) -> float:
        """Bytes per second."""
        (t0, d0), (t1, d1) = self._points[0], self._points[-1]
        return max(0.0, (d1 - d0) / (t1 - t0)) if t1 > t0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds to go, None when nothing moves."""
        return (self.total - self.done) / self.speed if self.speed > 0 else None

    def text(self) -> str:
        left = self.left
        if left is None:
            return "waiting"
        clock = f"{int(left) // 3600}:{int(left) // 60 % 60:02}:{int(left) % 60:02}"
        return f"{self.speed / 1e6:.1f} MB/s, {clock} left"

"""One clock for all plots of a window: none draws more than 30 times a second, and together they leave the GUI
thread free at least half of the time, however many there are and however slow the machine is.

Each turn of the event loop draws one plot, so that Qt paints it before the next is drawn: several at once would be one
long piece of work that nothing can come between."""

from __future__ import annotations

import time
from collections import deque
from typing import Protocol

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

SECONDS = 1.0 / 30.0


class Drawn(Protocol):
    def draw_frame(self) -> None: ...


class FrameClock(QObject):
    """Draws what asked for it, in turn. ``spent`` also takes what plots report of their painting."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Drawn] = deque()
        self._last: dict[int, float] = {}
        self._spent = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._turn)

    def ask(self, view: Drawn) -> None:
        """Draw ``view`` as soon as its turn comes; asking again before that changes nothing."""
        if not any(other is view for other in self._waiting):
            self._waiting.append(view)
        if not self._timer.isActive():
            self._timer.start(0)

    def painted(self, seconds: float) -> None:
        """A plot was painted, outside of the clock's own turns."""
        self._spent += seconds

    def _turn(self) -> None:
        began = time.perf_counter()
        debt, self._spent = self._spent, 0.0
        if debt > SECONDS / 4:  # the last frames took long to paint; others in the event loop come first
            self._timer.start(round(min(debt, 0.5) * 1000))
            return
        soonest, drawn = SECONDS, False
        for _ in range(len(self._waiting)):
            view = self._waiting.popleft()
            if isinstance(view, QObject) and not isValid(view):
                self._last.pop(id(view), None)
                continue
            wait = self._last.get(id(view), 0.0) + SECONDS - time.perf_counter()
            if drawn or wait > 0.0:
                self._waiting.append(view)
                soonest = min(soonest, max(wait, 0.0))
                continue
            view.draw_frame()
            drawn = True
            self._last[id(view)] = time.perf_counter()
        took = time.perf_counter() - began
        if self._waiting:
            self._timer.start(round(max(took, soonest, 0.002) * 1000))


_clock: FrameClock | None = None


def clock() -> FrameClock:
    """The window's clock."""
    global _clock
    if _clock is None or not isValid(_clock):
        _clock = FrameClock()
    return _clock

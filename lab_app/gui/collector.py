"""Cycles of Python objects are freed in the GUI thread alone.

Python's collector runs in whichever thread allocates next, and may free wrappers of Qt objects there; widgets and
timers must not die outside their own thread. So it is switched off, and a timer does its work here.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer


class Collector(QObject):
    """Looks a few times a second whether a generation is due, by Python's own thresholds."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=200)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """The oldest generation that is due; it takes the younger ones along."""
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        for generation in (2, 1, 0):
            if due[generation] and all(due[: generation + 1]):
                gc.collect(generation)
                return

"""Cycles of Python objects are freed in the GUI thread alone, and without stalls.

Python's collector runs in whichever thread allocates next, and may free wrappers of Qt objects there; widgets and
timers must not die outside their own thread. So it is switched off, and a timer does its work here. A full collection
visits every object there is, which takes longer than a frame; so what is there to stay (modules, pages, long tables) is
set aside and only looked at again when nobody looks at the window. While samples stream there is no full collection:
what it would find has survived two others, and waits.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

LONG = 0.005
"""Seconds of a full collection after which its survivors are set aside."""
AT_LEAST = 1800.0
"""Seconds after which they are looked at, though somebody looks at the window; later while samples stream."""


class Collector(QTimer):
    """Looks a few times a second whether a generation is due, by Python's own thresholds."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app, interval=200)
        gc.disable()
        set_aside()
        self.quiet: Callable[[], bool] = lambda: True
        """Whether a full collection would disturb nothing now."""
        self._whole = time.monotonic()
        self.timeout.connect(self.collect)
        self.start()
        app.applicationStateChanged.connect(self._state_changed)

    def collect(self) -> None:
        """The oldest generation that is due; it takes the younger ones along."""
        quiet = self.quiet()
        if quiet and time.monotonic() - self._whole > AT_LEAST:
            self.collect_all()
            return
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        for generation in (2, 1, 0) if quiet else (1, 0):
            if due[generation] and all(due[: generation + 1]):
                began = time.perf_counter()
                gc.collect(generation)
                if generation == 2 and time.perf_counter() - began > LONG:
                    set_aside()
                return

    def collect_all(self) -> None:
        """Also what was set aside."""
        self._whole = time.monotonic()
        gc.unfreeze()
        gc.collect()
        set_aside()

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        # Not at once: a window may be on its way out, and its widgets must not be freed from inside of that.
        if state is Qt.ApplicationState.ApplicationInactive:
            self._whole = time.monotonic() - AT_LEAST - 1.0


def set_aside() -> None:
    """What there is now is going to stay."""
    gc.freeze()


def look_again() -> None:
    """Much of what was set aside is no longer needed, e.g. a window."""
    gc.unfreeze()

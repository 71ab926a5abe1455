"""Samples of a study's jobs on their way to whoever shows them: those of the store first, then live, none twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from lab_app.gui.bridge import Lab
from lab_app.store import Store
from lab_app.store.records import Sample

PAGE = 100
"""Samples handed over in one turn of the event loop."""
TAIL = 2000
"""Stored samples, the newest, that may still be on their way here as live ones."""


class Feed(QObject):
    """:attr:`arrived` for every job that was asked for with :meth:`follow`."""

    arrived = Signal(str, list)
    """Key of the job and samples, in the order they were measured."""
    caught_up = Signal()
    """All that was stored is handed over."""

    def __init__(self, lab: Lab, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lab = lab
        self._waiting: dict[str, list[Sample]] = {}
        """Live samples of jobs whose stored ones are still being read."""
        self._followed: set[str] = set()
        self._known: dict[str, set[tuple[str, Any]]] = {}
        """What was stored last, until live samples are newer than that."""
        self._pages: dict[str, deque[list[Sample]]] = {}
        """What was read and is still to be handed over."""
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._hand_over)
        lab.sampled.connect(self._live)

    def follow(self, keys: Collection[str]) -> None:
        """Hear of these jobs: what is stored, and what will be."""
        for key in keys:
            if key in self._followed:
                continue
            self._followed.add(key)
            self._waiting[key] = []
            self._lab.ask(_reader(key), self._taker(key), owner=self)

    def forget(self) -> None:
        self._followed.clear()
        self._waiting.clear()
        self._known.clear()
        self._pages.clear()

    def _taker(self, key: str) -> Callable[[list[Sample]], None]:
        return lambda samples: self._stored(key, samples)

    def _stored(self, key: str, samples: list[Sample]) -> None:
        if key not in self._followed:
            return
        live = self._waiting.pop(key, [])
        if live:  # some of them may have been stored before we read
            known = {(s.series, s.x) for s in samples}
            samples = samples + [s for s in live if (s.series, s.x) not in known]
        view = self._lab.jobs.get(key)
        if view is not None and not view.state.ended:
            self._known[key] = {(s.series, s.x) for s in samples[-TAIL:]}
        self._pages[key] = deque(samples[start : start + PAGE] for start in range(0, len(samples), PAGE))
        self._turn.start()

    def _hand_over(self) -> None:
        """A page in each turn of the event loop, so that a long study opens without a stall."""
        key, pages = next(iter(self._pages.items()), ("", deque[list[Sample]]()))
        if not pages:
            self._pages.pop(key, None)
        else:
            self.arrived.emit(key, pages.popleft())
        if not self._pages:
            self._turn.stop()
            if not self.reading:
                self.caught_up.emit()

    @property
    def reading(self) -> bool:
        """Whether something stored is still on its way."""
        return bool(self._waiting or self._pages)

    def _live(self, key: str, samples: list[Sample]) -> None:
        if key in self._waiting:
            self._waiting[key] += samples
        elif key in self._followed:
            new = self._newer(key, samples)
            if key in self._pages:
                self._pages[key].append(new)
            elif new:
                self.arrived.emit(key, new)

    def _newer(self, key: str, samples: list[Sample]) -> list[Sample]:
        """Without those that had been stored before we read, and are delivered only now. They come first."""
        known = self._known.get(key)
        if known is None:
            return samples
        new = [s for s in samples if (s.series, s.x) not in known]
        if new:
            del self._known[key]
        return new


def _reader(key: str) -> Callable[[Store], list[Sample]]:
    return lambda store: store.samples(key)

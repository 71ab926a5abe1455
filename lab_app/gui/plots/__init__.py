"""Figures of figures.py in the window, live: :class:`~lab_app.gui.plots.view.FigureView`.

They draw by the rules of reports (colours, bins, ticks, which axis is logarithmic). Importing the modules of
this room imports pyqtgraph and numpy; call :func:`preload` once the first window is painted.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from importlib import import_module

from PySide6.QtCore import QTimer

QT = ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtSvg", "QtTest", "QtOpenGL", "QtOpenGLWidgets")
"""Modules of Qt that the program or pyqtgraph imports."""
TURN = 0.004
"""Seconds of the GUI thread that making types may take at once."""

_wanted: tuple[str, ...] = ()
_types: Iterator[None] = iter(())
_loading: threading.Thread | None = None
_enough = threading.Event()


def preload(others: Iterable[str] = ()) -> None:
    """Import what plots need, and other modules by their names, in a thread of its own, so that the first figure and
    the first page with one open at once. To be called in the GUI thread.

    PySide makes the type of a class when it is first looked at, and is not meant to be interrupted there: when two
    threads do so at once, the program crashes (pyqtgraph looks at every class there is). So all of them are made
    before, here, a few a turn of the event loop.
    """
    global _wanted, _types
    if not _wanted:
        _wanted = ("lab_app.gui.plots.view", *others)
        _types = _made()
        _make_types()


def is_loaded() -> bool:
    """Whether nothing is left of :func:`preload` that making a figure would wait for."""
    return not _wanted or (_loading is not None and not _loading.is_alive())


def end() -> None:
    """Before the program ends: a module that is imported while the interpreter goes fails with a traceback."""
    _enough.set()
    if _loading is not None:
        _loading.join(10)


def _made() -> Iterator[None]:
    for name in QT:
        try:
            module = import_module(f"PySide6.{name}")
        except ImportError:
            continue  # OpenGL is not everywhere, and pyqtgraph does without it
        for item in dir(module):
            getattr(module, item, None)
            yield


def _make_types() -> None:
    global _loading
    until = time.perf_counter() + TURN
    for _ in _types:
        if time.perf_counter() > until:
            QTimer.singleShot(round(1000 * TURN), _make_types)  # all else has half of the time
            return
    _loading = threading.Thread(target=_load, args=(_wanted,), name="preload plots", daemon=True)
    _loading.start()


def _load(names: Iterable[str]) -> None:
    for name in names:
        if _enough.is_set():
            return
        import_module(name)

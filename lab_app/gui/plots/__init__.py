"""Figures of figures.py in the window, live: :class:`~lab_app.gui.plots.view.FigureView`.

They draw by the rules of reports (colours, bins, ticks, which axis is logarithmic). Importing the modules of
this room imports pyqtgraph and numpy; call :func:`preload` once the first window is painted.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from importlib import import_module

_loading: threading.Thread | None = None
_enough = threading.Event()


def preload(others: Iterable[str] = ()) -> None:
    """Import what plots need, and other modules by their names, in a thread of its own, so that the first figure and
    the first page with one open at once."""
    global _loading
    if _loading is None:
        names = ("lab_app.gui.plots.view", *others)
        _loading = threading.Thread(target=_load, args=(names,), name="preload plots", daemon=True)
        _loading.start()


def is_loaded() -> bool:
    """Whether nothing is left of :func:`preload` that making a figure would wait for."""
    return _loading is None or not _loading.is_alive()


def end() -> None:
    """Before the program ends: a module that is imported while the interpreter goes fails with a traceback."""
    _enough.set()
    if _loading is not None:
        _loading.join(10)


def _load(names: Iterable[str]) -> None:
    for name in names:
        if _enough.is_set():
            return
        import_module(name)

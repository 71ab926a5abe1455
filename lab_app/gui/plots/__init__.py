"""Figures of figures.py in the window, live: :class:`~lab_app.gui.plots.view.FigureView`.

They draw by the rules of reports (colours, bins, ticks, which axis is logarithmic). Importing the modules of
this room imports pyqtgraph and numpy; call :func:`preload` once the first window is painted.
"""

from __future__ import annotations

import threading

_loading: threading.Thread | None = None


def preload() -> None:
    """Import what plots need in a thread of its own, so that the first figure opens at once."""
    global _loading
    if _loading is None:
        _loading = threading.Thread(target=_load, name="preload plots", daemon=True)
        _loading.start()


def is_loaded() -> bool:
    """Whether nothing is left of :func:`preload` that making a figure would wait for."""
    return _loading is None or not _loading.is_alive()


def _load() -> None:
    import lab_app.gui.plots.view  # noqa: F401 - for what it imports

"""What the settings allow of the network, for this process: whether it may be used, and how fast.

The window hands its settings over (:func:`use`); the command line and every worker follow those of the data folder
(:func:`follow`), which are read when the network is first wanted. Without either everything is allowed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from lab_app.system import paths, settings
from lab_app.system.settings import Settings

_lock = threading.Lock()
_settings: Settings | None = Settings()
_folder: str | None = None
_free_at = 0.0


def use(chosen: Settings) -> None:
    """These settings hold from now on."""
    global _settings
    _settings = chosen


def follow(data_dir: str | Path | None) -> None:
    """The settings of a data folder hold (None: the usual one), as they are when they are first asked for."""
    global _settings, _folder
    _settings, _folder = None, str(data_dir) if data_dir else None


def _current() -> Settings:
    global _settings
    with _lock:
        if _settings is None:
            _settings = settings.load(paths.Folders(paths.data_dir(_folder)))
        return _settings


def offline() -> bool:
    """True where nothing may be asked of the network. Raises IntegrityError, ResourceError (settings)."""
    return _current().offline


def bandwidth() -> float | None:
    """Bytes a second that may be received; None without a limit. Raises as :func:`offline`."""
    return float(_current().bandwidth) or None


def settle(count: int, check: Callable[[], None] = lambda: None) -> None:
    """Wait until ``count`` bytes that have arrived are paid for. ``check`` may raise meanwhile."""
    global _free_at
    limit = bandwidth()
    if limit is None or not count:
        return
    with _lock:
        _free_at = max(_free_at, time.monotonic()) + count / limit
        until = _free_at
    while (left := until - time.monotonic()) > 0:
        check()
        time.sleep(min(left, 0.1))

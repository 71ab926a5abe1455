"""What the settings allow of the network, for this process: whether it may be used, and how fast.

The window hands its settings over (:func:`use`); the command line and every worker follow those of the data folder
(:func:`follow`), which are read when the network is first wanted. Without either everything is allowed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from lab_app.system import paths, settings
from lab_app.system.settings import Settings

try:
    import fcntl
except ImportError:  # Windows: every process keeps to the limit by itself
    fcntl = None  # type: ignore[assignment]

_AT_ONCE = 0.25
_LONGEST = 600.0
"""Seconds."""
_lock = threading.Lock()
_settings: Settings | None = Settings()
_folder: str | None = None
_free_at = 0.0


def use(chosen: Settings, folder: str | Path | None = None) -> None:
    """These settings hold from now on; ``folder`` is the data folder they are of."""
    global _settings, _folder, _free_at
    _settings, _folder, _free_at = chosen, str(folder) if folder else None, 0.0


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


def due(count: int, limit: float) -> float:
    """When ``count`` more bytes may have arrived (``time.time``), where all processes of one data folder together
    receive ``limit`` bytes a second at most. What nobody used is lost but for a quarter of a second."""
    global _free_at
    with _lock, _shared() as shared:
        now = time.time()
        known = _free_at if shared is None else _read(shared)
        # A clock that was set back must not stop everything for long.
        free_at = max(min(known, now + _LONGEST), now - _AT_ONCE) + count / limit
        if shared is None:
            _free_at = free_at
        else:
            shared.seek(0)
            shared.truncate()
            shared.write(repr(free_at))
            shared.flush()
    return free_at


@contextmanager
def _shared() -> Iterator[TextIO | None]:
    """The file in which processes tell each other what they have received, held; None where there is none."""
    if _folder is None or fcntl is None:
        yield None
        return
    try:
        stream = open(Path(_folder) / "network.pace", "a+", encoding="ascii")  # noqa: SIM115 - closed below
    except OSError:
        yield None
        return
    with stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # ends with the file
        yield stream


def _read(stream: TextIO) -> float:
    stream.seek(0)
    try:
        return float(stream.read() or 0.0)
    except ValueError:
        return 0.0


def settle(count: int, check: Callable[[], None] = lambda: None) -> None:
    """Wait until ``count`` bytes that have arrived are paid for. ``check`` may raise meanwhile."""
    limit = bandwidth()
    if limit is None or not count:
        return
    until = due(count, limit)
    while (left := until - time.time()) > 0:
        check()
        time.sleep(min(left, 0.1))

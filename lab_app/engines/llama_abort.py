"""Stopping llama.cpp in the middle of a computation."""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_POLL_SECONDS = 0.05


class AbortFlag:
    """A flag llama.cpp looks at before every node of a graph, and a thread that raises it.

    llama.cpp asks a C function ``bool f(void *)`` thousands of times a second. A Python function there
    would cost several percent of the time per token, so the C library's ``strlen`` stands in: over a
    buffer that holds an empty string it returns 0 (go on), and 1 (stop) once a byte is written.
    """

    def __init__(self, cancelled: Callable[[], bool] | None) -> None:
        self._buffer = ctypes.create_string_buffer(2)
        library: Any = ctypes.CDLL("msvcrt") if sys.platform == "win32" else ctypes.CDLL(None)
        self.function: Any = library.strlen
        self._cancelled = cancelled
        self._wake = threading.Event()
        self._stop = False
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> int:
        return ctypes.addressof(self._buffer)

    @contextmanager
    def armed(self) -> Iterator[None]:
        """While inside, ``cancelled`` is polled and raises the flag."""
        if self._cancelled is None:
            yield
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="abort-flag", daemon=True)
            self._thread.start()
        self._wake.set()
        try:
            yield
        finally:
            self._wake.clear()

    def _watch(self) -> None:
        assert self._cancelled is not None
        while not self._stop:
            self._wake.wait()
            if self._cancelled():
                self._buffer[0] = b"x"
                return
            time.sleep(_POLL_SECONDS)

    def check(self) -> bool:
        """Whether the work was cancelled; for use between computations."""
        return self._cancelled is not None and self._cancelled()

    def close(self) -> None:
        self._stop = True
        self._wake.set()

"""What llama.cpp says: every native log line goes to file descriptor 2 (the job's log) and into a ring.

llama.cpp reports why a model or context cannot be had only through its log, so errors for people are
made from the lines caught here.
"""

from __future__ import annotations

import ctypes
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

DEBUG, INFO, WARN, ERROR, CONT = 1, 2, 3, 4, 5
"""ggml_log_level (ggml.h); CONT continues the line before it."""

_RING_LINES = 400


class NativeLog:
    """Receives llama.cpp's log. ``lines`` holds the last whole lines, oldest first."""

    def __init__(self, callback_type: Any) -> None:
        """``callback_type`` is the bindings' ``llama_log_callback`` (a ctypes function type)."""
        self.lines: deque[str] = deque(maxlen=_RING_LINES)
        self._captures: list[list[str]] = []
        self._pieces: list[Callable[[str], None]] = []
        self._open = ""
        self._level = INFO
        self.callback = callback_type(self._receive)
        """Handed to llama_log_set; must live as long as the library."""

    def _receive(self, level: int, text: bytes | None, _data: ctypes.c_void_p | None) -> None:
        if not text:
            return
        if level != CONT:
            self._level = level
        if self._level != DEBUG:
            # A closed log must not stop a measurement.
            with suppress(OSError):
                os.write(2, text)
        for listener in self._pieces:
            listener(text.decode("utf-8", errors="replace"))
        pieces = (self._open + text.decode("utf-8", errors="replace")).split("\n")
        self._open = pieces.pop()
        for line in pieces:
            self.lines.append(line)
            for capture in self._captures:
                capture.append(line)

    @contextmanager
    def capture(self) -> Iterator[list[str]]:
        """All lines logged inside the block, DEBUG included."""
        lines: list[str] = []
        self._captures.append(lines)
        try:
            yield lines
        finally:
            # By identity: two captures with equal content are still two captures.
            self._captures = [other for other in self._captures if other is not lines]

    @contextmanager
    def pieces(self, listener: Callable[[str], None]) -> Iterator[None]:
        """``listener`` gets every piece as it is logged, also the beginnings of lines that end later."""
        self._pieces.append(listener)
        try:
            yield
        finally:
            self._pieces.remove(listener)

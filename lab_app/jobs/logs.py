"""Reading a job's log: what its worker and native code printed, line by line, with a level for each.

Native code writes no level into the log, so it is told from the words, as :mod:`lab_app.jobs.postmortem` does.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

_LONGEST = 2 << 20
_ERROR = re.compile(
    r"\berror\b|\bfailed\b|\bfatal\b|GGML_ASSERT|terminate called|what\(\):|^Traceback|cannot open shared object"
    r"|out of memory|\b\w+Error: ",
    re.IGNORECASE,
)
_WARNING = re.compile(
    r"\bwarn(?:ing)?\b|\bdeprecated\b|\bfall(?:ing)? ?back\b|\bunsupported\b", re.IGNORECASE
)


class Level(IntEnum):
    INFO = 0
    WARNING = 1
    ERROR = 2


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    level: Level


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines from ``start`` on; ``end`` is where the next read begins. ``restarted``: the file is a new one."""

    lines: tuple[Line, ...]
    end: int
    restarted: bool = False


def level_of(text: str) -> Level:
    if _ERROR.search(text):
        return Level.ERROR
    return Level.WARNING if _WARNING.search(text) else Level.INFO


def read(log: Path, start: int = 0) -> Piece:
    """Whole lines of ``log`` from byte ``start`` on, of the last 2 MiB at most. A missing file has none."""
    try:
        with open(log, "rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            restarted = size < start
            begin = 0 if restarted else start
            skipped = size - begin > _LONGEST
            begin = max(begin, size - _LONGEST)
            stream.seek(begin)
            data = stream.read(size - begin)
    except OSError:
        return Piece((), 0, start > 0)
    whole = data.rfind(b"\n") + 1
    lines = data[:whole].decode("utf-8", "replace").splitlines()
    if skipped:
        lines = lines[1:]
    return Piece(tuple(Line(text, level_of(text)) for text in lines), begin + whole, restarted or skipped)

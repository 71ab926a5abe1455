"""Whether a stream is a terminal that moves its cursor and shows colours."""

from __future__ import annotations

import os
from typing import TextIO


def is_terminal(stream: TextIO) -> bool:
    """False for pipes and files, and for terminals that call themselves ``dumb``."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def wants_color(stream: TextIO) -> bool:
    """https://no-color.org: a NO_COLOR that is set and not empty turns colours off."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")

"""The one exception of the native build: a sentence for people and an exit code.

The codes are those of ``odyssey-lab`` itself: 2 usage, 3 the build failed, 4 integrity, 5 network,
6 something is missing on this machine.
"""

from __future__ import annotations

USAGE, FAILED, INTEGRITY, NETWORK, RESOURCES, INTERRUPTED = 2, 3, 4, 5, 6, 130


class BuildError(Exception):
    """``message`` says what is wrong, ``hint`` what to do about it."""

    def __init__(self, code: int, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.code = code

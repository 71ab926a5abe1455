"""Numbers drawn from names, the same on every machine and in every version of Python."""

from __future__ import annotations

from hashlib import sha256


def whole(low: int, high: int, *name: object) -> int:
    """A whole number in [low, high] that depends on ``name`` alone (SHA-256, reduced modulo the range; the
    range may have up to 2³² numbers, so that the largest bias is 2⁻³²)."""
    text = "\x1f".join(str(part) for part in name)
    drawn = int.from_bytes(sha256(text.encode()).digest()[:8], "big")
    return low + drawn % (high - low + 1)

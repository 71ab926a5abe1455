"""Bytes and counts for people."""

from __future__ import annotations

import math
import re

_SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([KMGT]?i?B)?\s*$", re.IGNORECASE)
_UNITS = {
    "": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
    "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
}  # fmt: skip
_AMOUNT = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([KMBT]?)\s*$", re.IGNORECASE)
_AMOUNTS = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}


def parse_size(text: str) -> int | None:
    """Bytes of ``"6 GiB"``, ``"500 MB"`` or a plain number; None for something else."""
    match = _SIZE.match(text)
    found = float(match[1]) * _UNITS[(match[2] or "").lower()] if match else math.inf
    return int(found) if math.isfinite(found) else None


def parse_amount(text: str) -> float | None:
    """The number of ``"7B"`` or ``"135M"``; None for something else."""
    match = _AMOUNT.match(text)
    return float(match[1]) * _AMOUNTS[match[2].lower()] if match else None


def size(count: float) -> str:
    """``98.4 MB``: powers of ten, as file managers and hubs show them."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if abs(value) < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.2f} TB"


def amount(number: float) -> str:
    """``134.5M``: a count with the unit models are named by."""
    for limit, unit in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")):
        if abs(number) >= limit:
            return f"{number / limit:.1f}{unit}"
    return f"{number:.0f}"

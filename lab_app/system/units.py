"""Bytes and counts for people."""

from __future__ import annotations


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

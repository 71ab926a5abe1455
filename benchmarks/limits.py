"""Limits of a benchmark: a table of what was found beside what is allowed, and the exit code that says so."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any


def look_up(found: Mapping[str, Any], path: str) -> float:
    """The number at a path like ``stream.stall.p99_ms``; of a list its length. Raises KeyError."""
    value: Any = found
    for name in path.split("."):
        value = value[name]
    return float(len(value)) if isinstance(value, list | tuple) else float(value)


def check(found: Mapping[str, Any], limits: Mapping[str, float]) -> int:
    """Print the table to standard error; 1 where a limit is passed, else 0. Parts that were not run are left out."""
    passed = False
    width = max(map(len, limits))
    for path, limit in limits.items():
        if path.partition(".")[0] not in found:
            continue
        value = look_up(found, path)
        passed = passed or value > limit
        verdict = "passed its limit" if value > limit else "ok"
        print(f"{path:<{width}}  {value:>10g}  at most {limit:>6g}  {verdict}", file=sys.stderr)
    return 1 if passed else 0

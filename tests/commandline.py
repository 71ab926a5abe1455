"""The real command line, as a child process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment with the checkout on the path and no settings of the caller's."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return {**kept, "PYTHONPATH": str(ROOT), **(extra or {})}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "lab_app.cli", *map(str, arguments)]


def lab(
    *arguments: object, cwd: Path | None = None, env: Mapping[str, str] | None = None, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run ``odyssey-lab`` to its end."""
    return subprocess.run(
        command(*arguments), cwd=cwd, env=environment(env), capture_output=True, text=True, timeout=timeout,
        check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def lines(text: str) -> list[dict[str, Any]]:
    """Standard output of ``--json``: every line must be one JSON object."""
    found: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    assert all(isinstance(item, dict) for item in found)
    return found


def named(found: Sequence[dict[str, Any]], event: str) -> list[dict[str, Any]]:
    return [item for item in found if item["event"] == event]


def failures(found: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Title → sentence of the jobs that failed, from the last line of a run; for runs without two of one title."""
    return {job["title"]: job["message"] for job in found[-1]["failed"]}


def finish(process: subprocess.Popen[str], timeout: float = 120) -> tuple[str, str]:
    """The rest of its standard output and its standard error, once it has ended.

    ``communicate`` would lose what iterating over the output has read ahead.
    """
    output = process.stdout.read() if process.stdout is not None else ""
    errors = process.stderr.read() if process.stderr is not None else ""
    process.wait(timeout=timeout)
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    return output, errors

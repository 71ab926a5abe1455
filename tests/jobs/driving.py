"""Jobs for tests of the runner, and how one looks at what became of them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

import psutil
import pytest

from lab_app.jobs.job import ArtifactInput, Job
from lab_app.jobs.runner import Runner
from lab_app.system.paths import Folders

NewRunner = Callable[..., Runner]


def make(text: str, *needs: Job, **rest: Any) -> Job:
    params = {"text": text, **rest.pop("params", {})}
    inputs = {str(index): ArtifactInput(job.key, "file") for index, job in enumerate(needs)}
    return Job("toys:make", params, inputs, title=text, **rest)


def measure(count: int = 5, **params: Any) -> Job:
    return Job("toys:measure", {"count": count, **params}, title="measure")


def runs(folders: Folders) -> list[str]:
    """The jobs whose handler ran, in order."""
    path = folders.root / "runs.txt"
    return path.read_text().split() if path.exists() else []


def workers() -> list[psutil.Process]:
    """Children that live; what other tests left unburied does not count."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if child.status() != psutil.STATUS_ZOMBIE:
                found.append(child)
    return found


def wait_for(condition: Callable[[], Any], seconds: float = 20) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.005)
    pytest.fail("it did not happen in time")

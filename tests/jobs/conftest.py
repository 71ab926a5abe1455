"""Runners whose jobs are the toy handlers of ``toys.py``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lab_app.jobs.job import Job
from lab_app.jobs.runner import Runner
from lab_app.store import Store
from lab_app.system.paths import Folders

TOYS = str(Path(__file__).parent)


class Heard(list[tuple[Job, Any]]):
    """A subscriber that remembers."""

    def __call__(self, job: Job, event: Any) -> None:
        self.append((job, event))

    def of(self, kind: type, job: Job | None = None) -> list[Any]:
        return [event for about, event in self if isinstance(event, kind) and job in (None, about)]


@pytest.fixture
def toy(run_job: Callable[..., Any]) -> Callable[..., Any]:
    """``toy("measure", {…})`` runs one toy to its end."""
    return lambda name, params=None, **rest: run_job(f"toys:{name}", params, import_paths=(TOYS,), **rest)


@pytest.fixture
def new_runner(store: Store, folders: Folders) -> Callable[..., Runner]:
    return partial(Runner, store, folders, import_paths=(TOYS,))


@pytest.fixture
def heard() -> Heard:
    return Heard()

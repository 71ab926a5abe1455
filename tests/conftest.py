"""What every room's tests share: the native engine, the demo model, a data folder, a store, real jobs.

``$ODYSSEY_LAB_TEST_CACHE`` (default ``.cache/tests`` in the checkout) keeps the demo model between runs;
``$ODYSSEY_LAB_DEMO_MODEL`` names a copy that stands already.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from lab_app.gguf import demo
from lab_app.jobs.events import Event, Failure, Result
from lab_app.jobs.job import Input, Job
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState, StateChange
from lab_app.store import Store
from lab_app.store.records import ArtifactRecord, Sample
from lab_app.system import native, paths
from lab_app.system.errors import LabError
from lab_app.system.hashing import sha256_file

ROOT = Path(__file__).resolve().parents[1]

# The same examples in every run, and no verdict by the clock: machines are slow and busy.
settings.register_profile(
    "lab", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("lab")


@dataclass(frozen=True)
class Ran:
    """A job that ran in a real worker: how it ended and everything subscribers heard."""

    job: Job
    state: JobState
    events: list[Event | StateChange]
    samples: list[Sample]
    artifacts: dict[str, ArtifactRecord]
    log: str

    @property
    def failure(self) -> Failure:
        return next(event for event in reversed(self.events) if isinstance(event, Failure))

    @property
    def values(self) -> Mapping[str, Any]:
        """Of the Result; fails the test with the job's own sentence when there is none."""
        for event in reversed(self.events):
            if isinstance(event, Result):
                return event.values
        pytest.fail(
            f"{self.job.kind} {self.state}: {self.failure.message}\n{self.failure.detail or self.log}"
        )


RunJob = Callable[..., Ran]


@pytest.fixture(scope="session")
def native_dir() -> Path:
    """The native engine, its manifest readable."""
    try:
        folder = paths.native_dir()
        native.manifest()
    except LabError as error:
        pytest.fail(f"This test needs the native engine. {error}", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    """Kept between test runs, git-ignored."""
    folder = Path(os.environ.get("ODYSSEY_LAB_TEST_CACHE") or ROOT / ".cache" / "tests").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def demo_model(cache_dir: Path) -> Path:
    """SmolLM2-135M-Instruct Q4_1, fetched once by the lab's own job, its sha256 checked."""
    folders = paths.Folders(cache_dir / "data")
    path = demo.demo_path(folders)
    if not (path.is_file() and sha256_file(path) == demo.DEMO_SHA256):
        if demo.OVERRIDE in os.environ:
            pytest.fail(f"${demo.OVERRIDE} names {path}, which is not the demo model.", pytrace=False)
        with Store.open(folders.db) as store:
            ran = _run(
                store, folders, Job("fetch-demo", {"source": "demo:"}, hints={"out_dir": str(folders.models)})
            )
        if ran.state is not JobState.DONE:
            pytest.fail(f"{ran.failure.message} {ran.failure.hint}", pytrace=False)
    return path


@pytest.fixture
def folders(tmp_path: Path) -> paths.Folders:
    """A data folder of this test's own."""
    return paths.Folders(tmp_path / "data").create()


@pytest.fixture
def store(folders: paths.Folders) -> Iterator[Store]:
    with Store.open(folders.db) as opened:
        yield opened


@pytest.fixture
def run_job(store: Store, folders: paths.Folders) -> Iterator[RunJob]:
    """``run_job(kind, params, inputs={role: FileInput(…)}, **rest_of_Job)``: the real handler in a real worker.

    Running the same job again after a failure goes on after its samples. ``import_paths`` lets a kind
    ``module:function`` name a handler that lies in the tests.
    """

    def run(
        kind: str,
        params: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Input] | None = None,
        *,
        import_paths: tuple[str, ...] = (),
        force: bool = True,
        **rest: Any,
    ) -> Ran:
        job = Job(kind, dict(params or {}), dict(inputs or {}), **rest)
        return _run(store, folders, job, import_paths, force=force)

    yield run
    shutil.rmtree(folders.artifacts, ignore_errors=True)


def _run(
    store: Store, folders: paths.Folders, job: Job, import_paths: tuple[str, ...] = (), *, force: bool = True
) -> Ran:
    events: list[Event | StateChange] = []
    runner = Runner(store, folders, import_paths=import_paths)
    runner.subscribe(lambda _, event: events.append(event))
    runner.submit([job], force={job.key} if force else frozenset())
    state = runner.run()[job.key]
    log = folders.logs / f"{job.key}.log"
    return Ran(
        job,
        state,
        events,
        store.samples(job.key),
        {record.role: record for record in store.artifacts(job.key)},
        log.read_text("utf-8", "replace") if log.exists() else "",
    )

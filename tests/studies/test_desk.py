"""Many studies over one runner: room on the disk, kept files, reports after the last job, jobs of no study."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_app.hub import download
from lab_app.hub.source import RemoteFile
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.store.store import ResultRow
from lab_app.studies.desk import Desk, with_needs
from lab_app.system.errors import ResourceError, UsageError
from lab_app.system.paths import Folders
from tests.models import tiny_gguf

STUDY = """
schema_version = 1
name = "Two of a kind"
[source]
model = {model}
[quantize]
types = ["Q8_0", "Q4_0"]
[[probe]]
kind = "divergence"
context = 128
chunks = 2
{more}
"""


@pytest.fixture
def model(tmp_path: Path) -> str:
    return f'"{tiny_gguf(tmp_path / "tiny.gguf", context=256)}"'


@pytest.fixture
def desk(store: Store, folders: Folders, native_dir: Path) -> Desk:
    runner = Runner(store, folders)
    made = Desk(store, runner, folders)
    runner.subscribe(made.hear)
    return made


def test_a_study_that_does_not_fit_is_refused_before_anything_starts(
    desk: Desk, model: str, tmp_path: Path
) -> None:
    toml = STUDY.format(model=model, more='[resources]\ndisk = "10 kB"')
    plan = desk.plan(toml, tmp_path / "s.toml")
    with pytest.raises(ResourceError, match=r"allows 10\.0 kB"):
        desk.start(plan)
    assert desk.store.studies() == []
    assert desk.runner.states() == {}


def test_the_report_comes_last_also_after_a_failure(desk: Desk, model: str, tmp_path: Path) -> None:
    plan = desk.plan(STUDY.format(model=model, more=""), tmp_path / "s.toml")
    study_id = desk.start(plan)
    victim = next(job for job in plan.jobs if job.title == "quantize to Q4_0")
    desk.runner.cancel(victim.key)
    states = desk.runner.run()
    assert states[victim.key] is JobState.CANCELLED
    assert states[plan.report.key] is JobState.DONE
    assert sum(state is JobState.BLOCKED for state in states.values()) == 1
    written = desk.store.result(plan.report.key)
    assert written is not None

    # What is left is done by starting again, and the report is written anew.
    again = desk.plan_again(study_id)
    assert {job.key for job in again.unfinished} >= {victim.key}
    desk.start(again)
    states = desk.runner.run()
    assert all(state is JobState.DONE for state in states.values())
    renewed = desk.store.result(plan.report.key)
    assert renewed is not None and renewed.finished > written.finished


def test_a_job_tried_again_has_the_report_written_anew(desk: Desk, model: str, tmp_path: Path) -> None:
    plan = desk.plan(STUDY.format(model=model, more=""), tmp_path / "s.toml")
    study_id = desk.start(plan)
    victim = next(job for job in plan.jobs if job.title == "divergence: Q4_0")

    def report() -> ResultRow:
        found = desk.store.result(plan.report.key)
        assert found is not None
        return found

    desk.runner.cancel(victim.key)
    desk.runner.run()
    first = report()
    desk.runner.retry(victim.key)  # in the session that cancelled it
    assert all(state is JobState.DONE for state in desk.runner.run().values())
    second = report()
    assert second.finished > first.finished

    desk.store.set_state(victim.key, "cancelled")
    runner = Runner(desk.store, desk.folders)  # and in a later one
    later = Desk(desk.store, runner, desk.folders)
    runner.subscribe(later.hear)
    later.start(later.plan_again(study_id), {victim.key})
    assert runner.run()[plan.report.key] is JobState.DONE
    assert report().finished > second.finished


def test_a_report_alone_is_written_anew(desk: Desk, model: str, tmp_path: Path) -> None:
    """An earlier session ended while it was being written, and "try again" is pressed beside it."""
    plan = desk.plan(STUDY.format(model=model, more=""), tmp_path / "s.toml")
    study_id = desk.start(plan)
    desk.runner.run()
    desk.store.set_state(plan.report.key, "queued")
    runner = Runner(desk.store, desk.folders)
    later = Desk(desk.store, runner, desk.folders)
    runner.subscribe(later.hear)
    later.start(later.plan_again(study_id), {plan.report.key})
    assert runner.run() == {plan.report.key: JobState.DONE}
    assert desk.store.job(plan.report.key).state == "done"  # type: ignore[union-attr]


def test_one_job_with_what_it_needs(desk: Desk, model: str, tmp_path: Path) -> None:
    plan = desk.plan(STUDY.format(model=model, more=""), tmp_path / "s.toml")
    probe = next(job for job in plan.jobs if job.title == "divergence: Q8_0")
    wanted = {job.title for job in plan.jobs if job.key in with_needs(plan, [probe.key])}
    assert {"quantize to Q8_0", "divergence: Q8_0"} <= wanted
    assert not wanted & {"quantize to Q4_0", "divergence: Q4_0", "report"}


def test_a_limit_of_memory_holds_where_the_study_names_none(desk: Desk, model: str, tmp_path: Path) -> None:
    desk.memory_limit = 3 << 30
    plan = desk.plan(STUDY.format(model=model, more=""), tmp_path / "s.toml")
    assert {job.memory_limit for job in plan.jobs[:-1]} == {3 << 30}
    own = STUDY.format(model=model, more='[resources]\nmemory = "2 GiB"')
    plan = desk.plan(own, tmp_path / "s.toml")
    assert {job.memory_limit for job in plan.jobs[:-1]} == {2 << 30}


def test_studies_left_waiting_are_found(desk: Desk, model: str, tmp_path: Path) -> None:
    plan = desk.plan(STUDY.format(model=model, more=""), tmp_path / "s.toml")
    assert desk.left_waiting() == []
    study_id = desk.start(plan)
    assert [record.study_id for record in desk.left_waiting()] == [study_id]
    assert desk.study_of(plan.jobs[0].key) == desk.store.study(study_id)


def test_a_download_is_rebuilt_from_the_store(desk: Desk) -> None:
    file = RemoteFile("org/repo", "c" * 40, "a.gguf", 7, "0" * 64)
    for job in (download.job("org/repo", ["a.gguf"], "main"), download.pinned_job([file], "main")):
        desk.store.enqueue(job.key, job.kind, job.title, job.params, {}, job.engine)
        assert desk.rebuild(job.key).key == job.key
    assert [row.key for row in desk.left_downloads()][-1] == job.key and len(desk.left_downloads()) == 2
    with pytest.raises(UsageError, match="belongs to no study"):
        desk.rebuild("0" * 64)

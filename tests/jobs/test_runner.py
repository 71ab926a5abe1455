"""The runner: order, finding finished work, what goes wrong. Real workers throughout."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from lab_app.jobs.events import Failure
from lab_app.jobs.job import ArtifactInput, FileInput, Job, Slot
from lab_app.jobs.states import JobState, StateChange
from lab_app.store import Store
from lab_app.store.records import ArtifactRecord, Sample
from lab_app.system.errors import ExitCode, ResourceError, UsageError
from lab_app.system.hashing import sha256_file
from lab_app.system.paths import Folders
from tests.jobs.driving import NewRunner, make, measure, runs, wait_for, workers


def test_makers_first_and_inputs_arrive(new_runner: NewRunner, store: Store, folders: Folders) -> None:
    a = make("a")
    b = make("b", a)
    c = make("c", a, b)
    d = make("d", after=(c.key,))
    runner = new_runner()
    runner.submit([d, c, b, a])
    assert set(runner.run().values()) == {JobState.DONE}
    assert runs(folders) == ["a", "b", "c", "d"]
    (record,) = store.artifacts(c.key)
    assert Path(record.path).read_text() == "caba"
    assert record.sha256 == sha256_file(record.path)
    assert record.size == 4
    assert not any(folders.work.iterdir())


def test_finished_work_is_found(new_runner: NewRunner, folders: Folders, heard: Any) -> None:
    jobs = [a := make("a"), make("b", a)]
    for _ in range(2):
        runner = new_runner()
        runner.subscribe(heard)
        runner.submit(jobs)
        runner.run()
    assert runs(folders) == ["a", "b"]
    changes = [event for _, event in heard if isinstance(event, StateChange)]
    assert [change.message for change in changes[-2:]] == ["found", "found"]


def test_force_runs_again(new_runner: NewRunner, folders: Folders) -> None:
    jobs = [a := make("a"), make("b", a)]
    runner = new_runner()
    runner.submit(jobs)
    runner.run()
    runner.submit(jobs, force={jobs[1].key})
    runner.run()
    assert runs(folders) == ["a", "b", "b"]


def test_a_missing_file_is_made_again_only_for_who_needs_it(
    new_runner: NewRunner, store: Store, folders: Folders
) -> None:
    a, other = make("a"), make("other")
    b = make("b", a)
    runner = new_runner()
    runner.submit([a, other, b])
    runner.run()
    for job in (a, other):
        Path(store.artifacts(job.key)[0].path).unlink()
    c = make("c", a)
    runner = new_runner()
    runner.submit([a, other, b, c])
    assert set(runner.run().values()) == {JobState.DONE}
    assert runs(folders)[3:] == ["a", "c"]


def test_a_truncated_file_is_made_again(new_runner: NewRunner, store: Store, folders: Folders) -> None:
    a = make("aaaa")
    runner = new_runner()
    runner.submit([a])
    runner.run()
    Path(store.artifacts(a.key)[0].path).write_text("aa")
    runner.submit([a, b := make("b", a)])
    runner.run()
    assert runs(folders) == ["aaaa", "aaaa", "b"]
    assert Path(store.artifacts(b.key)[0].path).read_text() == "baaaa"


def test_a_file_of_the_right_size_but_with_other_bytes_is_made_again(
    new_runner: NewRunner, store: Store, folders: Folders
) -> None:
    a = make("aaaa")
    runner = new_runner()
    runner.submit([a])
    runner.run()
    path = Path(store.artifacts(a.key)[0].path)
    path.write_text("aXaa")
    runner.submit([a, b := make("b", a)])
    runner.run()
    assert runs(folders) == ["aaaa", "aaaa", "b"]
    assert Path(store.artifacts(b.key)[0].path).read_text() == "baaaa"
    path.touch()  # another time alone is no reason
    runner.submit([c := make("c", a)])
    runner.run()
    assert runs(folders)[3:] == ["c"]
    assert Path(store.artifacts(c.key)[0].path).read_text() == "caaaa"


def test_a_large_file_between_jobs_goes_when_its_users_are_done(
    new_runner: NewRunner, store: Store, folders: Folders
) -> None:
    a = make("a", params={"meta": {"ephemeral": True}})
    runner = new_runner()
    runner.submit(
        [a, make("b", a), Job("toys:refuse", {"error": "UsageError"}, {"i": ArtifactInput(a.key, "file")})]
    )
    runner.run()
    path = Path(store.artifacts(a.key)[0].path)
    assert path.exists()  # one of its users has not succeeded
    runner = new_runner()
    runner.submit([a, make("b", a)])
    runner.run()
    assert not path.exists()
    runner = new_runner()
    runner.submit([a, make("b", a)])
    runner.run()
    assert runs(folders) == ["a", "b"]  # nobody misses it


def test_a_job_made_again_gets_no_old_samples(toy: Any) -> None:
    assert toy("measure", {"count": 5}).values == {"measured": 5, "had": 0}
    ran = toy("measure", {"count": 5})
    assert ran.values == {"measured": 5, "had": 0}
    assert len(ran.samples) == 5


def test_slots(running: Any, folders: Folders) -> None:
    jobs = [Job("toys:measure", {"count": 1000, "pause": 1, "i": i}, slot=slot)
            for i, slot in enumerate((Slot.CPU, Slot.CPU, Slot.NET, Slot.NET, Slot.NET, Slot.GPU))]  # fmt: skip
    runner, end = running(jobs)

    def held() -> list[Slot]:
        return sorted(job.slot for job in jobs if runner.states()[job.key] is JobState.RUNNING)

    expected = sorted([Slot.CPU, Slot.GPU, Slot.NET, Slot.NET])
    wait_for(lambda: held() == expected)
    wait_for(lambda: len(workers()) == 4)
    runner.cancel(jobs[2].key)
    wait_for(lambda: runner.states()[jobs[4].key] is JobState.RUNNING)
    assert held() == expected
    runner.stop(kill=True)
    end()


def test_nothing_computes_beside_an_exclusive_job(running: Any) -> None:
    """Whatever the slot, a measurement of speed waits for those that run, and the rest waits for it."""

    def job(name: str, slot: Slot, *, exclusive: bool = False) -> Job:
        params = {"count": 1000, "pause": 0.05, "name": name, "slot": slot.value}
        return Job("toys:measure", params, slot=slot, exclusive=exclusive)

    cpu, net = job("cpu", Slot.CPU), job("net", Slot.NET)
    speed = job("speed", Slot.GPU, exclusive=True)
    again = job("again", Slot.CPU, exclusive=True)
    later = [job("later", slot) for slot in (Slot.CPU, Slot.GPU, Slot.DISK)]
    live = job("live", Slot.LIVE)
    runner, end = running([cpu, net, speed, again, *later, live])

    def held() -> set[str]:
        return {
            str(j.params["name"]) for j in (cpu, net, speed, again, *later, live)
            if runner.states()[j.key] is JobState.RUNNING
        }  # fmt: skip

    def never(names: set[str]) -> None:
        for _ in range(10):
            assert not held() & names, held()
            time.sleep(0.05)

    wait_for(lambda: held() == {"cpu", "net", "live"})
    never({"speed", "again", "later"})
    runner.cancel(cpu.key)
    wait_for(lambda: held() == {"net", "live", "speed"})
    wait_for(lambda: len(workers()) == 3)
    never({"cpu", "again", "later"})
    runner.cancel(speed.key)
    wait_for(lambda: held() == {"net", "live", "again"})
    never({"later"})
    runner.cancel(again.key)
    wait_for(lambda: len(workers()) == 5 and held() == {"net", "live", "later"})
    runner.stop(kill=True)
    end()


# -- failure ----------------------------------------------------------------------------------------


def test_dependents_of_a_failed_job_are_blocked_and_the_rest_goes_on(
    new_runner: NewRunner, heard: Any, folders: Folders
) -> None:
    bad = Job("toys:refuse", {"error": "IntegrityError"}, title="read the model")
    b = make("b", after=(bad.key,))
    c = make("c", b)
    free = make("free")
    runner = new_runner()
    runner.subscribe(heard)
    runner.submit([c, b, bad, free])
    states = runner.run()
    assert [states[job.key] for job in (bad, b, c, free)] == [
        JobState.FAILED, JobState.BLOCKED, JobState.BLOCKED, JobState.DONE,
    ]  # fmt: skip
    for job in (b, c):
        assert heard.of(StateChange, job)[-1].message == "Not started, because “read the model” failed."
    failed = heard.of(StateChange, bad)[-1]
    assert (failed.message, failed.hint, failed.exit_code) == (
        "It cannot be done.", "Do it otherwise.", ExitCode.INTEGRITY,
    )  # fmt: skip
    assert runs(folders) == ["free"]


def test_inputs_must_be_what_was_planned(new_runner: NewRunner, tmp_path: Path, heard: Any) -> None:
    path = tmp_path / "model"
    path.write_text("one")
    good = Job("toys:make", {"text": "x"}, {"i": FileInput(str(path), sha256_file(path))})
    gone = Job("toys:make", {"text": "y"}, {"i": FileInput(str(tmp_path / "gone"), "0" * 64)})
    path.write_text("two")
    runner = new_runner()
    runner.subscribe(heard)
    runner.submit([good, gone])
    assert set(runner.run().values()) == {JobState.FAILED}
    assert "content changed" in heard.of(Failure, good)[0].message
    assert f"{tmp_path / 'gone'} cannot be read" in heard.of(Failure, gone)[0].message


def test_plans_that_cannot_be_are_refused(new_runner: NewRunner) -> None:
    runner = new_runner()
    with pytest.raises(UsageError, match="not planned"):
        runner.submit([make("a", after=("0" * 64,))])
    a, b = make("a"), make("b")
    # Keys do not cover ``after``, so that a circle is possible.
    with pytest.raises(UsageError, match="circle"):
        runner.submit([make("a", after=(b.key,)), make("b", after=(a.key,))])
    assert runner.run() == {}


def test_an_error_of_a_subscriber_leaves_no_worker_and_the_next_run_goes_on(
    new_runner: NewRunner, store: Store
) -> None:
    job = measure(200, pause=0.005)
    runner = new_runner()
    budget = [30]

    def fragile(_: Job, event: Any) -> None:
        if isinstance(event, Sample):
            budget[0] -= 1
            if not budget[0]:
                raise ResourceError("The pipe is full.")

    runner.subscribe(fragile)
    runner.submit([job])
    with pytest.raises(ResourceError):
        runner.run()
    assert not workers()
    row = store.job(job.key)
    assert row is not None
    assert row.state == "queued"
    assert store.sample_count(job.key) >= 30
    assert runner.run() == {job.key: JobState.DONE}
    assert [sample.x for sample in store.samples(job.key)] == list(range(200))


# -- what a user can do -------------------------------------------------------------------------------


def test_nobody_hears_what_is_not_stored(new_runner: NewRunner, store: Store, folders: Folders) -> None:
    job = measure(300, pause=0.001)
    runner = new_runner()
    other = Store.open(folders.db, read_only=True)
    missing = []

    def check(_: Job, event: Any) -> None:
        if (
            isinstance(event, Sample)
            and event.x % 20 == 0
            and event.x not in {s.x for s in other.samples(job.key)}
        ):
            missing.append(event.x)

    runner.subscribe(check)
    runner.submit([job])
    runner.run()
    other.close()
    assert missing == []


# -- starting after a crash -------------------------------------------------------------------------


def test_what_a_killed_parent_left_is_put_in_order(
    new_runner: NewRunner, store: Store, folders: Folders
) -> None:
    interrupted, done, failed = (make(text) for text in ("i", "d", "f"))
    for job in (interrupted, done, failed):
        store.enqueue(job.key, job.kind, job.title, job.params, {}, "")
        store.start(job.key)
        (folders.work / job.key).mkdir()
        (folders.work / job.key / "half.part").write_text("x")
    (folders.work / "unknown").mkdir()
    store.add_artifact(done.key, ArtifactRecord("file", "/nowhere", "0" * 64, 1))
    store.finish(done.key, {}, {})
    store.fail(failed.key, {"message": "m", "hint": None, "exit_code": 3, "detail": ""})
    new_runner()
    rows = [store.job(job.key) for job in (interrupted, done, failed)]
    assert [row.state for row in rows if row] == ["queued", "done", "failed"]
    assert {path.name for path in folders.work.iterdir()} == {interrupted.key, failed.key}

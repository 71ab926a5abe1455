"""One job from the command line, outside a study: ``odyssey-lab models import`` and its like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab_app.batch import faces, outcome
from lab_app.batch.interrupts import Interrupts
from lab_app.batch.pace import Pace
from lab_app.jobs.job import Job
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.system.errors import Cancelled
from lab_app.system.paths import Folders


def run(
    job: Job, store: Store, folders: Folders, *, as_json: bool, force: bool = True, before: Sequence[Job] = ()
) -> Mapping[str, Any]:
    """Run ``job`` in a worker, its progress on standard error (and as JSON lines on standard output).

    ``force``: although the store may know its result. ``before``: jobs it needs, run where they are not done.
    Returns the values of its result. Raises the error of the job that failed, or Cancelled when interrupted.
    """
    face = faces.make(Pace([*before, job]), 1 + len(before), as_json=as_json)
    interrupts = Interrupts()
    runner = Runner(store, folders)
    try:
        runner.subscribe(face.hear)
        with interrupts.stop(runner):
            runner.submit([*before, job], force={job.key} if force else frozenset())
            states = runner.run()
    finally:
        face.close()
    if interrupts.count:
        raise Cancelled(f"{job.title}: interrupted.", "Run the same again to continue.")
    for each in (*before, job):
        if states[each.key] is not JobState.DONE:
            raise outcome.error_of(each, store)
    result = store.result(job.key)
    return result.values if result is not None else {}

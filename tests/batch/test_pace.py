"""Time left on the command line."""

from __future__ import annotations

import time

import pytest

from lab_app.batch import pace
from lab_app.jobs.job import Job


def test_a_job_that_is_resumed_has_worked_only_since_then(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    done, resumed = Job("toys:measure", {"x": 1}), Job("toys:measure", {"x": 2})
    seen = pace.Pace([done, resumed])
    seen.started(done)
    now += 100.0
    seen.ended(done)
    seen.started(resumed)
    now += 2.0
    seen.progressed(resumed, 0.5)  # what the attempt before it had measured
    assert seen.seconds_left() == pytest.approx(100.0 * 0.5 - 2.0)
    now += 10.0
    seen.progressed(resumed, 0.6)
    assert seen.seconds_left() == pytest.approx(40.0)

"""What is stored and what comes live reaches the page once, in whatever order both arrive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from lab_app.gui.bridge import Lab
from lab_app.gui.job_view import JobView
from lab_app.gui.study import feed as module
from lab_app.gui.study.feed import Feed
from lab_app.jobs.states import JobState
from lab_app.store.records import Sample
from lab_app.system.paths import Folders
from tests.gui.conftest import LONG, slow


def test_samples_stored_before_the_reading_and_delivered_after_it(
    qtbot: QtBot, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, taken = Lab(folders), []
    # When the store has been read is chosen here; nothing else of the lab is needed.
    monkeypatch.setattr(lab, "ask", lambda question, done, owner: taken.append(done))
    job, feed, heard = slow(), Feed(lab), list[float]()
    lab.jobs[job.key] = JobView(job, JobState.RUNNING)
    feed.arrived.connect(lambda key, samples: heard.extend(float(s.x) for s in samples))
    samples = [Sample("m", float(x), 0.0) for x in range(300)]
    feed.follow([job.key])
    (done,) = taken
    lab.sampled.emit(job.key, samples[195:205])
    done(samples[:250])
    lab.sampled.emit(job.key, samples[205:220])
    qtbot.waitUntil(lambda: len(heard) == 250, timeout=LONG)
    lab.sampled.emit(job.key, samples[220:245])
    lab.sampled.emit(job.key, samples[245:260])
    assert not feed._known, "nothing is remembered once live samples are newer"
    lab.sampled.emit(job.key, samples[260:])
    assert heard == [s.x for s in samples]


def test_what_is_remembered_is_bounded(
    qtbot: QtBot, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = Lab(folders)
    keys: list[str] = []
    readers: dict[str, Callable[[Any], None]] = {}
    monkeypatch.setattr(
        lab, "ask", lambda question, done, owner: readers.setdefault(keys[len(readers)], done)
    )
    running, ended = slow("one"), slow("two")
    keys = [running.key, ended.key]
    lab.jobs[running.key] = JobView(running, JobState.RUNNING)
    lab.jobs[ended.key] = JobView(ended, JobState.DONE)
    feed = Feed(lab)
    feed.follow(keys)
    for key in keys:
        readers[key]([Sample("m", float(x), 0.0) for x in range(3 * module.TAIL)])
    assert {key: len(known) for key, known in feed._known.items()} == {running.key: module.TAIL}

"""What jobs leave on the disk that nobody needs any more."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from lab_app.jobs.graph import Entry
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.system.paths import Folders

_KEEP_SCRATCH = 14 * 86400
"""Seconds that the work folder of a failed or cancelled job waits for a retry."""


def drop_ephemeral(store: Store, entries: Sequence[Entry]) -> None:
    """Remove large files that only jobs of this run needed, once all those have succeeded."""
    for entry in entries:
        users = [e for e in entries if entry.job.key in e.job.needs]
        if entry.state is not JobState.DONE or not all(e.state is JobState.DONE for e in users):
            continue
        for record in store.artifacts(entry.job.key):
            if record.meta.get("ephemeral"):
                try:
                    Path(record.path).unlink(missing_ok=True)
                except OSError:
                    pass  # it only takes room


def drop_scratch(store: Store, folders: Folders) -> None:
    """Work folders that nobody will continue in: of jobs that are done or unknown (a parent that was
    killed left them), and of failed ones long ago."""
    for folder in folders.work.iterdir():
        row = store.job(folder.name)
        try:
            old = time.time() - folder.stat().st_mtime > _KEEP_SCRATCH
        except OSError:
            continue
        if row is None or row.state == "done" or (old and row.state != "running"):
            shutil.rmtree(folder, ignore_errors=True)

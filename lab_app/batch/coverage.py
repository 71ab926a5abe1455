"""What an importance matrix covers, as text, before anything is quantized with it."""

from __future__ import annotations

import json
from pathlib import Path

from lab_app.batch.outcome import table
from lab_app.jobs.job import Job
from lab_app.reports.coverage import coverage_table
from lab_app.store import Store


def text(job: Job, store: Store) -> str | None:
    """Of a finished ``imatrix`` job; None where its table cannot be read (the report says why)."""
    artifact = next((item for item in store.artifacts(job.key) if item.role == "coverage"), None)
    try:
        found = json.loads(Path(artifact.path).read_text(encoding="utf-8")) if artifact is not None else None
        if found is None:
            return None
        shown = coverage_table(found["rows"])
        head = f"{shown.caption}, from {found['tokens']} tokens of {found['dataset']}:"
    except (OSError, ValueError, KeyError, TypeError):
        return None
    numeric = {index for index, column in enumerate(shown.columns) if column.numeric}
    rows = [[cell.plain for cell in row] for row in shown.rows]
    return f"{head}\n{table([column.label for column in shown.columns], rows, numeric)}"

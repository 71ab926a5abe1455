"""The headless face: a study file in, progress on the way, a report and an exit code out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """What ``odyssey-lab --batch`` was asked. language: of the report; English where it is empty."""

    study: str
    out: str | None = None
    json: bool = False
    resume: bool = False
    dry_run: bool = False
    data_dir: str | None = None
    language: str = ""


def run(options: Options) -> int:
    """Run a study to its report; returns the exit code. Raises LabError before any job has started."""
    from lab_app.batch.session import Session

    return Session(options).run()

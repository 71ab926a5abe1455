"""What a job's handler gets: its inputs, its folders, and the way to speak."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab_app.jobs.events import Artifact, Event, Progress
from lab_app.store.records import ArtifactRecord, Sample
from lab_app.system.errors import Cancelled
from lab_app.system.hashing import put_in_place, sha256_file, sync


@dataclass(frozen=True, slots=True)
class InputFile:
    """A resolved input: where it lies, its sha256, and what its maker said of it."""

    path: str
    sha256: str
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class JobContext:
    """Handed to ``run(context) -> Mapping`` of a job kind, inside the worker process.

    key:       the job's content key.
    work_dir:  private scratch folder, kept between attempts of the same job, removed on success.
    out_dir:   where finished files go; best on the same file system as work_dir.
    done:      samples stored by earlier, interrupted attempts of this job.
    emit:      sends one event to the parent.
    cancelled: true once the parent asked the worker to stop.
    provenance: handlers add what ran (engine info, versions); it is stored with the result.
    """

    key: str
    params: Mapping[str, Any]
    inputs: Mapping[str, InputFile]
    hints: Mapping[str, Any]
    work_dir: Path
    out_dir: Path
    done: Sequence[Sample]
    emit: Callable[[Event], None]
    cancelled: Callable[[], bool]
    provenance: dict[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        """Raises Cancelled once the parent asked the worker to stop."""
        if self.cancelled():
            raise Cancelled("The job was cancelled.")

    def progress(self, done: float, total: float | None = None, message: str = "", unit: str = "") -> None:
        self.emit(Progress(done=done, total=total, unit=unit, message=message))

    def publish(
        self,
        role: str,
        temporary: Path,
        name: str,
        meta: Mapping[str, Any] | None = None,
        test: Callable[[], object] = lambda: None,
    ) -> Path:
        """Give a finished file its final name: fsync, hash, ``os.replace`` into out_dir (on another disk after a
        copy), fsync of the folder, then the Artifact event. ``temporary`` must lie under work_dir. Returns the
        final path.

        ``test`` looks at the file meanwhile; with what it raises, the file keeps its temporary name.
        """
        with ThreadPoolExecutor(2) as beside:  # the disk, a core for the hash, and a core for the test
            synced = beside.submit(sync, temporary)
            hashed = beside.submit(sha256_file, temporary, lambda _: self.check())
            test()
            synced.result()
            digest = hashed.result()
        size = temporary.stat().st_size
        self.out_dir.mkdir(parents=True, exist_ok=True)
        final = self.out_dir / name
        put_in_place(temporary, final)
        self.emit(Artifact(ArtifactRecord(role, str(final), digest, size, dict(meta or {}))))
        return final

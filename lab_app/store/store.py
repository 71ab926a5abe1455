"""The store: one SQLite file that only the parent process writes, and whose samples are never changed.

WAL with ``synchronous=FULL``: what a method has returned from is on the disk, also after kill -9.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab_app.store.database import Database
from lab_app.store.records import ArtifactRecord, Sample, StudyRecord
from lab_app.system.hashing import sha256_file
from lab_app.system.paths import utf8

_PAGE = 32
"""Samples read at once; one may hold megabytes."""
STATES = ("queued", "running", "done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as the store knows it. ``failure``: message, hint, exit_code, detail of the last attempt."""

    key: str
    kind: str
    title: str
    params: Mapping[str, Any]
    inputs: Mapping[str, Any]
    engine: str
    state: str
    attempts: int
    started: float | None
    finished: float | None
    failure: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class ResultRow:
    values: Mapping[str, Any]
    provenance: Mapping[str, Any]
    finished: float


def _dump(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:  # a lone surrogate (a file name that is not UTF-8) stays an escape
            return json.dumps(value, allow_nan=False, separators=(",", ":"))
    return text


class Store(Database):
    """Open with :meth:`open`; usable from several threads of the one writing process."""

    # -- jobs ------------------------------------------------------------------------------------

    def enqueue(
        self,
        key: str,
        kind: str,
        title: str,
        params: Mapping[str, Any],
        inputs: Mapping[str, Any],
        engine: str,
    ) -> None:
        """Make a job known (no change where it is known already, but for its title)."""
        with self._transaction() as db:
            db.execute(
                """INSERT INTO jobs(key,kind,title,params,inputs,engine,state,created) VALUES(?,?,?,?,?,?,'queued',?)
                   ON CONFLICT(key) DO UPDATE SET title=excluded.title""",
                (key, kind, title, _dump(dict(params)), _dump(dict(inputs)), engine, time.time()),
            )

    def set_state(self, key: str, state: str) -> None:
        """``queued`` or ``cancelled``; the other states have methods of their own."""
        with self._transaction() as db:
            db.execute("UPDATE jobs SET state=? WHERE key=?", (state, key))

    def start(self, key: str) -> int:
        """A new attempt begins; returns its number (1, 2 …)."""
        with self._transaction() as db:
            db.execute(
                """UPDATE jobs SET state='running', attempts=attempts+1, started=?, finished=NULL, failure=NULL
                   WHERE key=?""",
                (time.time(), key),
            )
            row = db.execute("SELECT attempts FROM jobs WHERE key=?", (key,)).fetchone()
        return int(row[0])

    def append_samples(self, key: str, samples: Sequence[Sample]) -> None:
        """Add samples in one transaction. A (series, x) that is stored already stays as it was."""
        rows = [
            (
                key,
                key,
                s.series,
                s.x,
                s.y,
                s.lo,
                s.hi,
                s.n,
                None if s.payload is None else _dump(dict(s.payload)),
            )
            for s in samples
        ]
        with self._transaction() as db:
            db.executemany(
                """INSERT INTO samples(job_key,attempt,series,x,y,lo,hi,n,payload)
                   VALUES(?,(SELECT attempts FROM jobs WHERE key=?),?,?,?,?,?,?,?)
                   ON CONFLICT(job_key,series,x) DO NOTHING""",
                rows,
            )

    def add_artifact(self, key: str, artifact: ArtifactRecord) -> None:
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO artifacts VALUES(?,?,?,?,?,?)",
                (
                    key,
                    artifact.role,
                    artifact.path,
                    artifact.sha256,
                    artifact.size,
                    _dump(dict(artifact.meta)),
                ),
            )
            self._remember(db, artifact.path, artifact.sha256)

    def finish(self, key: str, values: Mapping[str, Any], provenance: Mapping[str, Any]) -> None:
        """Result and state ``done`` in one transaction."""
        now = time.time()
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO results VALUES(?,?,?,?)",
                (key, now, _dump(dict(values)), _dump(dict(provenance))),
            )
            db.execute("UPDATE jobs SET state='done', finished=?, failure=NULL WHERE key=?", (now, key))

    def fail(self, key: str, failure: Mapping[str, Any], state: str = "failed") -> None:
        """The attempt ended without a result; its samples stay. ``state``: ``failed`` or ``cancelled``."""
        with self._transaction() as db:
            db.execute(
                "UPDATE jobs SET state=?, finished=?, failure=? WHERE key=?",
                (state, time.time(), _dump(dict(failure)), key),
            )

    def requeue_interrupted(self) -> list[str]:
        """Jobs left ``running`` by a parent that died go back to ``queued``; returns their keys."""
        keys = [row[0] for row in self._rows("SELECT key FROM jobs WHERE state='running'")]
        with self._transaction() as db:
            db.execute("UPDATE jobs SET state='queued' WHERE state='running'")
        return keys

    def job(self, key: str) -> JobRow | None:
        rows = self._rows(
            """SELECT key,kind,title,params,inputs,engine,state,attempts,started,finished,failure
               FROM jobs WHERE key=?""",
            key,
        )
        return _job_row(rows[0]) if rows else None

    def jobs(self, *, limit: int = 1000) -> list[JobRow]:
        """Newest first."""
        rows = self._rows(
            """SELECT key,kind,title,params,inputs,engine,state,attempts,started,finished,failure
               FROM jobs ORDER BY COALESCE(started, created) DESC LIMIT ?""",
            limit,
        )
        return [_job_row(row) for row in rows]

    # -- what jobs left --------------------------------------------------------------------------

    def samples(self, key: str) -> list[Sample]:
        """In the order they were measured."""
        return [
            _sample(*row)
            for row in self._rows(
                "SELECT series,x,y,lo,hi,n,payload FROM samples WHERE job_key=? ORDER BY id", key
            )
        ]

    def iter_samples(self, key: str) -> Iterator[Sample]:
        """As :meth:`samples`, a few at a time, for jobs with very many or very large ones."""
        ids = [row[0] for row in self._rows("SELECT id FROM samples WHERE job_key=? ORDER BY id", key)]
        for start in range(0, len(ids), _PAGE):
            page = ids[start : start + _PAGE]
            marks = ",".join("?" * len(page))
            for row in self._rows(
                f"SELECT series,x,y,lo,hi,n,payload FROM samples WHERE id IN ({marks}) ORDER BY id", *page
            ):
                yield _sample(*row)

    def newer_samples(self, key: str, after: int) -> tuple[int, list[Sample]]:
        """Samples stored since an earlier call, in order, and the number to pass as ``after`` next time (first: 0)."""
        rows = self._rows(
            "SELECT id,series,x,y,lo,hi,n,payload FROM samples WHERE job_key=? AND id>? ORDER BY id",
            key,
            after,
        )
        return (rows[-1][0] if rows else after), [_sample(*row[1:]) for row in rows]

    def sample(self, key: str, series: str, x: float | str) -> Sample | None:
        """One point by its place."""
        rows = self._rows(
            "SELECT series,x,y,lo,hi,n,payload FROM samples WHERE job_key=? AND series=? AND x=?",
            key,
            series,
            x,
        )
        return _sample(*rows[0]) if rows else None

    def sample_count(self, key: str) -> int:
        return int(self._rows("SELECT COUNT(*) FROM samples WHERE job_key=?", key)[0][0])

    def artifacts(self, key: str) -> list[ArtifactRecord]:
        return [
            ArtifactRecord(role, path, sha256, size, json.loads(meta))
            for role, path, sha256, size, meta in self._rows(
                "SELECT role,path,sha256,size,meta FROM artifacts WHERE job_key=? ORDER BY role", key
            )
        ]

    def result(self, key: str) -> ResultRow | None:
        rows = self._rows("SELECT result_values,provenance,finished FROM results WHERE job_key=?", key)
        if not rows:
            return None
        values, provenance, finished = rows[0]
        return ResultRow(json.loads(values), json.loads(provenance), finished)

    # -- studies ---------------------------------------------------------------------------------

    def save_study(self, record: StudyRecord) -> None:
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO studies VALUES(?,?,?,?)",
                (record.study_id, record.name, time.time(), _dump(record.to_json())),
            )

    def study(self, study_id: str) -> StudyRecord | None:
        rows = self._rows("SELECT record FROM studies WHERE study_id=?", study_id)
        return StudyRecord.from_json(json.loads(rows[0][0])) if rows else None

    def studies(self) -> list[StudyRecord]:
        """Newest first."""
        return [
            StudyRecord.from_json(json.loads(row[0]))
            for row in self._rows("SELECT record FROM studies ORDER BY saved DESC")
        ]

    # -- files -----------------------------------------------------------------------------------

    def known_sha256(self, path: str | Path) -> str | None:
        """The sha256 of a file that was hashed before and has not changed since, else None. Raises OSError,
        UsageError."""
        real = os.path.realpath(path)
        return self._known_sha256(real, os.stat(real))

    def _known_sha256(self, real: str, stat: os.stat_result) -> str | None:
        utf8(real)
        known = self._rows(
            "SELECT sha256 FROM files WHERE path=? AND size=? AND mtime_ns=? AND inode=?",
            real, stat.st_size, stat.st_mtime_ns, _inode(stat),
        )  # fmt: skip
        return str(known[0][0]) if known else None

    def file_sha256(self, path: str | Path, progress: Callable[[int], None] | None = None) -> str:
        """sha256 of a file, remembered by path, size, modification time and inode. Raises OSError, UsageError."""
        real = os.path.realpath(path)
        stat = os.stat(real)
        known = self._known_sha256(real, stat)
        if known is not None:
            return known
        digest = sha256_file(real, progress)
        if self._writer is not None:
            with self._transaction() as db:
                self._remember(db, real, digest, stat)
        return digest

    def intact(self, artifact: ArtifactRecord, progress: Callable[[int], None] | None = None) -> bool:
        """Whether the file is there, byte for byte as its job left it. It is read again only where its size is
        right but its modification time or inode is another."""
        try:
            if os.path.getsize(artifact.path) != artifact.size:
                return False
            return self.file_sha256(artifact.path, progress) == artifact.sha256
        except OSError:
            return False

    @staticmethod
    def _remember(db: sqlite3.Connection, path: str, sha256: str, stat: os.stat_result | None = None) -> None:
        try:
            stat = stat or os.stat(path)
        except OSError:
            return
        db.execute(
            "INSERT OR REPLACE INTO files VALUES(?,?,?,?,?)",
            (os.path.realpath(path), stat.st_size, stat.st_mtime_ns, _inode(stat), sha256),
        )

    def remember_model(self, sha256: str, name: str, source: str, size: int, meta: Mapping[str, Any]) -> None:
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO models VALUES(?,?,?,?,?,?)",
                (sha256, name, source, size, time.time(), _dump(dict(meta))),
            )

    def forget_model(self, sha256: str) -> None:
        """The file itself is not touched."""
        with self._transaction() as db:
            db.execute("DELETE FROM models WHERE sha256=?", (sha256,))

    def models(self) -> Iterable[dict[str, Any]]:
        for sha256, name, source, size, seen, meta in self._rows("SELECT * FROM models ORDER BY seen DESC"):
            yield {
                "sha256": sha256,
                "name": name,
                "source": source,
                "size": size,
                "seen": seen,
                **json.loads(meta),
            }


def _inode(stat: os.stat_result) -> int:
    """Windows file ids may exceed SQLite's signed 64 bits."""
    return stat.st_ino & 0x7FFF_FFFF_FFFF_FFFF


def _sample(series: str, x: Any, y: float, lo: Any, hi: Any, n: Any, payload: str | None) -> Sample:
    return Sample(series, x, y, lo, hi, n, None if payload is None else json.loads(payload))


def _job_row(row: tuple[Any, ...]) -> JobRow:
    key, kind, title, params, inputs, engine, state, attempts, started, finished, failure = row
    return JobRow(
        key, kind, title, json.loads(params), json.loads(inputs), engine, state, attempts, started, finished,
        None if failure is None else json.loads(failure),
    )  # fmt: skip

"""The store: one SQLite file that only the parent process writes, and whose samples are never changed.

WAL with ``synchronous=FULL``: what a method has returned from is on the disk, also after kill -9.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from lab_app.store.lock import WriterLock
from lab_app.store.migrations import MIGRATIONS
from lab_app.store.records import ArtifactRecord, Sample, StudyRecord
from lab_app.system.errors import IntegrityError, LabError, ResourceError, UsageError
from lab_app.system.hashing import sha256_file

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
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class Store:
    """Open with :meth:`open`; usable from several threads of the one writing process."""

    def __init__(self, path: Path, db: sqlite3.Connection, lock: WriterLock | None) -> None:
        self.path = path
        self._db = db
        self._writer = lock
        self._mutex = threading.RLock()

    # -- opening ---------------------------------------------------------------------------------

    @classmethod
    def open(cls, path: str | Path, *, read_only: bool = False) -> Store:
        """Open (and for writing: lock, check, migrate) the store at ``path``.

        Raises ResourceError (another process writes it, folder not writable, disk full) or
        IntegrityError (damaged, or written by a newer version of the lab).
        """
        path = Path(path)
        if read_only:
            if not path.exists():
                raise UsageError(f"There is no store at {path}.", "Run a study first, or check --data-dir.")
            db = cls._connect(path, read_only=True)
            store = cls(path, db, None)
            with store._translate():
                store._check_version()
            return store
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ResourceError(
                f"The data folder {path.parent} cannot be used: {error.strerror or error}.",
                "Choose another with --data-dir.",
            ) from error
        lock = WriterLock(path.with_suffix(".lock"))
        lock.acquire()
        try:
            store = cls(path, cls._connect(path, read_only=False), lock)
            with store._translate():
                store._db.execute("PRAGMA journal_mode=WAL")
                store._db.execute("PRAGMA synchronous=FULL")
                store._db.execute("PRAGMA foreign_keys=ON")
                store._check_integrity()
                store._migrate()
        except BaseException:
            lock.release()
            raise
        return store

    @staticmethod
    def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
        try:
            if read_only:
                return sqlite3.connect(
                    f"{path.resolve().as_uri()}?mode=ro",
                    uri=True,
                    check_same_thread=False,
                    isolation_level=None,
                )
            return sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        except sqlite3.Error as error:
            raise ResourceError(
                f"The store {path} cannot be opened: {error}.", "Check the folder's rights."
            ) from error

    def _check_integrity(self) -> None:
        answer = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if answer != "ok":
            raise sqlite3.DatabaseError(str(answer))
        self._check_version()

    def _check_version(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise IntegrityError(
                f"The store {self.path} was written by a newer Odyssey Lab (schema {version}, this one knows "
                f"{len(MIGRATIONS)}).",
                "Update odyssey-lab, or use another --data-dir.",
            )

    def _migrate(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        for number, migration in enumerate(MIGRATIONS[version:], start=version + 1):
            if number > 1:
                self._backup(number - 1)
            with self._transaction():
                migration(self._db)
                self._db.execute(f"PRAGMA user_version={number}")

    def _backup(self, version: int) -> None:
        """A whole copy of the store as it is, before the migration that follows ``version``."""
        folder = self.path.parent / "backups"
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{self.path.stem}-schema{version}-{time.strftime('%Y%m%d-%H%M%S')}.db"
        with sqlite3.connect(target) as copy:
            self._db.backup(copy)
        copy.close()

    def close(self) -> None:
        with self._mutex:
            self._db.close()
            if self._writer is not None:
                self._writer.release()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- errors and transactions -----------------------------------------------------------------

    @contextmanager
    def _translate(self) -> Iterator[None]:
        try:
            yield
        except LabError:
            raise
        except sqlite3.OperationalError as error:
            text = str(error)
            if "full" in text or "disk I/O" in text:
                raise ResourceError(
                    f"The store {self.path} cannot be written: {text}.", "Free some disk space and run again."
                ) from error
            raise ResourceError(
                f"The store {self.path} cannot be used: {text}.", "Check the folder's rights."
            ) from error
        except sqlite3.DatabaseError as error:
            backups = sorted((self.path.parent / "backups").glob(f"{self.path.stem}-*.db"))
            hint = (
                f"Its last backup is {backups[-1]}."
                if backups
                else "Move it away to start with an empty one."
            )
            raise IntegrityError(f"The store {self.path} is damaged: {error}.", hint) from error
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise ResourceError(
                    f"No disk space is left for the store {self.path}.", "Free some and run again."
                ) from error
            raise

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._mutex, self._translate():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._mutex, self._translate():
            return self._db.execute(statement, values).fetchall()

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
                """INSERT OR IGNORE INTO samples(job_key,attempt,series,x,y,lo,hi,n,payload)
                   VALUES(?,(SELECT attempts FROM jobs WHERE key=?),?,?,?,?,?,?,?)""",
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
        """As :meth:`samples`, a page at a time, for jobs with very many."""
        after = 0
        while True:
            page = self._rows(
                """SELECT id,series,x,y,lo,hi,n,payload FROM samples WHERE job_key=? AND id>? ORDER BY id LIMIT 500""",
                key, after,
            )  # fmt: skip
            for row in page:
                yield _sample(*row[1:])
            if len(page) < 500:
                return
            after = page[-1][0]

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

    def file_sha256(self, path: str | Path, progress: Callable[[int], None] | None = None) -> str:
        """sha256 of a file, remembered by path, size, modification time and inode. Raises OSError."""
        real = os.path.realpath(path)
        stat = os.stat(real)
        known = self._rows(
            "SELECT sha256 FROM files WHERE path=? AND size=? AND mtime_ns=? AND inode=?",
            real, stat.st_size, stat.st_mtime_ns, _inode(stat),
        )  # fmt: skip
        if known:
            return str(known[0][0])
        digest = sha256_file(real, progress)
        if self._writer is not None:
            with self._transaction() as db:
                self._remember(db, real, digest, stat)
        return digest

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

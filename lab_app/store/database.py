"""The database under the store: opening, locking, checking, migrating, transactions, and errors as sentences."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lab_app.store.lock import WriterLock
from lab_app.store.migrations import MIGRATIONS
from lab_app.system.errors import IntegrityError, LabError, ResourceError, UsageError
from lab_app.system.hashing import sync

_SETTINGS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "fullfsync=ON",  # macOS: the drive's own cache, too
    "foreign_keys=ON",
)


class Database:
    """One SQLite file: any number of readers, one writing process (several threads of it)."""

    def __init__(self, path: Path, db: sqlite3.Connection, lock: WriterLock | None) -> None:
        self.path = path
        self._db = db
        self._writer = lock
        self._mutex = threading.RLock()

    # -- opening ---------------------------------------------------------------------------------

    @classmethod
    def open(cls, path: str | Path, *, read_only: bool = False) -> Self:
        """Open (and for writing: lock, check, migrate) the store at ``path``.

        Raises ResourceError (another process writes it, folder not writable, disk full) or
        IntegrityError (damaged, or written by a newer version of the lab).
        """
        path = Path(path)
        if read_only:
            if not path.exists():
                raise UsageError(f"There is no store at {path}.", "Run a study first, or check --data-dir.")
            store = cls(path, cls._connect(path, read_only=True), None)
            with store._closed_on_error(), store._translate():
                store._check_version()
                if (
                    not store._version
                ):  # its making was cut short or has just begun, so there is nothing in it
                    store._db.close()
                    store._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
                    store._migrate()
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
            db = cls._connect(path, read_only=False)
        except BaseException:
            lock.release()
            raise
        store = cls(path, db, lock)
        with store._closed_on_error(), store._translate():
            for setting in _SETTINGS:
                db.execute(f"PRAGMA {setting}")
            store._check_integrity()
            store._migrate()
        return store

    @staticmethod
    def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
        try:
            if not read_only:
                return sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
            # A store in WAL mode needs its -shm file even for reading; where that cannot be made (a folder
            # without write permission) and no writer left a -wal, the file alone is the whole truth.
            alone = not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
            uri = f"{path.resolve().as_uri()}?mode=ro" + ("&immutable=1" if alone else "")
            return sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None, timeout=30)
        except sqlite3.Error as error:
            raise ResourceError(
                f"The store {path} cannot be opened: {error}.", "Check the folder's rights."
            ) from error

    @contextmanager
    def _closed_on_error(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _check_integrity(self) -> None:
        answer = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if answer != "ok":
            raise sqlite3.DatabaseError(str(answer))
        self._check_version()

    @property
    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def _check_version(self) -> None:
        version = self._version
        if version > len(MIGRATIONS):
            raise IntegrityError(
                f"The store {self.path} was written by a newer Odyssey Lab (schema {version}, this one knows "
                f"{len(MIGRATIONS)}).",
                "Update odyssey-lab, or use another --data-dir.",
            )

    def _migrate(self) -> None:
        version = self._version
        new = version == 0  # there is nothing to lose yet
        for number, migration in enumerate(MIGRATIONS[version:], start=version + 1):
            if not new:
                self._backup(number - 1)
            with self._transaction():
                migration(self._db)
                self._db.execute(f"PRAGMA user_version={number}")

    def _backup(self, version: int) -> None:
        """A whole copy of the store as it is, before the migration that follows ``version``."""
        folder = self.path.parent / "backups"
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{self.path.stem}-schema{version}-{time.strftime('%Y%m%d-%H%M%S')}.db"
        part = target.with_suffix(".part")
        copy = sqlite3.connect(part)
        try:
            self._db.backup(copy)
            copy.close()
            sync(part)
            os.replace(part, target)
        finally:
            copy.close()
            part.unlink(missing_ok=True)

    def close(self) -> None:
        with self._mutex:
            self._db.close()
            if self._writer is not None:
                self._writer.release()

    def __enter__(self) -> Self:
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
        except (LabError, sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
            raise  # the last three are faults of ours, not of the file
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

"""Numbered migrations: a list of small functions, applied in order, each in one transaction.

``PRAGMA user_version`` counts those that have been applied. Never change one that was released;
add the next.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable


def _first_tables(db: sqlite3.Connection) -> None:
    # samples.x has no type on purpose: SQLite would turn the item id "007" into the number 7.
    for statement in (
        """CREATE TABLE files(
            path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, inode INTEGER NOT NULL,
            sha256 TEXT NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE jobs(
            key TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, params TEXT NOT NULL,
            inputs TEXT NOT NULL, engine TEXT NOT NULL,
            state TEXT NOT NULL CHECK(state IN ('queued','running','done','failed','cancelled')),
            attempts INTEGER NOT NULL DEFAULT 0, created REAL NOT NULL, started REAL, finished REAL,
            failure TEXT) WITHOUT ROWID""",
        """CREATE TABLE artifacts(
            job_key TEXT NOT NULL REFERENCES jobs(key), role TEXT NOT NULL, path TEXT NOT NULL,
            sha256 TEXT NOT NULL, size INTEGER NOT NULL, meta TEXT NOT NULL,
            PRIMARY KEY(job_key, role)) WITHOUT ROWID""",
        """CREATE TABLE samples(
            id INTEGER PRIMARY KEY, job_key TEXT NOT NULL REFERENCES jobs(key), attempt INTEGER NOT NULL,
            series TEXT NOT NULL, x NOT NULL, y REAL NOT NULL, lo REAL, hi REAL, n INTEGER, payload TEXT,
            UNIQUE(job_key, series, x))""",
        """CREATE TRIGGER samples_are_append_only_u BEFORE UPDATE ON samples
            BEGIN SELECT RAISE(ABORT, 'samples are append-only'); END""",
        """CREATE TRIGGER samples_are_append_only_d BEFORE DELETE ON samples
            BEGIN SELECT RAISE(ABORT, 'samples are append-only'); END""",
        """CREATE TABLE results(
            job_key TEXT PRIMARY KEY REFERENCES jobs(key), finished REAL NOT NULL,
            result_values TEXT NOT NULL, provenance TEXT NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE studies(
            study_id TEXT PRIMARY KEY, name TEXT NOT NULL, saved REAL NOT NULL, record TEXT NOT NULL)
            WITHOUT ROWID""",
    ):
        db.execute(statement)


def _models(db: sqlite3.Connection) -> None:
    db.execute(
        """CREATE TABLE models(
            sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, source TEXT NOT NULL, size INTEGER NOT NULL,
            seen REAL NOT NULL, meta TEXT NOT NULL) WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX studies_by_time ON studies(saved)")


MIGRATIONS: list[Callable[[sqlite3.Connection], None]] = [_first_tables, _models]

"""The store keeps what it was given, exactly, and says in one sentence what is wrong with it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab_app.store import Store
from lab_app.store.migrations import MIGRATIONS
from lab_app.store.records import ArtifactRecord, CellRecord, Sample, StudyRecord, VariantRecord
from lab_app.system import paths
from lab_app.system.errors import ExitCode, IntegrityError, LabError, ResourceError, UsageError
from lab_app.system.hashing import sha256_file
from tests.disks import read_only, small_disk

ROOT = Path(__file__).resolve().parents[2]
KEY = "ab" * 32


@pytest.fixture
def job(store: Store) -> str:
    store.enqueue(KEY, "probe", "passkey on Q4", {"a": [1, None, "é"]}, {"model": "sha256:00"}, "llama.cpp-1")
    return KEY


def raw(store: Store) -> sqlite3.Connection:
    return sqlite3.connect(store.path)


# -- what goes in comes out ---------------------------------------------------------------------------


def test_a_jobs_life(store: Store, job: str) -> None:
    row = store.job(job)
    assert row is not None
    assert (row.state, row.attempts, row.params, row.title) == (
        "queued",
        0,
        {"a": [1, None, "é"]},
        "passkey on Q4",
    )
    assert store.start(job) == 1
    store.fail(job, {"message": "m", "hint": None, "exit_code": 3, "detail": "d"})
    row = store.job(job)
    assert row is not None
    assert row.state == "failed"
    assert row.failure == {"message": "m", "hint": None, "exit_code": 3, "detail": "d"}
    assert store.start(job) == 2
    store.finish(job, {"ppl": 12.5}, {"seed": 1})
    row = store.job(job)
    result = store.result(job)
    assert row is not None and result is not None
    assert (row.state, row.failure, row.attempts) == ("done", None, 2)
    assert row.started is not None and row.finished is not None
    assert row.started <= row.finished
    assert (result.values, result.provenance) == ({"ppl": 12.5}, {"seed": 1})
    store.enqueue(KEY, "probe", "another title", {}, {}, "")
    row = store.job(job)
    assert row is not None
    assert (row.state, row.title) == ("done", "another title")
    assert store.job("cd" * 32) is None
    assert store.result("cd" * 32) is None
    assert [known.key for known in store.jobs()] == [KEY]


def test_samples_come_back_exactly(store: Store, job: str) -> None:
    samples = [
        Sample("item", "007", 1.0, 0.25, 1.0, 4, {"answer": "é ∑", "deep": [{"x": None}]}),
        Sample("item", "7", 0.1 + 0.2),
        Sample("item", 7, -1e-300),
        Sample("item", 7.5, 5),
        Sample("item", "1e3", 2**53 + 1.0),
        Sample("item", "", 0.0, payload={}),
        Sample("other", 7, 1.0, payload={"file": "\udcff"}),
    ]
    store.append_samples(job, samples)
    back = store.samples(job)
    assert back == samples
    assert [type(s.x) for s in back] == [type(s.x) for s in samples]
    assert list(store.iter_samples(job)) == samples
    assert store.sample_count(job) == 7


def test_the_first_of_two_samples_of_one_point_counts(store: Store, job: str) -> None:
    store.append_samples(job, [Sample("item", 1, 1.0)])
    store.append_samples(job, [Sample("item", 1, 2.0), Sample("item", 2, 3.0)])
    assert [s.y for s in store.samples(job)] == [1.0, 3.0]


def test_many_samples_come_in_order_and_in_pages(store: Store, job: str) -> None:
    samples = [Sample("item", x, float(x)) for x in range(1700, 0, -1)]
    store.append_samples(job, samples)
    assert list(store.iter_samples(job)) == store.samples(job) == samples


@pytest.mark.parametrize("statement", ["UPDATE samples SET y=0", "DELETE FROM samples"])
def test_samples_are_append_only(store: Store, job: str, statement: str) -> None:
    store.append_samples(job, [Sample("item", 1, 1.0)])
    with raw(store) as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement)
    db.close()
    assert store.sample_count(job) == 1


def test_samples_of_nobody_are_refused(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.append_samples(KEY, [Sample("item", 1, 1.0)])


def test_artifacts(store: Store, job: str, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF")
    record = ArtifactRecord("model", str(path), sha256_file(path), 4, {"bits_per_weight": 4.5})
    store.add_artifact(job, ArtifactRecord("model", "/old", "0" * 64, 1))
    store.add_artifact(job, record)
    assert store.artifacts(job) == [record]


def test_studies(store: Store) -> None:
    record = StudyRecord(
        "id", "name", "toml", "source",
        (VariantRecord("base", "Base", True, None, None, "/m", "00", {"n": 1}, ("requantized from Q4_1",)),),
        (CellRecord("passkey", "passkey", "base", {"depths": [0.5]}, KEY),),
        (KEY,), {"max_kld": 0.05}, {"imatrix_key": None},
    )  # fmt: skip
    store.save_study(record)
    assert store.study("id") == record
    assert store.studies() == [record]
    assert store.study("other") is None


def test_models(store: Store) -> None:
    store.remember_model("00", "SmolLM2", "demo:", 5, {"licence": "Apache-2.0"})
    (model,) = store.models()
    assert model["name"] == "SmolLM2"
    assert model["licence"] == "Apache-2.0"


def test_a_hash_is_remembered_until_the_file_changes(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one")
    seen: list[int] = []
    digest = store.file_sha256(path, seen.append)
    assert digest == sha256_file(path)
    assert seen == [3]
    assert store.file_sha256(path, seen.append) == digest
    assert seen == [3]  # not read again
    path.write_bytes(b"two")
    os.utime(path, ns=(1, 1))
    assert store.file_sha256(path, seen.append) == sha256_file(path) != digest
    assert seen == [3, 3]
    with pytest.raises(OSError, match="No such file"):
        store.file_sha256(tmp_path / "gone")


def test_it_is_as_durable_as_sqlite_can(store: Store) -> None:
    db = store._db
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)


# -- several at once --------------------------------------------------------------------------------


def test_threads_share_it(store: Store, job: str) -> None:
    def write(series: str) -> None:
        for x in range(50):
            store.append_samples(job, [Sample(series, x, 1.0)])

    threads = [threading.Thread(target=write, args=(f"s{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.sample_count(job) == 200


def test_readers_read_while_it_writes(store: Store, job: str, folders: paths.Folders) -> None:
    with Store.open(folders.db, read_only=True) as reader:
        assert reader.samples(job) == []
        store.append_samples(job, [Sample("item", 1, 1.0)])
        assert reader.sample_count(job) == 1
        with pytest.raises(ResourceError, match="readonly"):
            reader.append_samples(job, [Sample("item", 2, 1.0)])


def test_one_process_writes(store: Store, folders: paths.Folders) -> None:
    code = (
        "import sys\nfrom lab_app.store import Store\nfrom lab_app.system.errors import LabError\n"
        "try:\n    Store.open(sys.argv[1])\nexcept LabError as e:\n    print(e); sys.exit(e.exit_code)\n"
    )
    command = [sys.executable, "-c", code, str(folders.db)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.RESOURCES
    assert f"Another Odyssey Lab (process {os.getpid()}) is working in {folders.root}." in done.stdout
    store.close()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_lock_of_a_killed_writer_is_gone(folders: paths.Folders) -> None:
    code = (
        "import sys, time\nfrom lab_app.store import Store\n"
        "s = Store.open(sys.argv[1])\nprint(1, flush=True)\ntime.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folders.db)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    with pytest.raises(ResourceError, match=str(process.pid)):
        Store.open(folders.db)
    process.kill()
    process.wait()
    process.stdout.close()
    Store.open(folders.db).close()


# -- versions ---------------------------------------------------------------------------------------


@pytest.fixture
def version_1(folders: paths.Folders) -> Path:
    """A store as the first version wrote it, with a job and its samples."""
    db = sqlite3.connect(folders.db)
    db.execute("PRAGMA journal_mode=WAL")
    MIGRATIONS[0](db)
    db.execute("PRAGMA user_version=1")
    db.execute("INSERT INTO jobs VALUES(?,'probe','t','{}','{}','','done',1,1.0,1.0,2.0,NULL)", (KEY,))
    db.execute("INSERT INTO samples(job_key,attempt,series,x,y) VALUES(?,1,'item','a',0.5)", (KEY,))
    db.commit()
    db.close()
    return folders.db


def test_a_new_store_is_made_without_backups_of_nothing(folders: paths.Folders) -> None:
    with Store.open(folders.db):
        pass
    with Store.open(folders.db):
        assert not list(folders.backups.iterdir())


def test_migration_keeps_everything_and_makes_a_backup_first(version_1: Path, folders: paths.Folders) -> None:
    with Store.open(version_1) as store:
        assert store.samples(KEY) == [Sample("item", "a", 0.5)]
        assert list(store.models()) == []
    with raw(store) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    db.close()
    (backup,) = folders.backups.iterdir()
    copy = sqlite3.connect(backup)
    assert copy.execute("PRAGMA user_version").fetchone() == (1,)
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert copy.execute("SELECT series,x,y FROM samples").fetchall() == [("item", "a", 0.5)]
    copy.close()
    Store.open(version_1).close()
    assert len(list(folders.backups.iterdir())) == 1


def test_a_migration_that_fails_changes_nothing(version_1: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(db: sqlite3.Connection) -> None:
        db.execute("DROP TABLE results")
        db.execute("CREATE TABLE jobs(x)")

    monkeypatch.setattr("lab_app.store.database.MIGRATIONS", [MIGRATIONS[0], broken])
    with pytest.raises(LabError, match="already exists"):
        Store.open(version_1)
    db = sqlite3.connect(version_1)
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert db.execute("SELECT COUNT(*) FROM results").fetchone() == (0,)
    db.close()
    monkeypatch.undo()
    Store.open(version_1).close()


def test_a_store_whose_making_was_cut_short_is_read_as_empty(tmp_path: Path) -> None:
    """As on a disk that was full then."""
    (tmp_path / "lab.db").touch()
    with Store.open(tmp_path / "lab.db", read_only=True) as reader:
        assert reader.studies() == [] and reader.jobs() == []
    with Store.open(tmp_path / "lab.db") as store:
        assert store.studies() == []


def test_a_newer_store_is_refused(store: Store, folders: paths.Folders) -> None:
    store.close()
    with raw(store) as db:
        db.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    db.close()
    for reading in (False, True):
        with pytest.raises(IntegrityError, match="newer Odyssey Lab"):
            Store.open(folders.db, read_only=reading)


# -- damage and want ----------------------------------------------------------------------------------


def test_a_file_that_is_no_store(folders: paths.Folders) -> None:
    folders.db.write_bytes(b"This is not a database at all. " * 100)
    with pytest.raises(IntegrityError, match="is damaged") as caught:
        Store.open(folders.db)
    assert caught.value.hint == "Move it away to start with an empty one."
    folders.db.unlink()
    Store.open(folders.db).close()  # the refusal let go of the lock


def test_a_damaged_page_is_found_and_the_backup_named(version_1: Path, folders: paths.Folders) -> None:
    with Store.open(version_1) as store:
        store.append_samples(KEY, [Sample("item", x, 1.0, payload={"t": "x" * 500}) for x in range(500)])
    (backup,) = folders.backups.iterdir()
    data = bytearray(version_1.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 4096] = os.urandom(4096)
    version_1.write_bytes(data)
    with pytest.raises(IntegrityError, match="is damaged") as caught:
        Store.open(version_1)
    assert str(backup) in str(caught.value.hint)


def test_no_store_to_read(folders: paths.Folders) -> None:
    with pytest.raises(UsageError, match="There is no store"):
        Store.open(folders.db, read_only=True)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "small", 1) as folder:
        yield folder


def test_a_full_disk(tiny_disk: Path) -> None:
    with Store.open(tiny_disk / "lab.db") as store:
        store.enqueue(KEY, "probe", "t", {}, {}, "")
        stored = 0
        with pytest.raises(ResourceError, match="cannot be written") as caught:
            for stored in range(10_000):
                store.append_samples(KEY, [Sample("item", stored, 1.0, payload={"t": "x" * 2000})])
        assert "disk space" in str(caught.value.hint)
        assert stored > 10
        assert store.sample_count(KEY) == stored
    with Store.open(tiny_disk / "lab.db") as store:
        assert [s.x for s in store.samples(KEY)] == list(range(stored))


LIMITED = """
import resource, signal, sys
from lab_app.store import Store
from lab_app.store.records import Sample
from lab_app.system.errors import LabError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
store = Store.open(sys.argv[1])
store.enqueue("k", "probe", "t", {}, {}, "")
x = 0
try:
    while True:
        store.append_samples("k", [Sample("item", x, 1.0, payload={"t": "x" * 2000})])
        x += 1
except LabError as error:
    print(x, type(error).__name__, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_files_that_may_not_grow(folders: paths.Folders) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(folders.db)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    stored, _, rest = done.stdout.partition(" ")
    assert rest.startswith("ResourceError The store")
    assert int(stored) > 10
    with Store.open(folders.db) as store:
        assert [s.x for s in store.samples("k")] == list(range(int(stored)))


def test_a_read_only_folder(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    with Store.open(folder / "lab.db") as store:
        store.enqueue(KEY, "probe", "t", {}, {}, "")
    with read_only(folder):
        with pytest.raises(ResourceError, match="cannot be") as caught:
            Store.open(folder / "lab.db")
        assert "--data-dir" in str(caught.value.hint)
        with Store.open(folder / "lab.db", read_only=True) as store:
            assert store.job(KEY) is not None

"""Floods of samples, and of large ones: the parent's memory does not grow with them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOYS = str(ROOT / "tests" / "jobs")

FLOOD = """
import resource, sys
from lab_app.jobs.job import Job
from lab_app.jobs.runner import Runner
from lab_app.store import Store
from lab_app.system.paths import Folders
from pathlib import Path
folders = Folders(Path(sys.argv[1])).create()
job = Job("toys:measure", {"count": int(sys.argv[3]), "padding": int(sys.argv[4])})
with Store.open(folders.db) as store:
    for force in (False, True):
        runner = Runner(store, folders, import_paths=(sys.argv[2],))
        runner.subscribe(lambda job, event: None)
        if force:  # the second attempt is handed all samples of the first
            store._db.execute("DELETE FROM results")
        runner.submit([job], force={job.key})
        print(*runner.run().values(), store.sample_count(job.key))
try:  # ru_maxrss remembers, across exec, how large the process was that started this one
    with open("/proc/self/status") as status:
        print(next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM")))
except OSError:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)  # macOS: bytes
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX measures of memory")
@pytest.mark.parametrize(("count", "padding"), [(25_000, 0), (1_000, 50_000)])
def test_a_flood_of_samples_does_not_fill_the_parent(tmp_path: Path, count: int, padding: int) -> None:
    """25,000 small samples, and 100 MB of large ones; then all of them handed to the next attempt."""
    done = subprocess.run(
        [sys.executable, "-c", FLOOD, str(tmp_path), TOYS, str(count), str(padding)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    first, second, peak = done.stdout.splitlines()
    assert first == second == f"done {count}"
    assert int(peak) < 70e6

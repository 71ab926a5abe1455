"""Downloads against the fake hub: whatever happens, the final name holds the right bytes or does not exist."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from lab_app.hub import cache
from lab_app.hub.control import Control, Limits
from lab_app.hub.download import again, download, pinned_job
from lab_app.hub.repo import listing
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.system.errors import Cancelled, IntegrityError, LabError, NetworkError, ResourceError
from lab_app.system.paths import Folders
from tests.commandline import command, environment

REPO = "org/tiny"
NAME = "tiny-Q4_K_M.gguf"
DATA = random.Random(7).randbytes(1_500_001)


@pytest.fixture
def repo(hub: Any) -> Any:
    hub.add(REPO, {NAME: DATA, "README.md": b"# Tiny\n", "sub/config.json": b"{}"})
    return hub


def final() -> list[Path]:
    """Every file that stands under a final name."""
    base = cache.root()
    return [p for p in base.glob("models--*/snapshots/**/*") if p.is_file()] + [
        p for p in base.glob("models--*/blobs/*") if "." not in p.name
    ]


def test_whole_and_shared_with_huggingface_hub(repo: Any, fast: Limits) -> None:
    done = download(REPO, [NAME, "README.md", "sub/config.json"], limits=fast)
    assert [d.path.read_bytes() for d in done] == [DATA, b"# Tiny\n", b"{}"]
    from huggingface_hub import hf_hub_download

    sent = repo.sent
    assert Path(hf_hub_download(REPO, NAME, endpoint=repo.url, cache_dir=cache.root())) == done[0].path
    again = download(REPO, [NAME], limits=fast)
    assert again[0].received == 0 and repo.sent == sent
    assert not list(cache.root().glob("models--*/blobs/*.lab.*"))


def test_cut_at_every_tenth(repo: Any, fast: Limits) -> None:
    repo.faults.cut_at = {len(DATA) * tenth // 10 for tenth in range(1, 10)}
    done = download(REPO, [NAME], limits=fast)
    assert done[0].path.read_bytes() == DATA and not repo.faults.cut_at


def test_connections_are_used_again(repo: Any, fast: Limits) -> None:
    download(REPO, [NAME], limits=replace(fast, connections=2))
    ranges = [path for host, path, fields in repo.seen if host == "cdn" and "Range" in str(fields)]
    assert len(ranges) >= 7 and repo.servers[1].connections <= 3


def test_server_without_ranges(repo: Any, fast: Limits) -> None:
    repo.faults.no_ranges = True
    assert download(REPO, [NAME], limits=fast)[0].path.read_bytes() == DATA


def test_wrong_bytes_are_found_and_only_they_are_replaced(repo: Any, fast: Limits) -> None:
    # The first answer for these two parts is wrong; every later one is right.
    bad = {4096 * 40, 4096 * 200}
    spoiled: set[int] = set()

    def flip(offset: int, count: int) -> bool:
        if offset in bad and offset not in spoiled:
            spoiled.add(offset)
            return True
        return False

    repo.faults.flip = flip
    done = download(REPO, [NAME], limits=fast)
    assert done[0].path.read_bytes() == DATA and done[0].repaired == 2


def test_always_wrong_bytes_never_get_the_name(repo: Any, fast: Limits) -> None:
    repo.faults.flip = lambda offset, count: offset == 4096 * 40
    with pytest.raises(IntegrityError, match="checksum"):
        download(REPO, [NAME], limits=fast)
    assert final() == []


@pytest.mark.parametrize("etag", ["../../x", "a" * 39, "A" * 64, "0" * 64 + "\\n", "a" * 65])
def test_wrong_etag(repo: Any, fast: Limits, etag: str, tmp_path: Path) -> None:
    repo.faults.etag = etag
    with pytest.raises(IntegrityError):
        download(REPO, [NAME], limits=fast)
    assert final() == [] and repo.sent == 0 and not list(tmp_path.rglob("x"))


@pytest.mark.parametrize(
    "name", ["../evil.gguf", "a/../../evil.gguf", "/etc/evil.gguf", "a\\..\\evil.gguf", "a//b"]
)
def test_names_that_leave_the_cache(repo: Any, fast: Limits, name: str, tmp_path: Path) -> None:
    repo.faults.names[NAME] = name
    with pytest.raises(IntegrityError, match="not safe"):
        download(REPO, [name], limits=fast)
    assert not list(tmp_path.rglob("*evil*"))


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [(401, "", "HTTP 401"), (403, "GatedRepo", "org/tiny"), (404, "RepoNotFound", "not found"),
     (429, "", "too many"), (500, "", "HTTP 500"), (503, "", "HTTP 503")],
)  # fmt: skip
def test_refused_by_the_data_host(repo: Any, fast: Limits, status: int, code: str, says: str) -> None:
    repo.faults.status = status
    repo.faults.headers = {"X-Error-Code": code} if code else {}
    with pytest.raises(NetworkError) as caught:
        download(REPO, [NAME], limits=fast)
    assert (
        says in str(caught.value) and int(caught.value.exit_code) == 5 and "s3cr3t" not in str(caught.value)
    )
    assert final() == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_busy_for_a_moment(repo: Any, fast: Limits, status: int) -> None:
    repo.faults.statuses = [status] * 3
    assert download(REPO, [NAME], limits=fast)[0].path.read_bytes() == DATA


def test_retry_after_is_honoured(repo: Any, fast: Limits) -> None:
    repo.faults.statuses, repo.faults.headers = [429], {"Retry-After": "2"}
    began = time.monotonic()
    download(REPO, [NAME], limits=replace(fast, connections=1))
    assert time.monotonic() - began >= 2


def test_hang_and_trickle_are_dropped(repo: Any, fast: Limits) -> None:
    repo.faults.hang = 1
    repo.faults.trickle = 2
    assert download(REPO, [NAME], limits=fast)[0].path.read_bytes() == DATA


def test_gated(repo: Any, fast: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.gated.add(REPO)
    repo.token = "hf_right_token"
    with pytest.raises(NetworkError, match=f"{repo.url}/{REPO}"):
        download(REPO, [NAME], limits=fast)
    monkeypatch.setenv("HF_TOKEN", "hf_right_token")
    assert download(REPO, [NAME], limits=fast)[0].path.read_bytes() == DATA
    hosts = {host: [h for name, _, h in repo.seen if name == host] for host in ("hub", "cdn")}
    assert any("authorization" in {k.lower() for k in h} for h in hosts["hub"])
    assert hosts["cdn"] and not any("authorization" in {k.lower() for k in h} for h in hosts["cdn"])


def test_offline(repo: Any, fast: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(NetworkError, match="cannot be reached"):
        download(REPO, [NAME], limits=fast)


def test_disk_is_checked_before_the_first_byte(repo: Any, fast: Limits) -> None:
    repo.faults.sizes[NAME] = 1 << 60
    with pytest.raises(ResourceError, match="free"):
        download(REPO, [NAME], limits=fast)
    assert repo.sent == 0


def test_cancel_keeps_what_is_there(repo: Any, fast: Limits) -> None:
    repo.faults.pace = 0.05
    seen: list[int] = []
    control = Control(stopped=lambda: bool(seen) and seen[-1] > len(DATA) // 2)
    with pytest.raises(Cancelled):
        download(REPO, [NAME], limits=fast, control=control, report=lambda d, t, s: seen.append(d))
    assert final() == []
    repo.faults.pace = 0.0
    done = download(REPO, [NAME], limits=fast)
    assert done[0].path.read_bytes() == DATA and done[0].received < len(DATA) * 0.7


def test_a_download_that_goes_on_later_is_found_by_its_branch(
    repo: Any, store: Store, folders: Folders
) -> None:
    """As in a later session of the window, which knows of it what the store keeps."""
    job = pinned_job(listing(REPO).named(["README.md"]), "main")
    repo.faults.status = 404
    for attempt, state in ((job, JobState.FAILED), (again(job.params), JobState.DONE)):
        runner = Runner(store, folders)
        runner.submit([attempt])
        assert runner.run() == {job.key: state}
        repo.faults.status = None
    assert cache.RepoCache.of(REPO).commit_of("main") == job.params["revision"]


def test_bytes_that_did_not_survive_are_fetched_again(repo: Any, fast: Limits) -> None:
    repo.faults.pace = 0.05
    seen: list[int] = []
    control = Control(stopped=lambda: bool(seen) and seen[-1] > len(DATA) // 2)
    with pytest.raises(Cancelled):
        download(REPO, [NAME], limits=fast, control=control, report=lambda d, t, s: seen.append(d))
    (partial,) = cache.root().glob("models--*/blobs/*" + cache.PARTIAL)
    with open(partial, "r+b") as stream:
        stream.write(b"\0" * 100_000)  # a power cut: the journal says written, the disk says otherwise
    repo.faults.pace = 0.0
    assert download(REPO, [NAME], limits=fast)[0].path.read_bytes() == DATA


def test_bandwidth_limit(repo: Any, fast: Limits) -> None:
    began = time.monotonic()
    download(REPO, [NAME], limits=fast, control=Control(bandwidth=1e6))
    assert time.monotonic() - began > 1.0


CHILD = """
import json, resource, sys
from lab_app.hub.control import Limits
from lab_app.hub.download import again, download, pinned_job
from lab_app.hub.repo import listing
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.system.errors import LabError
spec = json.loads(sys.argv[1])
if spec.get("fsize"): resource.setrlimit(resource.RLIMIT_FSIZE, (spec["fsize"], spec["fsize"]))
try:
    download(spec["repo"], [spec["name"]], limits=Limits(**spec["limits"]), report=lambda d, t, s: print(d, flush=True))
except LabError as error:
    print(type(error).__name__, error, int(error.exit_code), flush=True)
    sys.exit(int(error.exit_code))
"""


def child(**spec: Any) -> subprocess.Popen[str]:
    root = str(Path(__file__).resolve().parents[2])
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, json.dumps(spec)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits")
def test_disk_full(repo: Any) -> None:
    process = child(repo=REPO, name=NAME, limits={"part": 65536}, fsize=1_000_000)
    output = process.communicate(timeout=60)[0]
    assert process.returncode == 6 and "full" in output and "Traceback" not in output, output
    assert final() == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_kill_9_at_70_percent(hub: Any, tmp_path: Path) -> None:
    """The whole command is killed: the worker goes with its parent, and the next run goes on from what it left."""
    data = random.Random(3).randbytes(64 << 20)
    hub.add(REPO, {NAME: data})
    hub.faults.pace = 0.0005
    line = command(
        "models", "download", f"{REPO}:{NAME}", "--anyway", "--json", "--data-dir", tmp_path / "lab"
    )
    process = subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=environment())
    assert process.stdout is not None
    worker = 0
    for said in map(json.loads, process.stdout):
        worker = said.get("pid", worker)
        if said["event"] == "progress" and said["done"] >= 0.7 * len(data):
            break
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    until = time.monotonic() + 30
    while _alive(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert final() == [] and not _alive(worker)
    hub.faults.pace = 0.0
    again = subprocess.run(line, capture_output=True, text=True, env=environment(), check=False)
    assert again.returncode == 0, again.stderr
    (result,) = (said for said in map(json.loads, again.stdout.splitlines()) if said["event"] == "result")
    assert all(path.read_bytes() == data for path in final()) and len(final()) == 2
    assert 0 < result["values"]["received"] < 0.5 * len(data)
    assert hub.sent - len(data) <= 16_000_000, f"{hub.sent - len(data)} bytes were sent twice"


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_every_failure_is_a_sentence(repo: Any, fast: Limits) -> None:
    for names in (["tiny-Q4_K_X.gguf"], ["nothing"]):
        with pytest.raises(LabError) as caught:
            download(REPO, names, limits=fast)
        assert caught.value.message.endswith(".") and "\n" not in caught.value.message

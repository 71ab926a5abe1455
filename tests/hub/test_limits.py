"""“Work offline” and the bandwidth of the settings hold for every way to the hub, in workers and commands too."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab_app.cli import main
from lab_app.hub import browse, card, download, errors, preview, remote_gguf, repo, resolve, search
from lab_app.hub.reference import Reference
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.system import native, network, settings
from lab_app.system.errors import ExitCode
from lab_app.system.paths import Folders
from lab_app.system.settings import Settings
from tests.hub.fake_hub import FakeHub
from tests.models import tiny_gguf

REPO = "org/m"
DATA = random.Random(6).randbytes(300_000)
OFFLINE = Settings(offline=True)


@pytest.fixture
def there(hub: FakeHub, tmp_path: Path) -> FakeHub:
    """A repository with a model, its card, a picture of 300 kB and a folder of weights."""
    model = tiny_gguf(tmp_path / "m.gguf", layers=1).read_bytes()
    files = {"m-F16.gguf": model, "README.md": b"# Em\n" + b"word " * 2000, "noise.bin": DATA}
    hub.add(REPO, files, tags=["gguf"], downloads=5)
    return hub


ACCESSES: dict[str, Callable[[], Any]] = {
    "search": lambda: search.search("m"),
    "list": lambda: repo.listing(REPO),
    "browse": lambda: browse.look(REPO),
    "card": lambda: card.fetch(REPO),
    "resolve": lambda: resolve.resolve(Reference(REPO, "m-F16.gguf")),
    "download": lambda: download.download(REPO, ["noise.bin"]),
}


@pytest.mark.parametrize("name", ACCESSES)
def test_nothing_is_asked_offline(there: FakeHub, name: str) -> None:
    network.use(OFFLINE)
    with pytest.raises(errors.Offline, match="work offline"):
        ACCESSES[name]()
    assert there.seen == []
    network.use(Settings())
    ACCESSES[name]()
    assert there.seen


def test_what_is_known_of_a_file_does_not_reach_its_bytes_offline(there: FakeHub) -> None:
    """A list made before the network was switched off is no way around it."""
    found = repo.listing(REPO)
    network.use(OFFLINE)
    asked = len(there.seen)
    with pytest.raises(errors.Offline):
        remote_gguf.header(found.named(["m-F16.gguf"]))
    with pytest.raises(errors.Offline):
        download.download_files(found.named(["noise.bin"]), "main")
    assert len(there.seen) == asked


def test_what_is_here_is_used_offline(there: FakeHub) -> None:
    download.download(REPO, ["m-F16.gguf"])
    asked = len(there.seen)
    network.use(OFFLINE)
    found = resolve.resolve(Reference(REPO, "m-F16.gguf"))
    assert not found.online and not found.missing
    (done,) = download.download_files(found.files, "main")
    assert done.received == 0 and len(there.seen) == asked


@pytest.mark.parametrize(
    "command",
    [
        ("models", "search", "m"),
        ("models", "files", REPO),
        ("models", "card", REPO),
        ("models", "download", f"{REPO}:m-F16.gguf"),
    ],
)
def test_the_command_line_works_offline(
    there: FakeHub, folders: Folders, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    settings.save(folders, OFFLINE)
    assert main([*command, "--data-dir", str(folders.root)]) == ExitCode.NETWORK
    assert "work offline" in capsys.readouterr().err and there.seen == []


def test_repairing_works_offline(
    there: FakeHub, folders: Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    (done,) = download.download(REPO, ["noise.bin"])
    done.path.resolve().write_bytes(b"x" * len(DATA))
    settings.save(folders, OFFLINE)
    asked = len(there.seen)
    command = ["models", "verify", REPO, "--repair", "--data-dir", str(folders.root)]
    assert main(command) == ExitCode.NETWORK
    assert "work offline" in capsys.readouterr().err and len(there.seen) == asked


@pytest.mark.parametrize("kind", ["download", "preview"])
def test_workers_follow_the_settings_of_their_data_folder(
    there: FakeHub, folders: Folders, run_job: Callable[..., Any], kind: str, native_dir: Path
) -> None:
    found = repo.listing(REPO)
    files = found.named(["m-F16.gguf"])
    job = download.pinned_job(files) if kind == "download" else preview.job(files, native.engine_id())
    settings.save(folders, OFFLINE)
    asked = len(there.seen)
    ran = run_job(kind, job.params, hints=dict(job.hints))
    assert ran.state is JobState.FAILED and ran.failure.exit_code == ExitCode.NETWORK, ran.log
    assert "work offline" in ran.failure.message and len(there.seen) == asked


def test_a_worker_keeps_to_the_bandwidth(
    there: FakeHub, folders: Folders, run_job: Callable[..., Any]
) -> None:
    job = download.pinned_job(repo.listing(REPO).named(["noise.bin"]))
    settings.save(folders, Settings(bandwidth=60_000))  # five seconds
    began = time.monotonic()
    ran = run_job("download", job.params, hints=dict(job.hints))
    assert ran.state is JobState.DONE, ran.log
    assert time.monotonic() - began > 4.0


def test_two_downloads_share_the_bandwidth(there: FakeHub, store: Store, folders: Folders) -> None:
    there.add("org/other", {"noise.bin": DATA[::-1]})
    jobs = [download.pinned_job(repo.listing(r).named(["noise.bin"])) for r in (REPO, "org/other")]
    settings.save(folders, Settings(bandwidth=60_000))  # ten seconds for both, five for one
    began = time.monotonic()
    runner = Runner(store, folders)
    runner.submit(jobs)
    assert set(runner.run().values()) == {JobState.DONE}
    assert time.monotonic() - began > 8.5


@pytest.mark.parametrize(
    ("name", "bandwidth"),
    [("search", 25), ("list", 280), ("card", 5000), ("browse", 300_000), ("download", 140_000)],
)
def test_every_way_keeps_to_the_bandwidth(there: FakeHub, name: str, bandwidth: int) -> None:
    """Each receives enough to take about two seconds at such a bandwidth, and far less than one without."""
    network.use(Settings(bandwidth=bandwidth))
    began = time.monotonic()
    ACCESSES[name]()
    assert time.monotonic() - began > 1.2

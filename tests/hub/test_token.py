"""The token reaches the hub and nothing else: a canary is looked for in everything a run leaves behind."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend

from lab_app.batch import wire
from lab_app.hub import download
from lab_app.jobs.events import Started, encode
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState, StateChange
from lab_app.store import Store
from lab_app.system import secrets
from lab_app.system.errors import ResourceError, UsageError
from lab_app.system.paths import Folders

CANARY = "hf_CanaryThatMustNotSing0123456789"
NAME = "tiny-Q4_K_M.gguf"


class Memory(KeyringBackend):
    """A working keyring."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring(hub: Any) -> Any:
    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    yield
    keyring.set_keyring(before)


@pytest.mark.parametrize("way", ["keyring", "environment", "session"])
@pytest.mark.parametrize("fails", [False, True])
def test_canary(
    hub: Any, ring: Any, way: str, fails: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "keyring":
        assert secrets.save(CANARY) is secrets.Source.KEYRING
    elif way == "environment":
        monkeypatch.setenv("HF_TOKEN", CANARY)
    else:
        secrets.use_for_session(CANARY)
    hub.add("org/gated", {NAME: os.urandom(3_000_000)})
    hub.gated.add("org/gated")
    hub.token = "hf_another" if fails else CANARY
    hub.faults.pace = 0.002
    folders = Folders(tmp_path / "data").create()
    heard: list[str] = []
    seen_of_worker: list[bytes] = []

    def listen(job: Any, event: Any) -> None:
        heard.append(repr(job) + repr(event))
        if not isinstance(event, StateChange):
            heard.append(encode(event) + wire.line(event, job.key))
        if isinstance(event, Started) and sys.platform.startswith("linux"):
            seen_of_worker.extend(
                Path(f"/proc/{event.pid}/{name}").read_bytes() for name in ("environ", "cmdline")
            )

    job = download.job("org/gated", [NAME], anyway=True)
    with Store.open(folders.db) as store:
        runner = Runner(store, folders)
        runner.subscribe(listen)
        runner.submit([job])
        state = runner.run()[job.key]
    assert state is (JobState.FAILED if fails else JobState.DONE), heard[-1]
    # It did its work: the hub saw it, the host behind the redirect did not.
    assert any(CANARY in str(fields) for host, _, fields in hub.seen if host == "hub")
    assert not any(CANARY in str(fields) for host, _, fields in hub.seen if host == "cdn")
    assert CANARY not in "".join(heard) and CANARY not in job.key
    assert all(CANARY.encode() not in data for data in seen_of_worker)
    if sys.platform.startswith("linux"):
        assert len(seen_of_worker) == 2 and all(seen_of_worker)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "lab.db" for path in files)
    for path in files:
        assert CANARY.encode() not in path.read_bytes(), path
        assert b"s3cr3t" not in path.read_bytes(), path


def test_order_and_forgetting(hub: Any, ring: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert secrets.token() is None
    secrets.use_for_session("hf_session")
    assert secrets.find() == ("hf_session", secrets.Source.SESSION)
    monkeypatch.setenv("HF_TOKEN", "hf_environment")
    assert secrets.find() == ("hf_environment", secrets.Source.ENVIRONMENT)
    secrets.save("hf_keyring")
    assert secrets.find() == ("hf_keyring", secrets.Source.KEYRING)
    secrets.forget()
    monkeypatch.delenv("HF_TOKEN")
    assert secrets.token() is None


def test_without_a_keyring(hub: Any) -> None:
    from keyring.backends.fail import Keyring

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    try:
        assert secrets.token() is None
        with pytest.raises(ResourceError, match="keyring") as caught:
            secrets.save("hf_something")
        assert "hf_something" not in str(caught.value)
        assert not secrets.token_file().exists()
        assert secrets.save("hf_something", plaintext=True) is secrets.Source.FILE
        if os.name == "posix":
            assert stat.S_IMODE(secrets.token_file().stat().st_mode) == 0o600
        assert secrets.token() == "hf_something"
    finally:
        keyring.set_keyring(before)


def test_what_is_no_token() -> None:
    for text in ("", "a b", "x\nAuthorization: y", "é" * 10):
        with pytest.raises(UsageError):
            secrets.checked(text)
    assert "hf_x" not in repr({"t": secrets.Secret("hf_x")})

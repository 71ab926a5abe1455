"""The fake hub, an empty cache, and an environment without anybody's token."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab_app.hub.control import Limits
from lab_app.system import network, secrets
from lab_app.system.settings import Settings
from tests.hub.fake_hub import FakeHub

FAST = Limits(part=64 << 10, request=192 << 10, silence=1.0, window=1.0, backoff=0.02, attempts=4, sync=0.2)


@pytest.fixture
def fast() -> Limits:
    return FAST


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    server = FakeHub()
    network.use(Settings())
    for name in ("HF_TOKEN", "HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("ODYSSEY_LAB_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setattr(secrets, "_handed", None)
    monkeypatch.setattr(secrets, "_adopted", False)
    monkeypatch.setattr(secrets, "_session", None)
    yield server
    server.close()
    network.use(Settings())

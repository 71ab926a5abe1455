"""Hubs, networks and disks that misbehave beyond the bytes themselves: one sentence each, and nothing wrong kept."""

from __future__ import annotations

import datetime
import http.server
import os
import random
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from lab_app.hub import cache, client, repo
from lab_app.hub.control import Control, Limits
from lab_app.hub.download import download
from lab_app.system.errors import Cancelled, IntegrityError, NetworkError, ResourceError
from tests.hub.fake_hub import FakeHub
from tests.hub.test_download import child, final

REPO, NAME = "org/tiny", "tiny-Q4_K_M.gguf"
DATA = random.Random(11).randbytes(1_200_003)


@pytest.fixture(autouse=True)
def files(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add(REPO, {NAME: DATA, "README.md": b"# Tiny\n"})
    monkeypatch.setattr("lab_app.hub.client.backoff", lambda *_: 0.01)


# -- the API -------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["api_hang", "api_trickle"])
def test_an_api_that_does_not_answer(hub: FakeHub, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_WITHIN", 0.7)
    setattr(hub.faults, fault, True)
    began = time.monotonic()
    with pytest.raises(NetworkError, match="does not answer"):
        repo.listing(REPO)
    assert time.monotonic() - began < 20


def test_cancelling_while_the_api_hangs(hub: FakeHub, fast: Limits) -> None:
    hub.faults.api_hang = True
    until = time.monotonic() + 0.5
    with pytest.raises(Cancelled):
        download(REPO, [NAME], limits=fast, control=Control(stopped=lambda: time.monotonic() > until))


def test_an_api_on_another_host_gets_no_token(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_for_the_hub_alone")
    hub.faults.api_elsewhere = True
    assert repo.listing(REPO).named([NAME])
    seen = {host: [str(fields) for name, _, fields in hub.seen if name == host] for host in ("hub", "cdn")}
    assert seen["cdn"] and not any("hf_for_the_hub_alone" in fields for fields in seen["cdn"])
    assert all("hf_for_the_hub_alone" in fields for fields in seen["hub"])


@pytest.mark.parametrize("commit", ["../../x", "", "c0ffee", "C0FFEE" + "0" * 34, "main"])
def test_a_commit_that_is_none(hub: FakeHub, commit: str) -> None:
    hub.info[REPO]["sha"] = commit
    with pytest.raises(IntegrityError, match="commit"):
        repo.listing(REPO)


def test_an_answer_that_is_not_the_hubs_format(hub: FakeHub) -> None:
    hub.faults.sizes[NAME] = -1
    with pytest.raises(IntegrityError):
        repo.listing(REPO)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("0", 0.0), ("-3", 0.0), ("soon", None), ("", None), ("nan", None),
     (format_datetime(datetime.datetime(1999, 1, 1, tzinfo=datetime.UTC), usegmt=True), 0.0)],
)  # fmt: skip
def test_retry_after(value: str, seconds: float | None) -> None:
    assert client.retry_after({"Retry-After": value}) == seconds


def test_a_long_retry_after_is_told_instead_of_waited_for(hub: FakeHub, fast: Limits) -> None:
    hub.faults.status, hub.faults.headers = 429, {"Retry-After": "3600"}
    began = time.monotonic()
    with pytest.raises(NetworkError, match="3600 seconds"):
        download(REPO, [NAME], limits=fast)
    assert time.monotonic() - began < 20


# -- the way there -------------------------------------------------------------------------------


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[str]:
    """An https server whose certificate nobody has signed."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - day).not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = tmp_path / "server.pem"
    encoding = serialization.Encoding.PEM
    pem.write_bytes(
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(encoding)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"https://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_certificate_nobody_signed(stranger: str, fast: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", stranger)
    with pytest.raises(NetworkError, match=r"certificate .* could not be verified") as caught:
        download(REPO, [NAME], limits=fast)
    assert int(caught.value.exit_code) == 5 and "SSL_CERT_FILE" in str(caught.value.hint)


@pytest.fixture
def proxy() -> Iterator[Any]:
    """A forward proxy that counts what it is asked for."""

    class Handler(http.server.BaseHTTPRequestHandler):
        asked: list[str] = []  # noqa: RUF012 - one proxy a test

        def log_message(self, *_: Any) -> None:
            return

        def do_GET(self) -> None:
            self.asked.append(self.path)
            host, _, rest = self.path.removeprefix("http://").partition("/")
            name, _, port = host.partition(":")
            with socket.create_connection((name, int(port))) as upstream:
                head = f"{self.command} /{rest} HTTP/1.1\r\n"
                fields = "".join(f"{k}: {v}\r\n" for k, v in self.headers.items() if k != "Connection")
                upstream.sendall((head + fields + "Connection: close\r\n\r\n").encode())
                while data := upstream.recv(65536):
                    self.wfile.write(data)
            self.close_connection = True

        do_HEAD = do_GET

    Handler.asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server, Handler.asked
    server.shutdown()
    server.server_close()


def test_through_a_proxy(hub: FakeHub, proxy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server, asked = proxy
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    process = child(repo=REPO, name=NAME, limits={"part": 65536, "connections": 2})
    output = process.communicate(timeout=120)[0]
    assert process.returncode == 0, output
    assert len(final()) == 2 and all(path.read_bytes() == DATA for path in final())
    assert any(path.startswith(hub.url) for path in asked) and any(path.startswith(hub.cdn) for path in asked)


def test_a_proxy_that_is_not_there(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    process = child(repo=REPO, name=NAME, limits={})
    output = process.communicate(timeout=120)[0]
    assert process.returncode == 5 and "HTTPS_PROXY" in output and "Traceback" not in output, output
    assert hub.seen == []


# -- the disk ------------------------------------------------------------------------------------


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="mounts a small file system")
def test_a_disk_that_fills_up_meanwhile(
    hub: FakeHub, fast: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=80m", "none", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting needs rights this user does not have")
    monkeypatch.setenv("HF_HUB_CACHE", str(disk / "cache"))
    try:
        hub.faults.pace = 0.03

        def fill(done: int, total: int, text: str) -> None:
            if done and not (disk / "other").exists():
                left = os.statvfs(disk)
                with open(disk / "other", "wb") as stream:
                    os.posix_fallocate(stream.fileno(), 0, left.f_bavail * left.f_frsize - (64 << 10))

        with pytest.raises(ResourceError, match="full") as caught:
            download(REPO, [NAME], limits=fast, report=fill)
        assert int(caught.value.exit_code) == 6 and final() == []
        (disk / "other").unlink()
        hub.faults.pace = 0.0
        (done,) = download(REPO, [NAME], limits=fast)
        assert done.path.read_bytes() == DATA and done.received < len(DATA)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("left", [0, 100, 700_000])
def test_a_file_another_program_left_short_is_completed(hub: FakeHub, fast: Limits, left: int) -> None:
    place = cache.RepoCache.of(REPO)
    blob = place.blob(hub.oid(NAME, DATA))
    blob.parent.mkdir(parents=True)
    blob.write_bytes(DATA[:left])
    (done,) = download(REPO, [NAME], limits=fast)
    assert done.path.read_bytes() == DATA
    assert done.received <= len(DATA) - left + fast.part


def test_a_snapshot_folder_that_leads_out_of_the_cache(hub: FakeHub, fast: Limits, tmp_path: Path) -> None:
    place = cache.RepoCache.of(REPO)
    outside = tmp_path / "outside"
    outside.mkdir()
    place.folder.mkdir(parents=True)
    (place.folder / "snapshots").symlink_to(outside)
    with pytest.raises(IntegrityError, match="out of the model cache"):
        download(REPO, [NAME], limits=fast)
    assert [path for path in outside.rglob("*") if not path.is_dir()] == []


def test_orphans_are_collected_on_the_way(hub: FakeHub, fast: Limits) -> None:
    blobs = cache.root() / "models--org--other" / "blobs"
    blobs.mkdir(parents=True)
    old = blobs / ("a" * 64 + ".12345678.incomplete")
    old.write_bytes(b"x" * 5000)
    os.utime(old, (time.time() - 7200,) * 2)
    download(REPO, [NAME], limits=fast)
    assert not old.exists()


# -- at once, and in between ---------------------------------------------------------------------


def test_two_at_once_fetch_it_once(hub: FakeHub, fast: Limits) -> None:
    hub.faults.pace = 0.002
    done: list[Any] = []
    threads = [
        threading.Thread(target=lambda: done.extend(download(REPO, [NAME], limits=fast))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [item.path.read_bytes() == DATA for item in done] == [True, True]
    assert sorted(item.received for item in done) == [0, len(DATA)]


def test_pause_and_resume(hub: FakeHub, fast: Limits) -> None:
    hub.faults.pace = 0.03
    limits = replace(fast, connections=2, largest=fast.request)
    control = Control()
    paused_at: list[int] = []

    def tell(done: int, total: int, text: str) -> None:
        if done > len(DATA) // 4 and not paused_at:
            control.pause()
            threading.Thread(target=look_and_resume, daemon=True).start()
            paused_at.append(done)

    still: list[int] = []

    def look_and_resume() -> None:
        sent = -1
        while sent != hub.sent:  # sockets take what was asked for already
            sent = hub.sent
            time.sleep(0.5)
        still.append(sent)
        hub.faults.pace = 0.0
        control.resume()

    (done,) = download(REPO, [NAME], limits=limits, control=control, report=tell)
    assert done.path.read_bytes() == DATA
    assert still and still[0] < len(DATA), "a quarter or more, and two requests"

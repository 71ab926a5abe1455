"""A Hugging Face hub on loopback: the API the real client uses, and a second host that holds the bytes.

Faults are fields, changed by tests while it runs. Everything sent is counted.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

COMMIT = "c0ffee" + "0" * 34


def git_oid(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


@dataclass
class Faults:
    """What goes wrong. ``statuses``: answers to give first to data requests (then none); ``status``: always."""

    status: int | None = None
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    api_status: int | None = None
    api_code: str = ""
    etag: str | None = None
    cut_at: set[int] = field(default_factory=set)
    flip: Callable[[int, int], bool] | None = None
    """(offset, how often this offset's range was asked for) → send a wrong byte there."""
    hang: int = 0
    trickle: int = 0
    no_ranges: bool = False
    names: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    pace: float = 0.0
    api_hang: bool = False
    api_trickle: bool = False
    api_elsewhere: bool = False
    """The API sends its clients to the second host."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    connections = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class FakeHub:
    """``repos``: repository → file name → bytes. ``large``: names stored as LFS (redirected to the second host)."""

    def __init__(self) -> None:
        self.repos: dict[str, dict[str, bytes]] = {}
        self.gated: set[str] = set()
        self.token: str | None = None
        self.info: dict[str, dict[str, Any]] = {}
        self.faults = Faults()
        self.sent = 0
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        """(host, path, headers) of every request."""
        self.asked: dict[int, int] = {}
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.servers = [_Server(("127.0.0.1", 0), _handler(self, name)) for name in ("hub", "cdn")]
        for server in self.servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        # Another name, because huggingface_hub takes another port of the same host for the same host.
        self.url, self.cdn = (
            f"http://{name}:{server.server_port}"
            for name, server in zip(("127.0.0.1", "localhost"), self.servers, strict=True)
        )

    def close(self) -> None:
        self.closing.set()
        for server in self.servers:
            server.shutdown()
            server.server_close()

    def add(self, repo: str, files: dict[str, bytes], **info: Any) -> None:
        self.repos[repo] = files
        self.info[repo] = info

    @staticmethod
    def is_large(name: str) -> bool:
        return name.endswith((".gguf", ".safetensors", ".bin"))

    def oid(self, name: str, data: bytes) -> str:
        return hashlib.sha256(data).hexdigest() if self.is_large(name) else git_oid(data)

    def tree(self, repo: str) -> list[dict[str, Any]]:
        entries = []
        for name, data in self.repos[repo].items():
            size = self.faults.sizes.get(name, len(data))
            entry: dict[str, Any] = {"type": "file", "path": self.faults.names.get(name, name), "size": size}
            entry["oid"] = git_oid(data)
            if self.is_large(name):
                entry["lfs"] = {"oid": self.oid(name, data), "size": size, "pointerSize": 134}
            entries.append(entry)
        return entries


def _handler(hub: FakeHub, host: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            return

        def do_GET(self) -> None:
            self.answer(head=False)

        def do_HEAD(self) -> None:
            self.answer(head=True)

        def answer(self, head: bool) -> None:
            parts = urlsplit(self.path)
            path, query = unquote(parts.path), parse_qs(parts.query)
            with hub.lock:
                hub.seen.append((host, self.path, dict(self.headers.items())))
            try:
                if hub.faults.api_elsewhere and host == "hub" and path.startswith("/api/"):
                    self.refuse(307, Location=hub.cdn + self.path)
                elif host == "cdn" and not path.startswith("/api/"):
                    repo, _, name = path.lstrip("/").partition("//")
                    self.data(hub.repos[repo][name], hub.oid(name, hub.repos[repo][name]), head)
                elif path == "/api/models":
                    self.search(query)
                elif match := re.fullmatch(
                    r"/api/models/([^/]+/[^/]+)(?:/(tree|revision)/([^/]+))?(/.*)?", path
                ):
                    self.api(match[1], match[2], match[3] or "main")
                elif match := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
                    self.resolve(match[1], match[3], head)
                else:
                    self.refuse(404, "RepoNotFound")
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def refuse(self, status: int, code: str = "", **fields: str) -> None:
            self.send_response(status)
            if code:
                self.send_header("X-Error-Code", code)
            for key, value in (hub.faults.headers | fields).items():
                self.send_header(key, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def send_json(self, body: Any) -> None:
            data = json.dumps(body).encode()
            if hub.faults.api_hang:
                hub.closing.wait()
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            for start in range(0, len(data), 1 if hub.faults.api_trickle else len(data)):
                if hub.faults.api_trickle and hub.closing.wait(0.2):
                    self.close_connection = True
                    return
                self.wfile.write(data[start : start + 1] if hub.faults.api_trickle else data)

        def allowed(self, repo: str) -> bool:
            if hub.faults.api_status:
                self.refuse(hub.faults.api_status, hub.faults.api_code)
            elif repo not in hub.repos:
                self.refuse(404, "RepoNotFound")
            else:
                return True
            return False

        def search(self, query: dict[str, list[str]]) -> None:
            wanted = query.get("search", [""])[0].lower()
            author = query.get("author", [""])[0]
            tags = {tag for item in query.get("filter", []) for tag in item.split(",")}
            found = [
                {"id": repo, "tags": [], **hub.info[repo]}
                for repo in hub.repos
                if wanted in repo.lower()
                and (not author or repo.startswith(author + "/"))
                and tags <= set(hub.info[repo].get("tags", []))
            ]
            key = query.get("sort", ["downloads"])[0]
            found.sort(key=lambda item: item.get(key) or 0, reverse=True)
            self.send_json(found[: int(query.get("limit", ["100"])[0])])

        def api(self, repo: str, kind: str | None, revision: str) -> None:
            if not self.allowed(repo):
                return
            if revision not in ("main", COMMIT):
                self.refuse(404, "RevisionNotFound")
            elif kind == "tree":
                self.send_json(hub.tree(repo))
            else:
                gated = "manual" if repo in hub.gated else False
                self.send_json({"id": repo, "sha": COMMIT, "gated": gated, **hub.info[repo]})

        def resolve(self, repo: str, name: str, head: bool) -> None:
            if not self.allowed(repo):
                return
            if repo in hub.gated and self.headers.get("Authorization") != f"Bearer {hub.token}":
                self.refuse(403 if self.headers.get("Authorization") else 401, "GatedRepo")
                return
            if name not in hub.repos[repo]:
                self.refuse(404, "EntryNotFound")
                return
            data = hub.repos[repo][name]
            etag = hub.faults.etag or hub.oid(name, data)
            if hub.is_large(name):
                self.send_response(302)
                self.send_header("Location", f"{hub.cdn}/{quote(repo)}//{quote(name)}?Signature=s3cr3t")
                self.send_header("X-Linked-ETag", f'"{etag}"')
                self.send_header("X-Linked-Size", str(len(data)))
                self.send_header("X-Repo-Commit", COMMIT)
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self.data(data, etag, head)

        def data(self, data: bytes, etag: str, head: bool = False) -> None:
            faults = hub.faults
            if not head and (faults.status or faults.statuses):
                self.refuse(faults.status or faults.statuses.pop(0))
                return
            start, end, status = 0, len(data), 200
            match = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
            if match and not faults.no_ranges:
                start, end, status = int(match[1]), min(len(data), int(match[2]) + 1), 206
            self.send_response(status)
            self.send_header("ETag", f'"{etag}"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("Content-Length", str(end - start))
            if status == 206:
                self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
            self.end_headers()
            if not head:
                self.body(data, start, end)

        def body(self, data: bytes, start: int, end: int) -> None:
            faults = hub.faults
            with hub.lock:
                count = hub.asked[start] = hub.asked.get(start, 0) + 1
            if faults.hang:
                faults.hang -= 1
                time.sleep(3)
                self.close_connection = True
                return
            slow = faults.trickle > 0
            faults.trickle -= slow
            at = start
            while at < end:
                size = 1 if slow else min(16 << 10, end - at)
                with hub.lock:
                    cut = min((c for c in faults.cut_at if at <= c < at + size), default=None)
                    if cut is not None:
                        faults.cut_at.discard(cut)
                        size = cut - at
                chunk = bytearray(data[at : at + size])
                if faults.flip is not None:
                    for offset in range(at, at + size, 4096):
                        if faults.flip(offset, count):
                            chunk[offset - at] ^= 0x55
                self.wfile.write(chunk)
                with hub.lock:
                    hub.sent += size
                at += size
                if cut is not None:
                    self.close_connection = True
                    return
                if slow or faults.pace:
                    time.sleep(0.2 if slow else faults.pace)

    return Handler

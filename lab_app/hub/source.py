"""One file of a repository, read by HTTP range requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from lab_app.hub import cache, client, errors
from lab_app.hub.control import Control, Limits
from lab_app.system.errors import IntegrityError, LabError, NetworkError


class Retry(Exception):
    """This attempt failed, another may succeed. ``wait``: seconds the server asked for, if it did.

    ``error``: what to tell when no attempt is left.
    """

    def __init__(self, error: LabError, wait: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.wait = wait


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as the tree API names it: ``oid`` is its sha256 (LFS) or its git blob sha1."""

    repo: str
    commit: str
    name: str
    size: int
    oid: str


class Source:
    """Finds where a file's bytes lie, and opens ranges of them. Thread-safe."""

    def __init__(self, file: RemoteFile, silence: float) -> None:
        self.file = file
        self._silence = silence
        self._location: str | None = None
        self._lock = threading.Lock()

    def _fail(self, error: Exception) -> Exception:
        """Retry for what may pass, a LabError for what will not."""
        if isinstance(error, LabError | Retry):
            return error
        status, fields = errors.status_of(error)
        told = errors.explain(error, repo=self.file.repo, file=self.file.name)
        if status in client.RETRIABLE:
            wait = client.retry_after(fields)
            return told if wait is not None and wait > client.LONGEST_WAIT else Retry(told, wait)
        return Retry(told) if status is None and errors.is_transport(error) else told

    def locate(self) -> str:
        """The address of the bytes; asked once, and again after :meth:`forget`. Checks ETag and size."""
        client.session()  # refuses where the settings do
        from huggingface_hub import get_hf_file_metadata, hf_hub_url

        with self._lock:
            if self._location is not None:
                return self._location
            file, place = self.file, client.endpoint()
            url = hf_hub_url(file.repo, file.name, revision=file.commit, endpoint=place)
            try:
                found = get_hf_file_metadata(
                    url, headers=client.headers(url), token=False, timeout=self._silence, endpoint=place
                )
            except Exception as error:
                raise self._fail(error) from None
            if cache.checked_oid(found.etag) != file.oid:
                raise IntegrityError(
                    f"{place} offers another {file.name} than its own list of files names; nothing was written.",
                    "Try again, or use another mirror (HF_ENDPOINT).",
                )
            if found.size is not None and found.size != file.size:
                raise IntegrityError(
                    f"{place} says {found.size} bytes for {file.name}, its own list of files {file.size}."
                )
            self._location = found.location
            return self._location

    def forget(self) -> None:
        """The address stopped working (signed addresses expire)."""
        with self._lock:
            self._location = None

    @contextmanager
    def open(self, start: int, end: int) -> Iterator[tuple[int, Any]]:
        """``(first, response)``: the answer's body begins at byte ``first`` of the file (``start``, or 0 from a
        server without ranges). Raises Retry or LabError; the token goes to the hub's own host alone."""
        http, session = client.http(), client.session()
        url = self.locate()
        for _ in range(6):
            fields = client.headers(url) | {"Range": f"bytes={start}-{end - 1}"}
            timeout = http.Timeout(self._silence, connect=min(10.0, self._silence))
            try:
                with session.stream(
                    "GET", url, headers=fields, timeout=timeout, follow_redirects=False
                ) as response:
                    if response.status_code in (301, 302, 303, 307, 308) and "Location" in response.headers:
                        url = urljoin(url, response.headers["Location"])
                        continue
                    yield self._begin(response, url, start, end), response
                    return
            except Exception as error:
                raise self._fail(error) from None
        raise Retry(errors.of_status(508, {}, repo=self.file.repo, file=self.file.name))

    def _begin(self, response: Any, url: str, start: int, end: int) -> int:
        status, fields, file = response.status_code, response.headers, self.file
        if status not in (200, 206):
            told = errors.of_status(status, fields, repo=file.repo, file=file.name)
            if status in client.RETRIABLE:
                wait = client.retry_after(fields)
                raise told if wait is not None and wait > client.LONGEST_WAIT else Retry(told, wait)
            if not client.same_host(url, client.endpoint()):
                self.forget()
                raise Retry(told)
            raise told
        if fields.get("Content-Encoding", "identity") != "identity":
            raise Retry(IntegrityError(f"The server packed {file.name} although it was asked not to."))
        if status == 200:
            return 0
        if fields.get("Content-Range", "").replace(" ", "") != f"bytes{start}-{end - 1}/{file.size}":
            raise Retry(IntegrityError(f"The server sent another range of {file.name} than was asked for."))
        return start


class Watch:
    """Drops a connection that is alive but useless, and keeps to the bandwidth limit."""

    def __init__(self, limits: Limits, control: Control) -> None:
        self._limits, self._control = limits, control
        self._since, self._bytes = time.monotonic(), 0

    def saw(self, count: int) -> None:
        """Raises Retry when the last window was too slow, Cancelled when asked to stop."""
        self._since += self._control.take(count)
        self._bytes += count
        spent = time.monotonic() - self._since
        if spent < self._limits.window:
            return
        floor = self._limits.slowest
        if self._control.bandwidth:
            floor = min(floor, self._control.bandwidth / self._limits.connections / 4)
        if self._bytes / spent < floor:
            told = NetworkError("The server sends next to nothing.", "Try again later; what came is kept.")
            raise Retry(told)
        self._since, self._bytes = time.monotonic(), 0


def read_range(source: Source, start: int, end: int, limits: Limits, control: Control | None = None) -> bytes:
    """Bytes [start, end) in memory, over as many attempts as ``limits`` allow. Raises LabError, Cancelled."""
    control = control or Control()
    for attempt in range(1, limits.attempts + 1):
        control.check()
        try:
            with source.open(start, end) as (first, response):
                data = bytearray()
                skip = start - first
                watch = Watch(limits, control)
                for chunk in response.iter_raw():
                    watch.saw(len(chunk))
                    dropped = min(skip, len(chunk))
                    skip -= dropped
                    data += chunk[dropped:]
                    # A range is read to its end, so that the connection can be used again.
                    if len(data) >= end - start and response.status_code != 206:
                        break
            if len(data) >= end - start:
                return bytes(data[: end - start])
            raise Retry(IntegrityError(f"The server ends {source.file.name} early every time."))
        except Retry as retry:
            if attempt == limits.attempts:
                raise retry.error from None
            wait = retry.wait if retry.wait is not None else client.backoff(attempt, limits.backoff)
            client.pause(wait, control.check)
    raise AssertionError("unreachable")

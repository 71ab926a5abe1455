"""Bytes of one file onto the disk: several connections, a journal, the checksum computed alongside.

Connections take missing ranges from the front; the calling thread follows the finished front and hashes it,
so that the checksum is known almost as soon as the last byte is there. No whole part is ever in memory twice.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab_app.hub import client, errors
from lab_app.hub.control import Control, Limits
from lab_app.hub.journal import Journal
from lab_app.hub.source import RemoteFile, Retry, Source, Watch
from lab_app.system.errors import LabError, NetworkError

_ENOUGH = 64 << 10
"""Bytes that count as progress: after them failures are counted anew."""
_SEVERAL = 8
"""Requests after which the way's latency is believed."""


def hasher(oid: str, size: int) -> Any:
    """sha256 for an LFS object's id, git's blob sha1 (``blob SIZE\\0`` + bytes) for a small file's."""
    if len(oid) == 64:
        return hashlib.sha256()
    return hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)


@dataclass
class Run:
    """Bytes still to fetch, [start, end); ``crc`` of the bytes of start's part that are written already."""

    start: int
    end: int
    crc: int = 0


class Transfer:
    """One file into ``partial``, with ``journal`` beside it. Used under the blob's lock."""

    def __init__(
        self, file: RemoteFile, partial: Path, journal: Path, control: Control, limits: Limits
    ) -> None:
        self.file, self.control, self.limits = file, control, limits
        self.source = Source(file, limits.silence)
        self.part = part_size(file.size, limits.part)
        self.count = -(-file.size // self.part)
        self._fd = os.open(partial, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        fresh = os.fstat(self._fd).st_size != file.size
        if fresh:
            journal.unlink(missing_ok=True)
        os.ftruncate(self._fd, file.size)
        self.journal = Journal(journal, file.oid, file.size, self.part)
        self.resumed = set(self.journal.parts)
        self.received = 0
        """Bytes written by this process; what was there before is not in it."""
        self._todo: list[Run] = _runs(self.count, self.part, file.size, self.resumed)
        self._request = limits.request
        self._latency, self._latencies = float("inf"), 0
        self._ready = threading.Condition()
        self._error: BaseException | None = None
        self._failures = 0
        self._gain = 0
        self._not_before = 0.0
        self._closing = False

    @property
    def on_disk(self) -> int:
        """Bytes of finished and unfinished parts."""
        return min(self.file.size, len(self.resumed) * self.part) + self.received

    def close(self) -> None:
        os.close(self._fd)
        self.journal.close()

    # -- the calling thread ------------------------------------------------------------------------

    def run(self, tick: Callable[[], None]) -> str:
        """Fetch what is missing and return the checksum of the whole. ``tick`` is called a few times a second.

        Raises LabError, Cancelled; what was fetched stays on the disk."""
        helpers = [
            threading.Thread(target=self._fetcher, daemon=True) for _ in range(self.limits.connections)
        ]
        helpers.append(threading.Thread(target=self._syncer, daemon=True))
        for helper in helpers:
            helper.start()
        try:
            return self._follow(tick)
        except OSError as error:
            raise errors.explain(error) from error
        finally:
            with self._ready:
                self._closing = True
                self._ready.notify_all()
            for helper in helpers:
                helper.join()

    def _follow(self, tick: Callable[[], None]) -> str:
        digest, last = hasher(self.file.oid, self.file.size), 0.0
        for index in range(self.count):
            while True:
                with self._ready:
                    while index not in self.journal.parts and self._error is None:
                        self._ready.wait(0.1)
                        self.control.check()
                        if time.monotonic() - last >= 0.2:
                            break
                    if self._error is not None:
                        raise self._error
                    there = index in self.journal.parts
                now = time.monotonic()
                if now - last >= 0.2:
                    last = now
                    self.control.check()
                    tick()
                if not there:
                    continue
                data = self.read(index)
                if index in self.resumed and zlib.crc32(data) != self.journal.parts[index]:
                    self._lost(index)
                    continue
                digest.update(data)
                break
        tick()
        return str(digest.hexdigest())

    def span(self, index: int) -> tuple[int, int]:
        return index * self.part, min(self.file.size, (index + 1) * self.part)

    def read(self, index: int) -> bytes:
        start, end = self.span(index)
        return os.pread(self._fd, end - start, start)

    def write(self, index: int, data: bytes) -> None:
        """Replace a part's bytes (repair)."""
        self._put(data, self.span(index)[0])
        self.journal.add(index, zlib.crc32(data))

    def rehash(self, check: Callable[[], None]) -> str:
        """Checksum of the bytes on the disk."""
        digest = hasher(self.file.oid, self.file.size)
        for index in range(self.count):
            check()
            digest.update(self.read(index))
        return str(digest.hexdigest())

    def sync(self) -> None:
        """Force data, then journal, to the disk."""
        getattr(os, "fdatasync", os.fsync)(self._fd)
        self.journal.sync()

    def _lost(self, index: int) -> None:
        """A resumed part whose bytes did not survive: fetched again."""
        start, end = self.span(index)
        with self._ready:
            self.journal.parts.pop(index)
            self.resumed.discard(index)
            self._todo.insert(0, Run(start, end))
            self._ready.notify_all()

    def _syncer(self) -> None:
        """Forces what is written to the disk every few seconds, so that a power cut costs little."""
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._closing, self.limits.sync)
                if self._closing:
                    return
            try:
                self.sync()
            except OSError as error:
                self._stop(error)
                return

    # -- connections -------------------------------------------------------------------------------

    def _stop(self, error: BaseException) -> None:
        with self._ready:
            self._error = self._error or error
            self._ready.notify_all()

    def _take(self) -> Run | None:
        with self._ready:
            self._ready.wait_for(lambda: self._todo or self._closing or self._error is not None)
            if self._closing or self._error is not None:
                return None
            run = self._todo.pop(0)
            cut = (run.start // self.part) * self.part + max(
                self.part, self._request // self.part * self.part
            )
            if cut < run.end:
                self._todo.insert(0, Run(cut, run.end))
                run.end = cut
            return run

    def _fetcher(self) -> None:
        while (run := self._take()) is not None:
            try:
                client.pause(self._not_before - time.monotonic(), self._check)
                self._fetch(run)
            except Retry as retry:
                self._again(run, retry)
            except BaseException as error:
                self._stop(error)
                return

    def _again(self, run: Run, retry: Retry) -> None:
        with self._ready:
            if run.start < run.end:
                self._todo.insert(0, run)
            if self._gain >= _ENOUGH:
                self._failures = self._gain = 0
            self._failures += 1
            failures = self._failures
            self._ready.notify_all()
        if failures >= self.limits.attempts * self.limits.connections:
            self._stop(retry.error)
            return
        turn = -(-failures // self.limits.connections)
        wait = retry.wait if retry.wait is not None else client.backoff(turn, self.limits.backoff)
        if retry.wait is not None:
            self._not_before = max(self._not_before, time.monotonic() + wait)  # asked of all connections
        try:
            client.pause(wait, self._check)
        except Retry:
            return
        except LabError as error:
            self._stop(error)

    def _check(self) -> None:
        self.control.check()
        if self._closing or self._error is not None:
            raise Retry(NetworkError("The download has ended."))

    def _fetch(self, run: Run) -> None:
        """One request. ``run`` shrinks as bytes are written, so that what is left of it can be taken again."""
        began = time.monotonic()
        length = run.end - run.start
        with self.source.open(run.start, run.end) as (first, response):
            latency = time.monotonic() - began
            skip = run.start - first
            watch = Watch(self.limits, self.control)
            for chunk in response.iter_raw():
                watch.saw(len(chunk))
                if self._closing or self._error is not None:
                    return
                if skip:
                    dropped = min(skip, len(chunk))
                    skip, chunk = skip - dropped, chunk[dropped:]
                self._store(run, chunk)
                # A range is read to its end, so that the connection can be used again.
                if run.start >= run.end and response.status_code != 206:
                    break
        if run.start < run.end:
            raise Retry(NetworkError(f"The server ended {self.file.name} early, again and again."))
        # The least of several is the way's own; more is a busy machine, which longer requests do not help.
        self._latencies += 1
        self._latency = min(self._latency, latency)
        if (
            self._latencies >= _SEVERAL
            and self._latency > max(0.03, (time.monotonic() - began) / 7)
            and length >= self._request
        ):
            self._request = min(self.limits.largest, self._request * 2)

    def _store(self, run: Run, chunk: bytes) -> None:
        view = memoryview(chunk)[: run.end - run.start]
        while view:
            index = run.start // self.part
            end = self.span(index)[1]
            piece = view[: end - run.start]
            self._put(piece, run.start)
            run.crc = zlib.crc32(piece, run.crc)
            run.start += len(piece)
            view = view[len(piece) :]
            with self._ready:
                self.received += len(piece)
                self._gain += len(piece)
            if run.start == end:
                self.journal.add(index, run.crc)
                run.crc = 0
                with self._ready:
                    self._ready.notify_all()

    def _put(self, data: bytes | memoryview, offset: int) -> None:
        view = memoryview(data)
        while view:
            written = os.pwrite(self._fd, view, offset)
            view, offset = view[written:], offset + written


def adopt(spoiled: Path, partial: Path, journal: Path, file: RemoteFile, limits: Limits) -> None:
    """Another program's file of the right name and wrong bytes becomes a partial file: what it has of the right
    length is kept, and repaired where it is wrong. Raises OSError."""
    journal.unlink(missing_ok=True)
    os.replace(spoiled, partial)
    part = part_size(file.size, limits.part)
    with open(partial, "r+b") as stream:
        held = min(os.fstat(stream.fileno()).st_size, file.size)
        stream.truncate(file.size)
        book = Journal(journal, file.oid, file.size, part)
        try:
            for index in range(-(-file.size // part)):
                end = min(file.size, (index + 1) * part)
                if end > held:
                    break
                book.add(index, zlib.crc32(stream.read(end - index * part)))
        finally:
            book.close()


def part_size(size: int, least: int) -> int:
    """Bytes per part: ``least``, doubled until there are at most 131,072 parts."""
    part = least
    while size > part << 17:
        part *= 2
    return part


def _runs(count: int, part: int, size: int, done: set[int]) -> list[Run]:
    """The missing parts as ranges, neighbours joined."""
    runs: list[Run] = []
    for index in range(count):
        if index in done:
            continue
        start, end = index * part, min(size, (index + 1) * part)
        if runs and runs[-1].end == start:
            runs[-1].end = end
        else:
            runs.append(Run(start, end))
    return runs

"""What is on the disk of an unfinished file: one record per finished part, appended at once.

A record is index, CRC-32 of the part's bytes, and a check of both (12 bytes), written with one system call,
so a killed process loses no finished part. Data and journal are forced to the disk every few seconds; after a
power cut a record may stand for bytes that never arrived, therefore a resumed part is believed only when its
bytes still have the recorded CRC, and the file only when its whole checksum is right.
"""

from __future__ import annotations

import json
import os
import struct
import threading
import zlib
from pathlib import Path

_RECORD = struct.Struct("<III")


class Journal:
    """Finished parts of one file: ``parts`` maps part index to CRC-32. Opened under the blob's lock."""

    def __init__(self, path: Path, oid: str, size: int, part: int) -> None:
        self.path = path
        self.parts: dict[int, int] = {}
        self._head = json.dumps({"version": 1, "oid": oid, "size": size, "part": part}).encode() + b"\n"
        self._salt = zlib.crc32(self._head)
        self._lock = threading.Lock()
        count = -(-size // part)
        good = self._read(count)
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
        os.ftruncate(self._fd, good)
        if not good:
            os.write(self._fd, self._head)
            os.fsync(self._fd)

    def _read(self, count: int) -> int:
        """Fill ``parts``; returns the length of the journal's valid beginning (0: start anew)."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return 0
        if not data.startswith(self._head):
            return 0
        end = len(self._head)
        while end + _RECORD.size <= len(data):
            index, crc, check = _RECORD.unpack_from(data, end)
            if index >= count or check != self._check(index, crc):
                break
            self.parts[index] = crc
            end += _RECORD.size
        return end

    def _check(self, index: int, crc: int) -> int:
        return zlib.crc32(struct.pack("<II", index, crc), self._salt)

    def add(self, index: int, crc: int) -> None:
        """Part ``index`` is written. Raises OSError (disk full)."""
        with self._lock:
            written = os.write(self._fd, _RECORD.pack(index, crc, self._check(index, crc)))
            if written != _RECORD.size:
                raise OSError(28, "No space left on device", str(self.path))
            self.parts[index] = crc

    def sync(self) -> None:
        os.fsync(self._fd)

    def close(self) -> None:
        os.close(self._fd)

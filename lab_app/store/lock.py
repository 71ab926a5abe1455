"""One process writes a store; the lock file names it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from lab_app.system.errors import ResourceError


class WriterLock:
    """An advisory lock the operating system drops when its holder dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def acquire(self) -> None:
        """Raises ResourceError when another process holds it or the folder is not writable."""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise ResourceError(
                f"The data folder {self.path.parent} cannot be written: {error.strerror or error}.",
                "Choose another with --data-dir.",
            ) from error
        try:
            _lock(descriptor)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
                os.close(descriptor)
                raise ResourceError(
                    f"The file {self.path} cannot be locked: {error.strerror or error}.",
                    "Choose a --data-dir on a local disk.",
                ) from error
            holder = (
                os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() if hasattr(os, "pread") else ""
            )
            os.close(descriptor)
            by = f" (process {holder})" if holder else ""
            raise ResourceError(
                f"Another Odyssey Lab{by} is working in {self.path.parent}.",
                "Wait until it has ended, or use another --data-dir.",
            ) from error
        try:
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        except OSError:
            pass  # the number is for people; the lock itself holds
        self._file = descriptor

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


if os.name == "nt":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

"""Files that are read for their checksums while a plan is made: minutes for large models, so somebody is told."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from lab_app.store.records import ArtifactRecord

Tell = Callable[[str, int, int], None]
"""Gets path, bytes read so far, bytes in all. Nobody is told of files whose checksum is known."""


class Row(Protocol):
    @property
    def state(self) -> str: ...


class Known(Protocol):
    """What planning asks of the store."""

    def file_sha256(self, path: str | Path, progress: Callable[[int], None] | None = None) -> str: ...

    def known_sha256(self, path: str | Path) -> str | None: ...

    def job(self, key: str) -> Row | None: ...

    def artifacts(self, key: str) -> list[ArtifactRecord]: ...

    def intact(self, artifact: ArtifactRecord, progress: Callable[[int], None] | None = None) -> bool: ...


class Told:
    """A store whose hashing ``tell`` hears of."""

    def __init__(self, store: Known, tell: Tell) -> None:
        self._store, self._tell = store, tell
        self.known_sha256 = store.known_sha256
        self.job = store.job
        self.artifacts = store.artifacts

    def file_sha256(self, path: str | Path, progress: Callable[[int], None] | None = None) -> str:
        return self._store.file_sha256(path, self._progress(path))

    def intact(self, artifact: ArtifactRecord, progress: Callable[[int], None] | None = None) -> bool:
        return self._store.intact(artifact, self._progress(artifact.path))

    def _progress(self, path: str | Path) -> Callable[[int], None]:
        def told(done: int) -> None:
            self._tell(str(path), done, max(done, os.path.getsize(path)))

        return told

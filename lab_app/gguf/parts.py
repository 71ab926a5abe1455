"""Split models: ``NAME-00001-of-00003.gguf`` and so on are one model (llama.cpp's gguf-split)."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from lab_app.gguf.header import GgufFile
from lab_app.gguf.reader import read
from lab_app.system.errors import IntegrityError

_PART = re.compile(r"^(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf$", re.IGNORECASE)

_YOUNG = 2.0
"""Seconds; file systems count time in steps of up to two."""


@dataclass(frozen=True, slots=True)
class PartName:
    """What a part's name says: ``number`` counts from 1."""

    stem: str
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class Model:
    """All parts of a model. ``header``: the metadata of the first part and the tensors of all (their offsets
    are those in their own parts); ``header.file_size`` is the sum."""

    paths: tuple[Path, ...]
    header: GgufFile

    @property
    def size(self) -> int:
        return self.header.file_size


def part_name(path: str | Path) -> PartName | None:
    """None where the name is not that of a part."""
    found = _PART.match(Path(path).name)
    if not found:
        return None
    number, count = int(found["number"]), int(found["count"])
    return PartName(found["stem"], number, count) if 1 <= number <= count else None


def part_paths(path: str | Path) -> tuple[Path, ...]:
    """The paths of all parts beside ``path``, whether they are there or not; ``path`` alone where it is whole."""
    path = Path(path)
    name = part_name(path)
    if name is None:
        return (path,)
    return tuple(
        path.with_name(f"{name.stem}-{number:05}-of-{name.count:05}{path.suffix}")
        for number in range(1, name.count + 1)
    )


def read_model(path: str | Path) -> Model:
    """The checked headers of a model, given any of its parts.

    Headers are remembered as long as their files stay as they are. Raises UsageError (not there, not readable) or
    IntegrityError (damaged, a part is missing or of another model).
    """
    paths = part_paths(path)
    stamps = _stamps(paths)
    return _read(paths) if stamps is None else _remembered(paths, stamps)


def _stamps(paths: tuple[Path, ...]) -> tuple[tuple[int, int, int], ...] | None:
    """Size, time and inode of each. None where one is not there, or so young that it may change without showing it."""
    found = []
    try:
        for path in paths:
            status = path.stat()
            if abs(time.time() - status.st_mtime) < _YOUNG:
                return None
            found.append((status.st_size, status.st_mtime_ns, status.st_ino))
    except OSError:
        return None
    return tuple(found)


@lru_cache(maxsize=128)
def _remembered(paths: tuple[Path, ...], stamps: tuple[tuple[int, int, int], ...]) -> Model:
    return _read(paths)


def _read(paths: tuple[Path, ...]) -> Model:
    path = paths[0]
    for part in paths:
        if len(paths) > 1 and not part.exists():
            raise IntegrityError(
                f"The model {path.name} is one of {len(paths)} parts, and {part.name} is missing.",
                "Put all parts into one folder.",
            )
    files = [read(part) for part in paths]
    first = files[0]
    if len(files) == 1:
        if first.split is not None:
            raise IntegrityError(
                f"{first.path.name} is part {first.split[0] + 1} of {first.split[1]}, "
                "but its name does not say so, and llama.cpp finds the others by name.",
                "Give all parts the names they had: NAME-00001-of-0000N.gguf.",
            )
        return Model(paths, first)
    for number, file in enumerate(files):
        if file.split != (number, len(files)):
            raise IntegrityError(
                f"{file.path.name} does not hold the part its name says.", "Fetch the parts again."
            )
    tensors = tuple(tensor for file in files for tensor in file.tensors)
    count = first.metadata.get("split.tensors.count")
    if count is not None and count != len(tensors):
        raise IntegrityError(
            f"The parts of {first.path.name} have {len(tensors)} tensors together, not the {count} they should.",
            "Fetch the parts again.",
        )
    return Model(paths, replace(first, tensors=tensors, file_size=sum(file.file_size for file in files)))

"""Keeping models: import (where they lie, or copied), move and delete. Nothing is stored twice."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lab_app.gguf.library import SAFETENSORS, Row
from lab_app.gguf.parts import part_name, part_paths, read_model
from lab_app.gguf.places import Source
from lab_app.jobs.context import JobContext
from lab_app.jobs.job import Job, Slot
from lab_app.store.store import Store
from lab_app.system.errors import IntegrityError, ResourceError, UsageError
from lab_app.system.hashing import sha256_file, sync
from lab_app.system.host import free_disk
from lab_app.system.paths import Folders, utf8
from lab_app.system.units import size as size_text

_RESERVE = 64 << 20
_BLOCK = 4 << 20


def import_job(
    path: str | Path, rows: Iterable[Row], own: Folders, *, copy: bool = False, sha256: str | None = None
) -> Job:
    """The job that imports a model. rows: the library, to find the same file in. sha256: what it must have.

    Raises UsageError or IntegrityError for a file that cannot be imported.
    """
    model = read_model(Path(path).expanduser().absolute())
    if sha256 is not None and (len(sha256) != 64 or set(sha256.lower()) - set("0123456789abcdef")):
        raise UsageError("A sha256 has 64 hexadecimal digits.")
    if sha256 is not None and len(model.paths) > 1:
        raise UsageError(
            "A split model has one sha256 for each part, so --sha256 cannot check it.", "Leave it out."
        )
    real = {os.path.realpath(part) for part in model.paths}
    utf8(model.paths[0])
    same_size = [
        [str(part) for part in row.paths]
        for row in rows
        if row.size == model.size and not row.problem and not real & {str(part) for part in row.paths}
    ]
    stamps = [[str(part), part.stat().st_size, part.stat().st_mtime_ns] for part in model.paths]
    return Job(
        "import",
        {"files": stamps, "copy": copy, "sha256": sha256.lower() if sha256 else None},
        slot=Slot.DISK,
        title=f"import {model.paths[0].name}",
        hints={"out_dir": str(own.models), "same_size": same_size},
    )


def run(context: JobContext) -> Mapping[str, Any]:
    """Job ``import``: hash, compare with what the library has, copy if asked to.

    Result: ``files`` (where the model lies now), ``sha256`` (of each), ``bytes``, ``how`` (``in place``,
    ``copied``, ``known``: the library had these very bytes). Raises IntegrityError, ResourceError.
    """
    files = [(Path(path), int(size)) for path, size, _ in context.params["files"]]
    total = sum(size for _, size in files)
    copy = bool(context.params["copy"])
    meter = _Meter(context, total * (3 if copy else 1))
    digests = [meter.sha256(path) for path, _ in files]
    expected = context.params["sha256"]
    if expected is not None and digests != [expected]:
        raise IntegrityError(
            f"{files[0][0].name} has the sha256 {digests[0][:16]}…, not {expected[:16]}…, so it was not imported.",
            "Fetch it again from a source you trust.",
        )
    answer = {"sha256": digests, "bytes": total, "name": _name(files[0][0])}
    for known in context.hints.get("same_size", []):
        if len(known) == len(files) and all(
            os.path.isfile(path) and sha256_file(path) == digest
            for path, digest in zip(known, digests, strict=True)
        ):
            return {**answer, "how": "known", "files": known}
    if not copy:
        return {**answer, "how": "in place", "files": [str(path) for path, _ in files]}
    if free_disk(context.out_dir) < total + _RESERVE:
        free = size_text(free_disk(context.out_dir))
        raise ResourceError(
            f"Copying {files[0][0].name} needs {size_text(total + _RESERVE)}, but {free} are free.",
            "Free some, or import it where it lies.",
        )
    names = _free_names(context.out_dir, [path.name for path, _ in files], digests)
    copies: list[str] = []
    for (path, _), name, digest in zip(files, names, digests, strict=True):
        part = context.work_dir / (name + ".part")
        meter.copy(path, part)
        if meter.sha256(part) != digest:
            raise IntegrityError(
                f"{path.name} was changed while it was copied, or the disk is damaged.", "Try again."
            )
        copies.append(str(context.publish(f"model-{len(copies)}", part, name, {"source": str(path)})))
    return {**answer, "how": "copied", "files": copies}


class _Meter:
    """Progress over several passes over the files."""

    def __init__(self, context: JobContext, total: int) -> None:
        self.context, self.total, self.before = context, total, 0

    def sha256(self, path: Path) -> str:
        digest = sha256_file(path, lambda done: self._tell(done, f"checking {path.name}"))
        self.before += path.stat().st_size
        return digest

    def copy(self, source: Path, target: Path) -> None:
        done = 0
        try:
            with open(source, "rb") as reader, open(target, "wb") as writer:
                while block := reader.read(_BLOCK):
                    writer.write(block)
                    done += len(block)
                    self._tell(done, f"copying {source.name}")
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                target.unlink(missing_ok=True)
                raise ResourceError(
                    f"No disk space is left to copy {source.name}.", "Free some, or import it where it lies."
                ) from error
            raise
        self.before += done

    def _tell(self, done: int, message: str) -> None:
        self.context.check()
        self.context.progress(self.before + done, self.total, message, "bytes")


def _name(path: Path) -> str:
    split = part_name(path)
    return split.stem if split else path.stem


def _free_names(folder: Path, names: list[str], digests: list[str]) -> list[str]:
    """``names``, or with some digits of a checksum where a name is taken by another file."""
    if not any((folder / name).exists() for name in names):
        return names
    mark = hashlib.sha256("".join(digests).encode()).hexdigest()[:8]
    split = part_name(names[0])
    if split:
        return [name.replace(split.stem, f"{split.stem}-{mark}", 1) for name in names]
    return [f"{Path(names[0]).stem}-{mark}.gguf"]


def remember(store: Store, values: Mapping[str, Any]) -> None:
    """Write an import into the store; a copy in the library takes the place of the file it was made from. Only
    the parent process may."""
    if values["how"] == "copied":
        store.forget_model(values["sha256"][0])
    if values["how"] == "in place":
        store.remember_model(
            values["sha256"][0],
            values["name"],
            values["files"][0],
            values["bytes"],
            {"imported": True, "files": values["files"], "digests": values["sha256"]},
        )


def forget(store: Store, row: Row) -> None:
    """Forget that a file was imported. Only the parent process may."""
    real = {str(path) for path in row.paths}
    for record in store.models():
        if record.get("imported") and os.path.realpath(record["source"]) in real:
            store.forget_model(record["sha256"])


def refusal(row: Row, *, moving: bool = False) -> UsageError | None:
    """Why the lab does not delete (or move) this file itself, or None."""
    if row.kind == SAFETENSORS:
        return UsageError(
            f"{row.name} is a folder of many files, which the lab leaves alone.",
            f"Move or remove {row.path} yourself; in the Hugging Face cache with the hf tool.",
        )
    ollama = next((place for place in row.places if place.source is Source.OLLAMA), None)
    if ollama is not None:
        return UsageError(
            f"{row.name} belongs to Ollama, which keeps account of its files.",
            f"Import it with --copy, and remove Ollama's with: ollama rm {ollama.label}"
            if moving
            else f"Remove it with: ollama rm {ollama.label}",
        )
    if moving and any(place.source is Source.HUB for place in row.places):
        return UsageError(
            f"{row.name} lies in the Hugging Face cache, where every program expects it.",
            "Import it with --copy and delete it from the cache afterwards, or move the whole cache with HF_HUB_CACHE.",
        )
    return None


def delete(row: Row) -> list[Path]:
    """Remove a model: its links first, then its files. Returns what was removed.

    Raises UsageError (another program's business), ResourceError (not allowed, read-only).
    """
    if (refused := refusal(row)) is not None:
        raise refused
    links = [path for path in _names(row) if path.is_symlink()]
    removed = []
    for path in [*links, *_hard_names(row), *row.paths]:
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ResourceError(
                f"{path} cannot be removed: {error.strerror or error}.",
                "Look at who may write to its folder, then delete it again.",
            ) from error
        removed.append(path)
    return removed


def _names(row: Row) -> list[Path]:
    return [path for place in row.places for path in part_paths(place.path)]


def _hard_names(row: Row) -> list[Path]:
    """Further names of the very files (hard links) that the library has found."""
    real = set(row.paths)
    return [path for path in _names(row) if not path.is_symlink() and path not in real and path.is_file()]


def move(row: Row, folder: Path, *, leave_link: bool = False) -> list[Path]:
    """Move a model into another folder; ``leave_link``: what named the old place goes on working.

    Across file systems it is copied, compared and only then removed. Returns the new paths.
    Raises UsageError, ResourceError, IntegrityError; then the old files are as they were.
    """
    if (refused := refusal(row, moving=True)) is not None:
        raise refused
    if row.problem:
        raise UsageError(f"{row.name} is not moved: {row.problem}", "Delete it, or fetch it again.")
    folder = folder.expanduser().absolute()
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder.", "Make it first, or choose another.")
    targets = [folder / path.name for path in row.paths]
    for target in targets:
        if os.path.lexists(target):
            raise UsageError(f"There is a file {target} already.", "Choose another folder.")
    made: list[Path] = []
    try:
        for source, target in zip(row.paths, targets, strict=True):
            _take(source, target)
            made.append(target)
    except OSError as error:
        for target in made:
            target.unlink(missing_ok=True)
        raise ResourceError(
            f"{row.name} cannot be moved to {folder}: {error.strerror or error}.", "Nothing was changed."
        ) from error
    except IntegrityError:
        for target in made:
            target.unlink(missing_ok=True)
        raise
    for source, target in zip(row.paths, targets, strict=True):
        _replace(source, target if leave_link else None)
    return targets


def _take(source: Path, target: Path) -> None:
    """A second name for ``source``, or on another file system a copy with the same bytes. Raises OSError."""
    try:
        os.link(source, target)
        return
    except OSError:
        pass  # another file system, or one without hard links
    part = target.with_name(f".{target.name[:200]}.part")
    try:
        shutil.copyfile(source, part)
        sync(part)
        if sha256_file(part) != sha256_file(source):
            raise IntegrityError(
                f"The copy of {source.name} differs from it; nothing was changed.", "Check the disk."
            )
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def _replace(source: Path, target: Path | None) -> None:
    """Take the old name away, or make it a link to the new one."""
    if target is None:
        source.unlink()
        return
    link = source.with_name(f".{source.name[:200]}.link")
    link.unlink(missing_ok=True)
    link.symlink_to(target)
    os.replace(link, source)

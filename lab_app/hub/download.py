"""Files of a repository into the shared cache: verified, resumable, one job.

A file gets its final name only when its whole checksum is right. Until then it lies in ``blobs/`` as
``OID.lab.incomplete`` with its journal; a killed download goes on from there, under any revision that has
the same file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from lab_app.hub import cache, errors, preview, repo, verify
from lab_app.hub.control import Control, Limits, Meter
from lab_app.hub.repair import repair
from lab_app.hub.source import RemoteFile
from lab_app.hub.transfer import Transfer, adopt
from lab_app.jobs.context import JobContext
from lab_app.jobs.events import Artifact
from lab_app.jobs.job import Job, Slot
from lab_app.store.records import ArtifactRecord
from lab_app.system import host, network, secrets
from lab_app.system.errors import IntegrityError, LabError, ResourceError, UsageError

_RESERVE = 64 << 20
Report = Callable[[int, int, str], None]
"""(bytes on disk, bytes in all, text for people)."""


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file under its final name. ``received``: bytes fetched by this run; ``repaired``: parts replaced."""

    file: RemoteFile
    path: Path
    received: int
    repaired: int


def job(repository: str, names: Sequence[str], revision: str = "main", **hints: Any) -> Job:
    """The download job. The token travels in its hints (not stored, not in its key, hidden in ``repr``).

    What ``revision`` means is asked when the job runs; :func:`pinned_job` is for files known already."""
    return _job(repository, {"repo": repository, "revision": revision, "files": list(names)}, hints)


def pinned_job(files: Sequence[RemoteFile], revision: str = "", **hints: Any) -> Job:
    """The download of files whose commit, size and checksum are known, and part of the job's key.

    revision: the branch or tag that led to the commit; it is remembered in the cache for offline use."""
    first = files[0]
    params = {
        "repo": first.repo,
        "revision": first.commit,
        "files": [file.name for file in files],
        "expected": [[file.size, file.oid] for file in files],
    }
    size = sum(file.size for file in files)
    return _job(first.repo, params, {"revision": revision, "bytes": size, **hints})


def again(params: Mapping[str, Any]) -> Job:
    """The job of these ``params``, which are all that the store keeps of one: what led to a commit is not among
    them."""
    expected = params.get("expected") or ()
    hints = {"bytes": sum(size for size, _ in expected)} if expected else {}
    return _job(params["repo"], params, hints)


def _job(repository: str, params: Mapping[str, Any], hints: Mapping[str, Any]) -> Job:
    return Job(
        "download", params, slot=Slot.NET, title=f"download {repository}",
        hints={**hints, **secrets.hand_over()},
    )  # fmt: skip


def roles(names: Sequence[str]) -> dict[str, str]:
    """File name → role of its artifact: ``model`` for the first file with weights, else ``file:NAME``."""
    model = next((name for name in names if name.endswith((".gguf", ".safetensors"))), None)
    return {name: "model" if name == model else f"file:{name}" for name in names}


def run(context: JobContext) -> Mapping[str, Any]:
    """Job handler. params: repo, revision, files, perhaps expected ([size, checksum] of each file: then the hub
    is not asked for a list); hints: hf_token, bandwidth (bytes/s; default: the setting), limits (fields of Limits),
    revision, anyway (true: also what this llama.cpp does not run).

    One artifact a file; they lie in the cache, not in out_dir. The first file with weights has the role
    ``model`` (of a split model llama.cpp is given the first part), every other ``file:NAME``."""
    secrets.adopt(context.hints)
    params, hints = context.params, context.hints
    limits = _limits(hints)
    control = Control(context.cancelled, hints.get("bandwidth") or network.bandwidth())
    repository, names, revision = params["repo"], params["files"], params.get("revision", "main")
    named = _named(hints, context.work_dir) or revision
    if "expected" in params:
        files = [
            RemoteFile(repository, revision, name, size, oid)
            for name, (size, oid) in zip(names, params["expected"], strict=True)
        ]
    else:
        files = repo.listing(repository, revision, control.check).named(names)
    if files and not hints.get("anyway"):
        context.progress(0, None, "looking at the header")
        preview.check(files, context.work_dir, limits, control)

    def report(there: int, total: int, text: str) -> None:
        context.progress(there, total, text, "B")

    done = download_files(files, named, control=control, limits=limits, report=report)
    role_of = roles([item.file.name for item in done])
    for item in done:
        file = item.file
        role = role_of[file.name]
        sha = file.oid if len(file.oid) == 64 else _sha256(item.path)
        meta = {"repo": file.repo, "commit": file.commit, "file": file.name}
        context.emit(Artifact(ArtifactRecord(role, str(item.path), sha, file.size, meta)))
    return {
        "repo": repository,
        "commit": done[0].file.commit if done else None,
        "files": {d.file.name: {"path": str(d.path), "size": d.file.size, "oid": d.file.oid} for d in done},
        "received": sum(d.received for d in done),
        "repaired_parts": sum(d.repaired for d in done),
    }


def _named(hints: Mapping[str, Any], work_dir: Path) -> str:
    """The branch or tag that led to the commit. A job that was rebuilt (:func:`again`) is not told; what an earlier
    attempt of it was told lies in its folder."""
    kept = work_dir / "revision"
    if told := str(hints.get("revision") or ""):
        kept.write_text(told, encoding="utf-8")
    return kept.read_text(encoding="utf-8") if kept.exists() else ""


def _limits(hints: Mapping[str, Any]) -> Limits:
    wanted = dict(hints.get("limits") or {})
    if unknown := set(wanted) - {field.name for field in fields(Limits)}:
        raise UsageError(f"Unknown limits of a download: {', '.join(sorted(unknown))}.")
    return Limits(**wanted)


def _sha256(path: Path) -> str:
    from lab_app.system.hashing import sha256_file

    return sha256_file(path)


def download(
    repository: str,
    names: Sequence[str],
    revision: str = "main",
    *,
    control: Control | None = None,
    limits: Limits | None = None,
    report: Report = lambda there, total, text: None,
) -> list[Downloaded]:
    """Fetch files into the cache; returns them in the order of ``names``. Raises LabError, Cancelled."""
    found = repo.listing(repository, revision, (control or Control()).check)
    return download_files(found.named(names), revision, control=control, limits=limits, report=report)


def download_files(
    files: Sequence[RemoteFile],
    revision: str,
    *,
    control: Control | None = None,
    limits: Limits | None = None,
    report: Report = lambda there, total, text: None,
) -> list[Downloaded]:
    """Fetch files of one commit that are known already; what is in the cache is verified, not fetched.

    revision: what led to the commit; the cache remembers it. Raises LabError, Cancelled."""
    control, limits = control or Control(), limits or Limits()
    try:
        return _download(files, revision, control, limits, report)
    except LabError:
        raise
    except OSError as error:
        raise errors.explain(error, repo=files[0].repo if files else None) from error


def _download(
    files: Sequence[RemoteFile], revision: str, control: Control, limits: Limits, report: Report
) -> list[Downloaded]:
    if not files:
        return []
    place = cache.RepoCache.of(files[0].repo)
    cache.collect(place.base)
    _check_space(place, files)
    overall = Meter(sum(file.size for file in files))
    done: list[Downloaded] = []
    before = 0
    for number, file in enumerate(files, 1):
        prefix = f"{file.name} ({number} of {len(files)})" if len(files) > 1 else file.name
        base = before

        def told(
            there: int, note: str = "", base: int = base, prefix: str = prefix, size: int = file.size
        ) -> None:
            overall.update(base + there)
            share = f"{100 * there / size:.0f} %" if size else "empty"
            report(overall.done, overall.total, f"{prefix}: {share}, {note or overall.text()}")

        done.append(fetch(place, file, control, limits, told))
        before += file.size
        told(file.size, "verified")
    place.remember(revision, files[0].commit)
    return done


def _check_space(place: cache.RepoCache, wanted: Sequence[RemoteFile]) -> None:
    """Raises ResourceError before the first byte when what is missing does not fit on the disk."""
    missing = 0
    for file in {file.oid: file for file in wanted}.values():
        if place.blob(file.oid).exists():
            continue
        partial = place.partial(file.oid)
        held = (
            partial.stat().st_blocks * 512 if hasattr(os.stat_result, "st_blocks") and partial.exists() else 0
        )
        missing += max(0, file.size - held)
    folder = place.base
    while not folder.exists():
        folder = folder.parent
    free = host.free_disk(folder)
    if missing and missing + _RESERVE > free:
        raise ResourceError(
            f"{missing / 1e9:.1f} GB are to be downloaded, but {folder} has {free / 1e9:.1f} GB free.",
            "Free some space, or point HF_HUB_CACHE to another disk.",
        )


def fetch(
    place: cache.RepoCache, file: RemoteFile, control: Control, limits: Limits, told: Callable[..., None]
) -> Downloaded:
    """One file under its final name. Raises LabError; the partial file stays unless the server proved wrong."""
    blob = place.blob(file.oid)
    place.pointer(file.commit, file.name)
    with place.lock(file.oid, control.check):
        if blob.exists():
            if _right(blob, file, control, told):
                return Downloaded(file, place.point(file.commit, file.name, file.oid), 0, 0)
            adopt(blob, place.partial(file.oid), place.journal(file.oid), file, limits)
        blob.parent.mkdir(parents=True, exist_ok=True)
        partial, journal = place.partial(file.oid), place.journal(file.oid)
        transfer = Transfer(file, partial, journal, control, limits)
        try:
            repaired = _complete(transfer, file, control, told)
            transfer.sync()
        except IntegrityError:
            transfer.close()
            if _hopeless(transfer):
                partial.unlink(missing_ok=True)
                journal.unlink(missing_ok=True)
            raise
        except BaseException:
            transfer.close()
            raise
        transfer.close()
        os.replace(partial, blob)
        _sync_folder(blob.parent)
        journal.unlink(missing_ok=True)
        path = place.point(file.commit, file.name, file.oid)
    return Downloaded(file, path, transfer.received, repaired)


def _right(blob: Path, file: RemoteFile, control: Control, told: Callable[..., None]) -> bool:
    def progress(done: int) -> None:
        control.check()
        told(done, "checking the file that is there")

    return blob.stat().st_size == file.size and verify.checksum(blob, file.oid, progress) == file.oid


def _complete(transfer: Transfer, file: RemoteFile, control: Control, told: Callable[..., None]) -> int:
    """All bytes there and right; returns the number of parts that had to be replaced."""
    if transfer.run(lambda: told(transfer.on_disk)) == file.oid:
        return 0
    said = f"{file.name} arrived with a wrong checksum"

    def tick(done: int, total: int) -> None:
        control.check()
        told(file.size, f"{said}; looking for the wrong parts: {done} of {total}")

    replaced = repair(transfer, tick)
    if replaced and transfer.rehash(control.check) == file.oid:
        return len(replaced)
    raise IntegrityError(
        f"{said}, and the server sends the same bytes again; the file was not accepted.",
        "Use another mirror (HF_ENDPOINT), or tell its operator.",
    )


def _hopeless(transfer: Transfer) -> bool:
    """All parts are there and the whole is wrong: nothing on the disk is worth keeping."""
    return len(transfer.journal.parts) == transfer.count


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

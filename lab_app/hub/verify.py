"""Is a file what the hub says it is? sha256 for LFS files, git's blob sha1 for small ones.

In the cache a blob's name is its checksum, so a file that was fetched once can be verified without a network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lab_app.hub import cache
from lab_app.jobs.context import JobContext
from lab_app.jobs.job import Job, Slot
from lab_app.system.errors import IntegrityError

_BLOCK = 4 << 20


def checksum(path: Path, oid: str, progress: Callable[[int], None] | None = None) -> str:
    """The checksum of ``path`` in the kind that ``oid`` is (64 digits: sha256, 40: git blob). Raises OSError."""
    from lab_app.hub.transfer import hasher

    digest = hasher(oid, path.stat().st_size)
    done = 0
    with open(path, "rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            done += len(block)
            if progress is not None:
                progress(done)
    return str(digest.hexdigest())


def verify(path: Path, oid: str, progress: Callable[[int], None] | None = None) -> None:
    """Raises IntegrityError unless the bytes of ``path`` have the checksum ``oid``."""
    cache.checked_oid(oid, "expected checksum")
    try:
        right = checksum(path, oid, progress) == oid
    except OSError as error:
        raise IntegrityError(f"{path} cannot be read: {error.strerror or error}.") from None
    if not right:
        raise IntegrityError(
            f"{path.name} does not have the checksum the hub states for it.",
            "Download it again; it will be replaced.",
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """One cached file: ``problem`` is None when its bytes are right. name: in the repository."""

    name: str
    path: Path
    size: int
    problem: str | None


def job(repo: str, revision: str = "main") -> Job:
    """Reads every cached file of a revision. Whoever runs it must not take an old result for an answer."""
    return Job(
        "verify", {"repo": cache.checked_repo(repo), "revision": cache.checked_revision(revision)},
        slot=Slot.DISK, title=f"verify {repo}",
    )  # fmt: skip


def run(context: JobContext) -> Mapping[str, Any]:
    """Job handler. Values: ``files``, each with name, path, size and problem (None where it is right)."""
    repo, revision = context.params["repo"], context.params["revision"]
    place = cache.RepoCache.of(repo)
    found = list(place.snapshot(place.commit_of(revision) or ""))
    total = sum(path.stat().st_size for path, _ in found if path.is_file())
    before = 0

    def progress(name: str, done: int, size: int) -> None:
        nonlocal before
        context.check()
        context.progress(before + done, total, name, "B")
        before += size if done == size else 0

    verdicts = verify_cached(repo, revision, progress)
    return {"repo": repo, "files": [{**asdict(item), "path": str(item.path)} for item in verdicts]}


def verify_cached(
    repo: str, revision: str = "main", progress: Callable[[str, int, int], None] | None = None
) -> list[Verdict]:
    """Every cached file of a revision against the checksum that names its blob; needs no network.

    ``progress(name, bytes read, bytes)`` of each file.
    Raises IntegrityError when nothing of this revision is in the cache."""
    place = cache.RepoCache.of(repo)
    commit = place.commit_of(revision)
    found = list(place.snapshot(commit)) if commit else []
    if not found:
        raise IntegrityError(f"Nothing of {repo} at {revision} is in the model cache.")
    verdicts = []
    for path, name in found:
        target = path.resolve()
        problem: str | None = None
        size = 0
        if not target.is_file():
            problem = f"{path.name} points to a file that is gone."
        else:
            size = target.stat().st_size
            told = (lambda done, name=name, size=size: progress(name, done, size)) if progress else None
            if not cache.OID.fullmatch(target.name):
                problem = f"{path.name} is a copy; its checksum is not known without the hub."
            else:
                try:
                    verify(target, target.name, told)
                except IntegrityError as error:
                    problem = error.message
        verdicts.append(Verdict(name, path, size, problem))
    return verdicts

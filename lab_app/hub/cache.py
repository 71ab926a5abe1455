"""The Hugging Face cache on disk: ``models--ORG--NAME/{blobs,refs,snapshots}``, shared with every other tool.

Layout and locks are huggingface_hub's own, so that a file fetched here is found by ``hf``, transformers or
llama.cpp, and the other way round. Everything a server names is validated before it becomes a path.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lab_app.system import paths
from lab_app.system.errors import IntegrityError, UsageError

OID = re.compile(r"^[0-9a-f]{40,64}\Z")
COMMIT = re.compile(r"^[0-9a-f]{40}\Z")
PARTIAL = ".lab.incomplete"
JOURNAL = ".lab.journal"
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


def root() -> Path:
    """The cache's folder, as :func:`lab_app.system.paths.hub_cache` finds it."""
    return paths.hub_cache()


def checked_oid(value: str | None, what: str = "ETag") -> str:
    """``value`` when it is 40 to 64 hexadecimal digits. Raises IntegrityError."""
    if value is None or not OID.fullmatch(value):
        raise IntegrityError(
            f"The server sent an {what} that is no checksum ({(value or 'none')[:60]!r}); nothing was written.",
            "Use another mirror (HF_ENDPOINT), or tell its operator.",
        )
    return value


def checked_name(name: str) -> PurePosixPath:
    """A file's path inside its repository. Raises IntegrityError for one that would leave the snapshot."""
    parts = name.split("/")
    bad = (
        not name
        or len(name) > 1024
        or any(p in ("", ".", "..") or _RESERVED.match(p) or p.endswith((" ", ".")) for p in parts)
        or any(c in name for c in '\\:*?"<>|')
        or any(ord(c) < 32 for c in name)
    )
    if bad:
        raise IntegrityError(f"The repository has a file name that is not safe to write: {name[:80]!r}.")
    return PurePosixPath(*parts)


def checked_repo(repo: str) -> str:
    """Raises UsageError for what is no repository name."""
    if not re.fullmatch(
        r"(?!.*(--|\.\.))[A-Za-z0-9_][\w.-]{0,95}(/[A-Za-z0-9_][\w.-]{0,95})?", repo, re.ASCII
    ):
        raise UsageError(
            f"{repo[:80]!r} is not the name of a repository.", "Names look like organisation/repository."
        )
    return repo


def checked_revision(revision: str) -> str:
    """Raises UsageError for a branch, tag or commit that could not be a file name under ``refs``."""
    safe = re.fullmatch(r"[A-Za-z0-9_][\w./-]{0,200}", revision, re.ASCII)
    if not safe or any(p in ("", ".", "..") for p in revision.split("/")):
        raise UsageError(
            f"{revision[:80]!r} is not the name of a revision.", "Give a branch, a tag or a commit."
        )
    return revision


@dataclass(frozen=True, slots=True)
class RepoCache:
    """One repository's part of the cache."""

    repo: str
    base: Path

    @classmethod
    def of(cls, repo: str) -> RepoCache:
        return cls(checked_repo(repo), root())

    @property
    def folder(self) -> Path:
        return self.base / ("models--" + self.repo.replace("/", "--"))

    def blob(self, oid: str) -> Path:
        return self.folder / "blobs" / checked_oid(oid)

    def pointer(self, commit: str, name: str) -> Path:
        if not COMMIT.fullmatch(commit):
            raise IntegrityError(f"The server named a commit that is none ({commit[:60]!r}).")
        return self.folder / "snapshots" / commit / checked_name(name)

    def partial(self, oid: str) -> Path:
        return self.blob(oid).with_name(oid + PARTIAL)

    def journal(self, oid: str) -> Path:
        return self.blob(oid).with_name(oid + JOURNAL)

    def lock_path(self, oid: str) -> Path:
        return self.base / ".locks" / self.folder.name / f"{checked_oid(oid)}.lock"

    def commit_of(self, revision: str) -> str | None:
        """The commit a branch or tag pointed to when it was last seen; a commit is itself."""
        if COMMIT.fullmatch(revision):
            return revision
        try:
            text = (self.folder / "refs" / checked_revision(revision)).read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return text if COMMIT.fullmatch(text) else None

    def remember(self, revision: str, commit: str) -> None:
        """Write ``refs/REVISION``, as huggingface_hub does, through a temporary name."""
        if COMMIT.fullmatch(revision) or self.commit_of(revision) == commit:
            return
        path = self.folder / "refs" / checked_revision(revision)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_text(commit, "ascii")
        os.replace(temporary, path)

    def point(self, commit: str, name: str, oid: str) -> Path:
        """Make ``snapshots/COMMIT/NAME`` a link to the blob (a copy where links are not possible). Returns it."""
        pointer, blob = self.pointer(commit, name), self.blob(oid)
        pointer.parent.mkdir(parents=True, exist_ok=True)
        if not pointer.parent.resolve().is_relative_to(self.folder.resolve()):
            raise IntegrityError(f"The folder of {name!r} leads out of the model cache.")
        temporary = pointer.with_name(f".{pointer.name[:100]}.{os.getpid()}.link")
        temporary.unlink(missing_ok=True)
        try:
            temporary.symlink_to(os.path.relpath(blob, pointer.parent))
        except OSError:
            import shutil

            try:
                os.link(blob, temporary)
            except OSError:
                shutil.copyfile(blob, temporary)
        os.replace(temporary, pointer)
        return pointer

    def cached(self, commit: str, name: str) -> Path | None:
        """The file under its final name, if it is there."""
        pointer = self.pointer(commit, name)
        return pointer if pointer.is_file() else None

    def snapshot(self, commit: str) -> Iterator[tuple[Path, str]]:
        """(path, name in the repository) of everything cached of a commit."""
        if not COMMIT.fullmatch(commit):
            return
        folder = self.folder / "snapshots" / commit
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or path.is_file():
                yield path, path.relative_to(folder).as_posix()

    @contextmanager
    def lock(self, oid: str, check: Callable[[], None] = lambda: None) -> Iterator[None]:
        """huggingface_hub's lock for this blob; ``check`` may raise while waiting."""
        import filelock
        from huggingface_hub.utils import WeakFileLock  # type: ignore[attr-defined]

        path = self.lock_path(oid)
        path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            check()
            manager = WeakFileLock(path, timeout=0.5)
            try:
                manager.__enter__()
            except filelock.Timeout:
                continue
            break
        try:
            yield
        finally:
            manager.__exit__(None, None, None)


@dataclass(frozen=True, slots=True)
class Orphan:
    """A partial file nobody will go on with. ``size`` in bytes on disk."""

    path: Path
    size: int


def orphans(base: Path | None = None, *, older_than: float = 14 * 86400.0) -> list[Orphan]:
    """Partial files that no program works on: unfinished ones untouched for ``older_than`` seconds, and those
    whose finished blob lies beside them. huggingface_hub's own (``ETAG.RANDOM.incomplete``) are never resumed
    by it; one hour is enough for these."""
    import filelock

    found: list[Orphan] = []
    base = base or root()
    now = time.time()
    for path in sorted(base.glob("models--*/blobs/*")):
        name = path.name
        ours = name.endswith((PARTIAL, JOURNAL))
        if not ours and not name.endswith(".incomplete"):
            continue
        oid = name.split(".")[0]
        if not OID.fullmatch(oid):
            continue
        try:
            status = path.stat()
        except OSError:
            continue
        finished = path.with_name(oid).exists()
        if not finished and now - status.st_mtime < (older_than if ours else min(older_than, 3600.0)):
            continue
        lock = base / ".locks" / path.parent.parent.name / f"{oid}.lock"
        if lock.exists():
            try:
                with filelock.FileLock(lock, timeout=0):
                    pass
            except (filelock.Timeout, OSError):
                continue
        found.append(Orphan(path, getattr(status, "st_blocks", 0) * 512 or status.st_size))
    return found


def collect(base: Path | None = None, *, older_than: float = 14 * 86400.0) -> int:
    """Remove what :func:`orphans` finds. Returns the bytes freed."""
    freed = 0
    for orphan in orphans(base, older_than=older_than):
        orphan.path.unlink(missing_ok=True)
        freed += orphan.size
    return freed

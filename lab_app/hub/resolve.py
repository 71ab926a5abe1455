"""A reference pinned: the commit it means now, the files it names, their checksums, and whether they are here.

The hub is asked where it can be reached. Where it cannot, or a commit is named and its files are here, the
cache answers: in it a blob's name is its checksum.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lab_app.hub import cache, errors, repo
from lab_app.hub.reference import DEFAULT_REVISION, Reference
from lab_app.hub.repo import FileGroup, Listing
from lab_app.hub.source import RemoteFile
from lab_app.system.errors import IntegrityError, NetworkError, UsageError

GGUF, SAFETENSORS = "gguf", "safetensors"
_BESIDE_WEIGHTS = (".json", ".model", ".tiktoken", ".jinja", "merges.txt", "vocab.txt")
"""What a converter reads beside weights: configuration, tokenizer, chat template."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a reference means at one commit.

    files:  of a GGUF model its parts, the first one first (llama.cpp is given this one); of a safetensors model the
            weights and what a converter reads beside them.
    online: False when only the cache was asked.
    """

    reference: Reference
    commit: str
    format: str
    files: tuple[RemoteFile, ...]
    online: bool = True

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def path(self, file: RemoteFile | None = None) -> Path:
        """Final name of a file (default: the first), whether it is there or not."""
        file = file or self.files[0]
        return cache.RepoCache.of(file.repo).pointer(file.commit, file.name)

    @property
    def missing(self) -> tuple[RemoteFile, ...]:
        """Files that are not under their final names with the right size."""
        return tuple(file for file in self.files if not _has_size(self.path(file), file.size))


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def resolve(reference: Reference) -> Resolved:
    """Ask the hub, or the cache. Raises UsageError (several models fit), NetworkError, IntegrityError."""
    revision = reference.revision or DEFAULT_REVISION
    known = cached(reference)
    if known is not None and cache.COMMIT.fullmatch(revision) and reference.file and not known.missing:
        return known
    try:
        found = repo.listing(reference.repo, revision)
    except errors.Unreachable:
        if known is not None:
            return known
        raise
    return _resolved(reference, found, online=True)


def cached(reference: Reference) -> Resolved | None:
    """What the cache knows of a reference, or None. Asks nobody."""
    place = cache.RepoCache.of(reference.repo)
    commit = place.commit_of(reference.revision or DEFAULT_REVISION)
    if commit is None:
        return None
    files = []
    for path, name in place.snapshot(commit):
        blob = path.resolve()
        if cache.OID.fullmatch(blob.name) and blob.is_file():
            files.append(RemoteFile(reference.repo, commit, name, blob.stat().st_size, blob.name))
    try:
        return _resolved(reference, Listing(reference.repo, commit, tuple(files)), online=False)
    except (NetworkError, UsageError, IntegrityError):
        return None


def _resolved(reference: Reference, found: Listing, *, online: bool) -> Resolved:
    group = choose(found, reference.file)
    files = group.files
    if group.format == SAFETENSORS:
        files = (*files, *(file for file in found.files if _beside(file.name, files[0].name)))
    return Resolved(reference, found.commit, group.format, files, online)


def _beside(name: str, weights: str) -> bool:
    return name.rpartition("/")[0] == weights.rpartition("/")[0] and name.endswith(_BESIDE_WEIGHTS)


def _weights(groups: list[FileGroup]) -> list[FileGroup]:
    """The model itself where adapters, exports or a second copy (``consolidated.safetensors``) lie beside it."""
    return [group for group in groups if group.name in ("model", "model.safetensors")] or groups


def choose(found: Listing, file: str | None) -> FileGroup:
    """The one model of a repository that ``file`` names: a path in it, a quant type, or None where there is only one.

    GGUF goes before safetensors; a projector is meant only where its path is given. Raises UsageError, NetworkError,
    IntegrityError."""
    every = repo.group(found)
    groups = [group for group in every if not group.projector]
    if file is None:
        models = [group for group in groups if group.format == GGUF]
        models = models or _weights([group for group in groups if group.format == SAFETENSORS])
    else:
        models = [group for group in every if file == group.name or any(file == f.name for f in group.files)]
        models = models or [group for group in groups if (group.quant or "").casefold() == file.casefold()]
    if len(models) == 1:
        if not models[0].complete:
            raise IntegrityError(f"{found.repo} lacks parts of the split model {models[0].name}.")
        return models[0]
    if not models:
        if file is not None:
            found.named([file])  # raises with the nearest name
            raise UsageError(f"{file} in {found.repo} is no model the lab can use.")
        raise NetworkError(
            f"{found.repo} holds no model in GGUF or safetensors.", "Look for a repository that does."
        )
    names = ", ".join(group.quant or group.name for group in models[:12]) + (" …" if len(models) > 12 else "")
    raise UsageError(
        f"{found.repo} holds {len(models)} models" + (f" of {file}." if file else "."),
        f"Name one, as in hf:{found.repo}:{models[0].files[0].name}; there are {names}.",
    )

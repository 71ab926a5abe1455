"""What a repository holds: files, and the quants they form."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lab_app.hub import cache, client
from lab_app.hub.source import RemoteFile
from lab_app.system.errors import IntegrityError, NetworkError

_SPLIT = re.compile(r"^(?P<stem>.+)-(?P<part>\d{5})-of-(?P<count>\d{5})\.(?P<ext>gguf|safetensors)$")
_QUANT = re.compile(
    r"(?:^|[-_./])((?:UD-)?(?:IQ[1-4]_(?:XXS|XS|S|M|NL)|T?Q[1-8]_(?:K(?:_(?:XXL|XL|L|M|S))?|[01])|MXFP4|BF16|F16|F32))(?=$|[-_./])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Listing:
    """A repository at one commit. ``n_params``, ``architecture``, ``context_length``: what the hub read from its
    files, None where it does not say."""

    repo: str
    commit: str
    files: tuple[RemoteFile, ...]
    n_params: int | None = None
    architecture: str | None = None
    context_length: int | None = None
    gated: bool = False

    def named(self, names: Sequence[str]) -> list[RemoteFile]:
        """The files of these names, in order. Raises NetworkError naming one that is not there."""
        known = {file.name: file for file in self.files}
        for name in names:
            if name not in known:
                import difflib

                near = difflib.get_close_matches(name, known, 1)
                raise NetworkError(
                    f"{self.repo} has no file {name!r}.", f"Did you mean {near[0]!r}?" if near else None
                )
        return [known[name] for name in names]


@dataclass(frozen=True, slots=True)
class FileGroup:
    """One model as the user sees it: a file, or all parts of a split one. ``size`` in bytes.

    ``complete`` is false when the repository lacks a part."""

    name: str
    quant: str | None
    format: str
    files: tuple[RemoteFile, ...]
    size: int
    bits_per_weight: float | None
    complete: bool = True
    projector: bool = False


def listing(repo: str, revision: str = "main", check: Callable[[], None] = lambda: None) -> Listing:
    """Everything in a repository at ``revision``, pinned to its commit. ``check`` may raise meanwhile.

    Raises LabError."""
    cache.checked_repo(repo)
    cache.checked_revision(revision)
    api = client.api()
    fields = ["sha", "gguf", "safetensors", "gated"]
    info = client.call(lambda: api.model_info(repo, revision=revision, expand=fields), repo=repo, check=check)  # type: ignore[arg-type]
    commit = info.sha or ""
    if not cache.COMMIT.fullmatch(commit):
        raise IntegrityError(f"The server named a commit of {repo} that is none ({commit[:60]!r}).")
    from huggingface_hub.hf_api import RepoFile

    entries = client.call(
        lambda: list(api.list_repo_tree(repo, recursive=True, revision=commit)), repo=repo, attempts=1, check=check
    )  # fmt: skip
    files = []
    for entry in entries:
        if not isinstance(entry, RepoFile):
            continue
        cache.checked_name(entry.path)
        oid = entry.lfs.sha256 if entry.lfs else entry.blob_id
        size = entry.lfs.size if entry.lfs else entry.size
        if size < 0:
            raise IntegrityError(f"The server named a negative size for {entry.path!r}.")
        files.append(RemoteFile(repo, commit, entry.path, size, cache.checked_oid(oid, "checksum")))
    gguf = getattr(info, "gguf", None) or {}
    tensors = getattr(info, "safetensors", None)
    return Listing(
        repo,
        commit,
        tuple(files),
        gguf.get("total") or (tensors.total if tensors else None),
        gguf.get("architecture"),
        gguf.get("context_length"),
        bool(getattr(info, "gated", False)),
    )


def files(repo: str, revision: str = "main") -> list[FileGroup]:
    """The models in a repository, smallest first. Raises LabError."""
    return group(listing(repo, revision))


def group(found: Listing) -> list[FileGroup]:
    """GGUF files one by one, split files as one, all safetensors of a folder as one model.

    Bits per weight: 8 × file size ÷ parameters, so a few thousandths above those of the tensors alone."""
    sets: dict[tuple[str, str], list[RemoteFile]] = {}
    counts: dict[tuple[str, str], int] = {}
    for file in found.files:
        extension = file.name.rpartition(".")[2].lower()
        if extension not in ("gguf", "safetensors"):
            continue
        match = _SPLIT.match(file.name)
        stem = match["stem"] if match else file.name
        key = (extension, stem)
        sets.setdefault(key, []).append(file)
        counts[key] = int(match["count"]) if match else 1
    groups = []
    for (extension, stem), members in sets.items():
        members.sort(key=lambda file: file.name)
        size = sum(file.size for file in members)
        quant = quant_of(members[0].name) if extension == "gguf" else None
        projector = "mmproj" in stem.lower().rpartition("/")[2]
        bpw = 8.0 * size / found.n_params if found.n_params and not projector else None
        whole = len(members) == counts[extension, stem]
        groups.append(FileGroup(stem, quant, extension, tuple(members), size, bpw, whole, projector))
    return sorted(groups, key=lambda g: (g.size, g.name))


def quant_of(name: str) -> str | None:
    """The quant type in a file's name (``…-Q4_K_M.gguf`` → ``Q4_K_M``), or in its folder's; None without one."""
    found = _QUANT.findall(re.sub(r"\.gguf$", "", name))
    return found[-1].upper() if found else None

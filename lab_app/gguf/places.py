"""Where models lie on this machine, and by which names other programs know them. Everything is only read.

Each scanner yields what it finds, in a stable order; a file that several programs share is found by each of
them, and :mod:`lab_app.gguf.library` makes one row of it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lab_app.gguf.parts import part_paths
from lab_app.system.paths import Folders, hub_cache

_DIGEST = re.compile(r"^sha256[:-]([0-9a-f]{64})$")
_SHA256 = re.compile(r"^[0-9a-f]{64}$")
_COMMIT = re.compile(r"^[0-9a-f]{40}$")
_OLLAMA_MODEL = "application/vnd.ollama.image.model"
_MOST_MANIFEST = 1 << 20


class Source(StrEnum):
    """Whose a file is."""

    LAB = "this lab"
    HUB = "Hugging Face cache"
    LM_STUDIO = "LM Studio"
    OLLAMA = "Ollama"
    FOLDER = "folder"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Place:
    """One way to a file. path: as found, links not followed; of a split model that of its first part; of a model in
    safetensors its folder.

    label:   the name its source knows it by (``org/repo@4b1f0c2``, ``llama3.2:3b``, a folder).
    name:    what to call the model; empty for the file's own name.
    sha256:  where the source keeps it, else None.
    problem: why it cannot be used, where its source itself is broken.
    """

    source: Source
    path: Path
    label: str
    name: str = ""
    sha256: str | None = None
    problem: str = ""


def hub(root: Path | None = None) -> Iterator[Place]:
    """GGUF files and safetensors folders of the Hugging Face cache: ``models--ORG--NAME/snapshots/COMMIT/…`` →
    ``blobs/OID``."""
    root = root or hub_cache()
    for repo in _folders(root, "models--"):
        name = repo.name.removeprefix("models--").replace("--", "/")
        branches = _branches(repo)
        for snapshot in _folders(repo / "snapshots"):
            known = branches.get(snapshot.name)
            revision = snapshot.name[:7] if _COMMIT.match(snapshot.name) else snapshot.name
            if _is_hf_folder(snapshot):
                yield Place(Source.HUB, snapshot, f"{name}@{known or revision}", name.rpartition("/")[2])
            for path in gguf_files(snapshot):
                blob = os.path.basename(os.path.realpath(path))
                yield Place(
                    Source.HUB,
                    path,
                    f"{name}@{known or revision}",
                    sha256=blob if _SHA256.match(blob) and len(part_paths(path)) == 1 else None,
                )


def _branches(repo: Path) -> dict[str, str]:
    """Commit → branch or tag."""
    found = {}
    for ref in _walk(repo / "refs"):
        try:
            found[ref.read_text("ascii").strip()] = ref.relative_to(repo / "refs").as_posix()
        except (OSError, UnicodeDecodeError):
            continue
    return found


def lm_studio_roots() -> list[Path]:
    """Where LM Studio keeps models: the folder its settings name, and its old and new default."""
    home = Path.home()
    base = home / ".lmstudio"
    try:
        base = Path((home / ".lmstudio-home-pointer").read_text("utf-8").strip() or base)
    except (OSError, UnicodeDecodeError):
        pass
    found = []
    try:
        chosen = json.loads((base / "settings.json").read_text("utf-8")).get("downloadsFolder")
        if isinstance(chosen, str) and chosen:
            found.append(Path(chosen).expanduser())
    except (OSError, ValueError, AttributeError):
        pass  # not there, or of a form we do not know
    return list(dict.fromkeys([*found, base / "models", home / ".cache" / "lm-studio" / "models"]))


def lm_studio(roots: Iterable[Path] | None = None) -> Iterator[Place]:
    """GGUF files of LM Studio: ``PUBLISHER/REPOSITORY/FILE.gguf``."""
    for root in lm_studio_roots() if roots is None else roots:
        for path in gguf_files(root):
            yield Place(Source.LM_STUDIO, path, path.parent.relative_to(root).as_posix())


def ollama_root() -> Path:
    """``$OLLAMA_MODELS``, else the user's folder, else that of Ollama's Linux service."""
    if chosen := os.environ.get("OLLAMA_MODELS"):
        return Path(chosen).expanduser().absolute()
    own, service = Path.home() / ".ollama" / "models", Path("/usr/share/ollama/.ollama/models")
    return service if service.is_dir() and not own.is_dir() else own


def ollama(root: Path | None = None) -> Iterator[Place]:
    """Models of Ollama: a manifest names blobs by digest, and the blob of the model layer is a plain GGUF file."""
    root = root or ollama_root()
    for manifest in _walk(root / "manifests"):
        parts = manifest.relative_to(root / "manifests").parts
        if len(parts) < 3 or any(part.startswith(".") for part in parts):
            continue
        name = _ollama_name(parts)
        try:
            layers = _layers(manifest)
        except (OSError, ValueError) as error:
            why = f"Ollama's list of what {name} consists of ({manifest}) cannot be read: {error}."
            yield Place(Source.OLLAMA, manifest, name, name, problem=" ".join(why.split()))
            continue
        for layer in layers:
            found = _DIGEST.match(str(layer.get("digest")))
            if layer.get("mediaType") != _OLLAMA_MODEL or not found:
                continue
            digest = found.group(1)
            blob = root / "blobs" / f"sha256-{digest}"
            if not blob.exists() and (old := blob.with_name(f"sha256:{digest}")).exists():
                blob = old
            problem = (
                "" if blob.exists() else f"Ollama lists {name}, but its file {blob.name[:19]}… is not there."
            )
            yield Place(Source.OLLAMA, blob, name, name, digest, problem)


def _layers(manifest: Path) -> list[Mapping[str, object]]:
    """Raises OSError, ValueError."""
    if manifest.stat().st_size > _MOST_MANIFEST:
        raise ValueError("it is too long")
    body = json.loads(manifest.read_text("utf-8"))
    layers = body.get("layers") if isinstance(body, dict) else None
    if not isinstance(layers, list):
        raise ValueError("it has no layers")
    return [layer for layer in layers if isinstance(layer, dict)]


def _ollama_name(parts: tuple[str, ...]) -> str:
    """``registry.ollama.ai/library/llama3.2/3b`` → ``llama3.2:3b``, as ``ollama list`` shows it."""
    names = list(parts[:-1])
    if names[0] == "registry.ollama.ai":
        names = names[1:]
        if names[0] == "library":
            names = names[1:]
    return f"{'/'.join(names)}:{parts[-1]}"


def folders(roots: Iterable[str | Path]) -> Iterator[Place]:
    """GGUF files and safetensors folders in folders the user has added, and below them."""
    for root in map(Path, roots):
        if not root.is_dir():
            yield Place(
                Source.FOLDER, root, str(root), problem=f"The folder {root} is not there or cannot be read."
            )
        for path in gguf_files(root):
            yield Place(Source.FOLDER, path, str(root))
        for folder, names, _ in os.walk(root):
            names.sort()
            if _is_hf_folder(Path(folder)):
                yield Place(Source.FOLDER, Path(folder), str(root), Path(folder).name)


def _is_hf_folder(folder: Path) -> bool:
    """Whether it holds a model in Hugging Face's format: a configuration and weights."""
    return (folder / "config.json").is_file() and next(folder.glob("*.safetensors"), None) is not None


def lab(own: Folders) -> Iterator[Place]:
    """What the lab itself has made or keeps: ``DATA/artifacts/KEY/…``, ``DATA/models/…``."""
    for path in gguf_files(own.artifacts):
        yield Place(Source.LAB, path, path.parent.name)
    for path in gguf_files(own.models):
        yield Place(Source.LAB, path, "kept here")


def gguf_files(root: Path) -> Iterator[Path]:
    """Files named ``*.gguf`` under ``root``, links among them; of a split model only the first part that is there."""
    for path in _walk(root):
        if path.suffix.lower() != ".gguf":
            continue
        first = next((part for part in part_paths(path) if os.path.lexists(part)), path)
        if path == first:
            yield path


def _walk(root: Path) -> Iterator[Path]:
    """All files below, in order. Links to folders are not followed, so that there is no end-less round."""
    for folder, names, files in os.walk(root):
        names.sort()
        for name in sorted(files):
            yield Path(folder, name)


def _folders(root: Path, prefix: str = "") -> list[Path]:
    try:
        return sorted(path for path in root.iterdir() if path.name.startswith(prefix) and path.is_dir())
    except OSError:
        return []

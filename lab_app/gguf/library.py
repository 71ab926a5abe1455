"""The library: every model this machine has, found in place. One row a file, however many programs share it.

Nothing is moved, copied or hashed for it: only headers are read, and a broken file is a row that says what
is wrong with it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from lab_app.gguf import places
from lab_app.gguf.header import GgufFile
from lab_app.gguf.hf_folder import read_folder
from lab_app.gguf.parts import part_name, part_paths, read_model
from lab_app.gguf.places import Place, Source
from lab_app.store.records import StudyRecord
from lab_app.store.store import Store
from lab_app.system import settings as settings_file
from lab_app.system.errors import LabError, UsageError
from lab_app.system.paths import Folders

_KINDS = {"adapter": "adapter", "mmproj": "projector", "imatrix": "importance matrix", "vocab": "vocabulary"}
"""``general.type`` of files that are no models by themselves."""

SAFETENSORS = "safetensors"


@dataclass(frozen=True, slots=True)
class Row:
    """A file, or all parts of a split one.

    id:      12 hexadecimal digits, the same in every scan as long as the file stays where it is; of a file of
             the Hugging Face cache or Ollama that is as long as its content stays.
    paths:   the real files, links followed; parts in order.
    kind:    ``model``, or ``adapter``, ``projector``, ``importance matrix``, ``vocabulary``, ``safetensors`` (a folder
             in Hugging Face's format, to be converted; path is the folder).
    sha256:  where it is known without reading the file; of a file of one part.
    context: tokens the model was trained for.
    problem: what is wrong, in one sentence; then the fields that come from the header are empty.
    """

    id: str
    name: str
    paths: tuple[Path, ...]
    size: int
    modified: float
    places: tuple[Place, ...]
    kind: str = "model"
    title: str = ""
    architecture: str = ""
    quant: str = ""
    parameters: int = 0
    bits_per_weight: float = 0.0
    context: int | None = None
    sha256: str | None = None
    problem: str = ""

    @property
    def path(self) -> Path:
        """What to open: the path its first place has, whose name llama.cpp finds the other parts by."""
        return self.places[0].path

    @property
    def source(self) -> Source:
        return self.places[0].source

    def to_json(self) -> dict[str, Any]:
        body = asdict(self)
        body["paths"] = [str(path) for path in self.paths]
        body["path"] = str(self.path)
        body["places"] = [{**asdict(place), "path": str(place.path)} for place in self.places]
        return body


def scan(own: Folders, store: Store | None = None) -> list[Row]:
    """Every model, by name. ``store``: for the studies behind files the lab has made, and imported files.

    Raises IntegrityError or ResourceError for settings that cannot be read; a broken model is a row.
    """
    return sorted(rows(everywhere(own, store)), key=lambda row: (row.name.lower(), row.size, row.id))


def everywhere(own: Folders, store: Store | None = None) -> Iterator[Place]:
    """All places of all sources. Raises IntegrityError, ResourceError (settings)."""
    chosen = settings_file.load(own)
    made = _made_by_studies(store) if store is not None else {}
    for place in places.lab(own):
        yield replace(place, label=made.get(place.path.parent.name, place.label))
    if store is not None:
        yield from imported(store)
    yield from places.hub()
    yield from places.lm_studio()
    yield from places.ollama()
    yield from places.folders(chosen.model_folders)


def imported(store: Store) -> Iterator[Place]:
    """Files that were imported where they lie."""
    for record in sorted(store.models(), key=lambda record: str(record["source"])):
        path = Path(record["source"])
        if record.get("imported"):
            gone = "" if path.exists() else f"The imported file {path} is not there any more."
            digest = record["sha256"] if len(part_paths(path)) == 1 and not gone else None
            yield Place(Source.IMPORTED, path, "where it lay", record["name"], digest, gone)


def _made_by_studies(store: Store) -> dict[str, str]:
    """Key of the job that made a file → the study it was first made for."""
    found: dict[str, str] = {}
    for study in store.studies():
        for variant in study.variants:
            if variant.file_key:
                found.setdefault(variant.file_key, f"study “{study.name}”: {variant.label}")
    return found


def rows(found: Iterable[Place]) -> Iterator[Row]:
    """One row a file: places that lead to the same file (links, hard links, names of several programs) together."""
    grouped: dict[tuple[int, int] | str, list[Place]] = {}
    for place in found:
        grouped.setdefault(_same(place), []).append(place)
    for group in grouped.values():
        yield _row(tuple(group))


def _same(place: Place) -> tuple[int, int] | str:
    """What two names of one file have in common."""
    try:
        status = os.stat(place.path)
    except OSError:
        return f"{os.path.realpath(place.path)} {place.label}"
    if place.problem or not status.st_ino:
        return f"{os.path.realpath(place.path)} {place.label if place.problem else ''}"
    return status.st_dev, status.st_ino


def _row(group: tuple[Place, ...]) -> Row:
    first = group[0]
    real = Path(os.path.realpath(first.path))
    split = part_name(first.path)
    name = min((place.name for place in group if place.name), key=len, default="")
    name = name or (split.stem if split else first.path.stem)
    identity = hashlib.sha256(os.fsencode(real)).hexdigest()[:12]
    files = tuple(Path(os.path.realpath(part)) for part in part_paths(first.path))
    size = modified = 0
    for file in files:
        try:
            status = file.stat()
        except OSError:
            continue
        size, modified = size + status.st_size, max(modified, status.st_mtime_ns)
    row = Row(identity, name, files, size, modified / 1e9, group)
    if first.problem:
        return replace(row, problem=first.problem)
    if real.is_dir():
        return _folder(row)
    try:
        header = read_model(first.path).header
    except LabError as error:
        problem = error.message
        if first.path.is_symlink() and not first.path.exists():
            problem = f"{first.path.name} is a link to a file that is not there ({real})."
        return replace(row, problem=problem)
    digest = next((place.sha256 for place in group if place.sha256), None)
    return _described(row, header, digest)


def _folder(row: Row) -> Row:
    """A row of a model in Hugging Face's format, which runs once it is converted."""
    row = replace(row, kind=SAFETENSORS)
    try:
        found = read_folder(row.path, tokenizer=False)
    except LabError as error:
        return replace(row, problem=error.message)
    shards = tuple(Path(os.path.realpath(found.path / name)) for name in found.shards)
    return replace(
        row,
        paths=shards,
        size=sum(shard.stat().st_size for shard in shards if shard.exists()),
        title=found.name,
        architecture=found.architecture,
        quant=found.quantized_as or found.original_type.upper(),
        parameters=found.n_params,
        bits_per_weight=8 * found.tensor_bytes / found.n_params,
        context=found.context_length or None,
    )


def _described(row: Row, header: GgufFile, digest: str | None) -> Row:
    kind = header.metadata.get("general.type")
    kind = _KINDS.get(kind, "model") if isinstance(kind, str) else "model"
    if kind == "model" and header.architecture == "clip":
        kind = "projector"
    if not header.tensors:
        if not header.metadata.get("tokenizer.ggml.tokens"):
            return replace(row, problem=f"{row.path.name} holds no tensors, so it is no model.")
        kind = "vocabulary"
    return replace(
        row,
        kind=kind,
        title=header.name,
        architecture=header.architecture,
        quant=header.quant,
        parameters=header.n_params,
        bits_per_weight=header.bits_per_weight,
        context=header.context_length,
        sha256=digest,
    )


def find(rows: Iterable[Row], text: str) -> Row:
    """The row a user means by an id (or its beginning, from 4 digits), a name, or a path. Raises UsageError."""
    rows = list(rows)
    real = Path(os.path.realpath(os.path.expanduser(text)))
    hits = [row for row in rows if real in row.paths]
    hits = hits or [row for row in rows if row.id == text or (len(text) >= 4 and row.id.startswith(text))]
    hits = hits or [row for row in rows if text in (row.name, f"{row.name}.gguf")]
    if len(hits) == 1:
        return hits[0]
    if hits:
        ids = ", ".join(row.id for row in hits)
        raise UsageError(f"{len(hits)} models are called {text}.", f"Name one by its id: {ids}.")
    if real.exists():
        hint = "Make it known with odyssey-lab models import, or its folder with models add-folder."
        raise UsageError(f"{text} is there, but not in the library.", hint)
    from difflib import get_close_matches

    near = get_close_matches(text, [row.name for row in rows], n=1)
    hint = f"Did you mean {near[0]}?" if near else "See odyssey-lab models list."
    raise UsageError(f"There is no model {text!r} in the library, and no such file.", hint)


def users(row: Row, studies: Iterable[StudyRecord]) -> list[str]:
    """Sentences: what depends on a file. Links and names of other programs, and studies."""
    found = []
    for place in row.places:
        if place.source is Source.OLLAMA:
            found.append(f"Ollama runs it as {place.label}.")
        elif place.path.is_symlink():
            found.append(f"{place.source} links to it: {place.label}, {place.path}.")
    keys = {path.parent.name for path in row.paths}
    for study in studies:
        for variant in study.variants:
            if variant.file_key is not None and variant.file_key in keys:
                found.append(
                    f"The study “{study.name}” made it as {variant.label}; running it again makes it anew."
                )
            elif (variant.path and Path(os.path.realpath(variant.path)) in row.paths) or (
                variant.sha256 and variant.sha256 == row.sha256
            ):
                found.append(
                    f"The study “{study.name}” used it as {variant.label}; its numbers stay, but it cannot run again."
                )
    return list(dict.fromkeys(found))

"""Study file → checked study. Everything that can be known to be wrong is said here, all at once.

What a check needs from the world (the header of a model file, whether a text exists) is read; nothing
is computed, fetched or written.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lab_app.gguf.hf_folder import looks_like_model
from lab_app.hub import reference
from lab_app.hub.reference import Reference
from lab_app.studies.checks import check_models, check_quantize, check_thresholds, check_variants
from lab_app.studies.lines import Place, parse
from lab_app.studies.problems import Problems, nearest
from lab_app.studies.schema import DEMO_SOURCE, RESOURCE_SCHEME, LoadedStudy, ProbeEntry, Study
from lab_app.system import paths
from lab_app.system.errors import ResourceError, UsageError
from lab_app.system.units import parse_size

MAX_STUDY_BYTES = 1 << 20
_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+):(.*)$")
_ID = re.compile(r"[\w.-]{1,60}")


def load(path: str | Path, folders: paths.Folders | None = None) -> LoadedStudy:
    """Read and check a study file. Raises UsageError with one line for every problem found.

    folders: the data folder, where the demo model may lie already; it is only looked at.
    """
    file = Path(path)
    paths.utf8(file.absolute())
    return load_text(read_text(file), origin=file.absolute(), shown_as=str(path), folders=folders)


def read_text(file: Path) -> str:
    """The text of a study file. Raises UsageError."""
    try:
        if file.is_dir():
            raise UsageError(f"{file} is a folder, not a study file.")
        with open(file, "rb") as stream:  # which may be a pipe, whose size nobody knows before
            raw = stream.read(MAX_STUDY_BYTES + 1)
        if len(raw) > MAX_STUDY_BYTES:
            raise UsageError(f"{file} is too large to be a study file.", "Is it a model?")
        return raw.removeprefix(codecs.BOM_UTF8).decode("utf-8")  # some editors write one, TOML knows none
    except FileNotFoundError:
        folder = file.parent
        near = [p.name for p in sorted(folder.glob("*.toml"))] if folder.is_dir() else []
        hint = nearest(file.name, near).capitalize() if near else None
        raise UsageError(f"The study file {file} does not exist.", hint) from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not a text in UTF-8 (byte {error.start}).") from None
    except OSError as error:
        raise UsageError(f"The study file {file} cannot be read: {error.strerror or error}.") from error


def load_text(
    text: str, *, origin: Path, shown_as: str = "", folders: paths.Folders | None = None
) -> LoadedStudy:
    """As :func:`load`, for a study that is text already; its paths are relative to ``origin``'s folder."""
    shown = shown_as or str(origin)
    try:
        data, lines = parse(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{shown} is not valid TOML: {error}.") from None
    problems = Problems(shown, lines)
    study = _validate(data, problems)
    if study is None:
        # Probes are judged by their own Specs, so their mistakes can be named in the same breath.
        raw = data.get("probe")
        if isinstance(raw, list) and all(isinstance(item, dict) for item in raw):
            _probes(tuple(raw), origin.parent, problems)
        problems.raise_if_any()
        raise AssertionError("a study that failed validation has at least one problem")

    source = _source(study.source.model, origin.parent, problems)
    probes = _probes(study.probe, origin.parent, problems)
    types: tuple[str, ...] = ()
    imatrix_text = None
    if study.quantize is not None:
        types = check_quantize(study.quantize, problems)
        if study.quantize.imatrix is not None:
            place: Place = ("quantize", "imatrix", "text")
            imatrix_text = _file(study.quantize.imatrix.text, origin.parent, place, problems, "text")
    compares = [
        _model(item.model, origin.parent, ("compare", index, "model"), problems)
        for index, item in enumerate(study.compare)
    ]
    check_variants(study, types, problems)
    check_thresholds(study, {str(item.get("kind")) for item in study.probe}, problems)
    memory = _size(study.resources.memory, ("resources", "memory"), problems)
    disk = _size(study.resources.disk, ("resources", "disk"), problems)
    check_models(study, source, compares, probes, folders, problems)
    problems.raise_if_any()
    return LoadedStudy(
        study=study, toml=text, origin=str(origin), source=source, quant_types=types, probes=probes,
        imatrix_text=imatrix_text, compare_models=tuple(filter(None, compares)), memory=memory, disk=disk,
    )  # fmt: skip


def _validate(data: dict[str, Any], problems: Problems) -> Study | None:
    version = data.get("schema_version")
    if isinstance(version, int) and not isinstance(version, bool) and version > 1:
        problems.add(
            ("schema_version",),
            f"is {version}, but this program knows version 1; a newer odyssey-lab reads it.",
        )
        return None
    try:
        # JSON, because strict validation takes a list for a tuple only there; a date becomes a text.
        return Study.model_validate_json(json.dumps(data, default=str))
    except ValidationError as error:
        problems.add_validation(error, Study)
        return None


def _source(given: str, folder: Path, problems: Problems) -> Path | Reference | None:
    return None if given == DEMO_SOURCE else _model(given, folder, ("source", "model"), problems)


def _model(given: str, folder: Path, place: Place, problems: Problems) -> Path | Reference | None:
    """A path or a reference to the hub (asked when the plan is made); None with a problem noted."""
    if not given.startswith(reference.SCHEME):
        return _file(given, folder, place, problems, "model")
    try:
        return reference.parse(given)
    except UsageError as error:
        problems.add(place, str(error))
        return None


def _file(given: str, folder: Path, place: Place, problems: Problems, what: str) -> Path | None:
    """The path a study names, made absolute, or None with a problem noted."""
    if given.startswith(RESOURCE_SCHEME):
        try:
            return paths.resource(given.removeprefix(RESOURCE_SCHEME))
        except ResourceError:
            base = paths.resource("texts")
            known = [f"{RESOURCE_SCHEME}texts/{item.name}" for item in sorted(base.glob("*.txt"))]
            problems.add(place, f'there is no resource "{given}"; {nearest(given, known)}')
            return None
    scheme = _SCHEME.match(given)
    if what == "model" and given.startswith(DEMO_SOURCE):
        problems.add(place, f'"{DEMO_SOURCE}" stands alone, and only for the model of [source].')
        return None
    if scheme and len(scheme.group(1)) > 1:
        known = [DEMO_SOURCE, reference.SCHEME] if what == "model" else [RESOURCE_SCHEME]
        problems.add(
            place,
            f'"{scheme.group(1)}:" is not a source this version knows; '
            f"{nearest(scheme.group(1) + ':', known)} Or give the path of a file.",
        )
        return None
    path = Path(os.path.expanduser(given))
    path = path if path.is_absolute() else folder / path
    try:
        return _found(path, given, what, place, problems)
    except (OSError, ValueError) as error:  # in a folder of somebody else; a name no file can have
        why = error.strerror if isinstance(error, OSError) else None
        problems.add(place, f"{given} cannot be read: {why or error}.")
        return None


def _found(path: Path, given: str, what: str, place: Place, problems: Problems) -> Path | None:
    """The file or folder, once it is seen to be there."""
    if path.is_file():
        return path
    if path.is_dir():
        if what == "model" and looks_like_model(path):
            return path
        what_it_lacks = " (of a Hugging Face model it would hold config.json)" if what == "model" else ""
        problems.add(place, f'"{given}" is a folder, not a file{what_it_lacks}.')
        return None
    if path.exists():  # a pipe or a device, which cannot be read twice
        problems.add(place, f'"{given}" is neither a file nor a folder.')
        return None
    suffixes = {".gguf"} if what == "model" else {".txt", ".raw", ".md"}
    near = []
    if path.parent.is_dir():
        near = [p.name for p in sorted(path.parent.iterdir()) if p.suffix.lower() in suffixes]
    none = f"There is no {what} file in {path.parent} either."
    advice = nearest(path.name, near).capitalize() if near else none
    problems.add(place, f'the file "{given}" does not exist. {advice}')
    return None


def _probes(raw: tuple[dict[str, Any], ...], folder: Path, problems: Problems) -> tuple[ProbeEntry, ...]:
    from lab_app.probes.base import extra_files, registry

    known = registry()
    entries: list[ProbeEntry] = []
    ids: dict[str, int] = {}
    for index, item in enumerate(raw):
        rest = dict(item)
        kind, probe_id = rest.pop("kind", None), rest.pop("id", None)
        if kind is None:
            problems.add(("probe", index), f"the key kind is missing; {nearest('', sorted(known))}")
            continue
        if not isinstance(kind, str) or kind not in known:
            problems.add(
                ("probe", index, "kind"), f'there is no probe "{kind}"; {nearest(str(kind), sorted(known))}'
            )
            continue
        if probe_id is not None and not (isinstance(probe_id, str) and _ID.fullmatch(probe_id)):
            problems.add(("probe", index, "id"), "must be a short name of letters, digits, dots, - and _.")
            continue
        probe_id = probe_id or kind
        if probe_id in ids:
            problems.add(
                ("probe", index),
                f'the name "{probe_id}" stands already at [[probe]] number {ids[probe_id] + 1}; '
                f'give one of them another id, e.g. id = "{probe_id}-{index + 1}".',
            )
            continue
        ids[probe_id] = index
        probe = known[kind]
        files: dict[str, Path] = {}
        for role, default in extra_files(probe).items():
            given = rest.pop(role, RESOURCE_SCHEME + default)
            place: Place = ("probe", index, role)
            if not isinstance(given, str) or not given:
                problems.add(place, "must be the path of a text file, in quotes.")
            elif found := _file(given, folder, place, problems, "text"):
                files[role] = found
        try:
            spec = probe.Spec.model_validate_json(json.dumps(rest, default=str))
        except ValidationError as error:
            # Keys the study itself takes belong to the valid choices of a misspelt one.
            problems.add_validation(error, probe.Spec, ("probe", index), ["id", *extra_files(probe)])
            continue
        entries.append(ProbeEntry(kind=kind, id=probe_id, spec=spec.model_dump(mode="json"), files=files))
    return tuple(entries)


def _size(value: int | str | None, place: Place, problems: Problems) -> int | None:
    """Bytes of ``"6 GiB"``, ``"500 MB"`` or a plain number."""
    if value is None:
        return None
    size = value if isinstance(value, int) else parse_size(value)
    if size is None:
        problems.add(place, f'"{value}" is not a size; write e.g. "6 GiB" or "500 MB".')
        return None
    if size <= 0:
        problems.add(place, f"must be greater than 0, but is {value}.")
        return None
    return size

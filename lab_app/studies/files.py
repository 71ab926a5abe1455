"""Study files and the window: opened without a change to them, kept without a loss.

A file of the user's own is only ever read here. What is made or changed in the window goes into a file of its own
among the data, from which ``--batch`` runs the same study.
"""

from __future__ import annotations

import codecs
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from lab_app.store.records import StudyRecord
from lab_app.studies import load
from lab_app.studies.draft import Draft
from lab_app.studies.plan import slug
from lab_app.system.errors import ResourceError, UsageError
from lab_app.system.paths import Folders
from lab_app.system.saving import save


@dataclass(frozen=True)
class Opened:
    """A study as it was opened.

    draft:  with the paths of its files made absolute and its quant types under their usual names.
    origin: the user's own file it came from, None where it came from none. text: what stands in it.
    toml:   what ``draft.toml()`` was when it was opened, to tell whether anything was changed since.
    """

    draft: Draft
    origin: Path | None = None
    text: str = ""
    toml: str = ""

    @classmethod
    def of(cls, text: str, folder: Path | None = None, origin: Path | None = None) -> Opened:
        """folder: where the paths in the text begin. Imports probes and quant types: not for the GUI thread.

        Raises UsageError where the text is no study at all."""
        from lab_app.probes.base import extra_files, registry
        from lab_app.quant.types import QUANT_TYPES

        draft = Draft.from_toml(text)
        if folder is not None:
            roles = {role for probe in registry().values() for role in extra_files(probe)}
            draft.anchor(folder.absolute(), roles)
        usual: dict[str, str] = {name.casefold(): item.name for name, item in QUANT_TYPES.items()}
        types = draft.quantize_option("types")
        if isinstance(types, list) and all(isinstance(name, str) for name in types):
            draft.types = [usual.get(name.casefold()) or name for name in types]
        return cls(draft, origin, text, draft.toml())


def open_file(path: Path) -> Opened:
    """Raises UsageError where it cannot be read, is not UTF-8, or no study."""
    return Opened.of(load.read_text(path), path.absolute().parent, path.absolute())


def place(opened: Opened, toml: str, folders: Folders) -> tuple[Path, str]:
    """(file, its text) of a study that was ``opened`` and says ``toml`` now: its own file while nothing was changed,
    else one that is kept among the data. Raises UsageError, ResourceError."""
    if opened.origin is not None and toml == opened.toml and _says(opened.origin, opened.text):
        return opened.origin, opened.text
    return keep_file(folders, toml), toml


def file_of(record: StudyRecord, folders: Folders) -> Path:
    """A file that ``--batch`` runs this very study from: the one it was made of while it still says the same, else a
    copy among the data. Not for the GUI thread. Raises UsageError, ResourceError."""
    origin = Path(record.source)
    if record.source and _says(origin, record.toml):
        return origin
    return keep_file(folders, Opened.of(record.toml, origin.parent if record.source else None).toml)


def keep_file(folders: Folders, toml: str) -> Path:
    """Keep a study made in the window as a file that ``--batch`` runs; returns its path.

    It is named after the study; the same text keeps the same file, another text of that name gets a number.
    Raises UsageError for a text that is not TOML or has no name, ResourceError where it cannot be written.
    """
    try:
        name = slug(str(tomllib.loads(toml)["name"]))
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise UsageError(f"The study file is not complete: {error}.") from error
    folder = folders.root / "studies"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, 10_000):
            path = folder / (f"{name}.toml" if number == 1 else f"{name}-{number}.toml")
            if os.path.lexists(path):
                if _says(path, toml):
                    return path
                continue
            return save(path, toml.encode("utf-8"), "Check the folder's rights.")
    except OSError as error:
        raise ResourceError(
            f"The study cannot be written to {folder}: {error.strerror or error}.",
            "Check the folder's rights.",
        ) from error
    raise ResourceError(f"There are too many studies called {name}.", "Give this one another name.")


def _says(path: Path, text: str) -> bool:
    """Whether a file is there and holds exactly this text."""
    try:
        return path.is_file() and path.read_bytes().removeprefix(codecs.BOM_UTF8) == text.encode("utf-8")
    except OSError:
        return False

"""What the user has chosen and wants to find again: one small JSON file in the data folder.

Read by every face, written by the window and the command line. Secrets are not kept here. The window needs its
theme before it can paint, so this is a plain dataclass: importing pydantic takes longer than opening a window.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from lab_app.system.errors import IntegrityError, ResourceError, UsageError
from lab_app.system.paths import Folders
from lab_app.system.saving import save as save_file

THEMES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class Settings:
    """model_folders: absolute paths that are searched for models, besides the usual places.

    theme:        ``system`` follows the desktop, else ``light`` or ``dark``.
    language:     of the window, as in ``zh_CN``; empty for the system's.
    bandwidth:    bytes a second that downloads may take; 0 for all there is.
    reserve:      bytes of memory left to other programs when the lab says whether a model fits.
    memory_limit: bytes a worker may take where the study names no limit; 0 for no limit.
    offline:      the window asks nothing of the network.
    extra:        fields of a newer version, kept as they are.
    """

    model_folders: tuple[str, ...] = ()
    theme: str = "system"
    language: str = ""
    bandwidth: int = 0
    reserve: int = 1 << 30
    memory_limit: int = 0
    offline: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    def changed(self, **changes: Any) -> Settings:
        """These settings with some replaced. Raises UsageError for a value that does not fit."""
        for name, value in changes.items():
            if not _fits(name, value):
                raise UsageError(f"The setting {name} cannot be {value!r}.")
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        own = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "extra"}
        return {**self.extra, **own}


def _fits(name: str, value: Any) -> bool:
    match name:
        case "theme":
            return value in THEMES
        case "language":
            return isinstance(value, str) and len(value) <= 32
        case "model_folders":
            return isinstance(value, tuple) and all(isinstance(item, str) and item for item in value)
        case "bandwidth" | "reserve" | "memory_limit":
            return type(value) is int and value >= 0
        case "offline":
            return isinstance(value, bool)
        case "extra":
            return isinstance(value, Mapping)
    return False


def from_json(data: Any) -> Settings:
    """Inverse of :meth:`Settings.to_json`. Raises ValueError naming the field that does not fit."""
    if not isinstance(data, dict):
        raise ValueError("it is not a JSON object")
    names = {item.name for item in fields(Settings)} - {"extra"}
    values: dict[str, Any] = {}
    for name in names & data.keys():
        value = tuple(data[name]) if isinstance(data[name], list) else data[name]
        if not _fits(name, value):
            raise ValueError(f"{name} cannot be {data[name]!r}")
        values[name] = value
    return Settings(**values, extra={name: value for name, value in data.items() if name not in names})


def path(folders: Folders) -> Path:
    return folders.root / "settings.json"


def load(folders: Folders) -> Settings:
    """The settings, defaults where there are none yet. Raises IntegrityError, ResourceError."""
    return read(path(folders))


def read(file: Path, *, exported: bool = False) -> Settings:
    """The settings in ``file``, as :func:`load`. exported: it must be there, and hold settings."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not exported:
            return Settings()
        raise ResourceError(
            f"The settings {file} cannot be read: {error.strerror or error}.", "Check the file."
        ) from error
    except UnicodeDecodeError as error:
        raise _damaged(file, error) from error
    try:
        found = from_json(json.loads(text))
    except ValueError as error:
        raise _damaged(file, error) from error
    if exported and len(found.extra) == len(json.loads(text)):
        raise UsageError(f"{file} holds no settings of this program.", "Choose a file of exported settings.")
    return found


def _damaged(file: Path, error: Exception) -> IntegrityError:
    return IntegrityError(
        f"The settings {file} are damaged: {error}.", "Correct the file, or remove it to start with none."
    )


def save(folders: Folders, settings: Settings) -> None:
    """Write all or nothing. Raises ResourceError."""
    write_json(path(folders), settings.to_json())


def change(folders: Folders, step: Callable[[Settings], Settings]) -> Settings:
    """Read, ``step``, write; so that what another process changed meanwhile stays. Raises as load and save."""
    changed = step(load(folders))
    save(folders, changed)
    return changed


def write_json(file: Path, data: Any) -> None:
    """``data`` as JSON under its final name, whole or not at all. Raises ResourceError."""
    with suppress(OSError):  # that is said of the file
        file.parent.mkdir(parents=True, exist_ok=True)
    save_file(file, (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8"))

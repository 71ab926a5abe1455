"""Where things lie: the data folder, the native engine, the resources that ship with the lab.

Nothing here creates or changes a file except :meth:`Folders.create`.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from lab_app.system.errors import ResourceError, UsageError

APP_NAME = "odyssey-lab"
DATA_VARIABLE = "ODYSSEY_LAB_DATA"
NATIVE_VARIABLE = "ODYSSEY_LAB_NATIVE"

PACKAGE_ROOT = Path(__file__).resolve().parent.parent
"""The folder ``lab_app``; beside it, in a checkout, lie ``native/`` and ``resources/``."""


def checkout_root() -> Path | None:
    """The source checkout this code runs from, or None when it is an installed copy."""
    root = PACKAGE_ROOT.parent
    return root if (root / "native" / "llama.lock").is_file() else None


def data_dir(override: str | os.PathLike[str] | None = None) -> Path:
    """The data folder: ``override`` (``--data-dir``), else ``$ODYSSEY_LAB_DATA``, else the platform's."""
    chosen = override or os.environ.get(DATA_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path(APP_NAME, appauthor=False)


def hub_cache() -> Path:
    """The Hugging Face cache that all tools share: ``HF_HUB_CACHE``, else ``HF_HOME/hub``, else
    ``~/.cache/huggingface/hub`` (under ``XDG_CACHE_HOME`` if set)."""
    if chosen := os.environ.get("HF_HUB_CACHE"):
        return Path(chosen).expanduser().absolute()
    if home := os.environ.get("HF_HOME"):
        return Path(home).expanduser().absolute() / "hub"
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser().absolute() / "huggingface" / "hub"


@dataclass(frozen=True, slots=True)
class Folders:
    """Names of everything under one data folder; see docs/ARCHITECTURE.md, "Folders on disk"."""

    root: Path

    @property
    def db(self) -> Path:
        return self.root / "lab.db"

    @property
    def lock(self) -> Path:
        return self.root / "lab.lock"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def artifacts(self) -> Path:
        return self.root / "artifacts"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    def create(self) -> Folders:
        """Make the folders that are missing. Raises ResourceError where that is not possible, UsageError."""
        utf8(self.root)
        try:
            for folder in (self.root, self.backups, self.work, self.artifacts, self.models, self.logs):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ResourceError(
                f"The data folder {self.root} cannot be used: {error.strerror or error}.",
                f"Choose another with --data-dir or ${DATA_VARIABLE}.",
            ) from error
        return self


def utf8(path: str | os.PathLike[str]) -> None:
    """Raises UsageError for a path that is not UTF-8, which neither the store nor the events of workers can hold."""
    raw = os.fsencode(path)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(
            f"The name {raw.decode('utf-8', 'replace')} is not text in UTF-8.", "Rename the file or folder."
        ) from None


def native_dir() -> Path:
    """The folder with the native libraries, tools and ``manifest.json``.

    ``$ODYSSEY_LAB_NATIVE`` wins, else the folder an installer put beside the package, else
    ``native/build/current`` of the checkout. Raises ResourceError when there is none.
    """
    chosen = os.environ.get(NATIVE_VARIABLE)
    if chosen:
        folder = _follow(Path(chosen).expanduser().absolute())
        if not (folder / "manifest.json").is_file():
            raise ResourceError(
                f"${NATIVE_VARIABLE} names {chosen}, which holds no native engine (no manifest.json).",
                f"Correct or unset ${NATIVE_VARIABLE}.",
            )
        return folder
    candidates = [PACKAGE_ROOT / "_native"]
    root = checkout_root()
    if root is not None:
        candidates.append(root / "native" / "build" / "current")
    for candidate in candidates:
        folder = _follow(candidate)
        if (folder / "manifest.json").is_file():
            return folder
    if root is not None:
        raise ResourceError("The native engine is not built yet.", "Run `make native` in the checkout.")
    raise ResourceError(
        "The native engine is not installed.",
        f"Build it with native/build.py from a checkout and set ${NATIVE_VARIABLE} to the folder it names.",
    )


def _follow(path: Path) -> Path:
    """Resolve a symlink, or the one-line file that stands for one where links are not possible."""
    if path.is_file():
        try:
            path = path.parent / path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return path
    return path.resolve()


def resource(name: str) -> Path:
    """The path of a shipped resource, e.g. ``studies/demo.toml``. Raises ResourceError when missing."""
    for base in _resource_bases():
        path = base / name
        if path.exists():
            return path
    raise ResourceError(f"The resource {name} is missing from this copy.", "Install odyssey-lab again.")


def _resource_bases() -> list[Path]:
    bases = [PACKAGE_ROOT / "resources", PACKAGE_ROOT.parent / "resources"]
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        bases.insert(0, Path(frozen) / "resources")
    return bases

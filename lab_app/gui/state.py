"""What the window remembers of itself: size, page, splitters, table columns. And the user's settings, live.

Both are small JSON files in the data folder, read once at the start and written in the background.
"""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QTimer, Signal
from PySide6.QtWidgets import QHeaderView, QSplitter, QWidget

from lab_app.gui.background import background
from lab_app.system import settings
from lab_app.system.errors import LabError
from lab_app.system.paths import Folders
from lab_app.system.settings import Settings

_WRITING = threading.Lock()


def _text(data: QByteArray) -> str:
    return bytes(data.toHex().data()).decode("ascii")


class SettingsKeeper(QObject):
    """The settings in use. :attr:`changed` carries the names of what changed.

    problem: why the stored settings could not be read and defaults are in use, or None.
    """

    changed = Signal(set)
    kept = Signal()
    """The file of the settings holds what is in use."""
    token_changed = Signal()
    """Another access token is in use, or none; kept here because windows come and go while a keyring is asked."""

    def __init__(self, folders: Folders) -> None:
        super().__init__()
        self._folders = folders
        self.problem: LabError | None = None
        try:
            self.value = settings.load(folders)
        except LabError as error:
            self.value, self.problem = Settings(), error

    def update(self, **changes: Any) -> None:
        """Use and keep new values. Raises UsageError for one that does not fit."""
        new = self.value.changed(**changes)
        names = {name for name in changes if getattr(new, name) != getattr(self.value, name)}
        if not names:
            return
        self.value = new
        self.changed.emit(names)
        background(lambda: self._write(names), lambda _: self.kept.emit())

    def replace(self, new: Settings) -> None:
        """Use other settings as a whole (an import)."""
        self.update(**{name: getattr(new, name) for name in Settings.__slots__})

    def _write(self, names: set[str]) -> None:
        with _WRITING:  # what is written last is the newest, in whatever order the calls come
            changes = {name: getattr(self.value, name) for name in names}
            if self.problem is None:
                settings.change(self._folders, lambda stored: stored.changed(**changes))
            else:  # a damaged file: the user's next choice replaces it
                settings.save(self._folders, self.value)
                self.problem = None


class WindowState(QObject):
    """Named pieces of state; written a moment after the last change, and by :meth:`flush`."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            data = {}
        self._data: dict[str, Any] = data if isinstance(data, dict) else {}
        self._timer = QTimer(self, singleShot=True, interval=500)
        self._timer.timeout.connect(lambda: background(self.flush))

    def get(self, name: str, default: Any = None) -> Any:
        """A remembered JSON value. Whoever reads it must not trust its type: the file may have been edited."""
        return self._data.get(name, default)

    def set(self, name: str, value: Any) -> None:
        if self._data.get(name) != value:
            self._data[name] = value
            self._timer.start()

    def flush(self) -> None:
        """Write now; a state that cannot be kept is not worth a word."""
        with _WRITING:
            try:
                settings.write_json(self._path, dict(self._data))
            except LabError:
                pass

    def keep_splitter(self, name: str, splitter: QSplitter) -> None:
        """Restore a splitter now and remember it from now on."""
        sizes = self.get(f"splitter/{name}")
        if isinstance(sizes, list) and len(sizes) == splitter.count() and all(type(s) is int for s in sizes):
            splitter.setSizes(sizes)
        splitter.splitterMoved.connect(lambda: self.set(f"splitter/{name}", splitter.sizes()))

    def keep_header(self, name: str, header: QHeaderView) -> None:
        """Restore widths, order and sorting of a table's columns and remember them from now on."""
        kept = self.get(f"header/{name}")
        if isinstance(kept, str):
            header.restoreState(QByteArray.fromHex(kept.encode()))

        def remember() -> None:
            self.set(f"header/{name}", _text(header.saveState()))

        header.sectionResized.connect(remember)
        header.sectionMoved.connect(remember)
        header.sortIndicatorChanged.connect(remember)

    def keep_window(self, window: QWidget) -> None:
        """Restore the size and place of the main window; :meth:`remember_window` is called when it closes."""
        kept = self.get("window")
        if isinstance(kept, str):
            window.restoreGeometry(QByteArray.fromHex(kept.encode()))

    def remember_window(self, window: QWidget) -> None:
        self.set("window", _text(window.saveGeometry()))

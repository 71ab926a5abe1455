"""A model file of this machine: chosen from those known, typed, browsed for, or dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QSizePolicy

from lab_app.gguf.library import Row
from lab_app.gui.widgets.basic import row, tool
from lab_app.gui.widgets.dropping import TakesModel
from lab_app.gui.widgets.model_choice import ModelChoice
from lab_app.store import Store
from lab_app.system.paths import Folders


def known_models(store: Store, folders: Folders) -> list[tuple[str, str]]:
    """(title, path) of every model of this machine that can be read. Reads headers: not for the GUI thread."""
    from lab_app.gguf import library

    return titles([row for row in library.scan(folders, store) if row.kind == "model" and not row.problem])


def titles(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """(title, path) of models. Of equal names each says whose it is, and where that is the same, its folder."""
    listed = list(rows)
    names = Counter(model.name for model in listed)
    owned = Counter((model.name, model.places[0].label) for model in listed)
    found = []
    for model in listed:
        label, title = model.places[0].label, model.name
        if names[model.name] > 1:
            known = label and owned[model.name, label] == 1
            title = f"{model.name} ({label if known else model.path.parent})"
        found.append((title, str(model.path)))
    return found


class ModelField(TakesModel):
    """``changed(path)`` once another file is chosen."""

    changed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.choice = ModelChoice(name)
        line = self.choice.lineEdit()
        assert line is not None
        line.setPlaceholderText(name)
        self.choice.picked.connect(self.take)
        browse = self.tr("Choose a file for “{0}”").format(name)
        self.browse = tool(browse, "folder-open", self._browse)
        self.setLayout(row(self.choice, self.browse, gap=1))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._path = ""

    @property
    def path(self) -> str:
        """Empty while none is chosen."""
        return self._path

    def offer(self, models: Iterable[tuple[str, str]]) -> None:
        self.choice.offer(models)

    def set_path(self, path: str) -> None:
        """Show a file, in silence."""
        self._path = path
        self.choice.show_source(path)

    def take(self, path: str) -> None:
        """Choose a file as a user does."""
        if path != self._path:
            self.set_path(path)
            self.changed.emit(path)

    def _browse(self) -> None:
        start = str(Path(self._path).parent) if self._path else ""
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Choose a model"), start, self.tr("GGUF models (*.gguf)")
        )
        if path:
            self.take(path)

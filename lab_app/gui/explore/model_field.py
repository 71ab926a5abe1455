"""A model file of this machine: chosen from those known, typed, browsed for, or dropped."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QSizePolicy

from lab_app.gui.widgets.basic import row, tool
from lab_app.gui.widgets.dropping import TakesModel
from lab_app.store import Store
from lab_app.system.paths import Folders


def known_models(store: Store, folders: Folders) -> list[tuple[str, str]]:
    """(name, path) of every model of this machine that can be read. Reads headers: not for the GUI thread."""
    from lab_app.gguf import library

    rows = [row for row in library.scan(folders, store) if row.kind == "model" and not row.problem]
    return [(row.name, str(row.path)) for row in rows]


class ModelField(TakesModel):
    """``changed(path)`` once another file is chosen."""

    changed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.choice = QComboBox(editable=True)
        self.choice.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.choice.setAccessibleName(name)
        self.choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.choice.setMinimumContentsLength(12)
        line = self.choice.lineEdit()
        assert line is not None
        line.setPlaceholderText(name)
        line.editingFinished.connect(self._typed)
        self.choice.activated.connect(self._typed)
        browse = self.tr("Choose a file for “{0}”").format(name)
        self.browse = tool(browse, "folder-open", self._browse)
        self.setLayout(row(self.choice, self.browse, gap=1))
        self._path = ""

    @property
    def path(self) -> str:
        """Empty while none is chosen."""
        return self._path

    def offer(self, models: Iterable[tuple[str, str]]) -> None:
        with QSignalBlocker(self.choice):
            self.choice.clear()
            for title, path in models:
                self.choice.addItem(title, path)
            self._show()

    def take(self, path: str) -> None:
        """Choose a file as a user does."""
        if path != self._path:
            self._path = path
            self._show()
            self.changed.emit(path)

    def _show(self) -> None:
        with QSignalBlocker(self.choice):
            place = self.choice.findData(self._path) if self._path else -1
            self.choice.setCurrentIndex(place)
            if place < 0:
                self.choice.setEditText(self._path)
        self.choice.setToolTip(self._path)

    def _typed(self) -> None:
        text = self.choice.currentText().strip()
        place = self.choice.findText(text)
        path = str(self.choice.itemData(place)) if place >= 0 else text.removeprefix("file://")
        if path:
            self.take(path)

    def _browse(self) -> None:
        start = str(Path(self._path).parent) if self._path else ""
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Choose a model"), start, self.tr("GGUF models (*.gguf)")
        )
        if path:
            self.take(path)

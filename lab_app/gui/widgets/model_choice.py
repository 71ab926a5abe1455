"""A box of models: one of those known is chosen, or a path is typed."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, QUrl, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy

from lab_app.gui.widgets.basic import calm


class ModelChoice(QComboBox):
    """``picked(source)``: the path or other source of what the user chose, or what the user typed; empty once the
    user has emptied the box.

    fixed: (title, source) of entries that stand before all others.
    """

    picked = Signal(str)

    def __init__(self, name: str, fixed: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(editable=True)
        calm(self)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(12)
        self._fixed = list(fixed)
        self._source = ""
        self.offer(())
        line = self.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._typed)
        self.activated.connect(self._activated)

    def offer(self, models: Iterable[tuple[str, str]]) -> None:
        """(title, source) of the models known; the titles differ. What is just being typed stays."""
        line = self.lineEdit()
        assert line is not None
        typed, cursor = line.text(), line.cursorPosition()
        typing = line.hasFocus() and line.isModified()
        with QSignalBlocker(self):
            self.clear()
            for title, source in (*self._fixed, *models):
                self.addItem(title, source)
        self.show_source(self._source)
        if typing:
            self.setEditText(typed)
            line.setCursorPosition(cursor)
            line.setModified(True)

    def show_source(self, source: str) -> None:
        """In silence."""
        self._source = source
        with QSignalBlocker(self):
            place = self.findData(source) if source else -1
            self.setCurrentIndex(place)
            if place < 0:
                self.setEditText(source)
        self.setToolTip(source)

    def _activated(self, index: int) -> None:
        # By its place: the text may be that of another entry, too.
        source = self.itemData(index)
        if source:
            self.picked.emit(str(source))

    def _typed(self) -> None:
        text, index = self.currentText().strip(), self.currentIndex()
        if index < 0 or self.itemText(index) != text:
            index = self.findText(text)
        self.picked.emit(str(self.itemData(index)) if index >= 0 else _path(text))


def _path(text: str) -> str:
    """What was typed, or pasted as file managers copy it: as an address, or in quotation marks."""
    if text.startswith("file://"):
        return QUrl(text).toLocalFile()
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] == '"' else text

"""Fields for a model: chosen from those known, typed, browsed for, or dropped as a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from lab_app.gui.widgets.model_choice import ModelChoice


class TakesModel(QWidget):
    """``changed(source)`` once another model is chosen. Of files that are dropped the first GGUF file is taken.

    kinds: of files to browse for, as Qt's dialogs name them. source: what is chosen at first.
    """

    changed = Signal(str)

    def __init__(self, choice: ModelChoice, kinds: str, source: str = "") -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.choice = choice
        self.choice.show_source(source)
        self.choice.picked.connect(self.take)
        self._kinds = kinds
        self._source = source

    @property
    def source(self) -> str:
        """What is chosen, a path mostly; empty while nothing is."""
        return self._source

    def offer(self, models: Iterable[tuple[str, str]]) -> None:
        """(title, path) of the models of this machine."""
        self.choice.offer(models)

    def set_source(self, source: str) -> None:
        """Show another, in silence."""
        self._source = source
        self.choice.show_source(source)

    def take(self, source: str) -> None:
        """Choose one as a user does."""
        if source != self._source:
            self.set_source(source)
            self.changed.emit(source)

    def _browse(self) -> None:
        start = str(Path(self._source).parent) if Path(self._source).is_absolute() else ""
        title = QCoreApplication.translate("TakesModel", "Choose a model")
        path, _ = QFileDialog.getOpenFileName(self, title, start, self._kinds)
        if path:
            self.take(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.toLocalFile().lower().endswith(".gguf") for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.toLocalFile().lower().endswith(".gguf"):
                event.acceptProposedAction()
                self.take(url.toLocalFile())
                return

"""Fields that take a model file dropped on them."""

from __future__ import annotations

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class TakesModel(QWidget):
    """The first GGUF file that is dropped goes to :meth:`take`."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)

    def take(self, path: str) -> None:
        """Choose a file as a user does."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.toLocalFile().lower().endswith(".gguf") for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.toLocalFile().lower().endswith(".gguf"):
                event.acceptProposedAction()
                self.take(url.toLocalFile())
                return

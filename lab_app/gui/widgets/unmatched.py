"""What a table says in place of its rows while a filter hides all of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QTableView


class Unmatched(QLabel):
    """Lies over an empty table; ``text`` is also what a screen reader says of the table then."""

    def __init__(self, table: QTableView, text: str) -> None:
        super().__init__(text, table.viewport())
        self._table = table
        self._described = table.accessibleDescription()
        self.setProperty("role", "muted")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        table.viewport().installEventFilter(self)
        model = table.model()
        for changed in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            changed.connect(self.look)
        self.look()

    def look(self) -> None:
        empty = self._table.model().rowCount() == 0
        self.setGeometry(self._table.viewport().rect())
        self.setVisible(empty)
        self._table.setAccessibleDescription(self.text() if empty else self._described)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._table.viewport().rect())
        return super().eventFilter(watched, event)

"""The navigation rail: one button a page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from lab_app.gui import icons
from lab_app.gui.pages import Entry
from lab_app.gui.theme import space


class Rail(QWidget):
    """``choose(id)`` is called for a button pressed; :meth:`mark` shows which page is open."""

    def __init__(self, entries: list[Entry], choose: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Pages"))
        self.buttons: dict[str, QToolButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(space(2), space(3), space(2), space(3))
        column.setSpacing(space(1))
        for entry in entries:
            if entry.id == "settings":
                column.addStretch(1)
            made = QToolButton()
            made.setText(entry.title)
            made.setAccessibleName(entry.title)
            made.setCheckable(True)
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            made.setMinimumWidth(space(21))
            made.setFocusPolicy(
                Qt.FocusPolicy.TabFocus
            )  # a click leads to the page, and the keyboard with it
            icons.set_icon(made, entry.icon, 24)
            made.clicked.connect(lambda _, name=entry.id: choose(name))
            self.buttons[entry.id] = made
            column.addWidget(made)

    def mark(self, name: str) -> None:
        """Show ``name`` as the open page."""
        for own, made in self.buttons.items():
            made.setChecked(own == name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move between the buttons."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        order = list(self.buttons.values())
        here = next((i for i, made in enumerate(order) if made.hasFocus()), None)
        if step is None or here is None:
            super().keyPressEvent(event)
            return
        order[(here + step) % len(order)].setFocus(Qt.FocusReason.TabFocusReason)

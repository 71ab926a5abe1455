"""One table of actions serves menus, keys and the command palette. No key is bound twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from lab_app.gui import icons


@dataclass(frozen=True, slots=True)
class Action:
    """Something the user can do.

    id:       stable name, e.g. ``job.cancel``; its first part says whose it is.
    text:     what it does, translated, as menus and the palette show it.
    run:      called in the GUI thread.
    shortcut: a key sequence (``Ctrl+K``), or empty.
    menu:     one of :data:`MENUS`; empty: in the palette only.
    command:  hands the exact shell command that does the same to the function it is given, for "copy command"; at
              once or later, and not at all while there is none. None where there never is one.
    """

    id: str
    text: str
    run: Callable[[], object]
    shortcut: str = ""
    menu: str = ""
    icon: str = ""
    command: Callable[[Callable[[str], object]], object] | None = None


MENUS = ("file", "go", "job", "view", "help")


class Actions(QObject):
    """The table. Pages add theirs when they are made; each becomes a QAction of the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._table: dict[str, tuple[Action, QAction]] = {}

    def add(self, action: Action) -> QAction:
        """Raises ValueError when the id or the key is taken, or the menu is unknown."""
        if action.id in self._table:
            raise ValueError(f"the action {action.id} is there already")
        if action.menu and action.menu not in MENUS:
            raise ValueError(f"there is no menu {action.menu}")
        keys = QKeySequence(action.shortcut)
        if action.shortcut:
            if keys.isEmpty():
                raise ValueError(f"{action.shortcut} is no key sequence")
            for other, made in self._table.values():
                if made.shortcut() == keys:
                    raise ValueError(f"{action.shortcut} is bound to {other.id} already")
        made = QAction(action.text, self._window)
        made.setObjectName(action.id)
        if action.shortcut:
            made.setShortcut(keys)
        if action.icon:
            icons.set_icon(made, action.icon, 16)
        made.triggered.connect(lambda *_: action.run())
        self._window.addAction(made)
        self._table[action.id] = (action, made)
        return made

    def all(self) -> list[tuple[Action, QAction]]:
        """Every action, in the order they were added."""
        return list(self._table.values())

    def get(self, name: str) -> QAction:
        """The QAction of an id; raises KeyError."""
        return self._table[name][1]

    def entry(self, name: str) -> Action:
        return self._table[name][0]

    def set_enabled(self, name: str, enabled: bool) -> None:
        self.get(name).setEnabled(enabled)

    def in_menu(self, menu: str) -> list[QAction]:
        return [made for action, made in self._table.values() if action.menu == menu]

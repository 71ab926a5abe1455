"""One table of actions serves menus, keys and the command palette. No key is bound twice.

The palette shows the buttons of the page one looks at, too, so that nothing needs the mouse to be found.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton, QWidget

from lab_app.gui import icons

Command = Callable[[Callable[[str], object]], object]
"""Hands a shell command to the function it is given; see :class:`Action`."""


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
    command: Command | None = None


MENUS = ("file", "go", "job", "view")


class Actions(QObject):
    """The table. Pages add theirs when they are made; each becomes a QAction of the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._table: dict[str, tuple[Action, QAction]] = {}
        self._covered: weakref.WeakSet[QAbstractButton] = weakref.WeakSet()
        self._named: weakref.WeakKeyDictionary[QAbstractButton, tuple[str, Command | None]] = (
            weakref.WeakKeyDictionary()
        )

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
            if (other := self.of_key(keys)) is not None:
                raise ValueError(f"{action.shortcut} is bound to {other.objectName()} already")
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

    def of_key(self, keys: QKeySequence) -> QAction | None:
        """What a key does, where something is bound to it."""
        bound = (made for _, made in self._table.values() if made.shortcut() == keys)
        return next(bound, None) if not keys.isEmpty() else None

    def set_enabled(self, name: str, enabled: bool) -> None:
        self.get(name).setEnabled(enabled)

    def in_menu(self, menu: str) -> list[QAction]:
        return [made for action, made in self._table.values() if action.menu == menu]

    # -- buttons of the page shown -----------------------------------------------------------------

    def cover(self, *buttons: QAbstractButton) -> None:
        """An action of the table does what each of these does: the palette shows the action alone."""
        self._covered.update(buttons)

    def describe(self, button: QAbstractButton, text: str = "", command: Command | None = None) -> None:
        """What the palette says of a button (default: its own name), and the shell command that does the same."""
        self._named[button] = (text, command)

    def buttons_of(self, page: QWidget, parent: QObject) -> list[tuple[Action, QAction]]:
        """Every button of ``page`` that can be pressed now and that no action of the table covers, and the lines of
        their menus, as actions that live as long as ``parent``."""
        found: list[tuple[str, QAbstractButton, QAction | None]] = []
        for button in page.findChildren(QAbstractButton):
            usable = (
                button.isVisible() and button.isEnabled() and isinstance(button, QPushButton | QToolButton)
            )
            if not usable or button in self._covered or button.objectName().startswith("qt_"):
                continue
            menu = button.menu() if isinstance(button, QPushButton | QToolButton) else None
            text, _ = self._named.get(button, ("", None))
            text = text or button.accessibleName() or button.text()
            if menu is not None:
                found += [(line.text(), button, line) for line in menu.actions() if line.isEnabled()]
            elif text:
                found.append((text, button, None))
        texts = [text for text, _, _ in found]
        return [
            self._pressing(
                text if texts.count(text) == 1 else f"{text} ({_whose(button)})", button, line, parent
            )
            for text, button, line in found
        ]

    def _pressing(
        self, text: str, button: QAbstractButton, line: QAction | None, parent: QObject
    ) -> tuple[Action, QAction]:
        press: Callable[[], object] = button.click if line is None else line.trigger
        made = QAction(button.icon(), text, parent)
        made.triggered.connect(lambda *_: press())
        _, command = self._named.get(button, ("", None))
        return Action("", text, press, command=command if line is None else None), made


def _whose(button: QAbstractButton) -> str:
    """The name of what a button belongs to, for buttons of one name."""
    around = button.parentWidget()
    while around is not None:
        if around.accessibleName():
            return around.accessibleName()
        around = around.parentWidget()
    return ""

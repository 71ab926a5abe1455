"""What a page gets handed: the lab, the settings, and the ways to speak with the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtWidgets import QWidget

from lab_app.gui.actions import Actions
from lab_app.gui.bridge import Lab
from lab_app.gui.state import SettingsKeeper, WindowState
from lab_app.gui.theme import ThemeKeeper
from lab_app.system import said
from lab_app.system.errors import LabError

Level = Literal["info", "good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence at the top of the window. A newer one with the same ``id`` takes its place.

    answers: label → what pressing it does, beside the button that closes the notice.
    seen: called before an answer, and when the user closes the notice.
    """

    id: str
    text: str
    hint: str = ""
    level: Level = "info"
    answers: Mapping[str, Callable[[], object]] | None = None
    seen: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """One per window."""

    lab: Lab
    settings: SettingsKeeper
    state: WindowState
    actions: Actions
    theme: ThemeKeeper
    navigate: Callable[[str, Mapping[str, Any]], None]
    """``navigate("studies", {"template": "which-quant"})`` shows a page and hands it what it is to show."""
    notify: Callable[[Notice], None]
    withdraw: Callable[[str], None]
    """Take a notice back by its id, once it is no longer true."""

    holder: QWidget | None = None
    """What pages are made in; to put them there when they are whole would style all of their widgets once more."""

    def report(self, error: LabError, name: str) -> None:
        """Show an error: what is wrong and what to do. ``name``: what failed, to :attr:`withdraw` it by once that
        succeeds."""
        self.notify(Notice(name, said.local(error.message), said.local(error.hint or ""), "bad"))

"""Sentences at the top of the window: what is wrong, what to do. Each goes when it is no longer true."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from lab_app.gui import icons
from lab_app.gui.context import Notice
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import button, label, row, tool

_ICONS = {"info": "info", "good": "circle-check", "warn": "triangle-alert", "bad": "circle-x"}
_MOST = 3


class Notices(QWidget):
    """The stack of notices; empty and without height most of the time."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: dict[str, QFrame] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(space(4), 0, space(4), 0)
        self._column.setSpacing(space(1))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_notice(self, notice: Notice) -> None:
        self.withdraw(notice.id)
        while len(self._shown) >= _MOST:
            self.withdraw(next(iter(self._shown)))
        frame = self._made(notice)
        self._shown[notice.id] = frame
        self._column.insertWidget(0, frame)
        self._margins()

    def withdraw(self, name: str) -> None:
        frame = self._shown.pop(name, None)
        if frame is not None:
            self._column.removeWidget(frame)
            frame.hide()
            frame.deleteLater()
        self._margins()

    def texts(self) -> list[str]:
        """What is shown now, newest first."""
        return [self._shown[name].accessibleName() for name in reversed(list(self._shown))]

    def _answer(self, name: str, act: Callable[[], object]) -> None:
        self.withdraw(name)
        act()

    def _margins(self) -> None:
        above = space(3) if self._shown else 0
        self._column.setContentsMargins(space(4), above, space(4), 0)

    def _made(self, notice: Notice) -> QFrame:
        frame = QFrame()
        frame.setObjectName("banner")
        frame.setProperty("level", notice.level)
        frame.setAccessibleName(f"{notice.text} {notice.hint}".strip())
        mark = QLabel()
        icons.set_icon(mark, _ICONS[notice.level], 20)
        words = label(f"{notice.text}\n{notice.hint}" if notice.hint else notice.text, wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        answers = [
            button(text, partial(self._answer, notice.id, act))
            for text, act in (notice.answers or {}).items()
        ]
        close = tool(self.tr("Close this message"), "x", lambda: self.withdraw(notice.id))
        line = row(mark, words, *answers, close, margin=2)
        line.setStretch(1, 1)
        frame.setLayout(line)
        return frame

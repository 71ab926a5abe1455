"""Sentences at the top of the window: what is wrong, what to do. Each goes when it is no longer true.

The newest are shown; those behind them are a line that shows them, too. Only a sentence that asks for nothing is
ever dropped for newer ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from lab_app.gui import icons
from lab_app.gui.context import Notice
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import button, label, row, tool

_ICONS = {"info": "info", "good": "circle-check", "warn": "triangle-alert", "bad": "circle-x"}
_MOST = 3
"""Notices shown at once, and sentences without an answer that are kept."""


class Notices(QWidget):
    """The stack of notices; empty and without height most of the time."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: dict[str, QFrame] = {}
        self._notices: dict[str, Notice] = {}
        self._open = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(space(4), 0, space(4), 0)
        self._column.setSpacing(space(1))
        self.more = button("", self._unfold)
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeading)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._arrange()

    def show_notice(self, notice: Notice) -> None:
        self._take(notice.id)
        idle = [n.id for n in (*self._notices.values(), notice) if n.level != "bad" and not n.answers]
        for name in idle[:-_MOST]:
            self._take(name)
        frame = self._made(notice)
        self._shown[notice.id], self._notices[notice.id] = frame, notice
        self._column.insertWidget(0, frame)
        self._arrange()

    def withdraw(self, name: str) -> None:
        if name in self._shown:
            self._take(name)
            self._arrange()

    def texts(self) -> list[str]:
        """What there is to say now, newest first."""
        return [self._shown[name].accessibleName() for name in reversed(list(self._shown))]

    def all(self) -> list[Notice]:
        """Every notice there is, oldest first."""
        return list(self._notices.values())

    def _take(self, name: str) -> None:
        frame = self._shown.pop(name, None)
        self._notices.pop(name, None)
        if frame is not None:
            self._column.removeWidget(frame)
            frame.hide()
            frame.deleteLater()

    def _answer(self, notice: Notice, act: Callable[[], object] | None) -> None:
        """The user has pressed a button of a notice; None: the one that closes it."""
        self.withdraw(notice.id)
        if notice.seen is not None:
            notice.seen()
        if act is not None:
            act()

    def _unfold(self) -> None:
        self._open = not self._open
        self._arrange()

    def _arrange(self) -> None:
        frames = list(reversed(self._shown.values()))
        before = self._fitting(frames)
        behind = len(frames) - before
        self._open = self._open and behind > 0
        for at, frame in enumerate(frames):
            frame.setVisible(self._open or at < before)
        text = (
            self.tr("Show fewer messages")
            if self._open
            else self.tr("%n more message(s)", "", max(0, behind))
        )
        self.more.setText(text)
        self.more.setAccessibleName(text)
        self.more.setVisible(behind > 0)
        self._margins()

    def _fitting(self, frames: Sequence[QFrame]) -> int:
        """How many of the newest have room. Each has all of its lines: a page that needs its own height would else
        take those that say what to do."""
        room, used = self.window().height() // 3, 0
        around = self._column.contentsMargins()
        for at, frame in enumerate(frames):
            need = frame.heightForWidth(max(1, self.width() - around.left() - around.right()))
            frame.setMinimumHeight(min(need, room))
            used += need
            if at and used > room:
                return min(at, _MOST)
        return min(len(frames), _MOST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

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
            button(text, partial(self._answer, notice, act)) for text, act in (notice.answers or {}).items()
        ]
        close = tool(self.tr("Close this message"), "x", partial(self._answer, notice, None))
        line = row(mark, words, *answers, close, margin=2)
        line.setStretch(1, 1)
        frame.setLayout(line)
        return frame

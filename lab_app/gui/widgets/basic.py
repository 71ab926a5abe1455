"""Small helpers for building pages: labels, buttons, boxes. Every button gets a name for screen readers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lab_app.gui import icons
from lab_app.gui.theme import space

Box = TypeVar("Box", bound=QWidget)
Spin = TypeVar("Spin", bound=QAbstractSpinBox)
Arranged = TypeVar("Arranged", bound=QLayout)


def label(text: str = "", role: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """``role``: title, heading, muted, small, good, warn, bad, or empty for body text."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        # Qt goes by the letters of the text, and a model's name would stand on the other side than all the rest.
        made.setAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        )
    if role:
        made.setProperty("role", role)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def set_role(widget: QWidget, name: str, value: str) -> None:
    """Change a property the style sheet looks at."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def button(
    text: str, pressed: Callable[[], object], *, icon: str = "", kind: str = "", tip: str = ""
) -> QPushButton:
    """``kind``: primary (one on a page), danger, or empty."""
    made = QPushButton(text)
    made.setAccessibleName(text.replace("&", ""))
    if kind:
        made.setProperty("kind", kind)
    if icon:
        icons.set_icon(made, icon, 16)
    made.setToolTip(tip)
    made.setAutoDefault(False)
    made.clicked.connect(lambda *_: pressed())
    return made


def tool(name: str, icon: str, pressed: Callable[[], object]) -> QToolButton:
    """A button that is only an icon; ``name`` is its tool tip and what a screen reader says."""
    made = QToolButton()
    made.setProperty("kind", "quiet")
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    icons.set_icon(made, icon, 16)
    made.clicked.connect(lambda *_: pressed())
    return made


class _Calm(QObject):
    """Lets the wheel of a box that has no focus pass to what scrolls it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def calm(box: Box) -> Box:
    """``box`` (a combo or spin box) whose value the wheel changes only while it has the focus: scrolling a page
    changes nothing. Every such box of the window goes through here."""
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.installEventFilter(_Calm(box))
    return box


def roomy(field: Spin) -> Spin:
    """``field``, calm, with room before its number, which the style sheet cannot give it."""
    calm(field)
    line = field.lineEdit()
    if line is not None:
        line.setTextMargins(space(2), 0, space(2), 0)
    return field


def margins(layout: QLayout, start: int, top: int, end: int, bottom: int) -> None:
    """In steps of the grid; ``start`` is where lines begin, which Qt does not mirror itself."""
    if QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        start, end = end, start
    layout.setContentsMargins(space(start), space(top), space(end), space(bottom))


def beyond(pane: Arranged) -> Arranged:
    """``pane``, the layout of a splitter's first part: from right to left Qt lets that part stand out by a pixel."""
    if QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        pane.setContentsMargins(0, 0, 1, 0)
    return pane


def fill(
    layout: QBoxLayout, parts: Sequence[QWidget | QLayout | int | None], gap: int = 2, margin: int = 0
) -> None:
    """Put parts into a layout: widgets, layouts, a number for a gap in grid steps, None for a stretch."""
    layout.setContentsMargins(space(margin), space(margin), space(margin), space(margin))
    layout.setSpacing(space(gap))
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(space(part))
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)


def row(*parts: QWidget | QLayout | int | None, gap: int = 2, margin: int = 0) -> QHBoxLayout:
    made = QHBoxLayout()
    fill(made, parts, gap, margin)
    return made


def column(*parts: QWidget | QLayout | int | None, gap: int = 2, margin: int = 0) -> QVBoxLayout:
    made = QVBoxLayout()
    fill(made, parts, gap, margin)
    return made


def card(*parts: QWidget | QLayout | int | None, gap: int = 2, margin: int = 4) -> QFrame:
    """A panel with a thin border around ``parts``."""
    made = QFrame()
    made.setProperty("role", "card")
    made.setLayout(column(*parts, gap=gap, margin=margin))
    return made

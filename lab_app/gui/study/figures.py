"""Figures side by side, as many as the width allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from lab_app.gui.plots.view import FigureView
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import margins

WIDE = 480
"""Pixels that a figure should have before another stands beside it."""


class FigureGrid(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(space(3))
        self.views: list[FigureView] = []
        self._across = 0

    def add(self, view: FigureView, *, first: bool = False) -> None:
        self.views.insert(0, view) if first else self.views.append(view)
        self._across = 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        across = max(1, min(2, self.width() // WIDE, len(self.views)))
        if across == self._across:
            return
        self._across = across
        for view in self.views:
            self._grid.removeWidget(view)
        for place, view in enumerate(self.views):
            self._grid.addWidget(view, place // across, place % across, Qt.AlignmentFlag.AlignTop)
        for place in range(2):
            self._grid.setColumnStretch(place, 1 if place < across else 0)


class Scroll(QScrollArea):
    """A page of parts below each other, only as wide as the window."""

    def __init__(self, name: str, parts: Sequence[QWidget], shown: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setProperty("role", "page")
        inside.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(inside)
        margins(column, 0, 3, 3, 3)
        column.setSpacing(space(4))
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(inside)

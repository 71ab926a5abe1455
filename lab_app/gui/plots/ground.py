"""What a plot is drawn on: light or dark, and the palette's colours for it as Qt objects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPalette, QPen
from PySide6.QtWidgets import QWidget

from lab_app.palette import Colour


@dataclass(frozen=True, slots=True)
class Ground:
    dark: bool = False
    ratio: float = 1.0
    """Pixels of the screen to one of the window."""

    @classmethod
    def of(cls, widget: QWidget) -> Ground:
        """As the widget's palette is, so that plots follow whatever theme is in force."""
        dark = widget.palette().color(QPalette.ColorRole.Window).lightnessF() < 0.5
        return cls(dark, widget.devicePixelRatioF())

    def hex(self, colour: Colour) -> str:
        return colour.dark if self.dark else colour.light

    def colour(self, colour: Colour, alpha: float = 1.0) -> QColor:
        found = QColor(self.hex(colour))
        found.setAlphaF(alpha)
        return found

    def pen(self, colour: Colour, width: float = 1.0, alpha: float = 1.0, *, dashed: bool = False) -> QPen:
        """Cosmetic: the same width however far one zooms. Qt counts it in pixels of the screen, and would draw half as
        wide where those are half as large. Shared, not to be changed."""
        return _pen(self, colour, width * self.ratio, alpha, dashed)

    def hair(self, colour: Colour) -> QPen:
        """One pixel of the screen, whatever its size; the only width that Qt draws fast."""
        return _pen(self, colour, 1.0, 1.0, False)

    def brush(self, colour: Colour, alpha: float = 1.0) -> QBrush:
        """Shared, not to be changed."""
        return _brush(self, colour, alpha)


# pyqtgraph recognizes marks that it has drawn already by the identity of their pens and brushes.
@lru_cache(maxsize=512)
def _pen(ground: Ground, colour: Colour, width: float, alpha: float, dashed: bool) -> QPen:
    pen = QPen(ground.colour(colour, alpha), width)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
    return pen


@lru_cache(maxsize=512)
def _brush(ground: Ground, colour: Colour, alpha: float) -> QBrush:
    return QBrush(ground.colour(colour, alpha))

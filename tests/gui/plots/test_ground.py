"""Pens on screens of high resolution."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from lab_app import palette
from lab_app.gui.plots.ground import Ground


def inked(ground: Ground, ratio: int) -> int:
    """Rows of pixels that a level line of 2 pixels of the window covers on a screen of ``ratio``."""
    image = QImage(20 * ratio, 20 * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setPen(ground.pen(palette.INK, 2.0))
    painter.drawLine(0, 10, 20, 10)
    painter.end()
    return sum(image.pixelColor(10 * ratio, y).lightness() < 128 for y in range(20 * ratio))


def test_a_line_is_as_wide_as_on_any_other_screen(qapp: object) -> None:
    """Qt alone would draw it half as wide where pixels are half as large."""
    assert inked(Ground(ratio=1.0), 1) == 2
    assert inked(Ground(ratio=2.0), 2) == 4
    assert Ground(ratio=2.0).hair(palette.INK).widthF() == 1.0

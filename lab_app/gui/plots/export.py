"""A figure as a file: PNG, SVG, and its numbers as CSV.

Each takes down what is shown, in the GUI thread, and returns a function that makes the bytes of the file anywhere.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QBrush, QColor, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from lab_app import palette
from lab_app.gui.plots.base import Value
from lab_app.gui.plots.canvas import Canvas
from lab_app.gui.plots.ground import Ground
from lab_app.gui.plots.table import FigureTable

SCALE = 2.0
"""Pixels of a PNG for each one on the screen."""


def _paint(canvas: Canvas, painter: QPainter) -> None:
    """The figure without its title; ring and read-out belong to the screen."""
    marked = canvas.marker.isVisible()
    canvas.marker.hide()
    ground: QBrush = canvas.backgroundBrush()
    canvas.setBackgroundBrush(QBrush())
    # pyqtgraph's items then draw shapes instead of pictures of them.
    items = [item for item in canvas.scene().items() if hasattr(item, "setExportMode")]
    for item in items:
        item.setExportMode(True, {"antialias": True, "resolutionScale": 1.0, "painter": painter})
    try:
        area = QRectF(canvas.viewport().rect())
        painter.fillRect(area, QColor(Ground.of(canvas).hex(palette.PAPER)))
        canvas.scene().prepareForPaint()
        canvas.render(painter, area, canvas.viewport().rect())
    finally:
        for item in items:
            item.setExportMode(False)
        canvas.setBackgroundBrush(ground)
        canvas.marker.setVisible(marked)


def png(canvas: Canvas) -> Callable[[], bytes]:
    size = canvas.viewport().size()
    image = QImage(size * SCALE, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(SCALE)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint(canvas, painter)
    painter.end()

    def encoded() -> bytes:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(image)
        return bytes(buffer.data().data())

    return encoded


def svg(canvas: Canvas, title: str) -> Callable[[], bytes]:
    size: QSize = canvas.viewport().size()
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setResolution(canvas.logicalDpiX())  # axes are recorded for the screen's
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    _paint(canvas, painter)
    painter.end()
    return lambda: bytes(buffer.data().data())


def numbers(table: FigureTable) -> Callable[[], bytes]:
    """As CSV (RFC 4180) with one header line; numbers at full precision, text that a spreadsheet would run is
    quoted."""
    titles = [column.title for column in table.columns]
    rows = [table.values(row) for row in range(table.rowCount())]
    return lambda: _csv(titles, rows).encode()


def _csv(titles: Sequence[str], rows: Sequence[Sequence[Value]]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return target.getvalue()


def _cell(value: Value) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
    return repr(value)

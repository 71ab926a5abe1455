"""A figure as a file: PNG, SVG, and its numbers as CSV.

Each takes down what is shown, in the GUI thread, and returns a function that makes the bytes of the file anywhere.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from lab_app import palette
from lab_app.gui.plots.base import Value
from lab_app.gui.plots.canvas import Canvas
from lab_app.gui.plots.ground import Ground
from lab_app.gui.plots.table import FigureTable

SCALE = 2.0
"""Pixels of a PNG for each one on the screen."""


@dataclass(frozen=True, slots=True)
class Name:
    """A variant as the line of names shows it, like its check box: a square for the base, bold where recommended."""

    label: str
    colour: QColor
    square: bool
    bold: bool

    def font(self, canvas: Canvas) -> QFont:
        font = QFont(canvas.font())
        font.setBold(self.bold)
        return font


def _lines(canvas: Canvas, names: Sequence[Name]) -> list[list[tuple[float, Name]]]:
    """In lines as wide as the figure: where each name begins, its mark included."""
    found: list[list[tuple[float, Name]]] = []
    gap = 1.2 * QFontMetricsF(canvas.font()).height()
    at, room = 0.0, float(canvas.viewport().width())
    for name in names:
        wide = gap + QFontMetricsF(name.font(canvas)).horizontalAdvance(name.label)
        if not found or at + wide > room:
            found.append([])
            at = gap / 2
        found[-1].append((at, name))
        at += wide + gap
    return found


def _head(canvas: Canvas, names: Sequence[Name]) -> int:
    """Pixels that the lines of names take."""
    lines = len(_lines(canvas, names))
    return math.ceil((1.4 * lines + 0.4) * QFontMetricsF(canvas.font()).height()) if lines else 0


def _write(canvas: Canvas, names: Sequence[Name], painter: QPainter) -> None:
    metrics = QFontMetricsF(canvas.font())
    side, ground = 0.8 * metrics.ascent(), Ground.of(canvas)
    painter.save()
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    for number, line in enumerate(_lines(canvas, names)):
        base = (1.4 * number + 0.4) * metrics.height() + metrics.ascent()
        for left, name in line:
            mark = QRectF(left, base - side, side, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(name.colour)
            painter.drawRect(mark) if name.square else painter.drawEllipse(mark)
            painter.setPen(ground.colour(palette.INK))
            painter.setFont(name.font(canvas))
            painter.drawText(QPointF(left + 1.2 * metrics.height(), base), name.label)
    painter.restore()


def _paint(canvas: Canvas, painter: QPainter, names: Sequence[Name]) -> None:
    """The figure without its title, below the names of what it does not name; ring and read-out belong to the
    screen."""
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
        head = _head(canvas, names)
        painter.fillRect(area.adjusted(0, 0, 0, head), QColor(Ground.of(canvas).hex(palette.PAPER)))
        _write(canvas, names, painter)
        canvas.scene().prepareForPaint()
        canvas.render(painter, area.translated(0, head), canvas.viewport().rect())
    finally:
        for item in items:
            item.setExportMode(False)
        canvas.setBackgroundBrush(ground)
        canvas.marker.setVisible(marked)


def _size(canvas: Canvas, names: Sequence[Name]) -> QSize:
    size = canvas.viewport().size()
    return QSize(size.width(), size.height() + _head(canvas, names))


def png(canvas: Canvas, names: Sequence[Name] = ()) -> Callable[[], bytes]:
    size = _size(canvas, names)
    image = QImage(size * SCALE, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(SCALE)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint(canvas, painter, names)
    painter.end()

    def encoded() -> bytes:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(image)
        return bytes(buffer.data().data())

    return encoded


def svg(canvas: Canvas, title: str, names: Sequence[Name] = ()) -> Callable[[], bytes]:
    size = _size(canvas, names)
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setResolution(canvas.logicalDpiX())  # axes are recorded for the screen's
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    _paint(canvas, painter, names)
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

"""The graphics view under every figure: panels with our axes, zoom, pan, and reading values by mouse or keys."""

from __future__ import annotations

import time
from collections.abc import Callable
from html import escape

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsEllipseItem,
    QGraphicsGridLayout,
    QGraphicsItem,
    QLabel,
    QSizePolicy,
    QWidget,
)

from lab_app import palette
from lab_app.gui.plots.axis import Axis
from lab_app.gui.plots.frames import clock
from lab_app.gui.plots.ground import Ground

_KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


_MARGINS, _GAP = (4, 4, 8, 2), 8
_AROUND_TEXT = 4
"""Pixels that Qt leaves around a text."""


class _Title(pg.LabelItem):
    """The name of a panel, as much of it as there is room for; a long one does not widen the panel."""

    _whole = ""

    def show_name(self, text: str, colour: str, font: QFont, *, strong: bool) -> None:
        points = f"{font.pointSizeF():.1f}pt" if font.pointSizeF() > 0 else f"{font.pixelSize()}px"
        self._style = {"color": colour, "size": points, "bold": strong, "justify": "left"}
        drawn = QFont(font)
        drawn.setBold(strong)
        self._metrics = QFontMetricsF(drawn)
        self._whole, self._shown = text, ""
        self._fit()

    def _fit(self) -> None:
        room = max(0.0, self.size().width() - 2 * _AROUND_TEXT)
        shown = self._metrics.elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        if shown != self._shown:
            self._shown = shown
            self.setText(escape(shown), **self._style)
            self.setToolTip(self._whole if shown != self._whole else "")

    def updateMin(self) -> None:
        super().updateMin()
        self.setMinimumWidth(0.0)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)
        if self._whole:
            self._fit()


class Panel(pg.GraphicsWidget):
    """One pair of axes. ``zoomed`` once the user chose the range; until then the data does.

    pyqtgraph's own PlotItem brings a menu of 45 widgets, shown or not, which a change of the theme goes through for
    every panel there is.
    """

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.vb = pg.ViewBox(parent=self, enableMenu=False)
        self.x_axis, self.y_axis = Axis("bottom"), Axis("left")
        self.title = _Title("", parent=self)
        grid = QGraphicsGridLayout()
        grid.setContentsMargins(1, 1, 1, 1)
        grid.setSpacing(0)
        grid.addItem(self.title, 0, 1, 1, 2)  # above what may stand beside the inside, too
        grid.addItem(self.vb, 1, 1)
        grid.setRowStretchFactor(1, 100)
        grid.setColumnStretchFactor(1, 100)
        self.setLayout(grid)
        self.grid = grid
        self.add_axis(self.x_axis, 2, 1)
        self.add_axis(self.y_axis, 1, 0)
        self._title_height(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.zoomed = False
        self._changed = changed
        self.vb.disableAutoRange()
        self.vb.setDefaultPadding(0.0)
        self.vb.sigRangeChangedManually.connect(self.take_over)
        self._name = ""

    def add_axis(self, axis: Axis, row: int, column: int) -> None:
        axis.linkToView(self.vb)
        self.grid.addItem(axis, row, column)
        axis.setZValue(-1000)  # the grid belongs behind what is drawn
        axis.setFlag(QGraphicsItem.GraphicsItemFlag.ItemNegativeZStacksBehindParent)

    def add(self, item: QGraphicsItem) -> None:
        """Draw ``item`` in the coordinates of the data."""
        self.vb.addItem(item, ignoreBounds=True)

    def follow(self, other: Panel) -> None:
        """Show the same range as another panel."""
        self.vb.setXLink(other.vb)
        self.vb.setYLink(other.vb)

    def take_over(self, *_: object) -> None:
        self.zoomed = True
        self._changed()

    def show_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        if not self.zoomed:
            self.vb.setRange(xRange=x, yRange=y, padding=0.0, disableAutoRange=True)

    def scale_by(self, factor: float) -> None:
        self.vb.scaleBy((factor, factor))
        self.take_over()

    def name(self, text: str, ground: Ground, font: QFont, *, strong: bool = False) -> None:
        key = f"{text}|{ground.dark}|{font.key()}|{strong}"
        if key != self._name:
            self._name = key
            self._title_height(30)
            self.title.show_name(text, ground.hex(palette.INK), font, strong=strong)

    def _title_height(self, height: int) -> None:
        self.title.setVisible(height > 0)
        self.title.setMaximumHeight(height)
        self.grid.setRowFixedHeight(0, height)

    def dress(self, ground: Ground, font: QFont, *, grid: str = "", bare: str = "") -> None:
        """grid, bare: axes (``x``, ``y``) whose ticks cross the panel, and that have no line of their own."""
        self.x_axis.dress(ground, font, grid="x" in grid, line="x" not in bare)
        self.y_axis.dress(ground, font, grid="y" in grid, line="y" not in bare)


class Canvas(pg.GraphicsLayoutWidget):
    """Signals: where the pointer is (None: outside), and what keys ask for."""

    pointed = Signal(object)
    """QPointF in the scene, or None."""
    stepped = Signal(int, int)
    """Along a series and between series, by the arrow keys."""
    zoomed = Signal(float)
    reset = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # numbers run to the right in every language
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAntialiasing(True)
        self.ci.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # which it would have from the application
        self.ci.layout.setContentsMargins(*_MARGINS)
        self.ci.layout.setSpacing(_GAP)
        self.marker = QGraphicsEllipseItem(-5, -5, 10, 10)
        self.marker.setZValue(1e6)
        self.marker.hide()
        self.scene().addItem(self.marker)
        self.callout = QLabel(self.viewport())
        self.callout.setTextFormat(Qt.TextFormat.PlainText)
        self.callout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.callout.setMargin(5)
        self.callout.setAutoFillBackground(True)
        self.callout.setFrameShape(QFrame.Shape.Box)
        self.callout.hide()

    def equal_columns(self, across: int, beside: float) -> None:
        """Panels in so many columns get insides of one width; the axis takes ``beside`` pixels in the first."""
        room = self.viewport().width() - _MARGINS[0] - _MARGINS[2] - _GAP * (across - 1) - beside
        for column in range(across):
            self.ci.layout.setColumnFixedWidth(
                column, max(1.0, room / across) + (beside if column == 0 else 0.0)
            )

    def dress(self, ground: Ground) -> None:
        # The application's, because a new palette reaches parents before their children.
        self.setBackground(QApplication.palette().base())
        self.marker.setPen(ground.pen(palette.INK, 1.6))
        self.callout.setStyleSheet(
            f"QLabel {{ background: {ground.hex(palette.PAPER)}; color: {ground.hex(palette.INK)};"
            f" border: 1px solid {ground.hex(palette.MUTED)}; border-radius: 3px; }}"
        )

    def mark(self, place: QPointF | None, text: str) -> None:
        """Ring ``place`` (scene) and say ``text`` beside it; None takes both away."""
        if place is None:
            self.marker.hide()
            self.callout.hide()
            return
        self.marker.setPos(place)
        self.marker.show()
        self.callout.setText(text)
        self.callout.adjustSize()
        at = self.mapFromScene(place)
        box, room = self.callout.size(), self.viewport().size()
        x = at.x() + 12 if at.x() + 12 + box.width() <= room.width() else at.x() - 12 - box.width()
        y = at.y() - 12 - box.height() if at.y() - 12 - box.height() >= 0 else at.y() + 12
        self.callout.move(
            max(0, min(x, room.width() - box.width())), max(0, min(y, room.height() - box.height()))
        )
        self.callout.show()

    # -- events --------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.pointed.emit(self.mapToScene(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms with Ctrl; without it the page scrolls, as everywhere else."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.stepped.emit(*_KEYS[Qt.Key(key)])
        elif event.text() in ("+", "="):
            self.zoomed.emit(0.8)
        elif event.text() == "-":
            self.zoomed.emit(1.25)
        elif event.text() == "0":
            self.reset.emit()
        elif key == Qt.Key.Key_Escape and self.callout.isVisible():
            self.pointed.emit(None)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def sizeHint(self) -> QSize:
        return QSize(320, max(160, self.minimumHeight()))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 80)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        began = time.perf_counter()
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            pen = Ground.of(self).pen(palette.ACCENT, 2.0)
            painter.setPen(pen)
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1))
            painter.end()
        clock().painted(time.perf_counter() - began)

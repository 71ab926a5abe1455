"""A text whose tokens are coloured by how far the quant's prediction moved away from the base's."""

from __future__ import annotations

import math
from unicodedata import bidirectional

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from lab_app import palette
from lab_app.gui import theme
from lab_app.gui.study.chunk import Chunk, Token, visible
from lab_app.gui.theme import space
from lab_app.gui.words import chance

LEAST, MOST = 0.01, 10.0
"""Nats: below the first a token keeps its ground, from the second on it is coloured fully; logarithmic between."""
_STRONG = palette.CATEGORIES[1]
_PAD = 2.0


def strength(kld: float) -> float:
    """Place of a divergence on the colour scale, in [0, 1]."""
    if not kld > LEAST:
        return 0.0
    return min(1.0, math.log10(kld / LEAST) / math.log10(MOST / LEAST))


def ground(kld: float, colours: theme.Theme) -> QColor:
    """The colour behind a token."""
    part = 0.85 * strength(kld)
    first, second = QColor(colours.panel), QColor(_STRONG.dark if colours.dark else _STRONG.light)
    mixed = [
        round(a * (1.0 - part) + b * part)
        for a, b in zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor(*mixed)


def shown(token: Token) -> str:
    """What is painted: line breaks, tabs and parts of characters are made visible."""
    if not token.text:
        return "·"
    return visible(token.text)


def runs_from_the_right(text: str) -> bool:
    """Whether most letters are of a writing from the right to the left."""
    kinds = [bidirectional(letter) for letter in text]
    return sum(kind in ("R", "AL") for kind in kinds) > kinds.count("L")


class TokenText(QWidget):
    """Arrow keys and mouse choose a token; a line below it marks where base and quant would choose differently."""

    chosen = Signal(int)
    """Number of the token that is looked at now."""
    asked = Signal(int)
    """It was clicked, or Enter pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.chunk: Chunk | None = None
        self.current = -1
        self._boxes: list[QRectF] = []
        self._height = 0.0
        self._placed: dict[tuple[str, float], tuple[list[QRectF], float]] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Text coloured by KL divergence"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.keeper().changed.connect(self.update)

    def show_chunk(self, chunk: Chunk | None) -> None:
        self.chunk = chunk
        self.current = -1
        self._placed.clear()
        self._arrange()
        self.updateGeometry()
        self.update()

    # -- layout --------------------------------------------------------------------------------------

    def _font(self) -> QFont:
        return self.font()

    def _arrange(self) -> None:
        self._boxes, self._height = self._places(self.width())
        self.setMinimumHeight(math.ceil(self._height))

    def _places(self, width: float) -> tuple[list[QRectF], float]:
        """A box a token, and the height of all. Layouts ask again and again for the same few widths."""
        key = (self._font().key(), width)
        if key not in self._placed:
            if len(self._placed) >= 8:
                self._placed.clear()
            self._placed[key] = self._place(width)
        return self._placed[key]

    def _place(self, width: float) -> tuple[list[QRectF], float]:
        """In lines as of a text; from the right where most of the text runs so."""
        if self.chunk is None:
            return [], 0.0
        metrics = QFontMetricsF(self._font())
        line = metrics.height() + 2 * _PAD + 3
        x = y = 0.0
        boxes = []
        for token in self.chunk.tokens:
            text = shown(token)
            wide = metrics.horizontalAdvance(text) + 2 * _PAD
            if x > 0 and x + wide > width:
                x, y = 0.0, y + line
            boxes.append(QRectF(x, y, wide, line - 3))
            x += wide + 1
            if "\n" in token.text:
                x, y = 0.0, y + line
        if self._runs_from_the_right():
            boxes = [QRectF(width - b.right(), b.y(), b.width(), b.height()) for b in boxes]
        return boxes, y + line

    def _runs_from_the_right(self) -> bool:
        assert self.chunk is not None
        return runs_from_the_right("".join(token.text for token in self.chunk.tokens))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return math.ceil(self._places(width)[1])

    def sizeHint(self) -> QSize:
        return QSize(400, max(self.heightForWidth(max(400, self.width())), space(10)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # -- painting ------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.chunk is None:
            return
        painter = QPainter(self)
        painter.setFont(self._font())
        colours = theme.keeper().theme
        area, flags = QRectF(event.rect()), Qt.TextFlag
        for place, (token, box) in enumerate(zip(self.chunk.tokens, self._boxes, strict=True)):
            if not box.intersects(area):
                continue
            fill = ground(token.kld, colours)
            painter.fillRect(box, fill)
            ink = QColor(palette.text_on(fill.name()))
            painter.setPen(ink)
            # What is made visible, as \\xe2, is no part of the text and must not turn around in it.
            way = (
                flags.TextForceRightToLeft if runs_from_the_right(token.text) else flags.TextForceLeftToRight
            )
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | flags.TextSingleLine | way, shown(token))
            if not token.agreed:
                painter.fillRect(QRectF(box.left() + 1, box.bottom() - 2, box.width() - 2, 2), ink)
            if place == self.current:
                pen = painter.pen()
                pen.setColor(QColor(colours.accent))
                pen.setWidthF(2.5 if self.hasFocus() else 1.5)
                painter.setPen(pen)
                painter.drawRect(box.adjusted(-0.5, -0.5, 0.5, 0.5))
        if self.hasFocus() and self.current < 0:
            painter.setPen(QColor(colours.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    # -- choosing ------------------------------------------------------------------------------------

    def choose(self, place: int) -> None:
        """Look at a token."""
        if self.chunk is None or not self.chunk.tokens:
            return
        place = min(max(place, 0), len(self.chunk.tokens) - 1)
        if place != self.current:
            self.current = place
            self.setAccessibleDescription(describe(self.chunk, place))
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
            self.update()
            self.chosen.emit(place)

    def at(self, point: QPoint) -> int:
        return next((i for i, box in enumerate(self._boxes) if box.contains(point.toPointF())), -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        forward = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if self.chunk is not None and self.chunk.tokens and self._runs_from_the_right():
            forward = {key: -step for key, step in forward.items()}
        key = Qt.Key(event.key())
        if key in forward:
            self.choose(self.current + forward[key])
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._line(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Home:
            self.choose(0)
        elif key == Qt.Key.Key_End:
            self.choose(len(self._boxes))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.current >= 0:
            self.asked.emit(self.current)
        else:
            super().keyPressEvent(event)

    def _line(self, step: int) -> None:
        """The token above or below."""
        if not 0 <= self.current < len(self._boxes):
            self.choose(0)
            return
        here = self._boxes[self.current]
        others = [
            (abs(box.center().y() - here.center().y()), abs(box.center().x() - here.center().x()), i)
            for i, box in enumerate(self._boxes)
            if (box.y() - here.y()) * step > 0
        ]
        if others:
            self.choose(min(others)[2])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.at(event.position().toPoint())
        if place >= 0:
            self.choose(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.at(event.position().toPoint())
        if place >= 0:
            self.choose(place)
            self.asked.emit(place)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.chunk is not None:
            place = self.at(event.pos())
            QToolTip.showText(event.globalPos(), describe(self.chunk, place) if place >= 0 else "", self)
            return True
        return super().event(event)


def describe(chunk: Chunk, place: int) -> str:
    """A token in one line."""
    token = chunk.tokens[place]
    if token.agreed:
        choices = QCoreApplication.translate("tokens", "both would choose {0}").format(chunk.name(token.top))
    else:
        choices = QCoreApplication.translate("tokens", "the base would choose {0}, this file {1}").format(
            chunk.name(token.top_base), chunk.name(token.top)
        )
    text = QCoreApplication.translate(
        "tokens", "{0}: KL divergence {1} nats; probability {2} on the base, {3} here; {4}"
    )
    return text.format(
        chunk.name(token.id), f"{token.kld:.3g}", chance(token.p_base), chance(token.p), choices
    )


class Scale(QWidget):
    """The colour scale of the text."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Colours: KL divergence from {0} to {1} nats").format(LEAST, MOST))
        metrics = QFontMetricsF(self.font())
        self.setFixedSize(round(metrics.horizontalAdvance("0.0000") * 5), round(metrics.height() * 2.1))
        theme.keeper().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = theme.keeper().theme
        metrics = QFontMetricsF(self.font())
        margin = metrics.horizontalAdvance("0.01") / 2
        bar = QRectF(margin, 2, self.width() - 2 * margin, self.height() - metrics.height() - 4)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for step in range(11):
            value = LEAST * (MOST / LEAST) ** (step / 10)
            gradient.setColorAt(step / 10, ground(value, colours))
        painter.fillRect(bar, gradient)
        painter.setPen(QColor(colours.line))
        painter.drawRect(bar)
        painter.setPen(QColor(colours.muted))
        for value, text in ((0.01, "0.01"), (0.3, "0.3"), (10.0, self.tr("10 nats"))):
            at = bar.left() + strength(value) * bar.width()
            wide = metrics.horizontalAdvance(text)
            left = min(max(0.0, at - wide / 2), self.width() - wide)
            painter.drawText(QRectF(left, bar.bottom() + 2, wide + 2, metrics.height()), text)
        painter.end()

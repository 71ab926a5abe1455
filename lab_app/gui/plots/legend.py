"""Which variants a figure shows: check boxes with the colour of each, in lines as wide as the figure."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QCheckBox, QLayout, QLayoutItem, QSizePolicy, QStyle, QWidget

from lab_app.gui.plots.base import Variant


class FlowLayout(QLayout):
    """Lines of widgets, as words of a text; from the right where the language runs so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() == Qt.LayoutDirection.RightToLeft
        gap = max(0, self.spacing())
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + gap, 0
            if move:
                left = rect.x() + rect.right() + 1 - x - size.width() if mirrored else x
                item.setGeometry(QRect(QPoint(left, y), size))
            x += size.width() + 3 * gap
            line = max(line, size.height())
        return y + line - rect.y()


class Legend(QWidget):
    """Hidden where there is only one variant, since there is nothing to choose."""

    toggled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = FlowLayout(self)
        self._layout.setSpacing(4)
        self.boxes: dict[str, QCheckBox] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_variants(self, variants: Sequence[Variant], colours: Sequence[QColor]) -> None:
        """Boxes of variants that are known already keep their state."""
        known = set(self.boxes)
        for key in known - {v.key for v in variants}:
            box = self.boxes.pop(key)
            self._layout.removeWidget(box)
            box.deleteLater()
        for variant, colour in zip(variants, colours, strict=True):
            box = self.boxes.get(variant.key) or self._new(variant.key)
            font = box.font()
            font.setBold(variant.highlight)
            box.setFont(font)
            box.setText(variant.short.replace("&", "&&"))
            box.setToolTip(variant.label if variant.label != variant.short else "")
            box.setAccessibleName(variant.label)
            box.setAccessibleDescription(self.tr("Shows or hides this file in the figure."))
            box.setIcon(self._swatch(colour, square=variant.is_base))
        self.setVisible(len(self.boxes) > 1)

    def _new(self, key: str) -> QCheckBox:
        box = QCheckBox(self)
        box.setChecked(True)
        box.toggled.connect(lambda _: self.toggled.emit())
        self._layout.addWidget(box)
        self.boxes[key] = box
        return box

    def _swatch(self, colour: QColor, *, square: bool) -> QIcon:
        # As large as Qt wants icons: of another size it would stretch them on screens of high resolution alone.
        side = self.style().pixelMetric(QStyle.PixelMetric.PM_ButtonIconSize, None, self)
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(side * ratio), round(side * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        mark = 0.8 * self.fontMetrics().ascent()
        area = QRectF((side - mark) / 2, (side - mark) / 2, mark, mark)
        painter.drawRect(area) if square else painter.drawEllipse(area)
        painter.end()
        return QIcon(pixmap)

    def shown(self, key: str) -> bool:
        box = self.boxes.get(key)
        return box is None or box.isChecked()

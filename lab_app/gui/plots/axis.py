"""Axes with the ticks of our reports: plain numbers, percent, bytes, logarithmic, names. Labels never overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from lab_app import palette
from lab_app.gui.plots.ground import Ground
from lab_app.reports.drawing.common import plain, shorten
from lab_app.system.units import size

Levels = list[tuple[float, list[float]]]
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def nice_step(span: float, most: int, whole: bool = False) -> float:
    """The smallest of 1, 2, 2.5, 5 × 10ⁿ that divides ``span`` into at most ``most`` parts; ``whole``: the smallest
    of them that is a whole number."""
    rough = span / max(1, most)
    if not rough > 0.0 or not math.isfinite(rough):
        return 1.0
    if whole:
        rough = max(rough, 1.0)
    power = 10.0 ** math.floor(math.log10(rough))
    steps = (power * step for step in (*_STEPS, 20.0))
    return next(
        step for step in steps if step >= rough * (1 - 1e-9) and not (whole and not step.is_integer())
    )


class Axis(pg.AxisItem):
    """``log``: positions are log10 of values. ``names``: positions 0, 1 … have names instead of numbers."""

    overhang = 0
    """Pixels that the first and the last number may stand out at the ends, where there is room beside the axis."""
    _title = ""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation, maxTickLength=-4)
        self.enableAutoSIPrefix(False)
        self.log, self.percent, self.unit, self.whole = False, False, "", False
        self.names: Sequence[str] | None = None
        self.most = 26
        self._metrics = QFontMetricsF(QFont())
        self._dressed: tuple[object, ...] = ()

    def configure(
        self,
        *,
        log: bool = False,
        percent: bool = False,
        unit: str = "",
        names: Sequence[str] | None = None,
        whole: bool = False,
    ) -> None:
        """``whole``: ticks at whole numbers only."""
        wanted = (log, percent, unit, None if names is None else tuple(names), whole)
        if wanted != (self.log, self.percent, self.unit, self.names, self.whole):
            self.log, self.percent, self.unit, self.names, self.whole = wanted
            self.picture = None
            self.update()

    def dress(self, ground: Ground, font: QFont, *, grid: bool, line: bool = True) -> None:
        dressed = (ground, font.key(), grid, line, self.names is not None)
        if dressed == self._dressed:
            return
        self._dressed = dressed
        self._metrics = QFontMetricsF(font)
        self.setStyle(tickFont=font, tickTextOffset=6, tickLength=-4 if line else 0)
        self.setPen(ground.pen(palette.MUTED) if line else ground.pen(palette.MUTED, alpha=0.0))
        self.setTextPen(ground.pen(palette.INK if self.names is not None else palette.MUTED))
        self.setTickPen(ground.pen(palette.GRID))
        self.setGrid(255 if grid else False)
        self.label.setFont(font)
        self.labelStyle = {"color": ground.hex(palette.MUTED)}
        if self.labelText:
            self.setLabel(self.labelText, **self.labelStyle)
            self._show_title()

    def title(self, text: str) -> None:
        self._title = text
        self._show_title()

    def _show_title(self) -> None:
        """The title, shortened where the axis is."""
        room = self.size().width() if self._level else self.size().height()
        text = self._title
        if text and room > 0.0:
            text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        if text != self.labelText:
            self.setLabel(text or None, **self.labelStyle)
            self.showLabel(bool(text))

    def resizeEvent(self, event: object = None) -> None:
        super().resizeEvent(event)
        if self._title:
            self._show_title()

    @property
    def _level(self) -> bool:
        return self.orientation in ("bottom", "top")

    def tickValues(self, low: float, high: float, length: float) -> Levels:
        low, high = min(low, high), max(low, high)  # an axis that runs downwards has them the other way round
        if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
            return []
        if self.names is not None:
            return self._name_ticks(self.names, low, high, length)
        room = self._metrics.horizontalAdvance("0.00000 ") if self._level else 2.0 * self._metrics.height()
        most = max(2, min(9, int(length / room)))
        if self.log:
            return self._log_ticks(low, high, most)
        step = nice_step(high - low, most, self.whole)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return [(step, [step * i for i in range(first, last + 1)])]

    def _name_ticks(self, names: Sequence[str], low: float, high: float, length: float) -> Levels:
        first, last = max(0, math.ceil(low)), min(len(names) - 1, math.floor(high))
        if last < first or not names:
            return []
        each = length / (high - low)
        if self._level:
            longest = max(self._metrics.horizontalAdvance(self._name(n)) for n in names[first : last + 1])
            room = longest + self._metrics.horizontalAdvance("  ")
        else:
            room = self._metrics.height()
        step = max(1, math.ceil(room / each - 1e-6))
        return [(float(step), [float(i) for i in range(first, last + 1) if i % step == 0])]

    def _log_ticks(self, low: float, high: float, most: int) -> Levels:
        decades = high - low
        if decades < 0.7:  # too few powers of ten: round values, where they fall
            bottom, top = 10.0**low, 10.0**high
            step = nice_step(top - bottom, max(2, most - 1), self.whole)
            values = [step * i for i in range(math.ceil(bottom / step), math.floor(top / step) + 1)]
            return [(1.0, [math.log10(v) for v in values if v > 0.0])]
        subs = (1.0, 2.0, 5.0) if 3 * decades <= most else (1.0, 3.0) if 2 * decades <= most else (1.0,)
        every = max(1, math.ceil(decades / most))
        found = [
            power + math.log10(sub)
            for power in range(math.floor(low), math.ceil(high) + 1)
            for sub in subs
            if power % every == 0
        ]
        return [(1.0, [v for v in found if low <= v <= high])]

    def boundingRect(self) -> QRectF:
        rect: QRectF = super().boundingRect()
        return rect.adjusted(-self.overhang, 0, self.overhang, 0)

    def names_width(self) -> float:
        """Pixels that the names take beside the panel."""
        texts = [self._metrics.horizontalAdvance(self._name(name)) for name in self.names or ()]
        title = 1.5 * self._metrics.height() if self._title else 0.0
        return max(texts, default=0.0) + 8.0 + title

    def _name(self, name: str) -> str:
        return shorten(name, self.most)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.names is not None:
            return [
                self._name(self.names[round(v)]) if 0 <= round(v) < len(self.names) else "" for v in values
            ]
        return [self.text(10.0**v if self.log else v) for v in values]

    def text(self, value: float) -> str:
        """A value as it stands at a tick."""
        if self.percent:
            return f"{plain(round(value * 100, 6))} %"
        if self.unit == "bytes":
            return size(value).replace(".0 ", " ") if value >= 0 else ""
        return plain(float(f"{value:.10g}"))

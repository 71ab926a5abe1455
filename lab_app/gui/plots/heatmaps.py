"""Heat maps that fill: one map a variant on one colour scale, Wilson's interval on reading."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QLinearGradient, QPainter, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from lab_app import palette
from lab_app.figures import HeatMap
from lab_app.gui.plots.base import (
    Column,
    Drawing,
    Look,
    Spot,
    Value,
    Variant,
    in_scene,
    interval_columns,
    panel_at,
    sentence,
)
from lab_app.gui.plots.canvas import Canvas, Panel
from lab_app.gui.plots.ground import Ground
from lab_app.reports.drawing.common import cell_name, label, ordered, shorten
from lab_app.reports.numbers import Text, fixed, show
from lab_app.stats.estimate import Estimate
from lab_app.stats.intervals import wilson
from lab_app.store.records import Sample

Key = tuple[Any, Any]
LEVELS = 256


@dataclass
class _Cell:
    total: float = 0.0
    n: int = 0
    counted: bool = True
    """Whether all values are 0 or 1."""

    @property
    def mean(self) -> float:
        return self.total / self.n


@dataclass
class _Field:
    """The cells of one variant in the order in which they were first measured."""

    cells: dict[Key, _Cell] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    dirty: set[Key] = field(default_factory=set)
    means: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 0)))


class HeatMaps(Drawing):
    def __init__(self, figure: HeatMap, variants: Sequence[Variant]) -> None:
        super().__init__(variants)
        self.figure = figure
        self.fields = {variant.key: _Field() for variant in variants}
        translate = QCoreApplication.translate
        self.columns = (
            Column(label(figure.rows) or translate("figures", "row")),
            Column(label(figure.columns) or translate("figures", "column")),
            Column(label(figure.value) or translate("figures", "value")),
            *interval_columns(),
        )
        self._row_set: set[Any] = set()
        self._column_set: set[Any] = set()
        self._rows: list[Any] = []
        self._columns: list[Any] = []
        self._at: tuple[dict[Any, int], dict[Any, int]] = ({}, {})
        self._grown = False
        self._shape: tuple[tuple[str, ...], int] = ((), 0)

    def extend(self, variant: str, samples: Sequence[Sample]) -> bool:
        own = self.fields.get(variant)
        changed = False
        for sample in samples if own is not None else ():
            payload = sample.payload
            if sample.series != self.figure.series or not payload or not math.isfinite(sample.y):
                continue
            if "row" not in payload or "column" not in payload:
                continue
            assert own is not None
            key = (payload["row"], payload["column"])
            cell = own.cells.get(key)
            if cell is None:
                cell = own.cells[key] = _Cell()
                own.keys.append(key)
                self._grown |= key[0] not in self._row_set or key[1] not in self._column_set
                self._row_set.add(key[0])
                self._column_set.add(key[1])
            cell.total += sample.y
            cell.n += 1
            cell.counted &= sample.y in (0.0, 1.0)
            own.dirty.add(key)
            changed = True
        return changed

    # -- drawing -------------------------------------------------------------------------------------

    def attach(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._maps: dict[str, tuple[Panel, _CellsItem]] = {}
        for key in self.fields:
            panel = Panel(self.redraw)
            panel.vb.invertY(True)
            item = _CellsItem()
            panel.add(item)
            if self._maps:
                first = next(iter(self._maps.values()))[0]
                panel.follow(first)
            self._maps[key] = (panel, item)
        self._ramp = _RampItem()

    def draw(self, look: Look) -> None:
        shown = [v for v in look.shown if self.fields[v.key].cells]
        self._fill()
        self._arrange(shown)
        values = [c.mean for v in shown for c in self.fields[v.key].cells.values()] if not self._share else []
        low, high = (0.0, 1.0) if self._share or not values else (min(values), max(values))
        high = high if high > low else low + 1.0
        lut = _colours(look.ground)
        rows, columns = [cell_name(r) for r in self._rows], [cell_name(c) for c in self._columns]
        across = self._across(len(shown), len(columns))
        letters = QFontMetricsF(look.font).averageCharWidth()
        most = max(6, int(self._canvas.width() / across / letters) - 10)
        for index, variant in enumerate(shown):
            panel, item = self._maps[variant.key]
            own = self.fields[variant.key]
            panel.y_axis.configure(names=rows if index % across == 0 else [])
            panel.x_axis.configure(names=columns)
            panel.dress(look.ground, look.font, bare="xy")
            panel.y_axis.title(label(self.figure.rows) if index % across == 0 else "")
            lowest = index // across == (len(shown) - 1) // across
            panel.x_axis.title(label(self.figure.columns) if lowest else "")
            panel.name(shorten(variant.label, most), look.ground, look.font, strong=variant.highlight)
            item.show_cells(own.means, low, high, lut, look, self._texts(own))
            panel.show_range((-0.5, len(columns) - 0.5), (-0.5, len(rows) - 0.5))
        if shown:
            self._canvas.equal_columns(across, self.panels[0].y_axis.names_width())
        ends = ("0 %", "100 %") if self._share else (fixed(low, 2), fixed(high, 2))
        self._ramp.show_ends(ends, self.figure.value.label, look)

    @property
    def _share(self) -> bool:
        return all(
            f.means.size == 0 or not np.any((f.means < 0.0) | (f.means > 1.0)) for f in self.fields.values()
        )

    def _fill(self) -> None:
        """Bring the matrices up to date: single cells, or all of them where a row or column is new."""
        if self._grown:
            self._rows, self._columns = ordered(self._row_set), ordered(self._column_set)
            self._at = (
                {r: i for i, r in enumerate(self._rows)},
                {c: i for i, c in enumerate(self._columns)},
            )
            self._grown = False
            for own in self.fields.values():
                own.means = np.full((len(self._rows), len(self._columns)), np.nan)
                own.dirty = set(own.cells)
        rows, columns = self._at
        for own in self.fields.values():
            for key in own.dirty:
                own.means[rows[key[0]], columns[key[1]]] = own.cells[key].mean
            own.dirty.clear()

    @staticmethod
    def _across(maps: int, columns: int) -> int:
        return max(1, min(maps, 4 if columns <= 4 else 3 if columns <= 7 else 2))

    def _arrange(self, shown: Sequence[Variant]) -> None:
        """Panels of the maps that are shown, in rows; only where that changed."""
        across = self._across(len(shown), len(self._columns))
        shape = (tuple(v.key for v in shown), across)
        if shape == self._shape:
            return
        self._shape = shape
        layout = self._canvas.ci
        for item in list(layout.items):
            layout.removeItem(item)
        self.panels = [self._maps[v.key][0] for v in shown]
        for index, panel in enumerate(self.panels):
            layout.addItem(panel, row=index // across, col=index % across)
        if shown:
            layout.addItem(self._ramp, row=-(-len(shown) // across), col=0, colspan=across)

    def _texts(self, own: _Field) -> list[list[str]] | None:
        """What stands in the cells, where there are few enough that it could be read."""
        if len(self._rows) * len(self._columns) > 400:
            return None
        found = [[""] * len(self._columns) for _ in self._rows]
        for (row, column), cell in own.cells.items():
            text = f"{round(cell.total)}/{cell.n}" if cell.counted else fixed(cell.mean, 2)
            found[self._at[0][row]][self._at[1][column]] = text
        return found

    def height(self, line: float, look: Look) -> float:
        maps = max(1, sum(1 for v in look.shown if self.fields[v.key].cells))
        down = -(-maps // self._across(maps, len(self._column_set)))
        tall = min(max(1.5 * len(self._row_set), 6.0), 30.0 if maps == 1 else 16.0)
        return (down * (tall + 3.5) + 4.0) * line

    # -- reading -------------------------------------------------------------------------------------

    def count(self, variant: str) -> int:
        return len(self.fields[variant].keys)

    def row(self, variant: str, index: int) -> tuple[Value, ...]:
        own = self.fields[variant]
        key = own.keys[index]
        cell = own.cells[key]
        if cell.counted:
            e = _interval(round(cell.total), cell.n)
            return key[0], key[1], e.value, e.lo, e.hi, cell.n
        return key[0], key[1], cell.mean, None, None, cell.n

    def place(self, spot: Spot) -> QPointF | None:
        if spot[0] not in self._shape[0]:
            return None
        row, column = self.fields[spot[0]].keys[spot[1]]
        return in_scene(self._maps[spot[0]][0], self._at[1][column], self._at[0][row])

    def nearest(self, at: QPointF, look: Look) -> Spot | None:
        panel = panel_at(self.panels, at)
        if panel is None:
            return None
        key = self._shape[0][self.panels.index(panel)]
        view = panel.vb.mapSceneToView(at)
        column, row = round(view.x()), round(view.y())
        if not (0 <= row < len(self._rows) and 0 <= column < len(self._columns)):
            return None
        wanted = (self._rows[row], self._columns[column])
        own = self.fields[key]
        return (key, own.keys.index(wanted)) if wanted in own.cells else None

    def reading(self, spot: Spot) -> str:
        own = self.fields[spot[0]]
        row, column = own.keys[spot[1]]
        cell = own.cells[row, column]
        head = (
            f"{self.variants[spot[0]].short} · {self.figure.rows.label} {cell_name(row)}, "
            f"{self.figure.columns.label} {cell_name(column)}"
        )
        if not cell.counted:
            return sentence(head, Text(fixed(cell.mean, 4), ""), cell.n)
        text = show(_interval(round(cell.total), cell.n))
        found = QCoreApplication.translate("figures", "{0}: {1} of {2}, {3}")
        return found.format(head, round(cell.total), cell.n, text)


@lru_cache(maxsize=4096)
def _interval(right: int, n: int) -> Estimate:
    """Wilson's; the cells of a map have few different counts, and a table of it asks for all of them."""
    return wilson(right, n)


@lru_cache(maxsize=4)
def _colours(ground: Ground) -> NDArray[np.uint8]:
    """RGBA of the ramp's levels, and of an empty cell behind them."""
    stops = [QColor(palette.ramp(i / (LEVELS - 1))) for i in range(LEVELS)] + [ground.colour(palette.EMPTY)]
    return np.array([[c.red(), c.green(), c.blue(), 255] for c in stops], np.uint8)


class _CellsItem(pg.GraphicsObject):
    """The cells as an image that is never smoothed, and their texts where there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._pixels: NDArray[np.uint8] = np.empty((0, 0, 4), np.uint8)
        self._texts: list[list[str]] | None = None
        self._font = QFont()
        self._gap = QColor()

    def show_cells(
        self,
        means: NDArray[np.float64],
        low: float,
        high: float,
        lut: NDArray[np.uint8],
        look: Look,
        texts: list[list[str]] | None,
    ) -> None:
        place = np.clip(np.nan_to_num((means - low) / (high - low)), 0.0, 1.0)
        index = np.where(np.isnan(means), LEVELS, np.rint(place * (LEVELS - 1)).astype(np.intp))
        pixels = np.ascontiguousarray(lut[index])
        if pixels.shape != self._pixels.shape:
            self.prepareGeometryChange()
            self.informViewBoundsChanged()
        self._pixels = pixels  # QImage does not copy; it must live as long
        height, width = means.shape
        self._image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
        self._texts, self._font = texts, QFont(look.font)
        self._gap = look.ground.colour(palette.PAPER)
        self.update()

    def boundingRect(self) -> QRectF:
        height, width, _ = self._pixels.shape
        return QRectF(-0.5, -0.5, width, height)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        height, width, _ = self._pixels.shape
        if not width:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(self.boundingRect(), self._image)
        transform = QTransform(painter.worldTransform())
        across, down = abs(transform.m11()), abs(transform.m22())
        painter.save()
        painter.setWorldTransform(QTransform())
        if min(across, down) >= 8:
            painter.setPen(self._gap)
            for i in range(width + 1):
                painter.drawLine(
                    transform.map(QPointF(i - 0.5, -0.5)), transform.map(QPointF(i - 0.5, height - 0.5))
                )
            for i in range(height + 1):
                painter.drawLine(
                    transform.map(QPointF(-0.5, i - 0.5)), transform.map(QPointF(width - 0.5, i - 0.5))
                )
        if self._texts is not None:
            self._write(painter, transform, across, down)
        painter.restore()

    def _write(self, painter: QPainter, transform: QTransform, across: float, down: float) -> None:
        assert self._texts is not None
        metrics = QFontMetricsF(self._font)
        longest = max((metrics.horizontalAdvance(t) for row in self._texts for t in row), default=0.0)
        if across < longest + 6 or down < metrics.height():
            return
        painter.setFont(self._font)
        for y, row in enumerate(self._texts):
            for x, text in enumerate(row):
                if text:
                    red, green, blue, _ = (int(v) for v in self._pixels[y, x])
                    painter.setPen(QColor(palette.text_on(f"#{red:02x}{green:02x}{blue:02x}")))
                    middle = transform.map(QPointF(x, y))
                    box = QRectF(middle.x() - across / 2, middle.y() - down / 2, across, down)
                    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


class _RampItem(pg.GraphicsWidget):
    """The colour scale: its ends and what it measures."""

    def __init__(self) -> None:
        super().__init__()
        self._ends, self._label = ("", ""), ""
        self._font, self._ink = QFont(), QColor()

    def show_ends(self, ends: tuple[str, str], name: str, look: Look) -> None:
        self._ends, self._label, self._font = ends, name, QFont(look.font)
        self._ink = look.ground.colour(palette.MUTED)
        self.setFixedHeight(1.7 * QFontMetricsF(self._font).height())
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        metrics = QFontMetricsF(self._font)
        area = self.rect()
        left, right = self._ends[0] + " ", f" {self._ends[1]}  {self._label}"
        wide = min(14.0 * metrics.averageCharWidth() * 2, area.width() / 2)
        x = area.right() - wide - metrics.horizontalAdvance(right) - 4
        bar = QRectF(x, area.center().y() - metrics.height() * 0.35, wide, metrics.height() * 0.7)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for i, stop in enumerate(palette.VIRIDIS):
            gradient.setColorAt(i / (len(palette.VIRIDIS) - 1), QColor(stop))
        painter.fillRect(bar, gradient)
        painter.setFont(self._font)
        painter.setPen(self._ink)
        base = bar.bottom() - metrics.descent() + 1
        painter.drawText(QPointF(bar.left() - metrics.horizontalAdvance(left), base), left)
        painter.drawText(QPointF(bar.right(), base), right)

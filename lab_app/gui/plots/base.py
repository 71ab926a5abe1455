"""What every kind of figure offers the view that shows it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QFont

from lab_app import palette
from lab_app.gui.plots.canvas import Canvas, Panel
from lab_app.gui.plots.ground import Ground
from lab_app.probes.base import Metric
from lab_app.reports.drawing.common import shorten
from lab_app.reports.numbers import Text, show
from lab_app.stats.estimate import Estimate
from lab_app.store.records import Sample

Value = float | int | str | None
Spot = tuple[str, int]
"""A variant and the number of one of its points."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing a figure compares. ``highlight``: the recommended one."""

    key: str
    label: str
    is_base: bool = False
    highlight: bool = False

    @property
    def short(self) -> str:
        return shorten(self.label)


@dataclass(frozen=True, slots=True)
class Column:
    """Of the table of a figure. numeric: stands to the right, and is a number in exports."""

    title: str
    numeric: bool = True


def interval_columns() -> tuple[Column, Column, Column]:
    """Both ends of an interval, and n."""
    translate = QCoreApplication.translate
    return Column(translate("figures", "lower")), Column(translate("figures", "upper")), Column("n")


@dataclass(frozen=True, slots=True)
class Look:
    """How to draw now. shown: the variants whose check boxes are on, in order."""

    shown: tuple[Variant, ...]
    ground: Ground
    font: QFont


class Drawing(ABC):
    """One figure: takes samples, keeps what it shows, draws it into a canvas, and reads it out.

    Every number of the figure is a point of one variant, counted from 0; plot, hover and table show the same.
    """

    columns: tuple[Column, ...]
    named = True
    """Whether the drawing itself says which variant is which; otherwise the check boxes above it do, and the first line
    of a picture of it."""

    def __init__(self, variants: Sequence[Variant]) -> None:
        self.variants = {variant.key: variant for variant in variants}
        self.panels: list[Panel] = []
        self.again: Callable[[], None] = lambda: None
        """Asks the view for another frame."""

    def redraw(self, *_: object) -> None:
        """Ask for another frame; takes whatever a signal says."""
        self.again()

    def rename(self, variants: Sequence[Variant]) -> None:
        """Other labels or another recommendation; what was taken stays."""
        self.variants = {variant.key: variant for variant in variants}

    def extend(self, variant: str, samples: Sequence[Sample]) -> bool:
        """Take new samples; whether they change the figure."""
        return False

    def measure(self, variant: str, metrics: Mapping[str, Metric]) -> bool:
        """Take the newest summary; whether it changes the figure."""
        return False

    @abstractmethod
    def attach(self, canvas: Canvas) -> None:
        """Put panels into the canvas; called once."""

    @abstractmethod
    def draw(self, look: Look) -> None: ...

    @abstractmethod
    def count(self, variant: str) -> int:
        """Points of a variant."""

    @abstractmethod
    def row(self, variant: str, index: int) -> tuple[Value, ...]:
        """A point as numbers at full precision, one a column after the variant's."""

    @abstractmethod
    def place(self, spot: Spot) -> QPointF | None:
        """Where a point stands in the scene; None where it is not drawn."""

    @abstractmethod
    def nearest(self, at: QPointF, look: Look) -> Spot | None: ...

    @abstractmethod
    def reading(self, spot: Spot) -> str:
        """A point in words: which, value, interval, n."""

    def height(self, line: float, look: Look) -> float:
        """Pixels that it should have at least; ``line``: height of a line of text."""
        return 15.0 * line

    def colour(self, variant: Variant) -> palette.Colour:
        """The swatch of its check box."""
        return palette.INK if variant.is_base else palette.ACCENT

    def reset(self) -> None:
        for panel in self.panels:
            panel.zoomed = False

    def zoom(self, factor: float) -> None:
        for panel in self.panels:
            panel.scale_by(factor)


def panel_at(panels: Sequence[Panel], at: QPointF) -> Panel | None:
    return next((p for p in panels if p.isVisible() and p.vb.sceneBoundingRect().contains(at)), None)


def in_scene(panel: Panel, x: float, y: float) -> QPointF:
    found: QPointF = panel.vb.mapViewToScene(QPointF(x, y))
    return found


def number(value: float | None, lo: float | None, hi: float | None, n: int | None, unit: str = "") -> Text:
    """A measured value as reports write it, digits after its interval."""
    if value is None or not math.isfinite(value):
        return Text("–", "")
    known = lo is not None and hi is not None and math.isfinite(lo) and math.isfinite(hi)
    estimate = Estimate(value, lo if known else value, hi if known else value, n or 0, "")  # type: ignore[arg-type]
    return show(estimate, unit=unit)


def sentence(head: str, value: Text, n: int | None) -> str:
    """``Q4_K_M · chunk 3: 0.041 (0.036–0.046), n = 255``."""
    return f"{head}: {value}" + (f", n = {n}" if n else "")

"""Draws the figures of figures.py to SVG and PNG, without a display.

drawing = draw(figure, curves, name="kld")
drawing.page      # SVG to stand in a page: colours are CSS variables, nothing is loaded
drawing.file      # SVG as a file of its own, on white
drawing.png()     # bytes
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab_app import palette
from lab_app.figures import Bars, Figure, HeatMap, Histogram, Line
from lab_app.reports.drawing.canvas import style
from lab_app.reports.drawing.common import Curve

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

_FIXED = (palette.INK, palette.MUTED, palette.GRID, palette.PAPER, palette.ACCENT, palette.EMPTY)


@dataclass(frozen=True)
class Drawing:
    """A drawn figure. ``colours``: the palette's colours in it, whose CSS variables its page must define."""

    name: str
    title: str
    page: str
    file: str
    colours: tuple[palette.Colour, ...]
    _canvas: Canvas

    def png(self, *, dpi: int = 160) -> bytes:
        """The figure as PNG on white."""
        target = io.BytesIO()
        with style(), _quiet():
            self._canvas.savefig(target, format="png", dpi=dpi, facecolor=palette.PAPER.light)
        return target.getvalue()


def draw(
    figure: Figure, curves: Sequence[Curve], *, name: str, limit: tuple[float, str] | None = None
) -> Drawing | None:
    """None where no curve has anything for this figure.

    name:  unique on a page; ids in the SVG begin with it.
    limit: a bound to mark in a scatter, and what it says.
    """
    from lab_app.reports.drawing import svg

    target = io.StringIO()
    with style(), _quiet():
        canvas = _canvas(figure, curves, limit)
        if canvas is None:
            return None
        canvas.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    root = svg.clean(target.getvalue(), f"{name}-", figure.title)
    known = (*_FIXED, *_series_of(curves))
    if isinstance(figure, HeatMap):
        # Cells keep their colour in both themes, and so does the text on them: white there is not the paper's.
        known = tuple(colour for colour in _FIXED if colour is not palette.PAPER)
    page = svg.for_page(root, known)
    colours = tuple(colour for colour in known if f"var(--{colour.name}," in page)
    return Drawing(name, figure.title, page, svg.for_file(root), colours, canvas)


def _series_of(curves: Sequence[Curve]) -> tuple[palette.Colour, ...]:
    """Where some variants have no data fewer colours are used; all that may occur are listed."""
    others = sum(1 for c in curves if not c.is_base)
    found: dict[str, palette.Colour] = {}
    for count in range(others + 1):
        for colour in palette.series(count):
            found.setdefault(colour.light, colour)
    return tuple(found.values())


def _canvas(figure: Figure, curves: Sequence[Curve], limit: tuple[float, str] | None) -> Canvas | None:
    from lab_app.reports.drawing import fields, kinds, scatter

    if isinstance(figure, Bars):
        return kinds.bars(figure, curves)
    if isinstance(figure, Line):
        return kinds.lines(figure, curves)
    if isinstance(figure, HeatMap):
        return fields.heat_maps(figure, curves)
    if isinstance(figure, Histogram):
        return fields.histograms(figure, curves)
    return scatter.scatters(figure, curves, limit)


def _quiet() -> warnings.catch_warnings[None]:
    """Glyphs that our font lacks are drawn by the reader's; matplotlib's warning about them helps nobody."""
    return warnings.catch_warnings(action="ignore")

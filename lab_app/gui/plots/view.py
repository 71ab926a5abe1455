"""A figure in the window.

view = FigureView(spec, [Variant("base", "F16", is_base=True), Variant("Q4_K_M", "Q4_K_M")])
view.extend("Q4_K_M", samples)      # as they are measured, as often as one likes
view.measure("Q4_K_M", metrics)     # a probe's summary of them, for bars and scatters
view.distribute(distribution)       # of all variants, for histograms
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAction, QFontMetricsF, QShowEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFileDialog,
    QFrame,
    QMenu,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QWidget,
)

from lab_app.figures import Bars, Figure, HeatMap, Histogram, Line
from lab_app.gui.background import Task, background
from lab_app.gui.plots import export
from lab_app.gui.plots.bars import BarRows
from lab_app.gui.plots.base import Drawing, Look, Spot, Variant
from lab_app.gui.plots.canvas import Canvas
from lab_app.gui.plots.export import Name
from lab_app.gui.plots.frames import clock
from lab_app.gui.plots.ground import Ground
from lab_app.gui.plots.heatmaps import HeatMaps
from lab_app.gui.plots.legend import Legend
from lab_app.gui.plots.lines import Lines
from lab_app.gui.plots.ridges import Ridges
from lab_app.gui.plots.scatters import Scatters
from lab_app.gui.plots.table import FigureTable
from lab_app.gui.widgets.basic import column, label, row, tool
from lab_app.gui.widgets.tables import TableView
from lab_app.probes.base import Metric
from lab_app.reports.drawing.ridges import Distribution
from lab_app.store.records import Sample
from lab_app.system import said
from lab_app.system.errors import LabError
from lab_app.system.saving import save


def drawing_of(figure: Figure, variants: Sequence[Variant]) -> Drawing:
    if isinstance(figure, Line):
        return Lines(figure, variants)
    if isinstance(figure, Bars):
        return BarRows(figure, variants)
    if isinstance(figure, HeatMap):
        return HeatMaps(figure, variants)
    if isinstance(figure, Histogram):
        return Ridges(figure, variants)
    return Scatters(figure, variants)


class FigureView(QFrame):
    """A figure with its title, check boxes, read-out, table and exports. Draws only while it can be seen."""

    def __init__(
        self, figure: Figure, variants: Sequence[Variant], caption: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.figure = figure
        self.variants = list(variants)
        self.drawing = drawing_of(figure, variants)
        self.frames = 0
        """Frames drawn so far."""
        self._spot: Spot | None = None
        self._dirty = True
        self._dressed: tuple[Ground, str] | None = None
        self.setAccessibleName(figure.title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._build(caption)
        self.drawing.again = self.redraw
        self.drawing.attach(self.canvas)
        self._dress()
        self._show_page()
        self._fit(self.look())

    # -- samples -------------------------------------------------------------------------------------

    def extend(self, variant: str, samples: Sequence[Sample]) -> None:
        """Take samples of a variant; those of other series are left aside."""
        if self.drawing.extend(variant, samples):
            self.redraw()

    def measure(self, variant: str, metrics: Mapping[str, Metric]) -> None:
        """Take a variant's newest summary (of its probe's ``summarise``)."""
        if self.drawing.measure(variant, metrics):
            self.redraw()

    def distribute(self, found: Distribution) -> None:
        """Take a histogram's newest counts."""
        if isinstance(self.drawing, Ridges) and self.drawing.distribute(found):
            self.redraw()

    def set_variants(self, variants: Sequence[Variant]) -> None:
        """Other labels, order or recommendation of the same variants."""
        self.variants = list(variants)
        self.drawing.rename(variants)
        self._label_boxes()
        self.redraw()

    def set_limit(self, limit: tuple[float, str] | None) -> None:
        """A bound to mark in a scatter, and what it is."""
        if isinstance(self.drawing, Scatters) and self.drawing.limit != limit:
            self.drawing.limit = limit
            self.redraw()

    def set_caption(self, text: str) -> None:
        self.caption.setText(text)
        self.caption.setVisible(bool(text))

    def set_empty_text(self, text: str = "") -> None:
        """What stands here while there is nothing to draw; without ``text`` that values may come."""
        self.empty.setText(text or self.tr("Nothing is measured yet. Values appear here as they come."))

    @property
    def is_empty(self) -> bool:
        return not any(self.drawing.count(v.key) for v in self.variants)

    # -- parts ---------------------------------------------------------------------------------------

    def _build(self, caption: str) -> None:
        self.title = label(self.figure.title, wrap=True)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.zoom_in = tool(self.tr("Zoom in"), "zoom-in", lambda: self._zoom(0.8))
        self.zoom_out = tool(self.tr("Zoom out"), "zoom-out", lambda: self._zoom(1.25))
        self.reset_button = tool(self.tr("Show everything"), "maximize", self.reset)
        self.table_button = tool(self.tr("Show the numbers as a table"), "table", lambda: None)
        self.table_button.setCheckable(True)
        self.table_button.toggled.connect(self.show_table)
        self.export_button = tool(self.tr("Save as PNG, SVG or CSV"), "download", lambda: None)
        self.export_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.export_button)
        self.exports: dict[str, QAction] = {}
        for kind, name in (
            ("png", self.tr("Picture (PNG)…")),
            ("svg", self.tr("Drawing (SVG)…")),
            ("csv", self.tr("Numbers (CSV)…")),
        ):
            action = QAction(name, menu)
            action.triggered.connect(lambda _=False, kind=kind: self._ask_and_export(kind))
            menu.addAction(action)
            self.exports[kind] = action
        self.export_button.setMenu(menu)
        self.buttons = (
            self.zoom_in, self.zoom_out, self.reset_button, self.table_button, self.export_button,
        )  # fmt: skip
        head = row(self.title, *self.buttons, gap=0)
        head.setStretch(0, 1)

        self.legend = Legend()
        self.legend.toggled.connect(self._toggled)
        self.canvas = Canvas()
        self.canvas.setAccessibleName(self.figure.title)
        self.canvas.setAccessibleDescription(
            self.tr(
                "A figure. Arrow keys read single values, + and − zoom, 0 shows everything. "
                "The button Table shows the same numbers as a table."
            )
        )
        self.canvas.pointed.connect(self._pointed)
        self.canvas.stepped.connect(self._stepped)
        self.canvas.zoomed.connect(self._zoom)
        self.canvas.reset.connect(self.reset)
        self.canvas.resized.connect(self.redraw)
        self.table = FigureTable(self.drawing, self)
        self.empty = label("", "muted", wrap=True)
        self.set_empty_text()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedLayout()
        self.readout = label(" ", "small", selectable=True)
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.readout.setAccessibleName(self.tr("Value under the pointer"))
        self.caption = label(caption, "small", wrap=True)
        self.setProperty("role", "card")
        self.setLayout(column(head, self.legend, self.stack, self.readout, self.caption, gap=1, margin=3))
        # What is shown before it has a parent is a window of its own for a moment, and takes the keyboard.
        self.stack.addWidget(self.canvas)
        self.stack.addWidget(self.empty)
        self.caption.setVisible(bool(caption))
        QWidget.setTabOrder(self.export_button, self.canvas)

    @cached_property
    def table_view(self) -> TableView:
        """Made when it is first looked at: it is a third of what a figure takes to be made."""
        view = TableView(self.tr("Numbers of “{title}”").format(title=self.figure.title), several=True)
        view.setModel(self.table)
        view.leave_unsorted()
        view.setAlternatingRowColors(True)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.horizontalHeader().setStretchLastSection(True)
        view.setMinimumHeight(self.canvas.minimumHeight())
        self.stack.addWidget(view)
        QWidget.setTabOrder(self.canvas, view)
        return view

    def _dress(self) -> None:
        """At once where the theme changes; what is drawn follows with the next frame. Qt tells of one change many
        times, and of the same colours, too."""
        dressed = (Ground.of(self), self.font().key())
        if dressed != self._dressed:
            self._dressed = dressed
            self.canvas.dress(Ground.of(self))
            self._label_boxes()

    def _label_boxes(self) -> None:
        ground = Ground.of(self)
        self.legend.set_variants(
            self.variants, [ground.colour(self.drawing.colour(v)) for v in self.variants]
        )

    # -- drawing -------------------------------------------------------------------------------------

    def look(self) -> Look:
        shown = tuple(v for v in self.variants if self.legend.shown(v.key))
        return Look(shown, Ground.of(self), self.font())

    def redraw(self) -> None:
        """Draw again, when this figure's turn comes and it can be seen."""
        self._dirty = True
        page = self.stack.currentWidget()  # a title alone in sight is no reason
        if isinstance(page, QAbstractScrollArea):
            page = page.viewport()
        if page is not None and page.isVisible() and not page.visibleRegion().isEmpty():
            clock().ask(self)

    def draw_frame(self) -> None:
        """One frame; called by the clock."""
        if not self._dirty or not self.isVisible():
            return
        self._dirty = False
        self.frames += 1
        look = self.look()
        self._show_page()
        page = self.stack.currentWidget()
        if page is self.canvas:
            self.drawing.draw(look)
            self._point_again()
        elif page is not self.empty:
            self.table.refresh(look.shown)
        self._fit(look)

    def _fit(self, look: Look) -> None:
        height = round(self.drawing.height(QFontMetricsF(look.font).height(), look))
        if height != self.canvas.minimumHeight():
            for place in range(self.stack.count()):
                if (page := self.stack.widget(place)) is not None:
                    page.setMinimumHeight(height)

    def _show_page(self) -> None:
        page: QWidget = self.canvas
        if self.is_empty:
            page = self.empty
        elif self.table_button.isChecked():
            page = self.table_view
        if self.stack.currentWidget() is not page:
            self.stack.setCurrentWidget(page)
        drawn = page is self.canvas
        for button in (self.zoom_in, self.zoom_out, self.reset_button):
            button.setEnabled(drawn)
        self.export_button.setEnabled(not self.is_empty)

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(360, 220))

    def show_table(self, on: bool) -> None:
        self.table_button.setChecked(on)
        self._say(None, "")
        if on:
            self.table.refresh(self.look().shown)
            self.table_view.resizeColumnsToContents()
        self._show_page()
        self.redraw()

    def reset(self) -> None:
        self.drawing.reset()
        self.redraw()

    def _zoom(self, factor: float) -> None:
        self.drawing.zoom(factor)
        self.redraw()

    def _toggled(self) -> None:
        if self._spot is not None and not self.legend.shown(self._spot[0]):
            self._say(None, "")
        self.redraw()

    # -- reading -------------------------------------------------------------------------------------

    def _pointed(self, at: QPointF | None) -> None:
        self._say(None if at is None else self.drawing.nearest(at, self.look()), "")

    def _stepped(self, along: int, between: int) -> None:
        """The next point by the arrow keys; the first press reads the first point."""
        keys = [v.key for v in self.look().shown if self.drawing.count(v.key)]
        if not keys:
            return
        if self._spot is None or self._spot[0] not in keys:
            self._say((keys[0], 0), "keys")
            return
        key, index = self._spot
        if between:
            key = keys[(keys.index(key) + between) % len(keys)]
        self._say((key, min(max(index + along, 0), self.drawing.count(key) - 1)), "keys")

    def _say(self, spot: Spot | None, how: str) -> None:
        self._spot = spot
        place = self.drawing.place(spot) if spot is not None else None
        text = self.drawing.reading(spot) if spot is not None else ""
        self.canvas.mark(place, text)
        self.readout.setText(text or " ")
        self.readout.setToolTip(text)
        if how and text:
            # Screen readers read a name that changes; the canvas has the focus.
            self.canvas.setAccessibleDescription(text)
            QAccessible.updateAccessibility(
                QAccessibleEvent(self.canvas, QAccessible.Event.DescriptionChanged)
            )

    def _point_again(self) -> None:
        """The value under the pointer may have changed, and so may its place."""
        if self._spot is not None:
            if self._spot[1] < self.drawing.count(self._spot[0]):
                self._say(self._spot, "")
            else:
                self._say(None, "")

    # -- exports -------------------------------------------------------------------------------------

    def export(self, kind: str, path: str | Path) -> Task:
        """``png``, ``svg`` or ``csv``, of what is shown now; the file is made and written in the background."""
        look = self.look()
        if kind == "csv":
            self.table.refresh(look.shown)
            made = export.numbers(self.table)
        else:
            self.drawing.draw(look)
            names = [] if self.drawing.named else self._names(look)
            made = (
                export.svg(self.canvas, self.figure.title, names)
                if kind == "svg"
                else export.png(self.canvas, names)
            )
        return background(
            lambda: save(Path(path), made(), "Choose another place."), self._saved, self._not_saved, self
        )

    def _names(self, look: Look) -> list[Name]:
        colours = ((v, look.ground.colour(self.drawing.colour(v))) for v in look.shown)
        return [
            Name(v.label, colour, v.is_base, v.highlight)
            for v, colour in colours
            if self.drawing.count(v.key)
        ]

    def _saved(self, path: Path) -> None:
        self.readout.setText(self.tr("Saved as {0}.").format(path.name))

    def _not_saved(self, error: LabError) -> None:
        self.readout.setText(said.both(error))

    def _ask_and_export(self, kind: str) -> None:
        name = "".join(c if c.isalnum() else "-" for c in self.figure.title.lower())[:80].strip("-")
        filters = {"png": "PNG (*.png)", "svg": "SVG (*.svg)", "csv": "CSV (*.csv)"}

        def ask(first: str) -> str:
            return QFileDialog.getSaveFileName(self, self.tr("Save figure"), first, filters[kind])[0]

        path = ask(f"{name or 'figure'}.{kind}")
        while path and Path(path).suffix.lower() != f".{kind}":
            path = f"{path}.{kind}"
            if Path(path).exists():  # whether it may be replaced was asked of the name without this ending
                path = ask(path)
        if path:
            self.export(kind, path)

    # -- events --------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.redraw()

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        if self._dirty:  # it came into view by scrolling
            clock().ask(self)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (
            QEvent.Type.PaletteChange,
            QEvent.Type.FontChange,
            QEvent.Type.LayoutDirectionChange,
        ) and hasattr(self, "stack"):
            self._dress()
            self.redraw()

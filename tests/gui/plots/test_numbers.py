"""What plots, hover, table and exports show is what the probes' summaries say."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from lab_app.figures import Axis, Bars, HeatMap, Histogram, Line, Scatter
from lab_app.gui import background
from lab_app.gui.analyst.process import Piles
from lab_app.gui.plots import thinning
from lab_app.gui.plots.bars import BarRows
from lab_app.gui.plots.base import Variant
from lab_app.gui.plots.lines import Lines, _thin
from lab_app.gui.plots.ridges import Ridges
from lab_app.gui.plots.scatters import Scatters
from lab_app.gui.plots.table import FigureTable
from lab_app.gui.plots.view import FigureView
from lab_app.gui.widgets.table_model import VALUE
from lab_app.probes.base import Metric
from lab_app.probes.divergence import Divergence
from lab_app.reports.drawing.common import Curve
from lab_app.reports.drawing.kinds import lines
from lab_app.reports.drawing.ridges import distribution
from lab_app.reports.drawing.scatter import scatters
from lab_app.reports.model import ReportData
from lab_app.reports.numbers import show_metric
from lab_app.stats.estimate import Estimate
from lab_app.stats.intervals import wilson
from lab_app.store.records import Sample, unpack_array
from tests.gui.plots.conftest import MakeView, drawn

BARS, PPL, KLD, NLL, TOKENS = Divergence.figures
SIZE = Scatter("Size", "file_size", "kld_mean", Axis("file size"), Axis("KL divergence", "nats"))


def rows_of(table: FigureTable) -> list[tuple[object, ...]]:
    return [table.values(row) for row in range(table.rowCount())]


def test_bars_show_the_summary_to_the_last_bit(study: ReportData, show: MakeView, qtbot: QtBot) -> None:
    assert isinstance(BARS, Bars)
    view = show(BARS)
    (probe,) = (p for p in study.probes if p.probe == "divergence")
    expected = []
    for variant in study.by_size():
        summary = Divergence.summarise(probe.cells[variant.variant_id].samples)
        view.measure(variant.variant_id, summary)
        if "kld_mean" in summary:
            e = summary["kld_mean"].estimate
            expected.append((variant.label, "Mean KL divergence", e.value, e.lo, e.hi, e.n, "nats", e.method))
    view.show_table(True)
    assert rows_of(view.table) == expected
    index = view.table.index(0, 2)
    assert view.table.data(index, Qt.ItemDataRole.EditRole) == expected[0][2]
    assert view.table.data(index) == f"{expected[0][2]:.6g}"


def test_hover_says_what_the_report_says(study: ReportData, show: MakeView, qtbot: QtBot) -> None:
    view = show(PPL)
    (probe,) = (p for p in study.probes if p.probe == "divergence")
    for key, cell in probe.cells.items():
        view.measure(key, cell.metrics)
    drawn(qtbot, view)
    place = view.drawing.place(("Q4_K_M", 0))
    assert place is not None
    view.canvas.pointed.emit(place)
    metric = probe.cells["Q4_K_M"].metrics["ppl"]
    assert view.readout.text() == f"Q4_K_M · Perplexity: {show_metric(metric)}, n = {metric.estimate.n}"
    assert view.canvas.callout.isVisible() and view.canvas.callout.text() == view.readout.text()
    view.canvas.pointed.emit(None)
    assert not view.canvas.callout.isVisible()


def test_lines_keep_every_sample_in_order(study: ReportData, show: MakeView, qtbot: QtBot) -> None:
    assert isinstance(KLD, Line)
    view = show(KLD)
    (probe,) = (p for p in study.probes if p.probe == "divergence")
    samples = list(probe.cells["Q4_K_M"].samples)
    # Out of order and some of them twice: a resumed run whose first part was read from the store.
    view.extend("Q4_K_M", samples[20:])
    view.extend("Q4_K_M", samples[:24])
    drawn(qtbot, view)
    view.show_table(True)
    expected = [("Q4_K_M", int(s.x), s.y, s.lo, s.hi, s.n) for s in samples if s.series == "kld"]  # type: ignore[arg-type]
    assert rows_of(view.table) == expected


def test_heat_map_counts_and_wilson(study: ReportData, show: MakeView, qtbot: QtBot) -> None:
    (probe,) = (p for p in study.probes if p.probe == "toy-field")
    figure = next(f for f in probe.figures if isinstance(f, HeatMap))
    view = show(figure)
    samples = probe.cells["Q3_K_M"].samples
    for sample in samples:  # one at a time, as they come
        view.extend("Q3_K_M", [sample])
    drawn(qtbot, view)
    view.show_table(True)
    for _, row, column, value, lo, hi, n in rows_of(view.table):
        found = [
            s.y for s in samples if s.payload and (s.payload["row"], s.payload["column"]) == (row, column)
        ]
        e = wilson(round(sum(found)), len(found))
        assert (value, lo, hi, n) == (e.value, e.lo, e.hi, e.n)
    assert view.table.rowCount() == 20
    means = view.drawing.fields["Q3_K_M"].means  # type: ignore[attr-defined]
    assert means.shape == (5, 4) and math.isclose(np.mean(means), sum(s.y for s in samples) / len(samples))
    assert view.drawing.reading(("Q3_K_M", 0)).startswith("Q3_K_M · depth 0, length 512: ")


def test_ridges_count_every_token(study: ReportData, show: MakeView, qtbot: QtBot) -> None:
    """As the analyst counts them, a few samples more at each time."""
    assert isinstance(TOKENS, Histogram)
    view, piles = show(TOKENS), Piles()
    (probe,) = (p for p in study.probes if p.probe == "divergence")
    for part in (8, 9, 24, 1000):
        values = {
            key: piles.values("f", key, TOKENS, tuple(cell.samples[:part]))
            for key, cell in probe.cells.items()
        }
    chunks = [s.payload for s in probe.cells["Q2_K"].samples if s.series == "chunk" and s.payload]
    everything = np.concatenate([unpack_array(payload["kld"]) for payload in chunks])
    assert (values["Q2_K"] == everything).all()
    other = list(reversed(probe.cells["Q2_K"].samples))
    assert sorted(piles.values("f", "Q2_K", TOKENS, other)) == sorted(everything), (
        "another study of this name"
    )
    found = distribution(TOKENS, values)
    assert found is not None
    view.distribute(found)
    drawn(qtbot, view)
    drawing = view.drawing
    assert isinstance(drawing, Ridges)
    assert sum(drawing.row("Q2_K", i)[2] for i in range(drawing.count("Q2_K"))) == len(everything)  # type: ignore[misc]
    marks = (float(np.quantile(everything, 0.5)), float(np.quantile(everything, 0.99)))
    assert found.ridges["Q2_K"].marks == marks
    again = distribution(TOKENS, values)
    assert again is not None and not drawing.distribute(again), "the same counts are not drawn again"


def test_scatter_moves_as_the_interval_tightens(study: ReportData, show: MakeView, qtbot: QtBot) -> None:
    view = show(SIZE)
    (probe,) = (p for p in study.probes if p.probe == "divergence")
    size = Metric("file_size", "file size", Estimate(1e8, 1e8, 1e8, 1, "exact"), "bytes")
    samples = probe.cells["Q4_K_M"].samples
    widths = []
    for part in (8, 32):
        view.measure("Q4_K_M", {**Divergence.summarise(samples[:part]), "file_size": size})
        view.show_table(True)
        (row,) = rows_of(view.table)
        widths.append(row[6] - row[5])  # type: ignore[operator]
    assert widths[1] < widths[0]
    drawn(qtbot, view)
    assert "file size 100.0 MB" in view.drawing.reading(("Q4_K_M", 0))


# -- thinning ------------------------------------------------------------------------------------------


def test_thinning_keeps_extremes() -> None:
    own = np.random.default_rng(3)
    x = np.cumsum(own.random(50_000))
    y = own.normal(size=50_000)
    y[1234], y[43_210] = 25.0, -31.0
    starts = thinning.columns(x, 400)
    assert starts is not None and len(starts) <= 401
    thin_x, thin_y = thinning.extremes(x, y, starts)
    assert len(thin_x) <= 802 and thin_y.max() == 25.0 and thin_y.min() == -31.0
    assert (np.diff(thin_x) >= 0).all()
    # Every pixel column of the thinned line reaches as far as the whole line does there.
    for i, start in enumerate(starts):
        end = starts[i + 1] if i + 1 < len(starts) else len(y)
        assert {thin_y[2 * i], thin_y[2 * i + 1]} == {y[start:end].min(), y[start:end].max()}
    lo, hi = thinning.envelope(y - 1, y + 1, starts)
    assert lo.min() == -32.0 and hi.max() == 26.0


def test_thinning_looks_at_what_is_in_view() -> None:
    x = np.arange(100_000.0)
    y = np.zeros(100_000)
    y[70_000] = 1.0
    values = (x, y, y - 0.5, y + 0.5)
    whole = _thin(values, 0, 100_000, 500)
    assert len(whole[0]) <= 1002 and whole[1].max() == 1.0 and whole[4].max() == 1.5
    close = _thin(values, 69_990, 70_010, 500)
    assert len(close[0]) == 23  # every point, and one more at each side
    assert thinning.columns(np.zeros(10), 1) is not None and thinning.columns(np.zeros(2), 1) is None


def test_many_points_draw_few(show: MakeView, qtbot: QtBot) -> None:
    figure = Line("Running mean", "m", Axis("item"), Axis("mean"))
    view = show(figure, [Variant("a", "A", True), Variant("b", "B")])
    for key in "ab":
        view.extend(key, [Sample("m", i, math.sin(i / 900), -2.0, 2.0, 1) for i in range(30_000)])
    drawn(qtbot, view)
    assert isinstance(view.drawing, Lines)
    curve, _ = view.drawing._curves["b"]
    assert len(curve.xData) < 4 * view.width()
    assert np.max(curve.yData) == max(math.sin(i / 900) for i in range(30_000))
    assert view.drawing.count("b") == 30_000


@pytest.mark.parametrize(
    ("points", "broad", "smooth"), [(20, True, True), (300, False, True), (3000, False, False)]
)
def test_lines_of_many_points_are_thin(
    points: int, broad: bool, smooth: bool, show: MakeView, qtbot: QtBot
) -> None:
    """Wide smooth ones take longer than several frames, from a few hundred points on."""
    view = show(KLD, [Variant("a", "A", True), Variant("b", "B", highlight=True)])
    for key in "ab":
        view.extend(key, [Sample("kld", i, 0.01 + math.sin(i) ** 2, 0.01, 1.0, 1) for i in range(points)])
    drawn(qtbot, view)
    assert isinstance(view.drawing, Lines)
    for curve, band in view.drawing._curves.values():
        assert (curve.opts["pen"].widthF() > 1.0) is broad
        assert curve.opts["antialias"] is smooth and band.smooth is broad
        assert band.path().elementCount() <= 2 * min(points, view.width() // 4) + 2


def test_a_logarithmic_line_and_its_band(show: MakeView, qtbot: QtBot) -> None:
    """Logarithms are taken of what is left after thinning; nothing moves by that."""
    figure = Line("Divergence", "m", Axis("item"), Axis("KLD", log=True))
    view = show(figure, [Variant("a", "A", True), Variant("b", "B")])
    y = np.random.default_rng(5).lognormal(-5, 1, 20_000)
    view.extend("a", [Sample("m", i, v, -0.5 * v, 2 * v, 9) for i, v in enumerate(y.tolist())])
    view.extend("b", [Sample("m", 0, 0.01, 0.005, 0.02, 9), Sample("m", 1, 0.01)])
    drawn(qtbot, view)
    assert isinstance(view.drawing, Lines)
    (curve, band), (_, few) = view.drawing._curves["a"], view.drawing._curves["b"]
    assert len(curve.xData) < 4 * view.width()
    assert curve.yData.max() == np.log10(y.max()) and curve.yData.min() == np.log10(y.min())
    floor = math.log10(
        0.1 * y.min()
    )  # an interval that reaches below zero ends a little under the lowest value
    box = band.path().boundingRect()
    assert math.isclose(box.top(), floor) and math.isclose(box.bottom(), np.log10(2 * y.max()))
    assert few.path().boundingRect().height() == pytest.approx(math.log10(4)), "no interval, no band"
    low, high = view.drawing.panel.vb.viewRange()[1]
    assert low < floor and high > np.log10(2 * y.max())
    assert view.drawing.row("b", 1) == (1, 0.01, None, None, None)


@pytest.mark.parametrize("width", [500, 850, 1600])
def test_a_long_name_does_not_push_panels_out_of_the_picture(
    width: int, show: MakeView, qtbot: QtBot
) -> None:
    metrics = {
        name: Metric(
            name, f"{name}: what this measures is said at some length", wilson(7, 9), better="higher"
        )
        for name in ("one", "two", "three")
    }
    view = show(Bars("Found", ("one", "two", "three"), Axis("found")), [Variant("a", "A")], size=(width, 600))
    view.measure("a", metrics)
    drawn(qtbot, view)
    inside = view.canvas.sceneRect()
    for panel, metric in zip(view.drawing.panels, metrics.values(), strict=True):
        assert inside.contains(panel.sceneBoundingRect())
        text = panel.title.item.sceneBoundingRect()
        assert inside.left() <= text.left() and text.right() <= panel.sceneBoundingRect().right() + 1
        shown = panel.title.item.toPlainText()
        assert shown == metric.label or (shown.endswith("…") and panel.title.toolTip() == metric.label)
    assert bool(panel.title.toolTip()) is (width == 850)


def test_bars_without_the_files_that_have_a_metric(show: MakeView, qtbot: QtBot) -> None:
    """One file is measured at two lengths already, the other at one; the first is taken out of the picture."""
    first, second = (
        Metric(name, name, wilson(right, 9), better="higher") for name, right in (("short", 7), ("long", 4))
    )
    view = show(Bars("By length", ("short", "long"), Axis("found")), [Variant("a", "A"), Variant("b", "B")])
    view.measure("a", {"short": first, "long": second})
    view.measure("b", {"short": first})
    view.legend.boxes["a"].setChecked(False)
    drawn(qtbot, view)
    assert isinstance(view.drawing, BarRows)
    assert view.drawing.place(("b", 0)) is not None and view.drawing.place(("a", 0)) is None
    assert [panel.isVisible() for panel in view.drawing.panels] == [True, True]


def test_a_scatter_forgets_what_is_no_number_any_more(show: MakeView, qtbot: QtBot) -> None:
    def found(value: float) -> dict[str, Metric]:
        size = Metric("file_size", "file size", Estimate(1e8, 1e8, 1e8, 1, "exact"), "bytes")
        return {
            "file_size": size,
            "kld_mean": Metric("kld_mean", "KLD", Estimate(value, value, value, 9, "block-t"), "nats"),
        }

    view = show(SIZE)
    view.measure("Q2_K", found(0.5))
    drawn(qtbot, view)
    assert not view.is_empty
    view.measure("Q2_K", found(math.nan))
    drawn(qtbot, view)
    assert view.is_empty and not view.export_button.isEnabled()


LOG, LINEAR, OUTLIER = (0.002, 0.03, 4.0), (1.0, 1.1, 1.2), (1.0, 1.01, 1.02, 1.03, 9.0)


@pytest.mark.parametrize(
    ("values", "limit", "seen"),
    [
        (LOG, 0.05, True), (LOG, 0.0002, True), (LOG, 1e-6, True), (LOG, 7.0, True), (LOG, 9.0, False),
        (LOG, 500.0, False), (LOG, 0.0, False), (LOG, -1.0, False),
        (LINEAR, 1.15, True), (LINEAR, 0.9, True), (LINEAR, 0.01, True), (LINEAR, 0.0, True), (LINEAR, 2.0, True),
        (LINEAR, 3.0, False),
        (OUTLIER, 1.05, True), (OUTLIER, 0.5, True), (OUTLIER, 1.4, True), (OUTLIER, 8.0, True),
        (OUTLIER, 20.0, False),
    ],
)  # fmt: skip
def test_a_margin_is_marked_where_the_report_marks_it(
    values: Sequence[float], limit: float, seen: bool, show: MakeView, qtbot: QtBot
) -> None:
    """Below all files and above, on either axis."""
    size = Metric("file_size", "file size", Estimate(1e8, 1e8, 1e8, 1, "exact"), "bytes")
    found = {
        name: {
            "file_size": size,
            "kld_mean": Metric("kld_mean", "KLD", Estimate(v, v, v, 9, "block-t"), "nats"),
        }
        for name, v in zip(map(str, range(9)), values, strict=False)
    }
    view = show(SIZE, [Variant(name, name) for name in found])
    for name, metrics in found.items():
        view.measure(name, metrics)
    view.set_limit((limit, "margin"))
    drawn(qtbot, view)
    page = scatters(
        SIZE, [Curve(name, metrics=metrics) for name, metrics in found.items()], (limit, "margin")
    )
    assert page is not None and page.axes[0].get_yscale() == ("log" if values is LOG else "linear")
    marked = any("margin" in text.get_text() for text in page.axes[0].texts)
    assert isinstance(view.drawing, Scatters)
    assert (view.drawing._line.isVisible(), marked) == (seen, seen)


def test_a_value_below_zero_is_read_before_its_axis_is_drawn(show: MakeView, qtbot: QtBot) -> None:
    """The divergence of a file that equals its base can be a little below zero: the base's numbers are rounded."""
    view = show(KLD)
    view.extend("Q8_0", [Sample("kld", n, 0.1 * (n + 1), 0.05, math.inf, 255) for n in range(4)])
    drawn(qtbot, view)
    at = view.drawing.place(("Q8_0", 3))
    assert at is not None
    view.extend("Q8_0", [Sample("kld", n, y, -0.02, 0.01, 255) for n, y in ((4, 0.0), (5, -0.01))])
    view.canvas.pointed.emit(at)
    assert view.readout.text().startswith("Q8_0 · chunk 3: 0.4")
    view.canvas.stepped.emit(1, 0)
    assert view.readout.text().startswith("Q8_0 · chunk 4: 0")
    drawn(qtbot, view)
    assert view.drawing.place(("Q8_0", 5)) is not None, "on an axis that is not logarithmic any more"


def test_colours_and_bands_of_lines_are_those_of_the_report(show: MakeView) -> None:
    """Also where a file has nothing to show, and where a value below zero keeps the axis from being logarithmic."""
    from matplotlib.colors import to_hex

    assert isinstance(KLD, Line)
    variants = [Variant(name, name, name == "base") for name in ("base", "a", "b", "c")]
    samples = {
        name: [Sample("kld", n, y, y - 0.05, math.inf if n == 3 else y + 0.05, 9) for n, y in enumerate(ys)]
        for name, ys in (("a", ()), ("b", (0.5, 0.4, 0.3, 0.2)), ("c", (0.2, -0.01, 0.3, 0.1)))
    }
    view = show(KLD, variants)
    curves = [Curve(v.label, v.is_base, samples=samples.get(v.key, [])) for v in variants]
    for key, own in samples.items():
        view.extend(key, own)
    page = lines(KLD, curves)
    assert page is not None
    (axes,) = page.axes
    drawn_lines = {line.get_label(): to_hex(line.get_color()) for line in axes.get_lines()}  # type: ignore[arg-type]
    assert drawn_lines == {v.key: view.drawing.colour(v).light.lower() for v in variants[2:]}
    assert axes.get_yscale() == "linear"
    for (_, own), band in zip(list(samples.items())[1:], axes.collections, strict=True):
        ends = [float(end) for _, end in np.asarray(band.get_paths()[0].vertices)]
        known = [(s.lo, s.hi) for s in own if s.lo is not None and s.hi is not None and s.hi < math.inf]
        assert (min(ends), max(ends)) == (min(lo for lo, _ in known), max(hi for _, hi in known))


# -- exports -------------------------------------------------------------------------------------------


def saved(view: FigureView, qtbot: QtBot, kind: str, path: Path) -> None:
    with qtbot.waitSignal(view.export(kind, path).done, timeout=20_000):
        pass
    assert view.readout.text() == f"Saved as {path.name}."


def test_csv_has_the_numbers_at_full_precision(
    study: ReportData, show: MakeView, qtbot: QtBot, tmp_path: Path
) -> None:
    view = show(NLL)
    (probe,) = (p for p in study.probes if p.probe == "divergence")
    samples = [s for s in probe.cells["Q6_K"].samples if s.series == "chunk"]
    view.extend("Q6_K", samples)
    saved(view, qtbot, "csv", tmp_path / "nll.csv")
    head, *rows = list(csv.reader((tmp_path / "nll.csv").open(encoding="utf-8", newline="")))
    assert head == ["file", "chunk", "mean NLL (nats)", "lower", "upper", "n"]
    assert [float(row[2]) for row in rows] == [s.y for s in samples]


@pytest.mark.parametrize("dark", [False, True])
def test_pictures_can_be_read(
    study: ReportData, show: MakeView, qtbot: QtBot, tmp_path: Path, dark: bool
) -> None:
    from PySide6.QtGui import QColor, QImage
    from PySide6.QtSvg import QSvgRenderer

    from lab_app import palette
    from lab_app.gui import theme

    theme.keeper().choose("dark" if dark else "light")
    view = show(NLL)
    (probe,) = (p for p in study.probes if p.probe == "divergence")
    for key, cell in probe.cells.items():
        view.extend(key, cell.samples)
    drawn(qtbot, view)
    saved(view, qtbot, "png", tmp_path / "nll.png")
    saved(view, qtbot, "svg", tmp_path / "nll.svg")
    picture = QImage(str(tmp_path / "nll.png"))
    assert picture.width() == 2 * view.canvas.viewport().width()
    paper = QColor(palette.PAPER.dark if dark else palette.PAPER.light)
    places = [(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)]
    colours = {picture.pixelColor(x, y).name() for x, y in places}
    assert picture.pixelColor(2, 2) == paper and len(colours) > 20
    renderer = QSvgRenderer(str(tmp_path / "nll.svg"))
    assert renderer.isValid()
    text = (tmp_path / "nll.svg").read_text(encoding="utf-8")
    assert "<title>Negative log-likelihood along the text</title>" in text and "chunk" in text


def test_a_picture_of_lines_says_which_is_which(
    study: ReportData, show: MakeView, qtbot: QtBot, tmp_path: Path
) -> None:
    """Those that are shown; on the screen their check boxes say it."""
    from PySide6.QtGui import QColor, QImage

    view = show(KLD)
    (probe,) = (p for p in study.probes if p.probe == "divergence")
    for key, cell in probe.cells.items():
        view.extend(key, cell.samples)
    view.legend.boxes["Q2_K"].setChecked(False)
    drawn(qtbot, view)
    saved(view, qtbot, "svg", tmp_path / "kld.svg")
    text = (tmp_path / "kld.svg").read_text(encoding="utf-8")
    assert ">Q8_0<" in text and ">Q4_K_M<" in text and "Q2_K" not in text
    assert "SmolLM2" not in text, "the base has no line"
    saved(view, qtbot, "png", tmp_path / "kld.png")
    picture = QImage(str(tmp_path / "kld.png"))
    above = picture.height() - 2 * view.canvas.viewport().height()
    assert 0 < above < 10 * view.fontMetrics().height()
    head = picture.copy(0, 0, picture.width(), above)
    colours = {head.pixelColor(x, y).name() for x in range(head.width()) for y in range(head.height())}
    for variant in view.look().shown:
        if not variant.is_base:
            assert QColor(view.drawing.colour(variant).light).name() in colours, variant.label


def test_the_table_is_sorted_by_number_while_values_come(
    study: ReportData, show: MakeView, qtbot: QtBot, tmp_path: Path
) -> None:
    view = show(KLD)
    (probe,) = (p for p in study.probes if p.probe == "divergence")
    samples = list(probe.cells["Q4_K_M"].samples)
    view.extend("Q4_K_M", samples[:40])
    view.show_table(True)
    drawn(qtbot, view)
    table, header = view.table_view, view.table_view.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(2) + 20, header.height() // 2)

    def column() -> list[float]:
        return [table.model().index(row, 2).data(VALUE) for row in range(table.model().rowCount())]

    before = column()
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert before != sorted(before) and column() == sorted(before)
    table.selectRow(0)
    chosen = view.table.values(view.table.kept(0))
    view.extend("Q4_K_M", samples[40:])  # sorted in a moment later
    expected = sorted(s.y for s in samples if s.series == "kld")
    qtbot.waitUntil(lambda: column() == expected, timeout=20_000)
    assert view.table.values(view.table.kept(table.currentIndex().row())) == chosen
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().split("\t") == ["" if v is None else str(v) for v in chosen]
    view.export("csv", tmp_path / "figure.csv")
    assert background.wait_for_all(20_000), "it is written in the background"
    with open(tmp_path / "figure.csv", newline="", encoding="utf-8") as file:
        written = [float(line[2]) for line in list(csv.reader(file))[1:]]
    assert written == [s.y for s in samples if s.series == "kld"], "a file is in the order of the figure"
    view.legend.boxes["Q4_K_M"].setChecked(False)
    drawn(qtbot, view)
    assert table.model().rowCount() == 0

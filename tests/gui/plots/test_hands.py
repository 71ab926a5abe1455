"""Keys, mouse, check boxes, themes, directions and screen readers."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QFileDialog,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from lab_app import palette
from lab_app.figures import Axis, HeatMap, Line
from lab_app.gui import background, theme
from lab_app.gui.plots.base import Variant
from lab_app.gui.plots.frames import FrameClock, clock
from lab_app.gui.plots.view import FigureView
from lab_app.store.records import Sample
from tests.gui.conftest import activate
from tests.gui.plots.conftest import MakeView, drawn

FIGURE = Line("Running mean", "m", Axis("item"), Axis("mean", "nats"))
THREE = [Variant("base", "F16", True), Variant("q4", "Q4_K_M"), Variant("q2", "Q2_K")]


def filled(view: FigureView, n: int = 30) -> FigureView:
    for shift, key in enumerate(("base", "q4", "q2")):
        view.extend(key, [Sample("m", i, 1.0 + shift + i / n, shift, 3.0 + shift, 10) for i in range(n)])
    return view


def test_says_that_nothing_is_measured_yet(show: MakeView, qtbot: QtBot) -> None:
    view = show(FIGURE, THREE)
    assert view.stack.currentWidget() is view.empty and "Nothing is measured yet" in view.empty.text()
    assert not view.export_button.isEnabled()
    view.extend("q4", [Sample("other series", 0, 1.0)])
    assert view.is_empty
    filled(view)
    drawn(qtbot, view)
    assert view.stack.currentWidget() is view.canvas and view.export_button.isEnabled()


def test_check_boxes_by_keyboard(show: MakeView, qtbot: QtBot) -> None:
    view = filled(show(FIGURE, THREE))
    drawn(qtbot, view)
    boxes = view.findChildren(QCheckBox)
    assert [b.accessibleName() for b in boxes] == ["F16", "Q4_K_M", "Q2_K"]
    activate(view)
    boxes[0].setFocus()
    qtbot.keyClick(boxes[0], Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is boxes[1]
    qtbot.keyClick(boxes[1], Qt.Key.Key_Space)
    drawn(qtbot, view)
    curves = view.drawing._curves  # type: ignore[attr-defined]
    assert [curves[k][0].isVisible() for k in ("base", "q4", "q2")] == [True, False, True]
    view.show_table(True)
    assert {view.table.values(r)[0] for r in range(view.table.rowCount())} == {"F16", "Q2_K"}


def test_arrow_keys_read_values(show: MakeView, qtbot: QtBot) -> None:
    view = filled(show(FIGURE, THREE))
    drawn(qtbot, view)
    for key, text in (
        (Qt.Key.Key_Right, "F16 · item 0: 1"),
        (Qt.Key.Key_Right, "F16 · item 1: 1"),
        (Qt.Key.Key_Down, "Q4_K_M · item 1: 2"),
        (Qt.Key.Key_Left, "Q4_K_M · item 0: 2"),
        (Qt.Key.Key_Up, "F16 · item 0: 1"),
    ):
        qtbot.keyClick(view.canvas, key)
        assert view.readout.text().startswith(text), view.readout.text()
        assert view.canvas.accessibleDescription() == view.readout.text()
    assert view.readout.text().endswith("n = 10") and view.canvas.marker.isVisible()
    qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert not view.canvas.marker.isVisible()


def test_zoom_and_back(show: MakeView, qtbot: QtBot) -> None:
    view = filled(show(FIGURE, THREE))
    drawn(qtbot, view)
    panel = view.drawing.panels[0]
    full = panel.vb.viewRange()
    qtbot.keyClicks(view.canvas, "++")
    drawn(qtbot, view)
    near = panel.vb.viewRange()
    assert near[0][1] - near[0][0] < 0.7 * (full[0][1] - full[0][0])
    filled(view, 40)  # new samples do not take the user's range away
    drawn(qtbot, view)
    assert panel.vb.viewRange() == near
    qtbot.mouseDClick(view.canvas.viewport(), Qt.MouseButton.LeftButton)
    drawn(qtbot, view)
    assert panel.vb.viewRange()[0][1] > full[0][1]


def test_the_wheel_scrolls_the_page_and_zooms_with_ctrl(show: MakeView, qtbot: QtBot) -> None:
    view = filled(show(FIGURE, THREE))
    drawn(qtbot, view)
    middle = QPointF(view.canvas.viewport().rect().center())

    def turn(modifiers: Qt.KeyboardModifier) -> bool:
        at = view.canvas.viewport().mapToGlobal(middle.toPoint())
        event = QWheelEvent(
            middle, QPointF(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, modifiers,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        event.ignore()
        view.canvas.wheelEvent(event)
        return view.drawing.panels[0].zoomed

    assert not turn(Qt.KeyboardModifier.NoModifier)
    assert turn(Qt.KeyboardModifier.ControlModifier)


def test_theme_changes_live(show: MakeView, qtbot: QtBot) -> None:
    view = filled(show(FIGURE, THREE))
    drawn(qtbot, view)

    def corner() -> str:
        return view.canvas.grab().toImage().pixelColor(3, 3).name()

    assert corner() == theme.make(dark=False).panel
    theme.keeper().choose("dark")
    drawn(qtbot, view)
    assert corner() == theme.make(dark=True).panel
    pen = view.drawing._curves["q4"][0].opts["pen"]  # type: ignore[attr-defined]
    assert pen.color().name() == palette.CATEGORIES[0].dark


def test_every_part_has_a_name_and_a_tab_stop(show: MakeView, qtbot: QtBot) -> None:
    view = filled(show(FIGURE, THREE))
    drawn(qtbot, view)
    for kind in (QToolButton, QCheckBox, QAbstractItemView):
        for widget in view.findChildren(kind):
            if widget.objectName().startswith("qt_") or widget.parent() is view.table_view:
                continue
            assert widget.accessibleName(), widget
            assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget
    assert (
        view.canvas.accessibleName() == "Running mean" and "Arrow keys" in view.canvas.accessibleDescription()
    )
    assert not view.table_view.tabKeyNavigation()
    assert view.table.headerData(2, Qt.Orientation.Horizontal) == "mean (nats)"


def test_right_to_left_mirrors_the_frame_not_the_numbers(show: MakeView, qtbot: QtBot) -> None:
    view = filled(show(FIGURE, THREE))
    drawn(qtbot, view)
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    drawn(qtbot, view)
    qtbot.waitUntil(lambda: view.title.geometry().center().x() > view.width() / 2, timeout=20_000)
    boxes = [view.legend.boxes[k] for k in ("base", "q4")]
    assert boxes[0].x() > boxes[1].x()
    first, last = (view.drawing.place(("q4", i)) for i in (0, 29))
    assert first is not None and last is not None and first.x() < last.x()


def test_labels_do_not_overlap(show: MakeView, qtbot: QtBot) -> None:
    figure = HeatMap("Found", "c", Axis("depth"), Axis("length", "tokens"), Axis("found"))
    view = show(figure, THREE[:1], size=(420, 420))
    view.extend(
        "base",
        [
            Sample("c", f"{r}:{c}", float((r + c) % 2), payload={"row": r, "column": 1000 + c})
            for r in range(40)
            for c in range(100)
        ],
    )
    drawn(qtbot, view)
    panel = view.drawing.panels[0]
    metrics = view.fontMetrics()
    for axis, length in ((panel.x_axis, panel.vb.width()), (panel.y_axis, panel.vb.height())):
        low, high = sorted(axis.range)
        ((_, values),) = axis.tickValues(low, high, length)
        texts = axis.tickStrings(values, 1.0, 1.0)
        assert 2 <= len(texts) <= 40
        gap = length * (values[1] - values[0]) / (high - low)
        room = max(metrics.horizontalAdvance(t) for t in texts) if axis is panel.x_axis else metrics.height()
        assert gap >= room


@pytest.mark.parametrize("points", [2, 3, 4, 12, 400])
@pytest.mark.parametrize("log", [False, True])
def test_what_is_counted_has_ticks_at_whole_numbers(
    points: int, log: bool, show: MakeView, qtbot: QtBot
) -> None:
    view = show(Line("Along the text", "m", Axis("chunk", log=log), Axis("mean", "nats")), THREE[:1])
    view.extend("base", [Sample("m", i, 1.0 + i / points) for i in range(1, points + 1)])
    drawn(qtbot, view)
    panel = view.drawing.panels[0]

    def ticks() -> list[float]:
        low, high = sorted(panel.x_axis.range)
        ((_, values),) = panel.x_axis.tickValues(low, high, panel.vb.width())
        return [10.0**value if log else value for value in values]

    assert ticks() and all(abs(value - round(value)) < 1e-6 for value in ticks())
    view.extend("base", [Sample("m", points + 0.25, 1.0)])
    drawn(qtbot, view)
    assert panel.x_axis.whole is False


def test_no_more_than_thirty_frames_a_second(show: MakeView, qtbot: QtBot) -> None:
    import time

    view = filled(show(FIGURE, THREE))
    drawn(qtbot, view)
    before, began = view.frames, time.monotonic()
    x = 1000
    while time.monotonic() - began < 1.0:
        view.extend("q4", [Sample("m", x, 1.0)])
        x += 1
        QApplication.processEvents()
    assert view.frames - before <= 31
    drawn(qtbot, view)
    assert view.drawing.count("q4") == 30 + x - 1000  # fewer frames, but no sample is lost


def test_other_events_come_between_two_figures(qtbot: QtBot) -> None:
    """Among them is the painting of the first: one figure a turn of the event loop."""
    order: list[str] = []

    class Plot:
        def draw_frame(self) -> None:
            order.append("figure")
            QTimer.singleShot(0, lambda: order.append("event"))

    own = FrameClock()
    plots = [Plot() for _ in range(4)]
    for plot in plots:
        own.ask(plot)
    qtbot.waitUntil(lambda: len(order) == 8, timeout=20_000)
    assert order == ["figure", "event"] * 4


def test_hidden_figures_are_not_drawn(show: MakeView, qtbot: QtBot) -> None:
    view = show(FIGURE, THREE)
    drawn(qtbot, view)
    view.hide()
    frames = view.frames
    filled(view)
    qtbot.wait(120)
    assert view.frames == frames
    view.show()
    qtbot.waitUntil(lambda: view.frames > frames, timeout=20_000)


def test_a_figure_of_which_only_the_title_is_seen_is_not_drawn(qtbot: QtBot) -> None:
    view, above, area = FigureView(FIGURE, THREE), QWidget(), QScrollArea()
    filled(view)
    inside = QWidget()
    lines = QVBoxLayout(inside)
    for part, height in ((above, 500), (view, 500)):
        part.setFixedHeight(height)
        lines.addWidget(part)
    area.setWidget(inside)
    area.setWidgetResizable(True)
    qtbot.addWidget(area)
    area.resize(700, 560)
    area.show()
    qtbot.waitExposed(area, timeout=20_000)
    qtbot.wait(100)
    assert view.title.visibleRegion() and not view.canvas.visibleRegion()
    frames = view.frames
    for x in range(1000, 1005):
        view.extend("q4", [Sample("m", x, 1.0)])
        qtbot.wait(40)
    assert view.frames == frames
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: view.frames > frames and not view._dirty, timeout=20_000)
    qtbot.wait(100)
    for x in range(2000, 2003):  # and now it is drawn as samples come, though nothing else moves
        frames = view.frames
        view.extend("q4", [Sample("m", x, 1.0)])
        qtbot.waitUntil(lambda before=frames: view.frames > before, timeout=20_000)  # type: ignore[misc]


def test_a_deleted_figure_does_not_stop_the_clock(show: MakeView, qtbot: QtBot) -> None:
    other = filled(show(FIGURE, THREE))
    gone = FigureView(FIGURE, THREE)
    gone.show()
    filled(gone)
    clock().ask(gone)
    gone.deleteLater()
    drawn(qtbot, other)
    assert other.frames


def test_preloading_in_a_thread_then_drawing() -> None:
    """In a fresh process, as the program does it after its first paint."""
    import os
    import subprocess
    import sys

    code = """
import sys
from PySide6.QtWidgets import QApplication
from lab_app.gui import plots
app = QApplication([])
assert "pyqtgraph" not in sys.modules and "numpy" not in sys.modules
plots.preload()
while not plots.is_loaded():
    app.processEvents()
assert "pyqtgraph" in sys.modules
from lab_app.figures import Axis, Line
from lab_app.gui.plots.base import Variant
from lab_app.gui.plots.view import FigureView
from lab_app.store.records import Sample
view = FigureView(Line("t", "m", Axis("x"), Axis("y")), [Variant("a", "A")])
view.show()
view.extend("a", [Sample("m", i, float(i)) for i in range(9)])
while view.frames < 2 or view._dirty:
    app.processEvents()
    view.frames or view.redraw()
    if view.frames == 1 and not view._dirty:
        view.redraw()
print("drawn", view.drawing.count("a"))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.stdout == "drawn 9\n", done.stderr


def test_the_window_may_use_any_class_of_qt_while_plots_are_imported() -> None:
    """PySide makes types when they are first looked at; two threads that do so at once crash the process."""
    import os
    import subprocess
    import sys

    code = """
import sys
from PySide6 import QtCore, QtGui, QtWidgets
from lab_app.gui import plots
app = QtWidgets.QApplication([])
sys.setswitchinterval(1e-6)
plots.preload()
while "pyqtgraph.Qt.compat" not in sys.modules and not plots.is_loaded():
    app.processEvents()
for module in (QtCore, QtGui, QtWidgets):
    for name in dir(module):
        getattr(module, name)
while not plots.is_loaded():
    app.processEvents()
print("loaded")
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=240,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "loaded\n"), done.stderr


@pytest.mark.parametrize("kind", ["png", "svg", "csv"])
def test_saving_a_figure_makes_the_file_beside_the_window(
    kind: str, show: MakeView, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = filled(show(FIGURE, THREE))
    drawn(qtbot, view)
    threads: list[threading.Thread] = []
    flush = os.fsync

    def noted(descriptor: int) -> None:
        threads.append(threading.current_thread())
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "figure"), ""))
    view.exports[kind].trigger()
    qtbot.waitUntil(lambda: view.readout.text() == f"Saved as figure.{kind}.", timeout=20_000)
    assert (tmp_path / f"figure.{kind}").stat().st_size > 100
    assert threads and threading.main_thread() not in threads
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "nowhere" / "x"), ""))
    view.exports[kind].trigger()
    qtbot.waitUntil(lambda: "No such file" in view.readout.text(), timeout=20_000)


def test_a_file_keeps_its_name_and_none_is_replaced_unasked(
    show: MakeView, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = filled(show(FIGURE, THREE))
    drawn(qtbot, view)
    asked: list[str] = []
    answers = [str(tmp_path / "版本 v1.5"), str(tmp_path / "old"), ""]

    def ask(_: object, __: str, first: str, ___: str) -> tuple[str, str]:
        asked.append(first)
        return answers[len(asked) - 1], ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    view.exports["csv"].trigger()
    qtbot.waitUntil(lambda: view.readout.text() == "Saved as 版本 v1.5.csv.", timeout=20_000)
    assert (tmp_path / "版本 v1.5.csv").read_text(encoding="utf-8").startswith("file,")
    (tmp_path / "old.csv").write_text("mine")
    view.exports["csv"].trigger()  # “old” is free, but “old.csv” is not: it is asked of, and given up
    assert background.wait_for_all(20_000)
    assert asked[2:] == [str(tmp_path / "old.csv")] and (tmp_path / "old.csv").read_text() == "mine"


def test_rows_stay_chosen_while_values_of_other_files_come(show: MakeView, qtbot: QtBot) -> None:
    """In the order of the figure, and sorted."""
    view = filled(show(FIGURE, THREE), 5)
    view.show_table(True)
    table, rows = view.table_view, view.table

    def chosen() -> list[object]:
        return [index.data() for index in table.selectionModel().selectedRows()]

    def copied() -> list[str]:
        qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        return QApplication.clipboard().text().split("\t")

    table.setFocus()
    table.selectRow(7)
    assert chosen() == ["Q4_K_M"]
    filled(view, 9)
    drawn(qtbot, view)
    assert rows.rowCount() == 27 and chosen() == ["Q4_K_M"]
    assert copied()[:3] == ["Q4_K_M", "2", "2.4"]
    assert [rows.values(row)[:2] for row in (8, 9, 17, 18, 26)] == [
        ("F16", 8), ("Q4_K_M", 0), ("Q4_K_M", 8), ("Q2_K", 0), ("Q2_K", 8),
    ]  # fmt: skip
    table.sort_down()
    filled(view, 12)
    view.table.refresh(view.look().shown)
    assert rows.rowCount() == 36 and chosen() == ["Q4_K_M"] and copied()[1] == "2"
    rows._sort_again()
    assert chosen() == ["Q4_K_M"] and copied()[1] == "2"
    assert sorted(map(rows.kept, range(36))) == list(range(36))

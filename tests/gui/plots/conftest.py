"""Figures over a study as it looks when everything went well, without a display."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from pytestqt.qtbot import QtBot

from lab_app.figures import Figure
from lab_app.gui import theme
from lab_app.gui.plots.base import Variant
from lab_app.gui.plots.view import FigureView
from lab_app.reports.model import ReportData
from tests.reports.builder import whole

MakeView = Callable[..., FigureView]


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> ReportData:
    """Samples of the real probes' kinds of eight files, read back from a real store."""
    folder: Path = tmp_path_factory.mktemp("study")
    return whole(folder).data()


@pytest.fixture
def variants(study: ReportData) -> list[Variant]:
    return [Variant(v.variant_id, v.label, v.is_base) for v in study.by_size()]


@pytest.fixture
def light(qapp: object) -> Iterator[theme.ThemeKeeper]:
    keeper = theme.keeper()
    keeper.choose("light")
    yield keeper
    keeper.choose("light")


@pytest.fixture
def show(qtbot: QtBot, light: theme.ThemeKeeper, variants: list[Variant]) -> MakeView:
    """``show(figure)``: a view of it in a window, without samples yet."""

    def make(
        figure: Figure, of: list[Variant] | None = None, size: tuple[int, int] = (760, 560)
    ) -> FigureView:
        view = FigureView(figure, variants if of is None else of)
        qtbot.addWidget(view)
        view.resize(*size)
        view.show()
        qtbot.waitExposed(view, timeout=20_000)
        return view

    return make


def drawn(qtbot: QtBot, view: FigureView) -> None:
    """Wait until everything that was taken is drawn."""
    before = view.frames
    view.redraw()
    qtbot.waitUntil(lambda: view.frames > before and not view._dirty, timeout=20_000)

"""Whatever state a study is in, its page shows what the report says and what the store holds."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from lab_app.figures import Bars, HeatMap, Histogram, Line, Scatter
from lab_app.gui import background
from lab_app.gui.app import Desktop
from lab_app.gui.plots.table import text as table_text
from lab_app.gui.plots.view import FigureView
from lab_app.gui.study.page import StudyPage
from lab_app.gui.widgets.report_table import ReportTable
from lab_app.reports import planned
from lab_app.reports.collect import collect
from lab_app.reports.document import Document, document
from lab_app.reports.drawing.common import cell_values
from lab_app.reports.drawing.ridges import array_values
from lab_app.reports.html import titles
from lab_app.reports.model import ReportData
from lab_app.reports.numbers import show_metric
from lab_app.reports.planned import Planned
from lab_app.reports.render import draw
from lab_app.reports.table import Table
from lab_app.reports.words import printable
from lab_app.stats.intervals import wilson
from lab_app.store.records import Sample, VariantRecord, pack_array
from lab_app.system.paths import Folders
from tests.gui.conftest import LONG
from tests.gui.study.test_study_page import opened
from tests.reports.builder import MEGA, Builder, digest

OpenDesktop = Callable[[], Desktop]


def _files(lab: Builder, names: tuple[str, ...] = ("Q8_0", "Q4_K_M", "Q2_K")) -> Builder:
    lab.file("base", 98 * MEGA, base=True, quant=None)
    for place, name in enumerate(names):
        lab.file(name, (90 - place) * MEGA, quant=name)
    return lab


def sums(lab: Builder, variant: str, right: int, n: int, probe_id: str = "arithmetic", **rest: Any) -> None:
    """As the probe leaves them, two a conversation: the first ``right`` are right, every third at once."""
    samples = [
        Sample(
            "item", float(i), float(i < right), n=1,
            payload={
                "a": 1, "b": i, "expected": 1 + i, "answer": 1 + i if i < right else 0, "first": (1 + i) * (i % 3 == 0),
                "digits": float(i < right), "sheet": i // 2, "phrasing": ("plain", "columns")[i % 2],
            },
        )
        for i in range(n)
    ]  # fmt: skip
    lab.cell(probe_id, "arithmetic", variant, samples, spec={"items": n}, **rest)


def keys(lab: Builder, variant: str, found: int, lengths: int = 2, repeats: int = 2, **rest: Any) -> None:
    """As the probe leaves them, the first ``found`` are found."""
    samples: list[Sample] = []
    for column in (512 << i for i in range(lengths)):
        for row in (0.0, 0.5, 1.0):
            for repeat in range(repeats):
                payload = {"row": row, "column": column, "repeat": repeat, "key": "12345", "answer": ""}
                x = f"{row:g}:{column}:{repeat}"
                samples.append(Sample("item", x, float(len(samples) < found), n=1, payload=payload))
    lab.cell("passkey", "passkey", variant, samples, spec={"lengths": lengths}, **rest)


def running(lab: Builder) -> None:
    """One measured, one on its way with one sample, one without any, one not begun."""
    _files(lab, ("Q8_0", "Q4_K_M", "Q3_K_M", "Q2_K"))
    lab.divergence("base", None)
    lab.divergence("Q8_0", 0.001)
    lab.divergence("Q4_K_M", 0.03, 0.01, chunks=1, state="running")
    lab.cell("divergence", "divergence", "Q3_K_M", [], state="running")
    lab.cell("divergence", "divergence", "Q2_K", [], state="queued")
    keys(lab, "base", 9, state="running")
    for name in ("Q8_0", "Q4_K_M", "Q3_K_M", "Q2_K"):
        lab.cell("passkey", "passkey", name, [], state="queued")


def stopped(lab: Builder) -> None:
    """Cancelled and failed in the middle, interrupted, and what waits for it in vain; the engine had a warning."""
    _files(lab, ("Q8_0", "Q4_K_M", "Q3_K_M"))
    lab.file("IQ2_M", None, quant="IQ2_M", error="The disk is full.")
    warned = {"warnings": ["The context of 4096 tokens is longer than the 2048 the model was trained on."]}
    lab.divergence("base", None, provenance=warned)
    lab.divergence("Q8_0", 0.001, chunks=5, state="cancelled", error="It was cancelled.")
    lab.divergence("Q4_K_M", 0.03, chunks=7, state="failed", error="The worker was killed.")
    lab.divergence("Q3_K_M", 0.03, chunks=9, state="queued")
    lab.cell("divergence", "divergence", "IQ2_M", [], state="queued")
    for name, rate in (("base", 30.0), ("Q8_0", 28.0)):
        lab.speed(name, rate)


def without_a_base(lab: Builder) -> None:
    """Its measurement failed, so that the others never began; one probe fails everywhere."""
    _files(lab)
    lab.cell("divergence", "divergence", "base", [], state="failed", error="The text is too short.")
    for name in ("Q8_0", "Q4_K_M", "Q2_K"):
        lab.cell("divergence", "divergence", name, [], state="cancelled", error="The base failed.")
    for name in ("base", "Q8_0", "Q4_K_M", "Q2_K"):
        lab.cell("passkey", "passkey", name, [], state="failed")
        sums(lab, name, 7, 9)


def one_file(lab: Builder) -> None:
    lab.file("base", 98 * MEGA, base=True, quant="Q4_1")
    lab.divergence("base", None, chunks=1)
    sums(lab, "base", 1, 1)


def strange_names(lab: Builder) -> None:
    """Long, foreign, alike but for their end; two probes of one kind; settings of the KV cache."""
    lab.name = "\u202e=1+1 – 日本語 «§» " + "lang" * 40
    lab.file("base", 98 * MEGA, base=True, label="модель\u202e-7B" + "x" * 120)
    names = ("a" * 100 + ".Q4", "a" * 100 + ".Q5", "=cmd|' /C calc'!A0", '<b>& "q", 量子化\tx', "q8 keys")
    for place, name in enumerate(names):
        settings = {"kv_type_k": "q8_0"} if name == "q8 keys" else {}
        notes = ("Q4_0 with kv_type_k = q8_0",) if settings else ()
        lab.file(name, (90 - place) * MEGA, settings=settings, notes=notes)
    for place, name in enumerate(("base", *names)):
        lab.divergence(name, 0.01 * place if place else None)
        sums(lab, name, 9 - place, 9, "short")
        sums(lab, name, 30 - place, 30, "long")


def many(lab: Builder) -> None:
    names = tuple(f"Q{n}" for n in range(23))
    _files(lab, names)
    lab.divergence("base", None, chunks=3, tokens=31)
    for place, name in enumerate(names):
        lab.divergence(name, 0.001 * 1.5**place, 0.0, chunks=3, tokens=31)
        keys(lab, name, place % 5, 2, 1)


def no_numbers(lab: Builder) -> None:
    """Values that are not finite, as a broken model or a plug-in could leave them."""
    _files(lab)
    for name in ("base", "Q8_0", "Q4_K_M", "Q2_K"):
        kld = {"base": None, "Q8_0": 0.0, "Q4_K_M": 0.03}.get(name, 4.0)
        lab.divergence(name, kld)
        sums(lab, name, 5, 9)
    lab.file("Q3_K_M", 70 * MEGA, quant="Q3_K_M")
    lab.divergence("Q3_K_M", 0.05)
    key = digest("broken")
    lab._job(key, "probe", "divergence: Q3_K_M")
    lab.cells[-1] = replace(lab.cells[-1], job_key=key)
    arrays = dict.fromkeys(("nll", "nll_base", "kld", "p_diff"), pack_array(np.array([0.1, np.nan, np.inf])))
    arrays["tokens"] = arrays["top"] = arrays["same_top"] = pack_array(np.array([1, 0, 1]))
    ends = ((0.1, 0.0, math.inf), (math.inf, None, None), (0.0, -math.inf, 0.2), (-0.2, -0.3, 0.0))
    for place, (y, lo, hi) in enumerate(ends):
        payload = arrays if place else {**arrays, "kld": pack_array(np.zeros(3))}
        both = (Sample("kld", place, y, lo, hi, 3), Sample("chunk", place, y, lo, hi, 3, payload))
        lab.store.append_samples(key, both)
    lab.store.finish(key, {}, {})


def foreign_files(lab: Builder) -> None:
    """Two files from elsewhere, of one name, that are not there any more; one probe twice."""
    for name, base in (("base", True), ("theirs", False)):
        lab.variants.append(
            VariantRecord(name, "theirs", base, None, None, f"/gone/{name}/theirs.gguf", "ab" * 32)
        )
    lab.divergence("base", None)
    lab.divergence("theirs", 0.2, 0.1)
    sums(lab, "base", 9, 9)
    sums(lab, "theirs", 4, 9)
    for cell in lab.cells[:2]:  # the same again under another name
        lab.cell("again", "divergence", cell.variant_id, lab.store.samples(cell.job_key))


STATES = (
    running, stopped, without_a_base, one_file, strange_names, many, no_numbers, foreign_files,
)  # fmt: skip


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_the_page_says_what_the_report_says(
    state: Callable[[Builder], None],
    open_desktop: OpenDesktop,
    qtbot: QtBot,
    folders: Folders,
    tmp_path: Path,
) -> None:
    lab = Builder(folders.root)
    state(lab)
    lab.data()
    record = lab.record()
    lab.store.close()
    desktop = open_desktop()
    store = desktop.lab.store
    assert store is not None
    # The window has put back what nobody measures any more; it reads what is in the store now.
    data = collect(record, store)
    names = {v.variant_id: printable(v.label) for v in data.variants}
    data = replace(data, variants=tuple(replace(v, label=names[v.variant_id]) for v in data.variants))
    page = opened(desktop, qtbot, record.study_id)
    qtbot.waitUntil(lambda: not page.feed.reading, timeout=LONG)
    report = document(data, figures=False)
    _texts(page, data, report)
    _tables(page, data, report)
    shown = [*planned.of_sizes(data, report.verdict)]
    for number, probe in enumerate(data.probes, 1):
        shown += planned.of_probe(f"p{number}", data, probe, report.verdict)
    assert page.figures.keys() == {item.name for item in shown}
    overview = [view.figure.title for name, view in page.figures.items() if name.startswith("s")]
    assert len(set(overview)) == len(overview), "no two figures of one name side by side"
    exported: set[type] = set()
    for item in shown:
        view = page.figures[item.name]
        _figure(view, item, data)
        assert view.caption.text() == item.caption
        if view.is_empty or len(data.variants) < 4:
            drawing = draw(item.figure, item.curves, name=item.name, limit=item.limit)
            assert view.is_empty is (drawing is None), (item.name, "is drawn by one of the two only")
        if not view.is_empty and type(item.figure) not in exported:
            exported.add(type(item.figure))
            _exports(view, tmp_path)


def _texts(page: StudyPage, data: ReportData, report: Document) -> None:
    assert page.head.title.text() == printable(data.study.name)
    assert sorted(page.verdict.texts) == sorted(s.text for s in report.verdict.sentences)
    assert page.verdict.texts[0] == report.verdict.headline
    tabs = [page.tabs.tabText(place) for place in range(page.tabs.count())]
    assert tabs[1 : len(data.probes) + 1] == list(titles(report).values())
    assert len(set(tabs)) == len(tabs), "a name a tab"
    for section in report.probes:
        warned = page._tabs[section.probe.probe_id].problem.text().split("\n")
        assert set(warned) - {""} <= set(section.remarks)
        for cell in section.probe.cells.values():
            for warning in cell.provenance.get("warnings", ()):
                assert any(warning in line for line in warned)
    assert page.failures.isVisible() is bool(data.failures)
    if page.tokens is not None:
        offered = [page.tokens.file.itemText(place) for place in range(page.tokens.file.count())]
        assert len(set(offered)) == len(offered), "a name a measurement"
    assert page.answer is not None and [f.message for f in page.answer.failures] == [
        f.message for f in data.failures
    ]


def _tables(page: StudyPage, data: ReportData, report: Document) -> None:
    _same(page.main, report.main)
    assert len({row[0].text for row in report.main.rows}) == len(data.variants), "a name a file"
    for section in report.probes:
        tab = page._tabs[section.probe.probe_id]
        _same(tab.table, section.table)
        _same(tab.pairs, section.pairs)


def _same(shown: ReportTable, table: Table | None) -> None:
    assert repr(shown.model.table) == repr(table)  # where nothing is no number, nothing equals itself
    if table is None:
        assert shown.isHidden()
        return
    assert shown.caption.text() == table.caption and shown.notes.text() == "\n".join(table.notes)
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row):
            text = shown.model.index(r, c).data()
            assert all(part in text for part in (cell.text, cell.sub, cell.mark))


def _rows(item: Planned) -> Iterator[tuple[Any, ...]]:
    """The rows that a figure's table should have, from what the report draws it from."""
    figure = item.figure
    for curve in item.curves:
        samples = [s for s in curve.samples if math.isfinite(s.y)]
        match figure:
            case Line():
                for s in sorted((s for s in samples if s.series == figure.series), key=lambda s: s.x):
                    lo, hi = (v if v is not None and math.isfinite(v) else None for v in (s.lo, s.hi))
                    yield curve.label, s.x, s.y, lo, hi, s.n
            case Bars():
                for name in figure.metrics:
                    if metric := curve.metrics.get(name):
                        e = metric.estimate
                        yield curve.label, metric.label, e.value, e.lo, e.hi, e.n, metric.unit, e.method
            case HeatMap():
                for (row, column), values in cell_values(figure, curve.samples).items():
                    e = wilson(round(sum(values)), len(values))
                    yield curve.label, row, column, e.value, e.lo, e.hi, e.n
            case Scatter():
                x, y = curve.metrics.get(figure.x_metric), curve.metrics.get(figure.y_metric)
                if x and y and math.isfinite(x.estimate.value) and math.isfinite(y.estimate.value):
                    a, b = x.estimate, y.estimate
                    yield curve.label, a.value, a.lo, a.hi, b.value, b.lo, b.hi, b.n


def _figure(view: FigureView, item: Planned, data: ReportData) -> None:
    look = view.look()
    view.drawing.draw(look)
    view.table.refresh(look.shown)
    rows = [view.table.values(row) for row in range(view.table.rowCount())]
    if isinstance(item.figure, Histogram):
        for file, curve in zip(data.by_size(), item.curves, strict=True):
            counts = [
                view.drawing.row(file.variant_id, i)[2] for i in range(view.drawing.count(file.variant_id))
            ]
            assert sum(counts) == len(array_values(item.figure, curve.samples))  # type: ignore[arg-type]
    else:
        assert repr(rows) == repr(list(_rows(item)))
    place = 0
    for variant, curve in zip(look.shown, item.curves, strict=True):
        assert variant.label == curve.label
        for index in range(view.drawing.count(variant.key)):
            said = view.drawing.reading((variant.key, index))
            values = rows[place]
            place += 1
            assert said.startswith(variant.short) and "nan" not in said and "inf" not in said
            match item.figure:
                case Bars():
                    metric = next(m for m in curve.metrics.values() if m.label == values[1])
                    assert str(show_metric(metric)) in said and f"n = {metric.estimate.n}" in said
                case Scatter(x_metric=x, y_metric=y):
                    assert all(str(show_metric(curve.metrics[name])) in said for name in (x, y))
                case HeatMap():
                    assert f"of {values[-1]}" in said
            spot = view.drawing.place((variant.key, index))
            if spot is not None and not isinstance(item.figure, Histogram):
                assert math.isfinite(spot.x()) and math.isfinite(spot.y())
                assert view.drawing.nearest(spot, look) is not None


def _exports(view: FigureView, folder: Path) -> None:
    rows = [view.table.values(row) for row in range(view.table.rowCount())]
    for kind in ("png", "svg", "csv"):
        view.export(kind, folder / f"figure.{kind}")
        assert background.wait_for_all(LONG)
    with open(folder / "figure.csv", newline="", encoding="utf-8") as file:
        head, *lines = list(csv.reader(file))
    assert head == view.table.heads()
    for line, row in zip(lines, rows, strict=True):
        for written, value in zip(line, row, strict=True):
            if isinstance(value, float) and math.isfinite(value):
                assert float(written) == value
            elif value is None or isinstance(value, float):
                assert written == "" and table_text(value) == "–"
            else:
                assert written.removeprefix("'") == str(value)
    from PySide6.QtGui import QImage
    from PySide6.QtSvg import QSvgRenderer

    assert not QImage(str(folder / "figure.png")).isNull()
    assert QSvgRenderer(str(folder / "figure.svg")).isValid()

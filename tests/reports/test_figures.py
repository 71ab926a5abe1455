# ruff: noqa: E501 (tables of cases)
"""Figures: every kind in SVG, legible, without collisions of ids or names, whatever the data."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_app import palette
from lab_app.figures import Axis, Bars, Figure, HeatMap, Histogram, Line, Scatter
from lab_app.probes.base import Metric
from lab_app.reports.captions import caption
from lab_app.reports.document import Document
from lab_app.reports.drawing.common import Curve, plain, shorten
from lab_app.reports.drawing.names import SPOTS, arrange, box, cost
from lab_app.reports.model import ProbeData
from lab_app.reports.render import Drawing, draw
from lab_app.stats.estimate import Estimate
from lab_app.stats.intervals import wilson
from lab_app.store.records import Sample, pack_array

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ("Model.F16", "Q8_0", "Q4_K_M", "Q2_K")


def metric(name: str, value: float, half: float, unit: str = "") -> Metric:
    return Metric(name, name, Estimate(value, value - half, value + half, 16, "t"), unit, "lower")


def curves(
    values: Sequence[float], *, half: float = 0.01, samples: Sequence[Sequence[Sample]] | None = None
) -> list[Curve]:
    return [
        Curve(
            NAMES[i] if i < len(NAMES) else f"v{i}", i == 0, i == 2, samples[i] if samples else (),
            {"kld": metric("kld", value, half, "nats"), "file_size": metric("file_size", 2e8 - 2e7 * i, 0.0, "bytes"),
             "accuracy": Metric("accuracy", "Correct", wilson(i % 5, 4), better="higher")},
        )
        for i, value in enumerate(values)
    ]  # fmt: skip


def line_samples(count: int) -> list[Sample]:
    return [Sample("chunk", i, 0.5 + 0.1 * i, 0.4, 0.9, 10) for i in range(count)]


def cells(columns: int, found: float = 1.0) -> list[Sample]:
    return [
        Sample("item", f"{r}:{c}", found, n=1, payload={"row": r / 4, "column": 512 * (c + 1)})
        for r in range(3)
        for c in range(columns)
    ]


def tokens() -> list[Sample]:
    import numpy as np

    values = np.random.default_rng(0).lognormal(-4, 1, 200)
    return [Sample("chunk", 0, 0.1, payload={"kld": pack_array(values)})]


SCATTER = Scatter("Size", "file_size", "kld", Axis("file size"), Axis("KL divergence", "nats"))
KINDS: dict[str, tuple[Figure, list[Curve]]] = {
    "bars": (Bars("Divergence", ("kld",), Axis("KL divergence", "nats")), curves([0.01, 0.02, 0.05, 0.07])),
    "bars over decades": (Bars("Divergence", ("kld",), Axis("KLD", "nats")), curves([0.001, 0.02, 0.5, 7.0], half=0.0005)),
    "bars of three": (Bars("Three", ("kld", "accuracy", "file_size"), Axis("")), curves([0.01, 0.02, 0.05, 0.07])),
    "line": (Line("Along", "chunk", Axis("chunk"), Axis("NLL", "nats")), curves([1] * 4, samples=[line_samples(6)] * 4)),
    "line of one point": (
        Line("Along", "chunk", Axis("chunk"), Axis("NLL", "nats", log=True)), curves([1], samples=[line_samples(1)]),
    ),
    "heat maps": (
        HeatMap("Found", "item", Axis("depth"), Axis("length", "tokens"), Axis("found")),
        curves([1] * 6, samples=[cells(4, float(i % 2)) for i in range(6)]),
    ),
    "heat map of one": (
        HeatMap("Found", "item", Axis("depth"), Axis("length"), Axis("found")), curves([1], samples=[cells(12)]),
    ),
    "heat map of numbers": (
        HeatMap("Loss", "item", Axis("layer"), Axis("head"), Axis("loss")), curves([1] * 2, samples=[cells(3, 2.5)] * 2),
    ),
    "histogram": (
        Histogram("Tokens", "chunk", "kld", Axis("KLD", "nats", log=True)), curves([1] * 4, samples=[tokens()] * 4),
    ),
    "scatter": (SCATTER, curves([0.01, 0.02, 0.05, 0.07])),
    "scatter of one": (SCATTER, curves([0.01])),
    "scatter with an outlier": (SCATTER, curves([1.0, 1.01, 1.02, 1.03, 9.0], half=0.005)),
    "scatter of shares": (
        Scatter("Size", "file_size", "accuracy", Axis("file size"), Axis("Correct")), curves([1, 1, 1, 1]),
    ),
    "scatter of many": (SCATTER, curves([0.01 + 0.001 * i for i in range(20)], half=0.001)),
}  # fmt: skip


@cache
def drawn(kind: str) -> Drawing:
    return fresh(kind)


def fresh(kind: str) -> Drawing:
    figure, lines = KINDS[kind]
    drawing = draw(
        figure, lines, name="f1", limit=(0.05, "margin 0.05") if isinstance(figure, Scatter) else None
    )
    assert drawing is not None
    return drawing


def texts(drawing: Drawing) -> list[str]:
    return [t.text or "" for t in ET.fromstring(drawing.file).iter(f"{SVG}text")]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_sound_svg(kind: str) -> None:
    drawing = drawn(kind)
    root = ET.fromstring(drawing.file)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    title = root.find(f"{SVG}title")
    assert title is not None and title.text == drawing.title
    names = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(set(names)) == len(names)
    assert all(name and name.startswith("f1-") for name in names)
    # In a page it loads nothing, brings no size of its own, and every text is text.
    head = drawing.page.partition(">")[0]
    assert "viewBox" in head and "width=" not in head and "height=" not in head
    assert "<image" not in drawing.page and "http" not in drawing.page.replace("http://www.w3.org", "")
    assert texts(drawing)
    for colour in drawing.colours:
        assert f"var(--{colour.name},{colour.light})" in drawing.page


@pytest.mark.parametrize("kind", ["bars", "line", "heat maps", "scatter"])
def test_every_variant_is_named(kind: str) -> None:
    shown = " ".join(texts(drawn(kind)))
    assert all(name in shown for name in NAMES)


def test_ids_of_two_figures_never_meet(whole_document: Document) -> None:
    pages = [picture.drawing.page for picture in whole_document.pictures]
    names = [name for page in pages for name in re.findall(r'\bid="([^"]+)"', page)]
    assert len(pages) > 10
    assert len(set(names)) == len(names)


def test_nothing_to_draw_is_none() -> None:
    for figure, _ in KINDS.values():
        assert draw(figure, [Curve("empty")], name="x") is None
        assert draw(figure, [], name="x") is None


def test_numbers_that_are_none_are_left_out() -> None:
    lines = curves([0.01, math.nan, 0.05])
    figure, _ = KINDS["bars"]
    drawing = draw(figure, lines, name="x")
    assert drawing is not None and "–" in texts(drawing)
    scatter = draw(SCATTER, lines, name="x")
    assert scatter is not None and "Q8_0" not in texts(scatter)
    assert draw(SCATTER, curves([math.nan]), name="x") is None


def test_a_far_outlier_is_drawn_at_the_edge_with_its_value() -> None:
    assert "v4: 9.0000" in texts(drawn("scatter with an outlier"))


def test_the_limit_is_marked() -> None:
    assert "margin 0.05" in texts(drawn("scatter"))


def test_heat_maps_say_how_many_of_how_many() -> None:
    shown = texts(drawn("heat maps"))
    assert shown.count("1/1") == shown.count("0/1") == 3 * 12
    assert "2.50" in texts(drawn("heat map of numbers"))


def test_text_on_a_heat_map_keeps_its_colour_in_the_dark() -> None:
    """White text on dark cells must not become the paper's colour, which is black there."""
    page = drawn("heat maps").page
    assert "var(--paper" not in page
    assert "#ffffff" in page
    for place in (0.0, 0.2, 0.5, 0.8, 1.0):
        ground = palette.ramp(place)
        assert palette.contrast(ground, palette.text_on(ground)) >= 4.5


def test_png() -> None:
    assert drawn("bars").png(dpi=60).startswith(b"\x89PNG\r\n")


def test_a_users_matplotlibrc_changes_nothing() -> None:
    import matplotlib

    plainly = drawn("bars").file
    with matplotlib.rc_context(
        {"font.size": 30, "axes.facecolor": "red", "svg.fonttype": "path", "text.usetex": True}
    ):
        assert fresh("bars").file == plainly


# -- names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Q4_K_M", "Q4_K_M"), ("SmolLM2-135M-Instruct-q4_k_m-imatrix", "SmolLM2-135M-Ins…m-imatrix"), ("", "?"), (" \n\t ", "?"),
        ("a\nb\x00c", "a b\ufffdc"), ("$x$ <b>", "$x$ <b>"), ("\ud800", "\ufffd"), ("x\uffff", "x\ufffd"),
    ],
)  # fmt: skip
def test_labels_are_shortened_and_bearable(label: str, text: str) -> None:
    assert shorten(label) == text
    drawing = draw(
        KINDS["bars"][0], [Curve(label, metrics={"kld": metric("kld", 0.1, 0.01, "nats")})], name="x"
    )
    assert drawing is not None and text in texts(drawing)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(40, 560), st.floats(30, 270)), min_size=1, max_size=8))
def test_names_stay_in_the_frame_where_there_is_room_for_them(points: list[tuple[float, float]]) -> None:
    frame = (0.0, 0.0, 600.0, 300.0)
    sized = [(x, y, 30.0, 10.0) for x, y in points]
    spots = arrange(sized, [], frame, 1.0)
    for (x, y, width, height), spot in zip(sized, spots, strict=True):
        x0, y0, x1, y1 = box(x, y, width, height, SPOTS[spot], 1.0)
        assert x0 >= 0 and y0 >= 0 and x1 <= 600 and y1 <= 300


def test_names_keep_off_each_other_and_off_intervals() -> None:
    """Three points in a row with tall intervals, the names longer than the gaps."""
    frame = (0.0, 0.0, 600.0, 300.0)
    sized = [(100.0 + 30 * i, 150.0, 60.0, 10.0) for i in range(3)]
    taken = [((x - 3, 100.0, x + 3, 200.0), 10.0) for x, *_ in sized]
    spots = arrange(sized, taken, frame, 1.0)
    places = [box(x, y, w, h, SPOTS[s], 1.0) for (x, y, w, h), s in zip(sized, spots, strict=True)]
    for index, place in enumerate(places):
        others = [(p, 1.0) for i, p in enumerate(places) if i != index]
        assert cost(place, others, frame) == 0.0
    first = [cost(box(x, y, w, h, SPOTS[0], 1.0), taken, frame) for x, y, w, h in sized]
    now = [cost(place, taken, frame) for place in places]
    assert sum(now) < sum(first)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (0.05, "0.05"), (-2.5, "−2.5"), (1000.0, "1\u202f000"), (200000.0, "2e5"), (1e-7, "1e−7"), (0.00001, "0.00001"),
    ],
)  # fmt: skip
def test_ticks(value: float, text: str) -> None:
    assert plain(value) == text


# -- captions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("bars", "Lines are 95 % intervals; the square is the base. Lower is better. n = 16."),
        ("line", "Bands are the 95 % interval of each point. n = 6 points a file."),
        (
            "heat maps",
            (
                "Successes of tries in each cell, with Wilson's 95 % interval where there is room; an empty cell was not "
                "measured. n = 1 tries a cell."
            ),
        ),
        ("heat map of numbers", "The mean of each cell; an empty cell was not measured. n = 1 tries a cell."),
        ("scatter", "Each point is a file with its 95 % interval. Lower is better. n = 16."),
    ],
)
def test_captions_say_how_to_read_it_and_n(kind: str, text: str) -> None:
    figure, lines = KINDS[kind]
    probe = ProbeData("p", "p", "P", "", "kld", ("kld",), True, {}, (figure,), {})
    object.__setattr__(probe, "cells", {"a": type("C", (), {"metrics": lines[0].metrics})()})
    assert caption(figure, probe, lines) == text


def test_a_caption_promises_no_interval_where_there_is_none() -> None:
    lines = [
        Curve("a", True, metrics={"memory": Metric("memory", "m", Estimate(5, 5, 5, 1, "single"), "bytes")})
    ]
    probe = ProbeData("p", "p", "P", "", "memory", (), False, {}, (), {})
    assert caption(Bars("Memory", ("memory",), Axis("")), probe, lines) == "The square is the base. n = 1."

"""Fit badges of the builder follow the context the study asks for and its KV types, for files here and on the Hub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from lab_app.gguf.demo import demo_header
from lab_app.gguf.memory import Load, estimate, fit, resized
from lab_app.gguf.reader import read
from lab_app.gui.builder import facts as finding
from lab_app.gui.builder.builder import Builder
from lab_app.gui.builder.types import Row, TypesModel
from lab_app.gui.main_window import MainWindow
from lab_app.hub import browse
from lab_app.system.paths import Folders
from tests.gui.conftest import LONG, build
from tests.gui.test_builder import builder_for, press
from tests.models import tiny_gguf


def choose(combo: QComboBox, qtbot: QtBot, value: str) -> None:
    """With the keyboard, from the first entry down."""
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Home)
    while combo.currentData() != value:
        qtbot.keyClick(combo, Qt.Key.Key_Down)


def row_of(builder: Builder, name: str = "Q8_0") -> Row:
    return next(row for row in builder.types.rows if row.name == name)


def badge(builder: Builder, name: str = "Q8_0", role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> str:
    place = [row.name for row in builder.types.rows].index(name)
    return str(builder.types.data(builder.types.index(place, TypesModel.FIT), role))


def tooltip(builder: Builder) -> str:
    return badge(builder, role=Qt.ItemDataRole.ToolTipRole)


def test_badges_follow_context_and_kv_types(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tiny_gguf(tmp_path / "tiny.gguf", context=8192)
    builder = builder_for(window, qtbot, path)

    def needed(**load: Any) -> int:
        size = row_of(builder).nbytes
        assert size is not None
        return estimate(resized(read(str(path)), size), Load(**load)).ram.needed

    qtbot.waitUntil(lambda: row_of(builder).fit[1] == needed(n_ctx=4096), timeout=LONG)
    assert "fits" in badge(builder) and "4\u202f096" in tooltip(builder)

    press(builder.asked.boxes["divergence"], qtbot)
    qtbot.waitUntil(lambda: row_of(builder).fit[1] == needed(n_ctx=512), timeout=LONG)
    press(builder.asked.boxes["passkey"], qtbot)
    choose(builder.asked.depths["passkey"], qtbot, "thorough")
    qtbot.waitUntil(lambda: row_of(builder).fit[1] == needed(n_ctx=8192), timeout=LONG)
    assert "8\u202f192" in tooltip(builder) and "f16" in tooltip(builder)

    qtbot.mouseClick(builder.more_button, Qt.MouseButton.LeftButton)
    choose(builder.more.kv_k, qtbot, "q4_0")
    choose(builder.more.kv_v, qtbot, "q8_0")
    wanted = needed(n_ctx=8192, kv_type_k="q4_0", kv_type_v="q8_0")
    qtbot.waitUntil(lambda: row_of(builder).fit[1] == wanted, timeout=LONG)
    assert "K cache of q4_0" in tooltip(builder) and "V cache of q8_0" in tooltip(builder)
    sizes = {row.name: row.fit[1] for row in builder.types.rows}
    assert all(sizes.values()), "every row has its badge"
    assert sizes["F16"] > sizes["Q8_0"] > sizes["Q4_K_M"]


def test_each_word_of_a_fit_can_be_had(
    tmp_path: Path, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = finding.look(str(tiny_gguf(tmp_path / "tiny.gguf", context=8192)), folders)
    header = facts.header
    assert header is not None
    sizes = {"Q8_0": header.file_size // 2}
    probes = [{"kind": "passkey", "lengths": [8192]}]
    half = resized(header, sizes["Q8_0"])
    whole = fit(half, Load(n_ctx=8192), ram=1 << 40)[1].ram.needed

    def word(ram: int, vram: int = 0) -> str:
        monkeypatch.setattr(browse.Machine, "here", lambda reserve=0: browse.Machine(ram, vram, reserve))
        return finding.fits(facts, sizes, probes, {}, 0).found["Q8_0"][0]

    assert word(10 * whole) == "fits"
    assert word(round(1.05 * whole)) == "tight"
    assert word(whole // 2) == "won't fit"
    assert word(10 * whole, whole // 2) == "offload"


def test_the_largest_context_of_a_study() -> None:
    assert finding.largest_context([]) == 0
    assert finding.largest_context([{"kind": "divergence"}]) == 512, "what a probe does by itself counts"
    own = {"kind": "divergence", "context": 2048, "text": "own.txt"}
    assert finding.largest_context([own]) == 2048
    assert (
        finding.largest_context([own, {"kind": "passkey", "lengths": [1024, 4096]}, {"kind": "gone"}]) == 4096
    )


def on_the_hub(window: MainWindow, qtbot: QtBot, source: str) -> Builder:
    builder = build(window, source)
    qtbot.waitUntil(lambda: bool(builder.types.rows) and bool(builder.types.fit_note), timeout=LONG)
    return builder


def test_a_model_on_the_hub_has_badges_before_it_is_downloaded(
    hub: Any, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tiny_gguf(tmp_path / "m.gguf", layers=8)
    data = path.read_bytes()
    hub.add("org/m", {"m-f16.gguf": data})
    builder = on_the_hub(window, qtbot, "hf:org/m")
    qtbot.waitUntil(lambda: bool(row_of(builder).fit[1]), timeout=LONG)
    size = row_of(builder).nbytes
    assert size is not None and not row_of(builder).exact and hub.sent < len(data) // 2
    wanted = estimate(resized(read(str(path)), size), Load(n_ctx=2048)).ram.needed
    assert row_of(builder).fit == ("fits", wanted)
    assert "about" in str(builder.types.index(0, TypesModel.SIZE).data())


def test_what_is_not_known_is_no_badge(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    builder = on_the_hub(window, qtbot, "hf:org/m")
    assert badge(builder) == "?" and "header" in tooltip(builder)


def test_the_demo_model_has_badges_before_it_is_fetched(
    window: MainWindow, qtbot: QtBot, demo_model: Path
) -> None:
    builder = on_the_hub(window, qtbot, "demo:")
    qtbot.waitUntil(lambda: "fits" in badge(builder), timeout=LONG)
    assert not row_of(builder).exact
    real = read(str(demo_model))
    for load in (Load(n_ctx=512), Load(n_ctx=8192, kv_type_k="q8_0", kv_type_v="q4_0")):
        assert estimate(demo_header(), load) == estimate(real, load)
    assert (demo_header().n_params, demo_header().file_size) == (real.n_params, real.file_size)


def test_offline_the_hub_is_not_asked(hub: Any, window: MainWindow, qtbot: QtBot) -> None:
    hub.add("org/m", {"m-f16.gguf": b"GGUF"})
    window.context.settings.update(offline=True)
    builder = on_the_hub(window, qtbot, "hf:org/m")
    assert badge(builder) == "?" and hub.seen == []

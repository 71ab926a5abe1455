"""How much of a study's models runs on graphics cards, where the study does not say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lab_app.gguf.memory import Load, estimate
from lab_app.studies.cards import on_cards, usable_memory
from lab_app.studies.checks import Facts, facts
from lab_app.studies.schema import EngineTable, ProbeEntry
from lab_app.system import host, native


@pytest.fixture(scope="module")
def demo(demo_model: Path) -> Facts:
    return facts(demo_model)


def layers(known: Facts, memory: int, engine: EngineTable | None = None, **spec: object) -> int | None:
    probes = [ProbeEntry(kind="divergence", id="d", spec=dict(spec))] if spec else []
    return on_cards(engine or EngineTable(), known, probes, memory).gpu_layers


def test_all_where_there_is_room_and_none_without_a_card(demo: Facts) -> None:
    assert layers(demo, 80 << 30) == -1
    assert layers(demo, 0) is None


def test_what_the_study_says_stays(demo: Facts) -> None:
    assert layers(demo, 80 << 30, EngineTable(gpu_layers=0)) == 0
    assert layers(demo, 80 << 30, EngineTable(gpu_layers=7)) == 7


def test_as_many_as_fit_on_a_small_card(demo: Facts) -> None:
    assert demo.header is not None
    memory = 300 << 20
    most = layers(demo, memory)
    assert most is not None and 0 < most < 31

    def on_card(number: int) -> int:
        assert demo.header is not None
        return estimate(demo.header, Load(n_ctx=4096, gpu_layers=number)).vram.total

    assert on_card(most) <= 0.9 * memory < on_card(most + 1)


def test_a_longer_context_leaves_room_for_fewer(demo: Facts) -> None:
    short, long = layers(demo, 300 << 20), layers(demo, 300 << 20, context=8192)
    assert short is not None and long is not None and long < short


def test_a_model_nobody_has_read_yet_is_tried_whole(demo: Facts) -> None:
    assert layers(replace(demo, header=None), 1 << 20) == -1


def test_only_an_engine_that_computes_on_cards_uses_them(
    native_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "gpus", lambda: ({"memory": 24 << 30}, {"memory": 8 << 30}))
    usable_memory.cache_clear()
    try:
        computes = native.manifest().variant.startswith("cuda")
        assert usable_memory() == (32 << 30 if computes else 0)
    finally:
        usable_memory.cache_clear()

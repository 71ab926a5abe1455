"""The schema's tables against the rooms whose names they repeat."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

from lab_app.engines.base import EngineSettings
from lab_app.engines.llama_params import KV_TYPES, ROPE_SCALING
from lab_app.gguf.types import BY_NAME
from lab_app.studies.checks import _TENSOR_TYPES
from lab_app.studies.schema import EngineTable, KvType


def test_engine_table_has_every_setting_and_no_other() -> None:
    assert set(EngineTable.model_fields) == {item.name for item in fields(EngineSettings)}


def test_kv_types() -> None:
    assert set(get_args(KvType)) == set(KV_TYPES)


def test_rope_scalings() -> None:
    annotation = EngineTable.model_fields["rope_scaling"].annotation
    assert set(get_args(get_args(annotation)[0])) == set(ROPE_SCALING)


def test_tensor_types_exist() -> None:
    assert set(BY_NAME) >= _TENSOR_TYPES


def test_chosen_leaves_out_defaults() -> None:
    assert EngineTable(kv_type_k="f16", threads=2).chosen() == {"threads": 2}
    merged = EngineTable(kv_type_k="q8_0").over(EngineTable(threads=2, kv_type_k="q4_0"))
    assert merged.chosen() == {"threads": 2, "kv_type_k": "q8_0"}
    EngineSettings(**merged.chosen())

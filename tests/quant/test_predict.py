"""The table of quant types against llama.cpp, and dry runs without the vocabulary against dry runs with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lab_app.gguf.reader import read
from lab_app.quant.types import QUANT_TYPES, TENSOR_TYPES, nearest
from lab_app.system.errors import UsageError

CANONICAL = sorted({item.name for item in QUANT_TYPES.values()})


def test_ids_are_those_of_the_bindings(native_dir: Path) -> None:
    from lab_app.engines import native_api

    api = native_api.load()
    for item in QUANT_TYPES.values():
        name = "LLAMA_FTYPE_ALL_F32" if item.name == "F32" else f"LLAMA_FTYPE_MOSTLY_{item.name}"
        assert getattr(api, name) == item.ftype, item.name
    known = {
        value
        for name, value in vars(api).items()
        if name.startswith(("LLAMA_FTYPE_MOSTLY_", "LLAMA_FTYPE_ALL_")) and isinstance(value, int)
    }
    # NVFP4 files are made by converters only; llama-quantize does not offer the type.
    assert known - {item.ftype for item in QUANT_TYPES.values()} <= {api.LLAMA_FTYPE_MOSTLY_NVFP4}


def test_names_are_those_of_llama_quantize(native_dir: Path) -> None:
    import re
    import subprocess

    from lab_app.system import native

    tool = native.tool("llama-quantize")
    usage = subprocess.run(
        [tool, "--help"], capture_output=True, text=True, cwd=tool.parent, check=False
    ).stdout
    offered = re.findall(r"^\s+(\d+)\s+or\s+(\S+)\s*:", usage, re.MULTILINE)
    assert {name: int(ftype) for ftype, name in offered} == {
        name: item.ftype for name, item in QUANT_TYPES.items()
    }


def test_which_types_need_data_is_what_llama_cpp_says(tiny: Path, native_dir: Path) -> None:
    """``needs_imatrix`` of the table: the dry run of a model without fallbacks names tensors that need data."""
    from lab_app.quant.native_quantize import Options
    from lab_app.quant.predict import predict

    file = read(tiny)
    for name in CANONICAL:
        assert bool(predict(file, Options(name)).needs_imatrix) == QUANT_TYPES[name].needs_imatrix, name


@pytest.mark.parametrize("model", ["tiny", "moe", "narrow", "demo_model"])
def test_a_skeleton_is_judged_like_the_whole_file(
    model: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    from lab_app.quant import skeleton
    from lab_app.quant.native_quantize import ImatrixData, Options
    from lab_app.quant.predict import predict

    def outcome(*arguments: Any) -> Any:
        try:
            return predict(*arguments)
        except UsageError as error:
            return error.message

    file = read(request.getfixturevalue(model))
    refused = set()
    with skeleton.of(file, tmp_path) as short:
        assert short != file.path
        assert short.stat().st_blocks * 512 < max(1 << 16, file.data_offset)
        for name in CANONICAL:
            for imatrix in (None, ImatrixData({}, "text.txt", 1)):
                options = Options(name, allow_requantize=True)
                found = outcome(file, options, imatrix, short)
                assert found == outcome(file, options, imatrix)
                if isinstance(found, str):
                    assert found.startswith(f"{name} cannot be made of {file.path.name}: ")
                    refused.add(name)
    assert refused == (set() if file.embedding_length == 256 else {"Q1_0"})
    assert not list(tmp_path.iterdir())


def test_block_sizes_fit_the_base_type() -> None:
    for item in QUANT_TYPES.values():
        assert item.block_size == item.base.block
        assert item.bits_per_weight == pytest.approx(8 * item.base.block_bytes / item.base.block)
        assert item.base.name.lower() in TENSOR_TYPES


def test_nearest_name() -> None:
    assert nearest("q4km") == "Q4_K_M"
    assert nearest("IQ4XS") == "IQ4_XS"
    assert QUANT_TYPES["Q4_K"].name == "Q4_K_M"

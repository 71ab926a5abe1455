"""Quantizing through real workers: sizes predicted to the byte, refusals in one sentence, the tool's own bytes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lab_app.gguf.reader import read
from lab_app.jobs.job import FileInput
from lab_app.jobs.states import JobState
from lab_app.quant.types import QUANT_TYPES
from lab_app.system import native
from lab_app.system.hashing import sha256_file
from tests.conftest import RunJob
from tests.models import tiny_gguf

CANONICAL = sorted({item.name for item in QUANT_TYPES.values()})


def file_input(path: Path) -> FileInput:
    return FileInput(str(path), sha256_file(path))


def params(type_name: str, **changes: Any) -> dict[str, Any]:
    return {
        "type": type_name,
        "overrides": {},
        "output_type": None,
        "embedding_type": None,
        "allow_requantize": False,
        "pure": False,
    } | changes


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_gguf(tmp_path_factory.mktemp("quant") / "tiny.gguf")


@pytest.fixture(scope="module")
def moe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_gguf(tmp_path_factory.mktemp("quant") / "moe.gguf", experts=8, layers=1)


def test_ids_are_those_of_the_bindings(native_dir: Path) -> None:
    from lab_app.engines import native_api

    api = native_api.load()
    for item in QUANT_TYPES.values():
        name = "LLAMA_FTYPE_ALL_F32" if item.name == "F32" else f"LLAMA_FTYPE_MOSTLY_{item.name}"
        assert getattr(api, name) == item.ftype, item.name


def test_which_types_need_data_is_what_llama_cpp_says(tiny: Path, native_dir: Path) -> None:
    """``needs_imatrix`` of the table: the dry run of a model without fallbacks names tensors that need data."""
    from lab_app.quant.native_quantize import Options
    from lab_app.quant.predict import predict

    file = read(tiny)
    for name in CANONICAL:
        found = predict(file, Options(name))
        if QUANT_TYPES[name].needs_imatrix:
            assert found.needs_imatrix, name


@pytest.mark.parametrize("model", ["tiny", "moe"])
def test_every_type_has_the_size_that_was_predicted(
    model: str, request: pytest.FixtureRequest, run_job: RunJob
) -> None:
    path = request.getfixturevalue(model)
    predicted = run_job("predict", {"types": CANONICAL, "overrides": {}, "allow_requantize": False},
                        {"model": file_input(path)}).values  # fmt: skip
    made = 0
    for name in CANONICAL:
        ran = run_job("quantize", params(name), {"model": file_input(path)})
        if predicted[name]["needs_imatrix"]:
            assert ran.state is JobState.FAILED
            assert "importance" in ran.failure.message
            assert predicted[name]["needs_imatrix"][0] in ran.failure.message
            assert ran.failure.exit_code == 2
            continue
        file = Path(ran.values["path"])
        assert file.stat().st_size == predicted[name]["file_size"], name
        assert [[t.name, t.type.name] for t in read(file).tensors] == [
            [row[0], row[2]] for row in predicted[name]["tensors"]
        ]
        made += 1
    assert made >= 20


def test_bytes_are_those_of_llama_quantize(tiny: Path, run_job: RunJob, tmp_path: Path) -> None:
    ours = Path(run_job("quantize", params("Q4_K_M"), {"model": file_input(tiny)}).values["path"])
    theirs = tmp_path / "theirs.gguf"
    subprocess.run(
        [native.tool("llama-quantize"), tiny, theirs, "Q4_K_M"], cwd=native.tool("llama-quantize").parent,
        check=True, capture_output=True,
    )  # fmt: skip
    assert ours.read_bytes() == theirs.read_bytes()


def test_imatrix_coverage_and_use(moe: Path, run_job: RunJob, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("the quick brown fox jumps over the lazy dog. " * 60)
    ran = run_job(
        "imatrix", {"chunks": 3, "context": 128}, {"model": file_input(moe), "text": file_input(text)}
    )
    summary = ran.values
    assert summary["chunks"] == 3
    assert summary["tokens"] == 384
    assert summary["text_sha256"] == sha256_file(text)
    table = json.loads(Path(ran.artifacts["coverage"].path).read_text())
    rows = {row["tensor"]: row for row in table["rows"]}
    assert rows["blk.0.attn_q.weight"]["tokens"] == 384
    assert rows["blk.0.ffn_down_exps.weight"]["experts"] == 8
    assert "token_embd.weight" in summary["uncovered"]
    imatrix = ran.artifacts["imatrix"]
    for name in ("IQ3_XXS", "IQ2_XS"):
        made = run_job(
            "quantize", params(name),
            {"model": file_input(moe), "imatrix": FileInput(imatrix.path, imatrix.sha256)},
        )  # fmt: skip
        assert Path(made.values["path"]).stat().st_size == made.values["file_size"]
        assert read(made.values["path"]).metadata["quantize.imatrix.chunks_count"] == 3


def test_an_expert_that_was_never_active_is_counted(moe: Path, tmp_path: Path) -> None:
    """Zero the counts of one expert in a real importance matrix: the table must say so."""
    import numpy as np

    from lab_app.quant.imatrix_file import coverage

    counts = {t.name: np.array([5, 0, 3, 9, 1, 1, 1, 1]) for t in read(moe).tensors if "exps" in t.name}
    rows = {row["tensor"]: row for row in coverage(read(moe), counts)}
    assert rows["blk.0.ffn_up_exps.weight"]["experts_unseen"] == 1
    assert not rows["blk.0.attn_q.weight"]["covered"]


def test_text_too_short_for_the_matrix(tiny: Path, run_job: RunJob, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("too short")
    ran = run_job(
        "imatrix", {"chunks": 3, "context": 512}, {"model": file_input(tiny), "text": file_input(text)}
    )
    assert ran.state is JobState.FAILED
    assert "too short" in ran.failure.message and "1024" in ran.failure.message


def test_overrides(tiny: Path, run_job: RunJob) -> None:
    ran = run_job("quantize", params("Q4_K_M", overrides={r"ffn_down": "q8_0"}), {"model": file_input(tiny)})
    kinds = {t.name: t.type.name for t in read(ran.values["path"]).tensors}
    assert {kinds[name] for name in kinds if "ffn_down" in name} == {"q8_0"}
    assert ran.values["file_size"] == Path(ran.values["path"]).stat().st_size


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"overrides": {"no_such_tensor": "q8_0"}}, "matches no tensor"),
        ({"overrides": {"ffn_down": "q9_9"}}, "There is no tensor type"),
        ({"overrides": {"ffn_(": "q8_0"}}, "not a regular expression"),
        ({"type": "Q4_KM"}, "There is no quant type"),
        ({"output_type": "q4k"}, "There is no tensor type"),
    ],
)
def test_wrong_options_are_refused(tiny: Path, run_job: RunJob, change: dict[str, Any], words: str) -> None:
    ran = run_job("quantize", params("Q4_K_M") | change, {"model": file_input(tiny)})
    assert ran.state is JobState.FAILED
    assert words in ran.failure.message
    assert ran.failure.exit_code == 2
    assert not ran.artifacts


def test_requantizing_only_when_asked(demo_model: Path, run_job: RunJob) -> None:
    ran = run_job("quantize", params("Q4_K_M"), {"model": file_input(demo_model)})
    assert "quantized already" in ran.failure.message
    assert ran.failure.exit_code == 2


@pytest.mark.slow
def test_sizes_of_the_demo_model(demo_model: Path, run_job: RunJob) -> None:
    names = ["Q8_0", "IQ4_XS"]
    predicted = run_job("predict", {"types": names, "overrides": {}, "allow_requantize": True},
                        {"model": file_input(demo_model)}).values  # fmt: skip
    for name in names:
        ran = run_job("quantize", params(name, allow_requantize=True), {"model": file_input(demo_model)})
        assert Path(ran.values["path"]).stat().st_size == predicted[name]["file_size"]
        assert ran.values["requantized_from"] == "Q4_1"

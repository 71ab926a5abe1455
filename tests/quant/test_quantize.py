"""Quantizing through real workers: sizes predicted to the byte, refusals in one sentence, the tool's own bytes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import gguf
import pytest

from lab_app.gguf.reader import read
from lab_app.jobs.states import JobState
from lab_app.quant.types import QUANT_TYPES
from lab_app.system import native
from lab_app.system.paths import Folders
from tests.conftest import Ran, RunJob
from tests.models import tiny_gguf
from tests.quant.conftest import file_input, params

CANONICAL = sorted({item.name for item in QUANT_TYPES.values()})


def predicted(run_job: RunJob, model: Path, types: list[str], **more: Any) -> dict[str, Any]:
    wanted = {"types": types, "overrides": {}, "allow_requantize": True} | more
    return dict(run_job("predict", wanted, {"model": file_input(model)}).values)


def made(ran: Ran) -> Path:
    path = Path(ran.values["path"])
    assert path.stat().st_size == ran.values["file_size"] == ran.artifacts["model"].size
    return path


def tool(*arguments: str | Path, cwd: Path) -> None:
    subprocess.run([native.tool("llama-quantize"), *arguments], cwd=cwd, check=True, capture_output=True)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["tiny", "moe", "narrow"])
def test_every_type_has_the_size_that_was_predicted(
    model: str, request: pytest.FixtureRequest, run_job: RunJob
) -> None:
    path = request.getfixturevalue(model)
    types = (
        CANONICAL if model == "tiny" else ["Q8_0", "Q4_K_M", "Q4_0", "IQ3_M", "IQ4_XS", "MXFP4_MOE", "IQ2_M"]
    )
    expected = predicted(run_job, path, types)
    for name in types:
        ran = run_job("quantize", params(name), {"model": file_input(path)})
        if expected[name]["needs_imatrix"]:
            assert ran.state is JobState.FAILED
            assert "importance" in ran.failure.message
            for tensor in expected[name]["needs_imatrix"]:
                assert tensor.split(".", 2)[-1] in ran.failure.message  # blocks of a tensor are told together
            assert ran.failure.exit_code == 2
            assert not ran.artifacts
            continue
        file = made(ran)
        assert file.stat().st_size == expected[name]["file_size"], name
        assert [[t.name, t.type.name] for t in read(file).tensors] == [
            [row[0], row[2]] for row in expected[name]["tensors"]
        ]
        assert not list(file.parents[2].rglob("*.part"))


@pytest.mark.parametrize("name", ["Q4_K_M", "F32"])
def test_bytes_are_those_of_llama_quantize(tiny: Path, run_job: RunJob, tmp_path: Path, name: str) -> None:
    ours = made(run_job("quantize", params(name), {"model": file_input(tiny)}))
    tool(tiny, tmp_path / "theirs.gguf", name, cwd=tmp_path)
    assert ours.read_bytes() == (tmp_path / "theirs.gguf").read_bytes()


def test_zero_bytes_in_metadata_end_a_text(run_job: RunJob, tmp_path: Path) -> None:
    """llama.cpp copies texts up to their first zero byte; the prediction must know."""
    model = tiny_gguf(tmp_path / "odd.gguf", extra={"general.description": "one\0two", "x.y": "\0"})
    expected = predicted(run_job, model, ["Q8_0"])["Q8_0"]["file_size"]
    assert made(run_job("quantize", params("Q8_0"), {"model": file_input(model)})).stat().st_size == expected


def test_another_alignment_is_refused(run_job: RunJob, tmp_path: Path) -> None:
    writer = gguf.GGUFWriter(tmp_path / "aligned.gguf", "llama")
    writer.add_custom_alignment(64)
    writer.add_tensor("t.weight", __import__("numpy").ones((4, 32), dtype="float32"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    ran = run_job("quantize", params("Q8_0"), {"model": file_input(tmp_path / "aligned.gguf")})
    assert "aligned to 64 bytes" in ran.failure.message
    assert ran.failure.exit_code == 2


def test_progress_and_report_of_a_job(tiny: Path, run_job: RunJob) -> None:
    from lab_app.jobs.events import Progress

    ran = run_job("quantize", params("Q4_K_M"), {"model": file_input(tiny)}, hints={"name": "mine.gguf"})
    steps = [event for event in ran.events if isinstance(event, Progress)]
    tensors = read(tiny).tensors
    assert len(steps) == len(tensors) + 1
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert {step.message.split(" (")[0] for step in steps[:-1]} == {tensor.name for tensor in tensors}
    assert made(ran).name == "mine.gguf"
    assert ran.values["requantized_from"] is None
    assert ran.artifacts["model"].meta["bits_per_weight"] == ran.values["bits_per_weight"]


# -- overrides -----------------------------------------------------------------------------------------


def test_overrides(tiny: Path, run_job: RunJob, tmp_path: Path) -> None:
    chosen = {r"blk\.0\.ffn_down": "q8_0", r"attn_[qk]\.": "q5_K"}
    change = {"overrides": chosen, "output_type": "f16", "embedding_type": "q4_0"}
    ran = run_job("quantize", params("Q4_K_M", **change), {"model": file_input(tiny)})
    kinds = {t.name: t.type.name for t in read(made(ran)).tensors}
    assert kinds["blk.0.ffn_down.weight"] == "q8_0"
    assert {kinds[f"blk.{i}.attn_{x}.weight"] for i in (0, 1) for x in "qk"} == {"q5_K"}
    assert (kinds["output.weight"], kinds["token_embd.weight"]) == ("f16", "q4_0")
    arguments = [f"{pattern}={kind}" for pattern, kind in chosen.items()]
    tool(
        "--tensor-type", arguments[0], "--tensor-type", arguments[1], "--output-tensor-type", "f16",
        "--token-embedding-type", "q4_0", tiny, tmp_path / "theirs.gguf", "Q4_K_M", cwd=tmp_path,
    )  # fmt: skip
    assert made(ran).read_bytes() == (tmp_path / "theirs.gguf").read_bytes()


def test_pure_gives_one_type(tiny: Path, run_job: RunJob) -> None:
    ran = run_job("quantize", params("Q4_K_M", pure=True), {"model": file_input(tiny)})
    assert {t.type.name for t in read(made(ran)).tensors if len(t.shape) > 1} == {"q4_K"}


@pytest.mark.parametrize(
    ("model", "change", "words"),
    [
        ("tiny", {"overrides": {"no_such_tensor": "q8_0"}}, "matches no tensor"),
        ("tiny", {"overrides": {"ffn_down": "q9_9"}}, "There is no tensor type"),
        ("tiny", {"overrides": {"ffn_down": "q8_1"}}, "There is no tensor type"),
        ("tiny", {"overrides": {"ffn_(": "q8_0"}}, "not a regular expression"),
        ("tiny", {"overrides": {"(?<=blk.0.)ffn_down": "q8_0"}}, "does not understand"),
        ("tiny", {"overrides": {"attn_norm": "q8_0"}}, "has no effect"),
        ("tiny", {"type": "F16", "overrides": {"ffn_down": "q8_0"}}, "has no effect"),
        ("tiny", {"overrides": {"ffn": "q8_0", "ffn_down": "q6_k"}}, "different types"),
        ("tiny", {"type": "Q4_KM"}, "There is no quant type"),
        ("tiny", {"output_type": "q4k"}, "There is no tensor type"),
        ("tiny", {"output_type": "iq2_xxs"}, "importance data"),
        ("tiny", {"overrides": {"ffn_down": "iq2_s"}}, "importance data"),
        ("narrow", {"overrides": {"attn_q": "q6_k"}}, "rows of 288 values"),
        ("narrow", {"output_type": "q6_k"}, "rows of 288 values"),
        ("narrow", {"embedding_type": "iq4_xs"}, "rows of 288 values"),
    ],
)
def test_wrong_options_are_refused(
    model: str, change: dict[str, Any], words: str, request: pytest.FixtureRequest, run_job: RunJob
) -> None:
    path = request.getfixturevalue(model)
    ran = run_job("quantize", params("Q4_K_M") | change, {"model": file_input(path)})
    assert ran.state is JobState.FAILED
    assert words in ran.failure.message
    assert "\n" not in ran.failure.message
    assert ran.failure.exit_code == 2
    assert not ran.artifacts


# -- requantizing, fallbacks, the demo model -----------------------------------------------------------


def test_requantizing_only_when_asked(tiny: Path, run_job: RunJob, tmp_path: Path) -> None:
    once = tmp_path / "once.gguf"
    shutil.copyfile(made(run_job("quantize", params("Q4_K_M"), {"model": file_input(tiny)})), once)
    ran = run_job("quantize", params("Q3_K_S"), {"model": file_input(once)})
    assert "quantized already" in ran.failure.message
    assert "q4_K" in ran.failure.message or "q6_K" in ran.failure.message
    assert ran.failure.exit_code == 2
    ran = run_job("quantize", params("Q3_K_S", allow_requantize=True), {"model": file_input(once)})
    assert made(ran)
    assert ran.artifacts["model"].meta["requantized_from"] == "Q4_K"
    # Where most weights keep their type, those that do not still mark the file.
    ran = run_job("quantize", params("Q4_K_S", allow_requantize=True), {"model": file_input(once)})
    assert ran.values["requantized_from"] == "Q6_K"


def test_fallbacks_are_those_llama_cpp_warns_of(narrow: Path, run_job: RunJob) -> None:
    found = predicted(run_job, narrow, ["Q4_K_M", "Q8_0"])
    assert found["Q8_0"]["fallbacks"] == 0
    kinds = {row[0]: row[2] for row in found["Q4_K_M"]["tensors"]}
    named = found["Q4_K_M"]["fallback_tensors"]
    assert named["blk.0.attn_q.weight"] == "q4_K" and kinds["blk.0.attn_q.weight"] == "q5_0"
    assert "blk.0.ffn_down.weight" not in named  # rows of 512 values
    assert len(named) == found["Q4_K_M"]["fallbacks"]


@pytest.mark.slow
def test_sizes_of_the_demo_model(demo_model: Path, run_job: RunJob) -> None:
    names = ["Q8_0", "Q4_0"]
    expected = predicted(run_job, demo_model, names)
    for name in names:
        ran = run_job("quantize", params(name, allow_requantize=True), {"model": file_input(demo_model)})
        assert made(ran).stat().st_size == expected[name]["file_size"]
        assert ran.values["requantized_from"] == "Q4_1"


def test_a_file_that_llama_does_not_load_gets_no_name(
    tiny: Path, run_job: RunJob, folders: Folders, tmp_path: Path
) -> None:
    """The quantizer copies the vocabulary unread, so only loading what came out finds that it is none."""
    data = tiny.read_bytes()
    at = data.index(b"llama", data.index(b"tokenizer.ggml.model"))
    source = tmp_path / "odd.gguf"
    source.write_bytes(data[:at] + b"other" + data[at + 5 :])
    ran = run_job("quantize", params("Q8_0"), {"model": file_input(source)})
    assert ran.state is JobState.FAILED
    assert "does not load what came out" in ran.failure.message
    assert ran.failure.exit_code == 4
    assert not ran.artifacts
    assert not list(folders.root.rglob("*.gguf")) and not list(folders.root.rglob("quantized.part"))

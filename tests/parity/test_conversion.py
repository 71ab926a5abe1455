"""A converted model must compute what transformers computes: Llama and Qwen2, at f16 and at f32."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_app.gguf import convert
from lab_app.gguf.hf_folder import read_folder
from lab_app.gguf.reader import read
from lab_app.jobs.events import Progress
from lab_app.system import paths
from lab_app.system.hashing import sha256_file
from tests.conftest import Ran, RunJob
from tests.hf_models import llama_logits, llama_tokens, needs_extra, save_model, transformers_logits

pytestmark = [needs_extra, pytest.mark.usefixtures("native_dir"), pytest.mark.slow]
TOKENS = 512
TEXT = paths.resource("texts/evaluation.txt").read_text(encoding="utf-8")[:4000]


def run_convert(run_job: RunJob, folder: Path, type_name: str | None = None) -> Ran:
    model = read_folder(folder)
    job = convert.job(model, convert.folder_inputs(model, sha256_file), type_name=type_name, engine="test")
    return run_job(job.kind, job.params, job.inputs, engine=job.engine, hints=job.hints)


def pieces(folder: Path) -> list[int]:
    """The text as sentencepiece itself reads it."""
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    return [1, *processor.encode(TEXT)]


@pytest.mark.parametrize("kind", ["llama", "qwen2"])
def test_logits_match_transformers(tmp_path: Path, run_job: RunJob, kind: str) -> None:
    folder = tmp_path / f"Tiny-{kind}"
    model = save_model(folder, kind, "float16", shards="1MB")
    assert len(list(folder.glob("*.safetensors"))) > 3, "a model in parts"
    tokens = pieces(folder)[:TOKENS]
    wanted = transformers_logits(model, tokens)
    # A mistake in the order of heads or positions moves logits by 0.2. What is left at f32 grows with the position:
    # llama.cpp multiplies its way through RoPE's angles in float32.
    for type_name, most in ((None, 1e-2), ("f32", 5e-3)):
        ran = run_convert(run_job, folder, type_name)
        assert ran.values["type"] == (type_name or "f16")
        got = llama_logits(ran.values["path"], tokens)
        assert got.shape == wanted.shape == (TOKENS, 512)
        assert abs(got - wanted).max() < most
        assert (got.argmax(1) == wanted.argmax(1)).all()
    assert llama_tokens(ran.values["path"], TEXT) == pieces(folder)


def test_bf16_stays_bf16_bit_by_bit(tmp_path: Path, run_job: RunJob) -> None:
    """The type of the weights is kept by default, and nothing of them is lost; progress names every tensor."""
    import torch

    folder = tmp_path / "tiny"
    model = save_model(folder, "qwen2", "bfloat16", layers=1)
    ran = run_convert(run_job, folder)
    made = read(ran.values["path"])
    kinds = {tensor.type.name for tensor in made.tensors if len(tensor.shape) > 1}
    assert kinds == {"bf16"} and ran.values["original_type"] == "bf16"
    weights = model.model.layers[0].mlp.down_proj.weight.to(torch.bfloat16).contiguous()
    (tensor,) = (tensor for tensor in made.tensors if tensor.name == "blk.0.ffn_down.weight")
    with open(made.path, "rb") as stream:
        stream.seek(made.data_offset + tensor.offset)
        assert stream.read(tensor.nbytes) == weights.detach().view(torch.uint8).numpy().tobytes()
    said = [event.message for event in ran.events if isinstance(event, Progress)]
    assert all(any(text.startswith(tensor.name) for text in said) for tensor in made.tensors)

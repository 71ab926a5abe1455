"""Small real Hugging Face models for tests: seeded transformers models, with a tokenizer that is trained here.

The tokenizer is SentencePiece's BPE with byte fallback, trained on the lab's own text: llama.cpp's converter takes
such a ``tokenizer.model`` for every architecture whose own tokenizer it is, and for Qwen2 as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lab_app.gguf.converter import missing_packages
from lab_app.system import paths

VOCABULARY = 512
LAYERS, WIDTH, FFN, HEADS, KV_HEADS = 4, 256, 512, 4, 2

needs_extra = pytest.mark.skipif(
    bool(missing_packages()), reason=f"the extra `convert` is not installed: {', '.join(missing_packages())}"
)


def train_tokenizer(folder: Path) -> None:
    """``tokenizer.model`` and ``tokenizer_config.json``: 512 pieces, 256 of them single bytes."""
    import sentencepiece

    folder.mkdir(parents=True, exist_ok=True)
    sentencepiece.SentencePieceTrainer.train(
        input=str(paths.resource("texts/calibration.txt")),
        model_prefix=str(folder / "tokenizer"),
        model_type="bpe",
        vocab_size=VOCABULARY,
        byte_fallback=True,
        character_coverage=0.99,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        num_threads=1,
        minloglevel=2,
    )
    (folder / "tokenizer.vocab").unlink()
    config = {
        "tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>",
        "add_bos_token": True, "add_eos_token": False, "legacy": True, "model_max_length": 2048,
    }  # fmt: skip
    (folder / "tokenizer_config.json").write_text(json.dumps(config))


def save_model(
    folder: Path, kind: str, dtype: str = "float32", *, shards: str = "1GB", layers: int = LAYERS
) -> Any:
    """A seeded random model (kind: ``llama`` or ``qwen2``) as safetensors. Returns it in float32, its weights as
    they were saved."""
    import torch
    import transformers

    shape = {
        "vocab_size": VOCABULARY, "hidden_size": WIDTH, "intermediate_size": FFN, "num_hidden_layers": layers,
        "num_attention_heads": HEADS, "num_key_value_heads": KV_HEADS, "max_position_embeddings": 2048,
        "bos_token_id": 1, "eos_token_id": 2, "tie_word_embeddings": False,
    }  # fmt: skip
    torch.manual_seed(sum(map(ord, kind)))
    if kind == "llama":
        config: Any = transformers.LlamaConfig(**shape, attention_bias=False)
    else:
        config = transformers.Qwen2Config(**shape)
    model = transformers.AutoModelForCausalLM.from_config(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            # Norms and biases begin as ones and zeros, which would hide a mistake in them.
            if name.endswith(("norm.weight", "layernorm.weight")):
                parameter.uniform_(0.5, 1.5)
            elif name.endswith("bias"):
                parameter.uniform_(-0.5, 0.5)
            elif "self_attn" in name:
                # Enough attention for a mistake in heads or positions to show far beyond rounding errors.
                parameter.mul_(3)
        # The output layer answers each token with another one, so that the largest logit stands clear of rounding
        # errors: of 512 positions of a purely random model a few are decided by the last bit.
        embedding = model.get_input_embeddings().weight.normal_()
        model.get_output_embeddings().weight.copy_(embedding[torch.randperm(VOCABULARY)] / 100)
    model = model.to(getattr(torch, dtype))
    train_tokenizer(folder)
    model.save_pretrained(folder, max_shard_size=shards)
    return model.float().eval()


def transformers_logits(model: Any, tokens: list[int]) -> Any:
    """float32 logits of every position, shape (tokens, vocabulary)."""
    import torch

    with torch.inference_mode():
        return model(torch.tensor([tokens])).logits[0].numpy()


@contextmanager
def llama(path: Path | str) -> Iterator[Any]:
    """An engine with a cache in float32."""
    from lab_app.engines import open_engine
    from lab_app.engines.base import EngineSettings

    settings = EngineSettings(kv_type_k="f32", kv_type_v="f32", flash_attention="off")
    engine = open_engine("llama", str(path), settings)
    try:
        yield engine
    finally:
        engine.close()


def llama_logits(path: Path | str, tokens: list[int]) -> Any:
    """As :func:`transformers_logits`, by llama.cpp."""
    with llama(path) as engine:
        engine.open(n_ctx=len(tokens))
        (rows,) = [rows.copy() for rows in engine.score([tokens], 0)]
        return rows


def llama_tokens(path: Path | str, text: str) -> list[int]:
    with llama(path) as engine:
        return list(engine.tokenize(text, add_special=True))

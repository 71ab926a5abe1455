"""Tokens, text and chat prompts of the demo model."""

from __future__ import annotations

from typing import Any

import pytest

from lab_app.system.errors import UsageError

TEXTS = [
    "The quick brown fox jumps over the lazy dog.",
    "  leading and trailing  ",
    "Zażółć gęślą jaźń — ñandú, 東京, हिन्दी, العربية",
    "👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301 \u200b",
    "tabs\tnew\nlines\r\n\n\n",
    "def f(x):\n    return x ** 2  # 12345678901234567890",
    "\x00\x01 control",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_comes_back_from_its_tokens(llama: Any, text: str) -> None:
    tokens = llama.tokenize(text)
    assert llama.detokenize(tokens) == text
    assert all(0 <= token < llama.info.n_vocab for token in tokens)


def test_long_text_needs_no_second_guess_of_the_buffer(llama: Any) -> None:
    text = "a b" * 50_000
    assert llama.detokenize(llama.tokenize(text)) == text


def test_lone_surrogates_do_not_crash(llama: Any) -> None:
    assert llama.detokenize(llama.tokenize("x\ud800y")) == "x?y"


def test_cut_characters_become_replacement_marks(llama: Any) -> None:
    tokens = llama.tokenize("🏳")
    assert len(tokens) > 1
    assert "\ufffd" in llama.detokenize(tokens[:1])


def test_special_tokens_only_when_asked(llama: Any) -> None:
    plain = llama.tokenize("<|im_start|>")
    special = llama.tokenize("<|im_start|>", parse_special=True)
    assert len(special) == 1 and len(plain) > 1
    assert llama.detokenize(special) == ""
    assert llama.detokenize(special, special=True) == "<|im_start|>"


def test_tokens_outside_the_vocabulary_are_refused(llama: Any) -> None:
    with pytest.raises(UsageError, match="Token 49152 is not in the model's vocabulary of 49152"):
        llama.detokenize([llama.info.n_vocab])
    with pytest.raises(UsageError, match="Token -1 "):
        llama.generate([-1], max_tokens=1)


def test_chat_prompt_has_the_structure_of_the_models_template(llama: Any) -> None:
    tokens = llama.chat_prompt(
        [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "2+2?"},
            {"role": "assistant", "content": "4"},
            {"role": "user", "content": "3+3?"},
        ]
    )
    assert llama.detokenize(tokens, special=True) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n"
        "<|im_start|>user\n2+2?<|im_end|>\n"
        "<|im_start|>assistant\n4<|im_end|>\n"
        "<|im_start|>user\n3+3?<|im_end|>\n"
        "<|im_start|>assistant\n"
    )
    start = llama.tokenize("<|im_start|>", parse_special=True)[0]
    end = llama.tokenize("<|im_end|>", parse_special=True)[0]
    assert (tokens.count(start), tokens.count(end)) == (5, 4)


def test_chat_prompt_adds_the_models_own_system_turn(llama: Any) -> None:
    text = llama.detokenize(llama.chat_prompt([{"role": "user", "content": "Hi"}]), special=True)
    assert text.startswith("<|im_start|>system\nYou are a helpful AI assistant named SmolLM")


def test_provenance_names_what_ran(llama: Any) -> None:
    llama.open(n_ctx=128)
    info = llama.info
    body = info.provenance
    assert (info.n_vocab, info.n_ctx_train) == (49152, 8192)
    assert body["backends"] and all("ggml-" in name for name in body["backends"])
    assert (
        body["threads"] >= 1 and body["n_ctx"] == 128 and body["flash_attention"] in ("enabled", "disabled")
    )
    assert body["rope"]["freq_base"] == 100000.0
    assert len(body["chat_template_sha256"]) == 64
    assert body["warnings"] == []
    assert info.model_bytes == pytest.approx(96_576_768)

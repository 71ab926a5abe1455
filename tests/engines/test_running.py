"""Scoring and generation on the demo model."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lab_app.engines import open_engine
from lab_app.engines.base import Engine, EngineSettings, Sampling
from lab_app.system.errors import Cancelled, ResourceError, UsageError

STORY = (
    "Once upon a time there was a lighthouse keeper who lived alone on a rocky island. Every evening he "
    "climbed the stairs to light the lamp, and every morning he wrote down what the sea had brought him: "
)


def _score(engine: Any, sequences: list[list[int]], first: int) -> list[Any]:
    return [rows.copy() for rows in engine.score(sequences, first)]


def test_the_engine_meets_the_protocol(llama: Any) -> None:
    assert isinstance(llama, Engine)


def test_greedy_generation_is_the_argmax_path_of_scoring(llama: Any) -> None:
    prompt = llama.tokenize(STORY)
    llama.open(n_ctx=128)
    first = llama.generate(prompt, max_tokens=12)
    assert llama.generate(prompt, max_tokens=12) == first
    assert (len(first.tokens), first.stopped_by) == (12, "length")
    whole = prompt + list(first.tokens)
    (logits,) = _score(llama, [whole], len(prompt) - 1)
    assert logits.shape == (13, llama.info.n_vocab)
    assert logits[:-1].argmax(axis=1).tolist() == list(first.tokens)


def test_sequences_scored_together_agree_with_each_alone(llama: Any) -> None:
    tokens = llama.tokenize(STORY * 2)
    sequences = [tokens[:32], tokens[16:48], tokens[5:37]]
    llama.open(n_ctx=32, n_seq=3)
    together = _score(llama, sequences, 16)
    llama.open(n_ctx=32)
    for sequence, joint in zip(sequences, together, strict=True):
        (alone,) = _score(llama, [sequence], 16)
        assert joint.shape == alone.shape == (16, llama.info.n_vocab)
        np.testing.assert_allclose(joint, alone, atol=0.15)
        assert (joint.argmax(1) == alone.argmax(1)).mean() > 0.9


def test_sequences_of_different_length_in_one_batch(llama: Any) -> None:
    tokens = llama.tokenize(STORY * 2)
    llama.open(n_ctx=40, n_seq=2)
    short, long = _score(llama, [tokens[:20], tokens[:40]], 10)
    assert (len(short), len(long)) == (10, 30)
    np.testing.assert_allclose(short, long[:10], atol=0.15)


def test_a_sequence_longer_than_the_batch_is_scored_in_pieces(
    llama: Any, open_llama: Callable[..., Any]
) -> None:
    tokens = llama.tokenize(STORY * 3)[:100]
    llama.open(n_ctx=100)
    (whole,) = _score(llama, [tokens], 50)
    pieces = open_llama(n_batch=32, n_ubatch=32)
    pieces.open(n_ctx=100)
    (split,) = _score(pieces, [tokens], 50)
    assert split.shape == whole.shape
    # Other batch shapes take other kernels: single logits differ, but rows in a wrong place would not agree.
    assert np.abs(split - whole).mean() < 0.3
    assert (split.argmax(1) == whole.argmax(1)).mean() > 0.8


def test_a_kept_prefix_changes_no_bit(open_llama: Callable[..., Any]) -> None:
    engine = open_llama(n_batch=32, n_ubatch=16)
    tokens = engine.tokenize(STORY * 2)
    one, other = tokens[:70], tokens[:40] + tokens[10:45]
    engine.open(n_ctx=128)
    cold = engine.generate(other, max_tokens=5)
    (cold_logits,) = [engine._context.logits(1).copy()]
    engine.open(n_ctx=128)
    engine.generate(one, max_tokens=7)
    reused: list[int] = []
    feed = engine._context.feed
    engine._context.feed = lambda rest, position: (reused.append(position), feed(rest, position))[1]
    warm = engine.generate(other, max_tokens=5)
    assert reused == [32], "40 common tokens hold two whole micro-batches of 16"
    assert warm == cold
    np.testing.assert_array_equal(engine._context.logits(1), cold_logits)


def test_stop_strings_and_the_end_of_the_turn(llama: Any) -> None:
    prompt = llama.chat_prompt([{"role": "user", "content": "What is 2+2? Answer with one number."}])
    llama.open(n_ctx=512)
    seen: list[str] = []
    free = llama.generate(prompt, max_tokens=60, on_token=lambda token, piece: seen.append(piece))
    assert "".join(seen) == free.text
    cut = llama.generate(prompt, max_tokens=60, stop=[free.text[3:6]])
    assert cut.stopped_by == "stop" and cut.text == free.text[: free.text.find(free.text[3:6])]
    words = llama.chat_prompt([{"role": "user", "content": "Say only: ok"}])
    ended = llama.generate(words, max_tokens=400)
    assert ended.stopped_by == "eog"
    assert not ended.text.endswith("<|im_end|>")


def test_a_full_context_ends_the_generation(llama: Any) -> None:
    prompt = llama.tokenize(STORY)
    llama.open(n_ctx=len(prompt) + 3)
    result = llama.generate(prompt, max_tokens=50)
    assert (result.stopped_by, len(result.tokens)) == ("length", 4)
    with pytest.raises(
        UsageError, match=f"{len(prompt) + 4} tokens do not fit into a context of {len(prompt) + 3}"
    ):
        llama.generate(prompt + prompt[:4], max_tokens=1)


def test_sampled_generation_is_reproducible_and_depends_on_the_seed(llama: Any) -> None:
    prompt = llama.tokenize(STORY)
    llama.open(n_ctx=128)
    hot = Sampling(temperature=1.0, top_p=0.95, seed=7)
    one, two = (llama.generate(prompt, max_tokens=10, sampling=hot) for _ in range(2))
    other = llama.generate(prompt, max_tokens=10, sampling=Sampling(temperature=1.0, top_p=0.95, seed=8))
    assert one == two
    assert one.tokens != other.tokens


@pytest.mark.parametrize("kv_type", ["q8_0", "q4_0", "bf16"])
def test_kv_types_run_and_change_the_numbers(
    llama: Any, open_llama: Callable[..., Any], kv_type: str
) -> None:
    tokens = llama.tokenize(STORY)
    llama.open(n_ctx=64)
    (reference,) = _score(llama, [tokens], 20)
    engine = open_llama(kv_type_k=kv_type, kv_type_v=kv_type)
    engine.open(n_ctx=64)
    (changed,) = _score(engine, [tokens], 20)
    assert not np.array_equal(changed, reference)
    assert (changed.argmax(1) == reference.argmax(1)).mean() > 0.5
    if kv_type.startswith("q"):
        assert engine.memory()["kv"] < llama.memory()["kv"]


def test_rope_overrides_change_the_numbers(llama: Any, open_llama: Callable[..., Any]) -> None:
    tokens = llama.tokenize(STORY)
    llama.open(n_ctx=64)
    (reference,) = _score(llama, [tokens], 20)
    engine = open_llama(rope_freq_base=1e6)
    engine.open(n_ctx=64)
    (changed,) = _score(engine, [tokens], 20)
    assert not np.allclose(changed, reference, atol=0.5)
    rope = engine.info.provenance["rope"]
    assert (rope["freq_base"], rope["overrides"]) == (1e6, {"rope_freq_base": 1e6})


def test_impossible_contexts_are_refused(llama: Any) -> None:
    with pytest.raises(UsageError, match="A context of 0 tokens is not possible"):
        llama.open(n_ctx=0)
    with pytest.raises(UsageError, match="31 bits"):
        llama.open(n_ctx=3_000_000_000)
    with pytest.raises(UsageError, match="1 to 256"):
        llama.open(n_ctx=64, n_seq=1000)
    with pytest.raises(ResourceError, match=r"needs \d+\.\d GiB, but only \d+\.\d GiB are free"):
        llama.open(n_ctx=200_000_000)
    llama.open(n_ctx=64)
    assert llama.generate(llama.tokenize("Still"), max_tokens=2).tokens


def test_a_context_longer_than_trained_is_a_warning(llama: Any, open_llama: Callable[..., Any]) -> None:
    llama.open(n_ctx=8448)
    (warning,) = llama.info.provenance["warnings"]
    assert "8448 tokens is longer than the 8192" in warning
    scaled = open_llama(rope_scaling="yarn", rope_freq_scale=0.5)
    scaled.open(n_ctx=8448)
    assert scaled.info.provenance["warnings"] == []


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"kv_type_k": "q8"}, "KV cache type 'q8' is not known; did you mean 'q8_0'?"),
        ({"kv_type_v": "q4_0", "flash_attention": "off"}, "needs flash attention"),
        ({"flash_attention": "yes"}, "Flash attention setting 'yes' is not known"),
        ({"rope_scaling": "yarm"}, "RoPE scaling 'yarm' is not known; did you mean 'yarn'?"),
        ({"threads": 0}, "threads is 0, but must lie between 1 and 512"),
        ({"rope_freq_base": -1.0}, "rope_freq_base is -1.0, but must be greater than 0"),
    ],
)
def test_wrong_settings_are_refused_with_the_nearest_choice(
    demo_model: Path, settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UsageError) as caught:
        open_engine("llama", str(demo_model), EngineSettings(**settings))
    assert sentence in caught.value.message


def test_unknown_engines_name_the_nearest(demo_model: Path) -> None:
    with pytest.raises(UsageError, match="The engine 'lama' is not known; did you mean 'llama'"):
        open_engine("lama", str(demo_model), EngineSettings())


def test_cancelling_while_loading(demo_model: Path) -> None:
    fractions: list[float] = []
    with pytest.raises(Cancelled):
        open_engine(
            "llama",
            str(demo_model),
            EngineSettings(),
            progress=fractions.append,
            cancelled=lambda: len(fractions) > 2,
        )
    assert 0 < len(fractions) < 10 and fractions == sorted(fractions)


def test_cancelling_in_the_middle_of_a_computation(demo_model: Path) -> None:
    stop = threading.Event()
    engine = open_engine("llama", str(demo_model), EngineSettings(), cancelled=stop.is_set)
    try:
        engine.open(n_ctx=4096)
        timer = threading.Timer(0.3, stop.set)
        timer.start()
        start = time.monotonic()
        with pytest.raises(Cancelled):
            engine.generate([token % 40_000 for token in range(4000)], max_tokens=1)
        # 4000 tokens take far longer on any CPU this runs on; the abort comes between two graph nodes.
        assert time.monotonic() - start < 8
    finally:
        engine.close()

"""The divergence probe: its file and its numbers against plain float64, and real runs that are interrupted.

That its numbers are llama-perplexity's is shown in tests/parity/test_perplexity.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lab_app.engines import open_engine
from lab_app.probes.base import Work, registry
from lab_app.probes.common.logits_file import Header, Reader, Writer, read_header
from lab_app.probes.common.logprobs import LogProbs, row_size
from lab_app.probes.common.tool_statistics import percentile
from lab_app.probes.divergence import BASE_LOGITS, Divergence, DivergenceSpec
from lab_app.store.records import Sample, pack_array, unpack_array
from lab_app.system.errors import IntegrityError, UsageError
from tests.models import tiny_gguf
from tests.probes.conftest import SETTINGS

Measure = Callable[..., Any]


def test_it_is_registered() -> None:
    assert registry()["divergence"] is Divergence
    assert Divergence.work(DivergenceSpec(context=256, chunks=16)) == Work(prefill=4096)


# -- log-probabilities -----------------------------------------------------------------------------------


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """In float64, the textbook way."""
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True).astype(np.float64)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


VOCAB = 33
ROWS = arrays(np.float32, (7, VOCAB), elements=st.floats(-30.0, 30.0, width=32))
TOKENS = arrays(np.int32, 7, elements=st.integers(0, VOCAB - 1))


@settings(deadline=None, max_examples=60)
@given(ROWS, TOKENS)
def test_likelihoods_are_those_of_the_softmax(logits: np.ndarray, following: np.ndarray) -> None:
    kernel = LogProbs(VOCAB, threads=2)
    nll, top = kernel.nll(logits, following)
    same, again, _ = kernel.encode(logits, following)
    kernel.close()
    assert nll == pytest.approx(-log_softmax(logits)[np.arange(7), following], abs=1e-5)
    assert (top == logits.argmax(axis=1)).all()
    assert (same == nll).all() and (again == top).all()


@settings(deadline=None, max_examples=60)
@given(ROWS, ROWS, TOKENS)
def test_divergence_is_that_of_the_two_softmaxes(
    base: np.ndarray, other: np.ndarray, following: np.ndarray
) -> None:
    """Up to the 16 bits the base is kept in, and to the tokens below e⁻¹⁶ that are left out."""
    kernel = LogProbs(VOCAB, threads=1)
    *_, codes = kernel.encode(base, following)
    found = kernel.compare(other, following, codes)
    kernel.close()
    p, q = log_softmax(base), log_softmax(other)
    exact = (np.exp(p) * (p - q)).sum(axis=1)
    index = np.arange(7)
    assert found.kld == pytest.approx(exact, rel=2e-3, abs=2e-3)
    assert found.nll == pytest.approx(-q[index, following], abs=1e-4)
    clipped = np.maximum(p, p.max(axis=1, keepdims=True) - 16.0)
    assert found.nll_base == pytest.approx(-clipped[index, following], abs=1e-3)
    assert found.p_diff == pytest.approx(
        np.exp(q[index, following]) - np.exp(clipped[index, following]), abs=1e-3
    )


def test_a_model_does_not_diverge_from_itself() -> None:
    rng = np.random.default_rng(3)
    logits, following = (
        rng.normal(0, 4, (50, 200)).astype(np.float32),
        rng.integers(0, 200, 50).astype(np.int32),
    )
    kernel = LogProbs(200)
    *_, codes = kernel.encode(logits, following)
    found = kernel.compare(logits, following, codes)
    kernel.close()
    assert np.abs(found.kld).max() < 1e-3
    assert (found.top == found.top_base).all()


def test_percentiles_interpolate() -> None:
    ordered = np.array([0.0, 1.0, 2.0, 10.0], np.float32)
    assert percentile(ordered, 0.5) == 1.5
    assert percentile(ordered, 1.0) == 10.0
    assert percentile(ordered, 0.9) == pytest.approx(2.0 + 0.7 * 8.0, abs=1e-5)


# -- the file --------------------------------------------------------------------------------------------


def written(path: Path, chunks: int = 3) -> tuple[Header, np.ndarray]:
    rng = np.random.default_rng(1)
    header = Header(9, rng.integers(0, 9, (chunks, 8)).astype(np.int32))
    codes = rng.integers(0, 65536, (chunks, header.rows, row_size(9))).astype(np.uint16)
    writer = Writer(path, header)
    for chunk in codes:
        writer.append(chunk)
    writer.close()
    return header, codes


def test_what_is_written_is_read(tmp_path: Path) -> None:
    header, codes = written(tmp_path / "file")
    assert (tmp_path / "file").stat().st_size == header.file_size
    reader = Reader(tmp_path / "file")
    assert (reader.header.tokens == header.tokens).all() and reader.header.n_vocab == 9
    for index in (2, 0, 1):
        assert (reader.chunk(index) == codes[index]).all()
    reader.close()


@pytest.mark.parametrize("cut", [1, 30, 61, 100])
def test_writing_goes_on_after_the_last_whole_chunk(tmp_path: Path, cut: int) -> None:
    header, codes = written(tmp_path / "file")
    whole = (tmp_path / "file").read_bytes()
    (tmp_path / "file").write_bytes(whole[:-cut])
    writer = Writer(tmp_path / "file", header)
    assert writer.count == (header.file_size - cut - header.size) // header.chunk_size
    assert writer.missing == (3 - writer.count) * header.chunk_size
    for chunk in codes[writer.count :]:
        writer.append(chunk)
    writer.close()
    assert (tmp_path / "file").read_bytes() == whole


def test_a_file_of_another_text_is_started_anew(tmp_path: Path) -> None:
    header, _ = written(tmp_path / "file")
    writer = Writer(tmp_path / "file", Header(9, header.tokens[::-1].copy()))
    assert writer.count == 0
    writer.close()


def test_damaged_files_are_said_to_be(tmp_path: Path) -> None:
    header, _ = written(tmp_path / "file")
    whole = (tmp_path / "file").read_bytes()
    cases = {
        b"": "holds no log-probabilities",
        b"GGUF" + whole[4:]: "holds no log-probabilities",
        whole[:-1]: "is truncated",
        whole[:30]: "header is impossible",
        whole[:20] + (99).to_bytes(4, "little") + whole[24:]: "outside its vocabulary",
    }
    for content, sentence in cases.items():
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(IntegrityError, match=sentence):
            read_header(tmp_path / "file")
    assert header.n_chunk == 3


# -- statistics ------------------------------------------------------------------------------------------


def chunk(index: int, shift: float = 0.0, kld: float | None = None, tokens: int = 40) -> Sample:
    rng = np.random.default_rng(index)
    base = rng.gamma(1.2, 2.0, tokens).astype(np.float32)
    following = rng.integers(0, 500, tokens).astype(np.int32)
    body = {"tokens": following, "nll": base + np.float32(shift), "top": following}
    if kld is not None:
        body["nll_base"] = base
        body["kld"] = rng.exponential(kld, tokens)
        body["p_diff"] = (np.exp(-body["nll"]) - np.exp(-base)).astype(np.float32)
        body["same_top"] = (rng.random(tokens) > 0.1).astype(np.uint8)
    payload = {name: pack_array(array) for name, array in body.items()}
    return Sample("chunk", float(index), float(body["nll"].mean()), n=tokens, payload=payload)


def column(samples: list[Sample], name: str) -> np.ndarray:
    return np.concatenate([unpack_array(s.payload[name]) for s in samples if s.payload]).astype(np.float64)


def test_summary_of_the_base_is_its_perplexity() -> None:
    samples = [chunk(i) for i in range(12)]
    metrics = Divergence.summarise(samples)
    assert list(metrics) == ["ppl"]
    estimate = metrics["ppl"].estimate
    assert estimate.value == pytest.approx(math.exp(column(samples, "nll").mean()), rel=1e-6)
    assert estimate.lo < estimate.value < estimate.hi
    assert Divergence.summarise([]) == {} and Divergence.details([]) == {"tool": {}}


def test_summary_of_a_variant() -> None:
    samples = [chunk(i, 0.1, 0.05) for i in range(12)]
    metrics = Divergence.summarise(samples)
    kld = column(samples, "kld")
    assert metrics["kld_mean"].estimate.value == pytest.approx(kld.mean())
    assert metrics["kld_median"].estimate.value == pytest.approx(np.median(kld), rel=1e-6)
    assert metrics["kld_p99"].estimate.value == pytest.approx(np.quantile(kld, 0.99), rel=1e-4)
    assert metrics["kld_max"].estimate.value == pytest.approx(kld.max())
    assert metrics["ppl_ratio"].estimate.value == pytest.approx(math.exp(0.1), rel=1e-5)
    assert metrics["same_top"].estimate.value == pytest.approx(column(samples, "same_top").mean())
    for metric in metrics.values():
        assert metric.estimate.lo <= metric.estimate.value <= metric.estimate.hi


def test_a_difference_of_perplexities_moves_with_both_of_them() -> None:
    """Against the jackknife over chunks (Miller 1974, Biometrika 61:1), leaving out one after another."""
    samples = [chunk(i, 0.4, 0.05) for i in range(40)]
    base = [chunk(i) for i in range(40)]

    def difference(kept: list[Sample]) -> float:
        return math.exp(column(kept, "nll").mean()) - math.exp(column(kept, "nll_base").mean())

    left = [difference([s for s in samples if s is not gone]) for gone in samples]
    jackknife = math.sqrt(39 / 40 * sum((v - np.mean(left)) ** 2 for v in left))
    estimate = Divergence.summarise(samples)["ppl_diff"].estimate
    assert estimate.se == pytest.approx(jackknife, rel=0.1)
    assert estimate.value == pytest.approx(difference(samples), rel=1e-5)
    # All chunks are worse by the same factor: the ratio is certain, the difference is not.
    se = Divergence.summarise(samples)["ppl_ratio"].estimate.se
    assert se is not None and se < 1e-6
    paired = Divergence.compare(base, samples)["ppl"]
    assert paired.estimate.se == pytest.approx(estimate.se, rel=1e-3)
    assert (paired.estimate.lo, paired.estimate.hi) == pytest.approx((estimate.lo, estimate.hi), rel=1e-3)
    back = Divergence.compare(samples, base)
    assert (back["ppl"].estimate.lo, back["ppl"].estimate.hi) == pytest.approx(
        (-estimate.hi, -estimate.lo), rel=1e-3
    )
    assert back["ppl_ratio"].estimate.value == pytest.approx(-math.expm1(0.4), rel=1e-4)


@pytest.mark.filterwarnings("error")
def test_a_token_that_is_infinitely_unlikely_to_both_makes_no_noise() -> None:
    samples = [chunk(i, 0.1, 0.05) for i in range(4)]
    payload = dict(samples[2].payload or {})
    for name in ("nll", "nll_base"):
        values = unpack_array(payload[name]).copy()
        values[3] = np.inf
        payload[name] = pack_array(values)
    samples[2] = replace(samples[2], payload=payload)
    metrics = Divergence.summarise(samples)
    assert math.isinf(metrics["ppl"].estimate.value) and math.isnan(metrics["ppl_ratio"].estimate.value)
    assert math.isnan(Divergence.compare(samples, samples)["ppl_ratio"].estimate.value)
    assert math.isfinite(metrics["kld_mean"].estimate.value)


def test_one_chunk_has_no_interval() -> None:
    for metric in Divergence.summarise([chunk(0, 0.1, 0.05)]).values():
        assert metric.estimate.lo == metric.estimate.value == metric.estimate.hi
        assert metric.estimate.alone or metric.name == "kld_max"
    for difference in Divergence.compare([chunk(0)], [chunk(0, 0.1, 0.05)]).values():
        assert difference.p_value == 1.0 and not difference.distinguishable


def test_variants_are_paired_by_chunk() -> None:
    base = [chunk(i) for i in range(12)]
    near, far = [chunk(i, 0.01, 0.01) for i in range(12)], [chunk(i, 0.5, 0.5) for i in range(12)]
    between = Divergence.compare(near, far)
    assert between["kld_mean"].distinguishable and between["kld_mean"].estimate.value > 0.3
    assert between["ppl_ratio"].estimate.value == pytest.approx(math.exp(0.5) - math.exp(0.01), rel=1e-4)
    assert Divergence.compare(base, far)["ppl"].estimate.value > 0
    assert Divergence.compare(near, near)["kld_mean"].p_value == 1.0
    assert Divergence.compare(base, [chunk(i + 100) for i in range(3)]) == {}, "other chunks"
    moved = [Sample("chunk", s.x, s.y, payload=chunk(int(s.x) + 50).payload) for s in base]
    assert Divergence.compare(base, moved) == {}, "other texts in the same places"


# -- real runs -------------------------------------------------------------------------------------------

SPEC = DivergenceSpec(context=64, chunks=6)
# llama-perplexity's batch holds 32 chunks of 64 tokens; a batch of 128 makes three of two out of six.
PAIRS: Any = {"n_batch": 128}


@pytest.fixture(scope="module")
def small(native_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from dataclasses import replace

    path = tiny_gguf(tmp_path_factory.mktemp("divergence") / "tiny.gguf", context=1024)
    engine = open_engine("llama", str(path), replace(SETTINGS, **PAIRS))
    yield engine
    engine.close()


@pytest.fixture
def pairwise(small: Any, tmp_path: Path) -> Callable[..., list[Sample]]:
    """``pairwise(done, base, spec)``: a run in batches of two chunks."""
    from dataclasses import replace

    from lab_app.probes.base import ProbeContext
    from lab_app.system import paths

    def run(
        done: list[Sample] | None = None,
        base: Path | None = None,
        spec: DivergenceSpec = SPEC,
        engine: Any = None,
        text: Path | None = None,
    ) -> list[Sample]:
        files = {"text": str(text or paths.resource("texts/evaluation.txt"))}
        if base is not None:
            files[BASE_LOGITS] = str(base)
        context = ProbeContext(
            done=done or [], files=files, work_dir=str(tmp_path), settings=replace(SETTINGS, **PAIRS)
        )
        return list(Divergence(spec).run(engine or small, context))

    return run


def test_an_interrupted_base_goes_on(pairwise: Callable[..., list[Sample]], tmp_path: Path) -> None:
    whole = pairwise()
    assert [(s.series, s.x) for s in whole] == [("chunk", i) for i in range(6)]
    logits = (tmp_path / "base.logits").read_bytes()
    assert read_header(tmp_path / "base.logits").n_chunk == 6

    # Killed in the middle of writing the fourth chunk, after three samples were stored.
    header = read_header(tmp_path / "base.logits")
    (tmp_path / "base.logits").write_bytes(logits[: header.size + 3 * header.chunk_size + 11])
    assert pairwise(done=whole[:3]) == whole[3:]
    assert (tmp_path / "base.logits").read_bytes() == logits

    # The file is gone, the samples are not: it is made again, and nothing is said twice.
    (tmp_path / "base.logits").unlink()
    assert pairwise(done=whole) == []
    assert (tmp_path / "base.logits").read_bytes() == logits
    assert pairwise(spec=SPEC.model_copy(update={"keep_logits": False})) == whole


def test_an_interrupted_variant_goes_on(pairwise: Callable[..., list[Sample]], tmp_path: Path) -> None:
    pairwise()
    base = (tmp_path / "base.logits").rename(tmp_path / "of-the-base")
    whole = pairwise(base=base)
    assert [(s.series, s.x) for s in whole] == [(series, i) for i in range(6) for series in ("kld", "chunk")]
    # A kill between the two samples of one chunk.
    assert pairwise(done=whole[:5], base=base) == whole[5:]
    assert pairwise(done=whole, base=base) == []
    metrics = Divergence.summarise(whole)
    assert metrics["kld_mean"].estimate.value < 1e-6 and metrics["same_top"].estimate.value == 1.0
    assert metrics["ppl_ratio"].estimate.value == pytest.approx(1.0, abs=1e-4)


def test_what_cannot_be_compared_is_refused(
    pairwise: Callable[..., list[Sample]], tmp_path: Path, demo_engine: Any
) -> None:
    pairwise()
    base = (tmp_path / "base.logits").rename(tmp_path / "of-the-base")
    with pytest.raises(UsageError, match="49152 tokens in its vocabulary, but the base has 285"):
        pairwise(base=base, engine=demo_engine)
    with pytest.raises(IntegrityError, match="chunks of 64 tokens, not of 32"):
        pairwise(base=base, spec=DivergenceSpec(context=32, chunks=6))
    (tmp_path / "short.txt").write_text("Too short for two chunks.")
    with pytest.raises(UsageError, match="need at least 128"):
        pairwise(text=tmp_path / "short.txt")
    (tmp_path / "short.txt").write_bytes(b"\xff" * 2000)
    with pytest.raises(UsageError, match="not a text in UTF-8"):
        pairwise(text=tmp_path / "short.txt")


def test_a_quantized_model_is_further_away(
    demo_model: Path, demo_engine: Any, measure: Measure, tmp_path: Path
) -> None:
    """Q8_0 and Q2_K of the demo model, from its own tool, against itself."""
    import subprocess

    from lab_app.system import native, paths

    spec = DivergenceSpec(context=32, chunks=4)
    measure(Divergence(spec), demo_engine)
    base = (tmp_path / "base.logits").rename(tmp_path / "of-the-base")
    found = {}
    for quant in ("Q8_0", "Q2_K"):
        model = tmp_path / "quant.gguf"
        command = [
            str(native.tool("llama-quantize")),
            "--allow-requantize",
            str(demo_model),
            str(model),
            quant,
            "2",
        ]
        subprocess.run(command, check=True, capture_output=True, cwd=paths.native_dir(), timeout=300)
        engine = open_engine("llama", str(model), SETTINGS)
        samples, _ = measure(Divergence(spec), engine, files={BASE_LOGITS: str(base)})
        engine.close()
        found[quant] = Divergence.summarise(samples)["kld_mean"].estimate.value
    assert 0 < found["Q8_0"] < 0.05 < found["Q2_K"]

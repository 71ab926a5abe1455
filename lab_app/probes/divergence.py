"""Perplexity, and the Kullback–Leibler divergence from the base model, token by token.

Chunks, positions and all statistics are those of ``llama-perplexity`` (llama.cpp, tools/perplexity):
the text is cut into chunks of ``context`` tokens and the second half of each is scored. On the base model
the log-probabilities of the whole vocabulary go into a file of that tool's own format; other variants
are compared with it, token by token.

Which interval is shown: neighbouring tokens are correlated, so the lab's intervals take the *chunk* as the
independent unit (stats.intervals.block_…). The tool's own ±, which takes every token as independent,
is in :meth:`Divergence.details` beside its other numbers, for comparison.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from lab_app.engines.base import Engine
from lab_app.figures import Axis, Bars, Figure, Histogram, Line
from lab_app.probes.base import Metric, ProbeContext, ProbeSpec, Work, probe
from lab_app.probes.common import divergence_summary as summary
from lab_app.stats.estimate import PairedDifference
from lab_app.store.records import Sample, pack_array
from lab_app.system import host
from lab_app.system.errors import IntegrityError, JobFailedError, ResourceError, UsageError
from lab_app.system.translation import note

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lab_app.probes.common.logits_file import Header

BASE_LOGITS = "base_logits"
_KLD = note("probes", "KL divergence")
_CHUNK = Axis(note("probes", "chunk"))


class DivergenceSpec(ProbeSpec):
    context: int = Field(
        default=512, ge=8, le=1 << 20, description="tokens in a chunk; its second half is scored"
    )
    chunks: int | None = Field(
        default=None, ge=1, le=1 << 20, description="chunks of the text that are read (default: all)"
    )
    keep_logits: bool = Field(
        default=True,
        description="leave the log-probabilities of the base for the others to compare with; set by the plan",
    )


@probe("divergence")
class Divergence:
    """Series ``chunk``: x chunk number, y mean negative log-likelihood, payload packed arrays per token
    (``tokens``, ``nll``, ``top``; on a variant also ``nll_base``, ``kld``, ``p_diff``, ``same_top``, ``top_base``).
    Series ``kld`` (variants): x chunk number, y mean divergence of the chunk."""

    name: ClassVar[str]
    title: ClassVar[str] = note("probes", "Divergence from the base")
    question: ClassVar[str] = note("probes", "How far do the model's predictions move away from the base's?")
    Spec: ClassVar[type[ProbeSpec]] = DivergenceSpec
    figures: ClassVar[Sequence[Figure]] = (
        Bars(note("probes", "Mean KL divergence from the base"), ("kld_mean",), Axis(_KLD, "nats")),
        Bars(note("probes", "Perplexity"), ("ppl",), Axis(note("probes", "perplexity"))),
        Line(note("probes", "KL divergence along the text"), "kld", _CHUNK, Axis(_KLD, "nats", log=True)),
        Line(
            note("probes", "Negative log-likelihood along the text"),
            "chunk",
            _CHUNK,
            Axis(note("probes", "mean NLL"), "nats"),
        ),
        Histogram(
            note("probes", "KL divergence of single tokens"), "chunk", "kld", Axis(_KLD, "nats", log=True)
        ),
    )
    headline: ClassVar[str] = "kld_mean"
    reference: ClassVar[str | None] = "divergence"
    files: ClassVar[dict[str, str]] = {"text": "texts/evaluation.txt"}
    version: ClassVar[int] = 1

    def __init__(self, spec: DivergenceSpec) -> None:
        self.spec = spec

    def run(self, engine: Engine, context: ProbeContext) -> Iterator[Sample]:
        """Raises UsageError (text too short, another vocabulary), IntegrityError (damaged base file),
        ResourceError (disk), JobFailedError (the model produces no numbers)."""
        if BASE_LOGITS in context.files:
            yield from self._variant(engine, context)
        else:
            yield from self._base(engine, context)

    @classmethod
    def work(cls, spec: DivergenceSpec) -> Work:
        """Without ``chunks`` the lab's own text is meant (about 64 chunks of 512 tokens)."""
        return Work(prefill=(spec.chunks * spec.context) if spec.chunks else 64 * 512)

    # -- the two passes --------------------------------------------------------------------------

    def _base(self, engine: Engine, context: ProbeContext) -> Iterator[Sample]:
        from lab_app.probes.common.logits_file import Writer
        from lab_app.probes.common.logprobs import LogProbs

        header = self.read_text(engine, context)
        done = {int(s.x) for s in context.done if s.series == "chunk"}
        writer = None
        if self.spec.keep_logits:
            writer = Writer(Path(context.work_dir) / "base.logits", header)
            free = host.free_disk(context.work_dir)
            if free < writer.missing:
                writer.close()
                raise ResourceError(
                    f"The base leaves {_gib(writer.missing)} of log-probabilities, but {_gib(free)} of disk are free.",
                    "Free some space, or read fewer chunks.",
                )
        kernel = LogProbs(header.n_vocab)
        try:
            missing = [
                i
                for i in range(header.n_chunk)
                if i not in done or (writer is not None and i >= writer.count)
            ]
            for index, logits, following in self.scored(engine, context, header, missing):
                if writer is not None and index >= writer.count:
                    nll, top, codes = kernel.encode(logits, following)
                    _must_be_finite(nll, engine)
                    writer.append(codes)
                else:
                    nll, top = kernel.nll(logits, following)
                    _must_be_finite(nll, engine)
                if index not in done:
                    yield _sample("chunk", index, nll, {"tokens": following, "nll": nll, "top": top})
        finally:
            kernel.close()
            if writer is not None:
                writer.close()
        if writer is not None:
            meta = {
                "ephemeral": True,
                "context": header.n_ctx,
                "chunks": header.n_chunk,
                "vocabulary": header.n_vocab,
            }
            context.keep(BASE_LOGITS, str(writer.path), meta)

    def _variant(self, engine: Engine, context: ProbeContext) -> Iterator[Sample]:
        import numpy as np

        from lab_app.probes.common.logits_file import Reader
        from lab_app.probes.common.logprobs import LogProbs

        reader = Reader(context.files[BASE_LOGITS])
        header = reader.header
        if header.n_vocab != engine.info.n_vocab:
            reader.close()
            raise UsageError(
                f"The model has {engine.info.n_vocab} tokens in its vocabulary, but the base has {header.n_vocab}, "
                "so their predictions cannot be compared.",
                "Compare models made from the same original.",
            )
        if header.n_ctx != self.spec.context:
            reader.close()
            raise IntegrityError(
                f"The base was measured in chunks of {header.n_ctx} tokens, not of {self.spec.context}.",
                "Measure the base model again.",
            )
        done = {(s.series, int(s.x)) for s in context.done}
        kernel = LogProbs(header.n_vocab)
        try:
            count = min(header.n_chunk, self.spec.chunks or header.n_chunk)
            missing = [i for i in range(count) if ("chunk", i) not in done]
            for index, logits, following in self.scored(engine, context, header, missing):
                result = kernel.compare(logits, following, reader.chunk(index))
                _must_be_finite(result.nll, engine)
                _must_be_finite(result.kld, engine)
                if ("kld", index) not in done:
                    yield _sample("kld", index, result.kld)
                arrays = {
                    "tokens": following,
                    "nll": result.nll,
                    "nll_base": result.nll_base,
                    "kld": result.kld,
                    "p_diff": result.p_diff,
                    "same_top": (result.top == result.top_base).astype(np.uint8),
                    "top": result.top,
                    "top_base": result.top_base,
                }
                yield _sample("chunk", index, result.nll, arrays)
        finally:
            kernel.close()
            reader.close()

    # -- text and scoring ------------------------------------------------------------------------

    def read_text(self, engine: Engine, context: ProbeContext) -> Header:
        import numpy as np

        from lab_app.probes.common.logits_file import Header

        path = Path(context.files["text"])
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageError(f"{path.name} is not a text in UTF-8 (byte {error.start}).") from None
        # llama.cpp's tools drop one line end at the end of a prompt file (common/arg.cpp).
        tokens = engine.tokenize(text.removesuffix("\n"), add_special=True)
        n_ctx = self.spec.context
        if len(tokens) < 2 * n_ctx:
            raise UsageError(
                f"{path.name} has {len(tokens)} tokens, but chunks of {n_ctx} need at least {2 * n_ctx}.",
                "Use a longer text or a smaller context.",
            )
        count = len(tokens) // n_ctx
        if self.spec.chunks is not None:
            count = min(count, self.spec.chunks)
        array = np.array(tokens[: count * n_ctx], np.int32).reshape(count, n_ctx)
        return Header(engine.info.n_vocab, array)

    def scored(
        self, engine: Engine, context: ProbeContext, header: Header, missing: Sequence[int]
    ) -> Iterator[tuple[int, NDArray[np.float32], NDArray[np.int32]]]:
        """(chunk, logits [rows, n_vocab], the tokens they predict) of the missing chunks.

        Chunks run together as llama-perplexity batches them; an unfinished batch is run whole again, because
        its shape is part of the numbers.
        """
        n_ctx, first = header.n_ctx, header.n_ctx // 2
        together = max(1, context.settings.n_batch // n_ctx)
        if not missing:
            return
        wanted = set(missing)
        engine.open(n_ctx=n_ctx, n_seq=together)
        for start in range(0, header.n_chunk, together):
            group = range(start, min(start + together, header.n_chunk))
            if wanted.isdisjoint(group):
                continue
            context.check()
            sequences = [header.tokens[i].copy() for i in group]
            if engine.adds_bos and engine.bos is not None:
                for sequence in sequences:
                    sequence[0] = engine.bos
            for index, logits in zip(group, engine.score(sequences, first), strict=True):
                if index in wanted:
                    following = header.tokens[index, first + 1 :]
                    yield index, logits[: header.rows], following
                    context.progress(index + 1, header.n_chunk, "chunks")

    # -- pure ------------------------------------------------------------------------------------

    @classmethod
    def summarise(cls, samples: Sequence[Sample]) -> dict[str, Metric]:
        return summary.metrics(samples)

    @classmethod
    def compare(cls, base: Sequence[Sample], other: Sequence[Sample]) -> dict[str, PairedDifference]:
        return summary.compare(base, other)

    @classmethod
    def details(cls, samples: Sequence[Sample]) -> dict[str, Any]:
        """``tool``: every number llama-perplexity prints, by name, its ± as ``…_se``."""
        return {"tool": summary.tool(samples)}


def _sample(
    series: str, index: int, values: NDArray[Any], arrays: dict[str, NDArray[Any]] | None = None
) -> Sample:
    """Mean of a chunk's tokens with the normal interval within the chunk."""
    n = len(values)
    mean = float(values.mean(dtype="float64"))
    half = 1.959963984540054 * float(values.std(dtype="float64")) / math.sqrt(max(1, n - 1))
    payload = {name: pack_array(array) for name, array in arrays.items()} if arrays else None
    return Sample(series, index, mean, mean - half, mean + half, n, payload)


def _must_be_finite(values: NDArray[Any], engine: Engine) -> None:
    import numpy as np

    if not np.isfinite(values).all():
        raise JobFailedError(
            f"The model ({engine.info.description}) predicts values that are no numbers.",
            "Its file is probably damaged, or its weights overflow; make it again.",
        )


def _gib(size: int) -> str:
    return f"{size / (1 << 30):.2f} GiB"

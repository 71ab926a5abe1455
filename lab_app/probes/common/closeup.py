"""Handler of the job kind ``closeup``: what a model held probable at every token of one chunk of a text.

params: ``{"context": tokens in a chunk, "chunk": which, "chunks": how many are read (None: all), "count": alternatives,
          "engine": "llama", "settings": {fields of EngineSettings}}``
inputs: ``model``, ``text``
Result: ``{"tokens": [id …], "nll": [nats …], "top": [[[id, text, probability] …] …]}``, one entry a scored token, as
        the divergence probe scores the chunk (same batches, so the same numbers).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

from lab_app.engines import open_engine
from lab_app.engines.base import EngineSettings
from lab_app.engines.explore import top
from lab_app.jobs.context import JobContext
from lab_app.probes.base import ProbeContext
from lab_app.system.errors import UsageError


def run(context: JobContext) -> Mapping[str, Any]:
    """Raises UsageError (no such chunk, text too short), and what the engine raises."""
    from lab_app.probes.common.logprobs import LogProbs
    from lab_app.probes.divergence import Divergence, DivergenceSpec

    params = context.params
    settings = EngineSettings(**params["settings"])
    wanted, count = int(params["chunk"]), int(params["count"])
    probe = Divergence(DivergenceSpec(context=params["context"], chunks=params.get("chunks")))
    engine = open_engine(
        params["engine"], context.inputs["model"].path, settings, cancelled=context.cancelled
    )
    with closing(engine):
        own = ProbeContext(
            files={"text": context.inputs["text"].path},
            cancelled=context.cancelled,
            progress=context.progress,
            settings=settings,
        )
        header = probe.read_text(engine, own)
        if not 0 <= wanted < header.n_chunk:
            raise UsageError(
                f"The text has {header.n_chunk} chunks of {params['context']} tokens; there is no chunk {wanted}."
            )
        kernel = LogProbs(header.n_vocab)
        names: dict[int, str] = {}

        def name(token: int) -> str:
            if token not in names:
                names[token] = engine.detokenize([token], special=True)
            return names[token]

        try:
            for _, logits, following in probe.scored(engine, own, header, [wanted]):
                nll, _ = kernel.nll(logits, following)
                best = [[[i, name(i), p] for i, p in top(row, count)] for row in logits]
                tokens = following.tolist()
        finally:
            kernel.close()
        context.provenance.update(engine.info.provenance)
    return {"tokens": tokens, "nll": nll.tolist(), "top": best}

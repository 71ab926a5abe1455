"""Bytes a plan will write: exact for quantized models once ``predict`` has run, bounds for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab_app.jobs.job import ArtifactInput, FileInput, Job
from lab_app.studies.graph import REFERENCE_ROLE
from lab_app.studies.plan import Plan

BYTES_PER_LOGIT = 2
"""llama-perplexity keeps log-probabilities in 16 bits (tools/perplexity/perplexity.cpp, log_softmax)."""
CHARACTERS_PER_TOKEN = 3.0
"""Fewer characters a token than any natural text here has, so that the number of chunks is a bound."""


def output_bytes(plan: Plan, predicted: Mapping[str, Any]) -> dict[str, int]:
    """Job key → bytes it will write. ``predicted``: values of the predict job, empty while unknown."""
    found: dict[str, int] = {key: size for key, size in plan.bringing.items() if size}
    readers = {
        item.job_key
        for job in plan.jobs
        for item in job.inputs.values()
        if isinstance(item, ArtifactInput) and item.role == REFERENCE_ROLE
    }
    for job in plan.jobs:
        if job.kind == "quantize" and job.params["type"] in predicted:
            found[job.key] = int(predicted[job.params["type"]]["file_size"])
        elif job.kind == "quantize":
            found[job.key] = _rough_quant_bytes(plan, job)
        elif job.key in readers:
            found[job.key] = _logit_bytes(job, plan.source.facts.n_vocab)
    return found


def _rough_quant_bytes(plan: Plan, job: Job) -> int:
    """Parameters × bits per weight; tensors that cannot take the type make it larger, hence a tenth more."""
    from lab_app.quant.types import QUANT_TYPES

    bits = QUANT_TYPES[str(job.params["type"])].bits_per_weight
    return int(plan.source.facts.n_params * bits / 8 * 1.1)


def _logit_bytes(job: Job, n_vocab: int) -> int:
    """One row for each scored token, the second half of every chunk (perplexity.cpp, kl_divergence)."""
    spec = job.params["spec"]
    context = int(spec.get("context", 512))
    chunks = int(spec.get("chunks") or 0)
    text = job.inputs.get("text")
    if isinstance(text, FileInput):
        possible = int(Path(text.path).stat().st_size / CHARACTERS_PER_TOKEN / context) + 1
        chunks = min(chunks, possible) if chunks > 0 else possible
    return chunks * (context - context // 2) * (n_vocab + 4) * BYTES_PER_LOGIT

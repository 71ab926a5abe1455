"""Metrics and paired differences of the divergence probe, from its stored samples.

The chunk is the independent unit. Perplexities and their ratio get their intervals on the logarithmic scale, their
difference by the delta method, because both of them vary from text to text.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lab_app.probes.base import Metric
from lab_app.stats.estimate import Estimate, PairedDifference
from lab_app.stats.intervals import block_mean, block_proportion, block_quantiles, exponential
from lab_app.stats.paired import difference_of_exponentials, paired_t
from lab_app.store.records import Sample, unpack_array
from lab_app.system.translation import note, translate

if TYPE_CHECKING:
    from numpy.typing import NDArray

_QUANTILES = (
    ("kld_median", note("probes", "Median KL divergence"), 0.5),
    ("kld_p90", note("probes", "KL divergence, 90th percentile"), 0.9),
    ("kld_p95", note("probes", "KL divergence, 95th percentile"), 0.95),
    ("kld_p99", note("probes", "KL divergence, 99th percentile"), 0.99),
    ("kld_p999", note("probes", "KL divergence, 99.9th percentile"), 0.999),
)


def _chunks(samples: Iterable[Sample]) -> dict[int, Sample]:
    found = {int(s.x): s for s in samples if s.series == "chunk"}
    return dict(sorted(found.items()))


def _column(chunks: Iterable[Sample], name: str) -> list[NDArray[Any]]:
    """Packed array ``name`` of each chunk, in order."""
    return [unpack_array(payload[name]) for s in chunks if (payload := s.payload) is not None]


def _is_compared(chunks: Iterable[Sample]) -> bool:
    return all(s.payload is not None and "kld" in s.payload for s in chunks)


def _sums(blocks: Sequence[NDArray[Any]]) -> tuple[list[float], list[int]]:
    return [float(b.sum(dtype="float64")) for b in blocks], [len(b) for b in blocks]


def tool(samples: Sequence[Sample]) -> dict[str, float]:
    """What llama-perplexity prints over the same chunks; empty without samples."""
    import numpy as np

    from lab_app.probes.common import tool_statistics

    chunks = list(_chunks(samples).values())
    if not chunks:
        return {}
    if not _is_compared(chunks):
        return tool_statistics.perplexity(np.concatenate(_column(chunks, "nll")))
    names = ("nll", "nll_base", "kld", "p_diff", "same_top")
    nll, nll_base, kld, p_diff, same_top = (np.concatenate(_column(chunks, name)) for name in names)
    return dict(tool_statistics.divergence(nll, nll_base, kld, p_diff, same_top))


def metrics(samples: Sequence[Sample]) -> dict[str, Metric]:
    """On the base: ``ppl``. On a variant all of them; values agree with :func:`tool`, intervals are by chunk."""
    chunks = list(_chunks(samples).values())
    if not chunks:
        return {}
    exact = tool(samples)
    nll = _column(chunks, "nll")
    ppl = _with_value(exponential(block_mean(*_sums(nll))), exact["ppl"])
    result = [Metric("ppl", translate("probes", "Perplexity"), ppl, better="lower")]
    if not _is_compared(chunks):
        return {metric.name: metric for metric in result}

    nll_base = _column(chunks, "nll_base")
    log_ratio = block_mean(*_sums(_above(nll, nll_base)))
    ratio = _with_value(exponential(log_ratio), exact["ppl_ratio"])
    difference = _with_value(_difference(nll_base, nll), exact["ppl_diff"])
    kld = _column(chunks, "kld")
    mean_kld = block_mean(*_sums(kld))
    mean_kld = replace(mean_kld, lo=min(max(0.0, mean_kld.lo), mean_kld.value))
    result += [
        Metric("ppl_ratio", translate("probes", "Perplexity relative to the base"), ratio, better="lower"),
        Metric("ppl_diff", translate("probes", "Perplexity minus the base's"), difference, better="lower"),
        Metric("kld_mean", translate("probes", "Mean KL divergence"), mean_kld, "nats", "lower", 6),
    ]
    quantiles = block_quantiles([block.tolist() for block in kld], [q for *_, q in _QUANTILES])
    for (name, label, _), found in zip(_QUANTILES, quantiles, strict=True):
        estimate = _with_value(found, exact[name])
        result.append(Metric(name, translate("probes", label), estimate, "nats", "lower", 6))
    largest = _observed(exact["kld_max"], mean_kld.n)
    result.append(
        Metric("kld_max", translate("probes", "Largest KL divergence"), largest, "nats", "lower", 4)
    )

    same = _column(chunks, "same_top")
    top = block_proportion([int(block.sum()) for block in same], [len(block) for block in same])
    p_diff = _column(chunks, "p_diff")
    mean_shift = block_mean(*_sums(p_diff))
    square = block_mean(*_sums([block.astype("float64") ** 2 for block in p_diff]))
    rms = Estimate(
        exact["dp_rms"], math.sqrt(max(0.0, square.lo)), math.sqrt(square.hi), square.n, square.method, square.level,
        0.5 / exact["dp_rms"] * (square.se or 0.0) if exact["dp_rms"] else 0.0,
    )  # fmt: skip
    result += [
        Metric("same_top", translate("probes", "Same most probable token"), top, better="higher"),
        Metric(
            "dp_mean",
            translate("probes", "Mean change of the true token's probability"),
            mean_shift,
            digits=6,
        ),
        Metric(
            "dp_rms",
            translate("probes", "RMS change of the true token's probability"),
            _with_value(rms, exact["dp_rms"]),
            better="lower",
            digits=6,
        ),
    ]
    return {metric.name: metric for metric in result}


def _with_value(estimate: Estimate, value: float) -> Estimate:
    """The tool's value (it differs in the last float32 roundings) within the interval of the same quantity."""
    if estimate.alone:
        return replace(estimate, value=value, lo=value, hi=value)
    return replace(estimate, value=value, lo=min(estimate.lo, value), hi=max(estimate.hi, value))


def _observed(value: float, n: int) -> Estimate:
    """An extreme value: no interval can be stated for it."""
    return Estimate(value, value, value, n, "observed")


def compare(base: Sequence[Sample], other: Sequence[Sample]) -> dict[str, PairedDifference]:
    """Over the chunks both have, paired by chunk (paired t; single tokens are correlated).

    ``ppl``: difference of the perplexities, its interval by the delta method. They are equal just where their
    logarithms are, so the test is that of the logarithms, which the base's own spread does not blur. Where both
    were compared with the same base (two variants) also ``ppl_ratio`` (likewise), ``kld_mean`` and ``same_top``.
    Against the base itself ``ppl_ratio`` is the ratio minus 1, and ``kld_mean`` and ``same_top`` are differences
    from 0 and 1.
    """
    ours, theirs = _chunks(base), _chunks(other)
    shared = [
        i for i in ours.keys() & theirs.keys()
        if (a := ours[i].payload) and (b := theirs[i].payload) and a["tokens"] == b["tokens"]
    ]  # fmt: skip
    if not shared:
        return {}
    shared.sort()
    first, second = [ours[i] for i in shared], [theirs[i] for i in shared]
    nll1, nll2 = _column(first, "nll"), _column(second, "nll")
    # The base's own likelihoods come through 16 bits in the variants' files; so both sides use those.
    if not _is_compared(first) and _is_compared(second):
        nll1 = _column(second, "nll_base")
    elif _is_compared(first) and not _is_compared(second):
        nll2 = _column(first, "nll_base")
    shift = paired_t(_means(nll1), _means(nll2))
    result = {"ppl": replace(shift, estimate=_difference(nll1, nll2))}
    if not (_is_compared(first) or _is_compared(second)):
        return result
    if not _is_compared(first):
        ratio = _minus_one(shift.estimate)
    elif not _is_compared(second):
        back = _minus_one(paired_t(_means(nll2), _means(nll1)).estimate)
        ratio = replace(back, value=-back.value, lo=-back.hi, hi=-back.lo)
    else:
        reference = _column(first, "nll_base")
        ratio = _difference(_above(nll1, reference), _above(nll2, reference))
    result["ppl_ratio"] = replace(shift, estimate=ratio)
    for name, exact in (("kld_mean", 0.0), ("same_top", 1.0)):
        key = name.removesuffix("_mean")
        one, two = (
            _means(_column(side, key)) if _is_compared(side) else [exact] * len(shared)
            for side in (first, second)
        )
        result[name] = paired_t(one, two)
    return result


def _means(blocks: Sequence[NDArray[Any]]) -> list[float]:
    return [float(block.mean(dtype="float64")) for block in blocks]


def _above(blocks: Sequence[NDArray[Any]], reference: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    import numpy as np

    # A token that neither model gives any probability is infinitely unlikely to both: how much more is not known.
    with np.errstate(invalid="ignore"):
        return [own.astype("float64") - base for own, base in zip(blocks, reference, strict=True)]


def _difference(base: Sequence[NDArray[Any]], other: Sequence[NDArray[Any]]) -> Estimate:
    """exp(mean of other) − exp(mean of base) over the same tokens."""
    sums, counts = _sums(base)
    return difference_of_exponentials(sums, _sums(other)[0], counts)


def _minus_one(e: Estimate) -> Estimate:
    """A logarithm of a ratio as the ratio minus 1, end by end."""
    value, lo, hi = (math.expm1(end) for end in (e.value, e.lo, e.hi))
    return replace(e, value=value, lo=lo, hi=hi, se=None if e.se is None else math.exp(e.value) * e.se)

"""The statistics that ``llama-perplexity`` prints, from per-token values, with its own definitions.

Sums are float64, products of two float32 stay float32 until they are summed, percentiles interpolate
in float32 (tools/perplexity/perplexity.cpp of llama.cpp). Its ± is a standard error that takes all tokens
as independent; the lab's own intervals (by chunk) are wider where neighbouring tokens go up and down together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
KLD_PERCENTILES = {
    "p999": 0.999, "p99": 0.99, "p95": 0.95, "p90": 0.9, "p10": 0.1, "p05": 0.05, "p01": 0.01, "p001": 0.001,
}  # fmt: skip
DP_PERCENTILES = {
    "p999": 0.999, "p99": 0.99, "p95": 0.95, "p90": 0.9, "p75": 0.75,
    "p25": 0.25, "p10": 0.1, "p05": 0.05, "p01": 0.01, "p001": 0.001,
}  # fmt: skip


def perplexity(nll: NDArray[np.floating]) -> dict[str, float]:
    """``ppl`` and ``ppl_se``: the "Final estimate" of a plain run over ``nll``."""
    values = nll.astype(np.float64)
    count = len(values)
    mean = float(values.sum() / count)
    variance = float((values * values).sum() / count) - mean * mean
    ppl = math.exp(mean)
    return {"ppl": ppl, "ppl_se": math.sqrt(max(0.0, variance) / (count - 1)) * ppl if count > 1 else 0.0}


def _mean(values: NDArray[np.floating], squares: NDArray[np.floating]) -> tuple[float, float]:
    count = len(values)
    mean = float(values.sum(dtype=np.float64) / count)
    variance = float(squares.sum(dtype=np.float64) / count) - mean * mean
    return mean, math.sqrt(variance / (count - 1)) if variance > 0 and count > 10 else 0.0


def percentile(ordered: Float32, fraction: float) -> float:
    """Linear interpolation between sorted values in float32."""
    place = np.float32(fraction) * np.float32(len(ordered) - 1)
    low = int(place)
    part = place - np.float32(low)
    high = min(low + 1, len(ordered) - 1)
    return float((np.float32(1.0) - part) * ordered[low] + part * ordered[high])


def _median(ordered: Float32) -> float:
    half = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[half])
    return float(np.float32(0.5) * (ordered[half] + ordered[half - 1]))


def divergence(
    nll: Float32, nll_base: Float32, kld: NDArray[np.float64], p_diff: Float32, same_top: NDArray[np.bool_]
) -> Mapping[str, float]:
    """Every number of ``llama-perplexity --kl-divergence``; ``…_se`` is its ±. Probabilities are fractions,
    not per cent; ``ln_ppl_cor`` likewise."""
    count = len(nll)
    log_ppl, log_ppl_se = _mean(nll, nll * nll)
    log_base, log_base_se = _mean(nll_base, nll_base * nll_base)
    products = float((nll * nll_base).sum(dtype=np.float64))
    covariance = 0.0
    if count >= 10:
        covariance = (products / count - log_ppl * log_base) / (count - 1)
    ppl, base = math.exp(log_ppl), math.exp(log_base)
    ppl_se, base_se = ppl * log_ppl_se, base * log_base_se
    spread = log_ppl_se * log_base_se
    ln_ratio = log_ppl - log_base
    ln_ratio_se = math.sqrt(max(0.0, log_ppl_se**2 + log_base_se**2 - 2.0 * covariance))
    ratio = math.exp(ln_ratio)
    result = {
        "ppl": ppl, "ppl_se": ppl_se, "ppl_base": base, "ppl_base_se": base_se,
        "ln_ppl_cor": covariance / spread if spread else 0.0,
        "ln_ppl_ratio": ln_ratio, "ln_ppl_ratio_se": ln_ratio_se,
        "ppl_ratio": ratio, "ppl_ratio_se": ratio * ln_ratio_se,
        "ppl_diff": ppl - base,
        "ppl_diff_se": math.sqrt(max(0.0, ppl_se**2 + base_se**2 - 2.0 * ppl * base * covariance)),
    }  # fmt: skip

    result["kld_mean"], result["kld_mean_se"] = _mean(kld, kld * kld)
    ordered = np.sort(kld.astype(np.float32))
    result |= {"kld_max": float(ordered[-1]), "kld_median": _median(ordered), "kld_min": float(ordered[0])}
    result |= {f"kld_{name}": percentile(ordered, fraction) for name, fraction in KLD_PERCENTILES.items()}

    squares = (p_diff * p_diff).astype(np.float64)
    result["dp_mean"], result["dp_mean_se"] = _mean(p_diff, squares)
    ordered = np.sort(p_diff)
    result |= {"dp_max": float(ordered[-1]), "dp_median": _median(ordered), "dp_min": float(ordered[0])}
    result |= {f"dp_{name}": percentile(ordered, fraction) for name, fraction in DP_PERCENTILES.items()}
    mse, mse_se = _mean(squares, squares * squares)
    rms = math.sqrt(mse)
    result |= {"dp_rms": rms, "dp_rms_se": 0.5 / rms * mse_se if rms else 0.0}

    top = float(np.count_nonzero(same_top)) / count
    result |= {
        "same_top": top,
        "same_top_se": math.sqrt(top * (1.0 - top) / (count - 1)) if count > 1 else 0.0,
    }
    return result

"""Job kinds of benchmarks/figures.py: workers that stream samples as fast as a busy study does, and measure nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from lab_app.jobs.context import JobContext
from lab_app.store.records import Sample, pack_array

TOKENS = 32


def divergence(context: JobContext) -> Mapping[str, Any]:
    """Samples of the shape of the divergence probe's: params ``rate`` (samples a second), ``seconds``, ``kld`` (None:
    the base), ``seed``."""
    rate, seconds = float(context.params["rate"]), float(context.params["seconds"])
    kld = context.params["kld"]
    own = np.random.default_rng(int(context.params["seed"]))
    shared = np.random.default_rng(7)
    began = time.monotonic()
    count = int(rate * seconds)
    series = ("chunk",) if kld is None else ("kld", "chunk")
    for number in range(count):
        context.check()
        late = began + number / rate - time.monotonic()
        if late > 0:
            time.sleep(late)
        x = float(number // len(series))
        kind = series[number % len(series)]
        if number % len(series) == 0:
            nll = shared.gamma(1.2, 2.2, TOKENS).astype("<f4")
            tokens = shared.integers(0, 1000, TOKENS).astype("<i4")
            values = own.lognormal(np.log(kld or 1.0) - 0.72, 1.2, TOKENS)
        if kind == "kld":
            mean, half = float(values.mean()), float(values.std() * 0.35)
            context.emit(Sample("kld", x, mean, mean - half, mean + half, TOKENS))
            continue
        arrays: dict[str, Any] = {"tokens": tokens, "nll": nll, "top": tokens}
        if kld is not None:
            moved = (nll + own.normal(0, 0.1, TOKENS)).clip(0).astype("<f4")
            arrays |= {
                "nll": moved,
                "nll_base": nll,
                "kld": values,
                "p_diff": (np.exp(-moved) - np.exp(-nll)).astype("<f4"),
                "same_top": (own.random(TOKENS) > 0.1).astype(np.uint8),
                "top_base": tokens,
            }
        mean, half = float(arrays["nll"].mean()), float(arrays["nll"].std() * 0.35)
        packed = {name: pack_array(array) for name, array in arrays.items()}
        context.emit(Sample("chunk", x, mean, mean - half, mean + half, TOKENS, packed))
        if number % 200 == 0:
            context.progress(number, count, "chunks")
    return {}

"""Report data from a handful of numbers, without store, samples or numpy: what verdicts are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab_app.probes.base import Metric
from lab_app.reports.model import (
    CellData,
    Comparison,
    FailureData,
    Pair,
    ProbeData,
    ReportData,
    VariantData,
)
from lab_app.stats.estimate import Estimate
from lab_app.stats.intervals import wilson
from lab_app.stats.multiple import holm
from lab_app.stats.paired import proportions
from lab_app.store.records import StudyRecord

Interval = tuple[float, float, float]
"""value, lower end, upper end."""

MEGA = 10**6
ALIKE: Interval = (1.001, 0.999, 1.003)
"""A ratio of perplexities as of a file that lost nothing."""


def estimate(interval: Interval, n: int = 4080, method: str = "block-t") -> Estimate:
    return Estimate(*interval, n, method)


def report(
    files: Mapping[str, float | None],
    *,
    kld: Mapping[str, Interval | None] | None = None,
    ratio: Mapping[str, Interval] | None = None,
    sums: Mapping[str, int | None] | None = None,
    items: int = 200,
    rates: Mapping[str, Interval] | None = None,
    base: str | None = "base",
    thresholds: Mapping[str, float] | None = None,
    memory: float | None = 16e9,
    needs: Mapping[str, float] | None = None,
    states: Mapping[tuple[str, str], str] | None = None,
    failures: Sequence[FailureData] = (),
    unfinished: int = 0,
    quant: str | None = "F16",
    predicted: Sequence[str] = (),
    problems: Mapping[str, str] | None = None,
    **rest: Any,
) -> ReportData:
    """files: name → megabytes. kld: mean divergence (None: not measured); ratio: of perplexities (default: alike);
    sums: correct ones of ``items``, the first ones; rates: tokens per second; needs: bytes of memory;
    states: (probe, file) → state of the cell, where it is not done."""
    states = states or {}
    variants = tuple(
        VariantData(
            variant_id=name,
            label=name if name != base else "Model.F16",
            is_base=name == base,
            quant=quant if name == base else name,
            file_name=f"{name}.gguf",
            path=f"/models/{name}.gguf",
            sha256="ab" * 32,
            file_size=None if size is None else round(size * MEGA),
            bits_per_weight=None if size is None else size / 12.5,
            predicted=name in predicted,
            memory=round((needs or {})[name]) if name in (needs or {}) else None,
            problem=(problems or {}).get(name),
        )
        for name, size in files.items()
    )
    probes = []
    if kld is not None:
        probes.append(_divergence(kld, ratio or {}, base, states))
    if sums is not None:
        probes.append(_sums(sums, items, base, states))
    if rates is not None:
        probes.append(_speed(rates, base, states))
    study = StudyRecord(
        "case-0123456789", "case", 'name = "case"\n', "case.toml", (), (), (), dict(thresholds or {}), {}
    )
    machine = {"cpu": "Test CPU", "memory": memory, "gpus": []} if memory else {"cpu": "Test CPU", "gpus": []}
    return ReportData(
        study, 1.8e9, "0.0", variants, tuple(probes), tuple(failures), unfinished, None, machine, **rest
    )


def _cell(probe: str, name: str, states: Mapping[tuple[str, str], str], **rest: Any) -> CellData:
    state = states.get((probe, name), "done")
    return CellData(
        probe, name, f"key of {probe} {name}", state, "" if state == "done" else "It broke.", **rest
    )


def _probe(
    name: str, title: str, headline: str, keys: tuple[str, ...], cells: Any, pairs: Any = ()
) -> ProbeData:
    return ProbeData(name, name, title, "", headline, keys, name != "speed", {}, (), cells, tuple(pairs))


def _divergence(
    kld: Mapping[str, Interval | None],
    ratio: Mapping[str, Interval],
    base: str | None,
    states: Mapping[tuple[str, str], str],
) -> ProbeData:
    cells = {}
    if base is not None:
        ppl = Metric("ppl", "Perplexity", estimate((20.0, 18.0, 22.0)), better="lower")
        cells[base] = _cell("divergence", base, states, metrics={"ppl": ppl})
    for name, interval in kld.items():
        metrics = {}
        if interval is not None:
            metrics = {
                "ppl_ratio": Metric(
                    "ppl_ratio",
                    "Perplexity relative to the base",
                    estimate(ratio.get(name, ALIKE)),
                    better="lower",
                ),
                "kld_mean": Metric("kld_mean", "Mean KL divergence", estimate(interval), "nats", "lower", 6),
            }
        cells[name] = _cell("divergence", name, states, metrics=metrics)
    return _probe("divergence", "Divergence", "kld_mean", ("ppl_ratio", "kld_mean"), cells)


def _sums(
    sums: Mapping[str, int | None], items: int, base: str | None, states: Mapping[tuple[str, str], str]
) -> ProbeData:
    answers = {name: [i < right for i in range(items)] for name, right in sums.items() if right is not None}
    names = list(answers)
    differences = {
        name: proportions(answers[base], answers[name]) for name in names if base in answers and name != base
    }
    adjusted = dict(zip(differences, holm([d.p_value for d in differences.values()]), strict=True))
    cells = {}
    for name, right in sums.items():
        metrics = {}
        if right is not None:
            metrics = {"accuracy": Metric("accuracy", "Correct", wilson(right, items), better="higher")}
        against = {}
        if name in differences:
            against = {"accuracy": Comparison(differences[name], adjusted[name])}
        cells[name] = _cell("sums", name, states, metrics=metrics, against_base=against)
    both = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    found = [proportions(answers[a], answers[b]) for a, b in both]
    corrected = holm([d.p_value for d in found])
    pairs = [
        Pair(a, b, "accuracy", Comparison(d, p)) for (a, b), d, p in zip(both, found, corrected, strict=True)
    ]
    return _probe("sums", "Sums", "accuracy", ("accuracy",), cells, pairs)


def _speed(
    rates: Mapping[str, Interval], base: str | None, states: Mapping[tuple[str, str], str]
) -> ProbeData:
    cells = {}
    for name, interval in rates.items():
        rate = estimate(interval, 5, "t")
        metrics = {"generation": Metric("generation", "Writing 32 tokens", rate, "tokens/s", "higher", 2)}
        against = {}
        if base is not None and base in rates and name != base:
            from lab_app.stats.estimate import PairedDifference

            change = interval[0] - rates[base][0]
            difference = PairedDifference(
                estimate((change, change - 1, change + 1), 10, "welch"), 0.001, "welch"
            )
            against = {"generation": Comparison(difference, 0.001 if abs(change) > 1 else 0.5)}
        cells[name] = _cell("speed", name, states, metrics=metrics, against_base=against)
    return _probe("speed", "Speed", "generation", ("generation",), cells)


def failed(
    title: str, message: str = "It broke.", hint: str = "Try again.", state: str = "failed"
) -> FailureData:
    return FailureData(title, "probe", state, message, hint, "key")

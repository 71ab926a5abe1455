"""Fills a real store with a study as the runner would have left it: real probes' samples, made up numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lab_app.reports.collect import collect
from lab_app.reports.model import ReportData
from lab_app.store import Store
from lab_app.store.records import ArtifactRecord, CellRecord, Sample, StudyRecord, VariantRecord, pack_array

MACHINE = {
    "os": "Linux 6.1",
    "machine": "x86_64",
    "cpu": "Test CPU",
    "usable_cores": 4,
    "memory": 16 * 10**9,
    "gpus": [],
}
PROVENANCE = {
    "engine": "llama.cpp",
    "commit": "0123456789abcdef",
    "build": "cpu",
    "threads": 4,
    "n_batch": 2048,
    "n_ubatch": 512,
    "devices": [{"name": "CPU", "type": "cpu"}],
    "chat_template_sha256": "ab" * 32,
    "warnings": [],
}
TOML = 'schema_version = 1\nname = "test"\n\n[source]\nmodel = "demo:"\n'


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Builder:
    """One study in one store. Methods return self, so that a case reads in one breath."""

    def __init__(self, folder: Path, store: Store | None = None) -> None:
        self.folder = folder
        self.store = store or Store.open(folder / "lab.db")
        self.variants: list[VariantRecord] = []
        self.cells: list[CellRecord] = []
        self.keys: list[str] = []
        self.extra: dict[str, Any] = {}
        self.thresholds: dict[str, float] = {}
        self.name = "test"
        self.toml = TOML
        self.source = "studies/test.toml"

    # -- files ---------------------------------------------------------------------------------------

    def file(
        self,
        name: str,
        size: int | None,
        *,
        base: bool = False,
        quant: str | None = None,
        notes: Sequence[str] = (),
        meta: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
        bits: float = 4.5,
        error: str | None = None,
        label: str | None = None,
    ) -> Builder:
        """A variant whose file a quantize job made (``size`` None: not yet; ``error``: the job failed)."""
        key = digest(f"file {name}")
        self._job(key, "quantize", f"quantize to {name}")
        if error is not None:
            self.store.fail(
                key, {"message": error, "hint": "Do something else.", "exit_code": 3, "detail": ""}
            )
        elif size is not None:
            record = ArtifactRecord(
                "model",
                str(self.folder / f"{name}.gguf"),
                digest(name),
                size,
                {
                    "bits_per_weight": bits,
                    "fallbacks": 0,
                    "tensors": 100,
                    "requantized_from": None,
                    **(meta or {}),
                },
            )
            self.store.add_artifact(key, record)
            self.store.finish(key, {}, {})
        self.variants.append(
            VariantRecord(
                name, label or name, base, quant, key, None, None, dict(settings or {}), tuple(notes)
            )
        )
        return self

    def _job(self, key: str, kind: str, title: str, inputs: Mapping[str, str] | None = None) -> None:
        if key not in self.keys:
            self.keys.append(key)
        self.store.enqueue(key, kind, title, {}, dict(inputs or {}), "engine-1")

    # -- measurements --------------------------------------------------------------------------------

    def cell(
        self,
        probe_id: str,
        kind: str,
        variant: str,
        samples: Sequence[Sample],
        *,
        state: str = "done",
        error: str = "It broke.",
        provenance: Mapping[str, Any] | None = None,
        spec: Mapping[str, Any] | None = None,
    ) -> Builder:
        if kind.startswith("toy-"):
            from tests.reports import toys  # noqa: F401 - registers them, where they are asked for alone
        key = digest(f"{probe_id} {variant}")
        record = next(v for v in self.variants if v.variant_id == variant)
        self._job(key, "probe", f"{probe_id}: {record.label}", {"model": f"job:{record.file_key}:model"})
        self.cells.append(CellRecord(probe_id, kind, variant, dict(spec or {"items": 20}), key))
        if samples or state in ("running", "done", "failed"):
            self.store.start(key)
            self.store.append_samples(key, list(samples))
        if state == "done":
            self.store.finish(key, {}, {**PROVENANCE, **(provenance or {})})
        elif state in ("failed", "cancelled"):
            self.store.fail(
                key, {"message": error, "hint": "Try again.", "exit_code": 3, "detail": ""}, state
            )
        elif state == "queued":
            self.store.set_state(key, "queued")
        return self

    def divergence(
        self,
        variant: str,
        kld: float | None,
        shift: float = 0.0,
        *,
        chunks: int = 16,
        tokens: int = 255,
        **rest: Any,
    ) -> Builder:
        """``kld``: mean divergence (None: the base); ``shift``: change of the mean negative log-likelihood."""
        shared = np.random.default_rng(7)
        own = np.random.default_rng(int(digest(variant)[:8], 16))
        samples = []
        for index in range(chunks):
            nll_base = shared.gamma(1.2, 2.2, tokens).astype("<f4")
            following = shared.integers(0, 1000, tokens).astype("<i4")
            if kld is None:
                arrays = {"tokens": following, "nll": nll_base, "top": following}
            else:
                own_kld = own.lognormal(np.log(max(kld, 1e-9)) - 0.5 * 1.2**2, 1.2, tokens)
                nll = (nll_base + shift + own.normal(0, np.sqrt(2 * kld), tokens)).clip(0).astype("<f4")
                same = (own.random(tokens) > min(0.9, 0.6 * np.sqrt(kld))).astype(np.uint8)
                p_diff = (np.exp(-nll) - np.exp(-nll_base)).astype("<f4")
                arrays = {
                    "tokens": following,
                    "nll": nll,
                    "nll_base": nll_base,
                    "kld": own_kld,
                    "p_diff": p_diff,
                    "same_top": same,
                }
                mean, half = float(own_kld.mean()), float(own_kld.std() / tokens**0.5 * 1.96)
                samples.append(Sample("kld", index, mean, mean - half, mean + half, tokens))
            mean, half = float(arrays["nll"].mean()), float(arrays["nll"].std() / tokens**0.5 * 1.96)
            packed = {name: pack_array(array) for name, array in arrays.items()}
            samples.append(Sample("chunk", index, mean, mean - half, mean + half, tokens, packed))
        return self.cell(
            "divergence", "divergence", variant, samples, spec={"context": 512, "chunks": chunks}, **rest
        )

    def sums(self, variant: str, right: int, n: int, *, probe_id: str = "sums", **rest: Any) -> Builder:
        """The first ``right`` of ``n`` items are correct."""
        samples = [Sample("item", i, float(i < right), n=1) for i in range(n)]
        return self.cell(probe_id, "toy-sums", variant, samples, **rest)

    def field(
        self, variant: str, skill: float, *, rows: int = 5, columns: int = 4, repeats: int = 3, **rest: Any
    ) -> Builder:
        own = np.random.default_rng(int(digest(variant)[:8], 16))
        samples = []
        for row in range(rows):
            for column in range(columns):
                for repeat in range(repeats):
                    found = float(own.random() < skill ** (1 + column))
                    place = {"row": row / max(1, rows - 1), "column": 512 * 2**column}
                    samples.append(Sample("item", f"{row}:{column}:{repeat}", found, n=1, payload=place))
        return self.cell("field", "toy-field", variant, samples, **rest)

    def speed(self, variant: str, rate: float, *, rounds: int = 5, **rest: Any) -> Builder:
        """As many rounds of one repetition, in one job (which a study would have in as many jobs)."""
        own = np.random.default_rng(int(digest(variant)[:8], 16))
        samples = [
            Sample(series, i, rate * factor * (1 + spread * own.normal()), n=1, payload={"round": i + 1})
            for series, factor, spread in (("prefill:128", 8, 0.02), ("generation:32@0", 1, 0.03))
            for i in range(rounds)
        ]
        sizes = {"model": 3e8 / rate * 30, "kv": 2.3e7, "compute": 5.1e7}
        samples += [Sample("memory", kind, value, n=1) for kind, value in sizes.items()]
        return self.cell("speed", "speed", variant, samples, **rest)

    def imatrix(self, rows: Sequence[Mapping[str, Any]], summary: Mapping[str, Any]) -> Builder:
        import json

        key = digest("imatrix")
        self._job(key, "imatrix", "importance matrix")
        path = self.folder / "coverage.json"
        path.write_text(json.dumps({**summary, "rows": list(rows)}), encoding="utf-8")
        self.store.add_artifact(
            key, ArtifactRecord("coverage", str(path), digest("coverage"), path.stat().st_size)
        )
        self.store.finish(key, summary, {})
        self.extra["imatrix_key"] = key
        return self

    # -- the end -------------------------------------------------------------------------------------

    def record(self) -> StudyRecord:
        return StudyRecord(
            "test-0123456789",
            self.name,
            self.toml,
            self.source,
            tuple(self.variants),
            tuple(self.cells),
            tuple(self.keys),
            dict(self.thresholds),
            dict(self.extra),
        )

    def data(self, machine: Mapping[str, Any] | None = None) -> ReportData:
        record = self.record()
        self.store.save_study(record)
        return collect(record, self.store, MACHINE if machine is None else machine)


MEGA = 10**6


def whole(folder: Path) -> Builder:
    """A study as it looks when everything went well, about as the demo's."""
    lab = Builder(folder)
    lab.name = "demo"
    lab.extra["description"] = "A small model in seven quant types against the file it came in"
    files = (
        ("base", 98, None, 0.0, 4.9, 19),
        ("Q8_0", 145, 0.0009, 0.0003, 8.5, 19),
        ("Q6_K", 138, 0.003, 0.001, 8.2, 19),
        ("Q5_K_M", 112, 0.012, 0.004, 6.7, 18),
        ("Q4_K_M", 105, 0.031, 0.012, 6.2, 17),
        ("IQ4_XS", 93, 0.045, 0.021, 5.4, 15),
        ("Q3_K_M", 94, 0.11, 0.055, 5.6, 11),
        ("Q2_K", 88, 1.9, 0.95, 5.1, 1),
    )
    for name, size, kld, shift, bits, right in files:
        base = kld is None
        label = "SmolLM2-135M-Instruct.Q4_1" if base else name
        lab.file(
            name,
            size * MEGA,
            base=base,
            quant="Q4_1" if base else name,
            bits=bits,
            label=label,
            notes=("its weights are Q4_1 already",) if base else ("requantized from Q4_1",),
            meta={}
            if base
            else {"requantized_from": "Q4_1", "fallbacks": 60 if "K" in name else 0, "tensors": 272},
        )
        lab.divergence(name, kld, shift)
        lab.sums(name, right, 20)
        lab.field(name, 0.98 - 0.6 * min(1.0, kld or 0.0))
        lab.speed(name, 60.0 - size / 5)
    return lab

"""The numbers of a report for machines: tidy CSV, and JSON. Full precision, the same numbers as in the tables."""

from __future__ import annotations

import csv
import io
import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from lab_app.reports.document import Document
from lab_app.reports.model import CellData, Comparison, ReportData, VariantData
from lab_app.stats.estimate import Estimate

SCHEMA_VERSION = 1
COLUMNS = (
    "study",
    "variant",
    "probe",
    "metric",
    "kind",
    "value",
    "lo",
    "hi",
    "level",
    "n",
    "method",
    "unit",
    "p",
    "p_corrected",
    "state",
)
"""kind: ``value``, or ``difference`` (this variant − base, over the same items)."""


def tidy(data: ReportData) -> Iterator[dict[str, Any]]:
    """One row a number. Cells without numbers have one row with their state and empty values."""
    study = data.study.study_id
    for variant in data.by_size():
        for name, value, unit in (
            ("file_size", variant.file_size, "bytes"),
            ("bits_per_weight", variant.bits_per_weight, ""),
        ):
            if value is not None:
                state = "predicted" if variant.predicted else "done"
                yield _row(
                    study, variant, "", name, "value", Estimate(value, value, value, 1, "exact"), unit, state
                )
    for probe in data.probes:
        for variant in data.by_size():
            cell = probe.cells.get(variant.variant_id)
            if cell is None:
                continue
            for name, metric in cell.metrics.items():
                yield _row(
                    study, variant, probe.probe_id, name, "value", metric.estimate, metric.unit, cell.state
                )
            for name, comparison in cell.against_base.items():
                unit = cell.metrics[name].unit if name in cell.metrics else ""
                row = _row(
                    study,
                    variant,
                    probe.probe_id,
                    name,
                    "difference",
                    comparison.difference.estimate,
                    unit,
                    cell.state,
                )
                yield {
                    **row,
                    "p": _number(comparison.difference.p_value),
                    "p_corrected": _number(comparison.p_adjusted),
                }
            if not cell.metrics:
                yield {
                    **dict.fromkeys(COLUMNS),
                    "study": study,
                    "variant": variant.variant_id,
                    "probe": probe.probe_id,
                    "state": cell.state,
                }


def _row(
    study: str, variant: VariantData, probe: str, metric: str, kind: str, e: Estimate, unit: str, state: str
) -> dict[str, Any]:
    return {
        "study": study,
        "variant": variant.variant_id,
        "probe": probe,
        "metric": metric,
        "kind": kind,
        "value": _number(e.value),
        "lo": _number(e.lo),
        "hi": _number(e.hi),
        "level": e.level,
        "n": e.n,
        "method": e.method,
        "unit": unit,
        "p": None,
        "p_corrected": None,
        "state": state,
    }


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def csv_text(data: ReportData) -> str:
    """RFC 4180, UTF-8, one header line. Text that a spreadsheet would run as a formula gets a leading quote."""
    target = io.StringIO()
    writer = csv.DictWriter(target, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in tidy(data):
        writer.writerow({key: _safe(value) for key, value in row.items()})
    return target.getvalue()


def _safe(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else value


def json_text(document: Document) -> str:
    return json.dumps(_finite(body(document)), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, (list, tuple)) else value


def body(document: Document) -> dict[str, Any]:
    """The whole report as JSON; ``schema_version`` grows when a key changes its meaning."""
    data = document.data
    study = data.study
    return {
        "schema_version": SCHEMA_VERSION,
        "study": {
            "id": study.study_id,
            "name": study.name,
            "source": study.source,
            "toml": study.toml,
            "description": study.extra.get("description", ""),
            "thresholds": dict(study.thresholds),
            "command": document.command,
        },
        "created": data.created,
        "odyssey_lab": data.version,
        "machine": dict(data.machine),
        "verdict": document.verdict.to_json(),
        "thresholds": [check.to_json() for check in document.checks],
        "variants": [_variant(v) for v in data.by_size()],
        "probes": [
            {
                "id": probe.probe_id,
                "probe": probe.probe,
                "title": probe.title,
                "question": probe.question,
                "headline": probe.headline,
                "spec": dict(probe.spec),
                "problem": probe.problem,
                "cells": [
                    _cell(probe.cells[v.variant_id]) for v in data.by_size() if v.variant_id in probe.cells
                ],
                "pairs": [
                    {"first": p.first, "second": p.second, "metric": p.metric, **_comparison(p.comparison)}
                    for p in probe.pairs
                ],
                "powerless": asdict(probe.powerless) if probe.powerless is not None else None,
            }
            for probe in data.probes
        ],
        "imatrix": None
        if data.imatrix is None
        else {
            "state": data.imatrix.state,
            "summary": dict(data.imatrix.summary),
            "rows": [dict(r) for r in data.imatrix.rows],
            "sha256": data.imatrix.sha256,
            "problem": data.imatrix.problem,
        },
        "failures": [
            {
                "title": f.title,
                "kind": f.kind,
                "state": f.state,
                "message": f.message,
                "hint": f.hint,
                "job": f.job_key,
            }
            for f in data.failures
        ],
        "unfinished_jobs": data.unfinished,
    }


def _variant(v: VariantData) -> dict[str, Any]:
    return {
        "id": v.variant_id,
        "label": v.label,
        "is_base": v.is_base,
        "quant": v.quant,
        "file_name": v.file_name,
        "path": v.path,
        "sha256": v.sha256,
        "file_size": v.file_size,
        "bits_per_weight": v.bits_per_weight,
        "predicted": v.predicted,
        "notes": list(v.notes),
        "settings": dict(v.settings),
        "requantized_from": v.requantized_from,
        "fallbacks": v.fallbacks,
        "tensors": v.matrices,
        "used_imatrix": v.used_imatrix,
        "memory_estimate": v.memory,
        "problem": v.problem,
    }


def _cell(cell: CellData) -> dict[str, Any]:
    return {
        "variant": cell.variant_id,
        "job": cell.job_key,
        "state": cell.state,
        "reason": cell.reason,
        "hint": cell.hint,
        "finished": cell.finished,
        "seconds": cell.seconds,
        "metrics": {
            name: {"label": m.label, "unit": m.unit, "better": m.better, **m.estimate.to_json()}
            for name, m in cell.metrics.items()
        },
        "against_base": {name: _comparison(c) for name, c in cell.against_base.items()},
        "samples": dict(Counter(s.series for s in cell.samples)),
        "provenance": dict(cell.provenance),
    }


def _comparison(c: Comparison) -> dict[str, Any]:
    return {
        **c.difference.estimate.to_json(),
        "p": c.difference.p_value,
        "p_corrected": c.p_adjusted,
        "test": c.difference.test,
        "told_apart": c.told_apart,
    }

"""Tables about the importance matrix: what it was made from, and what it covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lab_app.gguf import names
from lab_app.quant.rules import ALWAYS_PLAIN
from lab_app.reports.model import ReportData
from lab_app.reports.numbers import MISSING
from lab_app.reports.table import Cell, Column, Table, integer
from lab_app.system.translation import note, plural, translate

_COUNTS = (
    ("tokens", note("reports", "Calibration tokens")),
    ("chunks", note("reports", "Chunks read")),
    ("chunks_asked", note("reports", "Chunks asked for")),
    ("context", note("reports", "Tokens in a chunk")),
    ("entries", note("reports", "Entries")),
    ("tensors", note("reports", "Matrices in the model")),
    ("experts_unseen", note("reports", "Experts never activated")),
)


def imatrix_tables(data: ReportData) -> list[Table]:
    """A summary, and all matrices with the least data first."""
    matrix = data.imatrix
    if matrix is None or not matrix.summary:
        return []
    summary = matrix.summary
    counts = [
        (translate("reports", label), summary[key])
        for key, label in _COUNTS
        if isinstance(summary.get(key), int)
    ]
    if isinstance(summary.get("uncovered"), list):
        lacking = [name for name in summary["uncovered"] if name not in ALWAYS_PLAIN]
        counts.append((translate("reports", "Matrices that lack data"), len(lacking)))
    rows = [(Cell(label), replace(integer(number), kind="text")) for label, number in counts]
    texts = (
        (translate("reports", "Calibration text"), summary.get("dataset"), "text"),
        (translate("reports", "Calibration text (sha256)"), summary.get("text_sha256"), "code"),
        (translate("reports", "Importance matrix (sha256)"), matrix.sha256, "code"),
    )
    rows += [(Cell(label), Cell(str(value), kind=kind)) for label, value, kind in texts if value]
    heads = (Column(translate("reports", "What")), Column(translate("reports", "Value")))
    tables = [Table(translate("reports", "Importance matrix"), heads, tuple(rows))]
    if matrix.rows:
        tables.append(coverage_table(matrix.rows))
    return tables


def coverage_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Matrices of one name in several blocks that have the same data share a row: ``blk.0–29.ffn_up.weight``."""
    alike: dict[tuple[Any, ...], list[int | None]] = {}
    for row in sorted(rows, key=_most_wanting_first):
        before, block, after = names.parts(str(row.get("tensor")))
        facts = (_state(row), *(row.get(key) for key in ("tokens", "experts", "experts_unseen")))
        alike.setdefault((before, after, *facts), []).append(block)
    lines = []
    for (before, after, state, tokens, of, unseen), blocks in alike.items():
        experts = Cell(MISSING, kind="missing")
        if of and of > 1:
            experts = integer(unseen or 0, translate("reports", "{0} of {1}").format(unseen or 0, of))
        lines.append(
            (
                Cell(f"{before}{names.ranges([b for b in blocks if b is not None])}{after}", kind="code"),
                integer(len(blocks)),
                state,
                integer(tokens or 0),
                experts,
            )
        )
    heads = (
        Column(translate("reports", "Matrices")),
        Column(translate("reports", "Number"), numeric=True),
        Column(translate("reports", "Covered")),
        Column(translate("reports", "Tokens"), translate("reports", "each"), numeric=True),
        Column(translate("reports", "Experts never activated"), numeric=True),
    )
    caption = plural("What the importance matrix covers (%n matrix(es), least data first)", "", len(rows))
    return Table(caption, heads, tuple(lines))


def _state(row: Mapping[str, Any]) -> Cell:
    if row.get("covered"):
        return Cell(translate("reports", "yes"))
    if _lacks(row):
        return Cell(translate("reports", "no data"), kind="bad")
    return Cell(translate("reports", "not needed"), kind="quiet")


def _lacks(row: Mapping[str, Any]) -> bool:
    """No data, where llama.cpp would use some: it asks none for the embedding and the output, and gathers none."""
    return not row.get("covered") and row.get("tensor") not in ALWAYS_PLAIN


def _most_wanting_first(row: Mapping[str, Any]) -> tuple[int, int, int]:
    rank = 0 if _lacks(row) else 1 if row.get("covered") else 2
    return rank, -int(row.get("experts_unseen") or 0), int(row.get("tokens") or 0)

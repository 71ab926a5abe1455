"""Tables about the importance matrix: what it was made from, and what it covers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

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
        counts.append((translate("reports", "Matrices without data"), len(summary["uncovered"])))
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
        tables.append(_coverage(matrix.rows))
    return tables


def _coverage(rows: tuple[Mapping[str, Any], ...]) -> Table:
    """Matrices of one name in several blocks that have the same data share a row: ``blk.0–29.ffn_up.weight``."""
    alike: dict[tuple[Any, ...], list[int | None]] = {}
    for row in sorted(rows, key=_most_wanting_first):
        name = str(row.get("tensor"))
        found = _BLOCK.fullmatch(name)
        parts = (found[1], found[3]) if found else (name, "")
        facts = tuple(row.get(key) for key in ("covered", "tokens", "experts", "experts_unseen"))
        alike.setdefault((*parts, *facts), []).append(int(found[2]) if found else None)
    lines = []
    for (before, after, covered, tokens, of, unseen), blocks in alike.items():
        experts = Cell(MISSING, kind="missing")
        if of and of > 1:
            experts = integer(unseen or 0, translate("reports", "{0} of {1}").format(unseen or 0, of))
        lines.append(
            (
                Cell(f"{before}{_ranges([b for b in blocks if b is not None])}{after}", kind="code"),
                integer(len(blocks)),
                Cell(translate("reports", "yes"))
                if covered
                else Cell(translate("reports", "no data"), kind="bad"),
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


_BLOCK = re.compile(r"(blk\.)(\d+)(\..*)")


def _ranges(numbers: list[int]) -> str:
    """``0–2, 5``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _most_wanting_first(row: Mapping[str, Any]) -> tuple[bool, int, int]:
    return bool(row.get("covered")), -int(row.get("experts_unseen") or 0), int(row.get("tokens") or 0)

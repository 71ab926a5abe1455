"""Tables about the importance matrix: what it was made from, and what it covers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab_app.reports.model import ReportData
from lab_app.reports.numbers import MISSING
from lab_app.reports.table import Cell, Column, Table, integer
from lab_app.reports.words import count

_COUNTS = (
    ("tokens", "Calibration tokens"),
    ("chunks", "Chunks read"),
    ("chunks_asked", "Chunks asked for"),
    ("context", "Tokens in a chunk"),
    ("entries", "Entries"),
    ("tensors", "Matrices in the model"),
    ("experts_unseen", "Experts never activated"),
)


def imatrix_tables(data: ReportData) -> list[Table]:
    """A summary, and all matrices with the least data first."""
    matrix = data.imatrix
    if matrix is None or not matrix.summary:
        return []
    summary = matrix.summary
    rows = [
        (Cell(label), integer(summary[key])) for key, label in _COUNTS if isinstance(summary.get(key), int)
    ]
    if isinstance(summary.get("uncovered"), list):
        rows.append((Cell("Matrices without data"), integer(len(summary["uncovered"]))))
    texts = (
        ("Calibration text", summary.get("dataset"), "text"),
        ("Calibration text (sha256)", summary.get("text_sha256"), "code"),
        ("Importance matrix (sha256)", matrix.sha256, "code"),
    )
    rows += [(Cell(label), Cell(str(value), kind=kind)) for label, value, kind in texts if value]
    tables = [Table("Importance matrix", (Column("What"), Column("Value")), tuple(rows))]
    if matrix.rows:
        tables.append(_coverage(matrix.rows))
    return tables


def _coverage(rows: tuple[Mapping[str, Any], ...]) -> Table:
    lines = []
    for row in sorted(rows, key=_most_wanting_first):
        experts = int(row.get("experts") or 1)
        unseen = Cell(MISSING, kind="missing")
        if experts > 1:
            number = int(row.get("experts_unseen") or 0)
            unseen = integer(number, f"{number} of {experts}")
        lines.append(
            (
                Cell(str(row.get("tensor")), kind="code"),
                Cell("yes") if row.get("covered") else Cell("no data", kind="bad"),
                integer(int(row.get("tokens") or 0)),
                unseen,
            )
        )
    caption = (
        f"What the importance matrix covers ({count(len(lines), 'matrix', 'matrices')}, least data first)"
    )
    heads = (Column("Matrix"), Column("Covered"), Column("Tokens", numeric=True),
             Column("Experts never activated", numeric=True))  # fmt: skip
    return Table(caption, heads, tuple(lines))


def _most_wanting_first(row: Mapping[str, Any]) -> tuple[bool, int, int]:
    return bool(row.get("covered")), -int(row.get("experts_unseen") or 0), int(row.get("tokens") or 0)

"""What the analyst says of a study: the parts of a report that the window shows, without samples."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab_app.figures import Figure
from lab_app.probes.base import Metric
from lab_app.reports.table import Table
from lab_app.reports.verdict import Sentence

if TYPE_CHECKING:
    from lab_app.reports.drawing.ridges import Distribution

HEAD = struct.Struct("<Q")
"""Before each answer: its length in bytes."""


@dataclass(frozen=True, slots=True)
class VariantAnswer:
    key: str
    label: str
    is_base: bool
    highlight: bool


@dataclass(frozen=True, slots=True)
class FigureAnswer:
    """A figure and what it is drawn from but for samples.

    name: unique in the study and stable while it runs. probe_id: whose samples it takes.
    metrics: variant → metric → value, of those that bars and scatters show. distribution: what a histogram shows.
    """

    name: str
    probe_id: str
    figure: Figure
    caption: str
    limit: tuple[float, str] | None
    metrics: Mapping[str, Mapping[str, Metric]]
    distribution: Distribution | None = None


@dataclass(frozen=True, slots=True)
class ProbeAnswer:
    """title: no other probe of the study has it. problem: a line for each warning."""

    probe_id: str
    title: str
    question: str
    problem: str
    table: Table | None
    pairs: Table | None


@dataclass(frozen=True, slots=True)
class CellAnswer:
    """One probe on one variant. state: as of :class:`lab_app.reports.model.CellData`."""

    probe_id: str
    probe: str
    variant: str
    job_key: str
    state: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class FailureAnswer:
    """A job that did not succeed."""

    title: str
    job_key: str
    state: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """variants: the base first, then from the largest file to the smallest.

    report, report_language: path of the newest HTML report, where there is one, and what it is written in.
    unfinished: jobs that wait or run, and the report where a job has ended since it was written.
    seconds: what the answer took.
    """

    study_id: str
    name: str
    toml: str
    source: str
    job_keys: tuple[str, ...]
    variants: tuple[VariantAnswer, ...]
    cells: tuple[CellAnswer, ...]
    verdict: tuple[Sentence, ...]
    main: Table
    probes: tuple[ProbeAnswer, ...]
    figures: tuple[FigureAnswer, ...]
    failures: tuple[FailureAnswer, ...]
    unfinished: int
    report: str | None
    report_language: str
    seconds: float

"""A report as a sequence of sections, made once and written as HTML and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab_app.reports import coverage, planned, provenance, tables, thresholds
from lab_app.reports.model import ProbeData, ReportData
from lab_app.reports.planned import Planned
from lab_app.reports.table import Table
from lab_app.reports.thresholds import Check
from lab_app.reports.verdict import Verdict, verdict
from lab_app.reports.words import joined
from lab_app.system.translation import translate

if TYPE_CHECKING:
    from lab_app.reports.render import Drawing


@dataclass(frozen=True)
class Picture:
    """A drawing with the sentence below it. ``wide``: it needs the page's whole width to be read."""

    drawing: Drawing
    caption: str
    wide: bool = False


@dataclass(frozen=True)
class ProbeSection:
    anchor: str
    probe: ProbeData
    pictures: tuple[Picture, ...]
    table: Table | None
    pairs: Table | None
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    data: ReportData
    verdict: Verdict
    checks: tuple[Check, ...]
    main: Table
    scatters: tuple[Picture, ...]
    probes: tuple[ProbeSection, ...]
    thresholds: Table | None
    imatrix: tuple[Table, ...]
    imatrix_problem: str | None
    failures: Table | None
    files: Table
    machine: Table
    method: Table | None
    runs: tuple[Table, ...]
    command: str

    @property
    def pictures(self) -> list[Picture]:
        return [*self.scatters, *(p for section in self.probes for p in section.pictures)]


def document(data: ReportData, *, figures: bool = True) -> Document:
    """Everything a report shows. ``figures``: without them nothing is drawn and matplotlib is not needed."""
    answer = verdict(data)
    checks = thresholds.check(data)
    return Document(
        data=data,
        verdict=answer,
        checks=checks,
        main=tables.main_table(data, answer),
        scatters=tuple(_pictures(planned.of_sizes(data, answer))) if figures else (),
        probes=tuple(
            _section(f"p{n}", data, probe, answer, figures) for n, probe in enumerate(data.probes, 1)
        ),
        thresholds=thresholds.threshold_table(checks, data),
        imatrix=tuple(coverage.imatrix_tables(data)),
        imatrix_problem=data.imatrix.problem if data.imatrix is not None else None,
        failures=tables.failure_table(data),
        files=provenance.file_table(data),
        machine=provenance.machine_table(data),
        method=provenance.method_table(data),
        runs=tuple(provenance.run_tables(data)),
        command=provenance.command(data),
    )


# -- one probe -----------------------------------------------------------------------------------------


def _section(anchor: str, data: ReportData, probe: ProbeData, answer: Verdict, figures: bool) -> ProbeSection:
    return ProbeSection(
        anchor,
        probe,
        tuple(_pictures(planned.of_probe(anchor, data, probe, answer))) if figures else (),
        tables.probe_table(data, probe),
        tables.pair_table(data, probe) if probe.quality else None,
        tuple(dict.fromkeys(_remarks(data, probe))),
    )


def _pictures(figures: Iterable[Planned]) -> Iterator[Picture]:
    from lab_app.reports.render import draw

    for item in figures:
        drawing = draw(item.figure, item.curves, name=item.name, limit=item.limit)
        if drawing is not None:
            yield Picture(drawing, item.caption, item.wide)


def _remarks(data: ReportData, probe: ProbeData) -> Iterator[str]:
    yield from warnings(data, probe)
    waiting = [data.variant(c.variant_id).label for c in probe.cells.values() if c.state == "waiting"]
    if waiting and len(waiting) == len(probe.cells):
        yield translate("reports", "Not measured yet.")
    elif waiting:
        yield translate("reports", "Not measured yet: {0}.").format(joined(waiting))


def warnings(data: ReportData, probe: ProbeData) -> Iterator[str]:
    """What one has to know of a probe's numbers: that there are none, and what its engines warned of."""
    if probe.problem:
        yield probe.problem
    for cell in probe.cells.values():
        warnings = cell.provenance.get("warnings")
        if isinstance(warnings, list):
            yield from (f"{data.variant(cell.variant_id).label}: {text}" for text in warnings)

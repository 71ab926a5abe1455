"""The analyst's process: questions as JSON lines on standard input, answers as framed pickles on the other side.

A frame is its length (8 bytes, little endian) and a pickle of ``("answer", Answer)`` or ``("error", LabError)``.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from lab_app.figures import Bars, Histogram, Scatter
from lab_app.gui.analyst.answer import (
    HEAD,
    Answer,
    CellAnswer,
    FailureAnswer,
    FigureAnswer,
    ProbeAnswer,
    VariantAnswer,
)
from lab_app.jobs.process import die_with_parent
from lab_app.probes.base import Metric
from lab_app.reports import document, planned, tables
from lab_app.reports.collect import collect
from lab_app.reports.drawing.ridges import Values, array_values, distribution
from lab_app.reports.model import ReportData
from lab_app.reports.planned import Planned
from lab_app.reports.statistics import Kept
from lab_app.reports.verdict import verdict
from lab_app.reports.words import printable
from lab_app.store.records import Sample, StudyRecord
from lab_app.store.store import Store
from lab_app.system import translation
from lab_app.system.errors import LabError, UsageError


class Memory(Store):
    """The store, read only; samples that were read once are not read again, nor are the numbers in them unpacked, nor
    is anything computed again of samples that are the same as before."""

    def __init__(self, *parts: object) -> None:
        super().__init__(*parts)  # type: ignore[arg-type]
        self._known: dict[str, tuple[int, list[Sample]]] = {}
        self.piles = Piles()
        self.statistics = Kept()

    def samples(self, key: str) -> list[Sample]:
        last, known = self._known.get(key, (0, []))
        last, new = self.newer_samples(key, last)
        known += new
        self._known[key] = (last, known)
        return known


class Piles:
    """The numbers that histograms count, by variant of a figure; each time only those of new samples are unpacked."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[int, Sample, Values]] = {}

    def values(self, figure: str, variant: str, histogram: Histogram, samples: Sequence[Sample]) -> Values:
        """All that ``histogram`` takes of ``samples``; those of the call before usually stand first among them."""
        seen, last, known = self._known.get((figure, variant), (0, None, np.empty(0)))
        if seen > len(samples) or (seen and samples[seen - 1] is not last):
            seen, known = 0, np.empty(0)
        if len(samples) > seen:
            known = np.concatenate([known, array_values(histogram, samples[seen:])])
            self._known[figure, variant] = (len(samples), samples[-1], known)
        return known


def analyse(study_id: str, store: Memory) -> Answer:
    """All that the window shows of a study. Raises UsageError where the store does not know it."""
    began = time.monotonic()
    study = store.study(study_id)
    if study is None:
        raise UsageError("This study is not in the store any more.")
    data = _printable(collect(study, store, statistics=store.statistics))
    said = verdict(data)
    figures = [*planned.of_sizes(data, said)]
    for index, probe in enumerate(data.probes, 1):
        figures += planned.of_probe(f"p{index}", data, probe, said)
    order = [v.variant_id for v in data.by_size()]
    report = _report(study, store)
    return Answer(
        study_id=study_id,
        name=printable(study.name),
        toml=study.toml,
        source=study.source,
        job_keys=study.job_keys,
        variants=tuple(
            VariantAnswer(v.variant_id, v.label, v.is_base, v.variant_id == said.best_variant)
            for v in data.by_size()
        ),
        cells=tuple(
            CellAnswer(c.probe_id, p.probe, c.variant_id, c.job_key, c.state, c.reason, c.hint)
            for p in data.probes
            for c in p.cells.values()
        ),
        verdict=said.sentences,
        main=tables.main_table(data, said),
        probes=tuple(
            ProbeAnswer(
                p.probe_id,
                data.title(p),
                p.question,
                "\n".join(dict.fromkeys(document.warnings(data, p))),
                tables.probe_table(data, p),
                tables.pair_table(data, p) if p.quality else None,
            )
            for p in data.probes
        ),
        figures=tuple(_figure(item, order, study_id, store.piles) for item in figures),
        failures=tuple(
            FailureAnswer(printable(f.title), f.job_key, f.state, f.message, f.hint) for f in data.failures
        ),
        unfinished=data.unfinished + _report_is_stale(study, store),
        report=report[0] if report is not None else None,
        report_language=report[1] if report is not None else "",
        seconds=time.monotonic() - began,
    )


def _printable(data: ReportData) -> ReportData:
    """With names of files as reports write them: what turns the direction of text, or is none, stands out."""
    variants = (replace(v, label=printable(v.label), file_name=printable(v.file_name)) for v in data.variants)
    return replace(data, variants=tuple(variants))


def _figure(item: Planned, order: list[str], study_id: str, piles: Piles) -> FigureAnswer:
    figure = item.figure
    names: tuple[str, ...] = ()
    if isinstance(figure, Bars):
        names = figure.metrics
    elif isinstance(figure, Scatter):
        names = (figure.x_metric, figure.y_metric)
    metrics: dict[str, dict[str, Metric]] = {}
    for key, curve in zip(order, item.curves, strict=True):
        own = {name: curve.metrics[name] for name in names if name in curve.metrics}
        if own:
            metrics[key] = own
    counted = None
    if isinstance(figure, Histogram):
        name = f"{study_id} {item.name}"
        values = {
            key: piles.values(name, key, figure, curve.samples)
            for key, curve in zip(order, item.curves, strict=True)
        }
        counted = distribution(figure, values)
    return FigureAnswer(item.name, item.probe_id, figure, item.caption, item.limit, metrics, counted)


def _report(study: StudyRecord, store: Store) -> tuple[str, str] | None:
    """The newest HTML report: its path, and the language it is in."""
    for key in reversed(study.job_keys):
        for artifact in store.artifacts(key):
            if artifact.role == "html" and Path(artifact.path).is_file():
                return artifact.path, str(artifact.meta.get("language") or translation.ENGLISH)
    return None


def _report_is_stale(study: StudyRecord, store: Store) -> bool:
    """Whether a job of the study has ended well since its report was written."""
    *rows, report = [store.job(key) for key in study.job_keys]
    if report is None or report.kind != "report" or report.state != "done":
        return False
    ends = [row.finished for row in rows if row is not None and row.state == "done" and row.finished]
    return max(ends, default=0.0) > (report.finished or 0.0)


def serve(questions: BinaryIO, answers: BinaryIO, ask: Callable[[str, Path], Answer]) -> None:
    """Answer until the questions end."""
    for line in questions:
        question = json.loads(line)
        try:
            translation.use(question.get("language", translation.ENGLISH))
            said: tuple[str, object] = ("answer", ask(question["study"], Path(question["db"])))
        except LabError as error:
            said = ("error", LabError(error.message, error.hint))
        except Exception as fault:  # a fault of ours must not end the process without a word
            import traceback

            traceback.print_exc()
            said = ("error", LabError(f"Internal error: {type(fault).__name__}: {fault}."))
        body = pickle.dumps(said, protocol=pickle.HIGHEST_PROTOCOL)
        answers.write(HEAD.pack(len(body)) + body)
        answers.flush()


def main() -> None:
    die_with_parent()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anybody prints does not belong among the answers
    try:
        os.nice(10)  # measurements come first
    except (AttributeError, OSError):
        pass  # Windows has no such call
    stores: dict[Path, Memory] = {}

    def ask(study_id: str, db: Path) -> Answer:
        if db not in stores:
            opened = Memory.open(db, read_only=True)
            assert isinstance(opened, Memory)
            stores[db] = opened
        return analyse(study_id, stores[db])

    try:
        serve(sys.stdin.buffer, answers, ask)
    except BrokenPipeError:  # the window has ended
        os._exit(0)  # at its own end Python would try once more to write


if __name__ == "__main__":
    main()

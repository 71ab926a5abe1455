"""Study and store → :class:`ReportData`. Only reads; works while jobs are still running."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from lab_app import __version__
from lab_app.figures import Axis, Figure
from lab_app.gguf.header import GgufFile
from lab_app.gguf.parts import read_model
from lab_app.jobs import titles
from lab_app.probes.base import Metric, Probe, registry
from lab_app.reports.compare import against_base, pairs_of
from lab_app.reports.memory import expected_memory
from lab_app.reports.model import CellData, FailureData, ImatrixData, ProbeData, ReportData, VariantData
from lab_app.reports.statistics import Statistics
from lab_app.reports.table import tag_text
from lab_app.store.records import ArtifactRecord, CellRecord, StudyRecord, VariantRecord
from lab_app.store.store import JobRow, Store
from lab_app.system import host, said
from lab_app.system.errors import LabError
from lab_app.system.translation import note, translate

KEY_METRICS: dict[str, tuple[str, ...]] = {
    "divergence": ("ppl_ratio", "kld_mean", "same_top"),
    "speed": ("prefill", "generation"),
}
"""Columns of the main table by probe; other probes show their headline."""

_OVER = ("failed", "cancelled")


def collect(
    study: StudyRecord,
    store: Store,
    machine: Mapping[str, Any] | None = None,
    statistics: Statistics | None = None,
) -> ReportData:
    """Everything the store knows about ``study``. ``machine``: default is this one. ``statistics``: what it makes
    summaries and comparisons with; default is anew."""
    machine = dict(machine) if machine is not None else host.info()
    predictions = _predictions(study, store)
    cells_by_probe: dict[str, list[CellRecord]] = {}
    for record in study.cells:
        cells_by_probe.setdefault(record.probe_id, []).append(record)
    reader = _Reader(study, store, statistics or Statistics())
    probes = tuple(reader.probe(records) for records in cells_by_probe.values())
    base = next((_header(_path(record, store)) for record in study.variants if record.is_base), None)
    variants = _named_apart([_variant(record, store, predictions, base) for record in study.variants])
    rows = {key: store.job(key) for key in study.job_keys}
    work = {key: row for key, row in rows.items() if row is None or row.kind != "report"}
    return ReportData(
        study=study,
        created=time.time(),
        version=__version__,
        variants=variants,
        probes=probes,
        failures=tuple(_failures(work.values())),
        unfinished=sum(1 for row in work.values() if row is None or row.state in ("queued", "running")),
        imatrix=_imatrix(study, store),
        machine=machine,
    )


class _Reader:
    """Reads the cells of one study."""

    def __init__(self, study: StudyRecord, store: Store, statistics: Statistics) -> None:
        self.store = store
        self.statistics = statistics
        self.known = registry()
        self.base = next((v.variant_id for v in study.variants if v.is_base), None)
        self.order = [v.variant_id for v in study.variants]

    def probe(self, records: Sequence[CellRecord]) -> ProbeData:
        first = records[0]
        cls = self.known.get(first.probe)
        cells = {record.variant_id: self._cell(record, cls) for record in records}
        if cls is None:
            return ProbeData(
                first.probe_id, first.probe, first.probe_id, "", "", (), False, first.spec, (), cells,
                problem=translate(
                    "reports", "The probe “{0}” is not installed here, so its samples cannot be summarised."
                ).format(first.probe),
            )  # fmt: skip
        cells = against_base(cls, cells, self.base, self.statistics)
        example = next((c.metrics[cls.headline] for c in cells.values() if cls.headline in c.metrics), None)
        quality = first.probe != "speed" and (example is None or not example.unit.endswith("/s"))
        pairs, powerless = pairs_of(cls, cells, self.order, self.base, self.statistics)
        return ProbeData(
            probe_id=first.probe_id,
            probe=first.probe,
            title=translate("probes", cls.title),
            question=translate("probes", cls.question),
            headline=cls.headline,
            key_metrics=KEY_METRICS.get(first.probe, (cls.headline,)),
            quality=quality,
            spec=first.spec,
            figures=tuple(_spoken(figure) for figure in cls.figures),
            cells=cells,
            pairs=pairs,
            powerless=powerless,
        )

    def _cell(self, record: CellRecord, cls: type[Probe] | None) -> CellData:
        store = self.store
        rows = [store.job(key) for key in record.job_keys]
        rounds = [
            store.samples(key) if row is not None else []
            for key, row in zip(record.job_keys, rows, strict=True)
        ]
        samples = tuple(sample for part in rounds for sample in part)
        content = tuple((key, len(part)) for key, part in zip(record.job_keys, rounds, strict=True))
        results = [result for key in record.job_keys if (result := store.result(key)) is not None]
        result = results[-1] if results else None
        state, reason, hint = self._whole(
            [self._state(row, bool(part)) for row, part in zip(rows, rounds, strict=True)]
        )
        metrics: Mapping[str, Metric] = {}
        if samples and cls is not None:
            try:
                metrics = self.statistics.summarise(cls, content, samples)
            except (LabError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
                state, reason = (
                    "failed",
                    translate("reports", "Its samples cannot be summarised ({0}).").format(
                        f"{type(error).__name__}: {error}"
                    ),
                )
        seconds = None
        if state == "done" and all(row and row.finished and row.started for row in rows):
            seconds = sum((row.finished or 0.0) - (row.started or 0.0) for row in rows if row)
        return CellData(
            record.probe_id, record.variant_id, record.job_key, state, reason, hint, metrics,
            provenance=result.provenance if result else {},
            finished=result.finished if result else None,
            seconds=seconds,
            samples=samples,
            content=content,
        )  # fmt: skip

    @staticmethod
    def _whole(rounds: Sequence[tuple[str, str, str]]) -> tuple[str, str, str]:
        """State of a cell from those of its rounds: what went wrong before what goes on before what waits."""
        for state in ("failed", "blocked", "cancelled", "running", "partial"):
            if found := next((item for item in rounds if item[0] == state), None):
                return found
        if len({state for state, *_ in rounds}) > 1:
            return "partial", translate("reports", "Not all rounds are measured yet."), ""
        return rounds[-1]

    def _state(self, row: JobRow | None, measured: bool) -> tuple[str, str, str]:
        """(state, why, what to do)."""
        if row is None:
            return "waiting", translate("reports", "Not started yet."), ""
        if row.state == "done":
            return "done", "", ""
        if row.state == "running":
            why = translate("reports", "Still running.")
            if measured:
                why = translate("reports", "Still running. The numbers are of what is measured so far.")
            return "running", why, ""
        if row.state in _OVER:
            failure = row.failure or {}
            why = (
                translate("reports", "It was cancelled.")
                if row.state == "cancelled"
                else translate("reports", "It failed.")
            )
            return (
                row.state,
                said.local(str(failure.get("message") or why)),
                said.local(str(failure.get("hint") or "")),
            )
        blocker = self._blocker(row)
        if blocker is not None:
            why = said.local(str((blocker.failure or {}).get("message") or _ended(blocker.state)))
            if blocker.state == "cancelled":
                text = translate("reports", "Not started, because “{0}” was cancelled: {1}")
            else:
                text = translate("reports", "Not started, because “{0}” failed: {1}")
            return "blocked", text.format(titles.shown(blocker.title), why), ""
        if measured:
            text = translate("reports", "Interrupted; the numbers are of what was measured until then.")
            return "partial", text, ""
        return "waiting", translate("reports", "Not started yet."), ""

    def _blocker(self, row: JobRow, seen: frozenset[str] = frozenset()) -> JobRow | None:
        """The failed job that this one waits for in vain, if any."""
        for identity in row.inputs.values():
            kind, _, rest = str(identity).partition(":")
            key = rest.partition(":")[0]
            if kind != "job" or key in seen:
                continue
            maker = self.store.job(key)
            if maker is None:
                continue
            if maker.state in _OVER:
                return maker
            if maker.state == "queued" and (found := self._blocker(maker, seen | {key})) is not None:
                return found
        return None


_ENDED = {"failed": note("reports", "It failed."), "cancelled": note("reports", "It was cancelled.")}


def _ended(state: str) -> str:
    return translate("reports", _ENDED[state])


def _spoken(figure: Figure) -> Figure:
    """A probe's figure with its title and the names of its axes in the chosen language."""
    changes: dict[str, Any] = {}
    for item in fields(figure):
        value = getattr(figure, item.name)
        if item.name == "title":
            changes["title"] = translate("probes", value)
        elif isinstance(value, Axis):
            changes[item.name] = replace(value, label=translate("probes", value.label))
    return replace(figure, **changes)


# -- files ---------------------------------------------------------------------------------------------


def _predictions(study: StudyRecord, store: Store) -> Mapping[str, Any]:
    key = study.extra.get("predict_key")
    keys = (
        [key]
        if key
        else [k for k in study.job_keys if (row := store.job(k)) is not None and row.kind == "predict"]
    )
    for item in keys:
        result = store.result(str(item))
        if result is not None:
            return result.values
    return {}


def _variant(
    record: VariantRecord, store: Store, predictions: Mapping[str, Any], base: GgufFile | None
) -> VariantData:
    artifact = _model_artifact(record, store)
    path = _path(record, store)
    meta: Mapping[str, Any] = artifact.meta if artifact is not None else {}
    prediction = predictions.get(record.quant or "", {}) if record.file_key else {}
    header = _header(path)
    size = artifact.size if artifact is not None else header.file_size if header is not None else None
    bits = meta.get("bits_per_weight") or (header.bits_per_weight if header is not None else None)
    memory = expected_memory(header, record.settings)
    predicted = size is None and "file_size" in prediction
    if predicted:
        size, bits = prediction["file_size"], prediction.get("bits_per_weight")
        memory = expected_memory(base, record.settings, size)
    maker = store.job(record.file_key) if record.file_key else None
    problem = None
    if artifact is None and maker is not None and maker.state in _OVER:
        problem = str((maker.failure or {}).get("message") or _ended(maker.state))
    return VariantData(
        variant_id=record.variant_id,
        label=record.label,
        is_base=record.is_base,
        quant=record.quant,
        file_name=Path(path).name if path else "",
        path=path,
        sha256=artifact.sha256 if artifact is not None else record.sha256,
        file_size=int(size) if size is not None else None,
        bits_per_weight=float(bits) if bits is not None else None,
        predicted=predicted,
        notes=tuple(record.notes),
        settings=dict(record.settings),
        requantized_from=meta.get("requantized_from"),
        fallbacks=meta.get("fallbacks", prediction.get("fallbacks")),
        matrices=meta.get("tensors") or (len(prediction["tensors"]) if "tensors" in prediction else None),
        used_imatrix=meta.get("imatrix"),
        memory=memory,
        problem=problem,
    )


def _named_apart(variants: Sequence[VariantData]) -> tuple[VariantData, ...]:
    """The base with a mark in its label where a file to compare has the same name, in another folder."""
    others = {v.label for v in variants if not v.is_base}
    return tuple(
        replace(v, label=f"{v.label} ({tag_text('base')})") if v.is_base and v.label in others else v
        for v in variants
    )


def _path(record: VariantRecord, store: Store) -> str | None:
    artifact = _model_artifact(record, store)
    return artifact.path if artifact is not None else record.path


def _model_artifact(record: VariantRecord, store: Store) -> ArtifactRecord | None:
    if record.file_key is None:
        return None
    return next((a for a in store.artifacts(record.file_key) if a.role == "model"), None)


def _header(path: str | None) -> GgufFile | None:
    """None where the file is not there, or is no GGUF file."""
    if not path or not Path(path).is_file():
        return None
    try:
        return read_model(path).header
    except (LabError, OSError):
        return None


# -- other jobs ----------------------------------------------------------------------------------------


def _failures(rows: Any) -> list[FailureData]:
    found = []
    for row in rows:
        if row is None or row.state not in _OVER:
            continue
        failure = row.failure or {}
        message = str(failure.get("message") or _ended(row.state))
        found.append(
            FailureData(
                titles.shown(row.title or row.kind),
                row.kind,
                row.state,
                message,
                str(failure.get("hint") or ""),
                row.key,
            )
        )
    return found


def _imatrix(study: StudyRecord, store: Store) -> ImatrixData | None:
    key = study.extra.get("imatrix_key")
    if not key:
        return None
    row, result = store.job(key), store.result(key)
    artifacts = {a.role: a for a in store.artifacts(key)}
    state = row.state if row is not None else "waiting"
    if result is None:
        failure = (row.failure or {}) if row is not None else {}
        return ImatrixData(
            state, problem=str(failure.get("message") or translate("reports", "It is not made yet."))
        )
    table = artifacts.get("coverage")
    rows: tuple[Mapping[str, Any], ...] = ()
    problem = None
    if table is not None:
        try:
            rows = tuple(json.loads(Path(table.path).read_text(encoding="utf-8")).get("rows", ()))
        except (OSError, ValueError) as error:
            problem = translate("reports", "The coverage table cannot be read ({0}).").format(error)
    matrix = artifacts.get("imatrix")
    return ImatrixData(state, result.values, rows, matrix.sha256 if matrix else None, problem)

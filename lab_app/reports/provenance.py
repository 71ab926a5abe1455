"""What ran: files, and what all measurements share set apart from what differs."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Mapping, Sequence
from typing import Any

from lab_app.reports.model import CellData, ReportData
from lab_app.reports.numbers import MISSING
from lab_app.reports.table import Cell, Column, Table
from lab_app.reports.tables import note_text
from lab_app.reports.words import joined, listing
from lab_app.system.translation import note, plural, translate
from lab_app.system.units import size

_STATES = {
    "done": note("reports", "done"),
    "running": note("reports", "running"),
    "partial": note("reports", "partial"),
    "waiting": note("reports", "waiting"),
    "failed": note("reports", "failed"),
    "blocked": note("reports", "blocked"),
    "cancelled": note("reports", "cancelled"),
}
_LATE = ("spec", "inputs")
"""Shown elsewhere or per job anyway."""


def flatten(value: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """``{"rope.model.freq_base": "10000.0", …}``; lists joined, empty values left out."""
    found: dict[str, str] = {}
    for key, item in value.items():
        name = f"{prefix}{key}"
        if isinstance(item, Mapping):
            found.update(flatten(item, f"{name}."))
        elif isinstance(item, (list, tuple)):
            if all(isinstance(part, (str, int, float)) for part in item):
                text = ", ".join(map(str, item))
            else:
                text = json.dumps(item, ensure_ascii=False)
            if text and item:
                found[name] = text
        elif item is not None and item != "":
            found[name] = str(item)
    return found


def moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))


def duration(seconds: float) -> str:
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def file_table(data: ReportData) -> Table:
    rows = []
    for variant in data.by_size():
        settings = ", ".join(f"{key} = {value}" for key, value in variant.settings.items())
        exact = ""
        if variant.file_size is not None:
            exact = plural("%n byte(s)", "", variant.file_size)
        rows.append(
            (
                Cell(variant.label, variant.path or "", tags=("base",) if variant.is_base else ()),
                Cell(variant.sha256 or MISSING, kind="code" if variant.sha256 else "missing"),
                Cell(size(variant.file_size), exact)
                if variant.file_size is not None
                else Cell(MISSING, kind="missing"),
                Cell(settings or translate("reports", "defaults")),
                Cell(joined([note_text(item) for item in variant.notes], "; ") or MISSING),
            )
        )
    return Table(
        translate("reports", "Files"),
        (
            Column(translate("reports", "File")),
            Column("sha256"),
            Column(translate("reports", "Size")),
            Column(translate("reports", "Engine settings")),
            Column(translate("reports", "Notes")),
        ),
        tuple(rows),
    )


def machine_table(data: ReportData) -> Table:
    machine = data.machine
    gpus = [
        f"{g.get('name', 'GPU')} ({size(g['memory'])})" if g.get("memory") else str(g.get("name"))
        for g in machine.get("gpus", ())
    ]
    lines = [
        (translate("reports", "Processor"), machine.get("cpu")),
        (translate("reports", "Usable cores"), machine.get("usable_cores")),
        (translate("reports", "Memory"), size(machine["memory"]) if machine.get("memory") else None),
        (translate("reports", "Graphics cards"), ", ".join(gpus) or translate("reports", "none seen")),
        (
            translate("reports", "System"),
            " ".join(str(machine[key]) for key in ("os", "machine") if machine.get(key)),
        ),
        ("Odyssey Lab", data.version),
        (translate("reports", "Report made"), moment(data.created)),
    ]
    return Table(
        translate("reports", "This machine"),
        _what_and_value(),
        tuple((Cell(k), Cell(str(v))) for k, v in lines if v),
    )


METHOD = (
    (note("reports", "Engine"), ("engine", "commit")),
    (note("reports", "Build"), ("build", "native.flags")),
    (note("reports", "Processor and cards"), ("devices",)),
    (note("reports", "Layers on the GPU"), ("gpu_layers",)),
    (note("reports", "Threads"), ("threads",)),
    (note("reports", "Batch (logical, physical)"), ("n_batch", "n_ubatch")),
    (note("reports", "KV cache (keys, values)"), ("kv_type_k", "kv_type_v")),
    (note("reports", "Flash attention"), ("flash_attention",)),
    (note("reports", "Seed"), ("seed",)),
    (note("reports", "Chat template (sha256)"), ("chat_template_sha256",)),
)
"""What a result depends on beside the file: label → keys of a measurement's provenance."""


def method_table(data: ReportData) -> Table | None:
    """How it was measured; where measurements differ, every value with who has it."""
    runs = _finished(data)
    rows = []
    for label, keys in METHOD:
        found: dict[str, list[CellData]] = {}
        for cell in runs:
            parts = [text for key in keys if (text := _told(cell.provenance, key))]
            if parts:
                found.setdefault(", ".join(parts), []).append(cell)
        kind = "code" if "sha256" in label else "text"
        for value, cells in found.items():
            whose = "" if len(cells) == len(runs) else listing(_whose(data, cells), most=8)
            rows.append((Cell(translate("reports", label)), Cell(value, whose, kind=kind)))
    caption = translate("reports", "How it was measured")
    return Table(caption, _what_and_value(), tuple(rows)) if rows else None


def _what_and_value() -> tuple[Column, Column]:
    return Column(translate("reports", "What")), Column(translate("reports", "Value"))


def _key_and_value() -> tuple[Column, Column]:
    return Column(translate("reports", "Key")), Column(translate("reports", "Value"))


def _whose(data: ReportData, cells: Sequence[CellData]) -> list[str]:
    """Probes all of whose measurements are among ``cells`` by their name, the others one by one."""
    found = []
    keys = {(c.probe_id, c.variant_id) for c in cells}
    for probe in data.probes:
        all_of = [c for c in probe.cells.values() if c.provenance]
        own = [c for c in all_of if (c.probe_id, c.variant_id) in keys]
        if own and len(own) == len(all_of):
            found.append(probe.probe_id)
        else:
            of = translate("reports", "{0} of {1}")
            found += [of.format(probe.probe_id, data.variant(c.variant_id).label) for c in own]
    return found


def _finished(data: ReportData) -> list[CellData]:
    return [cell for probe in data.probes for cell in probe.cells.values() if cell.provenance]


def _told(own: Mapping[str, Any], key: str) -> str:
    """One value of a measurement's provenance as text; of devices their descriptions."""
    value: Any = own
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if key == "devices" and isinstance(value, (list, tuple)):
        return ", ".join(str(d.get("description") or d.get("name")) for d in value if isinstance(d, Mapping))
    return (
        flatten({key: value}).get(key, "")
        if not isinstance(value, Mapping)
        else "; ".join(f"{name} = {text}" for name, text in flatten(value).items())
    )


def common_and_own(data: ReportData) -> tuple[dict[str, str], dict[tuple[str, str], dict[str, str]]]:
    """(what every finished measurement has in common, what differs by (probe, variant))."""
    flat = {
        (cell.probe_id, cell.variant_id): flatten(
            {k: v for k, v in cell.provenance.items() if k not in _LATE}
        )
        for cell in _finished(data)
    }
    if not flat:
        return {}, {}
    first = next(iter(flat.values()))
    common = {
        key: value for key, value in first.items() if all(own.get(key) == value for own in flat.values())
    }
    return common, {cell: {k: v for k, v in own.items() if k not in common} for cell, own in flat.items()}


def run_tables(data: ReportData) -> list[Table]:
    """What all measurements share, then one row a measurement."""
    common, own = common_and_own(data)
    found = []
    if common:
        rows = tuple((Cell(key, kind="code"), Cell(value)) for key, value in sorted(common.items()))
        caption = translate("reports", "The same in every measurement")
        found.append(Table(caption, _key_and_value(), rows))
    rows_of = []
    for probe in data.probes:
        for variant in data.by_size():
            cell = probe.cells.get(variant.variant_id)
            if cell is None:
                continue
            differing = "; ".join(
                f"{key} = {value}"
                for key, value in sorted(own.get((cell.probe_id, cell.variant_id), {}).items())
            )
            rows_of.append(
                (
                    Cell(f"{probe.probe_id}: {variant.label}", cell.job_key, kind="text"),
                    Cell(
                        translate("reports", _STATES[cell.state]),
                        kind="bad" if cell.state in ("failed", "blocked") else "text",
                    ),
                    Cell(moment(cell.finished) if cell.finished else MISSING),
                    Cell(duration(cell.seconds) if cell.seconds is not None else MISSING),
                    Cell(differing or MISSING),
                )
            )
    columns = (
        Column(translate("reports", "Measurement"), translate("reports", "job key")),
        Column(translate("reports", "State")),
        Column(translate("reports", "Finished")),
        Column(translate("reports", "Took")),
        Column(translate("reports", "Differs in")),
    )
    if rows_of:
        found.append(Table(translate("reports", "Measurements"), columns, tuple(rows_of)))
    found += [
        Table(
            translate("reports", "Parameters of {0}").format(probe.probe_id), _key_and_value(),
            tuple((Cell(key, kind="code"), Cell(value)) for key, value in flatten(probe.spec).items()),
        )
        for probe in data.probes
        if probe.spec
    ]  # fmt: skip
    return found


def command(data: ReportData) -> str:
    """How to run the study again."""
    return f"odyssey-lab --batch {shlex.quote(data.study.source or 'study.toml')}"

"""What the builder knows of a source, found out in the background. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab_app.store import Store
from lab_app.system.errors import LabError
from lab_app.system.paths import Folders


@dataclass(frozen=True, slots=True)
class Facts:
    """path: the file, where it is on this machine. n_params: weights. context: trained, tokens; 0: unknown.
    quantized_as: tensor type of a source that is quantized already. problem: why it cannot be a source."""

    source: str
    path: Path | None = None
    title: str = ""
    architecture: str = ""
    n_params: int = 0
    context: int = 0
    size: int = 0
    quantized_as: str | None = None
    problem: str = ""


def look(source: str, folders: Folders) -> Facts:
    """Reads a header at most; never raises."""
    from lab_app.gguf import demo, reader
    from lab_app.studies.schema import DEMO_SOURCE

    try:
        if source == DEMO_SOURCE:
            path = Path(demo.demo_path(folders))
            if not path.is_file():
                return DEMO
        elif source.startswith("hf:"):
            return Facts(source, title=source.removeprefix("hf:"))
        elif not source.strip():
            return Facts(source, problem="Choose a model.")
        else:
            path = Path(source).expanduser()
        if path.is_dir():
            return Facts(source, path, path.name)
        if not path.is_file():
            return Facts(source, problem=f"There is no file {path}.")
        file = reader.read(str(path))
    except (LabError, OSError) as error:
        return Facts(source, problem=str(error))
    main = file.main_type
    name = file.metadata.get("general.name")
    return Facts(
        source,
        path,
        name if isinstance(name, str) and name else path.stem,
        file.architecture,
        file.n_params,
        file.context_length or 0,
        path.stat().st_size,
        main.name.upper() if main.quantized else None,
    )


DEMO = Facts(
    "demo:", None, "SmolLM2-135M-Instruct", "llama", 134_515_008, 8192, 98_362_432, "Q4_1"
)  # fmt: skip
"""The demo model while it is still to be fetched."""


def fits(
    facts: Facts, sizes: Mapping[str, int], reserve: int, context: int = 4096
) -> Mapping[str, tuple[str, int]]:
    """Quant type → (word of :class:`lab_app.gguf.memory.Fit`, bytes needed) at ``context`` tokens, from the size of
    the file it will be and what the source needs besides its weights. Empty where the source is not there."""
    from lab_app.gguf import memory
    from lab_app.gguf.parts import read_model
    from lab_app.gui.models.facts import machine

    if facts.path is None or not facts.path.is_file():
        return {}
    try:
        load = memory.Load(n_ctx=min(context, facts.context or context))
        need = memory.estimate(read_model(facts.path).header, load)
    except (LabError, ValueError):
        return {}
    weights = need.ram.weights + need.ram.repacked
    usable = machine(reserve).usable
    found = {}
    for name, nbytes in sizes.items():
        total = need.total - weights + nbytes
        fit = (
            memory.Fit.NO
            if total > usable
            else memory.Fit.TIGHT
            if total > memory.TIGHT * usable
            else memory.Fit.FITS
        )
        found[name] = (str(fit.value), total)
    return found


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of each probe for one model, and of making the files. measured: from jobs of this machine."""

    probes: Mapping[str, float | None] = field(default_factory=dict)
    quantize: float = 0.0
    measured: bool = False


def costs(
    store: Store, asked: Mapping[str, Mapping[str, Any]], facts: Facts, sizes: Mapping[str, int]
) -> Costs:
    """asked: probe → keys of its table. sizes: quant type → bytes of the file it will make."""
    import os

    from lab_app.probes.base import registry
    from lab_app.studies import cost

    known = registry()
    found = cost.rates(store, os.cpu_count() or 1)
    seconds: dict[str, float | None] = {}
    for kind, spec in asked.items():
        amount = cost.probe_work(known[kind], dict(spec)) if kind in known and facts.n_params else None
        seconds[kind] = found.seconds(kind, amount, facts.n_params) if amount is not None else None
    return Costs(seconds, sum(sizes.values()) * found.quantize + cost.START * len(sizes), found.measured)

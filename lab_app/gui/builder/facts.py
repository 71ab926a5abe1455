"""What the builder knows of a source and of the study, found out in the background. No Qt here."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lab_app.gguf.header import GgufFile
from lab_app.store import Store
from lab_app.system import said
from lab_app.system.errors import LabError
from lab_app.system.paths import Folders
from lab_app.system.translation import translate


@dataclass(frozen=True, slots=True)
class Facts:
    """path: the file, where it is on this machine. n_params: weights. context: trained, tokens; 0: unknown.
    quantized_as: tensor type of a source that is quantized already. header: of a GGUF model, here or on the hub;
    None where there is none, or it is not known yet. problem: why it cannot be a source."""

    source: str
    path: Path | None = None
    title: str = ""
    architecture: str = ""
    n_params: int = 0
    context: int = 0
    size: int = 0
    quantized_as: str | None = None
    header: GgufFile | None = field(default=None, repr=False, compare=False)
    problem: str = ""


def look(source: str, folders: Folders) -> Facts:
    """Reads a header at most and asks nothing of the network; never raises."""
    from lab_app.gguf import demo, hf_folder
    from lab_app.studies.checks import facts_of_folder
    from lab_app.studies.schema import DEMO_SOURCE

    try:
        if source == DEMO_SOURCE:
            path = Path(demo.demo_path(folders))
            if not path.is_file():
                return replace(DEMO, header=demo.demo_header())
        elif source.startswith(HUB):
            return Facts(source, title=source.removeprefix(HUB))
        elif not source.strip():
            return Facts(source, problem=translate("studies", "Choose a model."))
        else:
            path = Path(os.path.expanduser(source))
        if path.is_dir():
            known = facts_of_folder(hf_folder.read_folder(path, tokenizer=False))
            return Facts(source, path, path.name, "", known.n_params, known.context, 0, known.quantized_as)
        if not path.is_file():
            return Facts(source, problem=said.local(f"There is no file {path}."))
        return _of_file(source, path)
    except LabError as error:
        return Facts(source, problem=said.both(error))
    except OSError as error:
        return Facts(source, problem=said.local(f"{source} cannot be read: {error.strerror or error}."))


HUB = "hf:"


def look_at_hub(source: str, *, offline: bool) -> Facts:
    """Of a source ``hf:…``: its header, read over the network where the file is not here. Never raises; offline only
    what is here is known."""
    from lab_app.hub import reference, remote_folder, remote_gguf, resolve
    from lab_app.studies.checks import facts_of_folder

    title = source.removeprefix(HUB)
    try:
        asked = reference.parse(source)
        found = resolve.cached(asked) if offline else resolve.resolve(asked)
        if found is None or (offline and found.missing):
            return Facts(source, title=title)
        if found.format == resolve.SAFETENSORS:
            if offline:
                return Facts(source, title=title)
            known = facts_of_folder(remote_folder.look(found.files))
            return Facts(source, None, title, "", known.n_params, known.context, 0, known.quantized_as)
        if not found.missing:
            return _of_file(source, found.path())
        return _of_header(source, None, remote_gguf.header(found.files), found.size)
    except (LabError, OSError) as error:
        return Facts(
            source, title=title, problem=said.both(error) if isinstance(error, LabError) else str(error)
        )


def trained_for(source: str, folders: Folders, *, offline: bool) -> int:
    """Tokens of a source's trained context, as :func:`look` and :func:`look_at_hub` find it; 0: unknown."""
    found = look(source, folders)
    if source.startswith(HUB) and not found.problem:
        found = look_at_hub(source, offline=offline)
    return found.context


def _of_file(source: str, path: Path) -> Facts:
    from lab_app.gguf.parts import read_model

    return _of_header(source, path, read_model(path).header, path.stat().st_size)


def _of_header(source: str, path: Path | None, header: GgufFile, size: int) -> Facts:
    main = header.main_type
    name = header.metadata.get("general.name")
    title = name if isinstance(name, str) and name else path.stem if path else source
    return Facts(
        source, path, title, header.architecture, header.n_params, header.context_length or 0, size,
        main.name.upper() if main.quantized else None, header,
    )  # fmt: skip


DEMO = Facts(
    "demo:", None, "SmolLM2-135M-Instruct", "llama", 134_515_008, 8192, 98_362_432, "Q4_1"
)  # fmt: skip
"""The demo model while it is still to be fetched."""


@dataclass(frozen=True, slots=True)
class Fits:
    """How models of a study are run at their largest, and by quant type the word of
    :class:`lab_app.gguf.memory.Fit` with the bytes needed; empty where the source's header is not known."""

    context: int
    kv_k: str
    kv_v: str
    found: Mapping[str, tuple[str, int]] = field(default_factory=dict)


def largest_context(probes: Sequence[Mapping[str, Any]]) -> int:
    """Tokens of the longest context that these [[probe]] tables ask for, their defaults included; 0 where none
    names one."""
    from pydantic import ValidationError

    from lab_app.probes.base import extra_files, registry
    from lab_app.studies.checks import contexts_of

    known = registry()
    most = 0
    for table in probes:
        probe = known.get(str(table.get("kind")))
        if probe is None:
            continue
        own = {"kind", "id", *extra_files(probe)}
        spec = {key: value for key, value in table.items() if key not in own}
        try:
            spec = probe.Spec.model_validate_json(json.dumps(spec, default=str)).model_dump(mode="json")
        except ValidationError:
            pass  # another sentence says so
        most = max(most, *(tokens for _, tokens in contexts_of(spec)), 0)
    return most


def fits(
    facts: Facts,
    sizes: Mapping[str, int],
    probes: Sequence[Mapping[str, Any]],
    engine: Mapping[str, Any],
    reserve: int,
) -> Fits:
    """Whether files of these sizes run on this machine, as the study would run them.

    sizes: quant type → bytes. engine: keys of [engine]. reserve: bytes of main memory that are left to others."""
    from lab_app.gguf import memory
    from lab_app.hub.browse import Machine

    context = largest_context(probes) or memory.Load().n_ctx
    context = min(context, facts.context or context)
    load = memory.Load.of_settings(engine, n_ctx=context)
    found: dict[str, tuple[str, int]] = {}
    here = Machine.here(reserve)
    for name, nbytes in sizes.items():
        if facts.header is None:
            break
        try:
            fit, need, _ = memory.fit(
                memory.resized(facts.header, nbytes), load, ram=here.ram, vram=here.vram, reserve=reserve
            )
        except (ValueError, TypeError):
            break  # no model that can run, or settings another sentence refuses
        found[name] = (str(fit.value), need.ram.needed + need.vram.needed)
    return Fits(context, load.kv_type_k, load.kv_type_v, found)


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of each probe for one model, and of making the files. measured: from jobs of this machine."""

    probes: Mapping[str, float | None] = field(default_factory=dict)
    quantize: float = 0.0
    measured: bool = False


def costs(store: Store, probes: Sequence[Mapping[str, Any]], facts: Facts, sizes: Mapping[str, int]) -> Costs:
    """probes: [[probe]] tables. sizes: quant type → bytes of the file it will make."""
    from lab_app.probes.base import registry
    from lab_app.studies import cost

    known = registry()
    found = cost.rates(store, os.cpu_count() or 1)
    seconds: dict[str, float | None] = {}
    for table in probes:
        kind = str(table.get("kind"))
        spec = {key: value for key, value in table.items() if key not in ("kind", "id", "text")}
        amount = cost.probe_work(known[kind], spec) if kind in known and facts.n_params else None
        seconds[kind] = found.seconds(kind, amount, facts.n_params) if amount is not None else None
    return Costs(seconds, sum(sizes.values()) * found.quantize + cost.START * len(sizes), found.measured)


def problems(toml: str, folders: Folders) -> str:
    """What is wrong with a study of the builder, in the user's words; empty where nothing is."""
    from lab_app.studies.load import load_text

    origin = folders.root / "studies" / "study.toml"
    try:
        load_text(toml, origin=origin, shown_as="", folders=folders)
    except LabError as error:
        text = error.message.replace(str(origin), "").lstrip(": ")
        _, _, listed = text.partition(" errors:\n")  # of several; which file they are of is no news
        return said.local("\n".join(map(str.strip, listed.splitlines())) if listed else text)
    return ""

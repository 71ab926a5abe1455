"""Checks of a study that need more than one key: quant types, names, thresholds, contexts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab_app.hub.reference import Reference
from lab_app.probes.thresholds import THRESHOLDS
from lab_app.studies.lines import Place
from lab_app.studies.problems import Problems, nearest
from lab_app.studies.quantizing import check_source, check_whole
from lab_app.studies.schema import BASE, DEMO_SOURCE, ProbeEntry, Quantize, Study
from lab_app.system import paths
from lab_app.system.errors import LabError

if TYPE_CHECKING:
    from lab_app.gguf.header import GgufFile
    from lab_app.gguf.hf_folder import HfFolder


def check_quantize(quantize: Quantize, problems: Problems) -> tuple[str, ...]:
    """Canonical names of the quant types asked for; what is wrong with [quantize] goes to ``problems``."""
    from lab_app.quant.types import QUANT_TYPES

    by_folded = {name.casefold(): item for name, item in QUANT_TYPES.items()}
    found: list[str] = []
    for index, given in enumerate(quantize.types):
        place: Place = ("quantize", "types", index)
        item = by_folded.get(given.casefold())
        if item is None:
            problems.add(place, f'there is no quant type "{given}"; {nearest(given, QUANT_TYPES)}')
        elif item.name in found:
            problems.add(place, f'"{given}" stands in the list twice.')
        else:
            if item.needs_imatrix and quantize.imatrix is None:
                problems.add(
                    place,
                    f"{item.name} needs an importance matrix; add a table [quantize.imatrix], "
                    "or choose a type that needs none.",
                )
            found.append(item.name)
    for pattern, given in quantize.overrides.items():
        _tensor_type(given, ("quantize", "overrides", pattern), problems)
    for key in ("output_type", "embedding_type"):
        if (given := getattr(quantize, key)) is not None:
            _tensor_type(given, ("quantize", key), problems)
    return tuple(found)


def _tensor_type(given: str, place: Place, problems: Problems) -> None:
    from lab_app.gguf.types import BY_NAME

    if given.casefold() not in _TENSOR_TYPES:
        known = [BY_NAME[name].name for name in BY_NAME if name in _TENSOR_TYPES]
        problems.add(place, f'there is no tensor type "{given}"; {nearest(given, known)}')


_TENSOR_TYPES = frozenset(
    """
    f32 f16 bf16 q8_0 q6_k q5_k q5_1 q5_0 q4_k q4_1 q4_0 q3_k q2_k iq4_nl iq4_xs iq3_s iq3_xxs iq2_s iq2_xs
    iq2_xxs iq1_m iq1_s tq1_0 tq2_0 mxfp4 nvfp4 q1_0 q2_0
    """.split()
)
"""Types a tensor of a model can be given; the others of ggml are for intermediate values."""


def check_variants(study: Study, types: Sequence[str], problems: Problems) -> None:
    """Names of variants: unique, and ``of`` names something that exists."""
    taken: dict[str, str] = {BASE: "the base", **{name: f"the quant type {name}" for name in types}}
    for index, item in enumerate(study.compare):
        name = compare_name(study, index)
        key = "name" if item.name else "model"
        if name in taken:
            problems.add(
                ("compare", index, key), f'the name "{name}" is taken by {taken[name]}; give another name.'
            )
        taken.setdefault(name, f"[[compare]] number {index + 1}")
    possible = list(taken)
    for index, variant in enumerate(study.variant):
        if variant.of not in possible:
            problems.add(
                ("variant", index, "of"), f'there is no "{variant.of}" here; {nearest(variant.of, possible)}'
            )
        if variant.name in taken:
            problems.add(
                ("variant", index, "name"),
                f'the name "{variant.name}" is taken by {taken[variant.name]}; give another name.',
            )
        taken.setdefault(variant.name, f"[[variant]] number {index + 1}")
        settings = variant.over(study.engine)
        if not variant.chosen():
            problems.add(
                ("variant", index), "changes no engine setting, so it would measure the same thing twice."
            )
        _check_kv(settings.kv_type_v, settings.flash_attention, ("variant", index, "kv_type_v"), problems)
    _check_kv(study.engine.kv_type_v, study.engine.flash_attention, ("engine", "kv_type_v"), problems)


def _check_kv(kv_type_v: str | None, flash: str | None, place: Place, problems: Problems) -> None:
    if flash == "off" and kv_type_v not in (None, "f32", "f16", "bf16"):
        problems.add(
            place,
            f'a V cache of type {kv_type_v} needs flash attention; set flash_attention = "auto" or "on".',
        )


def compare_name(study: Study, index: int) -> str:
    """Name of a [[compare]] entry: the one given, else the file's name without ``.gguf``."""
    item = study.compare[index]
    return item.name or Path(item.model).name.removesuffix(".gguf")


def check_thresholds(study: Study, kinds: set[str], problems: Problems) -> None:
    """Known names, sensible bounds, and a probe and a model in this study that they are about."""
    if study.thresholds and not (study.quantize or study.compare or study.variant):
        problems.add(
            ("thresholds",),
            "they hold for every model but the base, and there is no other in this study; "
            "add [quantize], a [[compare]] or a [[variant]].",
        )
    for name, bound in study.thresholds.items():
        place: Place = ("thresholds", name)
        known = THRESHOLDS.get(name)
        if known is None:
            problems.add(place, f"there is no such threshold; {nearest(name, THRESHOLDS)}")
            continue
        if bound < known.low or (known.high is not None and bound > known.high):
            limits = (
                f"at least {known.low:g}"
                if known.high is None
                else f"between {known.low:g} and {known.high:g}"
            )
            problems.add(place, f"the {known.label} must be {limits}, but is {bound:g}.")
        if known.probe not in kinds:
            problems.add(
                place, f'nothing in this study measures it; add a [[probe]] with kind = "{known.probe}".'
            )


@dataclass(frozen=True, slots=True)
class Facts:
    """What a study needs to know of a model before it runs: from its header.

    context:      tokens it was trained for, 0 where it does not say.
    quantized_as: the tensor type most of its bytes have, where that is a quantized one.
    header:       all of it, where there is a GGUF file to read it from already.
    """

    context: int
    quantized_as: str | None
    n_params: int
    n_vocab: int
    header: GgufFile | None = field(default=None, compare=False, repr=False)


DEMO_FACTS = Facts(8192, "Q4_1", 134_515_008, 49_152)
"""Of the demo model, which may not be there yet; a test compares them with the file."""


def facts_of(header: GgufFile) -> Facts:
    main = header.main_type
    tokens = header.metadata.get("tokenizer.ggml.tokens")
    return Facts(
        header.context_length or 0,
        main.name.upper() if main.quantized else None,
        header.n_params,
        len(tokens) if isinstance(tokens, Sequence) else 0,
        header,
    )


def facts_of_folder(folder: HfFolder) -> Facts:
    return Facts(folder.context_length, folder.quantized_as, folder.n_params, folder.n_vocab)


def facts(path: Path) -> Facts:
    """Of a file, or of a Hugging Face folder. Raises UsageError, IntegrityError, OSError."""
    if path.is_dir():
        from lab_app.gguf import hf_folder

        return facts_of_folder(hf_folder.read_folder(path))
    stat = path.stat()
    return _cached_facts(str(path), stat.st_size, stat.st_mtime_ns)


@cache
def _cached_facts(path: str, size: int, mtime_ns: int) -> Facts:
    from lab_app.gguf import parts

    return facts_of(parts.read_model(path).header)


def check_models(
    study: Study,
    source: Path | Reference | None,
    compares: Sequence[Path | Reference | None],
    probes: Sequence[ProbeEntry],
    folders: paths.Folders | None,
    problems: Problems,
) -> None:
    """As :func:`check_facts`, with what can be known without asking the hub.

    source: None for the demo model, and for one that is not there. compares: None for those that are not there."""
    known: Facts | None = None
    if study.source.model == DEMO_SOURCE:
        from lab_app.gguf import demo

        here = Path(demo.demo_path(folders)) if folders is not None else None
        known = _facts_at(here, ("source", "model"), problems) if here and here.is_file() else DEMO_FACTS
    elif source is not None:
        known = _facts_at(source, ("source", "model"), problems)
        if (
            study.quantize is not None
            and known is not None
            and known.header is not None
            and isinstance(source, Path)
        ):
            check_whole(known.header, problems)
    others = [
        (path.name, _facts_at(path, ("compare", index, "model"), problems))
        for index, path in enumerate(compares)
        if isinstance(path, Path)
    ]
    check_facts(study, known, others, probes, problems)


def _facts_at(model: Path | Reference, place: Place, problems: Problems) -> Facts | None:
    if not isinstance(model, Path):
        return None
    try:
        return facts(model)
    except LabError as error:
        problems.add(place, str(error))
        return None


def check_facts(
    study: Study,
    source: Facts | None,
    compares: Sequence[tuple[str, Facts | None]],
    probes: Sequence[ProbeEntry],
    problems: Problems,
) -> None:
    """Refuse contexts beyond what a model was trained for without RoPE scaling, silent requantizing, and
    options of the quantizer that are impossible for the model.

    compares: name and facts of other models; None where nothing is known yet.
    """
    if study.quantize is not None and source is not None:
        check_source(study.quantize, source, problems)
    models = [("the model", source), *compares]
    limits = [(what, known.context) for what, known in models if known is not None and known.context]
    if study.engine.scales_rope:
        return
    for index, entry in enumerate(probes):
        for key, tokens in contexts_of(entry.spec):
            for what, limit in limits:
                if tokens > limit:
                    problems.add(
                        _probe_place(study, entry, index, key),
                        f"a context of {tokens} tokens is impossible: {what} was trained for {limit}. "
                        f"Nearest possible: {limit}; for more, set rope_scaling in [engine].",
                    )
                    break


def _probe_place(study: Study, entry: ProbeEntry, index: int, key: str) -> Place:
    for position, raw in enumerate(study.probe):
        if raw.get("id", raw.get("kind")) == entry.id:
            return ("probe", position, key)
    return ("probe", index, key)


def contexts_of(spec: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """(key, tokens) of every context length a probe's spec asks for."""
    for key in ("context", "lengths", "contexts", "prefill", "generate"):
        yield from ((key, tokens) for tokens in _whole_numbers(spec.get(key)))
    # What is written after ``depth`` tokens stands behind them.
    written = max(_whole_numbers(spec.get("generate")), default=0)
    yield from (("depth", depth + written) for depth in _whole_numbers(spec.get("depth")) if depth)


def _whole_numbers(value: Any) -> list[int]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, int)]

"""docs/STUDIES.md, made from the fields of the schema and of the probes:
``python -m lab_app.studies.docs > docs/STUDIES.md``."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from lab_app.engines.base import EngineSettings
from lab_app.probes.base import Probe, extra_files, registry
from lab_app.probes.thresholds import THRESHOLDS, Threshold
from lab_app.studies.examples import EXAMPLES
from lab_app.studies.questions import QUESTIONS
from lab_app.studies.schema import (
    RESOURCE_SCHEME,
    Compare,
    EngineTable,
    Imatrix,
    Quantize,
    Resources,
    Source,
    Study,
    Variant,
)

_OPENING = """\
# Study files

A study file is TOML. It names a model, what to make of it, how to run it and what to measure; `odyssey-lab --batch
STUDY.toml` turns it into a report, and the window makes and reads the same files. `odyssey-lab new which-quant`
prints one to start from, `odyssey-lab --batch STUDY.toml --dry-run` shows what it will do. Made from
`lab_app/studies/schema.py` and the probes; do not edit.

- Keys that are not listed here are refused, with file, line, table and key, and the nearest one that exists.
- A path is relative to the folder of the study file; `~` is the home folder. `resource:texts/…` is a text that ships
  with the lab.
- Sizes are bytes, or a text with a unit: `"500 MB"` (10⁶), `"6 GiB"` (2³⁰). Lengths and contexts are in tokens of the
  model that is measured.
- A key that is left out has its default, and stating a default changes nothing: what is measured already is found."""

_MODELS = """
Where a model lies, here and in `[[compare]]`:

| model | what it is |
|---|---|
| `"my-model.gguf"` | a GGUF file (parts of a split model are put together first: `odyssey-lab models merge`) |
| `"folder"` | a Hugging Face folder with safetensors; it is converted first |
| `"hf:org/repo:file.gguf"`, `"hf:org/repo"` | on the Hugging Face hub; `@revision` after it pins one |
| `"demo:"` | a small model that is fetched with the lab's own job |"""

_OVERRIDES = """
`overrides` may stand as a table of its own. Each pattern must match a tensor and change something:

```toml
[quantize.overrides]
"attn_v" = "q8_0"
"blk\\\\.[0-3]\\\\.ffn_down" = "q6_k"
```"""

_IMATRIX = """
Where this table stands, even empty, an importance matrix is made and used. What it covers is shown before anything
is quantized, and a type that lacks data for a tensor is refused."""

_VARIANT = """
Every key of `[engine]` may stand here, at least one must; what is left out is as in `[engine]`."""

_PROBE = """
What is measured, on every model of the study: the base, each quant type, each `[[compare]]` and each `[[variant]]`.
All of them get the same texts and items. Every `[[probe]]` has these keys, and those of its
kind:"""

_THRESHOLDS = """
For use in CI. A bound holds for every model but the base, in each `[[probe]]` that measures it. It is met when the
*value* lies on the right side (equal counts), wherever its interval ends; where the interval reaches across the
bound, the report marks the outcome uncertain: measuring more could turn it. What was not measured is not met.
Bounds in a study of the base alone are refused. A bound that is not met makes the exit code 7 (a job that failed comes
first). KL divergence is in nats."""


def document() -> str:
    known = _probes()
    parts = [_OPENING, "", "## At the top of the file", "", *_table(Study, skip=_TABLES)]
    parts += ["", "Tables, in any order:", "", "| table | what it says |", "|---|---|"]
    parts += [f"| {_TABLES[name]} | {_sentence(Study.model_fields[name])} |" for name in _TABLES]
    parts += ["", "## `[source]`", "", *_table(Source), _MODELS]
    parts += ["", "## `[quantize]`", "", *_table(Quantize, skip=("imatrix",)), _OVERRIDES]
    parts += ["", *_types(), "", "## `[quantize.imatrix]`", _IMATRIX, "", *_table(Imatrix)]
    parts += ["", "## `[engine]`", "", *_engine()]
    parts += ["", "## `[[probe]]`", _PROBE, "", *_rows(_common(known))]
    for kind, probe in known.items():
        parts += [
            "",
            f'### `kind = "{kind}"`',
            "",
            probe.question,
            "",
            *_rows([*_files(probe), *_keys(probe.Spec)]),
        ]
    parts += ["", "## `[[variant]]`", _VARIANT, "", *_rows(_keys(Variant, only=("name", "of")))]
    parts += ["", "## `[[compare]]`", "", *_table(Compare)]
    parts += ["", "## `[thresholds]`", _THRESHOLDS, "", *_thresholds()]
    parts += ["", "## `[resources]`", "", *_table(Resources), "", "## Examples"]
    for question, text in EXAMPLES:
        parts += ["", f"### {question}", "", "```toml", text.rstrip("\n"), "```"]
    return "\n".join(parts) + "\n"


_TABLES = {
    "source": "`[source]`",
    "quantize": "`[quantize]`",
    "engine": "`[engine]`",
    "probe": "`[[probe]]`, once or more",
    "variant": "`[[variant]]`, any number",
    "compare": "`[[compare]]`, any number",
    "thresholds": "`[thresholds]`",
    "resources": "`[resources]`",
}


def _types() -> list[str]:
    from lab_app.quant.types import QUANT_TYPES, TENSOR_TYPES

    names = {item.name: item for item in QUANT_TYPES.values()}
    listed = " ".join(f"{name}{'*' if item.needs_imatrix else ''}" for name, item in names.items())
    lines = [f"Quant types (* needs `[quantize.imatrix]`): {listed}."]
    return [*lines, "", f"Tensor types: {' '.join(sorted(TENSOR_TYPES))}."]


_Row = tuple[str, str, str, str]
"""Key, type, default, meaning."""


def _probes() -> Mapping[str, type[Probe]]:
    """The lab's own, in the order of the questions they answer; those of third parties have documents of their own."""
    own = {kind: probe for kind, probe in registry().items() if probe.__module__.startswith("lab_app.")}
    order = [question.kind for question in QUESTIONS if question.kind in own]
    return {kind: own[kind] for kind in [*order, *sorted(own.keys() - set(order))]}


def _table(model: type[BaseModel], skip: Sequence[str] | Mapping[str, str] = ()) -> list[str]:
    return _rows(_keys(model, [name for name in model.model_fields if name not in skip]))


def _rows(rows: Sequence[_Row]) -> list[str]:
    lines = ["| key | type | default | meaning |", "|---|---|---|---|"]
    return lines + [f"| `{key}` | {kind} | {default} | {text} |" for key, kind, default, text in rows]


def _keys(model: type[BaseModel], only: Sequence[str] = ()) -> list[_Row]:
    return [
        (name, _type(field.annotation, field.metadata), _default(field), _sentence(field))
        for name, field in model.model_fields.items()
        if not only or name in only
    ]


def _common(known: Mapping[str, type[Probe]]) -> list[_Row]:
    kinds = ", ".join(f'`"{kind}"`' for kind in known)
    name = "Name of this measurement in the report; needed where a kind stands twice. Letters, digits, `.`, `-`, `_`"
    return [("kind", kinds, "required", "What is measured"), ("id", "text", "the kind", name)]


def _files(probe: type[Probe]) -> list[_Row]:
    return [
        (role, "path", f'`"{RESOURCE_SCHEME}{default}"`', "The text that is read, UTF-8")
        for role, default in extra_files(probe).items()
    ]


def _engine() -> list[str]:
    """Where the schema leaves a choice to the engine, its default is the engine's."""
    defaults = {item.name: item.default for item in fields(EngineSettings)}
    rows = []
    for key, kind, default, text in _keys(EngineTable):
        chosen = defaults[key]
        rows.append((key, kind, default if chosen is None else f"`{_value(chosen)}`", text))
    return _rows(rows)


def _thresholds() -> list[str]:
    lines = ["| key | bound | probe | values |", "|---|---|---|---|"]
    for name, rule in THRESHOLDS.items():
        side = "at most" if rule.side == "max" else "at least"
        lines.append(f"| `{name}` | {rule.label}: {side} this | `{rule.probe}` | {_span(rule)} |")
    return lines


def _span(rule: Threshold) -> str:
    return f"{rule.low:g} to {rule.high:g}" if rule.high is not None else f"{rule.low:g} and more"


def _sentence(field: FieldInfo) -> str:
    text = (field.description or "").rstrip(".").replace("|", "\\|")
    return text[:1].upper() + text[1:]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    return "–" if value in (None, (), {}, "") else f"`{_value(value)}`"


def _value(value: Any) -> str:
    """As it stands in a study file."""
    return json.dumps(value, ensure_ascii=False)


def _type(annotation: Any, limits: Sequence[Any] = ()) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return " or ".join(_type(item, limits) for item in inner if item is not type(None))
    if origin is Literal:
        return ", ".join(f"`{_value(item)}`" for item in inner)
    if hasattr(annotation, "__metadata__"):  # Annotated
        return _type(inner[0], (*annotation.__metadata__, *limits))
    if origin in (tuple, list):
        return f"list of {_PLURAL[inner[0]]}"
    if origin is dict:
        return "table"
    return f"{_NAMES[annotation]}{_bounds(limits)}"


_NAMES = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`"}
_PLURAL = {str: "texts", int: "whole numbers", float: "numbers"}


def _bounds(limits: Sequence[Any]) -> str:
    found: dict[str, Any] = {}
    for item in limits:
        for part in (item, *getattr(item, "metadata", ())):
            found |= {name: getattr(part, name) for name in ("ge", "gt", "le") if hasattr(part, name)}
    if "gt" in found:
        return f" above {found['gt']:g}"
    if "ge" not in found:
        return ""
    least = f"{found['ge']:,}"
    return f", {least} to {found['le']:,}" if "le" in found else f", at least {least}"


if __name__ == "__main__":
    print(document(), end="")

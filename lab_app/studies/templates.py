"""Ready-made studies: texts in ``resources/studies/templates`` with the model's path put in."""

from __future__ import annotations

import json
import os
from pathlib import Path
from string import Template
from typing import Any

from lab_app.gguf.reader import read
from lab_app.hub.reference import SCHEME
from lab_app.studies.questions import within
from lab_app.studies.schema import DEMO_SOURCE
from lab_app.system import paths
from lab_app.system.errors import LabError, UsageError
from lab_app.system.translation import note, translate

TITLES = {
    "which-quant": note("studies", "which quant of {0}"),
    "context-length": note("studies", "context length of {0}"),
    "compare-two": note("studies", "comparison with {0}"),
}
"""Name of a ready-made study → what a study made of it is called."""
NAMES = tuple(TITLES)
_TOKENS: dict[str, dict[str, Any]] = {
    "which-quant": {"lengths": [1024], "context": 512},
    "context-length": {"lengths": [1024, 2048, 4096], "context": 2048},
    "compare-two": {"context": 512},
}
"""What is measured with, in tokens, as far as the model was trained for it."""


def render(
    name: str, model: str | None = None, other: str | None = None, *, blank: bool = False, fitted: bool = True
) -> str:
    """The study file ``name`` for ``model`` (default: the demo model), as TOML.

    other: the second file, for ``compare-two``. blank: leave empty what is not named, for somebody who chooses it
    later. Paths become absolute, so that the study may lie anywhere. fitted: of model files that can be read no
    length is asked that one of them was not trained for.
    Raises UsageError.
    """
    if name not in NAMES:
        raise UsageError(f"There is no ready-made study {name}.", f"Possible are {', '.join(NAMES)}.")
    if name == "compare-two" and not blank and (model is None or other is None):
        raise UsageError("Comparing two files needs both of them.", "Name them with --model and --other.")
    if name != "compare-two" and other is not None:
        raise UsageError(f"{name} is about one model.", "--other goes with compare-two.")
    text = paths.resource(f"studies/templates/{name}.toml").read_text(encoding="utf-8")
    values = {
        "title": _quoted(translate("studies", TITLES[name]).format(_called(model))),
        "model": _place("" if blank and model is None else model),
        "other": _place("" if blank and other is None else other),
    }
    known = [tokens for path in (model, other) if (tokens := _trained_for(path))] if fitted else []
    context = min(known, default=None)
    speed = within("speed", {}, context)
    values["speed"] = "".join(f"\n{key} = {numbers}" for key, numbers in speed.items())
    return Template(text).substitute(values | within(name, _TOKENS[name], context))


def _trained_for(model: str | None) -> int | None:
    """Tokens, where ``model`` is a file that can be read; what is wrong with it is said when the study is checked."""
    if model is None or model == DEMO_SOURCE or model.startswith(SCHEME) or not model:
        return None
    try:
        return read(_expanded(model)).context_length
    except LabError:
        return None


def _called(model: str | None) -> str:
    if not model or model == DEMO_SOURCE:
        return translate("studies", "the demo model")
    path = (
        model if model.startswith(SCHEME) else os.path.abspath(_expanded(model))
    )  # of "." only that has a name
    return Path(path).name.removesuffix(".gguf") or model


def _place(path: str | None) -> str:
    if path is None or path == DEMO_SOURCE:
        return _quoted(DEMO_SOURCE)
    if not path or path.startswith(SCHEME):
        return _quoted(path)
    return _quoted(str(_expanded(path).absolute()))


def _expanded(path: str) -> Path:
    """``~`` of somebody unknown stays as it stands: such a file is not there."""
    return Path(os.path.expanduser(path))


def _quoted(text: str) -> str:
    """A TOML basic string: the escapes of JSON are among TOML's."""
    return json.dumps(text, ensure_ascii=False)

"""A GGUF file read and its header used as the lab does; also what is fuzzed. Standard library only."""

from __future__ import annotations

from pathlib import Path

from lab_app.gguf import inspect
from lab_app.gguf.header import LazyArray
from lab_app.gguf.memory import Load, estimate
from lab_app.gguf.parts import Model
from lab_app.gguf.reader import read
from lab_app.system.errors import IntegrityError


def use(path: Path) -> str:
    """Returns what became of the file. Raises AssertionError for a refusal that is not one sentence."""
    try:
        file = read(path)
        for value in file.metadata.values():
            if isinstance(value, LazyArray):
                list(value)
        inspect.of_model(Model((path,), file)).to_json()
    except IntegrityError as error:
        sentence(error.message)
        assert path.name in error.message
        return "refused"
    try:
        estimate(file, Load(n_ctx=512))
    except ValueError as error:
        sentence(f"{error}.")
        return "no model"
    return "passed"


def sentence(said: str) -> None:
    assert said and "\n" not in said and len(said) < 600 and said.isprintable() and said.endswith(".")

"""From what pydantic found to sentences a person can act on, with place and nearest valid choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from lab_app.studies.lines import Place, line_of, where
from lab_app.system.errors import UsageError

_KINDS = {
    "string_type": "a text in quotes",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list in square brackets",
    "list_type": "a list in square brackets",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "finite_number": "a finite number",
    "size_type": 'a size such as "6 GiB"',
}
_BOUNDS = {
    "greater_than": ("gt", "greater than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
    "multiple_of": ("multiple_of", "a multiple of"),
}


def nearest(given: str, choices: Iterable[str]) -> str:
    """``; did you mean "x"?``, or the choices themselves where none is near (at most twelve)."""
    known = list(choices)
    by_folded = {name.casefold().replace("-", "_"): name for name in known}
    near = get_close_matches(given.casefold().replace("-", "_"), by_folded, n=2, cutoff=0.55)
    if near:
        return "did you mean " + " or ".join(f'"{by_folded[name]}"' for name in near) + "?"
    if not known:
        return "none is possible here."
    listed = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")
    return f"possible: {listed}."


def shown(value: Any) -> str:
    """A value as it would stand in the file, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'the text "{value[:40]}{"…" if len(value) > 40 else ""}"'
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, Sequence):
        return "a list"
    return str(value)[:40]


@dataclass
class Problems:
    """Collects what is wrong with one study file and raises it as one UsageError, a line for each."""

    file: str
    lines: dict[Place, int] = field(default_factory=dict)
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, place: Place, message: str) -> None:
        """``message``: what is wrong at ``place``, ending with a full stop or question mark."""
        line = line_of(self.lines, place)
        spot = where(place)
        prefix = ", ".join(part for part in (f"line {line}" if line else "", spot) if part)
        entry = (line or 0, f"{prefix}: {message}" if prefix else message)
        if entry not in self.found:
            self.found.append(entry)

    def add_validation(
        self,
        error: ValidationError,
        model: type[BaseModel],
        prefix: Place = (),
        extra_keys: Sequence[str] = (),
    ) -> None:
        """Every error pydantic found; ``model`` and ``extra_keys`` give valid keys, ``prefix`` the table."""
        for item in error.errors(include_url=False):
            location: Place = tuple(item["loc"])
            # Unions add the branch that failed to the place; a study file knows nothing of branches.
            location = tuple(part for part in location if part not in ("int", "str", "float"))
            self.add((*prefix, *location), self._sentence(item, model, location, extra_keys))

    def _sentence(self, item: Any, model: type[BaseModel], location: Place, extra_keys: Sequence[str]) -> str:
        kind, value, limits = item["type"], item.get("input"), item.get("ctx", {})
        if kind == "extra_forbidden":
            known = [*keys_of(model, location[:-1]), *extra_keys]
            return f"there is no such key; {nearest(str(location[-1]), known)}"
        if kind == "missing":
            return "is missing."
        if kind in _KINDS:
            return f"must be {_KINDS[kind]}, not {shown(value)}."
        if kind in _BOUNDS:
            bound, words = _BOUNDS[kind]
            limit = limits[bound] if isinstance(limits[bound], int) else f"{limits[bound]:g}"
            return f"must be {words} {limit}, but is {shown(value)}."
        if kind in ("too_short", "string_too_short"):
            least = limits.get("min_length")
            return "must not be empty." if least == 1 else f"needs at least {least} entries."
        if kind in ("too_long", "string_too_long"):
            return f"is too long: at most {limits['max_length']} are possible."
        if kind == "literal_error":
            expected = str(limits["expected"]).replace(" or ", ", ")
            choices = [part.strip().strip("'") for part in expected.split(",")]
            return f"{shown(value)} is not possible; {nearest(str(value), choices)}"
        if kind == "string_pattern_mismatch":
            return "must not be blank."
        if kind in ("value_error", "assertion_error"):
            text = str(item["msg"]).split(", ", 1)[-1]
            return text if text.endswith((".", "?")) else f"{text}."
        return f"{item['msg']} (found {shown(value)})."

    def raise_if_any(self) -> None:
        """Raises UsageError naming the file and every problem, in the order of the file."""
        if not self.found:
            return
        ordered = [text for _, text in sorted(self.found, key=lambda entry: entry[0])]
        if len(ordered) == 1:
            raise UsageError(f"{self.file}: {ordered[0]}")
        listed = "\n".join(f"  {text}" for text in ordered)
        raise UsageError(f"{self.file} has {len(ordered)} errors:\n{listed}")


def keys_of(model: type[BaseModel], location: Place) -> list[str]:
    """Valid keys of the table at ``location`` below ``model``."""
    current: Any = model
    for part in location:
        if isinstance(part, int):
            continue
        found = _model_in(current.model_fields[part].annotation) if part in current.model_fields else None
        if found is None:
            return []
        current = found
    return list(current.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _model_in(part)
        if found is not None:
            return found
    return None

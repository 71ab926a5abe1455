"""Where things stand in a TOML file: tomllib gives values without places, messages need both."""

from __future__ import annotations

import re
import tomllib
from typing import Any

Place = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")
_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_KEY = re.compile(rf"^\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"([^"]*)"|'([^']*)'""")


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(m.group().strip("\"'") for m in _PART.finditer(dotted))


def find_lines(text: str) -> dict[Place, int]:
    """Line number (from 1) of every table header and key, by path; arrays of tables carry their index.

    ``text`` is TOML that tomllib has accepted. Keys inside inline tables have the line of the table.
    """
    found: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    skip_to: str | None = None
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if skip_to is not None:
            if skip_to in line:
                skip_to = None
            continue
        if depth > 0:
            depth += _brackets(line)
            continue
        header = _HEADER.match(line)
        if header:
            path: Place = ()
            names = _parts(header.group(2))
            for index, name in enumerate(names):
                path = (*path, name)
                last = index == len(names) - 1
                if last and header.group(1) == "[[":
                    counts[path] = counts.get(path, -1) + 1
                    path = (*path, counts[path])
                elif path in counts:
                    path = (*path, counts[path])
            table = path
            found.setdefault(path, number)
            continue
        key = _KEY.match(line)
        if key:
            found.setdefault((*table, *_parts(key.group(1))), number)
            value = line[key.end() :]
            for quotes in ('"""', "'''"):
                if value.count(quotes) == 1:
                    skip_to = quotes
            if skip_to is None:
                depth = _brackets(value)
    return found


def _brackets(text: str) -> int:
    """Opened minus closed square brackets outside strings and comments."""
    depth = 0
    quote = ""
    for char in text:
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "#":
            break
        elif char in "[]":
            depth += 1 if char == "[" else -1
    return depth


def line_of(lines: dict[Place, int], place: Place) -> int | None:
    """Line of ``place`` or of the nearest table around it."""
    while place:
        if place in lines:
            return lines[place]
        place = place[:-1]
    return None


_TABLES = {name: f"[{name}]" for name in ("source", "quantize", "engine", "thresholds", "resources")} | {
    name: f"[[{name}]]" for name in ("probe", "variant", "compare")
}


def where(place: Place) -> str:
    """A place as a reader of the file would name it: ``[[probe]] number 2, key chunks``."""
    table: list[str] = []
    rest: list[str] = []
    parts = list(place)
    if not parts:
        return ""
    if len(parts) == 1 and parts[0] in _TABLES:
        return _TABLES[str(parts[0])]
    if parts[0] in ("probe", "variant", "compare") and len(parts) > 1 and isinstance(parts[1], int):
        table = [f"[[{parts[0]}]] number {parts[1] + 1}"]
        parts = parts[2:]
    elif parts[0] == "quantize" and len(parts) > 2 and parts[1] in ("imatrix", "overrides"):
        table = [f"[quantize.{parts[1]}]"]
        parts = parts[2:]
    elif len(parts) > 1:
        table = [f"[{parts[0]}]"]
        parts = parts[1:]
    for part in parts:
        if isinstance(part, int):
            rest[-1:] = [f"{rest[-1]} (entry {part + 1})"] if rest else [f"entry {part + 1}"]
        else:
            rest.append(str(part))
    return ", ".join([*table, f"key {'.'.join(rest)}"] if rest else table)


def parse(text: str) -> tuple[dict[str, Any], dict[Place, int]]:
    """TOML → (values, line numbers). Raises tomllib.TOMLDecodeError."""
    data = tomllib.loads(text)
    return data, find_lines(text)

"""A study while it is being made: TOML in, changes, TOML out. What the maker does not know stays as it was.

Nothing is checked here but the shape; :func:`lab_app.studies.load.load_text` judges the text that comes out.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from lab_app.studies.schema import BASE, DEMO_SOURCE, SCHEMA_VERSION
from lab_app.system.errors import UsageError
from lab_app.system.translation import translate

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


class Draft:
    """The tables of one study file, as ``tomllib`` reads them (``data``)."""

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        self.data: dict[str, Any] = copy.deepcopy(dict(data or {}))
        self.data.setdefault("schema_version", SCHEMA_VERSION)
        self.data.setdefault("name", "new study")
        self.data.setdefault("source", {"model": DEMO_SOURCE})

    @classmethod
    def from_toml(cls, text: str) -> Draft:
        """Raises UsageError where the text is no TOML, or a table stands where none belongs."""
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"This is not valid TOML: {error}.") from None
        for name, shape in (("source", dict), ("quantize", dict), ("engine", dict), ("probe", list)):
            if not isinstance(data.get(name, shape()), shape):
                raise UsageError(f"[{name}] has another shape than in a study file.")
        for name in ("probe", "variant", "compare"):
            if not all(isinstance(item, dict) for item in data.get(name, [])):
                raise UsageError(f"[[{name}]] must be tables.")
        return cls(data)

    def toml(self) -> str:
        """The study file. Tables in the order of the documentation; empty ones are left out."""
        import tomli_w

        order = (
            "schema_version", "name", "description", "source", "quantize", "engine", "probe", "variant",
            "compare", "thresholds", "resources",
        )  # fmt: skip
        known = {key: self.data[key] for key in order if self.data.get(key) not in (None, {}, [], "")}
        rest = {key: value for key, value in self.data.items() if key not in order}
        return tomli_w.dumps(known | rest)

    def anchor(self, folder: Path, roles: Iterable[str]) -> None:
        """Make relative paths absolute, as they stand in a file in ``folder``, so that the study may lie anywhere.

        roles: keys of [[probe]] that name a file.
        """
        places = [(self.data["source"], "model"), (self.data.get("quantize", {}).get("imatrix"), "text")]
        places += [(item, "model") for item in self.data.get("compare", [])]
        places += [(item, role) for item in self.probes for role in roles]
        for table, key in places:
            given = table.get(key) if isinstance(table, dict) else None
            if isinstance(given, str) and given and not _SCHEME.match(given):
                path = Path(given)
                if not (path.is_absolute() or given.startswith("~")):
                    table[key] = str(folder / path)

    # -- what it is about ---------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return str(self.data["name"])

    @name.setter
    def name(self, value: str) -> None:
        self.data["name"] = value

    @property
    def source(self) -> str:
        """``demo:``, ``hf:…`` or a path."""
        return str(self.data["source"].get("model", ""))

    @source.setter
    def source(self, value: str) -> None:
        self.data["source"]["model"] = value

    # -- quantizing ---------------------------------------------------------------------------------

    @property
    def types(self) -> tuple[str, ...]:
        return tuple(self.data.get("quantize", {}).get("types", ()))

    @types.setter
    def types(self, names: Iterable[str]) -> None:
        names = list(names)
        if names:
            table = self.data.setdefault("quantize", {"types": names, "allow_requantize": True})
            table["types"] = names
        else:
            self.data.pop("quantize", None)

    def quantize_option(self, key: str, default: Any = None) -> Any:
        """A key of [quantize], e.g. ``imatrix`` or ``overrides``."""
        return self.data.get("quantize", {}).get(key, default)

    def set_quantize_option(self, key: str, value: Any) -> None:
        """None takes the key away. Kept also while no type is chosen: it is only about [quantize]."""
        _put(self.data.setdefault("quantize", {"types": [], "allow_requantize": True}), key, value)
        if not self.types and not set(self.data["quantize"]) - {"types", "allow_requantize"}:
            del self.data["quantize"]

    def set_engine_option(self, key: str, value: Any) -> None:
        """A key of [engine]; None takes it away."""
        _put(self.data.setdefault("engine", {}), key, value)

    @property
    def engine(self) -> dict[str, Any]:
        """The keys of [engine], a copy."""
        return dict(self.data.get("engine", {}))

    def engine_option(self, key: str, default: Any = None) -> Any:
        return self.data.get("engine", {}).get(key, default)

    @property
    def scales_rope(self) -> bool:
        """As :attr:`lab_app.studies.schema.EngineTable.scales_rope`."""
        keys = ("rope_scaling", "rope_freq_base", "rope_freq_scale", "yarn_orig_ctx")
        return any(self.engine_option(key) not in (None, "none") for key in keys)

    # -- measuring ----------------------------------------------------------------------------------

    @property
    def probes(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.data.setdefault("probe", [])
        return found

    def probe(self, kind: str) -> dict[str, Any] | None:
        """The first [[probe]] of a kind."""
        return next((item for item in self.probes if item.get("kind") == kind), None)

    def set_probe(self, kind: str, spec: Mapping[str, Any] | None) -> None:
        """Ask (with these keys beside ``kind`` and ``id``), or, with None, do not ask."""
        present = self.probe(kind)
        if spec is None:
            self.data["probe"] = [item for item in self.probes if item.get("kind") != kind]
        elif present is None:
            self.probes.append({"kind": kind, **spec})
        else:
            kept = {key: present[key] for key in ("kind", "id") if key in present}
            present.clear()
            present.update(kept | dict(spec))

    def put_probes(
        self, kind: str, tables: Iterable[Mapping[str, Any]], before: Collection[str] = ()
    ) -> None:
        """Ask a kind with these [[probe]] tables and no others: where it stood, else before the first of the kinds
        ``before``, else last."""
        kinds = [item.get("kind") for item in self.probes]
        place = next((at for at, other in enumerate(kinds) if other == kind or other in before), len(kinds))
        rest = [item for item in self.probes[place:] if item.get("kind") != kind]
        self.data["probe"] = [*self.probes[:place], *map(dict, tables), *rest]

    @property
    def compares(self) -> list[dict[str, Any]]:
        """The [[compare]] tables, to be changed in place."""
        found: list[dict[str, Any]] = self.data.setdefault("compare", [])
        return found

    @property
    def variants(self) -> list[dict[str, Any]]:
        """The [[variant]] tables, to be changed in place."""
        found: list[dict[str, Any]] = self.data.setdefault("variant", [])
        return found

    @property
    def model_names(self) -> list[str]:
        """What a [[variant]] may be ``of``."""
        named = (str(t.get("name") or _stem(str(t.get("model", "")))) for t in self.compares)
        return [BASE, *self.types, *(name for name in named if name)]

    @property
    def lacks_a_model(self) -> bool:
        """Whether the base or a file it is compared with is still to be chosen."""
        return not self.source or not all(table.get("model") for table in self.compares)

    def suggested_name(self) -> str:
        """A name for the study, from the models it is about."""
        if not self.compares or self.types:
            return suggested_name(self.source)
        if not self.source:
            return translate("studies", "comparison")
        return translate("studies", "comparison with {0}").format(suggested_name(self.source))

    @property
    def variant_count(self) -> int:
        """Models and settings that are measured: the base, every type, [[variant]] and [[compare]]."""
        return 1 + len(self.types) + len(self.data.get("variant", [])) + len(self.data.get("compare", []))


def _put(table: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def suggested_name(source: str) -> str:
    """A name for a study of ``source``, in the chosen language."""
    if source == DEMO_SOURCE:
        return translate("studies", "demo model")
    return _stem(source.rpartition(":")[2] if source.startswith("hf:") else source)


def _stem(path: str) -> str:
    return Path(path).name.removesuffix(".gguf")

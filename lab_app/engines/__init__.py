"""Engines by name. An engine is a class that takes (model_path, settings, progress=…, cancelled=…).

    @engine("llama")
    class LlamaEngine: ...

Importing this package is cheap; an engine's module is imported when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from lab_app.system.errors import UsageError

if TYPE_CHECKING:
    from lab_app.engines.base import Engine, EngineSettings

C = TypeVar("C", bound=type[Any])

_MODULES = {"llama": "lab_app.engines.llama"}
"""Engines of this folder: name → module that registers it."""
_REGISTRY: dict[str, type[Any]] = {}


def engine(name: str) -> Callable[[C], C]:
    """Class decorator: register an engine under ``name`` (the ``engine`` of study files)."""

    def register(cls: C) -> C:
        if name in _REGISTRY:
            raise ValueError(f"engine {name!r} is registered twice")
        _REGISTRY[name] = cls
        return cls

    return register


def names() -> list[str]:
    """Names of all engines: those of this folder and third parties' (entry points ``odyssey_lab.engines``)."""
    from importlib.metadata import entry_points

    return sorted(
        {*_MODULES, *_REGISTRY, *(point.name for point in entry_points(group="odyssey_lab.engines"))}
    )


def _find(name: str) -> type[Any]:
    if name not in _REGISTRY and name in _MODULES:
        import_module(_MODULES[name])
    if name not in _REGISTRY:
        from importlib.metadata import entry_points

        for point in entry_points(group="odyssey_lab.engines", name=name):
            _REGISTRY.setdefault(name, point.load())
    if name not in _REGISTRY:
        from difflib import get_close_matches

        near = get_close_matches(name, names(), n=1, cutoff=0.0)
        raise UsageError(f"The engine {name!r} is not known; did you mean {near[0]!r}?")
    return _REGISTRY[name]


def open_engine(
    name: str,
    model_path: str,
    settings: EngineSettings,
    *,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Engine:
    """Load a model. ``progress`` gets the loaded fraction; ``cancelled`` is polled and stops computations
    in the middle. Raises LabError subclasses with one sentence."""
    loaded: Engine = _find(name)(model_path, settings, progress=progress, cancelled=cancelled)
    return loaded

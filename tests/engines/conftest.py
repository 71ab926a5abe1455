"""One loaded demo model for the tests that only read from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lab_app.engines.base import EngineSettings


@pytest.fixture(scope="session")
def open_llama(demo_model: Path) -> Iterator[Callable[..., Any]]:
    """``open_llama(kv_type_k="q8_0", …)``: an engine with these settings, closed after the session."""
    from lab_app.engines import open_engine

    opened = []

    def start(**settings: Any) -> Any:
        engine = open_engine("llama", str(demo_model), EngineSettings(**settings))
        opened.append(engine)
        return engine

    yield start
    for engine in opened:
        engine.close()


@pytest.fixture(scope="session")
def llama(open_llama: Callable[..., Any]) -> Any:
    """The demo model with default settings; tests open the context they need."""
    return open_llama()

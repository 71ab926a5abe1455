"""The demo model and a tiny one without a chat template, opened once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from lab_app.engines.base import EngineSettings
from lab_app.probes.base import Probe, ProbeContext
from lab_app.store.records import Sample
from lab_app.system import paths
from tests.models import tiny_gguf

SETTINGS = EngineSettings(threads=1, n_ubatch=64)
"""One thread is steady on a busy machine; small micro-batches let short prompts share what they have in common."""


@pytest.fixture(scope="session")
def demo_engine(demo_model: Path, native_dir: Path) -> Iterator[Any]:
    from lab_app.engines import open_engine

    engine = open_engine("llama", str(demo_model), SETTINGS)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def tiny_engine(native_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Random weights, a context of 1024 tokens, no chat template."""
    from lab_app.engines import open_engine

    path = tiny_gguf(tmp_path_factory.mktemp("tiny") / "tiny.gguf", context=1024)
    engine = open_engine("llama", str(path), SETTINGS)
    yield engine
    engine.close()


@pytest.fixture
def measure(tmp_path: Path) -> Callable[..., tuple[list[Sample], ProbeContext]]:
    """``measure(probe, engine, done=(…), files={…})``: (the samples it yields, its context)."""

    def run(
        probe: Probe,
        engine: Any,
        done: Sequence[Sample] = (),
        files: dict[str, str] | None = None,
        **rest: Any,
    ) -> tuple[list[Sample], ProbeContext]:
        given = {role: str(paths.resource(name)) for role, name in getattr(probe, "files", {}).items()}
        context = ProbeContext(
            done=tuple(done),
            files={**given, **(files or {})},
            work_dir=str(tmp_path),
            settings=SETTINGS,
            **rest,
        )
        return list(probe.run(engine, context)), context

    return run

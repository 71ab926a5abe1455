"""The report as a job in a real worker, from a store another process holds open."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab_app.jobs.states import JobState
from lab_app.reports.collect import collect
from lab_app.reports.document import document
from lab_app.reports.rows import csv_text, json_text
from lab_app.store import Store
from lab_app.system.hashing import sha256_file
from lab_app.system.paths import Folders
from tests.reports.builder import MEGA, Builder


@pytest.fixture
def study(tmp_path: Path, store: Store) -> Builder:
    lab = Builder(tmp_path, store)
    lab.thresholds = {"max_kld": 0.01}
    for index, (name, kld) in enumerate((("base", None), ("Q8_0", 0.001), ("Q4_K_M", 0.03))):
        lab.file(name, (270 - 60 * index) * MEGA, base=kld is None, quant="F16" if kld is None else name)
        lab.divergence(name, kld, chunks=3, tokens=40)
    # A name that is no text: bytes of a foreign file system.
    lab.speed("Q8_0", 40.0, provenance={"warnings": ["odd \udcff name"]})
    return lab


def test_a_report_from_a_worker(
    study: Builder, store: Store, folders: Folders, run_job: Callable[..., Any]
) -> None:
    record = study.record()
    store.save_study(record)
    ran = run_job("report", {"study_id": record.study_id}, hints={"db": str(folders.db)})
    assert ran.state is JobState.DONE, ran.log
    expected = document(collect(record, store), figures=False)
    assert ran.values == {
        "verdict": [s.text for s in expected.verdict.sentences],
        "best_variant": "Q8_0",
        "certainty": "high",
        "preliminary": False,
        "thresholds": [check.to_json() for check in expected.checks],
    }
    # Four forms and every figure, each under its name, as announced.
    files = {role: Path(artifact.path) for role, artifact in ran.artifacts.items()}
    assert {role: str(path.relative_to(files["html"].parent)) for role, path in files.items() if ":" not in role} == {
        "html": "report.html", "markdown": "report.md", "csv": "results.csv", "json": "report.json",
    }  # fmt: skip
    for role, artifact in ran.artifacts.items():
        assert sha256_file(files[role]) == artifact.sha256
        assert artifact.meta["name"] == str(files[role].relative_to(files["html"].parent))
    assert files["csv"].read_bytes().decode("utf-8") == csv_text(expected.data)
    body = json.loads(files["json"].read_text(encoding="utf-8"))
    ours = json.loads(json_text(expected))
    assert {**body, "created": 0} == {**ours, "created": 0}
    figures = [path for role, path in files.items() if role.startswith("figure:")]
    page = files["html"].read_text(encoding="utf-8")
    for path in figures:
        assert ET.parse(path).getroot().tag.endswith("svg")
        assert f'<figure id="{path.stem}"' in page
    # Perplexity, divergence, two courses, ridges; reading, writing, memory; two of size.
    assert len(figures) == 5 + 3 + 2
    assert "odd \ufffd name" in page


def test_a_study_that_is_not_there(folders: Folders, run_job: Callable[..., Any]) -> None:
    ran = run_job("report", {"study_id": "nothing-0000000000"}, hints={"db": str(folders.db)})
    assert ran.state is JobState.FAILED
    assert ran.failure.message == "There is no study nothing-0000000000 in this data folder."
    assert ran.failure.exit_code == 2
    assert ran.artifacts == {}

"""Studies as the runner leaves them: one to fill by hand, one as large as the demo's, read and drawn once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab_app.reports.document import Document, document
from lab_app.reports.model import ReportData
from tests.reports import builder
from tests.reports.builder import Builder


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Builder]:
    study = Builder(tmp_path)
    yield study
    study.store.close()


@pytest.fixture(scope="session")
def whole_data(tmp_path_factory: pytest.TempPathFactory) -> ReportData:
    study = builder.whole(tmp_path_factory.mktemp("whole"))
    try:
        return study.data()
    finally:
        study.store.close()


@pytest.fixture(scope="session")
def whole_document(whole_data: ReportData) -> Document:
    return document(whole_data)

"""Files let go over the window, whichever page is open and wherever on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from lab_app.gui import pages
from lab_app.gui.main_window import MainWindow
from tests.gui.conftest import LONG, build, drop, go, page_of
from tests.models import tiny_gguf

pytestmark = pytest.mark.usefixtures("no_other_models")
STUDY = 'schema_version = 1\nname = "dropped"\n[source]\nmodel = "demo:"\n[[probe]]\nkind = "speed"\n'


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tiny_gguf(tmp_path / "tiny.gguf")


def url(path: Path) -> QUrl:
    return QUrl.fromLocalFile(str(path))


@pytest.mark.parametrize("name", [entry.id for entry in pages.entries() if entry.id != "explore"])
def test_a_model_dropped_on_any_page_is_in_the_library(
    name: str, window: MainWindow, model: Path, qtbot: QtBot
) -> None:
    window.navigate(name, {})
    assert drop(page_of(window), url(model))
    assert window.current == "models"
    qtbot.waitUntil(lambda: page_of(window).model.rowCount() == 1, timeout=LONG)


def test_a_folder_dropped_on_the_queue_is_searched(window: MainWindow, model: Path, qtbot: QtBot) -> None:
    go(window, "queue")
    assert drop(page_of(window), url(model.parent))
    qtbot.waitUntil(lambda: page_of(window).model.rowCount() == 1, timeout=LONG)
    assert window.context.settings.value.model_folders == (str(model.parent),)


@pytest.mark.parametrize("name", ["start", "models", "queue"])
def test_a_study_file_dropped_on_any_page_is_opened(
    name: str, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    study = tmp_path / "mine.toml"
    study.write_text(STUDY)
    go(window, name)
    assert drop(page_of(window), url(study))
    assert window.current == "studies"
    qtbot.waitUntil(lambda: page_of(window).stack.currentIndex() == 1, timeout=LONG)
    assert page_of(window).builder.name.text() == "dropped"


def test_a_model_dropped_beside_the_fields_goes_into_one(
    window: MainWindow, model: Path, tmp_path: Path
) -> None:
    second = tiny_gguf(tmp_path / "second.gguf", layers=3)
    builder = build(window, model)
    assert drop(page_of(window), url(second))
    assert window.current == "studies" and builder.draft.source == str(second)
    window.navigate("explore", {"tab": "duel"})
    for path in (model, second):
        assert drop(page_of(window), url(path))
    assert window.current == "explore"
    assert [side.field.source for side in page_of(window).tab("duel").sides] == [str(model), str(second)]


def test_what_is_not_of_this_machine_is_not_taken(window: MainWindow) -> None:
    assert not drop(page_of(window), QUrl("https://example.org/model.gguf"))

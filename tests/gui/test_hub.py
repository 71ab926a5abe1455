"""The hub in the window, on loopback: search, badges, downloads, and what cannot be reached."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from lab_app.gui import background
from lab_app.gui.app import Desktop
from lab_app.gui.models import facts
from lab_app.gui.models.hub import HubSearch
from lab_app.gui.models.hub_files import HubFiles
from lab_app.gui.pages.models import ModelsPage
from lab_app.hub import browse
from lab_app.jobs.states import JobState
from lab_app.system import secrets
from lab_app.system.translation import PSEUDO
from tests.gui.accessibility import problems
from tests.gui.conftest import LONG, OpenDesktop, page_of, shut
from tests.gui.test_closing import answer as close_with
from tests.gui.test_models import names
from tests.hub.fake_hub import COMMIT
from tests.models import tiny_gguf

pytestmark = pytest.mark.usefixtures("no_other_models")


@pytest.fixture
def page(models_page: ModelsPage) -> ModelsPage:
    return models_page


def test_from_a_search_to_a_file_in_the_library(
    hub: Any,
    desktop: Desktop,
    page: ModelsPage,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    data = tiny_gguf(tmp_path / "source.gguf").read_bytes()
    card = b"---\nlicense: mit\n---\n# Tiny\n<script>alert(1)</script>A *small* model."
    hub.add(
        "org/tiny-gguf", {"tiny-f16.gguf": data, "README.md": card}, tags=["gguf", "license:mit"], downloads=7,
        gguf={"total": 1_000_000, "architecture": "llama"},
    )  # fmt: skip
    page.context.actions.get("models.hub").trigger()
    search = page.hub
    assert search is not None
    qtbot.keyClicks(search.text, "tiny")
    qtbot.keyClick(search.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: search.files.rowCount() == 1, timeout=LONG)
    assert search.repositories.index(0, 0).data() == "org/tiny-gguf"
    assert "small" in search.card.toPlainText() and "alert" not in search.card.toHtml()
    search.file_table.selectRow(0)
    qtbot.waitUntil(lambda: "runs it" in search.verdict.text(), timeout=LONG)
    assert not problems(search)
    qtbot.mouseClick(search.download_button, Qt.MouseButton.LeftButton)
    lab = desktop.lab

    def done() -> bool:
        return any(v.job.kind == "download" and v.state is JobState.DONE for v in lab.jobs.values())

    qtbot.waitUntil(done, timeout=LONG)
    page.tabs.setCurrentIndex(0)
    page.refresh()
    qtbot.waitUntil(lambda: len(names(page)) == 1, timeout=LONG)
    assert page.model.rows[0].row.path.read_bytes() == data


def chosen_name(search: Any) -> str:
    group = search.chosen()
    return group.name if group else ""


def test_a_pasted_address_opens_that_file_of_that_repository(
    hub: Any, page: ModelsPage, qtbot: QtBot, tmp_path: Path
) -> None:
    data = tiny_gguf(tmp_path / "source.gguf").read_bytes()
    hub.add("org/tiny", {"tiny-F16.gguf": data, "sub/tiny-Q8_0.gguf": data}, downloads=1)
    hub.add("org/tiny-more", {"tiny-F16.gguf": data}, tags=["gguf"], downloads=9)
    page.show_hub()
    search = page.hub
    assert search is not None
    for pasted, chosen in (
        ("https://huggingface.co/org/tiny/blob/main/sub/tiny-Q8_0.gguf", "tiny-Q8_0.gguf"),
        ("huggingface.co/org/tiny/blob/main/tiny-F16.gguf", "tiny-F16.gguf"),
        ("hf.co/org/tiny:Q8_0", "tiny-Q8_0.gguf"),
        ("org/tiny:F16", "tiny-F16.gguf"),  # it is not tagged as GGUF, which a search for the words asks for
    ):
        search.text.clear()
        qtbot.keyClicks(search.text, pasted)
        qtbot.keyClick(search.text, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda name=chosen: name in chosen_name(search), timeout=LONG)  # type: ignore[misc]
        assert search.repositories.rowCount() == 1
        assert search.repo_title.text() == "org/tiny"
    # A name of which there is no repository is a search all the same.
    search.text.clear()
    qtbot.keyClicks(search.text, "org/tiny-mo")
    qtbot.keyClick(search.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: search.repo_title.text() == "org/tiny-more", timeout=LONG)
    # An address of which there is none says so.
    search.text.clear()
    qtbot.keyClicks(search.text, "hf:org/none")
    qtbot.keyClick(search.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "org/none" in search.note.text(), timeout=LONG)


def test_a_hub_out_of_reach_is_a_sentence_and_a_button_that_tries_again(
    hub: Any, page: ModelsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add("org/llama", {"llama-Q8_0.gguf": b"x"}, tags=["gguf"])
    search = shown_hub(page)
    find(search, "llama", qtbot)
    qtbot.waitUntil(lambda: search.repositories.rowCount() == 1, timeout=LONG)
    assert not search.again.isVisible()
    with monkeypatch.context() as broken:
        broken.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
        find(search, "other", qtbot)
        qtbot.waitUntil(search.again.isVisible, timeout=LONG)
        assert "127.0.0.1" in search.note.text() and search.note.property("role") == "bad"
        assert not search.repo_table.isVisible()  # of the words before
    search.text.setText("llama")
    qtbot.mouseClick(search.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(search.repo_table.isVisible, timeout=LONG)
    assert not search.again.isVisible() and search.note.property("role") == "muted"


def shown_hub(page: ModelsPage) -> HubSearch:
    page.show_hub()
    assert page.hub is not None
    return page.hub


def find(search: HubSearch, words: str, qtbot: QtBot) -> None:
    search.text.clear()
    qtbot.keyClicks(search.text, words)
    qtbot.keyClick(search.text, Qt.Key.Key_Return)


def boxes() -> list[QMessageBox]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]


def answer(qtbot: QtBot, text: str) -> str:
    """Press a button of the question that is open (empty: Enter); returns what was asked."""
    qtbot.waitUntil(lambda: len(boxes()) == 1, timeout=LONG)
    (box,) = boxes()
    asked = f"{box.text()} {box.informativeText()}"
    if text:
        qtbot.mouseClick(next(b for b in box.buttons() if b.text() == text), Qt.MouseButton.LeftButton)
    else:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not boxes(), timeout=LONG)
    return asked


NOTHING_FITS = 1 << 50
"""Bytes left to other programs: more than any machine has."""


@pytest.fixture
def opened_hub(
    hub: Any, page: ModelsPage, qtbot: QtBot, tmp_path: Path
) -> Iterator[tuple[Any, threading.Event]]:
    """A repository with every kind of file on the page of the hub; its header is read once the event is set."""
    small = tiny_gguf(tmp_path / "small.gguf", dtype="f16", context=32768).read_bytes()
    large = tiny_gguf(tmp_path / "large.gguf", dtype="f32", context=32768).read_bytes()
    hub.add(
        "org/many",
        {
            "many-F16.gguf": small,
            "many-F32.gguf": large,
            "many-Q8_0-00001-of-00002.gguf": b"half",
            "mmproj-many.gguf": b"eye",
            "model.safetensors": b"weights",
        },
        tags=["gguf"], downloads=7,
    )  # fmt: skip
    gate = threading.Event()
    real = browse.with_header

    def waiting(*arguments: Any) -> Any:
        gate.wait(60)
        return real(*arguments)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(browse, "with_header", waiting)
        page.context.actions.get("models.hub").trigger()
        search = page.hub
        assert search is not None
        qtbot.keyClicks(search.text, "many")
        qtbot.keyClick(search.text, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: search.files.rowCount() == 5, timeout=LONG)
        yield search, gate
        gate.set()
        background.wait_for_all(LONG)


def badges(search: Any) -> dict[str, str]:
    """Name of a file → its badge."""
    return {
        str(search.files.index(row, HubFiles.FILE).data()): str(search.files.index(row, HubFiles.FIT).data())
        for row in range(search.files.rowCount())
    }


def choose(search: Any, name: str) -> None:
    row = next(r for r in range(search.files.rowCount()) if search.files.index(r, 0).data() == name)
    search.file_table.selectRow(row)


def test_every_file_of_the_hub_has_a_badge(
    opened_hub: tuple[Any, threading.Event], page: ModelsPage, desktop: Desktop, qtbot: QtBot
) -> None:
    """It says what is not known yet, then follows context, KV type and memory; rows stay what they are."""
    search, gate = opened_hub
    others = {
        "many-Q8_0": "parts missing",
        "mmproj-many.gguf": "goes with a model",
        "model.safetensors": "after conversion",
    }
    assert badges(search) == {"many-F16.gguf": "checking…", "many-F32.gguf": "checking…", **others}
    assert search.download_button.text() == "Download"
    choose(search, "many-F32.gguf")
    gate.set()
    qtbot.waitUntil(lambda: badges(search)["many-F16.gguf"] != "checking…", timeout=LONG)
    assert badges(search) == {"many-F16.gguf": "fits", "many-F32.gguf": "fits", **others}
    chosen = search.chosen_row()
    assert chosen.group.name == "many-F32.gguf", "the choice outlives the answer"

    def needed() -> int:
        row = search.files.row_of("gguf:many-F32.gguf")
        return int(row.needed)

    usual = needed()
    qtbot.keyClick(search.load.context_box, Qt.Key.Key_Down)  # 8192 tokens
    qtbot.waitUntil(lambda: needed() > usual, timeout=LONG)
    assert page.load.context == 8192, "the library follows"
    longer = needed()
    qtbot.keyClick(search.load.kv_box, Qt.Key.Key_Down)  # q8_0
    qtbot.waitUntil(lambda: needed() < longer, timeout=LONG)
    desktop.settings.update(reserve=NOTHING_FITS)
    qtbot.waitUntil(lambda: badges(search)["many-F32.gguf"] == "won't fit", timeout=LONG)
    assert search.chosen_row().group.name == "many-F32.gguf"
    index = search.files.index_of("gguf:many-F32.gguf").siblingAtColumn(HubFiles.FIT)
    assert "Needs" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert not problems(search)


def test_a_file_that_does_not_fit_is_downloaded_after_a_warning(
    opened_hub: tuple[Any, threading.Event], page: ModelsPage, desktop: Desktop, qtbot: QtBot, hub: Any
) -> None:
    search, gate = opened_hub
    desktop.settings.update(reserve=NOTHING_FITS)
    gate.set()
    qtbot.waitUntil(lambda: badges(search)["many-F16.gguf"] == "won't fit", timeout=LONG)
    choose(search, "many-F16.gguf")
    assert search.download_button.text() == "Download anyway…"

    def downloads() -> list[str]:
        return [v.job.key for v in desktop.lab.jobs.values() if v.job.kind == "download"]

    for refusal in ("", "Don't download it"):
        qtbot.mouseClick(search.download_button, Qt.MouseButton.LeftButton)
        asked = answer(qtbot, refusal)
        assert "many-F16.gguf needs about" in asked and "4\u202f096 tokens" in asked
        background.wait_for_all(LONG)
        assert downloads() == []
    qtbot.mouseClick(search.download_button, Qt.MouseButton.LeftButton)
    answer(qtbot, "Download anyway")
    qtbot.waitUntil(lambda: len(downloads()) == 1, timeout=LONG)
    (key,) = downloads()
    qtbot.waitUntil(lambda: desktop.lab.jobs[key].state is JobState.DONE, timeout=LONG)


def test_of_two_answers_the_one_asked_for_last_counts(
    opened_hub: tuple[Any, threading.Event], desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whatever order they come."""
    search, gate = opened_hub
    gate.set()
    qtbot.waitUntil(lambda: badges(search)["many-F16.gguf"] == "fits", timeout=LONG)
    begun, second, real = threading.Event(), threading.Event(), facts.offered

    def offered(repository: Any, context: int, kv: str, reserve: int) -> Any:
        if reserve == NOTHING_FITS:
            begun.set()
            second.wait(60)
        return real(repository, context, kv, reserve)

    monkeypatch.setattr(facts, "offered", offered)
    desktop.settings.update(reserve=NOTHING_FITS)
    qtbot.waitUntil(begun.is_set, timeout=LONG)  # one that has not begun is not asked at all
    desktop.settings.update(reserve=1)
    qtbot.waitUntil(lambda: len(background._running) == 1, timeout=LONG)
    second.set()
    qtbot.waitUntil(lambda: not background._running, timeout=LONG)
    assert badges(search)["many-F16.gguf"] == "fits"


def test_a_header_that_cannot_be_read_is_unknown_and_says_why(
    hub: Any, page: ModelsPage, qtbot: QtBot
) -> None:
    hub.add("org/broken", {"broken-Q8_0.gguf": b"GGUF" + b"\xff" * 4000}, tags=["gguf"], downloads=1)
    page.context.actions.get("models.hub").trigger()
    search = page.hub
    assert search is not None
    qtbot.keyClicks(search.text, "broken")
    qtbot.keyClick(search.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: badges(search) == {"broken-Q8_0.gguf": "unknown"}, timeout=LONG)
    assert len(str(search.files.index(0, HubFiles.FIT).data(Qt.ItemDataRole.ToolTipRole))) > 20


def test_the_hub_is_not_asked_offline(hub: Any, page: ModelsPage, desktop: Desktop, qtbot: QtBot) -> None:
    hub.add("org/m", {"m-Q8_0.gguf": b"x"}, tags=["gguf"])
    desktop.settings.update(offline=True)
    page.context.actions.get("models.hub").trigger()
    search = page.hub
    assert search is not None
    qtbot.keyClicks(search.text, "m")
    qtbot.keyClick(search.text, Qt.Key.Key_Return)
    background.wait_for_all(LONG)
    assert search.note.text() == "The network is switched off in the settings." and hub.seen == []
    desktop.settings.update(offline=False)
    qtbot.keyClick(search.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: search.files.rowCount() == 1, timeout=LONG)
    background.wait_for_all(LONG)
    # What was found before the network was switched off is no way around it.
    desktop.settings.update(offline=True)
    asked = len(hub.seen)
    search._open(0)
    qtbot.waitUntil(lambda: "work offline" in search.verdict.text(), timeout=LONG)
    assert len(hub.seen) == asked


def test_a_search_refused_offline_is_made_once_the_network_is_on_again(
    hub: Any, page: ModelsPage, desktop: Desktop, qtbot: QtBot
) -> None:
    for name in ("llama", "qwen"):
        hub.add(f"org/{name}", {f"{name}-Q8_0.gguf": b"x"}, tags=["gguf"])
    search = shown_hub(page)
    find(search, "llama", qtbot)
    qtbot.waitUntil(lambda: search.repo_title.text() == "org/llama", timeout=LONG)
    desktop.settings.update(offline=True)
    find(search, "qwen", qtbot)
    assert "switched off" in search.note.text() and not search.repo_table.isVisible()
    desktop.settings.update(offline=False)
    qtbot.waitUntil(lambda: search.repo_title.text() == "org/qwen", timeout=LONG)
    assert search.repo_table.isVisible() and "switched off" not in search.note.text()


def test_a_model_that_does_not_fit_is_studied_after_a_warning(
    page: ModelsPage, desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    path = tiny_gguf(folder / "alpha.gguf")
    desktop.settings.update(reserve=NOTHING_FITS)
    page.adding.add_folder(folder)
    qtbot.waitUntil(lambda: names(page) == ["alpha"], timeout=LONG)
    assert page.model.rows[0].fitting.fit == "won't fit"
    page.table.selectRow(0)
    qtbot.mouseClick(page.study_button, Qt.MouseButton.LeftButton)
    assert "alpha needs about" in answer(qtbot, "")
    assert desktop.window.current == "models"
    qtbot.mouseClick(page.study_button, Qt.MouseButton.LeftButton)
    answer(qtbot, "Load it anyway")
    qtbot.waitUntil(lambda: desktop.window.current == "studies", timeout=LONG)
    assert path.exists()


def begun(search: HubSearch, desktop: Desktop, qtbot: QtBot) -> str:
    """Download the one file of the one repository; the job's key."""
    qtbot.waitUntil(lambda: search.files.rowCount() == 1, timeout=LONG)
    search.file_table.selectRow(0)
    qtbot.mouseClick(search.download_button, Qt.MouseButton.LeftButton)

    def keys() -> list[str]:
        return [v.job.key for v in desktop.lab.jobs.values() if v.job.kind == "download"]

    qtbot.waitUntil(lambda: len(keys()) == 1, timeout=LONG)
    return keys()[0]


def test_what_is_pasted_with_a_revision_is_downloaded_and_studied_as_that(
    hub: Any, page: ModelsPage, desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    data = tiny_gguf(tmp_path / "source.gguf").read_bytes()
    hub.add("org/tiny", {"tiny-F16.gguf": data}, downloads=1)
    search = shown_hub(page)
    find(search, f"org/tiny@{COMMIT}", qtbot)
    key = begun(search, desktop, qtbot)
    assert search.source() == f"hf:org/tiny:tiny-F16.gguf@{COMMIT}"
    qtbot.waitUntil(lambda: desktop.lab.jobs[key].state is JobState.DONE, timeout=LONG)
    assert list((tmp_path / "cache").rglob("snapshots/*/*.gguf"))
    assert not list((tmp_path / "cache").rglob("refs/main")), "of the usual one nothing was asked"


@pytest.mark.parametrize("by_notice", [True, False])
def test_a_download_that_was_paused_at_the_end_is_offered_at_the_next_start(
    by_notice: bool, hub: Any, open_desktop: OpenDesktop, qtbot: QtBot, tmp_path: Path
) -> None:
    data = tiny_gguf(tmp_path / "source.gguf").read_bytes()
    hub.add("org/tiny", {"tiny-F16.gguf": data}, downloads=1, tags=["gguf"])
    first = open_desktop()
    first.window.navigate("models", {})
    search = shown_hub(page_of(first.window))
    find(search, "tiny", qtbot)
    qtbot.waitUntil(lambda: search.files.rowCount() == 1, timeout=LONG)
    background.wait_for_all(LONG)
    hub.faults.pace = 60.0
    key = begun(search, first, qtbot)
    qtbot.waitUntil(lambda: first.lab.jobs[key].state is JobState.RUNNING, timeout=LONG)
    first.settings.update(language=PSEUDO)  # the download goes on
    first.settings.update(language="en")
    assert first.lab.jobs[key].state is JobState.RUNNING
    with qtbot.waitSignal(first.finished, timeout=LONG):
        close_with(first, qtbot, "pause")
    shut(first, qtbot)

    hub.faults.pace = 0.0
    second = open_desktop()
    said = second.window.notices.texts
    qtbot.waitUntil(lambda: len(said()) == 1, timeout=LONG)
    assert "download org/tiny" in said()[0]
    if by_notice:
        go_on = next(b for b in second.window.notices.findChildren(QPushButton) if b.text() == "Continue")
        qtbot.mouseClick(go_on, Qt.MouseButton.LeftButton)
    else:
        second.lab.retry(key)  # as the queue does
    qtbot.waitUntil(
        lambda: key in second.lab.jobs and second.lab.jobs[key].state is JobState.DONE, timeout=LONG
    )
    assert said() == []


def test_a_gated_download_that_failed_is_tried_again_with_the_token_given_since(
    hub: Any, page: ModelsPage, desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    data = tiny_gguf(tmp_path / "source.gguf").read_bytes()
    hub.add("org/tiny", {"tiny-F16.gguf": data}, downloads=1, tags=["gguf"])
    hub.gated.add("org/tiny")
    hub.token = "hf_right"
    search = shown_hub(page)
    find(search, "tiny", qtbot)
    key = begun(search, desktop, qtbot)
    for token in ("hf_wrong", "hf_right"):
        qtbot.waitUntil(lambda: desktop.lab.jobs[key].state is JobState.FAILED, timeout=LONG)
        assert "refused" in desktop.lab.jobs[key].message
        secrets.use_for_session(token)
        states: list[JobState] = []
        desktop.lab.changed.connect(
            lambda k, s=states: s.append(desktop.lab.jobs[k].state) if k == key else None
        )
        desktop.lab.retry(key)
        qtbot.waitUntil(lambda s=states: len(s) >= 3, timeout=LONG)  # type: ignore[misc]
    assert desktop.lab.jobs[key].state is JobState.DONE

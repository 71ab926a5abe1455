"""The main job through the window: from an empty profile over three quants of the demo model to the report.

The same study file then runs in --batch and is found finished.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from lab_app.gui.app import Desktop
from lab_app.gui.pages.queue import QueuePage
from lab_app.gui.study.page import StudyPage
from lab_app.jobs.states import JobState
from lab_app.store.records import Sample
from tests.commandline import lab, lines, named
from tests.gui.conftest import LONG, OpenDesktop, shut
from tests.gui.test_builder import from_card

WANTED = ("Q8_0", "Q4_K_M", "Q2_K")
MINUTES = 10 * LONG


class Opener(QObject):
    """Stands where the desktop's own program for reports would."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))


@pytest.fixture
def desktop(open_desktop: OpenDesktop, demo_model: Path, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    monkeypatch.setenv("ODYSSEY_LAB_DEMO_MODEL", str(demo_model))
    return open_desktop()


@pytest.mark.slow
@pytest.mark.timeout(1500)  # minutes of real measurements; more beside other work
def test_from_an_empty_profile_to_a_report_and_to_batch(
    desktop: Desktop, qtbot: QtBot, demo_model: Path, tmp_path: Path
) -> None:
    window = desktop.window
    assert window.current == "start"
    builder = from_card(window, qtbot, "which-quant")
    qtbot.waitUntil(lambda: bool(builder.types.rows) and bool(builder.asked.boxes), timeout=LONG)

    for row in list(builder.types.rows):
        if (row.name in builder.types.chosen) != (row.name in WANTED):
            place = [other.name for other in builder.types.rows].index(row.name)
            builder.table.setFocus()
            builder.table.setCurrentIndex(builder.types.index(place, 0))
            qtbot.keyClick(builder.table, Qt.Key.Key_Space)
    assert builder.types.chosen == set(WANTED)
    for kind, box in builder.asked.boxes.items():
        if box.isChecked() != (kind == "speed"):
            box.setFocus()
            qtbot.keyClick(box, Qt.Key.Key_Space)
    depth = builder.asked.depths["speed"]
    depth.setFocus()
    qtbot.keyClick(depth, Qt.Key.Key_Home)
    depth.activated.emit(depth.currentIndex())
    builder.name.selectAll()
    qtbot.keyClicks(builder.name, "journey")
    qtbot.waitUntil(lambda: builder.start.isEnabled() and "4" in builder.summary.text(), timeout=LONG)

    heard: list[tuple[str, Sample]] = []
    desktop.lab.sampled.connect(lambda key, samples: heard.extend((key, sample) for sample in samples))
    qtbot.mouseClick(builder.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.current == "study", timeout=LONG)
    file = builder.edited.file
    assert file is not None
    study = window.stack.currentWidget()
    assert isinstance(study, StudyPage)
    qtbot.waitUntil(lambda: bool(heard), timeout=MINUTES)
    assert {sample.series for _, sample in heard} <= {"prefill:128", "generation:32@0", "memory"}

    # One job is cancelled on the queue page while another runs; what does not need it goes on.
    qtbot.mouseClick(window.rail.buttons["queue"], Qt.MouseButton.LeftButton)
    queue = window.stack.currentWidget()
    assert isinstance(queue, QueuePage)
    # Its last round, where speed is measured in several.
    victim = [view for view in desktop.lab.jobs.values() if view.title.startswith("speed: Q2_K")][-1]
    queue.select(victim.job.key)
    qtbot.mouseClick(queue.buttons["cancel"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: victim.state is JobState.CANCELLED, timeout=LONG)
    kept = len(heard)
    qtbot.waitUntil(lambda: not desktop.lab.busy, timeout=MINUTES)
    cancelled = [view for view in desktop.lab.jobs.values() if view.state is JobState.CANCELLED]
    assert cancelled == [victim]
    window.navigate("study", {})

    # Go on: what was measured is not measured again.
    qtbot.waitUntil(study.head.resume.isVisible, timeout=LONG)
    qtbot.mouseClick(study.head.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: victim.state is JobState.DONE and not desktop.lab.busy, timeout=MINUTES)
    qtbot.waitUntil(lambda: study.head.state.text() == "Finished.", timeout=LONG)
    measured = [(key, sample.series, sample.x) for key, sample in heard]
    assert len(measured) > kept and len(measured) == len(set(measured))
    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "open")  # type: ignore[arg-type]
    try:
        assert study.head.open_report.isEnabled()
        qtbot.mouseClick(study.head.open_report, Qt.MouseButton.LeftButton)
    finally:
        QDesktopServices.unsetUrlHandler("file")
    (report,) = opener.opened
    text = report.read_text(encoding="utf-8")
    assert report.suffix == ".html" and text.count("Q2_K") > 1 and "was cancelled" not in text

    shut(desktop, qtbot)
    done = lab(
        "--batch", file, "--json", "--data-dir", desktop.folders.root, "--out", tmp_path / "out", cwd=tmp_path,
        env={"ODYSSEY_LAB_DEMO_MODEL": str(demo_model)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = lines(done.stdout)
    assert len(named(said, "started")) == 1, "the report's worker and no other: all else is found finished"
    assert (tmp_path / "out" / "report.html").exists()

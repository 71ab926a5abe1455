"""Languages: every sentence goes through the translators, and the window changes its language while jobs run."""

from __future__ import annotations

import re
import sys
from dataclasses import fields, replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QTabBar, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from lab_app.figures import Axis, HeatMap
from lab_app.gguf.library import Row
from lab_app.gguf.places import Place, Source
from lab_app.gui import language, pages
from lab_app.gui.app import Desktop
from lab_app.gui.models.facts import Fitting, listed
from lab_app.gui.models.inspector import Inspector
from lab_app.gui.plots.base import Variant
from lab_app.gui.plots.view import FigureView
from lab_app.gui.study.chunk import UNREADABLE, Chunk, Token
from lab_app.gui.study.page import StudyPage
from lab_app.gui.study.token_text import describe
from lab_app.gui.widgets.report_table import ReportTable
from lab_app.jobs.states import JobState
from lab_app.reports.drawing.common import label
from lab_app.store.records import Sample
from lab_app.studies.plan import report_job
from lab_app.system.translation import PSEUDO
from tests.gui.conftest import LONG, go, page_of, slow, submit, until
from tests.models import tiny_gguf
from tests.reports.builder import MEGA, Builder

ROOT = Path(__file__).resolve().parents[2]
_spec = spec_from_file_location("translations", ROOT / "packaging/translations.py")
assert _spec is not None and _spec.loader is not None
translations = module_from_spec(_spec)
sys.modules["translations"] = translations
_spec.loader.exec_module(translations)

UNTRANSLATED = {"Odyssey Lab", "hf_…", "English"}
"""Names and examples."""


def texts(root: QWidget) -> set[str]:
    """Every fixed text that is shown below ``root``."""
    found: set[str] = set()
    for widget in root.findChildren(QWidget):
        if isinstance(widget.parentWidget(), QTabBar):
            continue  # its arrows are Qt's own
        found |= {widget.accessibleName(), widget.toolTip(), widget.accessibleDescription()}
        if isinstance(widget, QLabel | QAbstractButton):
            found.add(widget.text())
        if isinstance(widget, QLineEdit):
            found.add(widget.placeholderText())
    return {text for text in found if any(letter.isalpha() for letter in text)}


def test_no_text_escapes_the_translators(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.settings.update(language=PSEUDO)
    try:
        for entry in pages.entries():
            desktop.window.navigate(entry.id, {})
            page = page_of(desktop.window)
            assert page is not None
            escaped = {t for t in texts(page) if "[" not in t} - UNTRANSLATED
            escaped = {t for t in escaped if str(desktop.folders.root) not in t}
            assert escaped == set(), entry.id
        shell = {t for t in texts(desktop.window.rail) | texts(desktop.window.strip) if "[" not in t}
        assert shell == set()
        actions = {a.text for a, _ in desktop.window.actions_table.all() if "[" not in a.text}
        assert actions == set()
    finally:
        desktop.settings.update(language="en")


def test_the_language_changes_while_a_job_runs(desktop: Desktop, qtbot: QtBot) -> None:
    job = slow("endless")
    submit(desktop, qtbot, job)
    until(desktop, qtbot, job, JobState.RUNNING)
    go(desktop.window, "queue")
    before = desktop.window
    desktop.settings.update(language=PSEUDO)
    try:
        assert desktop.window is not before and desktop.window.isVisible()
        qtbot.waitUntil(lambda: not isValid(before), timeout=LONG)
        assert desktop.window.current == "queue"
        page = page_of(desktop.window)
        assert page is not None and page.buttons["cancel"].text().startswith("[Çáñçél")
        assert desktop.lab.jobs[job.key].state is JobState.RUNNING
        page.select(job.key)
        page.buttons["cancel"].click()
        until(desktop, qtbot, job, JobState.CANCELLED)
    finally:
        desktop.settings.update(language="en")


def test_no_value_of_the_inspector_escapes_the_translators(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    desktop.settings.update(language=PSEUDO)
    try:
        inspector = Inspector(desktop.window.context)
        qtbot.addWidget(inspector)
        inspector.show_file(str(tiny_gguf(tmp_path / "1.gguf", extra={"general.license": "2"})))
        qtbot.waitUntil(lambda: inspector.memory is not None, timeout=LONG)
        shown = {text for text in texts(inspector) if "[" not in text}
        assert shown - {"tiny", "llama", "1.3M"} == set()
    finally:
        desktop.settings.update(language="en")


def opened_study(desktop: Desktop, qtbot: QtBot) -> StudyPage:
    """A finished study of the lab's own probes, on its page."""
    store = desktop.lab.store
    assert store is not None
    lab = Builder(desktop.folders.root, store)
    lab.name = "1 : 2"  # a name without a letter, so that it is no text
    for name, mega, kld in (("base", 271, None), ("Q8_0", 145, 0.0009), ("Q2_K", 88, 1.9)):
        lab.file(name, mega * MEGA, base=kld is None, quant="F16" if kld is None else name)
        lab.divergence(name, kld, 0.0 if kld is None else kld / 2, chunks=4, tokens=40)
        lab.speed(name, 60.0 - mega / 6)
    lab.file("IQ2_M", None, quant="IQ2_M", error="1/0")
    lab.cell("divergence", "divergence", "IQ2_M", [], state="queued")
    record = lab.record()
    report = report_job(record.study_id, desktop.folders).key
    store.save_study(replace(record, job_keys=(*record.job_keys, report)))
    desktop.window.navigate("study", {"study": "test-0123456789"})
    page = page_of(desktop.window)
    assert isinstance(page, StudyPage)
    qtbot.waitUntil(lambda: page.answer is not None, timeout=LONG)
    return page


def said(page: StudyPage) -> set[str]:
    """Every text of the study page that is not a number: sentences, tables, figures with their axes."""
    found = set(page.verdict.texts) | {page.tabs.tabText(i) for i in range(page.tabs.count())}
    for table in page.findChildren(ReportTable):
        if table.model.table is None:
            continue
        shown = table.model.table
        found |= {
            shown.caption,
            *shown.notes,
            *(c.label for c in shown.columns),
            *(c.sub for c in shown.columns),
        }
        for cell in (cell for cells in shown.rows for cell in cells):
            if cell.value is None:
                found |= {cell.text, cell.meaning}
    for view in page.figures.values():
        figure = view.figure
        found |= {figure.title, view.caption.text()}
        axes = (getattr(figure, item.name) for item in fields(figure))
        found |= {label(axis) for axis in axes if isinstance(axis, Axis)}
        found |= {*view.table.heads()} - {"n"}
        found |= {view.drawing.reading((v.key, 0)) for v in view.variants if view.drawing.count(v.key)}
    return {text for text in found if any(letter.isalpha() for letter in text)}


FILES = {"base", "Q8_0", "Q2_K", "IQ2_M", "Q8_0 − base", "Q2_K − base", "Q2_K − Q8_0", "p", "Holm", "1/0"}
"""Names, and a letter that is one in every language."""


def test_no_text_of_a_study_escapes_the_translators(desktop: Desktop, qtbot: QtBot) -> None:
    """Figure titles, captions, axes, tables and verdict are made in another process, below Qt."""
    desktop.settings.update(language=PSEUDO)
    try:
        page = opened_study(desktop, qtbot)
        assert len(page.figures) >= 8 and page.failures.isVisibleTo(page)
        assert {text for text in said(page) if "[" not in text} - FILES == set()
        shown = {text for text in texts(page) if "[" not in text}
        assert {text for text in shown if not any(name in text for name in FILES - {"p", "Holm"})} == set()
    finally:
        desktop.settings.update(language="en")


def test_what_is_read_of_a_heat_map_is_translated(qapp: QApplication, qtbot: QtBot) -> None:
    try:
        language.install(qapp, PSEUDO)
        view = FigureView(HeatMap("", "m", Axis("1"), Axis("2"), Axis("")), [Variant("1", "3")])
        qtbot.addWidget(view)
        view.extend("1", [Sample("m", "4", 1.0, payload={"row": 5, "column": 6})])
        assert view.drawing.reading(("1", 0)).startswith("[3 · 1 5, 2 6: 1 óf 1, 100 %")
        assert {head[0] for head in view.table.heads()} == {"[", "1", "2", "n"}
    finally:
        language.install(qapp, "en")


def test_a_study_in_chinese_and_its_report(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page follows the language; a report that is in another is written anew before it is opened."""
    page: Any = opened_study(desktop, qtbot)
    assert page.figures["p1f1"].figure.title == "Mean KL divergence from the base"
    english = [cell.value for cells in page.main.model.table.rows for cell in cells]
    opened: list[QUrl] = []
    monkeypatch.setattr("lab_app.gui.study.progress.QDesktopServices.openUrl", opened.append)
    job = report_job("test-0123456789", desktop.folders)
    desktop.lab.submit([job], force={job.key})
    qtbot.waitUntil(page.head.open_report.isEnabled, timeout=LONG)
    qtbot.mouseClick(page.head.open_report, Qt.MouseButton.LeftButton)
    assert '<html lang="en">' in Path(opened.pop().toLocalFile()).read_text(encoding="utf-8")
    page.tabs.setCurrentIndex(1)
    desktop.settings.update(language="zh_CN")
    try:
        page = page_of(desktop.window)
        qtbot.waitUntil(lambda: page.answer is not None, timeout=LONG)
        assert page.tabs.currentIndex() == 1, "the part one looked at"
        assert page.figures["p1f1"].figure.title == "与基准的平均 KL 散度"
        assert page.tabs.tabText(1) == "与基准的散度"
        assert [c.label for c in page.main.model.table.columns][:3] == ["文件", "大小", "每权重位数"]
        assert page.verdict.texts[0].startswith("目前看来：请运行 Q8_0")
        assert [cell.value for cells in page.main.model.table.rows for cell in cells] == english
        qtbot.mouseClick(page.head.open_report, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: bool(opened), timeout=LONG)
        text = Path(opened.pop().toLocalFile()).read_text(encoding="utf-8")
        assert '<html lang="zh-CN">' in text and "与基准的平均 KL 散度" in text
    finally:
        desktop.settings.update(language="en")


def test_pseudo_keeps_placeholders() -> None:
    assert language.Pseudo().translate("X", "{0} of {1}") == "[{0} óf {1} ·]"


def test_english_knows_one_from_many(qapp: QApplication) -> None:
    language.install(qapp, "en")
    translate = QCoreApplication.translate
    assert translate("StudiesModel", "%n job(s) failed", "", 1) == "1 job failed"
    assert translate("StudiesModel", "%n job(s) failed", "", 3) == "3 jobs failed"


def test_chinese_is_complete_and_keeps_every_placeholder(qapp: QApplication) -> None:
    """The second language: what the window says today is all translated."""
    ts = translations.FOLDER / "odyssey-lab_zh_CN.ts"
    assert translations.problems(ts) == []
    for message in ElementTree.parse(ts).getroot().iter("message"):
        source = message.findtext("source", "")
        translation = message.find("translation")
        assert translation is not None
        text = translation.findtext("numerusform") or translation.text or ""
        assert set(re.findall(r"\{\w+\}|%n", source)) == set(re.findall(r"\{\w+\}|%n", text)), (source, text)
    try:
        language.install(qapp, "zh_CN")
        assert QCoreApplication.translate("pages", "Studies") == "研究"
    finally:
        language.install(qapp, "en")


def test_compiled_translations_are_those_of_the_source(tmp_path: Path) -> None:
    """`make translations` compiles; what it compiled is committed, so that a wheel needs no Qt tools."""
    files = sorted(translations.FOLDER.glob("*.ts"))
    assert files
    for ts in files:
        qm = tmp_path / "fresh.qm"
        translations.compile_(ts, qm)
        assert qm.read_bytes() == ts.with_suffix(".qm").read_bytes(), ts.name
        assert ts.with_suffix(".json").read_text(encoding="utf-8") == translations.catalogue(ts), ts.name


def test_the_check_of_translations_names_what_is_missing(tmp_path: Path) -> None:
    ts = tmp_path / "odyssey-lab_fr.ts"
    translations.update(ts)
    assert any("not translated: 'Nothing is running.'" in text for text in translations.problems(ts))
    ts.write_text(ts.read_text().replace("<source>Nothing is running.</source>", "<source>Gone.</source>"))
    assert "odyssey-lab_fr.ts: lacks 'Nothing is running.'" in translations.problems(ts)


def test_a_single_token_is_described_in_the_language_of_the_window(qapp: QApplication) -> None:
    tokens = (Token(1, "a", 0.25, 0.5, 0.75, 1, 1), Token(2, "b", 1.5, 0.1, 0.2, 1, 2))
    chunk = Chunk(0, tokens, {1: "a", 2: "b"})
    assert describe(chunk, 0).startswith("“a”: KL divergence 0.25 nats; probability 75.0 %")
    try:
        language.install(qapp, "zh_CN")
        for place in (0, 1):
            said = describe(chunk, place)
            assert "散度" in said and "choose" not in said and "probability" not in said
        assert QCoreApplication.translate("tokens", UNREADABLE) != UNREADABLE
    finally:
        language.install(qapp, "en")


def test_where_a_model_lies_is_said_in_the_language_of_the_window(qapp: QApplication) -> None:
    file = Path("/models/a.gguf")
    labels = {Source.LAB: "kept here", Source.IMPORTED: "where it lay"}
    places = tuple(Place(source, file, labels.get(source, str(file.parent))) for source in Source)
    row = Row("a", "a", (file,), 1, 0.0, places)
    assert listed(row, Fitting()).where.startswith("this lab: kept here; Hugging Face cache: /models; ")
    try:
        language.install(qapp, "zh_CN")
        said = listed(row, Fitting()).where
        for name in ("/models", "LM Studio", "Ollama", "Hugging Face"):
            said = said.replace(name, "")
        assert not re.search("[A-Za-z]", said), said
    finally:
        language.install(qapp, "en")

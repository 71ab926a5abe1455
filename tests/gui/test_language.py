"""Languages: every sentence goes through the translators, and the window changes its language while jobs run."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from xml.etree import ElementTree

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from lab_app.gui import language, pages
from lab_app.gui.app import Desktop
from lab_app.jobs.states import JobState
from tests.gui.conftest import go, slow, submit, until

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
    desktop.settings.update(language=language.PSEUDO)
    try:
        for entry in pages.entries():
            desktop.window.navigate(entry.id, {})
            page = desktop.window.stack.currentWidget()
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
    desktop.settings.update(language=language.PSEUDO)
    try:
        assert desktop.window is not before and desktop.window.isVisible() and not before.isVisible()
        assert desktop.window.current == "queue"
        page = desktop.window.stack.currentWidget()
        assert page is not None and page.buttons["cancel"].text().startswith("[Çáñçél")
        assert desktop.lab.jobs[job.key].state is JobState.RUNNING
        page.select(job.key)
        page.buttons["cancel"].click()
        until(desktop, qtbot, job, JobState.CANCELLED)
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
        for mark in ("{0}", "{1}", "{2}", "{3}", "{title}", "{why}", "%n"):
            assert (mark in source) == (mark in text), (source, text)
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


def test_the_check_of_translations_names_what_is_missing(tmp_path: Path) -> None:
    ts = tmp_path / "odyssey-lab_fr.ts"
    translations.update(ts)
    assert any("not translated: 'Nothing is running.'" in text for text in translations.problems(ts))
    ts.write_text(ts.read_text().replace("<source>Nothing is running.</source>", "<source>Gone.</source>"))
    assert "odyssey-lab_fr.ts: lacks 'Nothing is running.'" in translations.problems(ts)

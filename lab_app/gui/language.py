"""Languages of the window: Qt's translators for ours and Qt's own words, and a pseudo-language for finding faults.

A translation is ``resources/translations/odyssey-lab_CODE.ts``; ``make translations`` brings it up to date and
compiles it. Texts that are made below the window come from :mod:`lab_app.system.translation`, which is told the
language here. ``pseudo`` lengthens every sentence and marks its ends, so that a text that is cut or was never
given to the translators can be seen.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from lab_app.system import paths, translation
from lab_app.system.errors import ResourceError
from lab_app.system.translation import PSEUDO

_STEM = "odyssey-lab_"
_installed: list[QTranslator] = []


class Pseudo(QTranslator):
    """``Cancel`` becomes ``[Çáñçél ···]``; placeholders stay."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        if not source or (context[:1] == "Q" and context[1:2].isupper()):
            return source  # of Qt's own classes
        text = source.replace("%n", str(n)) if n >= 0 else source
        return translation.pseudo(text)


def available() -> list[tuple[str, str]]:
    """(code, name in the language itself) of every language there is; English is the source."""
    found = [("en", QLocale("en").nativeLanguageName())]
    folder = _folder()
    for file in sorted(folder.glob(f"{_STEM}*.qm")) if folder is not None else []:
        code = file.stem.removeprefix(_STEM)
        if code != "en":
            found.append((code, QLocale(code).nativeLanguageName()))
    return found


def _folder() -> Path | None:
    try:
        return paths.resource("translations")
    except ResourceError:
        return None


def install(app: QApplication, code: str) -> None:
    """Speak ``code`` (empty: the system's language, where there is a translation) from now on."""
    for old in _installed:
        app.removeTranslator(old)
    _installed.clear()
    if code == PSEUDO:
        translation.use(PSEUDO)
        _use(app, Pseudo(app))
        return
    locale = QLocale(code) if code else QLocale.system()
    QLocale.setDefault(locale)
    translation.use(locale.name())  # what is said below the window
    folder = _folder()
    ours = QTranslator(app)
    if folder is None or not ours.load(locale, _STEM, "", str(folder), ".qm"):
        # The source is English; its own file only knows the plurals.
        if folder is not None and ours.load(QLocale("en"), _STEM, "", str(folder), ".qm"):
            _use(app, ours)
        app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        return
    qt = QTranslator(app)
    if qt.load(locale, "qtbase_", "", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        _use(app, qt)
    _use(app, ours)
    app.setLayoutDirection(locale.textDirection())


def _use(app: QApplication, translator: QTranslator) -> None:
    app.installTranslator(translator)
    _installed.append(translator)

"""One study, while it runs and afterwards; reached from the list of studies."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from lab_app.gui.context import Context
from lab_app.gui.pages import Page, page


@page(
    "study",
    QT_TRANSLATE_NOOP("pages", "Study"),
    icon="flask-conical",
    order=21,
    under="studies",
    needs=("lab_app.gui.study.page",),
)
def study(context: Context) -> Page:
    from lab_app.gui.study.page import StudyPage

    return StudyPage(context)

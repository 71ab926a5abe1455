"""The first page of an empty profile: three questions, each leads to a ready-made study."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy

from lab_app.gui import icons
from lab_app.gui.actions import Action
from lab_app.gui.context import Context
from lab_app.gui.copying import fixed
from lab_app.gui.pages import Page, page
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import column, label
from lab_app.gui.words import command

CARDS = (
    (
        "which-quant", "scale",
        QT_TRANSLATE_NOOP("start", "Which quant should I run?"),
        QT_TRANSLATE_NOOP("start", "Makes the usual quant types of one model and measures what each costs in quality, "
                                   "memory and speed on this machine. The answer is one file."),
    ),
    (
        "context-length", "ruler",
        QT_TRANSLATE_NOOP("start", "How long a context does it really hold?"),
        QT_TRANSLATE_NOOP("start", "Hides a pass key at many depths of longer and longer texts, and shows where the "
                                   "model stops finding it, with full and with quantized KV cache."),
    ),
    (
        "compare-two", "git-compare-arrows",
        QT_TRANSLATE_NOOP("start", "Compare two files"),
        QT_TRANSLATE_NOOP("start", "Two files of one model, token by token on the same texts: are they the same "
                                   "model, and if not, which is better?"),
    ),
)  # fmt: skip
"""Template of a study, icon, question, what it does."""


class QuestionCard(QPushButton):
    """A button as large as a card: a question and what answering it takes."""

    def __init__(self, icon: str, question: str, text: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName(question)
        self.setAccessibleDescription(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumHeight(space(80))
        mark = QLabel()
        icons.set_icon(mark, icon, 24)
        parts = [mark, label(question, "heading", wrap=True), label(text, "muted", wrap=True)]
        for part in parts:
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setLayout(column(*parts, None, gap=3, margin=5))
        self.setMinimumHeight(space(48))


class StartPage(Page):
    def __init__(self, context: Context) -> None:
        super().__init__(context)

        def tr(text: object) -> str:
            return QCoreApplication.translate("start", str(text))

        title = label(self.tr("What do you want to know?"), "title")
        lead = label(
            self.tr(
                "Every answer comes with an interval, from measurements on this machine. "
                "A small model for trying things out is fetched when you need it."
            ),
            "muted", wrap=True,
        )  # fmt: skip
        cards = QHBoxLayout()
        cards.setSpacing(space(4))
        self.cards: dict[str, QuestionCard] = {}
        for name, icon, question, text in CARDS:
            made = QuestionCard(icon, tr(question), tr(text))
            made.clicked.connect(lambda _, name=name: context.navigate("studies", {"template": name}))
            context.actions.add(
                Action(
                    f"start.{name}", tr(question), made.clicked.emit, icon=icon,
                    command=fixed(partial(command, "new", name)) if name != "compare-two" else None,
                )
            )  # fmt: skip
            context.actions.cover(made)
            cards.addWidget(made, 1)
            self.cards[name] = made
        self.setLayout(column(None, title, lead, 3, cards, None, None, gap=2, margin=10))

    def visit(self, request: Mapping[str, Any]) -> None:
        self.cards["which-quant"].setFocus()


@page("start", QT_TRANSLATE_NOOP("pages", "Start"), icon="house", order=0)
def start(context: Context) -> Page:
    return StartPage(context)

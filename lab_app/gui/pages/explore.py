"""Explore: looking closely at single models. Tabs are made when they are first shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtWidgets import QScrollArea, QTabWidget, QVBoxLayout, QWidget

from lab_app.gui.actions import Action
from lab_app.gui.context import Context
from lab_app.gui.pages import Page, page
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import column, label, margins
from lab_app.gui.widgets.dropping import TakesModel


def _duel(context: Context) -> QWidget:
    from lab_app.gui.explore.duel import Duel

    return Duel(context)


def _tokenizer(context: Context) -> QWidget:
    from lab_app.gui.explore.tokenizer import Tokenizer

    return Tokenizer(context)


def _inspector(context: Context) -> QWidget:
    from lab_app.gui.explore.inspect import Inspect

    return Inspect(context)


TABS: tuple[tuple[str, object, Callable[[Context], QWidget]], ...] = (
    ("duel", QT_TRANSLATE_NOOP("explore", "Duel"), _duel),
    ("tokenizer", QT_TRANSLATE_NOOP("explore", "Tokenizer"), _tokenizer),
    ("inspector", QT_TRANSLATE_NOOP("explore", "Inspector"), _inspector),
)


class ExplorePage(Page):
    """``visit({"tab": "tokenizer"})`` shows a tab."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName(self.tr("Explore"))
        self.made: dict[str, QWidget] = {}
        self._holders: list[QVBoxLayout] = []
        for name, title, _make in TABS:
            words = self.tr("Explore: {0}").format(QCoreApplication.translate("explore", str(title)))
            context.actions.add(
                Action(f"explore.{name}", words, partial(context.navigate, "explore", {"tab": name}))
            )
            holder = QWidget()
            inside = QVBoxLayout(holder)
            inside.setContentsMargins(0, space(3), 0, 0)
            self._holders.append(inside)
            self.tabs.addTab(holder, QCoreApplication.translate("explore", str(title)))
        self.tabs.currentChanged.connect(lambda _: self._show())
        self.setLayout(column(label(self.tr("Explore"), "title"), self.tabs, gap=3, margin=5))

    def tab(self, name: str) -> QWidget:
        """The tab ``name``, made on the first call."""
        if name not in self.made:
            place = next(i for i, entry in enumerate(TABS) if entry[0] == name)
            made = TABS[place][2](self.context)
            made.setProperty("role", "page")
            inside = made.layout()
            if inside is not None:
                margins(inside, 0, 0, 3, 3)  # room beside the scroll bar
            scroll = QScrollArea(widgetResizable=True)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setWidget(made)
            self._holders[place].addWidget(scroll)
            self.made[name] = made
        return self.made[name]

    def _show(self) -> None:
        from lab_app.gui.explore.model_field import known_models

        made: Any = self.tab(TABS[self.tabs.currentIndex()][0])
        if hasattr(made, "offer") and self.context.lab.is_open:
            folders = self.context.lab.folders
            self.context.lab.ask(
                lambda store: known_models(store, folders),
                cast(Callable[[Any], None], made.offer),
                owner=made,
            )

    def unsaved(self) -> Mapping[str, Any]:
        """What was typed and chosen in the tabs."""
        made: Mapping[str, Any] = self.made
        return {name: kept for name, tab in made.items() if (kept := tab.typed())} | (
            {"tab": self.tabs.currentIndex()} if made else {}
        )

    def restore(self, kept: Mapping[str, Any]) -> None:
        for name, typed in kept.items():
            if name == "tab":
                self.tabs.setCurrentIndex(typed)
            else:
                tab: Any = self.tab(name)
                tab.type_again(typed)

    def take_files(self, files: Sequence[Path]) -> bool:
        """A model, for the first field of the tab that has none, else for the last."""
        model = next((path for path in files if path.suffix.lower() == ".gguf"), None)
        fields = self.tabs.currentWidget().findChildren(TakesModel) if self.isVisible() else []
        if model is None or not fields:
            return False
        next((field for field in fields if not field.source), fields[-1]).take(str(model))
        return True

    def visit(self, request: Mapping[str, Any]) -> None:
        names = [entry[0] for entry in TABS]
        if request.get("tab") in names:
            self.tabs.setCurrentIndex(names.index(request["tab"]))
        self._show()


@page(
    "explore",
    QT_TRANSLATE_NOOP("pages", "Explore"),
    icon="telescope",
    order=30,
    needs=("lab_app.gui.explore.duel", "lab_app.gui.explore.tokenizer", "lab_app.gui.explore.inspect"),
)
def explore(context: Context) -> Page:
    return ExplorePage(context)

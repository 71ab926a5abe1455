"""What the user may choose: looks, folders, token, limits; and what this machine is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QFrame, QPushButton, QScrollArea, QWidget

from lab_app.gui.actions import Action
from lab_app.gui.background import background
from lab_app.gui.context import Context, Notice
from lab_app.gui.copying import fixed
from lab_app.gui.pages import Page, page
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import button, card, column, label, row
from lab_app.gui.words import command
from lab_app.system import settings
from lab_app.system.settings import Settings


class SettingsPage(Page):
    def __init__(self, context: Context) -> None:
        super().__init__(context)
        from lab_app.gui.settings_cards import appearance, folders, limits, machine, token

        self.appearance = appearance.AppearanceCard(context)
        self.folders = folders.FoldersCard(context)
        self.token = token.TokenCard(context)
        self.limits = limits.LimitsCard(context)
        self.machine = machine.MachineCard(context)
        doctor = fixed(lambda: command("doctor", "--data-dir", context.lab.folders.root))
        context.actions.add(
            Action("settings.machine", self.tr("Check this machine"), self.check_machine, command=doctor)
        )
        context.actions.cover(self.machine.again)
        context.actions.describe(self.machine.copy, self.tr("Copy the report of this machine"), doctor)
        near = column(self.appearance, self.folders, self._data_card(), None, gap=4)
        far = column(self.token, self.limits, self.machine, None, gap=4)
        self._near, self._far = near, far
        self._sides = sides = row(near, far, gap=4)
        sides.setStretch(0, 1)
        sides.setStretch(1, 1)
        inside = QWidget()
        inside.setProperty("role", "page")
        inside.setLayout(column(label(self.tr("Settings"), "title"), sides, gap=4, margin=5))
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAccessibleName(self.tr("Settings"))
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setLayout(column(scroll))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Below each other where the words are too long for two columns."""
        super().resizeEvent(event)
        need = self._near.minimumSize().width() + self._far.minimumSize().width() + space(4 + 2 * 5 + 4)
        way = QBoxLayout.Direction.LeftToRight if need <= self.width() else QBoxLayout.Direction.TopToBottom
        if self._sides.direction() is not way:
            self._sides.setDirection(way)

    def visit(self, request: Mapping[str, Any]) -> None:
        if not self.machine.checks:
            self.machine.refresh()

    def check_machine(self) -> None:
        """Also from another page."""
        self.context.navigate("settings", {})
        self.machine.refresh()

    def _data_card(self) -> QFrame:
        root = self.context.lab.folders.root
        return card(
            label(self.tr("Data"), "heading"),
            label(str(root), selectable=True, wrap=True),
            row(self._acting("folder", self.tr("Open data folder"), self.open_folder, "folder-open"), None),
            row(
                self._acting("export", self.tr("Export settings…"), self.export, "download"),
                self._acting("import", self.tr("Import settings…"), self.choose_import, "upload"),
                None,
            ),
        )

    def _acting(self, name: str, text: str, run: Callable[[], object], icon: str) -> QPushButton:
        """A button whose act the palette offers on every page."""
        made = button(text, run, icon=icon)
        self.context.actions.add(Action(f"settings.{name}", text, run, icon=icon))
        self.context.actions.cover(made)
        return made

    def open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.context.lab.folders.root)))

    def export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export settings"), "odyssey-lab-settings.json", self.tr("Settings (*.json)")
        )
        if name:
            self.export_to(name)

    def export_to(self, name: str) -> None:
        """Everything but the token, which never leaves its place."""
        value = self.context.settings.value
        text = self.tr("The settings are written to {0}. The token is not among them.").format(name)
        background(
            lambda: settings.write_json(Path(name), value.to_json()),
            lambda _: self.context.notify(Notice("settings", text, level="good")),
            owner=self,
        )

    def choose_import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Import settings"), "", self.tr("Settings (*.json)")
        )
        if name:
            self.import_from(name)

    def import_from(self, name: str) -> None:
        """Take over settings from a file; what was chosen before can be had back."""
        before = self.context.settings.value

        def use(value: Settings) -> None:
            undo = {self.tr("Undo"): lambda: self.context.settings.replace(before)}
            text = self.tr("The settings of {0} are in use.").format(name)
            # First, because with another language comes another window; that takes the notice over.
            self.context.notify(Notice("settings", text, level="good", answers=undo))
            self.context.settings.replace(value)

        background(lambda: settings.read(Path(name), exported=True), use, owner=self)


@page(
    "settings",
    QT_TRANSLATE_NOOP("pages", "Settings"),
    icon="settings",
    order=90,
    needs=("lab_app.gui.settings_cards.machine",),
)
def make(context: Context) -> Page:
    return SettingsPage(context)

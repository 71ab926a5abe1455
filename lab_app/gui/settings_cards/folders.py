"""Folders that are searched for models."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QListWidget, QVBoxLayout, QWidget

from lab_app.gui.context import Context, Notice
from lab_app.gui.copying import fixed
from lab_app.gui.widgets.basic import button, card, label, row
from lab_app.gui.words import command


class FoldersCard(QWidget):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Model folders"))
        self.list.setMaximumHeight(140)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # paths, in every language
        self.take = button(self.tr("Remove folder"), self.remove, icon="x")
        context.actions.describe(self.take, command=fixed(self._command))
        lead = label(
            self.tr(
                "Searched for models beside the data folder and the caches of other programs. "
                "Nothing is moved or copied."
            ),
            "muted",
            wrap=True,
        )
        frame = card(
            label(self.tr("Model folders"), "heading"), lead, self.list,
            row(button(self.tr("Add folder…"), self.choose, icon="plus"), self.take, None),
        )  # fmt: skip
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)
        self.list.currentRowChanged.connect(lambda at: self.take.setEnabled(at >= 0))
        context.settings.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.list.clear()
        folders = self._context.settings.value.model_folders
        self.list.addItems(folders)
        for folder in folders:  # one that was removed may be back
            self._context.withdraw(f"folder {folder}")
        self.take.setEnabled(self.list.currentRow() >= 0)

    def _command(self) -> str:
        item = self.list.currentItem()
        root = self._context.lab.folders.root
        return command("models", "remove-folder", item.text(), "--data-dir", root) if item else ""

    def choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Add a folder of models"))
        if folder:
            self.add(folder)

    def add(self, folder: str) -> None:
        known = self._context.settings.value.model_folders
        if folder not in known:
            self._context.settings.update(model_folders=(*known, folder))

    def remove(self) -> None:
        """Forgets the folder; its files stay."""
        before = self._context.settings.value.model_folders
        at = self.list.currentRow()
        if at < 0:
            return
        folder, settings = before[at], self._context.settings
        settings.update(model_folders=before[:at] + before[at + 1 :])

        def back() -> None:
            now = settings.value.model_folders  # others may have come and gone since
            if folder not in now:
                settings.update(model_folders=(*now[:at], folder, *now[at:]))

        text = self.tr("{0} is not searched any more. Its files stay where they are.").format(folder)
        self._context.notify(Notice(f"folder {folder}", text, answers={self.tr("Undo"): back}))

"""The study as the file it is: to read, copy and save, with the command that runs it without a window."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QPlainTextEdit, QWidget

from lab_app.gui.background import background
from lab_app.gui.copying import copy
from lab_app.gui.theme import keeper, space
from lab_app.gui.widgets.basic import button, column, label, row, tool
from lab_app.gui.words import batch_command
from lab_app.system.errors import LabError
from lab_app.system.saving import save


def write(path: Path, text: str) -> Path:
    """Raises ResourceError."""
    with suppress(OSError):  # that is said of the file
        path.parent.mkdir(parents=True, exist_ok=True)
    return save(path, text.encode("utf-8"), "Choose another place.")


def choose_place(parent: QWidget, suggested: str) -> Path | None:
    """Ask where a study shall be saved; None where the user thought better of it."""
    title = QCoreApplication.translate("FileView", "Save the study")
    kinds = QCoreApplication.translate("FileView", "Studies (*.toml)")
    path, _ = QFileDialog.getSaveFileName(parent, title, suggested, kinds)
    return Path(path) if path else None


class FileView(QDialog):
    """toml: the study. path: where it will lie when it is started. suggested: where the user may want to save it.
    data_dir: the data folder in use."""

    def __init__(
        self,
        toml: str,
        path: Path,
        suggested: str,
        data_dir: Path,
        failed: Callable[[LabError], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("The study as a file"))
        self.resize(space(190), space(150))
        self._toml = toml
        self._suggested = suggested
        self._data_dir = data_dir
        self._failed = failed
        self.text = QPlainTextEdit(toml, readOnly=True)
        self.text.setAccessibleName(self.tr("Study file"))
        self.text.setFont(keeper().fixed_font())
        self.text.setTabChangesFocus(True)
        self.command = QLineEdit(readOnly=True)
        self.command.setAccessibleName(self.tr("Command that runs the study without a window"))
        self.command.setFont(keeper().fixed_font())
        self.saved = label("", "muted")
        close = button(self.tr("Close"), self.accept)
        self.setLayout(
            column(
                self.text,
                label(self.tr("Without a window:"), "muted"),
                row(self.command, tool(self.tr("Copy the command"), "copy", lambda: copy(self.command.text()))),
                row(
                    button(self.tr("Copy the file"), lambda: copy(self._toml), icon="copy"),
                    button(self.tr("Save…"), self._save, icon="save"),
                    self.saved, None, close,
                ),
                margin=4,
            )
        )  # fmt: skip
        self._show_command(path)

    def _show_command(self, path: Path) -> None:
        self.command.setText(batch_command(path, self._data_dir))
        self.command.setCursorPosition(0)

    def _save(self) -> None:
        path = choose_place(self, self._suggested)
        if path is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        def done(where: Path) -> None:
            self.saved.setText(self.tr("Saved as {0}").format(where.name))
            self._show_command(where)

        background(lambda: write(path, self._toml), done, self._failed, self)

"""A model leaves the disk, once it is said what depends on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from lab_app.gui.bridge import Lab
from lab_app.gui.widgets import question
from lab_app.system import said

if TYPE_CHECKING:
    from lab_app.gguf.library import Row
    from lab_app.store import Store

translate = QCoreApplication.translate


def ask(parent: QWidget, lab: Lab, row: Row, then: Callable[[], None]) -> None:
    """Show what uses a model and which files it is; they are removed if the user wants it, and ``then()`` follows."""

    def depends(store: Store) -> tuple[list[str], str]:
        from lab_app.gguf import keep, library

        refused = keep.refusal(row)
        return library.users(row, store.studies()), said.both(refused) if refused else ""

    def confirm(users: list[str], refused: str) -> None:
        title = translate("deleting", "Delete a model")
        if refused:
            box = QMessageBox(parent)
            box.setWindowTitle(title)
            box.setTextFormat(Qt.TextFormat.PlainText)
            box.setText(refused)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.open()
            return
        question.ask(
            parent,
            title,
            translate("deleting", "Delete {0} from the disk? This cannot be undone.").format(row.name),
            "\n".join([*users, *map(str, row.paths)]),
            give_up=translate("deleting", "Delete"),
            keep=translate("deleting", "Keep it"),
            then=lambda: delete(parent, lab, row, then),
            icon=QMessageBox.Icon.Warning,
        )

    lab.ask(depends, lambda found: confirm(*found), owner=parent)


def delete(parent: QWidget, lab: Lab, row: Row, then: Callable[[], None]) -> None:
    """Remove the files of a model, without a question."""

    def work(store: Store) -> None:
        from lab_app.gguf import keep

        keep.delete(row)
        keep.forget(store, row)

    lab.ask(work, lambda _: then(), owner=parent)

"""The exact command behind a study, for the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from lab_app.gui.actions import Command
from lab_app.gui.bridge import Lab
from lab_app.gui.words import batch_command

if TYPE_CHECKING:
    from lab_app.store import Store


def copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def fixed(make: Callable[[], str]) -> Command:
    """A command that is known at once; an empty one is none."""

    def tell(say: Callable[[str], object]) -> None:
        text = make()
        if text:
            say(text)

    return tell


def command_of(lab: Lab, study_id: str, done: Callable[[str], object], owner: QObject) -> None:
    """``done(command)`` once the file that the command names is there: the study's own, or a copy of what ran."""
    folders = lab.folders

    def found(store: Store) -> Path | None:
        from lab_app.studies.files import file_of

        record = store.study(study_id)
        return file_of(record, folders) if record is not None else None

    def say(path: Path | None) -> None:
        if path is not None:
            done(batch_command(path, folders.root))

    lab.ask(found, say, owner=owner)

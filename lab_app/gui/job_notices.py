"""Jobs that fail or are cancelled say so at the top of the window, with the way back, until that is no longer true."""

from __future__ import annotations

from PySide6.QtCore import QObject

from lab_app.gui.context import Context, Notice
from lab_app.jobs.states import JobState


class JobNotices(QObject):
    """Listens to the lab for as long as the window lives."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        context.lab.changed.connect(self._changed)

    def _changed(self, key: str) -> None:
        view = self._context.lab.jobs[key]
        name = f"job-{key}"
        if view.state is JobState.FAILED:
            text = self.tr("“{0}” failed. {1}").format(view.title, view.message)
            answers = {
                self.tr("Try again"): lambda: self._context.lab.retry(key),
                self.tr("Show log"): lambda: self._context.navigate("queue", {"key": key}),
            }
            self._context.notify(Notice(name, text, view.hint or "", "bad", answers))
        elif view.state is JobState.CANCELLED:
            text = self.tr("“{0}” is cancelled. What it has measured is kept.").format(view.title)
            undo = {self.tr("Undo"): lambda: self._context.lab.retry(key)}
            self._context.notify(Notice(name, text, answers=undo))
        else:
            self._context.withdraw(name)

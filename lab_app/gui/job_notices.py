"""Jobs that fail or are cancelled say so at the top of the window, with the way back, until that is no longer true.

The jobs of one study share a notice: one answer takes all of them back.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from lab_app.gui.context import Context, Notice
from lab_app.jobs.job import Slot
from lab_app.jobs.states import JobState
from lab_app.system import said


class JobNotices(QObject):
    """Listens to the lab for as long as the window lives."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._keys: dict[str, list[str]] = {}
        """Name of a notice → the jobs it speaks of, in the order they ended."""
        context.lab.changed.connect(self._changed)

    def take_over(self, before: JobNotices, name: str) -> bool:
        """Show a notice of another window in this one's language, with answers that act on this one. False: it is
        not about jobs."""
        if not before._keys.get(name):
            return False
        self._keys[name] = list(before._keys[name])
        self._tell(name)
        return True

    def _changed(self, key: str) -> None:
        view = self._context.lab.jobs[key]
        state = view.state
        study, _ = self._context.lab.studies.get(key, (key, ""))
        told = {JobState.FAILED: f"failed-{study}", JobState.CANCELLED: f"cancelled-{study}"}.get(state, "")
        if state is JobState.CANCELLED and view.job.slot is Slot.LIVE:
            told = ""  # stopped where it was asked for, and begun again there
        # It may be told of under another name: since then another study may have begun the job again.
        for name, keys in self._keys.items():
            if name != told and key in keys:
                keys.remove(key)
                self._tell(name)
        if told and key not in self._keys.setdefault(told, []):
            self._keys[told].append(key)
            self._tell(told)

    def _tell(self, name: str) -> None:
        keys = self._keys[name]
        if not keys:
            self._context.withdraw(name)
        elif name.startswith("failed-"):
            self._failed(name, keys)
        else:
            self._cancelled(name, keys)

    def _failed(self, name: str, keys: list[str]) -> None:
        lab, first = self._context.lab, keys[0]
        view = lab.jobs[first]
        text = self.tr("“{0}” failed. {1}").format(view.title, said.local(view.message))
        if len(keys) > 1:
            others = self.tr("%n more job(s) of the study failed.", "", len(keys) - 1)
            text = f"{text} {others}"
        answers = {
            self.tr("Try again"): self._retry(keys),
            self.tr("Show log"): lambda: self._context.navigate("queue", {"key": first}),
        }
        self._context.notify(Notice(name, text, said.local(view.hint or ""), "bad", answers, keys.clear))

    def _cancelled(self, name: str, keys: list[str]) -> None:
        lab = self._context.lab
        if len(keys) == 1:
            text = self.tr("“{0}” is cancelled. What it has measured is kept.").format(
                lab.jobs[keys[0]].title
            )
        else:
            study = lab.studies[keys[0]][1]
            text = self.tr(
                "%n job(s) of “{0}” are cancelled. What they have measured is kept.", "", len(keys)
            )
            text = text.format(study)
        undo = {self.tr("Undo"): self._retry(keys)}
        self._context.notify(Notice(name, text, answers=undo, seen=keys.clear))

    def _retry(self, keys: list[str]) -> Callable[[], None]:
        wanted = tuple(keys)

        def again() -> None:
            for key in wanted:
                self._context.lab.retry(key)

        return again

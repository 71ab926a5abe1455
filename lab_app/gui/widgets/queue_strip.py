"""The strip at the bottom: what runs, how far it is, how long it takes yet."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy

from lab_app.gui import icons
from lab_app.gui.bridge import Lab
from lab_app.gui.job_view import JobView
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import button, fill, label, margins, tool
from lab_app.gui.words import clock
from lab_app.jobs.states import JobState
from lab_app.system import said


class QueueStrip(QFrame):
    """Always visible. Shows the job that has run longest; the others are a number that leads to the queue."""

    def __init__(self, lab: Lab, show_queue: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAccessibleName(self.tr("Running jobs"))
        self._lab = lab
        self._key = ""
        self.title = label()
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedWidth(space(45))
        self.bar.setAccessibleName(self.tr("Progress of the running job"))
        self.note = label("", "small")
        self.pause = tool(self.tr("Pause the running job"), "pause", self._pause)
        self.cancel = tool(self.tr("Cancel the running job"), "x", lambda: lab.cancel(self._key))
        self.more = button(self.tr("Queue"), show_queue)
        line = QHBoxLayout(self)
        fill(line, [self.title, self.bar, self.note, self.pause, self.cancel, self.more], gap=2)
        line.setStretch(0, 1)
        margins(line, 4, 1, 2, 1)
        # As high with its buttons as without, so that the page above does not jump.
        self.setMinimumHeight(self.pause.sizeHint().height() + 2 * space(1) + 3)
        lab.changed.connect(self.refresh)
        lab.progressed.connect(self._progressed)
        # Seconds pass also where no event comes.
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._numbers)
        self.refresh()

    def _shown(self) -> JobView | None:
        active = self._lab.active()
        going = [view for view in active if view.state in (JobState.RUNNING, JobState.PAUSED)]
        return going[0] if going else (active[0] if active else None)

    def refresh(self) -> None:
        """Look at all jobs anew."""
        view = self._shown()
        waiting = sum(other is not view for other in self._lab.active())
        running = view is not None and view.state is not JobState.QUEUED
        for part in (self.bar, self.note, self.pause, self.cancel):
            part.setVisible(running)
        self.more.setText(self.tr("{0} more").format(waiting) if waiting else self.tr("Queue"))
        self.more.setAccessibleName(self.tr("Show the queue; {0} more jobs wait").format(waiting))
        if view is None:
            self._key = ""
            self._clock.stop()
            self.title.setText(self.tr("Nothing is running."))
            return
        self._key = view.job.key
        self._clock.start()
        paused = view.state is JobState.PAUSED
        icons.set_icon(self.pause, "play" if paused else "pause", 16)
        name = self.tr("Resume the paused job") if paused else self.tr("Pause the running job")
        self.pause.setAccessibleName(name)
        self.pause.setToolTip(name)
        self._numbers()

    def _progressed(self, key: str) -> None:
        if key == self._key:
            self._numbers()

    def _numbers(self) -> None:
        view = self._lab.jobs.get(self._key)
        if view is None:
            return
        text = view.title
        if view.state is JobState.PAUSED:
            text = self.tr("{0} (paused)").format(text)
        elif view.state is JobState.QUEUED:
            text = self.tr("{0} (waiting)").format(text)
        elif view.progress is not None and view.progress.message:
            text = self.tr("{0}: {1}").format(text, said.local(view.progress.message))
        self.title.setText(text)
        self.title.setToolTip(text)
        part = view.fraction
        self.bar.setRange(0, 0 if part is None and view.state is JobState.RUNNING else 1000)
        self.bar.setValue(round(1000 * (part or 0.0)))
        left = view.seconds_left()
        if view.state is JobState.PAUSED or part is None:
            self.note.setText("")
        elif left is None:
            self.note.setText(self.tr("{0} %").format(round(100 * part)))
        else:
            self.note.setText(self.tr("{0} %, {1} left").format(round(100 * part), clock(left)))

    def _pause(self) -> None:
        view = self._lab.jobs.get(self._key)
        if view is not None:
            (self._lab.resume if view.state is JobState.PAUSED else self._lab.pause)(self._key)

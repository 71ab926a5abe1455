"""The end of the window: with work unsaved or jobs running it asks; without, it closes the store and goes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QMessageBox

from lab_app.gui.bridge import Lab
from lab_app.gui.widgets.basic import set_role
from lab_app.jobs.states import JobState


class Closing(QObject):
    """Decides what a close event means."""

    finished = Signal()
    """The lab is closed; the program may end."""

    def __init__(
        self, window: QMainWindow, lab: Lab, keep_work: Callable[[Callable[[], object]], object]
    ) -> None:
        """keep_work(then): calls ``then()`` once nothing unsaved is lost with the window."""
        super().__init__(window)
        self._window = window
        self._lab = lab
        self._keep_work = keep_work
        self.going = False
        """Whether the program ends now, whatever is asked of it."""
        self._in_background = False
        lab.closed.connect(self._gone)
        lab.idle.connect(self._all_done)
        lab.failed.connect(self._failed)

    def ask(self, event: QCloseEvent) -> None:
        """Accepts or ignores the event."""
        if self.going:
            event.accept()
            return
        event.ignore()
        self._keep_work(self._ask_about_jobs)

    def _ask_about_jobs(self) -> None:
        if not self._lab.busy:
            self.go()
            return
        count = len(self._lab.active())
        self.box = box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Jobs are running"))
        box.setText(self.tr("Jobs that have not ended: {0}.").format(count))
        box.setInformativeText(
            self.tr(
                "Keep running: the window closes and the work goes on to its end. "
                "Starting the program again shows it.\n\n"
                "Pause: what is measured is kept, and the next start offers to continue.\n\n"
                "Cancel the jobs: what is measured is kept, but nothing is continued by itself."
            )
        )
        keep = box.addButton(self.tr("Keep running"), QMessageBox.ButtonRole.AcceptRole)
        pause = box.addButton(self.tr("Pause"), QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton(self.tr("Cancel the jobs"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("Stay"), QMessageBox.ButtonRole.RejectRole)
        for button, name in ((keep, "keep"), (pause, "pause"), (cancel, "cancel"), (stay, "stay")):
            button.setObjectName(name)
            button.setAccessibleName(button.text())
        set_role(keep, "kind", "primary")
        box.setDefaultButton(keep)
        box.setEscapeButton(stay)
        keep.clicked.connect(self.keep_running)
        pause.clicked.connect(self.go)
        cancel.clicked.connect(self._cancel)
        box.open()

    def keep_running(self) -> None:
        """Hide the window and leave when the last job has ended. Paused ones go on: without a window nobody could
        make them, and the program would wait for them for ever."""
        self._in_background = True
        self._window.hide()
        for view in self._lab.active():
            if view.state is JobState.PAUSED:
                self._lab.resume(view.job.key)
        if not self._lab.busy:
            self.go()

    def come_back(self) -> None:
        """Show the window again (a second start of the program asked for it)."""
        self._in_background = False
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def go(self) -> None:
        """Stop what runs so that the next start goes on, and end the program."""
        self.going = True
        self._window.hide()
        self._lab.close()

    def _cancel(self) -> None:
        """End the program once the jobs have ended."""
        self._in_background = True
        self._window.hide()
        if self._lab.busy:
            self._lab.cancel_all()
        else:
            self.go()

    def _failed(self) -> None:
        """The jobs will not end by themselves now: a program without a window would wait for ever."""
        if self._in_background:
            self.come_back()

    def _all_done(self) -> None:
        if self._in_background:
            self.go()

    def _gone(self) -> None:
        if self.going:
            self._window.close()
            self.finished.emit()

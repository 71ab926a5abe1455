"""How far a study is and what one can do about it: the line under its name."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QProgressBar, QWidget

from lab_app.gui import icons, words
from lab_app.gui.bridge import Lab
from lab_app.gui.job_view import JobView
from lab_app.gui.theme import space
from lab_app.gui.widgets import question
from lab_app.gui.widgets.basic import button, column, label, row
from lab_app.jobs.states import JobState
from lab_app.system import translation

_GOING = (JobState.RUNNING, JobState.PAUSED)


class StudyHead(QWidget):
    """Name, state, progress; pause, cancel, continue, report."""

    go_on = Signal()
    """Run what is still lacking."""
    copy_wanted = Signal()

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self.keys: tuple[str, ...] = ()
        """Jobs of the study, its report included."""
        self.unfinished = 0
        self.failed = 0
        self.report: str | None = None
        self._study = ""
        self._report_language = ""
        self._opens_next = False
        """The report is being written anew, and opened when it is there."""
        self.title = label("", "title", wrap=True)
        self.state = label("", "muted", wrap=True)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(self.tr("Progress of the study"))
        self.bar.setFixedWidth(space(50))
        self.pause = button(self.tr("Pause"), self._pause, icon="pause")
        self.cancel = button(self.tr("Cancel…"), self.ask_to_cancel, icon="x")
        self.resume = button(self.tr("Continue"), self.go_on.emit, icon="play", kind="primary")
        self.open_report = button(self.tr("Open report"), self._open_report, icon="file-text")
        self.copy = button(self.tr("Copy command"), self.copy_wanted.emit, icon="copy")
        self.copy.setToolTip(self.tr("The command that runs this very study without the window"))
        buttons = row(self.resume, self.pause, self.cancel, self.open_report, self.copy, gap=2)
        head, below = row(self.title, buttons, gap=3), row(self.state, self.bar, gap=3)
        head.setStretch(0, 1)
        below.setStretch(0, 1)
        self.setLayout(column(head, below, gap=1))
        self.refresh()

    # -- what is going on ----------------------------------------------------------------------------

    def views(self) -> list[JobView]:
        """The study's jobs of this session, in its order."""
        return [self._lab.jobs[key] for key in self.keys if key in self._lab.jobs]

    def active(self) -> list[JobView]:
        return [view for view in self.views() if not view.state.ended]

    def refresh(self) -> None:
        active = self.active()
        going = [view for view in active if view.state in _GOING]
        paused = bool(going) and all(view.state is JobState.PAUSED for view in going)
        self.state.setText(self.sentence())
        total = max(1, len(self.keys) - 1)
        left = sum(1.0 - (view.fraction or 0.0) for view in active)
        done = total - (left if active else self.unfinished)
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * min(1.0, max(0.0, done / total))))
        self.bar.setVisible(bool(active))
        self.pause.setVisible(bool(going))
        self.pause.setText(self.tr("Go on") if paused else self.tr("Pause"))
        icons.set_icon(self.pause, "play" if paused else "pause", 16)
        self.pause.setAccessibleName(self.pause.text())
        self.cancel.setVisible(bool(active))
        self.resume.setVisible(bool(self.keys) and not active and bool(self.unfinished or self.failed))
        self.resume.setText(
            self.tr("Try again") if self.failed and not self.unfinished else self.tr("Continue")
        )
        self.resume.setAccessibleName(self.resume.text())
        self.open_report.setVisible(bool(self.keys))
        self.open_report.setEnabled(self.report is not None)
        self.copy.setVisible(bool(self.keys))

    def sentence(self) -> str:
        """The state in words."""
        if not self.keys:
            return ""
        active = self.active()
        running = next((view for view in active if view.state is JobState.RUNNING), None)
        if running is not None:
            left = running.seconds_left()
            text = self.tr("Running: {0}. %n job(s) to do.", "", len(active)).format(running.title)
            return (
                text
                if left is None or left < 2
                else self.tr("{0} This one takes about {1} more.").format(text, words.clock(left))
            )
        if any(view.state is JobState.PAUSED for view in active):
            return self.tr("Paused. %n job(s) to do.", "", len(active))
        if active:
            return self.tr("Waiting: %n job(s) to do.", "", len(active))
        if self.failed:
            return self.tr("%n job(s) did not succeed.", "", self.failed)
        if self.unfinished:
            return self.tr("Interrupted: %n job(s) to do.", "", self.unfinished)
        return self.tr("Finished.")

    # -- acts ----------------------------------------------------------------------------------------

    def _pause(self) -> None:
        going = [view for view in self.active() if view.state in _GOING]
        paused = all(view.state is JobState.PAUSED for view in going)
        for view in going:
            (self._lab.resume if paused else self._lab.pause)(view.job.key)

    def ask_to_cancel(self) -> None:
        """Cancelling loses nothing that was measured, and says so."""
        question.ask(
            self,
            self.tr("Cancel a study"),
            self.tr("Cancel this study?"),
            self.tr(
                "%n job(s) stop or do not start. What is measured already stays, and the study can go on from there.",
                "",
                len(self.active()),
            ),
            give_up=self.tr("Cancel the study"),
            keep=self.tr("Keep it running"),
            then=lambda: self.cancel_all([view.job.key for view in self.active()]),
        )

    def cancel_all(self, keys: Collection[str]) -> None:
        """What waits first, so that nothing starts in between."""
        order = sorted(keys, key=lambda key: self._lab.jobs[key].state is not JobState.QUEUED)
        for key in order:
            self._lab.cancel(key)

    def show_report(self, study_id: str, report: str | None, language: str) -> None:
        """What there is of a report: its path, and what it is written in."""
        if study_id != self._study:
            self._opens_next = False
        self._study, self.report, self._report_language = study_id, report, language
        if self._opens_next and report is not None and language == translation.language():
            self._opens_next = False
            QDesktopServices.openUrl(QUrl.fromLocalFile(report))

    def _open_report(self) -> None:
        """In the window's language: one that is in another is written anew first. Its numbers stay the same."""
        if self.report is None:
            return
        if self._report_language == translation.language():
            QDesktopServices.openUrl(QUrl.fromLocalFile(self.report))
            return
        from lab_app.studies.plan import report_job

        job = report_job(self._study, self._lab.folders, language=translation.language())
        self._opens_next = True
        self._lab.submit([job], force={job.key})

"""Jobs that run, wait, have ended: what became of each, its log, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QItemSelectionModel, QModelIndex, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QTableView,
    QWidget,
)

from lab_app.gui import icons, queue_model
from lab_app.gui.actions import Action
from lab_app.gui.background import background
from lab_app.gui.context import Context
from lab_app.gui.copying import command_of
from lab_app.gui.keyboard import is_at
from lab_app.gui.pages import Page, page
from lab_app.gui.queue_model import GROUPS, QueueModel, Row
from lab_app.gui.widgets.basic import button, calm, card, column, label, row, set_role
from lab_app.gui.widgets.log_view import LogView
from lab_app.gui.widgets.tables import BarDelegate, TableView
from lab_app.gui.widgets.unmatched import Unmatched
from lab_app.jobs.states import JobState

ACTS = ("pause", "cancel", "retry", "rerun", "folder", "log")


class QueuePage(Page):
    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.model = QueueModel(context.lab)
        self._chosen = ""
        self._wanted = ""
        """A job asked for before the table knew it."""
        self.group = calm(QComboBox())
        self.group.setAccessibleName(self.tr("Jobs shown"))
        for name, text in (
            ("all", self.tr("All jobs")),
            ("active", self.tr("Running and waiting")),
            ("done", self.tr("Done")),
            ("failed", self.tr("Failed or cancelled")),
        ):
            self.group.addItem(text, name)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setPlaceholderText(self.tr("Search jobs and studies"))
        self.search.setAccessibleName(self.tr("Search jobs and studies"))
        self.table = self._table()
        self.buttons = self._buttons()
        self.details = Details(self)
        self._lay_out()
        self._add_actions()
        self.group.currentIndexChanged.connect(self._narrow)
        self.search.textChanged.connect(self._narrow)
        self.table.selectionModel().currentRowChanged.connect(self._selected)
        self.model.dataChanged.connect(self._selected_changed)
        self.model.rowsInserted.connect(self._first_row)
        self.model.modelReset.connect(self._reset)
        context.lab.opened.connect(self._load)
        context.lab.study_started.connect(self._load)
        if context.lab.is_open:
            self._load()
        self._selected()

    # -- parts ---------------------------------------------------------------------------------------

    def _table(self) -> QTableView:
        table = TableView(self.tr("Jobs"))
        table.setModel(self.model)
        bars = BarDelegate(queue_model.FRACTION, table, ends=True)
        table.setItemDelegateForColumn(queue_model.PROGRESS, bars)
        header = table.horizontalHeader()
        for at, width in ((queue_model.STUDY, 200), (queue_model.STATUS, 115),
                          (queue_model.PROGRESS, 150), (queue_model.WHEN, 130), (queue_model.TOOK, 70)):  # fmt: skip
            header.resizeSection(at, width)
        table.setSortingEnabled(True)
        table.sortByColumn(queue_model.WHEN, Qt.SortOrder.DescendingOrder)
        self.context.state.keep_header("queue", header)
        header.setStretchLastSection(False)  # after what was kept of an earlier version
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(queue_model.JOB, QHeaderView.ResizeMode.Stretch)
        self.context.theme.changed.connect(table.viewport().update)
        return table

    def _buttons(self) -> dict[str, Any]:
        return {
            "pause": button(self.tr("Pause"), self.pause, icon="pause"),
            "cancel": button(self.tr("Cancel"), self.cancel, icon="x"),
            "retry": button(self.tr("Try again"), self.retry, icon="rotate-ccw"),
            "rerun": button(
                self.tr("Run the study again"), self.rerun, icon="play",
                tip=self.tr("What is finished is found and not measured again; the report is written anew."),
            ),
            "folder": button(self.tr("Open folder"), self.open_folder, icon="folder-open"),
        }  # fmt: skip

    def _lay_out(self) -> None:
        self.empty = label(
            self.tr("No job has run yet. A study that you start shows its jobs here, with their logs."),
            "muted",
            wrap=True,
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.unmatched = Unmatched(self.table, self.tr("No job fits the filter."))
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.details)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([360, 300])
        self.context.state.keep_splitter("queue", self.splitter)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.splitter)
        head = row(label(self.tr("Queue"), "title"), None, self.group, self.search)
        self.search.setMinimumWidth(220)
        self.setLayout(column(head, row(*self.buttons.values(), None), self.stack, gap=3, margin=5))

    def _add_actions(self) -> None:
        table = (
            ("pause", self.tr("Pause or resume the selected job"), self.pause, "Ctrl+P", "pause"),
            ("cancel", self.tr("Cancel the selected job"), self.cancel, "Ctrl+Shift+X", "x"),
            ("retry", self.tr("Try the selected job again"), self.retry, "Ctrl+R", "rotate-ccw"),
            ("rerun", self.tr("Run the study of the selected job again"), self.rerun, "Ctrl+Shift+R", "play"),
            ("folder", self.tr("Open the folder of the selected job"), self.open_folder, "", "folder-open"),
            (
                "log",
                self.tr("Copy the log of the selected job"),
                self.details.log.copy,
                "Ctrl+Shift+L",
                "copy",
            ),
        )
        for name, text, run, key, icon in table:
            command = self._command if name in ("rerun", "retry") else None
            self.context.actions.add(Action(f"job.{name}", text, run, key, "job", icon, command))
        self.context.actions.cover(*self.buttons.values(), self.details.again, self.details.log.copy_button)

    # -- data ----------------------------------------------------------------------------------------

    def visit(self, request: Mapping[str, Any]) -> None:
        """``{"key": …}`` selects a job."""
        key = request.get("key")
        if isinstance(key, str):
            self.group.setCurrentIndex(0)
            self.search.clear()
            self.select(key)
            self._wanted = "" if self.model.index_of(key).isValid() else key
            self.table.setFocus()
        self._told()

    def keyboard_start(self) -> QWidget | None:
        return self.table if self.stack.currentWidget() is self.splitter else super().keyboard_start()

    def search_field(self) -> QLineEdit:
        return self.search

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._selected()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is done to a job that cannot be seen: its keys work on this page alone."""
        super().hideEvent(event)
        for name in ACTS:
            self.context.actions.set_enabled(f"job.{name}", False)

    def select(self, key: str) -> None:
        at = self.model.index_of(key)
        if at.isValid():
            self.table.setCurrentIndex(at)
            self.table.scrollTo(at)

    def _load(self) -> None:
        self.context.lab.ask(queue_model.history, self.model.add_history, owner=self)

    def _narrow(self) -> None:
        self.model.narrow(self.group.currentData(), self.search.text())

    def _first_row(self) -> None:
        self.stack.setCurrentIndex(1 if any(True for _ in self.model.all_rows()) else 0)
        if not self.table.currentIndex().isValid() and self.model.rowCount():
            flags = QItemSelectionModel.SelectionFlag.SelectCurrent | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(self.model.index(0, 0), flags)

    def current(self) -> Row | None:
        """The job selected."""
        index = self.table.currentIndex()
        return self.model.row_of(index.siblingAtColumn(0).data(queue_model.KEY)) if index.isValid() else None

    def _selected_changed(self, first: QModelIndex, last: QModelIndex, roles: list[int]) -> None:
        chosen = self.current() if not roles else None  # with roles it is only the progress
        at = self.model.index_of(chosen.key).row() if chosen is not None else -1
        if first.row() <= at <= last.row():
            self._selected()

    def _reset(self) -> None:
        """The rows are others; the job that was chosen stays so where it is still shown."""
        if self.model.index_of(self._wanted).isValid():
            self._chosen, self._wanted = self._wanted, ""
        self.select(self._chosen)
        self._first_row()
        self._selected()

    def _selected(self) -> None:
        chosen = self.current()
        if chosen is not None:
            self._chosen = chosen.key
        active = chosen is not None and chosen.state in GROUPS["active"] and not chosen.left
        going = chosen is not None and chosen.state in (JobState.RUNNING, JobState.PAUSED)
        again = chosen is not None and (chosen.left or chosen.state in GROUPS["failed"])
        paused = chosen is not None and chosen.state is JobState.PAUSED
        enabled = {
            "pause": going, "cancel": active, "retry": again,
            "rerun": chosen is not None and bool(chosen.study_id) and not active, "folder": chosen is not None,
        }  # fmt: skip
        self.context.actions.set_enabled("job.log", chosen is not None and self.isVisible())
        if any(is_at(self.buttons[name]) for name, on in enabled.items() if not on):
            self.table.setFocus()  # else the next button would have the keyboard, and the next blow
        for name, on in enabled.items():
            self.buttons[name].setEnabled(on)
            self.context.actions.set_enabled(f"job.{name}", on and self.isVisible())
        text = self.tr("Resume") if paused else self.tr("Pause")
        self.buttons["pause"].setText(text)
        self.buttons["pause"].setAccessibleName(text)
        icons.set_icon(self.buttons["pause"], "play" if paused else "pause", 16)
        self.details.show_job(chosen)
        QTimer.singleShot(0, self, self._told)  # the notice may come after the row

    def _told(self) -> None:
        """The failure that is explained below need not stand at the top of the window as well."""
        chosen = self.current()
        if chosen is None or chosen.state is not JobState.FAILED or not self.isVisible():
            return
        jobs, studies = self.context.lab.jobs, self.context.lab.studies
        study, _ = studies.get(chosen.key, (chosen.key, ""))
        failed = [
            key
            for key, view in jobs.items()
            if view.state is JobState.FAILED and studies.get(key, (key, ""))[0] == study
        ]
        if failed == [chosen.key]:  # a notice of several jobs says more than the line below
            self.context.withdraw(f"failed-{study}")

    # -- what can be done ----------------------------------------------------------------------------

    def pause(self) -> None:
        chosen = self.current()
        if chosen is not None:
            (self.context.lab.resume if chosen.state is JobState.PAUSED else self.context.lab.pause)(
                chosen.key
            )

    def cancel(self) -> None:
        chosen = self.current()
        if chosen is not None:
            self.context.lab.cancel(chosen.key)

    def retry(self) -> None:
        chosen = self.current()
        if chosen is not None:
            self.context.lab.retry(chosen.key)

    def rerun(self) -> None:
        chosen = self.current()
        if chosen is not None and chosen.study_id:
            self.context.lab.resume_study(chosen.study_id)

    def open_folder(self) -> None:
        """Where the job's files lie, else its log."""
        chosen = self.current()
        if chosen is None:
            return
        folders = self.context.lab.folders
        places = [folders.artifacts / chosen.key, folders.work / chosen.key, folders.logs]

        def place() -> Path:
            return next((folder for folder in places if folder.is_dir()), folders.root)

        def show(found: Path) -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(found)))

        background(place, show, owner=self)

    def _command(self, say: Callable[[str], object]) -> None:
        chosen = self.current()
        if chosen is not None and chosen.study_id:
            command_of(self.context.lab, chosen.study_id, say, self)


class Details(QWidget):
    """The job selected: how it ended, what to do about it, and its log."""

    def __init__(self, queue: QueuePage) -> None:
        super().__init__()
        self._folders = queue.context.lab.folders
        self._key = ""
        self.title = label("", "heading", wrap=True, selectable=True)
        self.message = label("", wrap=True, selectable=True)
        self.hint = label("", "muted", wrap=True, selectable=True)
        self.again = button(self.tr("Try again"), queue.retry, kind="primary")
        self.again.setAccessibleName(self.tr("Try this job again"))
        words_of_it = column(self.message, self.hint, gap=1)
        line = row(words_of_it, self.again, gap=4)
        line.setStretch(0, 1)
        self.said = card(line, margin=3)
        self.log = LogView()
        whole = column(self.title, self.said, self.log, gap=2, margin=0)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def show_job(self, chosen: Row | None) -> None:
        for part in (self.title, self.said, self.log):
            part.setVisible(chosen is not None)
        if chosen is None:
            return
        self.title.setText(chosen.title)
        self.message.setText(chosen.message)
        set_role(self.message, "role", "bad" if chosen.state is JobState.FAILED else "")
        self.hint.setText(chosen.hint)
        self.hint.setVisible(bool(chosen.hint))
        self.said.setVisible(bool(chosen.message) or chosen.left)
        if chosen.left:
            self.message.setText(
                self.tr("The program ended before this job had. It goes on after what it has measured.")
            )
        self.again.setVisible(chosen.left or chosen.state in GROUPS["failed"])
        if chosen.key != self._key or chosen.state is not JobState.QUEUED:
            self._key = chosen.key
            self.log.show_log(self._folders.logs / f"{chosen.key}.log")


@page("queue", QT_TRANSLATE_NOOP("pages", "Queue"), icon="list-checks", order=40)
def queue(context: Context) -> Page:
    return QueuePage(context)

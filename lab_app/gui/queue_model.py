"""Jobs as a table: those of this session as they go, and those the store remembers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QPixmap

from lab_app.gui import icons, words
from lab_app.gui.bridge import JobView, Lab
from lab_app.gui.theme import keeper
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.store.store import JobRow

_Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
KEY, STATE, SORT, FRACTION = Role.UserRole, Role.UserRole + 1, Role.UserRole + 2, Role.UserRole + 3
JOB, STUDY, STATUS, PROGRESS, WHEN, TOOK = range(6)
HISTORY = 20_000
"""Jobs of earlier sessions that are shown at most, newest first."""

GROUPS: dict[str, frozenset[JobState]] = {
    "all": frozenset(JobState),
    "active": frozenset({JobState.QUEUED, JobState.RUNNING, JobState.PAUSED}),
    "done": frozenset({JobState.DONE}),
    "failed": frozenset({JobState.FAILED, JobState.BLOCKED, JobState.CANCELLED}),
}


@dataclass
class Row:
    """A job in the table. ``left``: queued by an earlier session, and not in this one's queue."""

    key: str
    kind: str
    title: str
    state: JobState
    started: float | None = None
    took: float | None = None
    message: str = ""
    hint: str = ""
    study_id: str = ""
    study: str = ""
    study_source: str = ""
    left: bool = False
    view: JobView | None = None
    place: int = 0


@dataclass(frozen=True)
class History:
    """What the store knew when it was asked: jobs, newest first, and job key → (study id, name, file)."""

    jobs: list[JobRow]
    studies: dict[str, tuple[str, str, str]]


def history(store: Store) -> History:
    """Read in the background."""
    studies: dict[str, tuple[str, str, str]] = {}
    for record in store.studies():
        for key in record.job_keys:
            studies.setdefault(key, (record.study_id, record.name, record.source))
    return History(store.jobs(limit=HISTORY), studies)


class QueueModel(QAbstractTableModel):
    """One row a job key. Rows are appended and changed in place; the proxy sorts."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._rows: list[Row] = []
        self._index: dict[str, int] = {}
        self._studies: dict[str, tuple[str, str, str]] = {}
        self._places = 0
        for view in lab.jobs.values():
            self._take(view)
        lab.changed.connect(self._changed)
        lab.progressed.connect(self._progressed)

    def headers(self) -> list[str]:
        return [
            self.tr("Job"),
            self.tr("Study"),
            self.tr("State"),
            self.tr("Progress"),
            self.tr("Started"),
            self.tr("Took"),
        ]

    # -- what Qt asks --------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 6

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self.headers()[section]
        return None

    def data(self, index: _Index, role: int = Role.DisplayRole) -> Any:
        row = self._rows[index.row()]
        column = index.column()
        if role == Role.DisplayRole:
            return self._text(row, column)
        if role == SORT:
            return self._sorted_by(row, column)
        if role == KEY:
            return row.key
        if role == STATE:
            return row.state
        if role == FRACTION:
            return self._fraction(row)
        if role == Role.DecorationRole and column == STATUS:
            return _mark(row.state)
        if role == Role.ToolTipRole:
            return f"{row.message} {row.hint}".strip() or self._text(row, column)
        if role == Role.AccessibleTextRole:
            return f"{self.headers()[column]}: {self._text(row, column)}"
        return None

    def _fraction(self, row: Row) -> float | None:
        return row.view.fraction if row.view is not None and row.state in GROUPS["active"] else None

    def _text(self, row: Row, column: int) -> str:
        if column == JOB:
            return row.title
        if column == STUDY:
            return row.study
        if column == STATUS:
            return self.tr("left waiting") if row.left else words.state(row.state)
        if column == PROGRESS:
            return self._progress_text(row)
        if column == WHEN:
            return words.moment(row.started)
        return words.clock(row.took) if row.took is not None else ""

    def _progress_text(self, row: Row) -> str:
        if row.view is None or row.state not in (JobState.RUNNING, JobState.PAUSED):
            return ""
        part, left = row.view.fraction, row.view.seconds_left()
        if part is None:
            return row.view.progress.message if row.view.progress is not None else ""
        if left is None or row.state is JobState.PAUSED:
            return self.tr("{0} %").format(round(100 * part))
        return self.tr("{0} %, {1} left").format(round(100 * part), words.clock(left))

    def _sorted_by(self, row: Row, column: int) -> Any:
        if column == STATUS:
            return list(JobState).index(row.state)
        if column == PROGRESS:
            return self._fraction(row) or 0.0
        if column == WHEN:
            # What runs, then what waits in its order, then what has ended, newest first.
            if row.state is JobState.QUEUED:
                return (1e12 if row.left else 2e12) - row.place
            return (row.started or 0.0) + (3e12 if row.state in GROUPS["active"] else 0.0)
        if column == TOOK:
            return row.took if row.took is not None else -1.0
        return self._text(row, column).casefold()

    # -- rows ----------------------------------------------------------------------------------------

    def row_of(self, key: str) -> Row | None:
        at = self._index.get(key)
        return None if at is None else self._rows[at]

    def index_of(self, key: str) -> QModelIndex:
        at = self._index.get(key)
        return QModelIndex() if at is None else self.index(at, 0)

    def add_history(self, known: History) -> None:
        """Show what the store knows beside the jobs of this session."""
        self._studies = known.studies
        self.beginResetModel()
        for stored in known.jobs:
            if stored.key in self._index:
                continue
            self._append(_from_store(stored))
        for row in self._rows:
            self._name_study(row)
        self.endResetModel()

    def _append(self, row: Row) -> None:
        self._places += 1
        row.place = self._places
        self._name_study(row)
        self._index[row.key] = len(self._rows)
        self._rows.append(row)

    def _name_study(self, row: Row) -> None:
        if row.key in self._studies:
            row.study_id, row.study, row.study_source = self._studies[row.key]

    def _take(self, view: JobView) -> None:
        """Bring the row of a job of this session up to date, or make it."""
        row = self.row_of(view.job.key)
        if row is None:
            row = Row(view.job.key, view.job.kind, view.title, view.state)
            self._append(row)
        row.view, row.left = view, False
        row.title, row.state = view.title, view.state
        row.message, row.hint = view.message, view.hint or ""
        if view.message == "found":
            row.message = ""
            return
        if view.state is JobState.RUNNING and view.since is not None:
            row.started, row.took = time.time() - (time.monotonic() - view.since), None
        row.took = view.ran if view.ran is not None else row.took

    def _changed(self, key: str) -> None:
        view = self._lab.jobs[key]
        at = self._index.get(key)
        if at is None:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows))
            self._take(view)
            self.endInsertRows()
        else:
            self._take(view)
            self.dataChanged.emit(self.index(at, 0), self.index(at, 5))

    def _progressed(self, key: str) -> None:
        at = self._index.get(key)
        if at is not None:
            self.dataChanged.emit(
                self.index(at, PROGRESS), self.index(at, PROGRESS), [Role.DisplayRole, FRACTION]
            )


_MARKS: dict[JobState, tuple[str, str]] = {
    JobState.QUEUED: ("clock", "muted"),
    JobState.RUNNING: ("play", "accent"),
    JobState.PAUSED: ("pause", "warn"),
    JobState.DONE: ("circle-check", "good"),
    JobState.FAILED: ("circle-x", "bad"),
    JobState.BLOCKED: ("circle-slash", "muted"),
    JobState.CANCELLED: ("circle-slash", "muted"),
}


def _mark(state: JobState) -> QPixmap:
    """The icon of a state in the colours of the theme."""
    name, role = _MARKS[state]
    return icons.pixmap(name, getattr(keeper().theme, role), 16)


def _from_store(stored: JobRow) -> Row:
    failure = stored.failure or {}
    took = stored.finished - stored.started if stored.finished and stored.started else None
    return Row(
        stored.key, stored.kind, stored.title or stored.kind, JobState(stored.state), stored.started, took,
        str(failure.get("message", "")), str(failure.get("hint") or ""), left=stored.state == "queued",
    )  # fmt: skip


class QueueFilter(QSortFilterProxyModel):
    """Sorts, and shows the jobs of one group whose title or study has the letters typed."""

    def __init__(self, model: QueueModel) -> None:
        super().__init__()
        self._group = GROUPS["all"]
        self._typed = ""
        self.setSourceModel(model)
        self.setSortRole(SORT)
        self.setDynamicSortFilter(True)

    def narrow(self, group: str, typed: str) -> None:
        """``group``: a name of :data:`GROUPS`."""
        self._group, self._typed = GROUPS[group], typed.casefold()
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: _Index) -> bool:
        model = self.sourceModel()
        if model.data(model.index(row, 0, parent), STATE) not in self._group:
            return False
        texts = (str(model.data(model.index(row, column, parent))) for column in (JOB, STUDY))
        return not self._typed or any(self._typed in text.casefold() for text in texts)

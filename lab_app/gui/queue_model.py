"""Jobs as a table: those of this session as they go, and those the store remembers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap

from lab_app.gui import icons, words
from lab_app.gui.bridge import Lab
from lab_app.gui.job_view import JobView
from lab_app.gui.theme import keeper
from lab_app.gui.widgets.sorted_table import SortedTable
from lab_app.gui.widgets.table_model import NOWHERE, Index
from lab_app.jobs import titles
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.store.store import JobRow
from lab_app.system import said

Role = Qt.ItemDataRole
KEY, STATE, FRACTION = Role.UserRole, Role.UserRole + 1, Role.UserRole + 2
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


class QueueModel(SortedTable[Row]):
    """One row a job key; shows the jobs of one group whose title or study has the letters typed."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._studies: dict[str, tuple[str, str, str]] = {}
        self._group = GROUPS["all"]
        self._typed = ""
        for view in lab.jobs.values():
            self._take(view)
        lab.changed.connect(self._changed)
        lab.progressed.connect(self._progressed)

    def narrow(self, group: str, typed: str) -> None:
        """``group``: a name of :data:`GROUPS`."""
        self._group, self._typed = GROUPS[group], typed.casefold()
        self.arrange()

    def key(self, row: Row) -> str:
        return row.key

    def fits(self, row: Row) -> bool:
        if row.state not in self._group:
            return False
        typed = self._typed
        return not typed or typed in row.title.casefold() or typed in row.study.casefold()

    # -- what Qt asks --------------------------------------------------------------------------------

    marked = (STATUS,)

    def fitting(self, rows: Iterable[Row]) -> list[Row]:
        found = list(rows)
        if self._group is not GROUPS["all"]:
            found = [row for row in found if row.state in self._group]
        typed = self._typed
        if typed:
            found = [row for row in found if typed in row.title.casefold() or typed in row.study.casefold()]
        return found

    def heads(self) -> list[str]:
        return [
            self.tr("Job"),
            self.tr("Study"),
            self.tr("State"),
            self.tr("Progress"),
            self.tr("Started"),
            self.tr("Took"),
        ]

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else 6  # asked for every cell

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if role == KEY:
            return self.row_at(index.row()).key
        if role == STATE:
            return self.row_at(index.row()).state
        if role == FRACTION:
            return _fraction(self.row_at(index.row()))
        return super().data(index, role)

    def mark(self, row: int, column: int) -> QPixmap | None:
        return _mark(self.row_at(row).state) if column == STATUS else None

    def tip(self, row: int, column: int) -> str:
        job = self.row_at(row)
        return f"{job.message} {job.hint}".strip() or self.text(row, column)

    def spoken(self, row: int, column: int) -> str:
        return f"{self.heads()[column]}: {self.text(row, column)}"

    def text(self, row: int, column: int) -> str:
        return self._text(self.row_at(row), column)

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
            return said.local(row.view.progress.message) if row.view.progress is not None else ""
        if left is None or row.state is JobState.PAUSED:
            return self.tr("{0} %").format(round(100 * part))
        return self.tr("{0} %, {1} left").format(round(100 * part), words.clock(left))

    def sort_value(self, row: Row, column: int) -> Any:
        return _SORT_KEYS[column](row)

    def sort_key(self, column: int) -> Callable[[Row], Any]:
        return _SORT_KEYS[column]

    # -- rows ----------------------------------------------------------------------------------------

    def add_history(self, known: History) -> None:
        """Show what the store knows beside the jobs of this session."""
        self._studies = known.studies
        for row in self.all_rows():
            self._name_study(row)
        fresh = [_from_store(stored) for stored in known.jobs if self.row_of(stored.key) is None]
        for row in fresh:
            self._name_study(row)
            row.place = len(self._all) + 1
        self.put_all(fresh)

    def _name_study(self, row: Row) -> None:
        if row.key in self._studies:
            row.study_id, row.study, _ = self._studies[row.key]

    def _take(self, view: JobView) -> None:
        """Bring the row of a job of this session up to date, or make it."""
        row = self.row_of(view.job.key)
        if row is None:
            row = Row(view.job.key, view.job.kind, view.title, view.state, place=len(self._all) + 1)
            self._name_study(row)
        row.view, row.left = view, False
        row.title, row.state = view.title, view.state
        row.message, row.hint = said.local(view.message), said.local(view.hint or "")
        if view.message == "found":
            row.message = ""
        elif view.state is JobState.RUNNING and view.since is not None:
            row.started, row.took = time.time() - (time.monotonic() - view.since), None
        elif view.ran is not None:
            row.took = view.ran
        self.put(row)

    def _changed(self, key: str) -> None:
        self._take(self._lab.jobs[key])

    def _progressed(self, key: str) -> None:
        at = self.index_of(key)
        if at.isValid():
            cell = at.siblingAtColumn(PROGRESS)
            self.dataChanged.emit(cell, cell, [Role.DisplayRole, FRACTION])


def _fraction(row: Row) -> float | None:
    return row.view.fraction if row.view is not None and row.state in GROUPS["active"] else None


def _when(row: Row) -> float:
    """What runs, then what waits in its order, then what has ended, newest first."""
    if row.state is JobState.DONE:
        return row.started or 0.0  # nearly all of them
    if row.state is JobState.QUEUED:
        return (1e12 if row.left else 2e12) - row.place
    return (row.started or 0.0) + (3e12 if row.state in GROUPS["active"] else 0.0)


_SORT_KEYS: tuple[Callable[[Row], Any], ...] = (
    lambda row: row.title.casefold(),
    lambda row: row.study.casefold(),
    lambda row: _ORDER[row.state],
    lambda row: _fraction(row) or 0.0,
    _when,
    lambda row: row.took if row.took is not None else -1.0,
)
"""Of the columns of :class:`QueueModel`."""
_ORDER: dict[JobState, int] = {state: at for at, state in enumerate(JobState)}
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
    message, hint = (said.local(str(failure.get(name) or "")) for name in ("message", "hint"))
    return Row(
        stored.key, stored.kind, titles.shown(stored.title or stored.kind), JobState(stored.state), stored.started,
        took, message, hint, left=stored.state == "queued",
    )  # fmt: skip

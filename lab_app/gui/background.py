"""Work beside the window: files, hashes, statistics and the network are never touched in the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal
from shiboken6 import isValid

from lab_app.system.errors import LabError

_running: set[Task] = set()
_report: Callable[[LabError, str], None] | None = None
_withdraw: Callable[[str], None] | None = None
_window: QObject | None = None
_pools: dict[str, QThreadPool] = {}
_THREADS = {"short": 4, "reading": 1}
"""Threads of each pool. Reading whole model files takes minutes: it has one of its own, and nothing waits behind it."""


class Task(QObject):
    """One call in a thread of the pool; its signals arrive in the GUI thread."""

    done = Signal(object)
    failed = Signal(object)
    """A LabError."""
    progressed = Signal(object)
    """What the call told by :meth:`tell`."""
    _ended = Signal(object, object)
    _told = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        self.cancelled = False

    def cancel(self) -> None:
        """Nobody waits for the answer any more; a call that does not look at :attr:`cancelled` runs to its end."""
        self.cancelled = True

    def tell(self, value: object) -> None:
        """From the call: how far it is."""
        self._told.emit(value)

    def _pass_on(self, value: object) -> None:
        if not self.cancelled:
            self.progressed.emit(value)

    def _deliver(self, value: object, error: LabError | None) -> None:
        _running.discard(self)
        if self.cancelled:
            return
        if error is None:
            self.done.emit(value)
        else:
            self.failed.emit(error)


class Newest:
    """Of questions that take each other's place, the newest: calls of a pool end in any order, and the answer to an
    older one is not heard any more."""

    def __init__(self) -> None:
        self._task: Task | None = None

    def ask(self, task: Task) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = task


class _Call(QRunnable):
    def __init__(self, task: Task, function: Callable[[], Any]) -> None:
        super().__init__()
        self._task = task
        self._function = function

    def run(self) -> None:
        value, error = None, None
        try:
            value = None if self._task.cancelled else self._function()
        except Exception as found:
            error = as_error(found)
        if isValid(self._task):
            self._task._ended.emit(value, error)


def as_error(found: Exception) -> LabError:
    """What a user is told. A fault of ours becomes a sentence, and its traceback goes to standard error for a bug
    report."""
    import sqlite3
    import traceback

    if isinstance(found, LabError):
        return found
    if isinstance(found, sqlite3.ProgrammingError) and "closed database" in str(found):
        return LabError("The data folder is not open.", "Try again once it is.")  # the program ends meanwhile
    traceback.print_exception(found)
    return LabError(
        f"Internal error: {type(found).__name__}: {found}.", "The terminal shows details for a bug report."
    )


def name_of(function: Callable[..., Any]) -> str:
    """What a call is told from others by: where in the program its function is written."""
    return f"{function.__module__}.{getattr(function, '__qualname__', type(function).__qualname__)}"


def report_failures(
    report: Callable[[LabError, str], None], withdraw: Callable[[str], None], window: QObject
) -> None:
    """Who hears of failures that a caller of :func:`background` does not take itself, and, by the name of the call,
    when it succeeds: what it failed at before is not true any more. Nobody does once ``window`` is gone: a call may
    outlast it."""
    global _report, _withdraw, _window
    _report, _withdraw, _window = report, withdraw, window


def _tell(error: LabError, called: str) -> None:
    """To the window there is now: the language may have changed since the call."""
    if _report is not None and isValid(_window):
        _report(error, called)


def _take_back(called: str) -> None:
    if _withdraw is not None and isValid(_window):
        _withdraw(called)


def background(
    function: Callable[[], Any],
    done: Callable[[Any], None] | None = None,
    failed: Callable[[LabError], None] | None = None,
    owner: QObject | None = None,
    name: str = "",
    *,
    task: Task | None = None,
    pool: str = "short",
) -> Task:
    """Call ``function`` in another thread; ``done(value)`` or ``failed(LabError)`` follow in the GUI thread.

    owner: a widget the answer is for; nothing is called once it is gone. Without ``failed`` the error is
    shown at the top of the window, until a call of the same ``name`` (default: the function's) succeeds.
    task: made by a caller whose function tells how far it is or looks whether it is cancelled.
    pool: ``short``, or ``reading`` for what reads whole model files.
    """
    if pool not in _pools:
        _pools[pool] = QThreadPool()
        _pools[pool].setMaxThreadCount(_THREADS[pool])
    task = task or Task()
    _running.add(task)

    def alive() -> bool:
        return owner is None or isValid(owner)

    if done is not None:
        task.done.connect(lambda value: done(value) if alive() else None)
    if failed is not None:
        task.failed.connect(lambda error: failed(error) if alive() else None)
    else:
        called = name or name_of(function)
        task.failed.connect(lambda error: _tell(error, called) if alive() else None)
        task.done.connect(lambda _: _take_back(called))
    _pools[pool].start(_Call(task, function))
    return task


def wait_for_all(milliseconds: int = 5000) -> bool:
    """Before the program ends: let calls that have begun end. True when all have."""
    return all(pool.waitForDone(milliseconds) for pool in _pools.values())


def cancel_all() -> None:
    """Before the program ends: nobody waits for anything any more."""
    for task in list(_running):
        task.cancel()

"""A line that shows how far a model file is read for its checksum, with a button to stop; hidden otherwise."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from lab_app.gui.background import Task, background
from lab_app.gui.bridge import Lab
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import button, label, row
from lab_app.store import Store
from lab_app.system.errors import LabError, UsageError

_OFTEN = 0.1
"""Seconds between two reports of how far it is."""


class Reading(QWidget):
    """Finds the checksums of files for one asker. Those known are answered at once; others are read one after another
    in a thread of their own. A new question takes the place of the one before."""

    stopped = Signal()
    """The user stopped it; no answer follows."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._task: Task | None = None
        self.text = label("", "muted")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(self.tr("Progress of reading the file"))
        self.bar.setMaximumWidth(space(60))
        self.bar.setRange(0, 1000)
        self.stop = button(self.tr("Stop reading"), self._stop, icon="x")
        self.setLayout(row(self.text, self.bar, self.stop, None))
        self.hide()

    @property
    def busy(self) -> bool:
        return self._task is not None

    def ask(
        self,
        paths: Iterable[str | Path],
        make: Callable[[Mapping[str, str]], Any],
        done: Callable[[Any], None],
        failed: Callable[[LabError], None],
    ) -> None:
        """``done(make(checksums))`` follows, where ``make`` works in the background and gets path → sha256; or
        ``failed``, e.g. where a file cannot be read."""
        self.cancel()
        wanted = list(dict.fromkeys(map(str, paths)))

        def known(store: Store) -> Any:
            found = {path: _try(path, store.known_sha256) for path in wanted}
            return make({p: str(sha) for p, sha in found.items()}) if all(found.values()) else None

        def answer(made: Any) -> None:
            if made is None:
                self._read(wanted, make, done, failed)
            else:
                self._over()
                done(made)

        self._task = self._lab.ask(known, answer, self._failing(failed), self)

    def cancel(self) -> None:
        """Forget the question; a file that is being read is left."""
        if self._task is not None:
            self._task.cancel()
        self._over()

    def _read(
        self,
        paths: list[str],
        make: Callable[[Mapping[str, str]], Any],
        done: Callable[[Any], None],
        failed: Callable[[LabError], None],
    ) -> None:
        task = self._task = Task()
        task.progressed.connect(self._show)

        def work() -> Any:
            store = self._lab.opened_store()
            return make({path: _try(path, lambda p: _checksum(store, p, task)) for path in paths})

        def answer(made: Any) -> None:
            self._over()
            done(made)

        background(work, answer, self._failing(failed), self, task=task, pool="reading")
        # Where it must wait for another file to be read, it says so, too; a small file is read before that.
        QTimer.singleShot(
            300, self, lambda: self._show((Path(paths[0]).name, 0.0)) if self._waits(task) else None
        )

    def _waits(self, task: Task) -> bool:
        return self._task is task and self.isHidden()

    def _failing(self, failed: Callable[[LabError], None]) -> Callable[[LabError], None]:
        def fail(error: LabError) -> None:
            self._over()
            failed(error)

        return fail

    def _show(self, told: tuple[str, float]) -> None:
        name, part = told
        self.text.setText(self.tr("Reading {0} for its checksum: {1} %").format(name, round(100 * part)))
        self.bar.setValue(round(1000 * part))
        self.show()

    def _over(self) -> None:
        self._task = None
        self.hide()

    def _stop(self) -> None:
        self.cancel()
        self.stopped.emit()


def _try(path: str, call: Callable[[str], Any]) -> Any:
    try:
        return call(path)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror or error}.", "Choose another file."
        ) from error


def _checksum(store: Store, path: str, task: Task) -> str:
    whole = max(1, Path(path).stat().st_size)
    told = time.monotonic()
    name = Path(path).name

    def progress(count: int) -> None:
        nonlocal told
        if task.cancelled:
            raise UsageError("Reading was stopped.")
        if time.monotonic() - told >= _OFTEN:
            told = time.monotonic()
            task.tell((name, min(1.0, count / whole)))

    return store.file_sha256(path, progress)

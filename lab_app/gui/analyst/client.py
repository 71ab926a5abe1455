"""The window's side of the analyst: asks, and hears answers as a signal in the GUI thread."""

from __future__ import annotations

import json
import pickle
import queue
import subprocess
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from lab_app.gui.analyst.answer import HEAD, Answer
from lab_app.system import translation
from lab_app.system.environment import python_command, worker_environment
from lab_app.system.errors import LabError

PAUSE = 1.0
"""Seconds between an answer and the next question; or thrice what the answer took, where that is more."""

LOOK = 40
"""Milliseconds between two looks for an answer that is waited for. The conversation's thread touches nothing of Qt,
so that nothing of Qt can be used or destroyed in it."""


class Analyst(QObject):
    """One question at a time; what is asked meanwhile is asked once, afterwards.

    The process starts with the first question, is started again should it die, and ends with :meth:`close`.
    """

    answered = Signal(object)
    """An :class:`Answer`."""
    failed = Signal(object)
    """A LabError."""

    def __init__(self, db: Path, parent: QObject) -> None:
        """``parent``: with it this object ends, in the GUI thread, whoever else still holds it."""
        super().__init__(parent)
        self._mutex = threading.Lock()
        self._closed = False
        self._answers: deque[tuple[str, Any]] = deque()
        """Said and not yet heard."""
        self._db = db
        self._questions: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._busy = False
        self._next: str | None = None
        self._free = 0.0
        self._look = QTimer(self, interval=LOOK)
        self._look.timeout.connect(self._hear)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._put)

    @property
    def pid(self) -> int | None:
        """Of the process, while it lives."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def ask(self, study_id: str, *, now: bool = False) -> None:
        """``answered`` or ``failed`` follows. now: without the pause after the last answer."""
        self._next = study_id
        if now:
            self._free = 0.0
        self._put()

    def _put(self) -> None:
        if self._busy or self._next is None:
            return
        wait = self._free - time.monotonic()
        if wait > 0:
            self._timer.start(round(wait * 1000) + 1)
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._converse, name="analyst", daemon=True)
            self._thread.start()
        self._busy = True
        self._look.start()
        study, self._next = self._next, None
        self._questions.put(study)

    def _hear(self) -> None:
        if not self._answers:
            return
        self._look.stop()
        self._busy = False
        kind, value = self._answers.popleft()
        took = value.seconds if isinstance(value, Answer) else PAUSE
        self._free = time.monotonic() + max(PAUSE, 3.0 * took)
        (self.answered if kind == "answer" else self.failed).emit(value)
        self._put()

    def close(self) -> None:
        """End the process; nothing is heard any more."""
        with self._mutex:  # from here on the other thread says nothing
            self._closed = True
        self._next, self._busy = None, True
        self._questions.put(None)
        if self._process is not None:
            self._process.kill()

    # -- in the thread of the conversation -----------------------------------------------------------

    def _converse(self) -> None:
        # The process is started here, not in the GUI thread, and on Linux dies with this thread.
        while (study := self._questions.get()) is not None:
            try:
                said = self._exchange(study)
            except (OSError, EOFError, pickle.UnpicklingError) as error:
                self._end()
                said = ("error", LabError("The statistics of this study stopped.", f"Try again. ({error})"))
            with self._mutex:
                if self._closed:
                    break
                self._answers.append(said)
        self._end()

    def _exchange(self, study: str) -> tuple[str, Any]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                python_command("from lab_app.gui.analyst.process import main; main()"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=self._db.parent,
                env=worker_environment(),
                start_new_session=True,  # Ctrl-C in the terminal is the window's
            )
        asked, heard = self._process.stdin, self._process.stdout
        assert asked is not None and heard is not None
        question = {"study": study, "db": str(self._db), "language": translation.language()}
        asked.write(json.dumps(question).encode() + b"\n")
        asked.flush()
        head = heard.read(HEAD.size)
        if len(head) < HEAD.size:
            raise EOFError("its process ended")
        body = heard.read(HEAD.unpack(head)[0])
        said: tuple[str, Any] = pickle.loads(body)
        return said

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    try:
                        stream.close()
                    except OSError:
                        pass  # what was still to be written to it is lost with it

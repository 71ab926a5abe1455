"""One window per data folder: a second start brings the first window to the front and ends."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_SHOW, _HERE, _ENDING = b"show\n", b"here\n", b"ending\n"
_WAIT = 500
"""Milliseconds until there is a connection, or no other program."""
_ANSWER = 3000
"""Milliseconds; the other program answers from its event loop, which may be busy."""
_END = 60_000
"""Milliseconds that a program may take to end: its jobs are asked to stop first."""


def _name(folder: Path) -> str:
    return f"odyssey-lab-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]}"


def call_the_other(folder: Path) -> bool:
    """Ask a window that works in ``folder`` to come to the front; False when there is none. One that is just ending
    cannot: then this waits for its end."""
    line = QLocalSocket()
    line.connectToServer(_name(folder))
    if not line.waitForConnected(_WAIT):
        return False
    line.write(_SHOW)
    line.flush()
    if not line.waitForReadyRead(_ANSWER):
        return line.state() is QLocalSocket.LocalSocketState.ConnectedState
    if line.readAll().data() != _ENDING:
        return True
    line.waitForDisconnected(_END)
    return False


class Doorbell(QObject):
    """Hears of later starts. Opened by the program that holds the data folder's lock, so what an earlier one may
    have left can be removed."""

    rung = Signal()

    def __init__(self, folder: Path, parent: QObject, ending: Callable[[], bool]) -> None:
        """ending(): whether this program has no window to show any more."""
        super().__init__(parent)
        self._ending = ending
        self._folder = folder
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)

    def open(self) -> None:
        name = _name(self._folder)
        QLocalServer.removeServer(name)
        self._server.listen(name)

    def close(self) -> None:
        self._server.close()

    def _answer(self) -> None:
        while (line := self._server.nextPendingConnection()) is not None:
            line.disconnected.connect(line.deleteLater)
            ending = self._ending()
            line.write(_ENDING if ending else _HERE)
            line.flush()
            if not ending:
                self.rung.emit()

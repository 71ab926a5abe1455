"""One window per data folder: a second start brings the first window to the front and ends."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_SHOW = b"show\n"
_WAIT = 500
"""Milliseconds; the other program answers from its event loop, or it is not there."""


def _name(folder: Path) -> str:
    return f"odyssey-lab-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]}"


def call_the_other(folder: Path) -> bool:
    """Ask a window that works in ``folder`` to come to the front; False when there is none."""
    line = QLocalSocket()
    line.connectToServer(_name(folder))
    if not line.waitForConnected(_WAIT):
        return False
    line.write(_SHOW)
    line.flush()
    return line.waitForBytesWritten(_WAIT) or line.bytesToWrite() == 0


class Doorbell(QObject):
    """Hears of later starts. Opened by the program that holds the data folder's lock, so what an earlier one may
    have left can be removed."""

    rung = Signal()

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
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
            self.rung.emit()

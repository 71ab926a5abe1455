"""Numbers, times and states as the window writes them."""

from __future__ import annotations

import shlex
import time
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from lab_app.jobs.states import JobState

_STATES = {
    JobState.QUEUED: QT_TRANSLATE_NOOP("words", "waiting"),
    JobState.RUNNING: QT_TRANSLATE_NOOP("words", "running"),
    JobState.PAUSED: QT_TRANSLATE_NOOP("words", "paused"),
    JobState.DONE: QT_TRANSLATE_NOOP("words", "done"),
    JobState.FAILED: QT_TRANSLATE_NOOP("words", "failed"),
    JobState.BLOCKED: QT_TRANSLATE_NOOP("words", "not started"),
    JobState.CANCELLED: QT_TRANSLATE_NOOP("words", "cancelled"),
}


def state(value: JobState) -> str:
    return QCoreApplication.translate("words", str(_STATES[value]))


def clock(seconds: float) -> str:
    """``1:05`` or ``2:00:05``."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def duration(seconds: float) -> str:
    """An estimate, no more exact than it is: ``40 s``, ``32 min``, ``2 h 10 min``."""
    if seconds < 90:
        about = round(seconds / 5) * 5 if seconds > 10 else max(1, round(seconds))
        return QCoreApplication.translate("words", "{0} s").format(about)
    minutes = round(seconds / 60)
    if minutes < 90:
        return QCoreApplication.translate("words", "{0} min").format(minutes)
    return QCoreApplication.translate("words", "{0} h {1} min").format(minutes // 60, round(minutes % 60, -1))


def moment(timestamp: float | None) -> str:
    """Date and time in the user's format; empty for None."""
    if timestamp is None:
        return ""
    from PySide6.QtCore import QDateTime

    when = QDateTime.fromSecsSinceEpoch(round(timestamp))
    if time.time() - timestamp < 86400 and when.date() == QDateTime.currentDateTime().date():
        return QLocale().toString(when.time(), QLocale.FormatType.ShortFormat)
    return QLocale().toString(when, QLocale.FormatType.ShortFormat)


def chance(share: float) -> str:
    """A probability: ``12.3 %``."""
    return f"{100 * share:.1f} %" if share >= 0.0005 or not share else "<0.1 %"


def size(count: float) -> str:
    """Bytes for people, in powers of ten: ``98.4 MB``."""
    return QLocale().formattedDataSize(round(count), 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def batch_command(study: Path, root: Path) -> str:
    """The shell command that runs a study file without a window, in the data folder ``root``."""
    return command("--batch", study, "--data-dir", root)


def command(*words: str | Path) -> str:
    """A command line that a shell takes as it is."""
    return shlex.join(["odyssey-lab", *map(str, words)])

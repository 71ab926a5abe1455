"""What failed in a study, why, and how to go on: a line a job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from lab_app.gui import icons
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import button, label, row
from lab_app.system import said

if TYPE_CHECKING:
    from lab_app.gui.analyst.answer import FailureAnswer

MOST = 6


class Failures(QFrame):
    """Hidden while nothing failed; a failure goes when its job runs again."""

    def __init__(self, retry: Callable[[str], object], show_log: Callable[[str], object]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName(self.tr("What did not succeed"))
        self._retry, self._show_log = retry, show_log
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(space(4), space(3), space(4), space(3))
        self._shown: list[FailureAnswer] = []
        self.setVisible(False)

    def show_failures(self, found: Sequence[FailureAnswer]) -> None:
        if list(found) == self._shown:
            return
        self._shown = list(found)
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for failure in found[:MOST]:
            self._column.addWidget(self._line(failure))
        if len(found) > MOST:
            self._column.addWidget(label(self.tr("%n more", "", len(found) - MOST), "muted"))
        self.setVisible(bool(found))

    def _line(self, failure: FailureAnswer) -> QFrame:
        line = QFrame()
        mark = QLabel()
        icons.set_icon(mark, "circle-x" if failure.state == "failed" else "info", 20)
        title = self.tr("{0}: {1}").format(failure.title, said.local(failure.message))
        text = label(
            f"{title}\n{said.local(failure.hint)}" if failure.hint else title, wrap=True, selectable=True
        )
        again = button(self.tr("Try again"), lambda: self._retry(failure.job_key), icon="rotate-ccw")
        again.setAccessibleName(self.tr("Try again: {0}").format(failure.title))
        log = button(self.tr("Log"), lambda: self._show_log(failure.job_key))
        log.setAccessibleName(self.tr("Log of {0}").format(failure.title))
        parts = row(mark, text, again, log, gap=3)
        parts.setStretch(1, 1)
        line.setLayout(parts)
        line.setAccessibleName(title)
        return line

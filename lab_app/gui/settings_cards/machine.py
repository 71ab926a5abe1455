"""What this machine is and whether it can do the work: the checks of ``odyssey-lab doctor``."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from lab_app.commands.doctor import Check, run_checks
from lab_app.gui import icons
from lab_app.gui.background import background
from lab_app.gui.context import Context
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import button, card, label, row
from lab_app.system import said

_ICONS = {"ok": "circle-check", "warn": "triangle-alert", "fail": "circle-x"}


class MachineCard(QWidget):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.checks: list[Check] = []
        self._looking = False
        self.again = button(self.tr("Check again"), self.refresh, icon="rotate-ccw")
        self.copy = button(self.tr("Copy report"), self._copy, icon="copy")
        self.note = label("", "muted", wrap=True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(space(2))
        self._grid.setVerticalSpacing(space(2))
        self._grid.setColumnStretch(1, 1)
        frame = card(
            label(self.tr("This machine"), "heading"), self.note, self._grid, row(self.again, self.copy, None)
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)
        self.again.setEnabled(False)
        self.copy.setEnabled(False)

    def refresh(self) -> None:
        """Takes some seconds: a worker is started and loads the engine, as a job would."""
        if self._looking:
            return
        self._looking = True
        self.again.setEnabled(False)
        self.copy.setEnabled(False)
        self.note.setText(self.tr("Looking at engine, devices, memory and disk…"))
        self.note.show()
        root = str(self._context.lab.folders.root)
        background(lambda: list(run_checks(root)), self._show, owner=self)

    def _show(self, checks: list[Check]) -> None:
        self.checks = checks
        self._looking = False
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        names = {"ok": self.tr("all right"), "warn": self.tr("a warning"), "fail": self.tr("not all right")}
        for at, check in enumerate(checks):
            mark = QLabel()
            icons.set_icon(mark, _ICONS[check.status], 20)
            mark.setAccessibleName(names[check.status])
            name, message, todo = map(said.local, (check.name, check.message, check.todo))
            text = self.tr("{0}: {1}").format(name, message)
            words = label(f"{text}\n{todo}".rstrip(), wrap=True, selectable=True)
            self._grid.addWidget(mark, at, 0)
            self._grid.addWidget(words, at, 1)
        self.note.hide()
        self.again.setEnabled(True)
        self.copy.setEnabled(True)

    def _copy(self) -> None:
        lines = [
            f"{check.status:<4}  {check.name}: {check.message} {check.todo}".rstrip() for check in self.checks
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))

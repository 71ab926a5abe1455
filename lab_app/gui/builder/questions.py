"""Probes as questions, each with a depth and its cost on this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QWidget

from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import calm, label
from lab_app.gui.words import duration

if TYPE_CHECKING:
    from lab_app.studies.questions import Question

_DEPTHS = (
    ("quick", QT_TRANSLATE_NOOP("questions", "quick")),
    ("normal", QT_TRANSLATE_NOOP("questions", "normal")),
    ("thorough", QT_TRANSLATE_NOOP("questions", "thorough")),
)
OWN = "own"


def _tr(text: object) -> str:
    return QCoreApplication.translate("questions", str(text))


class Questions(QWidget):
    """``changed(kind, depth)``: depth None when the question is not asked any more."""

    changed = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(space(3))
        self._grid.setVerticalSpacing(space(1))
        self._grid.setColumnStretch(0, 1)
        self.boxes: dict[str, QCheckBox] = {}
        self.depths: dict[str, QComboBox] = {}
        self.costs: dict[str, QLabel] = {}

    def offer(self, questions: Sequence[Question]) -> None:
        """Build the rows, once."""
        for place, question in enumerate(questions):
            text = question.shown
            box = QCheckBox(text)
            box.setAccessibleName(text)
            depth = calm(QComboBox())
            depth.setAccessibleName(_tr(QT_TRANSLATE_NOOP("questions", "How thoroughly: {0}")).format(text))
            for name, shown in _DEPTHS if question.specs else _DEPTHS[1:2]:
                depth.addItem(_tr(shown), name)
            cost = label("", "muted")
            cost.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
            cost.setMinimumWidth(space(22))
            self._grid.addWidget(box, place, 0)
            self._grid.addWidget(depth, place, 1)
            self._grid.addWidget(cost, place, 2)
            kind = question.kind
            box.toggled.connect(lambda on, kind=kind: self._toggled(kind))
            depth.activated.connect(lambda _, kind=kind: self._toggled(kind))
            self.boxes[kind], self.depths[kind], self.costs[kind] = box, depth, cost

    def show_depths(self, depths: Mapping[str, str | None]) -> None:
        """kind → depth of every question that is asked; None: with keys of the user's own."""
        for kind, box in self.boxes.items():
            depth = self.depths[kind]
            with QSignalBlocker(box), QSignalBlocker(depth):
                asked = kind in depths
                box.setChecked(asked)
                depth.setEnabled(asked)
                if not asked:
                    continue
                own = depth.findData(OWN)
                if depths[kind] is None and own < 0:
                    depth.addItem(_tr(QT_TRANSLATE_NOOP("questions", "as in the file")), OWN)
                depth.setCurrentIndex(depth.findData(depths[kind] or OWN))

    def forget_own(self) -> None:
        """Another study, which has no keys of the last one."""
        for depth in self.depths.values():
            with QSignalBlocker(depth):
                if (own := depth.findData(OWN)) >= 0:
                    depth.removeItem(own)

    def show_costs(self, seconds: Mapping[str, float | None], times: int) -> None:
        """Seconds for one model, by kind; ``times`` models are measured."""
        for kind, shown in self.costs.items():
            one = seconds.get(kind)
            text = ""
            if self.boxes[kind].isChecked():
                text = (
                    _tr(QT_TRANSLATE_NOOP("questions", "about {0}")).format(duration(one * times))
                    if one is not None
                    else _tr(QT_TRANSLATE_NOOP("questions", "time not known"))
                )
            shown.setText(text)

    def _toggled(self, kind: str) -> None:
        on = self.boxes[kind].isChecked()
        self.depths[kind].setEnabled(on)
        depth: Any = self.depths[kind].currentData()
        self.changed.emit(kind, depth if on else None)

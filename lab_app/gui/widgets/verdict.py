"""The verdict on top of a study: which file to run here, and what could not be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import button, column, label, row

if TYPE_CHECKING:
    from lab_app.reports.verdict import Sentence


SHORT = 3
"""Sentences that are always shown; the others at the press of a button."""


class VerdictCard(QFrame):
    """The answer large, below it why; everything else on demand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(self.tr("Verdict"))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(space(1))
        self._rest: list[QLabel] = []
        self._said: tuple[tuple[str, str], ...] = ()
        self.more = button("", self._toggle)
        self.more.setCheckable(True)
        self._name_button()
        self.setLayout(column(self._lines, row(self.more, None), gap=2, margin=4))

    def say(self, sentences: Sequence[Sentence]) -> None:
        # That it may change stands right below the answer.
        open_ = [s for s in sentences[1:] if s.kind == "unfinished"]
        rest = [s for s in sentences[1:] if s.kind != "unfinished"]
        said = tuple((s.kind, s.text) for s in (*sentences[:1], *open_, *rest))
        if said == self._said:
            return
        self._said = said
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._rest = []
        for place, (kind, text) in enumerate(said):
            role = "heading" if place == 0 else "muted" if kind == "unfinished" else ""
            words = label(text, role, wrap=True, selectable=True)
            self._lines.addWidget(words)
            if place >= SHORT:
                self._rest.append(words)
                words.setVisible(self.more.isChecked())
        self.more.setVisible(bool(self._rest))
        self.setAccessibleDescription(" ".join(text for _, text in said))
        self.setVisible(bool(said))

    def _toggle(self) -> None:
        for words in self._rest:
            words.setVisible(self.more.isChecked())
        self._name_button()

    def _name_button(self) -> None:
        self.more.setText(self.tr("Show less") if self.more.isChecked() else self.tr("Why, and how sure"))
        self.more.setAccessibleName(self.more.text())

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self._said]

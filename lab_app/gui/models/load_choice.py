"""At which context, and with which KV cache, a model must fit: what the badges of the library and the hub follow."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from lab_app.gui.models import CONTEXTS, KV_TYPES
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import calm


class LoadChoice(QWidget):
    """``changed()``: the user chose otherwise."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.context_box = calm(QComboBox())
        self.context_box.setAccessibleName(self.tr("Context that must fit"))
        for tokens in CONTEXTS:
            text = f"{tokens:,}".replace(",", "\u202f")
            self.context_box.addItem(self.tr("{0} tokens").format(text), tokens)
        self.context_box.setCurrentIndex(1)
        self.kv_box = calm(QComboBox())
        self.kv_box.setAccessibleName(self.tr("Type of the KV cache"))
        for kv in KV_TYPES:
            self.kv_box.addItem(self.tr("KV cache {0}").format(kv), kv)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(space(2))
        for box in (self.context_box, self.kv_box):
            line.addWidget(box)
            box.activated.connect(lambda _: self.changed.emit())

    @property
    def context(self) -> int:
        """Tokens."""
        return int(self.context_box.currentData())

    @property
    def kv(self) -> str:
        return str(self.kv_box.currentData())

    def follow(self, other: LoadChoice) -> None:
        """Take over what was chosen elsewhere, and say so where it is something else."""
        before = (self.context, self.kv)
        self.context_box.setCurrentIndex(other.context_box.currentIndex())
        self.kv_box.setCurrentIndex(other.kv_box.currentIndex())
        if (self.context, self.kv) != before:
            self.changed.emit()

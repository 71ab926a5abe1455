"""Which model a study is about: the demo model, one of the library, a file, or a repository of the Hub."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QSizePolicy

from lab_app.gui.builder.facts import Facts
from lab_app.gui.widgets.basic import button, column, label, row
from lab_app.gui.widgets.dropping import TakesModel
from lab_app.gui.words import size

DEMO = "demo:"


class SourcePicker(TakesModel):
    """``changed(source)`` as it stands in a study file."""

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.choice = QComboBox(editable=True)
        self.choice.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.choice.setAccessibleName(self.tr("Model"))
        self.choice.setAccessibleDescription(
            self.tr("demo:, the path of a GGUF file, or hf:organization/repository")
        )
        self.choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.choice.setMinimumContentsLength(20)
        self.choice.addItem(self.tr("Demo model: SmolLM2-135M-Instruct"), DEMO)
        field = self.choice.lineEdit()
        assert field is not None
        field.editingFinished.connect(self._typed)
        self.choice.activated.connect(self._typed)
        self.browse = button(self.tr("Choose a file…"), self._browse, icon="folder-open")
        self.note = label("", "muted", wrap=True)
        self.setLayout(column(row(self.choice, self.browse), self.note, gap=1))
        self._source = DEMO

    @property
    def source(self) -> str:
        return self._source

    def offer(self, models: Iterable[tuple[str, str]]) -> None:
        """(title, path) of the models of this machine, besides the demo model."""
        with QSignalBlocker(self.choice):
            while self.choice.count() > 1:
                self.choice.removeItem(1)
            for title, path in models:
                self.choice.addItem(title, path)
            self._show_source()

    def set_source(self, source: str) -> None:
        """Show a source, in silence."""
        self._source = source
        with QSignalBlocker(self.choice):
            self._show_source()

    def _show_source(self) -> None:
        place = self.choice.findData(self._source)
        if place >= 0:
            self.choice.setCurrentIndex(place)
        else:
            self.choice.setCurrentIndex(-1)
            self.choice.setEditText(self._source)

    def show_facts(self, facts: Facts) -> None:
        if facts.problem:
            self.note.setText(facts.problem)
            return
        parts = []
        if facts.architecture:
            parts.append(facts.architecture)
        if facts.n_params:
            parts.append(
                self.tr("{0} million parameters").format(
                    f"{facts.n_params / 1e6:,.0f}".replace(",", "\u202f")
                )
            )
        if facts.quantized_as:
            parts.append(self.tr("quantized already ({0})").format(facts.quantized_as))
        if facts.context:
            parts.append(
                self.tr("trained for {0} tokens").format(f"{facts.context:,}".replace(",", "\u202f"))
            )
        if facts.size:
            parts.append(size(facts.size))
        if facts.source == DEMO and facts.path is None:
            parts.append(self.tr("fetched when the study starts"))
        if facts.source.startswith("hf:"):
            parts.append(self.tr("downloaded when the study starts"))
        self.note.setText(" · ".join(parts))

    def _typed(self) -> None:
        text = self.choice.currentText().strip()
        place = self.choice.findText(text)
        source = str(self.choice.itemData(place)) if place >= 0 else text.removeprefix("file://")
        if source and source != self._source:
            self._source = source
            self.changed.emit(source)

    def _browse(self) -> None:
        start = str(Path(self._source).parent) if self._source not in ("", DEMO) else ""
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Choose a model"), start, self.tr("GGUF models (*.gguf);;All files (*)")
        )
        if path:
            self.take(path)

    def take(self, path: str) -> None:
        """Choose a source as a user does."""
        if path != self._source:
            self.set_source(path)
            self.changed.emit(path)

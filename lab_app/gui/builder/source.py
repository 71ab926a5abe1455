"""Which model a study is about: the demo model, one of the library, a file, or a repository of the Hub."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from lab_app.gui.builder.facts import Facts
from lab_app.gui.widgets.basic import button, column, label, row, set_role
from lab_app.gui.widgets.dropping import TakesModel
from lab_app.gui.widgets.model_choice import ModelChoice
from lab_app.gui.words import size

DEMO = "demo:"


class SourcePicker(TakesModel):
    """``changed(source)`` as it stands in a study file."""

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.choice = ModelChoice(self.tr("Model"), [(self.tr("Demo model: SmolLM2-135M-Instruct"), DEMO)])
        self.choice.setAccessibleDescription(
            self.tr("demo:, the path of a GGUF file, or hf:organization/repository")
        )
        self.choice.setMinimumContentsLength(20)
        self.choice.show_source(DEMO)
        self.choice.picked.connect(self.take)
        self.browse = button(self.tr("Choose a file…"), self._browse, icon="folder-open")
        self.note = label("", "muted", wrap=True)
        self.setLayout(column(row(self.choice, self.browse), self.note, gap=1))
        self._source = DEMO

    @property
    def source(self) -> str:
        return self._source

    def offer(self, models: Iterable[tuple[str, str]]) -> None:
        """(title, path) of the models of this machine, besides the demo model."""
        self.choice.offer(models)

    def set_source(self, source: str) -> None:
        """Show a source, in silence."""
        self._source = source
        self.choice.show_source(source)

    def show_facts(self, facts: Facts) -> None:
        set_role(self.note, "role", "bad" if facts.problem else "muted")
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

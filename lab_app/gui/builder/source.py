"""Which model a study is about: the demo model, one of the library, a file, or a repository of the Hub."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from lab_app.gui.builder.facts import Facts
from lab_app.gui.widgets.basic import button, column, label, row, set_role
from lab_app.gui.widgets.dropping import TakesModel
from lab_app.gui.widgets.model_choice import ModelChoice
from lab_app.gui.words import size
from lab_app.system.errors import LabError

translate = QCoreApplication.translate
DEMO = "demo:"


class SourcePicker(TakesModel):
    """``changed(source)`` as it stands in a study file."""

    def __init__(self) -> None:
        demo = translate("SourcePicker", "Demo model: SmolLM2-135M-Instruct")
        kinds = translate("SourcePicker", "GGUF models (*.gguf);;All files (*)")
        super().__init__(ModelChoice(translate("SourcePicker", "Model"), [(demo, DEMO)]), kinds, DEMO)
        self.choice.setAccessibleDescription(
            self.tr("demo:, the path of a GGUF file, or hf:organization/repository")
        )
        self.choice.setMinimumContentsLength(20)
        self.browse = button(self.tr("Choose a file…"), self._browse, icon="folder-open")
        self.note = label("", "muted", wrap=True)
        self.setLayout(column(row(self.choice, self.browse), self.note, gap=1))

    def take(self, source: str) -> None:
        """The address of a page of the Hub stands for what it shows."""
        super().take(_of_hub(source))

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


def _of_hub(source: str) -> str:
    from lab_app.hub import reference

    try:
        return str(reference.parse(source)) if reference.is_address(source) else source
    except LabError:
        return source  # the address of another place; that there is no such file is said

"""Inspector: what is in any GGUF file."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from lab_app.gui.context import Context
from lab_app.gui.explore.model_field import ModelField
from lab_app.gui.models.inspector import Inspector
from lab_app.gui.widgets.basic import column


class Inspect(QWidget):
    """The tab: a file, and the inspector under it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.field = ModelField(self.tr("GGUF file"))
        self.inspector = Inspector(context)
        self.field.changed.connect(self.inspector.show_file)
        self.setLayout(column(self.field, self.inspector, gap=3))

    def offer(self, models: list[tuple[str, str]]) -> None:
        self.field.offer(models)

    def typed(self) -> str:
        """What would be lost with this tab, for :meth:`type_again` of another."""
        return self.field.source

    def type_again(self, source: str) -> None:
        self.field.take(source)

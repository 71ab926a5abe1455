"""Theme and language."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from lab_app.gui import language
from lab_app.gui.context import Context
from lab_app.gui.settings_cards.form import add_field, choice, form_card


class AppearanceCard(QWidget):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        value = context.settings.value
        frame, form = form_card(self.tr("Appearance"))
        self.theme = choice(
            [("system", self.tr("As the desktop")), ("light", self.tr("Light")), ("dark", self.tr("Dark"))],
            value.theme,
        )
        self.language = choice([("", self.tr("As the desktop")), *language.available()], value.language)
        add_field(form, self.tr("Theme"), self.theme)
        add_field(form, self.tr("Language"), self.language)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)
        self.theme.activated.connect(lambda: context.settings.update(theme=self.theme.currentData()))
        self.language.activated.connect(lambda: context.settings.update(language=self.language.currentData()))
        context.settings.changed.connect(self._show)

    def _show(self) -> None:
        value = self._context.settings.value
        self.theme.setCurrentIndex(self.theme.findData(value.theme))
        self.language.setCurrentIndex(max(0, self.language.findData(value.language)))

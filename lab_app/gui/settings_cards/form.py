"""A label above or beside a field, joined for screen readers."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QVBoxLayout, QWidget

from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import calm, label


def form_card(title: str, lead: str = "") -> tuple[QFrame, QFormLayout]:
    """A card with a heading, and the form in it."""
    made = QFrame()
    made.setProperty("role", "card")
    whole = QVBoxLayout(made)
    whole.setContentsMargins(space(4), space(4), space(4), space(4))
    whole.setSpacing(space(2))
    whole.addWidget(label(title, "heading"))
    if lead:
        whole.addWidget(label(lead, "muted", wrap=True))
    form = QFormLayout()
    form.setHorizontalSpacing(space(4))
    form.setVerticalSpacing(space(2))
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    whole.addLayout(form)
    return made, form


def add_field(form: QFormLayout, text: str, field: QWidget) -> None:
    """The label names the field, and is its buddy."""
    field.setAccessibleName(text)
    words = label(text)
    words.setBuddy(field)
    form.addRow(words, field)


def choice(options: list[tuple[str, str]], current: str) -> QComboBox:
    """(value, text) pairs; ``currentData()`` is the value."""
    made = calm(QComboBox())
    for value, text in options:
        made.addItem(text, value)
    made.setCurrentIndex(max(0, made.findData(current)))
    return made

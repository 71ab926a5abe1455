"""A question before something is given up. Enter and Escape lose nothing; only its own button gives it up."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from lab_app.gui.widgets.basic import set_role


def ask(
    parent: QWidget,
    title: str,
    text: str,
    details: str,
    *,
    give_up: str,
    keep: str,
    then: Callable[[], object],
    icon: QMessageBox.Icon = QMessageBox.Icon.Question,
    save: tuple[str, Callable[[], object]] | None = None,
) -> QMessageBox:
    """Open the question; ``then()`` follows the button ``give_up``, nothing the button ``keep``.

    save: a button that loses nothing either, and what follows it; Enter presses it then.
    """
    box = QMessageBox(parent)
    box.setIcon(icon)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(details)
    default = no = box.addButton(keep, QMessageBox.ButtonRole.RejectRole)
    yes = box.addButton(give_up, QMessageBox.ButtonRole.DestructiveRole)
    if save is not None:
        default = box.addButton(save[0], QMessageBox.ButtonRole.AcceptRole)
        set_role(default, "kind", "primary")
        default.clicked.connect(lambda *_: save[1]())
    set_role(yes, "kind", "danger")
    for button in box.buttons():
        button.setAccessibleName(button.text().replace("&", ""))
    yes.setAutoDefault(
        False
    )  # Enter answers with "keep" also where the style lets the focused button take it
    box.setDefaultButton(default)
    box.setEscapeButton(no)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    yes.clicked.connect(lambda *_: then())
    box.open()
    return box

"""A model that won't fit may be loaded all the same, once it is said what is at stake."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from lab_app.gui.widgets import question
from lab_app.gui.words import size


def ask(
    parent: QWidget,
    name: str,
    needed: int,
    free: int,
    context: int,
    *,
    anyway: str,
    keep: str,
    then: Callable[[], object],
) -> QMessageBox:
    """Say how much is needed and how much there is; ``then()`` follows the button ``anyway``.

    needed, free: bytes. context: tokens that ``needed`` allows for.
    """
    text = QCoreApplication.translate(
        "too-large", "{0} needs about {1} of memory with {2} tokens of context; {3} can be used here."
    )
    return question.ask(
        parent,
        QCoreApplication.translate("too-large", "More than fits this machine"),
        text.format(name, size(needed), f"{context:,}".replace(",", "\u202f"), size(free)),
        QCoreApplication.translate(
            "too-large",
            "Loaded here it may end with “out of memory”, or push other programs out of memory and make the whole "
            "machine slow; unsaved work in them is at risk. A shorter context, a quantized KV cache or a smaller quant "
            "type needs less.",
        ),
        give_up=anyway,
        keep=keep,
        then=then,
        icon=QMessageBox.Icon.Warning,
    )

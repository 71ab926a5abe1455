"""Before a draft in the builder is given up: what would be lost with it, and a file for it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtWidgets import QMessageBox

from lab_app.gui.background import background
from lab_app.gui.builder.builder import Builder
from lab_app.gui.builder.file_view import choose_place, write
from lab_app.gui.widgets import question
from lab_app.studies.draft import Draft

translate = QCoreApplication.translate
PARTS = (
    (("name", "description"), QT_TRANSLATE_NOOP("unsaved", "the name")),
    (("source",), QT_TRANSLATE_NOOP("unsaved", "the model")),
    (("compare", "variant"), QT_TRANSLATE_NOOP("unsaved", "what it is compared with")),
    (("quantize",), QT_TRANSLATE_NOOP("unsaved", "the quant types and how they are made")),
    (("probe", "thresholds"), QT_TRANSLATE_NOOP("unsaved", "the questions")),
    (("engine", "resources"), QT_TRANSLATE_NOOP("unsaved", "how the models are run")),
)  # fmt: skip
"""Tables of a study file, and what a user calls them."""


def changes(saved: str, draft: Draft) -> list[str]:
    """What of a draft is other than in the file ``saved``, in the user's words."""
    before = Draft.from_toml(saved).data
    return [
        translate("unsaved", str(name))
        for keys, name in PARTS
        if any(_has(before, key) != _has(draft.data, key) for key in keys)
    ]


def _has(data: dict[str, object], key: str) -> object:
    """An empty table is as good as none: a file does not keep it."""
    return data.get(key) or None


def before_losing(builder: Builder, then: Callable[[], object]) -> QMessageBox | None:
    """``then()`` at once where the builder holds nothing unsaved. Otherwise the user is asked, and it follows once the
    draft is saved or given up."""
    if not builder.changed:
        then()
        return None
    lost = changes(builder.edited.saved, builder.draft)
    if builder.more.wrong:
        lost.append(translate("unsaved", "an override that is not whole yet"))
    details = translate(
        "unsaved", "Discarding loses what was changed since it was opened or last saved: {0}."
    )

    def save() -> None:
        path, toml = choose_place(builder, builder.edited.suggested_file), builder.draft.toml()
        if path is not None:
            background(lambda: write(path, toml), saved, owner=builder)

    def saved(_: object) -> None:
        then()

    return question.ask(
        builder.window(),
        translate("unsaved", "A study that is not saved"),
        translate("unsaved", "Save the changes to “{0}”?").format(builder.draft.name),
        details.format(", ".join(lost)),
        give_up=translate("unsaved", "Discard"),
        keep=translate("unsaved", "Cancel"),
        then=then,
        save=(translate("unsaved", "Save…"), save),
    )

"""A model file of this machine: chosen from those known, typed, browsed for, or dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QSizePolicy

from lab_app.gguf.library import Row
from lab_app.gui.widgets.basic import row, tool
from lab_app.gui.widgets.dropping import TakesModel
from lab_app.gui.widgets.model_choice import ModelChoice
from lab_app.store import Store
from lab_app.system.paths import Folders


def known_models(store: Store, folders: Folders) -> list[tuple[str, str]]:
    """(title, path) of every model of this machine that can be read. Reads headers: not for the GUI thread."""
    from lab_app.gguf import library

    return titles([row for row in library.scan(folders, store) if row.kind == "model" and not row.problem])


def titles(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """(title, path) of models. Of equal names each says whose it is, and where that is the same, its folder."""
    listed = list(rows)
    names = Counter(model.name for model in listed)
    owned = Counter((model.name, model.places[0].label) for model in listed)
    found = []
    for model in listed:
        label, title = model.places[0].label, model.name
        if names[model.name] > 1:
            known = label and owned[model.name, label] == 1
            title = f"{model.name} ({label if known else model.path.parent})"
        found.append((title, str(model.path)))
    return found


class ModelField(TakesModel):
    """A box for a file and a button to browse for one."""

    def __init__(self, name: str) -> None:
        super().__init__(ModelChoice(name), QCoreApplication.translate("ModelField", "GGUF models (*.gguf)"))
        line = self.choice.lineEdit()
        assert line is not None
        line.setPlaceholderText(name)
        browse = self.tr("Choose a file for “{0}”").format(name)
        self.browse = tool(browse, "folder-open", self._browse)
        self.setLayout(row(self.choice, self.browse, gap=1))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

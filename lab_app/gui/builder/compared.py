"""What the base is compared with besides quant types: other files ([[compare]]) and other settings ([[variant]])."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QWidget

from lab_app.gui.builder.more import KV_TYPES
from lab_app.gui.explore.model_field import ModelField
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import button, calm, column, label, row, tool
from lab_app.studies.draft import Draft
from lab_app.studies.schema import BASE

_SHOWN = ("name", "of", "kv_type_k", "kv_type_v")


class _Part(QWidget):
    """A line of the card: ``changed()`` after its table was, ``removed()`` when it shall go."""

    changed = Signal()
    removed = Signal()

    def parts(self) -> list[QWidget]:
        """What the Tab key visits, in order."""
        raise NotImplementedError


class FilePart(_Part):
    """A [[compare]] table: a file and what it is called. ``number`` counts from 1."""

    def __init__(self, table: dict[str, Any], number: int) -> None:
        super().__init__()
        self.table = table
        self.field = ModelField(self.tr("Compared file {0}").format(number))
        self.field.set_source(str(table.get("model", "")))
        self.field.changed.connect(self._take)
        self.name = QLineEdit(str(table.get("name", "")))
        self.name.setAccessibleName(self.tr("Name of compared file {0}").format(number))
        self.name.setMaximumWidth(space(50))
        self.name.textEdited.connect(self._rename)
        self.remove = tool(self.tr("Remove compared file {0}").format(number), "x", self.removed.emit)
        line = row(self.field, self.name, self.remove)
        line.setStretch(0, 1)
        self.setLayout(line)
        self._show_default()

    def parts(self) -> list[QWidget]:
        return [self.field.choice, self.field.browse, self.name, self.remove]

    def _show_default(self) -> None:
        stem = Path(self.field.source).name.removesuffix(".gguf")
        self.name.setPlaceholderText(stem or self.tr("its name in the report"))

    def _take(self, path: str) -> None:
        if self.table.get("name") == told_apart(str(self.table.get("model", ""))):
            self.table.pop("name", None)
            self.name.clear()
        self.table["model"] = path
        self._show_default()
        self.changed.emit()

    def _rename(self, text: str) -> None:
        if text.strip():
            self.table["name"] = text
        else:
            self.table.pop("name", None)
        self.changed.emit()

    def call_it(self, name: str) -> None:
        """Give it a name that tells it from another of its file's name, in silence."""
        self.table["name"] = name
        self.name.setText(name)


def told_apart(path: str) -> str:
    """What a file is called where another has its name."""
    return f"{Path(path).name.removesuffix('.gguf')} ({Path(path).parent.name})"


def _narrow(box: QComboBox, letters: int) -> None:
    """Its longest entry may be cut rather than that the page scrolls sideways; the list shows it whole."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(letters)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


class VariantPart(_Part):
    """A [[variant]] table: one of the models with another KV cache; other settings it has are shown and stay."""

    def __init__(self, table: dict[str, Any], number: int, models: Iterable[str]) -> None:
        super().__init__()
        self.table = table
        self.name = QLineEdit(str(table.get("name", "")))
        self.name.setAccessibleName(self.tr("Name of variant {0}").format(number))
        self.name.setMinimumWidth(space(32))
        self.name.setCursorPosition(0)
        self.name.textEdited.connect(lambda text: self._set("name", text))
        self.of = calm(QComboBox())
        self.of.setAccessibleName(self.tr("Model of variant {0}").format(number))
        _narrow(self.of, 8)
        self.kv_k = self._kv(self.tr("K cache of variant {0}").format(number), "kv_type_k")
        self.kv_v = self._kv(self.tr("V cache of variant {0}").format(number), "kv_type_v")
        others = [f"{key} = {value}" for key, value in table.items() if key not in _SHOWN]
        self.others = label(", ".join(others), "muted", wrap=True)
        self.others.setVisible(bool(others))
        self.remove = tool(self.tr("Remove variant {0}").format(number), "x", self.removed.emit)
        line = row(
            self.name, label(self.tr("of"), "muted"), self.of, label("K", "muted"), self.kv_k,
            label("V", "muted"), self.kv_v, self.others, self.remove,
        )  # fmt: skip
        line.setStretch(0, 1)
        self.setLayout(line)
        self.offer(models)
        self.of.activated.connect(lambda _: self._change("of", self.of.currentData()))
        for key, box in (("kv_type_k", self.kv_k), ("kv_type_v", self.kv_v)):
            box.activated.connect(lambda _, key=key, box=box: self._change(key, box.currentData()))

    def parts(self) -> list[QWidget]:
        return [self.name, self.of, self.kv_k, self.kv_v, self.remove]

    def offer(self, models: Iterable[str]) -> None:
        """Names of the models there are; its own stays, also where it is none of them any more."""
        own = str(self.table.get("of", BASE))
        with QSignalBlocker(self.of):
            self.of.clear()
            for name in dict.fromkeys([*models, own]):
                self.of.addItem(self.tr("the base") if name == BASE else name, name)
            self.of.setCurrentIndex(self.of.findData(own))

    def _kv(self, name: str, key: str) -> QComboBox:
        made = calm(QComboBox())
        made.setAccessibleName(name)
        # Without a key it is that of all models.
        made.addItem(self.tr("as the others"), None)
        for kind in dict.fromkeys([*KV_TYPES, *([self.table[key]] if key in self.table else [])]):
            made.addItem(str(kind), kind)
        made.setCurrentIndex(max(0, made.findData(self.table.get(key))))
        _narrow(made, 7)
        return made

    def _change(self, key: str, value: Any) -> None:
        was = kv_name(self.table)
        if value is None or (key == "of" and value == BASE):
            self.table.pop(key, None)
        else:
            self.table[key] = value
        if self.table.get("name") == was:  # nobody gave it another
            self.table["name"] = kv_name(self.table)
            self.name.setText(self.table["name"])
        self.changed.emit()

    def _set(self, key: str, value: str) -> None:
        self.table[key] = value
        self.changed.emit()


def kv_name(table: dict[str, Any]) -> str:
    """What a variant is called by itself, e.g. ``KV cache q8_0`` or ``Q4_K_M, KV cache q8_0/f16``."""
    k, v = table.get("kv_type_k", "f16"), table.get("kv_type_v", "f16")
    of = table.get("of", BASE)
    return ("" if of == BASE else f"{of}, ") + f"KV cache {k if k == v else f'{k}/{v}'}"


class Compared(QWidget):
    """The card's content. ``changed()`` after the draft was changed. after: the widget the Tab key comes from."""

    changed = Signal()

    def __init__(self, after: QWidget) -> None:
        super().__init__()
        self._draft = Draft()
        self._after = after
        self._models: list[tuple[str, str]] = []
        self.files: list[FilePart] = []
        self.variants: list[VariantPart] = []
        self._lines = column(gap=1)
        self.nothing = label(self.tr("Only with the quant types chosen below."), "muted", wrap=True)
        self.add_file = button(self.tr("Add a file"), self._add_file, icon="plus")
        self.add_variant = button(self.tr("Add a KV cache type"), self._add_variant, icon="plus")
        self.setLayout(column(self.nothing, self._lines, row(self.add_file, self.add_variant, None), gap=2))

    def show_draft(self, draft: Draft) -> None:
        self._draft = draft
        self._build()

    def offer(self, models: Iterable[tuple[str, str]]) -> None:
        """(title, path) of the models of this machine."""
        self._models = list(models)
        for part in self.files:
            part.field.offer(self._models)

    def offer_types(self) -> None:
        """The quant types of the draft are others, and variants may be of them."""
        for part in self.variants:
            part.offer(self._draft.model_names)

    def _build(self) -> None:
        for old in (*self.files, *self.variants):
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        draft = self._draft
        self.files = [FilePart(table, place + 1) for place, table in enumerate(draft.compares)]
        names = draft.model_names
        self.variants = [VariantPart(t, place + 1, names) for place, t in enumerate(draft.variants)]
        before = self._after
        for part in (*self.files, *self.variants):
            self._lines.addWidget(part)
            part.changed.connect(self._changed)
            for widget in part.parts():
                QWidget.setTabOrder(before, widget)
                before = widget
        for place, file in enumerate(self.files):
            file.field.offer(self._models)
            file.removed.connect(lambda place=place: self._remove(draft.compares, place))
        for place, variant in enumerate(self.variants):
            variant.removed.connect(lambda place=place: self._remove(draft.variants, place))
        for widget in (self.add_file, self.add_variant):
            QWidget.setTabOrder(before, widget)
            before = widget
        self.nothing.setVisible(not (self.files or self.variants))

    def _changed(self) -> None:
        taken = {BASE, *self._draft.types}
        for part in self.files:
            stem = Path(part.field.source).name.removesuffix(".gguf")
            if "name" not in part.table and stem in taken:
                part.call_it(told_apart(part.field.source))
            taken.add(str(part.table.get("name", stem)))
        self.offer_types()
        self.changed.emit()

    def _add_file(self) -> None:
        self._draft.compares.append({"model": ""})
        self._build()
        self.files[-1].field.choice.setFocus()
        self.changed.emit()

    def _add_variant(self) -> None:
        taken = {str(table.get("name")) for table in self._draft.variants}
        tables = [{"kv_type_k": kind, "kv_type_v": kind} for kind in ("q8_0", "q4_0", *KV_TYPES[1:])]
        table = next((t for t in tables if kv_name(t) not in taken), tables[0])
        self._draft.variants.append({"name": kv_name(table), **table})
        self._build()
        self.variants[-1].kv_k.setFocus()
        self.changed.emit()

    def _remove(self, tables: list[dict[str, Any]], place: int) -> None:
        del tables[place]
        self._build()
        self.add_file.setFocus()
        self._changed()

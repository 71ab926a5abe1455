"""Under "More": importance matrix, overrides tensor by tensor, and how the models are run."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from lab_app.gui.theme import keeper, space
from lab_app.gui.widgets.basic import calm, label, roomy
from lab_app.studies.draft import Draft

KV_TYPES = ("f16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl")
_AUTOMATIC, _ALL = -2, -1
"""Numbers of layers on the GPU that are none: as many as fit where the engine uses one; all."""
_TENSOR_TYPES = ("", "f16", "bf16", "q8_0", "q6_k", "q5_k", "q4_k", "iq4_nl")


class More(QWidget):
    """``changed()`` after the draft was changed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._draft = Draft()
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(space(2))
        self.imatrix = QCheckBox(self.tr("Make and use an importance matrix"))
        self.imatrix.setAccessibleName(self.imatrix.text())
        self.chunks = roomy(QSpinBox(minimum=1, maximum=100_000, value=64))
        self.chunks.setSuffix(self.tr(" chunks of 512 tokens"))
        self.chunks.setAccessibleName(self.tr("Chunks of the calibration text"))
        self.output = self._types(self.tr("Type of the output layer"))
        self.embedding = self._types(self.tr("Type of the token embedding"))
        self.pure = QCheckBox(self.tr("One type for all tensors (no mixture)"))
        self.pure.setAccessibleName(self.pure.text())
        self.overrides = QPlainTextEdit()
        self.overrides.setAccessibleName(self.tr("Overrides, tensor by tensor"))
        self.overrides.setPlaceholderText("blk\\.0\\..*ffn_down = q8_0")
        self.overrides.setFont(keeper().fixed_font(0.95))
        self.overrides.setFixedHeight(space(18))
        self.overrides.setTabChangesFocus(True)
        self.kv_k = self._kv(self.tr("Type of the K cache"))
        self.kv_v = self._kv(self.tr("Type of the V cache"))
        self.threads = roomy(QSpinBox(minimum=0, maximum=512))
        self.threads.setSpecialValueText(self.tr("one per core"))
        self.threads.setAccessibleName(self.tr("CPU threads"))
        self.gpu = roomy(_Layers())
        self.gpu.setAccessibleName(self.tr("Layers on the GPU"))
        self.wrong = ""
        """What keeps the study from being started, in one sentence."""
        self.problem = label("", "bad", wrap=True)
        self.problem.hide()
        form.addRow(self.imatrix, self.chunks)
        form.addRow(self.output.accessibleName(), self.output)
        form.addRow(self.embedding.accessibleName(), self.embedding)
        form.addRow("", self.pure)
        form.addRow(self.overrides.accessibleName(), self.overrides)
        form.addRow("", self.problem)
        form.addRow(self.kv_k.accessibleName(), self.kv_k)
        form.addRow(self.kv_v.accessibleName(), self.kv_v)
        form.addRow(self.threads.accessibleName(), self.threads)
        form.addRow(self.gpu.accessibleName(), self.gpu)
        self.imatrix.toggled.connect(self._apply)
        self.pure.toggled.connect(self._apply)
        for box in (self.chunks, self.threads, self.gpu):
            box.valueChanged.connect(self._apply)
        for combo in (self.output, self.embedding, self.kv_k, self.kv_v):
            combo.activated.connect(self._apply)
        # What is typed counts at once; that it is not whole yet is said when the typing pauses.
        self._pause = QTimer(self, singleShot=True, interval=400)
        self._pause.timeout.connect(self._show_wrong)
        self.overrides.textChanged.connect(self._apply)
        self.overrides.textChanged.connect(self._pause.start)

    @staticmethod
    def _combo(name: str, values: tuple[str, ...]) -> QComboBox:
        made = calm(QComboBox())
        made.setAccessibleName(name)
        for value in values:
            made.addItem(value, value)
        return made

    def _types(self, name: str) -> QComboBox:
        made = self._combo(name, _TENSOR_TYPES)
        made.setItemText(0, self.tr("as the quant type says"))
        return made

    def _kv(self, name: str) -> QComboBox:
        return self._combo(name, KV_TYPES)

    def show_draft(self, draft: Draft) -> None:
        self._draft = draft
        parts = (
            self.imatrix, self.chunks, self.output, self.embedding, self.pure, self.overrides, self.kv_k,
            self.kv_v, self.threads, self.gpu,
        )  # fmt: skip
        blockers = [QSignalBlocker(part) for part in parts]
        imatrix = draft.quantize_option("imatrix")
        self.imatrix.setChecked(imatrix is not None)
        self.chunks.setEnabled(imatrix is not None)
        self.chunks.setValue(int((imatrix or {}).get("chunks", 64)))
        _choose(self.output, draft.quantize_option("output_type", ""))
        _choose(self.embedding, draft.quantize_option("embedding_type", ""))
        self.pure.setChecked(bool(draft.quantize_option("pure", False)))
        given = draft.quantize_option("overrides", {})
        self.overrides.setPlainText("\n".join(f"{key} = {value}" for key, value in given.items()))
        _choose(self.kv_k, draft.engine_option("kv_type_k", "f16"))
        _choose(self.kv_v, draft.engine_option("kv_type_v", "f16"))
        self.threads.setValue(int(draft.engine_option("threads", 0)))
        self.gpu.setValue(int(draft.engine_option("gpu_layers", _AUTOMATIC)))
        self.wrong = ""
        self._show_wrong()
        del blockers

    def _apply(self) -> None:
        draft = self._draft
        on = self.imatrix.isChecked()
        self.chunks.setEnabled(on)
        before = draft.quantize_option("imatrix") or {}
        draft.set_quantize_option("imatrix", {**before, "chunks": self.chunks.value()} if on else None)
        draft.set_quantize_option("output_type", self.output.currentData() or None)
        draft.set_quantize_option("embedding_type", self.embedding.currentData() or None)
        draft.set_quantize_option("pure", True if self.pure.isChecked() else None)
        found, wrong = overrides(self.overrides.toPlainText())
        text = self.tr("Write “pattern = type”, one a line; this is not: {0}")
        self.wrong = text.format(wrong) if wrong else ""
        if not wrong:
            self._show_wrong()
            draft.set_quantize_option("overrides", found or None)
        for key, combo in (("kv_type_k", self.kv_k), ("kv_type_v", self.kv_v)):
            value = combo.currentData()
            draft.set_engine_option(key, None if value == "f16" else value)
        draft.set_engine_option("threads", self.threads.value() or None)
        layers = self.gpu.value()
        draft.set_engine_option("gpu_layers", None if layers == _AUTOMATIC else layers)
        self.changed.emit()

    def _show_wrong(self) -> None:
        self.problem.setText(self.wrong)
        self.problem.setVisible(bool(self.wrong))


def _choose(combo: QComboBox, value: Any) -> None:
    place = combo.findData(value)
    if place < 0:
        combo.addItem(str(value), value)
        place = combo.count() - 1
    combo.setCurrentIndex(place)


def overrides(text: str) -> tuple[dict[str, str], str]:
    """Lines ``pattern = type`` as a table, and the first line that is none."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        pattern, equals, kind = (part.strip() for part in line.rpartition("="))
        if not (equals and pattern and kind):
            return found, line.strip()
        found[pattern] = kind
    return found, ""


class _Layers(QSpinBox):
    """A number of layers, or a word: automatic, or all."""

    def __init__(self) -> None:
        super().__init__(minimum=_AUTOMATIC, maximum=100_000, value=_AUTOMATIC)
        self.setSpecialValueText(self.tr("automatic"))

    def textFromValue(self, value: int) -> str:
        return self.tr("all") if value == _ALL else super().textFromValue(value)

    def valueFromText(self, text: str) -> int:
        return _ALL if text == self.tr("all") else super().valueFromText(text)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        words = (self.tr("all"), self.specialValueText())
        if text in words:
            return QValidator.State.Acceptable, text, position
        if any(word.startswith(text) for word in words):
            return QValidator.State.Intermediate, text, position
        state, text, position = super().validate(text, position)
        return state, text, position

"""How much of the machine and the network the lab may use."""

from __future__ import annotations

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QVBoxLayout, QWidget

from lab_app.gui.context import Context
from lab_app.gui.settings_cards.form import add_field, form_card
from lab_app.gui.widgets.basic import roomy

_GIB = 1 << 30
_MB = 1_000_000
_DECIMALS, _FINE = 1, 4


class Decimal(QDoubleSpinBox):
    """A point and a comma both begin the decimals, whatever the language; a comma between thousands would make 15
    of "1,5"."""

    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        point = self.locale().decimalPoint()
        number = text.removesuffix(self.suffix())
        plain = number.replace(".", point).replace(",", point)
        return super().validate(plain + text[len(number) :], pos)


class LimitsCard(QWidget):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        frame, form = form_card(self.tr("Limits"), self.tr("They hold for jobs that start from now on."))
        self.memory = self._number(self.tr(" GiB"), self.tr("no limit"), "memory_limit", _GIB)
        self.reserve = self._number(self.tr(" GiB"), self.tr("nothing"), "reserve", _GIB)
        self.bandwidth = self._number(self.tr(" MB/s"), self.tr("no limit"), "bandwidth", _MB)
        self.offline = QCheckBox(self.tr("Work offline: ask nothing of the network"))
        self.offline.setAccessibleName(self.tr("Work offline"))
        add_field(form, self.tr("Memory of one job"), self.memory)
        add_field(form, self.tr("Memory left to other programs"), self.reserve)
        add_field(form, self.tr("Speed of downloads"), self.bandwidth)
        form.addRow(self.offline)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)
        self.offline.clicked.connect(lambda on: context.settings.update(offline=on))
        context.settings.changed.connect(self._show)
        self._show()

    def _number(self, unit: str, none: str, name: str, factor: int) -> QDoubleSpinBox:
        """A field in ``unit`` for a setting in bytes; 0 reads ``none``."""
        made = roomy(Decimal())
        made.setRange(0.0, 100_000.0)
        made.setDecimals(_DECIMALS)
        made.setSuffix(unit)
        made.setSpecialValueText(none)
        made.setKeyboardTracking(False)
        made.valueChanged.connect(
            lambda value: self._context.settings.update(**{name: round(value * factor)})
        )
        return made

    def _show(self) -> None:
        value = self._context.settings.value
        pairs = (
            (self.memory, value.memory_limit / _GIB),
            (self.reserve, value.reserve / _GIB),
            (self.bandwidth, value.bandwidth / _MB),
        )
        for field, number in pairs:
            # One too small for a decimal, of a file that was edited or imported, is not "no limit".
            decimals = _FINE if 0.0 < number < 0.05 else _DECIMALS
            step = 10.0**-decimals
            shown = max(number, step) if number else 0.0
            if abs(field.value() - shown) > 0.5 * step or field.decimals() != decimals:
                before = field.blockSignals(True)
                field.setDecimals(decimals)
                field.setValue(shown)
                field.blockSignals(before)
        self.offline.setChecked(value.offline)

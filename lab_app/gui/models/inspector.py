"""What a GGUF file is: summary, memory against context, types of tensors, every tensor, every metadata pair."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFormLayout,
    QLayout,
    QLineEdit,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from lab_app.gui.background import background
from lab_app.gui.context import Context
from lab_app.gui.theme import keeper, space
from lab_app.gui.widgets.basic import column, label
from lab_app.gui.widgets.table_model import VALUE, OrderedTable
from lab_app.gui.widgets.tables import BarDelegate, TableView
from lab_app.gui.words import size

if TYPE_CHECKING:
    from lab_app.gui.models.facts import Shown
    from lab_app.gui.plots.view import FigureView

_NAMES = (
    QT_TRANSLATE_NOOP("inspector", "Name"), QT_TRANSLATE_NOOP("inspector", "Architecture"),
    QT_TRANSLATE_NOOP("inspector", "Weights"), QT_TRANSLATE_NOOP("inspector", "File"),
    QT_TRANSLATE_NOOP("inspector", "Context"), QT_TRANSLATE_NOOP("inspector", "Layers"),
    QT_TRANSLATE_NOOP("inspector", "Width"), QT_TRANSLATE_NOOP("inspector", "Attention"),
    QT_TRANSLATE_NOOP("inspector", "RoPE"), QT_TRANSLATE_NOOP("inspector", "Tokenizer"),
    QT_TRANSLATE_NOOP("inspector", "Chat template"), QT_TRANSLATE_NOOP("inspector", "Licence"),
    QT_TRANSLATE_NOOP("inspector", "Experts"), QT_TRANSLATE_NOOP("inspector", "Sliding window"),
)  # fmt: skip
"""Of :func:`lab_app.gui.models.facts.numbers`, for the translators."""


_WIDE = 840
"""Pixels in which facts and figure stand beside each other."""


class Rows(OrderedTable):
    """A table of plain rows: for every cell the value to sort by and its text. ``fixed``: columns whose letters are
    equally wide."""

    def __init__(self, titles: list[str], numeric: tuple[int, ...] = (), fixed: tuple[int, ...] = ()) -> None:
        super().__init__()
        self._titles, self.numeric, self.rich = titles, numeric, fixed
        self._rows: list[tuple[tuple[Any, str], ...]] = []
        self._typed = ""

    def show_rows(self, rows: list[tuple[tuple[Any, str], ...]]) -> None:
        with self.fresh():
            self._rows = rows

    def look_for(self, typed: str) -> None:
        """Show the rows with a cell that has these letters."""
        with self.fresh():
            self._typed = typed.casefold()

    def fits(self, row: int) -> bool:
        return not self._typed or any(self._typed in text.casefold() for _, text in self._rows[row])

    def heads(self) -> list[str]:
        return self._titles

    def size(self) -> int:
        return len(self._rows)

    def text(self, row: int, column: int) -> str:
        return self._rows[row][column][1]

    def value(self, row: int, column: int) -> Any:
        return self._rows[row][column][0]

    def tip(self, row: int, column: int) -> str:
        return self.text(row, column)

    def font(self, row: int, column: int) -> QFont | None:
        return keeper().fixed_font(0.95) if column in self.rich else None


class Searchable(QWidget):
    """A table with a field that filters it."""

    def __init__(self, name: str, model: Rows) -> None:
        super().__init__()
        self.model = model
        self.filter = QLineEdit()
        self.filter.setAccessibleName(self.tr("Filter: {0}").format(name))
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(model.look_for)
        self.table = TableView(name)
        self.table.setModel(model)
        self.table.leave_unsorted()
        self.table.horizontalHeader().setStretchLastSection(True)
        self.setLayout(column(self.filter, self.table, gap=2))
        self._wanted = self._given = 0

    def fit(self) -> None:
        """Columns as wide as what is in them, the first as far as there is room."""
        self.table.resizeColumnsToContents()
        self._wanted = self.table.columnWidth(0)
        self._give()

    def _give(self) -> None:
        self._given = min(self._wanted, max(space(50), self.width() * 6 // 10))
        self.table.setColumnWidth(0, self._given)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.table.columnWidth(0) == self._given:  # and not what the user has made of it
            self._give()


class _Overview(QWidget):
    """Facts and a figure, beside each other where there is room."""

    def hold(self, facts: QWidget, figure: QLayout) -> None:
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._parts.setSpacing(space(4))
        beside = QWidget()
        beside.setLayout(
            column(facts, None)
        )  # at the top; an alignment would count its lines in another width
        self._parts.addWidget(beside)
        self._parts.addLayout(figure)
        self.setLayout(column(self._parts, None, margin=2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        way = directions.LeftToRight if self.width() >= _WIDE else directions.TopToBottom
        if self._parts.direction() is not way:
            self._parts.setDirection(way)
            for place, share in enumerate((2, 3)):
                self._parts.setStretch(place, share if way is directions.LeftToRight else 0)


class Inspector(QWidget):
    """``show_file(path)`` reads it in the background. Made for a pane as well as for a tab of its own."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._path = ""
        # From outside to inside: a widget that gets a parent is styled anew with all that is in it.
        self.title = label("", "heading", wrap=True, selectable=True)
        self.note = label(self.tr("Choose a model to see what is in it."), "muted", wrap=True)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName(self.tr("Parts of the inspector"))
        self.tabs.hide()
        self._column = column(self.title, self.note, self.tabs, gap=2)
        self._column.setStretch(2, 1)
        self.setLayout(self._column)
        self._column.addStretch(0)
        self._make_overview()
        self.types = Rows(
            [
                self.tr("Type"),
                self.tr("Tensors"),
                self.tr("Size"),
                "\n".join(wrap(self.tr("Bits per weight"), 9, break_long_words=False)),
                self.tr("Share"),
            ],
            (1, 2, 3, 4),
        )
        self.types_table = TableView(self.tr("Types of tensors"))
        self.tabs.addTab(self.types_table, self.tr("Types"))
        self.types_table.setModel(self.types)
        self.types_table.setItemDelegateForColumn(4, BarDelegate(VALUE, self.types_table))
        self.types_table.horizontalHeader().setStretchLastSection(True)
        tensors = Rows([self.tr("Tensor"), self.tr("Type"), self.tr("Shape"), self.tr("Size")], (3,), (0,))
        self.tensors = Searchable(self.tr("Tensors"), tensors)
        self.tabs.addTab(self.tensors, self.tr("Tensors"))
        metadata = Rows([self.tr("Key"), self.tr("Type"), self.tr("Value")], (), (0,))
        self.metadata = Searchable(self.tr("Metadata"), metadata)
        self.tabs.addTab(self.metadata, self.tr("Metadata"))

    def _make_overview(self) -> None:
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tabs.addTab(scroll, self.tr("Overview"))
        overview = _Overview()
        overview.setProperty("role", "page")
        scroll.setWidget(overview)
        self.summary = QWidget()
        self.memory: FigureView | None = None
        self._memory_place = QVBoxLayout()
        overview.hold(self.summary, self._memory_place)
        self._form = QFormLayout(self.summary)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(space(4))
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)

    def show_file(self, path: str) -> None:
        """Empty: nothing is chosen."""
        from lab_app.gui.models import facts

        self._path = path
        if not path:
            self._show_nothing(self.tr("Choose a model to see what is in it."))
            return
        reserve = self._context.settings.value.reserve
        background(lambda: facts.shown(path, reserve), self._show, owner=self)

    def _show_nothing(self, text: str) -> None:
        self.title.setText("")
        self.note.setText(text)
        self.note.show()
        self.tabs.hide()

    def _show(self, found: Shown) -> None:
        if found.path != self._path:
            return
        if found.inspection is None:
            self._show_nothing(found.problem)
            return
        self.show_inspection(found)

    def show_inspection(self, found: Shown) -> None:
        """Everything of a file whose header was read."""
        from lab_app.gui.models.facts import numbers

        about = found.inspection
        assert about is not None
        self.title.setText(about.name or about.paths[0])
        self.note.hide()
        self.tabs.show()
        while self._form.rowCount():
            self._form.removeRow(0)
        for name, value in numbers(about).items():
            self._form.addRow(
                label(QCoreApplication.translate("inspector", name), "muted"),
                label(value, wrap=True, selectable=True),
            )
        self.types.show_rows([
            ((t.type, t.type), (t.tensors, str(t.tensors)), (t.nbytes, size(t.nbytes)),
             (t.bits_per_weight, f"{t.bits_per_weight:.2f}"), (t.share, f"{100 * t.share:.1f} %"))
            for t in about.types
        ])  # fmt: skip
        self.tensors.model.show_rows([
            ((t.name, t.name), (t.type, t.type), (t.elements, " × ".join(map(str, t.shape))),
             (t.nbytes, size(t.nbytes)))
            for t in about.tensors
        ])  # fmt: skip
        self.metadata.table.give_way({1: space(110)})  # the value says more than its type
        self.metadata.model.show_rows([
            ((m.key, m.key), (m.type, m.type), (str(m.value), _value(m.value, m.count))) for m in about.metadata
        ])  # fmt: skip
        self.types_table.resizeColumnsToContents()
        self.tensors.fit()
        self.metadata.fit()
        self._show_memory(found)

    def _show_memory(self, found: Shown) -> None:
        from lab_app.figures import Axis, Line
        from lab_app.gui.plots.base import Variant
        from lab_app.gui.plots.view import FigureView
        from lab_app.store.records import Sample

        if self.memory is not None:
            self.memory.deleteLater()
            self.memory = None
        if not found.curves:
            return
        line = Line(
            self.tr("Memory against context"), "memory", Axis(self.tr("context"), self.tr("tokens")),
            Axis(self.tr("memory"), "bytes"),
        )  # fmt: skip
        here = self.tr("free on this machine")
        variants = [Variant(curve.kv, self.tr("KV cache {0}").format(curve.kv)) for curve in found.curves]
        variants.insert(0, Variant("here", here, is_base=True))
        self.memory = FigureView(
            line, variants, self.tr("Weights, KV cache and compute buffers, computed from the header.")
        )
        self.memory.setMinimumHeight(space(80))
        self._memory_place.addWidget(self.memory)
        ends = [n for n, _ in found.curves[0].points]
        self.memory.extend(
            "here", [Sample("memory", float(n), float(found.usable)) for n in (ends[0], ends[-1])]
        )
        for curve in found.curves:
            self.memory.extend(curve.kv, [Sample("memory", float(n), float(b)) for n, b in curve.points])


def _value(value: Any, count: int | None) -> str:
    text = " ".join(str(value).split()) if not isinstance(value, list) else ", ".join(map(str, value))
    if len(text) > 400:
        text = text[:400] + " …"
    return f"[{count}] {text}" if count is not None else text

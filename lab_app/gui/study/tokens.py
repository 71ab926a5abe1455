"""The tab of single tokens: one chunk of the text, one file against the base, and both models' choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QSizePolicy,
    QSpinBox,
    QStackedWidget,
    QWidget,
)

from lab_app.gui.context import Context
from lab_app.gui.study.choices import Choices
from lab_app.gui.study.chunk import Chunk, read_chunk, vocabulary_of
from lab_app.gui.study.token_text import Scale, TokenText, describe
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import button, calm, card, column, label, roomy, row, tool
from lab_app.gui.widgets.table_model import Index, OrderedTable, Role
from lab_app.gui.widgets.tables import TableView
from lab_app.gui.words import chance

if TYPE_CHECKING:
    from lab_app.gguf.vocabulary import Vocabulary
    from lab_app.gui.analyst.answer import Answer
    from lab_app.store import Store
    from lab_app.store.records import Sample


class TokenTable(OrderedTable):
    """The tokens of a chunk, a row each."""

    numeric = (1, 2, 3)

    def __init__(self) -> None:
        super().__init__()
        self.chunk: Chunk | None = None

    def show_chunk(self, chunk: Chunk | None) -> None:
        with self.fresh():
            self.chunk = chunk

    def heads(self) -> list[str]:
        return [
            self.tr("Token"),
            self.tr("KL divergence (nats)"),
            self.tr("Probability, base"),
            self.tr("Probability, this file"),
            self.tr("Choice of the base"),
            self.tr("Choice of this file"),
        ]

    def size(self) -> int:
        return 0 if self.chunk is None else len(self.chunk.tokens)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical and role == Role.DisplayRole:
            return self.kept(section) + 1
        return super().headerData(section, orientation, role)

    def text(self, row: int, column: int) -> str:
        assert self.chunk is not None
        token = self.chunk.tokens[row]
        return (
            self.chunk.name(token.id), f"{token.kld:.4g}", chance(token.p_base), chance(token.p),
            self.chunk.name(token.top_base), self.chunk.name(token.top),
        )[column]  # fmt: skip

    def value(self, row: int, column: int) -> Any:
        assert self.chunk is not None
        token = self.chunk.tokens[row]
        numbers = {1: token.kld, 2: token.p_base, 3: token.p}
        return numbers[column] if column in numbers else self.text(row, column)


class TokensTab(QWidget):
    """Offers what is measured; both models' most probable tokens are computed when a token is clicked."""

    def __init__(self, context: Context, is_timing: Callable[[], bool]) -> None:
        super().__init__()
        self._context = context
        self._answer: Answer | None = None
        self._vocabulary: Vocabulary | None = None
        self._vocabulary_of = ""
        self._most: dict[str, int] = {}
        """Key of a job → the number of chunks that are measured, in the text's order; some before the last may lack."""
        self._stale = False
        """More is measured than the fields offer; they follow when they can be seen."""
        self.file = calm(QComboBox())
        self.file.setAccessibleName(self.tr("File"))
        self.file.setMinimumContentsLength(4)  # a model's name may be longer than the window is wide
        self.number = roomy(QSpinBox())
        self.number.setAccessibleName(self.tr("Chunk of the text"))
        self.number.setMinimumWidth(space(20))
        self.of = label("", "muted")
        self.worst = button(self.tr("Largest divergence"), self._go_to_worst)
        self.as_table = tool(self.tr("Show the tokens as a table"), "table", lambda: None)
        self.as_table.setCheckable(True)
        self.scale = Scale()
        self.text = TokenText()
        self.table_model = TokenTable()
        self.table = TableView(self.tr("Tokens"), several=True)
        self.table.setModel(self.table_model)
        self.table.leave_unsorted()
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().show()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.empty = label(self.tr("No chunk is compared with the base yet."), "muted", wrap=True)
        self.stack = QStackedWidget()
        for part in (self.text, self.table, self.empty):
            self.stack.addWidget(part)
        self.said = label(" ", "", wrap=True, selectable=True)
        self.said.setMinimumHeight(round(2.2 * self.fontMetrics().height()))
        self.hint = label(
            self.tr("A line below a token: base and file would choose differently. Click for the first five of each."),
            "small", wrap=True,
        )  # fmt: skip
        self.choices = Choices(context.lab, is_timing)
        bar = row(
            label(self.tr("File")), self.file, label(self.tr("Chunk")), self.number, self.of, self.worst,
            self.as_table, None, self.scale, gap=2,
        )  # fmt: skip
        self.setLayout(column(bar, card(self.stack), self.said, self.hint, self.choices, gap=2))
        self.file.currentIndexChanged.connect(lambda _: self._file_chosen())
        self.number.valueChanged.connect(lambda _: self._load())
        self.text.chosen.connect(self._looked_at)
        self.text.asked.connect(self._ask_choices)
        self.as_table.toggled.connect(lambda _: self._show_page())
        self.table.activated.connect(lambda index: self._from_table(self.table_model.kept(index.row())))
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._row_changed(now))
        self._later = QTimer(self, singleShot=True, interval=250)
        self._later.timeout.connect(self._offer_numbers)
        self._show_page()

    # -- what there is -------------------------------------------------------------------------------

    def show_answer(self, answer: Answer) -> None:
        """Another answer of the same study."""
        self._answer = answer
        if self._vocabulary_of != answer.study_id:
            self._vocabulary_of = answer.study_id
            self._vocabulary = None
            self._context.lab.ask(
                lambda store: vocabulary_of(store, answer.study_id), self._take_vocabulary, owner=self
            )
        base = {v.key for v in answer.variants if v.is_base}
        labels = {v.key: v.label for v in answer.variants}
        cells = [c for c in answer.cells if c.probe == "divergence" and c.variant not in base]
        several = len({c.probe_id for c in cells}) > 1
        entries = [
            (f"{labels[c.variant]} ({c.probe_id})" if several else labels[c.variant], c.job_key)
            for v in answer.variants
            for c in cells
            if c.variant == v.key
        ]
        if [(self.file.itemText(i), self.file.itemData(i)) for i in range(self.file.count())] != entries:
            chosen = self.file.currentData()
            self.file.clear()
            for text, key in entries:
                self.file.addItem(text, key)
            self.file.setCurrentIndex(max(0, self.file.findData(chosen)))

    def take(self, key: str, samples: Sequence[Sample]) -> None:
        """Samples of any job of the study."""
        most = max((int(float(s.x)) + 1 for s in samples if s.series == "chunk"), default=0)
        known = self._most.get(key, 0)
        if not most or (most <= known and self.text.chunk is not None):
            return
        self._most[key] = max(most, known)
        if key == self.file.currentData():
            self._stale = True
            if self.isVisible() and not self._later.isActive():
                self._later.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._offer_numbers()

    def _take_vocabulary(self, found: Vocabulary | None) -> None:
        self._vocabulary = found
        self._load()

    def _offer_numbers(self) -> None:
        self._stale = False
        most = self._most.get(str(self.file.currentData()), 0)
        self.number.setRange(1, max(1, most))
        self.of.setText(self.tr("of {0}").format(most) if most else "")
        self.number.setEnabled(most > 0)
        if self.text.chunk is None:
            self._load()

    def _file_chosen(self) -> None:
        self._offer_numbers()
        self._load()

    def _load(self) -> None:
        key, number = self.file.currentData(), self.number.value() - 1
        if key is None or number >= self._most.get(str(key), 0):
            self._show(None)
            return
        vocabulary = self._vocabulary

        def read(store: Store) -> tuple[str, Chunk | None]:
            return str(key), read_chunk(store, str(key), number, vocabulary)

        self._context.lab.ask(read, self._take, owner=self)

    def _take(self, found: tuple[str, Chunk | None]) -> None:
        key, chunk = found
        if key == self.file.currentData() and (chunk is None or chunk.number == self.number.value() - 1):
            self._show(chunk)

    def _show(self, chunk: Chunk | None) -> None:
        same = chunk is not None and self.text.chunk is not None and chunk.tokens == self.text.chunk.tokens
        if same:
            return
        self.choices.show_chunk(chunk)
        self.text.show_chunk(chunk)
        self.table_model.show_chunk(chunk)
        problem = chunk.problem if chunk is not None else ""
        self.said.setText(QCoreApplication.translate("tokens", problem) if problem else " ")
        self._show_page()

    def _show_page(self) -> None:
        page: QWidget = self.empty
        if self.text.chunk is not None:
            page = self.table if self.as_table.isChecked() else self.text
        for other in (self.text, self.table, self.empty):  # only what is seen takes room
            policy = other.sizePolicy()
            policy.setVerticalPolicy(
                QSizePolicy.Policy.Preferred if other is page else QSizePolicy.Policy.Ignored
            )
            other.setSizePolicy(policy)
        self.table.setMinimumHeight(space(90) if page is self.table else 0)
        self.stack.setCurrentWidget(page)
        self.stack.updateGeometry()
        for part in (self.worst, self.as_table):
            part.setEnabled(self.text.chunk is not None)
        self.hint.setVisible(self.text.chunk is not None)

    # -- one token -----------------------------------------------------------------------------------

    def _looked_at(self, place: int) -> None:
        chunk = self.text.chunk
        if chunk is None or not 0 <= place < len(chunk.tokens):
            return
        self.said.setText(describe(chunk, place))
        self.choices.look(place)

    def _go_to_worst(self) -> None:
        chunk = self.text.chunk
        if chunk is not None and chunk.tokens:
            place = max(range(len(chunk.tokens)), key=lambda i: chunk.tokens[i].kld)
            self.text.choose(place)
            self.table.selectRow(self.table_model.place(place))
            if not self.as_table.isChecked():
                self.text.setFocus()

    def _row_changed(self, now: Index) -> None:
        self.text.choose(self.table_model.kept(now.row()) if now.isValid() else -1)

    def _from_table(self, place: int) -> None:
        self.text.choose(place)
        self._ask_choices(place)

    def _ask_choices(self, place: int) -> None:
        if self._answer is not None:
            self.choices.ask(place, self._answer, str(self.file.currentData()), self.file.currentText())

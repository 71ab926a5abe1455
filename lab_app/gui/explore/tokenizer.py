"""Tokenizer: one text through one or two models' tokenizers, aligned, differences marked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QCheckBox, QHeaderView, QPlainTextEdit, QWidget

from lab_app.engines.spans import Piece, align
from lab_app.gui.context import Context
from lab_app.gui.explore.duel import shown
from lab_app.gui.explore.model_field import ModelField
from lab_app.gui.theme import keeper, space
from lab_app.gui.widgets.basic import card, column, label, row
from lab_app.gui.widgets.reading import Reading
from lab_app.gui.widgets.table_model import ALL, TableModel
from lab_app.gui.widgets.tables import TableView
from lab_app.jobs.job import FileInput, Job, Slot
from lab_app.jobs.states import JobState
from lab_app.system import said
from lab_app.system.errors import LabError

Token = tuple[int, str, int | None, int | None]


def tokenize_job(path: str, sha256: str, text: str, *, special: bool) -> Job:
    """Not for the GUI thread (asks for the engine's identity)."""
    from lab_app.system import native

    return Job(
        "tokenize",
        {"text": text, "add_special": special, "parse_special": special},
        {"model": FileInput(path, sha256)},
        engine=native.engine_id(),
        slot=Slot.LIVE,
        title=f"tokens: {Path(path).name}",
    )


class AlignedModel(TableModel):
    """A row is the shortest stretch of the text at whose ends both tokenizers have a boundary."""

    rich = ALL

    def __init__(self) -> None:
        super().__init__()
        self.source = b""
        self.tokens: list[list[Token]] = []
        self.pieces: list[Piece] = []

    def show_tokens(self, text: str, tokens: list[list[Token]]) -> None:
        self.beginResetModel()
        self.source = text.encode("utf-8", errors="replace")
        self.tokens = tokens
        first = [(token[2], token[3]) for token in tokens[0]] if tokens else []
        second = [(token[2], token[3]) for token in tokens[-1]] if tokens else []
        self.pieces = align(first, second, self.source) if tokens else []  # type: ignore[arg-type]
        self.endResetModel()

    def heads(self) -> list[str]:
        return [
            self.tr("Text"),
            self.tr("Tokens of the first model"),
            self.tr("Tokens of the second model"),
        ][: 1 + len(self.tokens)]

    def size(self) -> int:
        return len(self.pieces)

    def text(self, row: int, column: int) -> str:
        return self._written(self.pieces[row], column)

    def spoken(self, row: int, column: int) -> str:
        text = self.text(row, column)
        return text if self.pieces[row].same else self.tr("{0}, different").format(text)

    def font(self, row: int, column: int) -> QFont | None:
        return keeper().fixed_font()

    def colour(self, row: int, column: int) -> str:
        return "" if self.pieces[row].same else keeper().theme.warn

    def _written(self, piece: Piece, column: int) -> str:
        if column == 0:
            text = self.source[piece.start : piece.end].decode("utf-8", errors="replace")
            return shown(text) if piece.same else f"≠ {shown(text)}"
        places = piece.first if column == 1 else piece.second
        own = self.tokens[column - 1]
        return "   ".join(f"{shown(own[i][1])} {own[i][0]}" for i in places)


class Tokenizer(QWidget):
    """The tab. Works as one types, a moment after the last key."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.tr("Text to tokenize"))
        self.text.setPlaceholderText(self.tr("Paste a text"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(space(28))
        self.special = QCheckBox(self.tr("With special tokens (BOS, chat markers)"))
        self.special.setAccessibleName(self.special.text())
        self.fields = (
            ModelField(self.tr("First model")),
            ModelField(self.tr("Second model (may stay empty)")),
        )
        self.note = label(self.tr("Choose a model and paste a text."), "muted", wrap=True)
        self.reading = Reading(context.lab)
        self.model = AlignedModel()
        self.table = TableView(self.tr("Tokens, aligned"))
        self.table.setModel(self.model)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(0, space(45))  # a piece of text is short, its tokens may be many
        whole = column(
            card(row(self.fields[0], self.fields[1], gap=4), self.text, self.special),
            self.reading, self.note, self.table, gap=3,
        )  # fmt: skip
        whole.setStretch(3, 1)
        self.setLayout(whole)
        self._settle = QTimer(self, singleShot=True, interval=350)
        self._settle.timeout.connect(self.ask)
        self.text.textChanged.connect(self._settle.start)
        self.special.toggled.connect(lambda _: self._settle.start())
        for field in self.fields:
            field.changed.connect(lambda _: self._settle.start())
        self._keys: list[str] = []
        self._asked = ""
        context.lab.changed.connect(self._changed)

    def offer(self, models: list[tuple[str, str]]) -> None:
        for field in self.fields:
            field.offer(models)

    def typed(self) -> tuple[str, bool, list[str]] | None:
        """What would be lost with this tab, for :meth:`type_again` of another; None where nothing would."""
        sources = [field.source for field in self.fields]
        text = self.text.toPlainText()
        return (text, self.special.isChecked(), sources) if text or any(sources) else None

    def type_again(self, typed: tuple[str, bool, list[str]]) -> None:
        text, special, sources = typed
        for field, source in zip(self.fields, sources, strict=True):
            field.take(source)
        self.special.setChecked(special)
        self.text.setPlainText(text)

    def ask(self) -> None:
        """Tokenize what stands there."""
        paths = [field.source for field in self.fields if field.source]
        text, special = self.text.toPlainText(), self.special.isChecked()
        if not paths or not text:
            self._keys = []  # an answer still to come is to what stands there no more
            self._show_nothing(self.tr("Choose a model and paste a text."))
            self.reading.cancel()
            return

        self.reading.ask(
            paths,
            lambda sums: [tokenize_job(path, sums[path], text, special=special) for path in paths],
            lambda found: self._submit(found, text),
            self._failed,
        )

    def _failed(self, error: LabError) -> None:
        self._keys = []
        self._show_nothing(said.both(error))

    def _show_nothing(self, text: str) -> None:
        """The tokens shown so far are of another text or model."""
        self.model.show_tokens("", [])
        self.note.setText(text)

    def _submit(self, jobs: list[Job], text: str) -> None:
        self._keys, self._asked = [job.key for job in jobs], text
        self._context.lab.submit({job.key: job for job in jobs}.values())

    def _changed(self, key: str) -> None:
        if key not in self._keys:
            return
        views = [self._context.lab.jobs.get(other) for other in self._keys]
        for view in views:
            if view is not None and view.state.ended and view.state is not JobState.DONE:
                self._show_nothing(said.both(view))
                return
        if all(view is not None and view.state is JobState.DONE for view in views):
            keys, text = list(self._keys), self._asked
            self._context.lab.ask(
                lambda store: [store.result(key) for key in keys],
                lambda results: self._show(keys, text, results), owner=self,
            )  # fmt: skip

    def _show(self, keys: list[str], text: str, results: list[Any]) -> None:
        if keys != self._keys or any(result is None for result in results):
            return
        tokens = [[tuple(token) for token in result.values["tokens"]] for result in results]
        self.model.show_tokens(text, tokens)
        parts = [self.tr("%n token(s)", "", len(own)) for own in tokens]
        if len(tokens) == 2:
            different = sum(not piece.same for piece in self.model.pieces)
            counts = self.tr("First model: {0}; second: {1}.").format(*parts)
            ids = [token[0] for token in tokens[0]] == [token[0] for token in tokens[1]]
            if not different:
                same = (
                    self.tr("Same boundaries and same ids.")
                    if ids
                    else self.tr("Same boundaries, other ids.")
                )
                self.note.setText(f"{counts} {same}")
            else:
                self.note.setText(
                    f"{counts} " + self.tr("%n stretch(es) differ, marked with ≠.", "", different)
                )
        else:
            letters = len(text)
            each = self.tr("{0} characters a token.").format(f"{letters / max(1, len(tokens[0])):.2f}")
            self.note.setText(f"{parts[0]}; {each}")

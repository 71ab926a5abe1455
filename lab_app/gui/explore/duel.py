"""Duel: two files, one prompt, both write at once; where they part, and what each found probable there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHeaderView,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QTextEdit,
    QWidget,
)

from lab_app.engines.spans import fork
from lab_app.gui.background import background
from lab_app.gui.context import Context
from lab_app.gui.explore.model_field import ModelField
from lab_app.gui.models import too_large
from lab_app.gui.theme import keeper, space
from lab_app.gui.widgets.basic import button, card, column, label, roomy, row
from lab_app.gui.widgets.reading import Reading
from lab_app.gui.widgets.table_model import TableModel
from lab_app.gui.widgets.tables import TableView
from lab_app.jobs.events import Failure
from lab_app.jobs.job import FileInput, Job, Slot
from lab_app.jobs.states import JobState
from lab_app.store.records import Sample
from lab_app.system import said
from lab_app.system.errors import LabError

TOP = 5
Typed = tuple[str, bool, int, list[str], list[str]]
"""Prompt, whether it is a question, tokens at most, the files and the jobs of both sides."""


def duel_job(path: str, sha256: str, prompt: str, *, chat: bool, max_tokens: int) -> Job:
    """One side of a duel, greedy, with half of the cores. Not for the GUI thread (asks for the engine's identity)."""
    from lab_app.system import native

    settings = {"threads": max(1, (os.cpu_count() or 2) // 2)}
    return Job(
        "generate",
        {"prompt": prompt, "chat": chat, "max_tokens": max_tokens, "top": TOP, "settings": settings},
        {"model": FileInput(path, sha256)},
        engine=native.engine_id(),
        slot=Slot.LIVE,
        title=f"duel: {Path(path).name}",
    )


class TopModel(TableModel):
    """The most probable tokens at one place."""

    numeric = (1,)
    rich = (0,)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, float]] = []

    def show_rows(self, rows: list[tuple[str, float]]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def heads(self) -> list[str]:
        return [self.tr("Next token"), self.tr("Probability")]

    def size(self) -> int:
        return len(self.rows)

    def text(self, row: int, column: int) -> str:
        text, chance = self.rows[row]
        return shown(text) if column == 0 else f"{100 * chance:.1f} %"

    def font(self, row: int, column: int) -> QFont | None:
        return keeper().fixed_font() if column == 0 else None


def shown(text: str) -> str:
    """A token with its blanks and line ends to be seen."""
    return text.replace(" ", "␣").replace("\n", "⏎").replace("\t", "⇥") or "∅"


class Side(QWidget):
    """One of the two: a file, what it writes, and the most probable tokens at the place looked at.

    ``looked_at(index)``: the user clicked on a token."""

    looked_at = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.field = ModelField(name)
        self.text = QTextEdit(readOnly=True)
        self.text.setAccessibleName(self.tr("What “{0}” writes").format(name))
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(space(24))
        # The room that is left: in the smallest window the tokens below are seen without scrolling.
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.text.cursorPositionChanged.connect(self._moved)
        self.note = label("", "muted", wrap=True)
        self.top = TopModel()
        self.table = TableView(self.tr("Most probable tokens of “{0}”").format(name))
        self.table.setModel(self.top)
        self.table.setFixedHeight(space(43))
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        whole = column(self.field, self.text, self.note, self.table)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.key = ""
        self.tokens: list[Sample] = []
        self._early: dict[float, Sample] = {}
        """Tokens that came before those they follow: live ones, while earlier ones are read from the store."""
        self._ends: list[int] = []
        self._writing = False

    @property
    def ids(self) -> list[int]:
        return [int(sample.payload["id"]) for sample in self.tokens if sample.payload is not None]

    def clear(self) -> None:
        self.key, self.tokens, self._early, self._ends = "", [], {}, []
        self._writing = True
        self.text.clear()
        self._writing = False
        self.note.setText("")
        self.top.show_rows([])

    def write(self, samples: list[Sample]) -> None:
        """Add tokens, whichever of them are not there yet."""
        self._writing = True
        cursor = QTextCursor(self.text.document())
        tokens = {float(s.x): s for s in samples if s.series == "token" and s.payload is not None}
        self._early.update({x: sample for x, sample in tokens.items() if x >= len(self.tokens)})
        while (sample := self._early.pop(float(len(self.tokens)), None)) is not None:
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(str((sample.payload or {})["text"]), QTextCharFormat())
            self.tokens.append(sample)
            self._ends.append(cursor.position())
        self._writing = False

    def mark(self, index: int, colour: str) -> None:
        """Give one token a ground of its own."""
        self._writing = True
        cursor = QTextCursor(self.text.document())
        cursor.setPosition(self._ends[index - 1] if index else 0)
        cursor.setPosition(self._ends[index], QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setBackground(QColor(colour))
        look.setForeground(QColor(keeper().theme.on_accent))
        cursor.mergeCharFormat(look)
        self._writing = False

    def look_at(self, index: int) -> None:
        """Show what was probable at a token."""
        if 0 <= index < len(self.tokens):
            payload = self.tokens[index].payload or {}
            self.top.show_rows([(str(text), float(chance)) for _, text, chance in payload["top"]])
        else:
            self.top.show_rows([])

    def _moved(self) -> None:
        if not self._writing and self._ends and self.text.hasFocus():
            at = self.text.textCursor().position()
            self.looked_at.emit(
                next((i for i, end in enumerate(self._ends) if at < end), len(self._ends) - 1)
            )


class Duel(QWidget):
    """The tab. ``sides[0]`` writes on the leading side."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._fork: int | None = None
        self.prompt = QPlainTextEdit()
        self.prompt.setAccessibleName(self.tr("Prompt"))
        self.prompt.setPlaceholderText(self.tr("What both models are to continue or to answer"))
        self.prompt.setTabChangesFocus(True)
        self.prompt.setFixedHeight(space(15))
        self.chat = QCheckBox(self.tr("As a question, through the chat template"))
        self.chat.setAccessibleName(self.chat.text())
        self.chat.setChecked(True)
        self.length = roomy(QSpinBox(minimum=1, maximum=4096, value=96))
        self.length.setSuffix(self.tr(" tokens"))
        self.length.setAccessibleName(self.tr("Tokens to write at most"))
        self.go = button(self.tr("Generate"), self.start, icon="play", kind="primary")
        self.stop = button(self.tr("Stop"), self.cancel, icon="x")
        self.stop.setEnabled(False)
        self.verdict = label(
            self.tr("Choose two files and write a prompt. Both write at once, greedily; the first token in which they "
                    "differ is marked, with what each found probable there."),
            "muted", wrap=True,
        )  # fmt: skip
        self.reading = Reading(context.lab)
        self.reading.stopped.connect(self._stopped)
        self.sides = (Side(self.tr("First model")), Side(self.tr("Second model")))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(space(4))
        for place, side in enumerate(self.sides):
            grid.addWidget(side, 0, place)
            grid.setColumnStretch(place, 1)
            side.looked_at.connect(self.look_at)
        whole = column(
            card(self.prompt, row(self.chat, self.length, None, self.stop, self.go)),
            self.reading, self.verdict, grid, gap=3,
        )  # fmt: skip
        whole.setStretch(3, 1)  # the answers take the room there is
        self.setLayout(whole)
        context.lab.sampled.connect(self._sampled)
        context.lab.changed.connect(self._changed)
        context.lab.ended.connect(self._ended)
        context.theme.changed.connect(self._repaint)

    def offer(self, models: list[tuple[str, str]]) -> None:
        for side in self.sides:
            side.field.offer(models)

    def typed(self) -> Typed | None:
        """What would be lost with this tab, for :meth:`type_again` of another; None where nothing would."""
        sources = [side.field.source for side in self.sides]
        prompt = self.prompt.toPlainText()
        if not prompt and not any(sources):
            return None
        return prompt, self.chat.isChecked(), self.length.value(), sources, [side.key for side in self.sides]

    def type_again(self, typed: Typed) -> None:
        """Also takes up the duel that was shown, which may still run."""
        prompt, chat, length, sources, keys = typed
        for side, source in zip(self.sides, sources, strict=True):
            side.field.take(source)
        self.prompt.setPlainText(prompt)
        self.chat.setChecked(chat)
        self.length.setValue(length)
        if not all(keys):
            return
        self.verdict.setText(self.tr("Both are loading…"))
        for side, key in zip(self.sides, keys, strict=True):
            side.key = key
        for key in keys:
            self._changed(key)
            self._read(key)

    # -- work ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Both sides from the beginning."""
        paths = [side.field.source for side in self.sides]
        prompt = self.prompt.toPlainText()
        if not all(paths) or not prompt.strip():
            self.verdict.setText(self.tr("Choose two files and write a prompt first."))
            return
        self.cancel()
        self.go.setEnabled(False)
        # A token is two letters at least, as a rule; templates take some more.
        context, reserve = len(prompt) // 2 + 256 + self.length.value(), self._context.settings.value.reserve

        def weigh() -> tuple[int, int]:
            from lab_app.gui.models import facts

            return facts.together(paths, context, reserve)

        background(weigh, lambda found: self._weighed(paths, prompt, context, *found), owner=self)

    def _weighed(self, paths: list[str], prompt: str, context: int, needed: int, free: int) -> None:
        """Both together may need more than there is: then it is asked first."""
        if needed <= free:
            self._begin(paths, prompt)
            return
        self.go.setEnabled(True)
        names = self.tr("{0} and {1}").format(*(Path(path).name for path in paths))
        too_large.ask(
            self,
            names,
            needed,
            free,
            context,
            anyway=self.tr("Load them anyway"),
            keep=self.tr("Don't load them"),
            then=lambda: self._begin(paths, prompt),
        )

    def _begin(self, paths: list[str], prompt: str) -> None:
        for side in self.sides:
            side.clear()
        self._fork = None
        chat, length = self.chat.isChecked(), self.length.value()
        self.go.setEnabled(False)
        self.stop.setEnabled(True)
        self.verdict.setText(self.tr("The files are read…"))
        self.reading.ask(
            paths,
            lambda sums: [duel_job(p, sums[p], prompt, chat=chat, max_tokens=length) for p in paths],
            self._submit,
            self._failed,
        )

    def _submit(self, jobs: list[Job]) -> None:
        for side, job in zip(self.sides, jobs, strict=True):
            side.key = job.key
        self.verdict.setText(self.tr("Both are loading…"))
        self._context.lab.submit({job.key: job for job in jobs}.values())

    def _stopped(self) -> None:
        """Before there were jobs to stop."""
        self.go.setEnabled(True)
        self.stop.setEnabled(False)
        self.verdict.setText(self.tr("Stopped."))

    def _failed(self, error: LabError) -> None:
        self._stopped()
        self.verdict.setText(said.both(error))

    def cancel(self) -> None:
        if self.reading.busy:
            self.reading.cancel()
            self._stopped()
        for side in self.sides:
            view = self._context.lab.jobs.get(side.key)
            if view is not None and not view.state.ended:
                self._context.lab.cancel(side.key)

    def _sampled(self, key: str, samples: list[Sample]) -> None:
        for side in self.sides:
            if side.key == key:
                side.write(samples)
                self._compare()

    def _changed(self, key: str) -> None:
        view = self._context.lab.jobs.get(key)
        if view is None or key not in (self.sides[0].key, self.sides[1].key):
            return
        if view.state is JobState.DONE and view.message == "found":
            self._read(key)  # asked before: the answer is in the store
        elif view.state.ended and view.state is not JobState.DONE:
            for side in self.sides:
                if side.key == key:
                    side.note.setText(said.both(view) or self.tr("Stopped."))
        running = [self._context.lab.jobs.get(side.key) for side in self.sides]
        busy = any(view is not None and not view.state.ended for view in running)
        self.go.setEnabled(not busy)
        self.stop.setEnabled(busy)
        if not busy and not all(side.tokens for side in self.sides):
            stopped = any(view is not None and view.state is JobState.CANCELLED for view in running)
            self.verdict.setText(self.tr("Stopped.") if stopped else "")  # nothing is loading any more

    def _read(self, key: str) -> None:
        self._context.lab.ask(
            lambda store: (store.samples(key), store.result(key)),
            lambda found: self._found(key, *found), owner=self,
        )  # fmt: skip

    def _found(self, key: str, samples: list[Sample], result: Any) -> None:
        self._sampled(key, samples)
        if result is not None:
            self._ended(key, result)

    def _ended(self, key: str, event: Any) -> None:
        for side in self.sides:
            if side.key == key and not isinstance(event, Failure):
                values = event.values
                seconds, count = float(values["seconds"]), len(values["tokens"])
                why = {
                    "eog": self.tr("ended its turn"),
                    "stop": self.tr("stopped"),
                    "length": self.tr("reached the length"),
                }[values["stopped_by"]]
                side.note.setText(
                    self.tr(
                        "{0} tokens after a prompt of {1}, {2}; {3} tokens a second beside the other"
                    ).format(
                        count, values["prompt_tokens"], why, f"{count / seconds:.1f}" if seconds else "–"
                    )
                )
                self._compare()

    # -- what is shown ------------------------------------------------------------------------------

    def _compare(self) -> None:
        first, second = self.sides
        if self._fork is None:
            self._fork = fork(first.ids, second.ids)
            if self._fork is not None:
                self._repaint()
                self.look_at(self._fork)
        if self._fork is not None:
            if self._fork:
                self.verdict.setText(self.tr("They write the same %n token(s), then part.", "", self._fork))
            else:
                self.verdict.setText(self.tr("They part at the first token."))
        elif first.tokens and second.tokens:
            same = min(len(first.tokens), len(second.tokens))
            self.verdict.setText(self.tr("The same so far: %n token(s).", "", same))

    def _repaint(self) -> None:
        if self._fork is not None:
            for side in self.sides:
                if self._fork < len(side.tokens):
                    side.mark(self._fork, keeper().theme.accent)

    def look_at(self, index: int) -> None:
        """Show on both sides what was probable at token ``index``."""
        for side in self.sides:
            side.look_at(index)

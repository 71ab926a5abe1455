"""The form: model, quant types, questions, more. Every change goes into the draft; the draft is the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QScrollArea, QTableView, QToolButton, QWidget

from lab_app.gui.background import background
from lab_app.gui.bridge import Lab
from lab_app.gui.builder import facts as finding
from lab_app.gui.builder.facts import Costs, Facts
from lab_app.gui.builder.file_view import FileView, write
from lab_app.gui.builder.more import More
from lab_app.gui.builder.questions import Questions
from lab_app.gui.builder.source import SourcePicker
from lab_app.gui.builder.types import TypesModel, nominal, predicted
from lab_app.gui.context import Context
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import button, card, column, label, row, set_role
from lab_app.gui.words import command, duration, size
from lab_app.jobs.job import FileInput, Job
from lab_app.jobs.states import JobState
from lab_app.studies.draft import Draft, suggested_name
from lab_app.studies.questions import Question, questions
from lab_app.system.errors import LabError


class TypesTable(QTableView):
    """Space ticks the current row, whatever its column."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current, model = self.currentIndex(), self.model()
        if event.key() == Qt.Key.Key_Space and current.isValid():
            self.toggle(model.index(current.row(), TypesModel.TYPE))
            return
        super().keyPressEvent(event)

    def toggle(self, index: QModelIndex) -> None:
        model = self.model()
        if not model.flags(index) & Qt.ItemFlag.ItemIsUserCheckable:
            return
        on = model.data(index, Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        model.setData(
            index, Qt.CheckState.Unchecked if on else Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole
        )


class Builder(QWidget):
    """``started(study_id)``; ``left()`` when the user goes back without starting."""

    started = Signal(str)
    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._lab: Lab = context.lab
        self.draft = Draft()
        self._facts = Facts("")
        self._costs = Costs()
        self._questions: tuple[Question, ...] = ()
        self._predict = ""
        self._origin: Path | None = None
        self._named = False
        self.problems: str = ""
        self._settle = QTimer(self, singleShot=True, interval=250)
        self._settle.timeout.connect(self._check)
        self._make_parts()
        self._lay_out()
        self._lab.changed.connect(self._job_changed)
        background(questions, self._offer, owner=self)

    # -- parts --------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name of the study"))
        self.name.textEdited.connect(self._rename)
        self.source = SourcePicker()
        self.source.changed.connect(self._choose_source)
        self.types = TypesModel()
        self.types.has_imatrix = lambda: self.draft.quantize_option("imatrix") is not None
        self.types.chosen_changed.connect(self._choose_types)
        self.table = TypesTable()
        self.table.setModel(self.types)
        self.table.setAccessibleName(self.tr("Quant types"))
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.setMinimumHeight(space(66))
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(TypesModel.NOTES, QHeaderView.ResizeMode.Stretch)
        self.asked = Questions()
        self.asked.changed.connect(self._ask)
        self.more = More()
        self.more.changed.connect(self._more_changed)
        self.more.hide()
        self.more_button = QToolButton()
        self.more_button.setText(self.tr("More: importance matrix, overrides, KV cache"))
        self.more_button.setAccessibleName(self.more_button.text())
        self.more_button.setCheckable(True)
        self.more_button.setArrowType(Qt.ArrowType.DownArrow)
        self.more_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.more_button.toggled.connect(self._show_more)
        self.summary = label("", "", wrap=True)
        self.file_button = button(self.tr("Study file…"), self.show_file, icon="copy")
        self.start = button(self.tr("Start"), self.begin, icon="play", kind="primary")

    def _lay_out(self) -> None:
        body = QWidget()
        body.setProperty("role", "page")
        head = row(
            button(self.tr("Back"), self.left.emit),
            label(self.tr("New study"), "title"), None, label(self.tr("Name"), "muted"), self.name,
        )  # fmt: skip
        self.name.setMinimumWidth(space(60))
        body.setLayout(
            column(
                head,
                card(label(self.tr("Which model?"), "heading"), self.source),
                card(label(self.tr("Which quant types?"), "heading"), self.table),
                card(label(self.tr("What do you want to know?"), "heading"), self.asked),
                card(self.more_button, self.more),
                None, gap=3, margin=6,
            )
        )  # fmt: skip
        self.view = scroll = QScrollArea(widgetResizable=True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        foot = row(self.summary, self.file_button, self.start, gap=2)
        foot.setStretch(0, 1)
        foot.setContentsMargins(space(6), space(2), space(6), space(3))
        self.setLayout(column(scroll, foot, gap=0))

    def _show_more(self, on: bool) -> None:
        self.more.setVisible(on)
        self.more_button.setArrowType(Qt.ArrowType.UpArrow if on else Qt.ArrowType.DownArrow)

    def _offer(self, found: tuple[Question, ...]) -> None:
        self._questions = found
        self.asked.offer(found)
        self._show_questions()

    # -- what is edited -----------------------------------------------------------------------------

    def edit(self, toml: str, origin: Path | None = None) -> None:
        """Show a study. ``origin``: the file it came from. Raises UsageError where it is no study at all."""
        self.draft = Draft.from_toml(toml)
        self._origin = origin
        self._named = True
        self.name.setText(self.draft.name)
        self.more.show_draft(self.draft)
        self.more_button.setChecked(self.draft.quantize_option("imatrix") is not None)
        self.types.choose(self.draft.types)
        self.source.set_source(self.draft.source)
        self._look()

    def begin_with(self, source: str) -> None:
        """A fresh study of a model."""
        self.edit(Draft({"name": suggested_name(source), "source": {"model": source}}).toml())
        self._named = False

    def offer_models(self, models: list[tuple[str, str]]) -> None:
        self.source.offer(models)

    def _rename(self, text: str) -> None:
        self._named = True
        self.draft.name = text
        self._settle.start()

    def _choose_source(self, source: str) -> None:
        self.draft.source = source
        if not self._named:
            self.draft.name = suggested_name(source)
            self.name.setText(self.draft.name)
        self._look()

    def _choose_types(self) -> None:
        self.draft.types = self.types.in_order()
        self._settle.start()

    def _more_changed(self) -> None:
        self.types.choose(self.draft.types)
        self._settle.start()

    def _ask(self, kind: str, depth: str | None) -> None:
        question = next(item for item in self._questions if item.kind == kind)
        if depth is None:
            self.draft.set_probe(kind, None)
        elif depth != "own":
            self.draft.set_probe(kind, question.spec(depth, self._facts.context or None))
        self._settle.start()

    def _show_questions(self) -> None:
        context = self._facts.context or None
        depths = {}
        for question in self._questions:
            present = self.draft.probe(question.kind)
            if present is not None:
                depths[question.kind] = question.depth_of(present, context)
        self.asked.show_depths(depths)

    # -- what follows from it -----------------------------------------------------------------------

    def _look(self) -> None:
        """Facts of the source, then sizes, then costs; each when it is there."""
        source, folders = self.draft.source, self._lab.folders
        background(lambda: finding.look(source, folders), self._show_facts, owner=self)

    def _show_facts(self, facts: Facts) -> None:
        if facts.source != self.draft.source:
            return
        self._facts = facts
        self.source.show_facts(facts)
        self._show_questions()
        background(lambda: nominal(facts.n_params), self._show_sizes, owner=self)
        self._settle.start()
        if facts.path is not None and facts.path.is_file() and self._lab.is_open:
            path = facts.path
            self._lab.ask(lambda store: _predict_job(path, store.file_sha256(path)), self._submit, owner=self)

    def _show_sizes(self, rows: list[Any]) -> None:
        self.types.show_rows(rows)
        self.types.choose(self.draft.types)

    def _submit(self, job: Job) -> None:
        self._predict = job.key
        self._lab.submit([job])

    def _job_changed(self, key: str) -> None:
        view = self._lab.jobs.get(key)
        if key == self._predict and view is not None and view.state is JobState.DONE:
            self._lab.ask(lambda store: store.result(key), self._show_predicted, owner=self)

    def _show_predicted(self, result: Any) -> None:
        if result is not None:
            rows = predicted(self.types.rows, result.values)
            self.types.show_rows(rows)
            self._settle.start()
            facts, reserve = self._facts, self._context.settings.value.reserve
            sizes = {row.name: row.nbytes for row in rows if row.nbytes and row.exact}
            background(lambda: finding.fits(facts, sizes, reserve), self._show_fits, owner=self)

    def _show_fits(self, found: Mapping[str, tuple[str, int]]) -> None:
        self.types.show_rows([replace(row, fit=found.get(row.name, row.fit)) for row in self.types.rows])

    def _check(self) -> None:
        """What is wrong with the study, and what it costs, in the background."""
        toml, origin, folders = self.draft.toml(), self.path(), self._lab.folders
        asked = {str(item["kind"]): _spec(item) for item in self.draft.probes if "kind" in item}
        facts, sizes = self._facts, self.types.sizes()

        def problems() -> str:
            from lab_app.studies.load import load_text

            try:
                load_text(toml, origin=origin, shown_as="", folders=folders)
            except LabError as error:
                return error.message.replace(str(origin), "").lstrip(": ")
            return ""

        background(problems, self._show_problems, owner=self)
        if self._lab.is_open:
            self._lab.ask(
                lambda store: finding.costs(store, asked, facts, sizes), self._show_costs, owner=self
            )

    def _show_problems(self, text: str) -> None:
        self.problems = text
        self._summarise()

    def _show_costs(self, costs: Costs) -> None:
        self._costs = costs
        self.asked.show_costs(costs.probes, self.draft.variant_count)
        self._summarise()

    def _summarise(self) -> None:
        wrong = self.problems
        if not self.draft.probes:
            wrong = self.tr("Choose at least one question.")
        self.start.setEnabled(not wrong)
        set_role(self.summary, "role", "bad" if wrong else "muted")
        if wrong:
            self.summary.setText(wrong)
            return
        models = self.draft.variant_count
        parts = [self.tr("%n model(s) measured", "", models)]
        known = [seconds for seconds in self._costs.probes.values() if seconds is not None]
        if known:
            total = sum(known) * models + self._costs.quantize
            text = (
                self.tr("about {0} on this machine")
                if self._costs.measured
                else self.tr("roughly {0} (nothing measured here yet)")
            )
            parts.append(text.format(duration(total)))
        if sizes := self.types.sizes():
            parts.append(self.tr("{0} of disk for the files").format(size(sum(sizes.values()))))
        self.summary.setText(" · ".join(parts))

    # -- the file and the start ---------------------------------------------------------------------

    def path(self) -> Path:
        """Where the study lies once it is started or saved: its own file, else among the data."""
        if self._origin is not None:
            return self._origin
        from lab_app.studies.plan import slug

        return self._lab.folders.root / "studies" / f"{slug(self.draft.name)}.toml"

    def command(self) -> str:
        """The shell command that runs the study without a window."""
        return command("--batch", self.path(), "--data-dir", self._lab.folders.root)

    def show_file(self) -> None:
        path, toml = self.path(), self.draft.toml()

        def show(_: object) -> None:
            view = FileView(toml, path, self._lab.folders.root, self._context.report, self)
            view.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            view.open()

        # The command shown works as it is: the file it names is there.
        background(lambda: write(path, toml), show, self._context.report, self)

    def begin(self) -> None:
        """Save the study and start it."""
        path, toml = self.path(), self.draft.toml()
        self.start.setEnabled(False)

        def failed(error: LabError) -> None:
            self.start.setEnabled(True)
            self._context.report(error, "builder")

        def saved(_: object) -> None:
            self._lab.start_study(toml, path, done, failed, self)

        def done(study_id: str) -> None:
            self._context.withdraw("builder")
            self.start.setEnabled(True)
            self.started.emit(study_id)

        background(lambda: write(path, toml), saved, failed, self)


def _spec(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in ("kind", "id", "text")}


def _predict_job(path: Path, sha256: str) -> Job:
    """What every quant type would make of a file."""
    from lab_app.quant.types import QUANT_TYPES
    from lab_app.system import native

    names = sorted({item.name for item in QUANT_TYPES.values()})
    return Job(
        "predict",
        {"types": names, "each": True, "allow_requantize": True},
        {"model": FileInput(str(path), sha256)},
        engine=native.engine_id(),
        title="predict sizes",
    )

"""The form: model, quant types, questions, more. Every change goes into the draft; the draft is the truth."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from lab_app.gui import icons
from lab_app.gui.background import Newest, background
from lab_app.gui.bridge import Lab
from lab_app.gui.builder import facts as finding
from lab_app.gui.builder.compared import Compared
from lab_app.gui.builder.facts import Costs, Facts
from lab_app.gui.builder.foot import Foot
from lab_app.gui.builder.more import More
from lab_app.gui.builder.quants import Quants
from lab_app.gui.builder.questions import OWN, Questions
from lab_app.gui.builder.source import SourcePicker
from lab_app.gui.context import Context
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import button, card, column, label, row
from lab_app.studies.draft import Draft
from lab_app.studies.edited import Edited
from lab_app.studies.files import Opened
from lab_app.studies.questions import Question, questions


class Builder(QWidget):
    """``started(study_id)``; ``left()`` when the user goes back without starting."""

    started = Signal(str)
    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._lab: Lab = context.lab
        self.edited = Edited(Opened(Draft()), named=False)
        self._facts = Facts("")
        self._trained: dict[str, int] = {}
        """File it is compared with → tokens it was trained for, 0 where that is not known."""
        self._costs = Costs()
        self._costing = Newest()
        self._questions: tuple[Question, ...] = ()
        self.problems = ""
        self._checked = False
        self._settle = QTimer(self, singleShot=True, interval=250)
        self._settle.timeout.connect(self._check)
        self._make_parts()
        self._lay_out()
        background(questions, self._offer, owner=self)

    # -- parts --------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name of the study"))
        self.name.textEdited.connect(self._rename)
        self.source = SourcePicker()
        self.source.changed.connect(self._choose_source)
        self.source_title = label(self.tr("Which model?"), "heading")
        self.compared = Compared(self.source.browse)
        self.compared.changed.connect(self._compared_changed)
        self.quants = Quants(self._context)
        self.types, self.table, self.reading = self.quants.types, self.quants.table, self.quants.reading
        self.types.has_imatrix = lambda: self.draft.quantize_option("imatrix") is not None
        self.quants.chosen_changed.connect(self._choose_types)
        self.quants.sized.connect(self._show_sizes)
        self.asked = Questions()
        self.asked.changed.connect(self._ask)
        self.more = More()
        self.more.changed.connect(self._more_changed)
        self.more.hide()
        more = self.tr("More: importance matrix, overrides, KV cache")
        self.more_button = button(more, lambda: None, icon="chevron-down")
        self.more_button.setCheckable(True)
        self.more_button.toggled.connect(self._show_more)
        self.origin = label("", "muted", wrap=True)
        self.origin.hide()
        self.foot = foot = Foot(self._context, self.edited)
        self.summary, self.file_button, self.start = foot.summary, foot.file_button, foot.start
        foot.started.connect(self.started)

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
                self.origin,
                card(self.source_title, self.source, self.reading),
                card(label(self.tr("Compared with"), "heading"), self.compared),
                card(label(self.tr("Which quant types?"), "heading"), self.quants),
                card(label(self.tr("What do you want to know?"), "heading"), self.asked),
                card(row(self.more_button, None), self.more),
                None, gap=3, margin=5,
            )
        )  # fmt: skip
        self.view = scroll = QScrollArea(widgetResizable=True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        self.setLayout(column(scroll, self.foot, gap=0))

    def _show_more(self, on: bool) -> None:
        self.more.setVisible(on)
        icons.set_icon(self.more_button, "chevron-up" if on else "chevron-down", 16)

    def _offer(self, found: tuple[Question, ...]) -> None:
        self._questions = found
        self.asked.offer(found)
        self._show_questions()

    # -- what is edited -----------------------------------------------------------------------------

    @property
    def draft(self) -> Draft:
        return self.edited.draft

    def edit(self, edited: Edited) -> None:
        """Show a study."""
        self.edited = edited
        self.foot.show_study(edited)
        self.name.setText(self.draft.name)
        if not self.draft.source:
            changed = edited.changed
            self._suggest_name()
            if not changed:
                edited.saved = self.draft.toml()
        self.more.show_draft(self.draft)
        self.compared.show_draft(self.draft)
        self._show_title()
        self.more_button.setChecked(self.draft.quantize_option("imatrix") is not None)
        self.types.choose(self.draft.types)
        self.source.set_source(self.draft.source)
        self.asked.forget_own()
        self._look()

    @property
    def changed(self) -> bool:
        """Whether something would be lost with the draft."""
        return self.edited.changed or bool(self.more.wrong)

    def offer_models(self, models: list[tuple[str, str]]) -> None:
        self.source.offer(models)
        self.compared.offer(models)

    def _rename(self, text: str) -> None:
        self.edited.named = True
        self.draft.name = text
        self._settle.start()

    def _choose_source(self, source: str) -> None:
        self.draft.source = source
        self._suggest_name()
        self._look()

    def _suggest_name(self) -> None:
        """Unless the user has named it."""
        if not self.edited.named:
            self.draft.name = self.draft.suggested_name()
            self.name.setText(self.draft.name)

    def _compared_changed(self) -> None:
        self._suggest_name()
        self._show_title()
        self._look_at_compared()
        self._fit()
        self._show_questions()
        self._summarise()
        self._settle.start()

    def _show_title(self) -> None:
        other = self.draft.compares or self.draft.variants
        self.source_title.setText(
            self.tr("Base: everything is compared with it") if other else self.tr("Which model?")
        )

    def _choose_types(self) -> None:
        self.draft.types = self.types.in_order()
        self.compared.offer_types()
        self._settle.start()

    def _more_changed(self) -> None:
        self.types.choose(self.draft.types)
        self._summarise()
        self._settle.start()

    def _ask(self, kind: str, depth: str | None) -> None:
        question = next(item for item in self._questions if item.kind == kind)
        if depth is None:
            self.edited.wanted.drop(self.draft, kind)
        elif depth == OWN:
            self.edited.wanted.ask_as_opened(self.draft, kind)
        else:
            self.edited.wanted.ask(self.draft, kind, question.spec(depth))
        self.edited.wanted.fit(self.draft, self._longest())
        self._settle.start()

    def _longest(self) -> int | None:
        """Tokens to be asked for at most; None where that is not known, or the positions are scaled."""
        compared = (self._trained.get(str(table.get("model", "")), 0) for table in self.draft.compares)
        known = [tokens for tokens in (self._facts.context, *compared) if tokens]
        return None if self.draft.scales_rope else min(known, default=None)

    def _show_questions(self) -> None:
        context = self._longest()
        depths = {}
        for question in self._questions:
            present = self.draft.probe(question.kind)
            if present is not None:
                depths[question.kind] = question.depth_of(present, context)
        self.asked.show_depths(depths)

    # -- what follows from it -----------------------------------------------------------------------

    def _look(self) -> None:
        """Facts of the source, then sizes, then costs; each when it is there. What was known of another is gone."""
        source, folders = self.draft.source, self._lab.folders
        self._facts, self._costs = Facts(source), Costs()
        self._checked, self.problems = False, ""
        self.source.show_facts(self._facts)
        self.quants.forget(self._facts)
        self._fit()
        self._show_questions()
        self.foot.forget()
        background(lambda: finding.look(source, folders), self._show_facts, owner=self)
        self._look_at_compared()

    def _look_at_compared(self) -> None:
        """How long a context the files were trained for that it is compared with."""
        offline = self._context.settings.value.offline
        for source in {str(table.get("model", "")) for table in self.draft.compares} - {""}:
            background(
                partial(finding.trained_for, source, self._lab.folders, offline=offline),
                partial(self._show_compared, source), owner=self,
            )  # fmt: skip

    def _show_compared(self, source: str, tokens: int) -> None:
        if self._trained.get(source, 0) != tokens:
            self._trained[source] = tokens
            self._fit()
            self._show_questions()
            self._settle.start()

    def _show_facts(self, facts: Facts) -> None:
        if facts.source != self.draft.source:
            return
        self._facts = facts
        self.source.show_facts(facts)
        self._fit()
        self._show_questions()
        self.quants.show_facts(facts)
        self._settle.start()
        if facts.source.startswith(finding.HUB) and not (facts.n_params or facts.problem):
            offline = self._context.settings.value.offline
            background(
                lambda: finding.look_at_hub(facts.source, offline=offline),
                lambda found: self._show_hub(facts, found), owner=self,
            )  # fmt: skip

    def _fit(self) -> None:
        """Whichever models it was made for, nothing is asked that one of these cannot answer."""
        changed = self.changed
        self.edited.wanted.fit(self.draft, self._longest())
        if not changed:
            self.edited.saved = self.draft.toml()

    def _show_hub(self, asked: Facts, found: Facts) -> None:
        """What the hub said of a model whose name alone was known."""
        if self._facts is asked and (found.n_params or found.problem):
            self._show_facts(found)

    def _show_sizes(self) -> None:
        self.types.choose(self.draft.types)
        self._settle.start()

    def _check(self) -> None:
        """What is wrong with the study, and what it costs, in the background."""
        toml, folders = self.draft.toml(), self._lab.folders
        probes, facts, sizes = [dict(item) for item in self.draft.probes], self._facts, self.types.sizes()
        background(
            lambda: finding.problems(toml, folders),
            lambda text: self._show_problems(toml, text), owner=self,
        )  # fmt: skip
        if not self.more.wrong:
            self.quants.follow(self.draft)
        self.quants.ask_fits(self.draft)
        if self._lab.is_open:
            self._costing.ask(self._lab.ask(
                lambda store: finding.costs(store, probes, facts, sizes),
                lambda found: self._show_costs(facts, found), owner=self,
            ))  # fmt: skip

    def _show_problems(self, toml: str, text: str) -> None:
        if toml == self.draft.toml():  # else it was changed meanwhile, and another answer follows
            self.problems, self._checked = text, True
            self._summarise()

    def _show_costs(self, facts: Facts, costs: Costs) -> None:
        if facts is not self._facts:  # it was asked of another model
            return
        self._costs = costs
        self.asked.show_costs(costs.probes, self.draft.variant_count)
        self._summarise()

    def _wrong(self) -> str:
        if self.draft.lacks_a_model:
            return self.tr("Choose the models first.")
        return (
            self.problems or self.more.wrong
            if self.draft.probes
            else self.tr("Choose at least one question.")
        )

    def _summarise(self) -> None:
        self._show_origin()
        self.foot.say(self._wrong(), self._costs, self.types.sizes(), checked=self._checked)

    def _show_origin(self) -> None:
        """Where the study comes from, and that its file is safe."""
        opened = self.edited.opened
        self.origin.setVisible(opened.origin is not None)
        if opened.origin is not None:
            text = (
                self.tr("From the file {0}.")
                if self.draft.toml() == opened.toml
                else self.tr(
                    "Changed: it runs as a copy, and {0} stays as it is. “Study file…” saves over it."
                )
            )
            self.origin.setText(text.format(opened.origin))

"""The page of one study."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from lab_app.gui.analyst.answer import Answer, FigureAnswer, ProbeAnswer
from lab_app.gui.analyst.client import Analyst
from lab_app.gui.context import Context
from lab_app.gui.copying import command_of, copy
from lab_app.gui.keyboard import is_at
from lab_app.gui.pages import Page
from lab_app.gui.plots.base import Variant
from lab_app.gui.plots.view import FigureView
from lab_app.gui.study.failures import Failures
from lab_app.gui.study.feed import Feed
from lab_app.gui.study.figures import FigureGrid, Scroll
from lab_app.gui.study.progress import StudyHead
from lab_app.gui.study.tokens import TokensTab
from lab_app.gui.widgets.basic import column, label
from lab_app.gui.widgets.report_table import ReportTable
from lab_app.gui.widgets.verdict import VerdictCard
from lab_app.jobs.states import JobState
from lab_app.store.records import Sample
from lab_app.system import said
from lab_app.system.errors import LabError

SCATTER = "s"
"""Names of figures of size against quality begin so; they stand on the first tab."""


class _ProbeTab:
    """The parts of a probe's tab."""

    def __init__(self, probe: ProbeAnswer) -> None:
        self.question = label(probe.question, "muted", wrap=True)
        self.problem = label("", "warn", wrap=True)
        self.grid = FigureGrid()
        self.table = ReportTable()
        self.pairs = ReportTable()
        self.scroll = Scroll(probe.title, [self.question, self.problem, self.grid, self.table, self.pairs])


class StudyPage(Page):
    """``visit({"study": id})`` opens a study of the store, whether it runs or not."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._study = ""
        self.answer: Answer | None = None
        self.figures: dict[str, FigureView] = {}
        self._takers: dict[str, list[tuple[FigureView, str]]] = {}
        """Key of a job → the figures that take its samples, and as which variant."""
        self._tabs: dict[str, _ProbeTab] = {}
        self.tokens: TokensTab | None = None
        self._analyst: Analyst | None = None
        self._kept: Mapping[str, Any] = {}
        lab = context.lab
        self.feed = Feed(lab, self)
        self.feed.arrived.connect(self._arrived)
        self.feed.caught_up.connect(self._explain)
        self.head = StudyHead(lab)
        self.head.go_on.connect(self._go_on)
        self.head.copy_wanted.connect(lambda: command_of(lab, self._study, copy, self))
        self._describe_buttons()
        self.failures = Failures(self._retry, self._show_log)
        self.verdict = VerdictCard()
        self.verdict.setVisible(False)
        self.main = ReportTable()
        self.sizes = FigureGrid()
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("Parts of the study"))
        self.tabs.setDocumentMode(True)
        self.nothing = label(self.tr("Choose a study on the page Studies."), "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.stack.addWidget(_centred(self.nothing))
        self.stack.addWidget(self.tabs)
        self.setLayout(column(self.head, self.failures, self.stack, gap=3, margin=5))
        self.overview = Scroll(self.tr("Overview"), [self.verdict, self.main, self.sizes])
        self.tabs.addTab(self.overview, self.tr("Overview"))
        lab.changed.connect(self._changed)
        lab.progressed.connect(self._progressed)
        lab.sampled.connect(self._sampled)
        lab.opened.connect(self._ask)
        self._pieces: deque[Callable[[], None]] = deque()
        """What of the newest answer is still to be shown."""
        self._turn = QTimer(self, singleShot=True)
        self._turn.timeout.connect(self._show_next)
        # Time left passes also where no event comes.
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self.head.refresh)
        self.destroyed.connect(_closer(self))

    def _describe_buttons(self) -> None:
        """For the palette."""

        def command(say: Callable[[str], object]) -> None:
            command_of(self.context.lab, self._study, say, self)

        head, describe = self.head, self.context.actions.describe
        describe(head.pause, self.tr("Pause the study, or go on with it"))
        describe(head.cancel, self.tr("Cancel the study…"))
        describe(head.resume, self.tr("Continue the study"), command)
        describe(head.open_report, self.tr("Open the report of the study"), command)
        describe(head.copy, self.tr("Copy the command of the study"), command)

    # -- opening -------------------------------------------------------------------------------------

    def visit(self, request: Mapping[str, Any]) -> None:
        """``study``: id of the study to show; without it the page stays as it was when the window closed."""
        wanted = str(request.get("study") or self._study or self.context.state.get("study") or "")
        if wanted != self._study:
            self._open(wanted)
        self._clock.start()
        self._ask(now=True)

    def leave(self) -> None:
        self._clock.stop()

    def keyboard_start(self) -> QWidget | None:
        return self.tabs.tabBar() if self.stack.currentWidget() is self.tabs else None

    def unsaved(self) -> Mapping[str, Any]:
        """The part one looks at, where it is not the first."""
        part = self.tabs.currentIndex()
        return {"study": self._study, "part": part} if part > 0 else {}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """``study`` and ``part``: turned to once that study is shown."""
        self._kept = kept

    def _open(self, study_id: str) -> None:
        self._study = study_id
        self.context.state.set("study", study_id)
        self.answer = None
        self._pieces.clear()
        self.feed.forget()
        self._takers.clear()
        self._tabs.clear()
        for view in self.figures.values():
            view.hide()
            view.deleteLater()
        self.figures.clear()
        self.sizes.views.clear()
        self.tokens = None
        while self.tabs.count() > 1:
            gone = self.tabs.widget(1)
            self.tabs.removeTab(1)
            if gone is not None:
                gone.deleteLater()
        self.head.keys = ()
        self.head.show_report("", None, "")
        self.head.title.setText("")
        self.head.refresh()
        self.failures.show_failures(())
        self.verdict.say(())
        self.main.show_table(None)
        self.nothing.setText(self.tr("Reading the study…"))
        self.stack.setCurrentIndex(0)

    @property
    def analyst(self) -> Analyst:
        if self._analyst is None:
            self._analyst = Analyst(self.context.lab.folders.db, self)
            self._analyst.answered.connect(self._show)
            self._analyst.failed.connect(self._failed)
        return self._analyst

    def _ask(self, *, now: bool = False) -> None:
        """Have the statistics made anew, unless that would disturb a measurement of speed."""
        if self._study and self.context.lab.is_open and (now or not self._measures_speed()):
            self.analyst.ask(self._study, now=now)

    def _measures_speed(self) -> bool:
        return any(
            view.state is JobState.RUNNING
            and view.job.kind == "probe"
            and view.job.params.get("probe") == "speed"
            for view in self.context.lab.active()
        )

    # -- events --------------------------------------------------------------------------------------

    def _ours(self, key: str) -> bool:
        """Until the first answer is shown any job may be: what happens meanwhile may be too late for that answer."""
        return bool(self._study) if self.answer is None else key in self.answer.job_keys

    def _sampled(self, key: str, samples: list[Sample]) -> None:
        if self._ours(key) and self.isVisible():
            self._ask()

    def _changed(self, key: str) -> None:
        if not self._ours(key):
            return
        self.head.refresh()
        view = self.context.lab.jobs[key]
        if view.state in (JobState.RUNNING, JobState.QUEUED):
            self.failures.show_failures([f for f in self.failures._shown if f.job_key != key])
        if self.isVisible():
            self._ask()

    def _progressed(self, key: str) -> None:
        if self._ours(key):
            self.head.refresh()

    def _arrived(self, key: str, samples: list[Sample]) -> None:
        for view, variant in self._takers.get(key, ()):
            view.extend(variant, samples)
        if self.tokens is not None:
            self.tokens.take(key, samples)

    def _failed(self, error: LabError) -> None:
        if self.answer is None:
            self.nothing.setText(said.both(error))
        else:
            self.context.report(error, "study")

    # -- showing -------------------------------------------------------------------------------------

    def _show(self, answer: Answer) -> None:
        """In pieces: a new figure takes longer than a frame, and so do tables. All else has half of the time."""
        if answer.study_id != self._study:
            return
        probes, figures = answer.probes, answer.figures
        self._pieces = deque(
            [
                *(partial(self._make_tab, p) for p in probes if p.probe_id not in self._tabs),
                *(partial(self._make_figure, f, answer) for f in figures if f.name not in self.figures),
                *(partial(self._fill_probe, p) for p in probes),
                partial(self._show_main, answer),
                *(partial(self._fill_figure, f, answer) for f in figures),
                partial(self._show_tokens, answer),
                partial(self._show_rest, answer),
            ]
        )
        self._turn.start(0)

    def _show_next(self) -> None:
        began = time.perf_counter()
        try:
            if self._pieces:
                self._pieces.popleft()()
        finally:  # a figure that cannot be drawn (one of a plug-in, perhaps) keeps nothing else from being shown
            if self._pieces:
                self._turn.start(2 + round(1000 * (time.perf_counter() - began)))

    def _show_main(self, answer: Answer) -> None:
        self.verdict.say(answer.verdict)
        self.main.show_table(answer.main)

    def _show_rest(self, answer: Answer) -> None:
        self.answer = answer
        self.context.withdraw("study")
        head = self.head
        head.title.setText(answer.name)
        head.keys, head.unfinished = answer.job_keys, answer.unfinished
        head.failed = len(answer.failures)
        head.show_report(answer.study_id, answer.report, answer.report_language)
        head.refresh()
        running = {view.job.key for view in head.active()}
        failures = [f for f in answer.failures if f.job_key not in running]
        self.failures.show_failures(failures)
        if (
            failures and self.isVisible()
        ):  # said here, with the same answers: not at the top of the window as well
            self.context.withdraw(f"failed-{self._study}")
        self.feed.follow([cell.job_key for cell in answer.cells])
        self._explain()
        if self._kept.get("study") == self._study:
            self.tabs.setCurrentIndex(self._kept["part"])
        self._kept = {}
        self.stack.setCurrentIndex(1)
        if is_at(self):  # the keyboard came before there was anything for it
            self.tabs.tabBar().setFocus()

    def _make_tab(self, probe: ProbeAnswer) -> None:
        tab = self._tabs[probe.probe_id] = _ProbeTab(probe)
        self.tabs.addTab(tab.scroll, probe.title)

    def _fill_probe(self, probe: ProbeAnswer) -> None:
        tab = self._tabs[probe.probe_id]
        tab.problem.setText(probe.problem)
        tab.problem.setVisible(bool(probe.problem))
        tab.table.show_table(probe.table)
        tab.pairs.show_table(probe.pairs)

    def _show_tokens(self, answer: Answer) -> None:
        """The tab of single tokens, where a file is compared with the base token by token."""
        if len(answer.variants) < 2 or all(cell.probe != "divergence" for cell in answer.cells):
            return
        if self.tokens is None:
            self.tokens = TokensTab(self.context, self._measures_speed)
            self.tabs.addTab(Scroll(self.tr("Tokens"), [self.tokens]), self.tr("Tokens"))
        self.tokens.show_answer(answer)

    def _make_figure(self, item: FigureAnswer, answer: Answer) -> None:
        grid = self.sizes if item.name.startswith(SCATTER) else self._tabs[item.probe_id].grid
        view = FigureView(item.figure, _variants(answer), item.caption, grid)
        self.figures[item.name] = view
        grid.add(view)
        for cell in answer.cells:
            if cell.probe_id == item.probe_id:
                self._takers.setdefault(cell.job_key, []).append((view, cell.variant))

    def _fill_figure(self, item: FigureAnswer, answer: Answer) -> None:
        view, variants = self.figures[item.name], _variants(answer)
        if variants != view.variants:
            view.set_variants(variants)
        view.set_caption(item.caption)
        view.set_limit(item.limit)
        for variant, metrics in item.metrics.items():
            view.measure(variant, metrics)
        if item.distribution is not None:
            view.distribute(item.distribution)

    def _explain(self) -> None:
        """Why a figure is still empty."""
        answer = self.answer
        for item in answer.figures if answer is not None else ():
            view = self.figures.get(item.name)
            if view is None or not view.is_empty or answer is None:
                continue
            states = {cell.state for cell in answer.cells if cell.probe_id == item.probe_id}
            if self.feed.reading and "done" in states:
                view.set_empty_text(self.tr("What is measured is being read."))
            elif states == {"done"}:
                view.set_empty_text(self.tr("This study has no values for this figure."))
            elif states and states <= {"done", "failed", "blocked", "cancelled"}:
                view.set_empty_text(self.tr("Nothing could be measured; above it says why."))
            else:  # also of what failed and was begun again
                view.set_empty_text()

    # -- acts ----------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        self.context.lab.resume_study(self._study, lambda _: self._ask(now=True), owner=self)

    def _retry(self, key: str) -> None:
        self.context.lab.retry(key)

    def _show_log(self, key: str) -> None:
        self.context.navigate("queue", {"key": key})

    def close_analyst(self) -> None:
        """End the process behind the page."""
        if self._analyst is not None:
            self._analyst.close()
            self._analyst.deleteLater()
            self._analyst = None


def _variants(answer: Answer) -> list[Variant]:
    return [Variant(v.key, v.label, v.is_base, v.highlight) for v in answer.variants]


def _closer(page: StudyPage) -> Any:
    """Called when the page is destroyed, when its own methods cannot be any more."""
    held = page.__dict__

    def close() -> None:
        analyst = held.get("_analyst")
        if analyst is not None:
            analyst.close()

    return close


def _centred(part: QWidget) -> QWidget:
    made = QWidget()
    made.setLayout(column(None, part, None, margin=5))
    return made

"""Studies: those made so far, and the builder for new ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtWidgets import QFileDialog, QHeaderView, QStackedWidget, QWidget

from lab_app.gui.actions import Action
from lab_app.gui.background import Newest, background
from lab_app.gui.context import Context
from lab_app.gui.copying import fixed
from lab_app.gui.pages import Page, page
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import button, column, label, row
from lab_app.gui.widgets.table_model import Index, OrderedTable
from lab_app.gui.widgets.tables import TableView
from lab_app.gui.words import command, moment

if TYPE_CHECKING:
    from lab_app.gui.builder.builder import Builder
    from lab_app.store import Store
    from lab_app.studies.edited import Edited
    from lab_app.system.paths import Folders


@dataclass(frozen=True, slots=True)
class Line:
    """A study of the store. done, jobs: numbers of jobs; failed: of those that failed."""

    study_id: str
    name: str
    base: str
    variants: int
    done: int
    failed: int
    jobs: int
    when: float | None
    toml: str
    origin: str


def lines(store: Store) -> list[Line]:
    """Newest first. Reads the store."""
    found = []
    for record in store.studies():
        rows = [row for key in record.job_keys if (row := store.job(key)) is not None]
        base = next((variant.label for variant in record.variants if variant.is_base), "")
        times = [row.finished or row.started for row in rows if row.finished or row.started]
        found.append(
            Line(
                record.study_id, record.name, base, len(record.variants),
                sum(row.state == "done" for row in rows), sum(row.state == "failed" for row in rows),
                len(record.job_keys), max((time for time in times if time), default=None), record.toml, record.source,
            )
        )  # fmt: skip
    return found


class StudiesModel(OrderedTable):
    numeric = (2,)

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Line] = ()

    def show_lines(self, found: Sequence[Line]) -> None:
        if list(found) == list(self.lines):
            return
        if [line.study_id for line in found] == [line.study_id for line in self.lines]:
            self.lines = found
            self.all_touched()
            return
        with self.fresh():
            self.lines = found

    def heads(self) -> list[str]:
        return [
            self.tr("Study"),
            self.tr("Base model"),
            self.tr("Models"),
            self.tr("State"),
            self.tr("Last work"),
        ]

    def size(self) -> int:
        return len(self.lines)

    def text(self, row: int, column: int) -> str:
        line = self.lines[row]
        return (line.name, line.base, str(line.variants), self.state(line), moment(line.when))[column]

    def value(self, row: int, column: int) -> Any:
        line = self.lines[row]
        return {2: line.variants, 4: line.when}.get(column, self.text(row, column))

    def state(self, line: Line) -> str:
        if line.failed:
            return self.tr("%n job(s) failed", "", line.failed)
        if line.done == line.jobs:
            return self.tr("finished")
        return self.tr("{0} of {1} jobs done").format(line.done, line.jobs)


class StudiesPage(Page):
    """The list; the builder is made when it is first needed."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._reading = Newest()
        self.model = StudiesModel()
        self.table = TableView(self.tr("Studies"))
        self.table.setModel(self.model)
        self.table.setAlternatingRowColors(True)
        self.table.leave_unsorted()
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place, width in ((1, 58), (2, 20), (3, 38), (4, 26)):  # a model's name, and “12 of 58 jobs done”
            self.table.horizontalHeader().resizeSection(place, space(width))
        context.state.keep_header("studies", self.table.horizontalHeader())
        self.table.activated.connect(self._open)
        self.new = button(self.tr("New study"), self.begin, icon="plus", kind="primary")
        self.open_button = button(self.tr("Open a study file…"), self._browse, icon="folder-open")
        self.show_button = button(self.tr("Show"), lambda: self._open(self.table.currentIndex()))
        self.edit_button = button(self.tr("Use as a start"), self._edit_chosen, icon="copy")
        self.empty = label(
            self.tr("No study yet. A study makes quant types of a model and measures what each of them costs."),
            "muted", wrap=True,
        )  # fmt: skip
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.list = QWidget()
        self.list.setLayout(
            column(
                row(
                    label(self.tr("Studies"), "title"), None, self.edit_button, self.show_button,
                    self.open_button, self.new,
                ),
                self.empty, self.table, gap=3, margin=5,
            )
        )  # fmt: skip
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.setLayout(column(self.stack))
        self._builder: Builder | None = None
        context.lab.opened.connect(self.refresh)
        context.lab.changed.connect(self._changed)
        context.lab.study_started.connect(lambda _: self.refresh())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_buttons())
        add = context.actions.add
        add(
            Action(
                "studies.new",
                self.tr("New study"),
                self.begin,
                "Ctrl+N",
                "file",
                "plus",
                fixed(lambda: command("new", "which-quant")),
            )
        )
        add(
            Action(
                "studies.open", self.tr("Open a study file…"), self._browse, "Ctrl+O", "file", "folder-open"
            )
        )
        context.actions.cover(self.new, self.open_button)
        context.actions.describe(self.show_button, self.tr("Show the selected study"))
        context.actions.describe(self.edit_button, self.tr("Use the selected study as a start"))
        self._show_lines([])

    @property
    def builder(self) -> Builder:
        if self._builder is None:
            from lab_app.gui.builder.builder import Builder

            self._builder = Builder(self.context)
            self._builder.left.connect(lambda: self.before_losing(self._show_list))
            self._builder.started.connect(self._started)
            self.stack.addWidget(self._builder)
        return self._builder

    # -- pages --------------------------------------------------------------------------------------

    def visit(self, request: Mapping[str, Any]) -> None:
        """``template`` (and ``model``, ``other``: sources): the builder; nothing: as it was."""
        if "template" in request:
            self.build_template(str(request["template"]), request.get("model"), request.get("other"))
        else:
            self.refresh()

    def begin(self) -> None:
        """An empty builder that holds the usual choice for the demo model."""
        self.context.navigate("studies", {"template": "which-quant"})

    def build_template(self, name: str, model: str | None, other: str | None) -> None:
        def made() -> Edited:
            from lab_app.studies.edited import Edited
            from lab_app.studies.files import Opened
            from lab_app.studies.templates import render

            text = render(name, model, other, blank=name == "compare-two", fitted=False)
            return Edited(Opened.of(text), named=False)

        background(made, self._edit, owner=self)

    def unsaved(self) -> Mapping[str, Any]:
        if self._builder is None or self.stack.currentWidget() is not self._builder:
            return {}
        return {"edited": self._builder.edited}

    def restore(self, kept: Mapping[str, Any]) -> None:
        self._edit(kept["edited"])

    def before_losing(self, then: Callable[[], object]) -> None:
        if self._builder is None or self.stack.currentWidget() is not self._builder:
            then()
            return
        from lab_app.gui.builder import unsaved

        if self._builder.changed:
            self.context.navigate("studies", {})
        unsaved.before_losing(self._builder, then)

    def keyboard_start(self) -> QWidget | None:
        listed = self.stack.currentWidget() is self.list and bool(self.model.lines)
        return self.table if listed else super().keyboard_start()

    def _edit(self, edited: Edited) -> None:
        """Show a study in the builder, once nothing is lost by it."""

        def edit() -> None:
            self.builder.edit(edited)
            self._show_builder()

        self.before_losing(edit)

    def _show_builder(self) -> None:
        self.stack.setCurrentWidget(self.builder)
        self.builder.source.choice.setFocus()
        folders = self.context.lab.folders
        self.context.lab.ask(lambda store: _models(store, folders), self.builder.offer_models, owner=self)

    def _show_list(self) -> None:
        self.stack.setCurrentWidget(self.list)
        self.refresh()

    def _started(self, study_id: str) -> None:
        self._show_list()
        self.context.navigate("study", {"study": study_id})

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Open a study file"), "", self.tr("Studies (*.toml)")
        )
        if path:
            self.context.navigate("studies", {})
            self.open_file(Path(path))

    def open_file(self, path: Path) -> None:
        """Show a study file in the builder, which never writes to it."""

        def opened() -> Edited:
            from lab_app.studies.edited import Edited
            from lab_app.studies.files import open_file

            return Edited(open_file(path))

        background(opened, self._edit, owner=self)

    def take_files(self, files: Sequence[Path]) -> bool:
        """The first study file; where a study is edited, else the first model."""
        study, model = _first(files, ".toml"), _first(files, ".gguf")
        editing = self.isVisible() and self.stack.currentWidget() is not self.list
        if study is not None:
            self.open_file(study)
        elif editing and model is not None:
            self.builder.source.take(str(model))
        return study is not None or (editing and model is not None)

    # -- the list -----------------------------------------------------------------------------------

    def _changed(self, key: str) -> None:
        if self.isVisible() and self.stack.currentWidget() is self.list:
            view = self.context.lab.jobs.get(key)
            if view is not None and view.state.ended:
                self.refresh()

    def refresh(self) -> None:
        if self.context.lab.is_open:
            self._reading.ask(self.context.lab.ask(lines, self._show_lines, owner=self))

    def _show_lines(self, found: list[Line]) -> None:
        self.model.show_lines(found)
        self.empty.setVisible(not found)
        self.table.setVisible(bool(found))
        self._show_buttons()

    def _show_buttons(self) -> None:
        chosen = bool(self.model.lines) and self.table.currentIndex().isValid()
        for part in (self.show_button, self.edit_button):
            part.setVisible(bool(self.model.lines))
            part.setEnabled(chosen)

    def _line(self, index: Index) -> Line | None:
        return self.model.lines[self.model.kept(index.row())] if index.isValid() else None

    def _open(self, index: Index) -> None:
        line = self._line(index)
        if line is not None:
            self.context.navigate("study", {"study": line.study_id})

    def _edit_chosen(self) -> None:
        line = self._line(self.table.currentIndex())
        if line is not None:

            def opened() -> Edited:
                from lab_app.studies.edited import Edited
                from lab_app.studies.files import Opened

                return Edited(Opened.of(line.toml, Path(line.origin).parent if line.origin else None))

            background(opened, self._edit, owner=self)


def _first(files: Sequence[Path], ending: str) -> Path | None:
    return next((path for path in files if path.suffix.lower() == ending), None)


def _models(store: Store, folders: Folders) -> list[tuple[str, str]]:
    """(name, path) of the models of this machine, but for the demo model, which has a line of its own."""
    from lab_app.gguf import demo
    from lab_app.gui.explore.model_field import known_models

    own = str(demo.demo_path(folders))
    return [(name, path) for name, path in known_models(store, folders) if path != own]


@page(
    "studies",
    QT_TRANSLATE_NOOP("pages", "Studies"),
    icon="flask-conical",
    order=20,
    needs=("lab_app.gui.builder.builder",),
)
def studies(context: Context) -> Page:
    return StudiesPage(context)

"""Models: what this machine has, what the hub has, and what is in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHeaderView,
    QLineEdit,
    QMessageBox,
    QSplitter,
    QTabWidget,
    QWidget,
)

from lab_app.gui.actions import Action
from lab_app.gui.background import background
from lab_app.gui.context import Context, Notice
from lab_app.gui.copying import fixed
from lab_app.gui.keyboard import is_at
from lab_app.gui.models import too_large
from lab_app.gui.models.load_choice import LoadChoice
from lab_app.gui.models.table import LibraryModel
from lab_app.gui.pages import Page, page
from lab_app.gui.theme import space
from lab_app.gui.widgets import question
from lab_app.gui.widgets.basic import beyond, button, column, label, row
from lab_app.gui.widgets.tables import TableView
from lab_app.gui.widgets.unmatched import Unmatched
from lab_app.gui.words import command
from lab_app.jobs.job import Job
from lab_app.jobs.states import JobState
from lab_app.system import said
from lab_app.system.errors import LabError

if TYPE_CHECKING:
    from lab_app.gui.models.facts import Listed
    from lab_app.gui.models.hub import HubSearch
    from lab_app.store import Store
    from lab_app.store.store import ResultRow


class ModelsPage(Page):
    """The tab of this machine; the one of the hub is made when it is first shown."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setAcceptDrops(True)
        self.model = LibraryModel()
        self._chosen_id = ""
        self._imports: set[str] = set()
        """Keys of the imports begun here that have not ended."""
        self.hub: HubSearch | None = None
        self._make_parts()
        self._lay_out()
        self.model.modelReset.connect(self._reset)
        context.lab.opened.connect(self.refresh)
        context.lab.changed.connect(self._changed)
        context.settings.changed.connect(
            lambda names: self.refresh() if {"model_folders", "reserve"} & names else None
        )
        self._soon = QTimer(self, singleShot=True, interval=300)
        self._soon.timeout.connect(self.refresh)
        self._scans = 0
        context.settings.kept.connect(self._soon.start)  # a scan reads the settings that are on the disk
        add = context.actions.add
        add(
            Action(
                "models.add-folder",
                self.tr("Add a folder of models…"),
                self._browse,
                "",
                "file",
                "folder-open",
            )
        )
        root = context.lab.folders.root
        add(
            Action(
                "models.refresh", self.tr("Look for models again"), self.refresh, "F5", "view", "rotate-ccw",
                fixed(lambda: command("models", "list", "--data-dir", root)),
            )
        )  # fmt: skip
        add(
            Action(
                "models.hub", self.tr("Search Hugging Face"), self.show_hub, "Ctrl+H", "go", "search",
                fixed(lambda: self._command("search", self.hub.text.text().strip() if self.hub else "")),
            )
        )  # fmt: skip
        chosen = self._chosen_path
        context.actions.describe(
            self.study_button, self.tr("Study the selected model"),
            fixed(lambda: command("new", "which-quant", "--model", chosen()) if chosen() else ""),
        )  # fmt: skip
        context.actions.describe(self.folder_button, self.tr("Show the selected model in its folder"))
        context.actions.describe(
            self.delete_button, self.tr("Delete the selected model…"),
            fixed(lambda: self._command("delete", chosen(), "--yes", "--data-dir", root)),
        )  # fmt: skip
        context.actions.cover(self.add_button)
        self._show_rows([])

    def _make_parts(self) -> None:
        self.filter = QLineEdit()
        self.filter.setAccessibleName(self.tr("Filter models"))
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self.model.look_for)
        self.load = LoadChoice()
        self.load.changed.connect(self.refresh)
        self.table = TableView(self.tr("Models of this machine"))
        self.table.setModel(self.model)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(LibraryModel.NAME, Qt.SortOrder.AscendingOrder)
        self.table.setAlternatingRowColors(True)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        for section, width in enumerate((50, 37, 22, 20, 14, 20, 26, 40)):
            self.table.setColumnWidth(section, space(width))
        self.context.state.keep_header("models", header)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._choose())
        self.table.activated.connect(lambda _: self._study())
        self.unmatched = Unmatched(self.table, self.tr("No model fits the filter."))
        self.empty = label(
            self.tr("No models yet. Drop GGUF files or folders here, add a folder, or search Hugging Face; "
                    "models of LM Studio, Ollama and the Hugging Face cache are found by themselves."),
            "muted", wrap=True,
        )  # fmt: skip
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(space(6))
        self.study_button = button(self.tr("Study it"), self._study, icon="flask-conical", kind="primary")
        self.folder_button = button(self.tr("Show in folder"), self._show_folder, icon="folder-open")
        self.delete_button = button(self.tr("Delete…"), self._ask_delete, kind="danger")

    def _lay_out(self) -> None:
        from lab_app.gui.models.inspector import Inspector

        # From outside to inside: a widget that gets a parent is styled anew with all that is in it.
        self.tabs = QTabWidget()
        self.setLayout(column(label(self.tr("Models"), "title"), self.tabs, gap=3, margin=5))
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName(self.tr("Where models are"))
        here = QWidget()
        self._hub_place = QWidget()
        self._hub_column = column()
        self._hub_place.setLayout(self._hub_column)
        self.tabs.addTab(here, self.tr("This machine"))
        self.tabs.addTab(self._hub_place, self.tr("Hugging Face"))
        self.tabs.currentChanged.connect(self._tab_changed)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        here.setLayout(column(3, splitter, gap=0))
        leading = QWidget()
        splitter.addWidget(leading)
        self.inspector = Inspector(self.context, splitter)
        splitter.addWidget(self.inspector)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        self.inspector.setMinimumWidth(space(80))
        splitter.setSizes([640, 440])
        self.context.state.keep_splitter("models", splitter)
        self.add_button = button(self.tr("Add a folder…"), self._browse, icon="plus")
        foot = row(self.delete_button, None, self.folder_button, self.study_button)
        parts = (row(self.filter, self.add_button), row(self.load, None), self.empty, self.table, foot)
        whole = column(*parts, gap=2)
        for either in (self.empty, self.table):
            whole.setStretchFactor(either, 1)
        beyond(whole)
        leading.setLayout(whole)

    # -- the list -----------------------------------------------------------------------------------

    def visit(self, request: Mapping[str, Any]) -> None:
        """``search``: words to look for on the hub."""
        if "search" in request:
            self.show_hub()
            assert self.hub is not None
            self.hub.text.setText(str(request["search"]))
            self.hub.search()
        self.refresh()

    def refresh(self) -> None:
        """Scan again, in the background."""
        if not self.context.lab.is_open:
            return
        self._scans += 1
        number = self._scans
        context, kv = self.load.context, self.load.kv
        folders, reserve = self.context.lab.folders, self.context.settings.value.reserve

        def scan(store: Store) -> list[Listed]:
            from lab_app.gui.models import facts

            return facts.library(store, folders, context, kv, reserve)

        def show(rows: list[Listed]) -> None:
            if number == self._scans:  # scans may end in another order than they began
                self._show_rows(rows)

        self.context.lab.ask(scan, show, owner=self)

    def _show_rows(self, rows: list[Listed]) -> None:
        self.model.replace_all(rows)
        self.empty.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self._choose()

    def _changed(self, key: str) -> None:
        """A job that made files has ended: the library may have grown."""
        view = self.context.lab.jobs.get(key)
        if key in self._imports and view is not None and view.state.ended:
            self._imports.discard(key)
            if view.state is JobState.DONE:
                self.context.lab.ask(lambda store: store.result(key), self._imported, owner=self)
        makers = ("fetch-demo", "download", "quantize", "convert", "import", "merge", "split")
        if (
            view is not None
            and view.state is JobState.DONE
            and view.job.kind.startswith(makers)
            and self.isVisible()
        ):
            self._soon.start()

    def chosen(self) -> Listed | None:
        index = self.table.currentIndex()
        return self.model.row_at(index.row()) if index.isValid() else None

    def _reset(self) -> None:
        """The rows are others; the model that was chosen stays so where it is still shown."""
        self.table.setCurrentIndex(self.model.index_of(self._chosen_id))
        self._choose()

    def _choose(self) -> None:
        item = self.chosen()
        if item is not None:
            self._chosen_id = item.row.id
        usable = item is not None and not item.row.problem
        self.study_button.setEnabled(usable)
        for part in (self.folder_button, self.delete_button):
            part.setEnabled(item is not None)
        self.inspector.show_file(str(item.row.path) if item is not None else "")

    # -- what to do with it -------------------------------------------------------------------------

    def _chosen_path(self) -> str:
        item = self.chosen()
        return str(item.row.path) if item is not None else ""

    @staticmethod
    def _command(what: str, of: str, *more: str | Path) -> str:
        """``odyssey-lab models WHAT OF …``; empty where there is nothing it could be of."""
        return command("models", what, of, *more) if of else ""

    def _study(self) -> None:
        item = self.chosen()
        if item is None or item.row.problem:
            return
        if item.fitting.fit != "won't fit":
            self._go_to_study(item)
            return
        reserve = self.context.settings.value.reserve

        def free(_: Store) -> int:
            from lab_app.gui.models import facts

            return facts.machine(reserve).usable

        self.context.lab.ask(free, lambda found: self._study_anyway(item, found), owner=self)

    def _study_anyway(self, item: Listed, free: int) -> None:
        too_large.ask(
            self,
            item.row.name,
            item.fitting.needed,
            free,
            self.load.context,
            anyway=self.tr("Load it anyway"),
            keep=self.tr("Don't load it"),
            then=lambda: self._go_to_study(item),
        )

    def _go_to_study(self, item: Listed) -> None:
        self._study_of(str(item.row.path))

    def _study_of(self, source: str) -> None:
        """The builder with the usual choice, as ``odyssey-lab new which-quant`` writes it."""
        self.context.navigate("studies", {"template": "which-quant", "model": source})

    def _show_folder(self) -> None:
        item = self.chosen()
        if item is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(item.row.path.parent)))

    def _ask_delete(self) -> None:
        """What depends on the file is shown before anything is removed."""
        item = self.chosen()
        if item is None:
            return

        def depends(store: Store) -> tuple[list[str], str]:
            from lab_app.gguf import keep, library

            refused = keep.refusal(item.row)
            return library.users(item.row, store.studies()), said.both(refused) if refused else ""

        self.context.lab.ask(depends, lambda found: self._confirm(item, *found), owner=self)

    def _confirm(self, item: Listed, users: list[str], refused: str) -> None:
        if refused:
            box = QMessageBox(self)
            box.setWindowTitle(self.tr("Delete a model"))
            box.setTextFormat(Qt.TextFormat.PlainText)
            box.setText(refused)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.open()
            return
        question.ask(
            self,
            self.tr("Delete a model"),
            self.tr("Delete {0} from the disk? This cannot be undone.").format(item.row.name),
            "\n".join([*users, *map(str, item.row.paths)]),
            give_up=self.tr("Delete"),
            keep=self.tr("Keep it"),
            then=lambda: self._delete(item),
            icon=QMessageBox.Icon.Warning,
        )

    def _delete(self, item: Listed) -> None:
        def work(store: Store) -> None:
            from lab_app.gguf import keep

            keep.delete(item.row)
            keep.forget(store, item.row)

        def deleted(_: None) -> None:
            # The next one is chosen: the keyboard and the eye stay where they were.
            at = self.model.index_of(item.row.id).row()
            self._chosen_id = next(
                (
                    self.model.row_at(row).row.id
                    for row in (at + 1, at - 1)
                    if 0 <= row < self.model.rowCount()
                ),
                "",
            )
            if is_at(self.delete_button):
                self.table.setFocus()
            self.refresh()

        self.context.lab.ask(work, deleted, owner=self)

    # -- more of them -------------------------------------------------------------------------------

    def _browse(self) -> None:
        path = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder of models"))
        if path:
            self.add_folder(Path(path))

    def add_folder(self, folder: Path) -> None:
        """Search a folder from now on."""
        known = self.context.settings.value.model_folders
        if str(folder) not in known:
            self.context.settings.update(model_folders=(*known, str(folder)))
        self._soon.start()

    def add_files(self, paths: Sequence[Path]) -> None:
        """Make files known where they lie."""
        folders = self.context.lab.folders

        def make(store: Store) -> tuple[list[Job], list[tuple[Path, LabError]]]:
            from lab_app.gguf import keep, library

            rows = library.scan(folders, store)
            jobs, refused = [], []
            for path in paths:
                try:
                    jobs.append(keep.import_job(path, rows, folders))
                except LabError as error:
                    refused.append((path, error))
            return jobs, refused

        self.context.lab.ask(make, lambda found: self._queue_imports(*found), owner=self)

    def _queue_imports(self, jobs: list[Job], refused: list[tuple[Path, LabError]]) -> None:
        if jobs:
            keys = [job.key for job in jobs]
            self._imports.update(keys)
            # Anew, as the command does: what the same bytes were found in once may be gone.
            self.context.lab.submit(jobs, force=keys)
        if not refused:
            self.context.withdraw("imports")
        elif len(refused) == 1:
            self.context.report(refused[0][1], "imports")
        else:
            text = self.tr("Not added: {0}.").format(", ".join(path.name for path, _ in refused))
            self.context.notify(Notice("imports", text, said.both(refused[0][1]), "bad"))

    def _imported(self, result: ResultRow | None) -> None:
        """A copy of what the library has gets no row: without a word nothing would seem to have happened."""
        if result is None:
            return
        name, path = result.values["name"], result.values["files"][0]
        if result.values["how"] == "known":
            text = self.tr("{0} is in the library already: {1}").format(name, path)
            self.context.notify(Notice(f"known-{name}", text))
        else:
            self.context.withdraw(f"known-{name}")

    def keyboard_start(self) -> QWidget | None:
        if self.tabs.currentIndex() == 0 and self.model.rowCount():
            return self.table
        return self.search_field()

    def search_field(self) -> QLineEdit:
        return self.hub.text if self.tabs.currentIndex() == 1 and self.hub is not None else self.filter

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        background(lambda: [(path, path.is_dir()) for path in paths], self._take_dropped, owner=self)

    def _take_dropped(self, found: list[tuple[Path, bool]]) -> None:
        others, files = [], []
        for path, is_folder in found:
            if is_folder:
                self.add_folder(path)
            elif path.suffix.lower() == ".gguf":
                files.append(path)
            else:
                others.append(path.name)
        if files:
            self.add_files(files)
        if others:
            text = self.tr("Not added: {0}.").format(", ".join(others))
            hint = self.tr("Drop GGUF files, or folders that hold models.")
            self.context.notify(Notice("dropped", text, hint, "warn"))
        else:
            self.context.withdraw("dropped")

    # -- the hub ------------------------------------------------------------------------------------

    def show_hub(self) -> None:
        if self.context.navigate is not None and not self.isVisible():
            self.context.navigate("models", {})
        self.tabs.setCurrentIndex(1)
        assert self.hub is not None
        self.hub.text.setFocus()

    def _tab_changed(self, place: int) -> None:
        if place == 1 and self.hub is None:
            from lab_app.gui.models.hub import HubSearch

            self.hub = HubSearch(self.context)
            self.hub.load.follow(self.load)
            self.hub.load.changed.connect(lambda: self.load.follow(self.hub.load) if self.hub else None)
            self.load.changed.connect(lambda: self.hub.load.follow(self.load) if self.hub else None)
            self.hub.study_wanted.connect(self._study_of)
            self._hub_column.addWidget(self.hub)


@page(
    "models",
    QT_TRANSLATE_NOOP("pages", "Models"),
    icon="boxes",
    order=10,
    needs=("lab_app.gui.models.inspector", "lab_app.gui.models.facts", "lab_app.gui.models.hub"),
)
def models(context: Context) -> Page:
    return ModelsPage(context)

"""Models: what this machine has, what the hub has, and what is in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHeaderView,
    QLineEdit,
    QSplitter,
    QTabWidget,
    QWidget,
)

from lab_app.gui.actions import Action
from lab_app.gui.context import Context
from lab_app.gui.copying import fixed
from lab_app.gui.keyboard import is_at
from lab_app.gui.models import deleting, too_large
from lab_app.gui.models.adding import Adding
from lab_app.gui.models.load_choice import LoadChoice
from lab_app.gui.models.table import LibraryModel
from lab_app.gui.pages import Page, page
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import beyond, button, column, label, row
from lab_app.gui.widgets.tables import TableView
from lab_app.gui.widgets.unmatched import Unmatched
from lab_app.gui.words import command
from lab_app.jobs.states import JobState

if TYPE_CHECKING:
    from lab_app.gui.models.facts import Listed
    from lab_app.gui.models.hub import HubSearch
    from lab_app.store import Store


class ModelsPage(Page):
    """The tab of this machine; the one of the hub is made when it is first shown."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.model = LibraryModel()
        self._chosen_id = ""
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
        self.adding = Adding(context, self)
        self.adding.folder_added.connect(self._soon.start)
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
        deleting_key = QShortcut(QKeySequence.StandardKey.Delete, self.table, self._ask_delete)
        deleting_key.setContext(Qt.ShortcutContext.WidgetShortcut)
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
        item = self.chosen()
        if item is not None:
            deleting.ask(self, self.context.lab, item.row, lambda: self._deleted(item))

    def _deleted(self, item: Listed) -> None:
        """The next one is chosen: the keyboard and the eye stay where they were."""
        at = self.model.index_of(item.row.id).row()
        self._chosen_id = next(
            (self.model.row_at(row).row.id for row in (at + 1, at - 1) if 0 <= row < self.model.rowCount()),
            "",
        )
        if is_at(self.delete_button):
            self.table.setFocus()
        self.refresh()

    # -- more of them -------------------------------------------------------------------------------

    def _browse(self) -> None:
        path = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder of models"))
        if path:
            self.adding.add_folder(Path(path))

    def keyboard_start(self) -> QWidget | None:
        if self.tabs.currentIndex() == 0 and self.model.rowCount():
            return self.table
        return self.search_field()

    def search_field(self) -> QLineEdit:
        return self.hub.text if self.tabs.currentIndex() == 1 and self.hub is not None else self.filter

    def take_files(self, files: Sequence[Path]) -> bool:
        if all(path.suffix.lower() == ".toml" for path in files):
            return False
        self.adding.add_dropped(files)
        return True

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

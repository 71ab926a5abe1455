"""The Hub: search, what a repository holds, whether it runs here, and the download."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QHeaderView, QLineEdit, QSplitter, QTextBrowser, QWidget

from lab_app.gui.background import Newest, Task, background
from lab_app.gui.context import Context
from lab_app.gui.copying import fixed
from lab_app.gui.models import hub_asking as asking
from lab_app.gui.models import too_large
from lab_app.gui.models.hub_files import ASKING, UNKNOWN, HubFile, HubFiles, judged, listed
from lab_app.gui.models.inspector import Rows
from lab_app.gui.models.load_choice import LoadChoice
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import beyond, button, calm, column, label, margins, row, set_role, tool
from lab_app.gui.widgets.tables import TableView
from lab_app.gui.words import command
from lab_app.jobs.job import Job
from lab_app.jobs.states import JobState
from lab_app.system import said
from lab_app.system.errors import LabError

if TYPE_CHECKING:
    from lab_app.gui.models.facts import Offered
    from lab_app.gui.models.hub_asking import Looked
    from lab_app.hub.browse import Repository
    from lab_app.hub.reference import Reference
    from lab_app.hub.repo import FileGroup, Listing
    from lab_app.hub.search import Found


class HubSearch(QWidget):
    """``study_wanted(source)``: the user wants a study of ``hf:org/repo:file``."""

    study_wanted = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._asked: Task | None = None
        self._judging = Newest()
        self._waits = False
        """Whether a search was not made because the network was switched off."""
        self._found: list[Found] = []
        self._listing: Listing | None = None
        self._repository: Repository | None = None
        """What the hub holds of what is open, once its header is read."""
        self._offered: Offered | None = None
        self._preview = ""
        self._revision = "main"
        """Of the repository that is open."""
        self._named: Reference | None = None
        """What was pasted, if it named one repository and not words to search for."""
        self._make_parts()
        self._lay_out()
        self._settle = QTimer(self, singleShot=True, interval=450)
        self._settle.timeout.connect(self.search)
        context.lab.changed.connect(self._changed)
        context.settings.changed.connect(self._settings_changed)

    def _make_parts(self) -> None:
        self.text = QLineEdit()
        self.text.setAccessibleName(self.tr("Search Hugging Face"))
        self.text.setPlaceholderText(self.tr("Search, or paste organization/repository or its address"))
        self.text.setClearButtonEnabled(True)
        self.text.returnPressed.connect(self.search)
        self.text.textEdited.connect(lambda _: self._settle.start())
        self.format = self._combo(
            self.tr("Format"), (("gguf", "GGUF"), ("safetensors", "Safetensors"), ("", self.tr("any format")))
        )
        self.sort = self._combo(
            self.tr("Order"),
            (
                ("downloads", self.tr("most downloads")), ("likes", self.tr("most likes")),
                ("recent", self.tr("newest")), ("trending", self.tr("trending")),
            ),
        )  # fmt: skip
        self.note = label(self.tr("Models on Hugging Face. What fits this machine is said before anything is fetched."),
                          "muted", wrap=True)  # fmt: skip
        self.again = button(self.tr("Try again"), self.search, icon="rotate-ccw")
        self.again.hide()
        self.repositories = Rows(
            [self.tr("Repository"), self.tr("Weights"), self.tr("Downloads"), self.tr("Licence")], (1, 2)
        )
        self.repo_table = TableView(self.tr("Repositories found"))
        self.repo_table.setModel(self.repositories)
        self.repo_table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.repo_table.give_way({3: space(100), 1: space(80)})  # rather than the names
        self.repo_table.selectionModel().currentRowChanged.connect(lambda now, _: self._open(now.row()))
        self.load = LoadChoice()
        self.load.changed.connect(self._judge)
        self.files = HubFiles()
        self.file_table = TableView(self.tr("Files of the repository"))
        self.file_table.setModel(self.files)
        self.file_table.setSortingEnabled(True)
        self.file_table.sortByColumn(HubFiles.SIZE, Qt.SortOrder.AscendingOrder)
        self.file_table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.file_table.give_way({HubFiles.PARTS: space(170), HubFiles.BITS: space(150)})
        self.file_table.selectionModel().currentRowChanged.connect(lambda *_: self._choose())
        self.repo_title = label("", "heading", wrap=True, selectable=True)
        self.verdict = label("", "", wrap=True)
        self.card = QTextBrowser()
        self.card.setAccessibleName(self.tr("Model card"))
        self.card.setTabChangesFocus(True)
        self.card.setOpenLinks(False)
        self.card.anchorClicked.connect(self._follow)
        self.download_button = button(self.tr("Download"), self.download, icon="download", kind="primary")
        self.study_button = button(self.tr("Study it"), self._study, icon="flask-conical")
        self.copy_button = tool(self.tr("Copy the command that downloads it"), "copy", self._copy)
        root = self._context.lab.folders.root
        fetch = fixed(lambda: command("models", "download", self.source(), "--data-dir", root))
        self._context.actions.describe(self.download_button, self.tr("Download the selected file"), fetch)
        self._context.actions.describe(self.copy_button, command=fetch)
        self._context.actions.describe(self.study_button, self.tr("Study the selected file"))
        self._show_buttons()

    @staticmethod
    def _combo_fill(made: QComboBox, items: tuple[tuple[str, str], ...]) -> None:
        for value, text in items:
            made.addItem(text, value)

    def _combo(self, name: str, items: tuple[tuple[str, str], ...]) -> QComboBox:
        made = calm(QComboBox())
        made.setAccessibleName(name)
        self._combo_fill(made, items)
        made.activated.connect(lambda _: self.search())
        return made

    def _lay_out(self) -> None:
        leading, trailing = QWidget(), QWidget()
        leading.setLayout(beyond(column(self.repo_table)))
        trailing.setLayout(
            column(
                self.repo_title, row(self.load, None), self.file_table, self.verdict,
                row(None, self.copy_button, self.study_button, self.download_button), self.card, gap=2,
            )
        )  # fmt: skip
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(leading)
        self.splitter.addWidget(trailing)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setChildrenCollapsible(False)
        self._context.state.keep_splitter("hub", self.splitter)
        self.splitter.hide()
        said_so = row(self.note, self.again)
        said_so.setStretch(0, 1)
        whole = column(row(self.text, self.format, self.sort), said_so, self.splitter, gap=2)
        margins(whole, 0, 3, 0, 0)
        whole.setStretch(2, 1)
        whole.addStretch(0)
        self.setLayout(whole)

    # -- search -------------------------------------------------------------------------------------

    def search(self) -> None:
        """Ask the hub for what stands in the field: words, a repository, or an address."""
        self._settle.stop()
        text = self.text.text().strip()
        if self._asked is not None:
            self._asked.cancel()
        self._waits = self._context.settings.value.offline
        if self._waits:
            self.splitter.hide()  # what it shows is not what was asked for
            self._say(self.tr("The network is switched off in the settings."))
            return
        file_format, order = self.format.currentData() or None, self.sort.currentData()
        self._say(self.tr("Searching…"))
        self._asked = background(
            lambda: asking.find(text, file_format, order), self._show_found, self._failed, self
        )

    def _say(self, text: str, *, failed: bool = False) -> None:
        self.note.setText(text)
        set_role(self.note, "role", "bad" if failed else "muted")
        self.again.setVisible(failed)

    def _settings_changed(self, names: set[str]) -> None:
        if "reserve" in names:
            self._judge()
        if "offline" in names and self._waits:
            self.search()

    def _failed(self, error: LabError) -> None:
        self.splitter.hide()
        self._say(said.both(error), failed=True)

    def _show_found(self, answer: tuple[list[Found], Reference | None]) -> None:
        from lab_app.system.units import amount

        found, self._named = answer
        self._found = found
        self.splitter.setVisible(bool(found))
        self._say(self.tr("%n repository(ies)", "", len(found)) if found else self.tr("Nothing found."))
        self.repositories.show_rows([
            (
                (item.repo, item.repo + (self.tr(" (gated)") if item.gated else "")),
                (item.n_params or 0, amount(item.n_params) if item.n_params else ""),
                (item.downloads, f"{item.downloads:,}".replace(",", "\u202f")),
                (item.licence or "", item.licence or ""),
            )
            for item in found
        ])  # fmt: skip
        self.repo_table.resizeColumnsToContents()
        if found:
            self.repo_table.selectRow(0)

    # -- one repository -----------------------------------------------------------------------------

    def _open(self, place: int) -> None:
        if not 0 <= place < len(self._found):
            return
        repo = self._found[place].repo
        revision = self._revision = (self._named.revision if self._named else None) or "main"
        self._listing = self._repository = self._offered = None
        self._preview = ""
        self.files.replace_all([])
        self.repo_title.setText(repo)
        self.verdict.setText(self.tr("Looking at the repository…"))
        self.card.clear()
        self._show_buttons()

        background(
            lambda: asking.look(repo, revision), self._show_repository,
            lambda error: self._refused(repo, error), self,
        )  # fmt: skip

    def _refused(self, repo: str, error: LabError) -> None:
        if self.repo_title.text() == repo:
            self.verdict.setText(said.both(error))

    def _show_repository(self, found: Looked) -> None:
        if self.repo_title.text() != found.repo:
            return
        self._listing = found.listing
        self.verdict.setText("" if found.groups else self.tr("There is no model file in this repository."))
        self.files.replace_all([listed(group) for group in found.groups])
        self.file_table.resizeColumnsToContents()
        self._choose_named()
        self.card.setHtml(found.card)
        self._show_buttons()
        if any(item.fit == ASKING for item in self.files.all_rows()):
            self._read_header(found.repo, found.listing)

    def _choose_named(self) -> None:
        """Select the file that was named with the repository, by its path or its quant type."""
        wanted = self._named.file if self._named else None
        if wanted is None:
            return
        for item in self.files.all_rows():
            paths = {file.name for file in item.group.files}
            if wanted in paths or wanted.upper() == item.group.quant:
                self.file_table.setCurrentIndex(self.files.index_of(self.files.key(item)))
                return

    def _read_header(self, repo: str, listing: Listing) -> None:
        """One header tells the shape of all models of a repository, and so what each takes."""

        def read() -> Repository:
            from lab_app.hub import browse

            return browse.with_header(listing)

        def known(found: Repository) -> None:
            if self.repo_title.text() == repo:
                self._repository = found
                self._judge()

        def failed(error: LabError) -> None:
            if self.repo_title.text() == repo:
                why = said.both(error)
                rows = list(self.files.all_rows())
                self.files.replace_all(
                    [HubFile(r.group, UNKNOWN, None, why) if r.fit == ASKING else r for r in rows]
                )

        background(read, known, failed, self)

    def _judge(self) -> None:
        """Say of every file anew whether it fits, at the context and KV type that are chosen."""
        found = self._repository
        if found is None:
            return
        context, kv = self.load.context, self.load.kv
        reserve = self._context.settings.value.reserve

        def judge() -> Offered:
            from lab_app.gui.models import facts

            return facts.offered(found, context, kv, reserve)

        self._judging.ask(background(judge, self._show_offers, owner=self))

    def _show_offers(self, found: Offered) -> None:
        if self._repository is None or found.repo != self._repository.listing.repo:
            return
        self._offered = found
        self.files.replace_all([judged(offer, found.problem) for offer in found.offers])
        self.file_table.resizeColumnsToContents()
        self._show_buttons()

    def chosen_row(self) -> HubFile | None:
        index = self.file_table.currentIndex()
        return self.files.row_at(index.row()) if index.isValid() else None

    def chosen(self) -> FileGroup | None:
        item = self.chosen_row()
        return item.group if item is not None else None

    def _choose(self) -> None:
        """A file was chosen: its header is read over the network, and this llama.cpp asked whether it runs it."""
        self._show_buttons()
        self._preview = ""
        group = self.chosen()
        if group is None:
            return
        if group.format != "gguf" or not group.complete:
            self.verdict.setText(
                self.tr("Converted to GGUF after the download.") if group.complete
                else self.tr("The repository lacks a part of this model.")
            )  # fmt: skip
            return
        self.verdict.setText(self.tr("Reading the header…"))

        def asked(job: Job) -> None:
            if (now := self.chosen()) is not None and now.files == group.files:
                self._preview = job.key
                self._context.lab.submit([job])

        background(lambda: asking.preview_job(group), asked, owner=self)

    def _changed(self, key: str) -> None:
        view = self._context.lab.jobs.get(key)
        if key != self._preview or view is None or not view.state.ended:
            return
        if view.state is not JobState.DONE:
            self.verdict.setText(said.both(view))
            return
        self._context.lab.ask(
            lambda store: store.result(key), lambda result: self._show_preview(key, result), owner=self
        )

    def _show_preview(self, key: str, result: Any) -> None:
        if result is None or key != self._preview:  # another file is chosen meanwhile
            return
        values = result.values
        if values["problem"]:
            problem = values["problem"]
            self.verdict.setText(said.local(f"{problem['message']} {problem.get('hint') or ''}".strip()))
            return
        found = values["inspection"]
        text = self.tr("This llama.cpp runs it: {0}, {1} bits per weight, trained for {2} tokens.")
        self.verdict.setText(
            text.format(
                found["architecture"], f"{found['bits_per_weight']:.2f}", found["context_length"] or "?"
            )
        )

    # -- what to do with it -------------------------------------------------------------------------

    def _show_buttons(self) -> None:
        item = self.chosen_row()
        for part in (self.download_button, self.study_button, self.copy_button):
            part.setEnabled(item is not None)
        large = item is not None and item.too_large
        self.download_button.setText(self.tr("Download anyway…") if large else self.tr("Download"))
        self.study_button.setText(self.tr("Study it anyway…") if large else self.tr("Study it"))
        for part in (self.download_button, self.study_button):
            part.setAccessibleName(part.text())

    def source(self) -> str:
        """``hf:org/repo:file`` of what is chosen, with ``@revision`` where it is not the usual one."""
        group = self.chosen()
        assert group is not None and self._listing is not None
        file = f":{group.files[0].name}" if group.format == "gguf" else ""
        revision = f"@{self._revision}" if self._revision != "main" else ""
        return f"hf:{self._listing.repo}{file}{revision}"

    def _study(self) -> None:
        source = self.source()
        self._sure(
            lambda: self.study_wanted.emit(source),
            self.tr("Study it anyway"),
            self.tr("Don't study it"),
        )

    def _sure(self, then: Callable[[], object], anyway: str, keep: str) -> None:
        """Go on; of a model that won't fit, once it is said what is at stake."""
        item, found = self.chosen_row(), self._offered
        if item is None or found is None or not item.too_large:
            then()
            return
        name = item.group.name.rpartition("/")[2]
        too_large.ask(
            self, name, item.needed or 0, found.free, found.context, anyway=anyway, keep=keep, then=then
        )

    def _copy(self) -> None:
        from lab_app.gui.copying import copy

        copy(command("models", "download", self.source()))

    def download(self) -> None:
        """Queue the download of what is chosen; its progress is in the strip and on the queue page."""
        group = self.chosen()
        if group is not None:
            self._sure(
                lambda: self._download(group), self.tr("Download anyway"), self.tr("Don't download it")
            )

    def _download(self, group: FileGroup) -> None:
        revision = self._revision

        def queue(job: Job) -> None:
            self._context.lab.submit([job])

        background(lambda: asking.download_job(group, revision), queue, owner=self)

    def _follow(self, address: QUrl) -> None:
        """Links of a card lead to the browser, and only to the web."""
        if address.scheme() in ("http", "https"):
            QDesktopServices.openUrl(address)

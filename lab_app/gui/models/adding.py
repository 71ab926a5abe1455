"""Models made known to the library: folders that are searched from now on, files where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lab_app.gui.background import background
from lab_app.gui.context import Context, Notice
from lab_app.jobs.job import Job
from lab_app.jobs.states import JobState
from lab_app.system import said
from lab_app.system.errors import LabError

if TYPE_CHECKING:
    from lab_app.store import Store
    from lab_app.store.store import ResultRow


class Adding(QObject):
    """Notices tell what could not be added, and what the library has already. ``folder_added()``: to be searched."""

    folder_added = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._imports: set[str] = set()
        """Keys of the imports begun here that have not ended."""
        context.lab.changed.connect(self._changed)

    def add_folder(self, folder: Path) -> None:
        """Search a folder from now on."""
        known = self._context.settings.value.model_folders
        if str(folder) not in known:
            self._context.settings.update(model_folders=(*known, str(folder)))
        self.folder_added.emit()

    def add_files(self, paths: Sequence[Path]) -> None:
        """Make files known where they lie."""
        folders = self._context.lab.folders

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

        self._context.lab.ask(make, lambda found: self._queue_imports(*found), owner=self)

    def _queue_imports(self, jobs: list[Job], refused: list[tuple[Path, LabError]]) -> None:
        if jobs:
            keys = [job.key for job in jobs]
            self._imports.update(keys)
            # Anew, as the command does: what the same bytes were found in once may be gone.
            self._context.lab.submit(jobs, force=keys)
        if not refused:
            self._context.withdraw("imports")
        elif len(refused) == 1:
            self._context.report(refused[0][1], "imports")
        else:
            text = self.tr("Not added: {0}.").format(", ".join(path.name for path, _ in refused))
            self._context.notify(Notice("imports", text, said.both(refused[0][1]), "bad"))

    def _changed(self, key: str) -> None:
        view = self._context.lab.jobs.get(key)
        if key in self._imports and view is not None and view.state.ended:
            self._imports.discard(key)
            if view.state is JobState.DONE:
                self._context.lab.ask(lambda store: store.result(key), self._imported, owner=self)

    def _imported(self, result: ResultRow | None) -> None:
        """A copy of what the library has gets no row: without a word nothing would seem to have happened."""
        if result is None:
            return
        name, path = result.values["name"], result.values["files"][0]
        if result.values["how"] == "known":
            text = self.tr("{0} is in the library already: {1}").format(name, path)
            self._context.notify(Notice(f"known-{name}", text))
        else:
            self._context.withdraw(f"known-{name}")

    def add_dropped(self, paths: Sequence[Path]) -> None:
        """Folders and GGUF files; of others it is said that they were not added."""
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
            self._context.notify(Notice("dropped", text, hint, "warn"))
        else:
            self._context.withdraw("dropped")

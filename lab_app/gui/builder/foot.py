"""The foot of the builder: what the study lacks or costs, the file it is, and its start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from lab_app.gui.background import background
from lab_app.gui.bridge import Lab
from lab_app.gui.builder.facts import Costs
from lab_app.gui.builder.file_view import FileView
from lab_app.gui.context import Context
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import button, label, row, set_role
from lab_app.gui.words import batch_command, duration, size
from lab_app.studies.edited import Edited
from lab_app.system.errors import LabError


class Foot(QWidget):
    """``started(study_id)``. Of the study of :meth:`show_study`, as its draft is when a button is pressed."""

    started = Signal(str)

    def __init__(self, context: Context, edited: Edited) -> None:
        super().__init__()
        self._context = context
        self._lab: Lab = context.lab
        self._edited = edited
        self._wrong = ""
        self._parts: list[str] = []
        self._ready = False
        self._starting = False
        self._reading = ""
        """Which file is being read for its checksum, and how far it is."""
        self.summary = label("", "", wrap=True)
        self.file_button = button(self.tr("Study file…"), self._show_file, icon="copy")
        self.start = button(self.tr("Start"), self._begin, icon="play", kind="primary")
        for part, text in ((self.file_button, ""), (self.start, self.tr("Start the study"))):
            context.actions.describe(part, text, self._command)
        line = row(self.summary, self.file_button, self.start, gap=2)
        line.setStretch(0, 1)
        line.setContentsMargins(space(6), space(2), space(6), space(3))
        self.setLayout(line)
        self._lab.hashed.connect(self._show_hashed)

    def show_study(self, edited: Edited) -> None:
        self._edited = edited

    # -- what is said -------------------------------------------------------------------------------

    def forget(self) -> None:
        """The study is about another model; until :meth:`say` it cannot be started."""
        self._ready = False
        self.start.setEnabled(False)

    def say(self, wrong: str, costs: Costs, sizes: Mapping[str, int], *, checked: bool) -> None:
        """wrong: why it cannot be started, else empty. sizes: quant type → bytes of the file that is made.
        checked: whether it is known already that nothing else is wrong."""
        self._wrong = wrong
        self._ready = checked and not wrong
        models = self._edited.draft.variant_count
        self._parts = [self.tr("%n model(s) measured", "", models)]
        known = [seconds for seconds in costs.probes.values() if seconds is not None]
        if known:
            text = (
                self.tr("about {0} on this machine")
                if costs.measured
                else self.tr("roughly {0} (nothing measured here yet)")
            )
            self._parts.append(text.format(duration(sum(known) * models + costs.quantize)))
        if sizes:
            self._parts.append(self.tr("{0} of disk for the files").format(size(sum(sizes.values()))))
        self._show()

    def _show(self) -> None:
        self.start.setEnabled(self._ready and not self._starting)
        set_role(self.summary, "role", "bad" if self._wrong else "muted")
        parts = [self._reading, *self._parts] if self._reading else self._parts
        self.summary.setText(self._wrong or " · ".join(parts))

    def _show_hashed(self, path: str, part: float) -> None:
        text = self.tr("reading {0} for its checksum: {1} %").format(Path(path).name, round(100 * part))
        self._reading = text if part < 1 else ""
        self._show()

    # -- the file and the start ---------------------------------------------------------------------

    def _command(self, say: Callable[[str], object]) -> None:
        """The command that starts the study, once its file is there."""
        root = self._lab.folders.root

        def kept(found: tuple[Path, str]) -> None:
            say(batch_command(found[0], root))

        background(self._edited.place(self._lab.folders), kept, owner=self)

    def _keep(self, then: Callable[[Path, str], object], failed: Callable[[LabError], None]) -> None:
        """Keep the study as a file; ``then(file, its text)`` follows."""
        edited, toml = self._edited, self._edited.draft.toml()

        def kept(found: tuple[Path, str]) -> None:
            edited.file, text = found
            edited.saved = toml
            then(edited.file, text)

        background(edited.place(self._lab.folders), kept, failed, self)

    def _report(self, error: LabError) -> None:
        self._context.report(error, "builder")

    def _show_file(self) -> None:
        def show(path: Path, text: str) -> None:
            self._context.withdraw("builder")
            suggested, root = self._edited.suggested_file, self._lab.folders.root
            view = FileView(text, path, suggested, root, self._report, self)
            view.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            view.open()

        # The command shown works as it is: the file it names is there.
        self._keep(show, self._report)

    def _set_starting(self, on: bool) -> None:
        """While a study is planned it is not started a second time."""
        self._starting = on
        self._show()

    def _begin(self) -> None:
        """Keep the study as a file and start it."""

        def failed(error: LabError) -> None:
            self._set_starting(False)
            self._report(error)

        def done(study_id: str) -> None:
            self._context.withdraw("builder")
            self._set_starting(False)
            self.started.emit(study_id)

        self._set_starting(True)
        self._keep(lambda path, text: self._lab.start_study(text, path, done, failed, self), failed)

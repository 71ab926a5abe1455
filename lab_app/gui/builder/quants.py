"""Which quant types: the table, what each would make of the source, and whether that runs here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from lab_app.gui.background import background
from lab_app.gui.bridge import Lab
from lab_app.gui.builder import facts as finding
from lab_app.gui.builder.facts import Facts, Fits
from lab_app.gui.builder.types import TypesModel, nominal, predicted
from lab_app.gui.context import Context
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import column
from lab_app.gui.widgets.reading import Reading
from lab_app.gui.widgets.tables import TableView
from lab_app.jobs.job import FileInput, Job
from lab_app.jobs.states import JobState
from lab_app.studies.draft import Draft

_OPTIONS = ("overrides", "output_type", "embedding_type", "pure", "imatrix")


class TypesTable(TableView):
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


class Quants(QWidget):
    """``chosen_changed()``: the user ticked a type; ``sized()``: more is known of the files."""

    chosen_changed = Signal()
    sized = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._lab: Lab = context.lab
        self._facts = Facts("")
        self.predict = ""
        """Key of the job that predicts the sizes."""
        self._values: Mapping[str, Any] = {}
        """What llama.cpp would make of the model, by quant type."""
        self._options: Mapping[str, Any] = {}
        """Of [quantize], as far as they change what becomes of a tensor."""
        self._asked = 0
        self.types = TypesModel()
        self.types.chosen_changed.connect(self.chosen_changed)
        self.reading = Reading(self._lab)
        """For the page to place: how far the file is read for its checksum."""
        self.table = TypesTable(self.tr("Quant types"))
        self.table.setModel(self.types)
        self.table.setMinimumHeight(space(66))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(TypesModel.NOTES, QHeaderView.ResizeMode.Stretch)
        self.setLayout(column(self.table))
        self._lab.changed.connect(self._job_changed)

    # -- sizes --------------------------------------------------------------------------------------

    def forget(self, facts: Facts) -> None:
        """Another model; nothing is known of it yet."""
        self._facts, self.predict, self._values = facts, "", {}
        self._asked += 1
        self.reading.cancel()
        self.types.forget_sizes()

    def show_facts(self, facts: Facts) -> None:
        """Nominal sizes, then those llama.cpp predicts where the file is here."""
        self._facts, self.predict, self._values = facts, "", {}
        background(lambda: nominal(facts.n_params), lambda rows: self._show_sizes(facts, rows), owner=self)
        self._predict()

    def follow(self, draft: Draft) -> None:
        """Sizes as the options of the draft make them: overrides, an importance matrix, no mixture."""
        options = {name: draft.quantize_option(name) for name in _OPTIONS}
        if options != self._options:
            self._options = options
            self._predict()

    def _predict(self) -> None:
        facts, options = self._facts, self._options
        if facts.path is not None and facts.size and self._lab.is_open:
            path = facts.path
            self.reading.ask(
                [path], lambda sums: _predict_job(path, sums[str(path)], options),
                lambda job: self._submit(facts, job), lambda error: self._context.report(error, "builder"),
            )  # fmt: skip

    def _show_sizes(self, facts: Facts, rows: list[Any]) -> None:
        if facts is self._facts:
            self.types.show_rows(predicted(rows, self._values))
            self.sized.emit()

    def _submit(self, facts: Facts, job: Job) -> None:
        if facts is self._facts:
            self.predict = job.key
            self._lab.submit([job])

    def _job_changed(self, key: str) -> None:
        view, facts = self._lab.jobs.get(key), self._facts
        if key == self.predict and view is not None and view.state is JobState.DONE:
            self._lab.ask(
                lambda store: store.result(key),
                lambda result: self._show_predicted(key, facts, result),
                owner=self,
            )

    def _show_predicted(self, key: str, facts: Facts, result: Any) -> None:
        if result is not None and facts is self._facts and key == self.predict:
            self._values = result.values
            self.types.show_rows(predicted(self.types.rows, self._values))
            self.sized.emit()

    # -- whether they run here ----------------------------------------------------------------------

    def ask_fits(self, draft: Draft) -> None:
        """Find out which of the files run here as the study would run them."""
        self._asked += 1
        asked, facts, sizes = self._asked, self._facts, self.types.all_sizes()
        probes, engine = [dict(item) for item in draft.probes], draft.engine
        reserve = self._context.settings.value.reserve

        def show(found: Fits) -> None:
            if asked == self._asked:  # else it is asked again already
                self._show_fits(found)

        background(lambda: finding.fits(facts, sizes, probes, engine, reserve), show, owner=self)

    def _show_fits(self, found: Fits) -> None:
        if found.found:
            note = self.tr("With a context of {0} tokens, a K cache of {1} and a V cache of {2}")
            tokens = f"{found.context:,}".replace(",", "\u202f")
            self.types.show_fits(found.found, note.format(tokens, found.kv_k, found.kv_v))
        else:
            self.types.show_fits({}, self.tr("Known once the header of the model can be read"))


def _predict_job(path: Path, sha256: str, options: Mapping[str, Any]) -> Job:
    """What every quant type would make of a file."""
    from lab_app.quant.imatrix import noted_name
    from lab_app.quant.types import QUANT_TYPES
    from lab_app.studies.schema import Imatrix
    from lab_app.system import native

    given = {name: value for name, value in options.items() if value}
    if options.get("imatrix") is not None:
        text = options["imatrix"].get("text") or Imatrix().text
        given["imatrix"] = {"dataset": noted_name(text)}
    return Job(
        "predict",
        {
            "types": sorted({item.name for item in QUANT_TYPES.values()}),
            "each": True,
            "allow_requantize": True,
            **given,
        },
        {"model": FileInput(str(path), sha256)},
        engine=native.engine_id(),
        title="predict sizes",
    )

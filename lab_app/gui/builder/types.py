"""The table of quant types with what each would make of the source: size, bits per weight, whether it fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal

from lab_app.gui.models.table import fit_colour, fit_text
from lab_app.gui.theme import keeper
from lab_app.gui.widgets.table_model import Index, Role, TableModel
from lab_app.gui.words import size as file_size
from lab_app.system import said

USUAL = ("Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "IQ4_XS", "Q3_K_M", "Q2_K")


@dataclass(frozen=True, slots=True)
class Row:
    """bytes: None while unknown; exact: predicted by llama.cpp, not from the nominal bits.
    fit: word of the memory estimate and bytes needed; empty and 0 while unknown."""

    name: str
    family: str
    bits: float
    nbytes: int | None
    exact: bool
    needs_imatrix: bool
    recommends_imatrix: bool
    fit: tuple[str, int] = ("", 0)
    problem: str = ""
    fallbacks: int = 0


def nominal(n_params: int) -> list[Row]:
    """Every type, with the size its nominal bits give. Not for the GUI thread (imports the tables)."""
    from lab_app.quant.types import QUANT_TYPES

    rows = []
    for name, item in QUANT_TYPES.items():
        if name != item.name:
            continue  # an alias
        bits = item.bits_per_weight
        nbytes = round(n_params * bits / 8) if n_params else None
        rows.append(Row(name, item.family, bits, nbytes, False, item.needs_imatrix, item.recommends_imatrix))
    order = {name: place for place, name in enumerate(USUAL)}
    return sorted(rows, key=lambda row: (row.name not in order, -row.bits, row.name))


def predicted(rows: Iterable[Row], values: Mapping[str, Any]) -> list[Row]:
    """``rows`` with what a predict job found."""
    found = []
    for row in rows:
        value = values.get(row.name)
        if value is None:
            found.append(row)
        elif "problem" in value:
            found.append(replace(row, problem=said.local(str(value["problem"]))))
        else:
            found.append(
                replace(
                    row,
                    bits=float(value["bits_per_weight"]),
                    nbytes=int(value["file_size"]),
                    exact=True,
                    problem="",
                    needs_imatrix=bool(value["needs_imatrix"]),
                    fallbacks=int(value["fallbacks"]),
                )
            )
    return found


class TypesModel(TableModel):
    """One row a quant type, with a check box. ``chosen_changed`` follows the user's ticks."""

    chosen_changed = Signal()
    TYPE, SIZE, BITS, FIT, NOTES = range(5)
    numeric = (SIZE, BITS)
    rich = (TYPE,)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.chosen: set[str] = set()
        self.fit_note = ""
        """At what context and KV types it fits or not, or why that is not known; empty while it is found out."""
        self.has_imatrix: Callable[[], bool] = lambda: False

    def show_rows(self, rows: list[Row]) -> None:
        if [row.name for row in rows] == [row.name for row in self.rows]:
            self.rows = rows
            self.all_touched()
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def show_fits(self, found: Mapping[str, tuple[str, int]], note: str) -> None:
        self.fit_note = note
        self.show_rows([replace(row, fit=found.get(row.name, ("", 0))) for row in self.rows])

    def all_sizes(self) -> dict[str, int]:
        """Bytes of every type that can be made, as far as they are known."""
        return {row.name: row.nbytes for row in self.rows if row.nbytes and not row.problem}

    def forget_sizes(self) -> None:
        """Of another model: nothing is known of this one yet."""
        self.fit_note = ""
        self.show_rows(
            [
                replace(row, nbytes=None, exact=False, fit=("", 0), problem="", fallbacks=0)
                for row in self.rows
            ]
        )

    def choose(self, names: Iterable[str]) -> None:
        """Tick exactly these, in silence."""
        self.chosen = set(names)
        self.all_touched()

    def in_order(self) -> list[str]:
        """What is ticked, largest first as the table shows it."""
        return [row.name for row in self.rows if row.name in self.chosen]

    def sizes(self) -> dict[str, int]:
        return {row.name: row.nbytes for row in self.rows if row.name in self.chosen and row.nbytes}

    # -- Qt -----------------------------------------------------------------------------------------

    def heads(self) -> list[str]:
        return [
            self.tr("Type"),
            self.tr("File size"),
            self.tr("Bits per weight"),
            self.tr("On this machine"),
            self.tr("Notes"),
        ]

    def size(self) -> int:
        return len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.rows[index.row()]
        if row.problem and row.name not in self.chosen:  # what is chosen can be taken back
            return Qt.ItemFlag.ItemIsSelectable
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == self.TYPE else flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if role == Role.CheckStateRole and index.column() == self.TYPE:
            ticked = self.rows[index.row()].name in self.chosen
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        return super().data(index, role)

    def colour(self, row: int, column: int) -> str:
        if column == self.FIT:
            return fit_colour(self.rows[row].fit[0])
        return keeper().theme.warn if column == self.NOTES and self._blocked(self.rows[row]) else ""

    def tip(self, row: int, column: int) -> str:
        if column == self.FIT:
            return self.fit_note
        return self.text(row, column) if column == self.NOTES else ""

    def spoken(self, row: int, column: int) -> str:
        if column != self.TYPE:
            return self.text(row, column)
        ticked = self.tr("chosen") if self.rows[row].name in self.chosen else self.tr("not chosen")
        return f"{self.text(row, column)}, {ticked}"

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != self.TYPE:
            return False
        name = self.rows[index.row()].name
        if Qt.CheckState(value) is Qt.CheckState.Checked:
            self.chosen.add(name)
        else:
            self.chosen.discard(name)
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), self.NOTES))
        self.chosen_changed.emit()
        return True

    def _blocked(self, row: Row) -> bool:
        return bool(row.problem) or (row.needs_imatrix and not self.has_imatrix())

    def text(self, place: int, column: int) -> str:
        row = self.rows[place]
        if column == self.TYPE:
            return row.name
        if column == self.SIZE:
            if row.nbytes is None:
                return "–"
            return (
                file_size(row.nbytes)
                if row.exact
                else QCoreApplication.translate("types", "about {0}").format(file_size(row.nbytes))
            )
        if column == self.BITS:
            return f"{row.bits:.2f}"
        if column == self.FIT:
            text = fit_text(row.fit[0])
            if text:
                return self.tr("{0}, needs {1}").format(text, file_size(row.fit[1]))
            return "?" if self.fit_note else ""
        if row.problem:
            return row.problem
        notes = []
        if row.needs_imatrix and not self.has_imatrix():
            notes.append(self.tr("needs an importance matrix (under More)"))
        elif row.recommends_imatrix and not self.has_imatrix():
            notes.append(self.tr("better with an importance matrix"))
        if row.fallbacks:
            notes.append(self.tr("%n tensor(s) fall back to a larger type", "", row.fallbacks))
        return "; ".join(notes)

"""The models of a repository as a table: one row a model, with a badge that says whether it fits this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from lab_app.gui.models.table import FITS, fit_colour, fit_text
from lab_app.gui.theme import keeper
from lab_app.gui.widgets.sorted_table import SortedTable
from lab_app.gui.words import size

if TYPE_CHECKING:
    from lab_app.hub.browse import Offer
    from lab_app.hub.repo import FileGroup

ASKING, UNKNOWN, CONVERTED, PARTS, BESIDE = "asking", "unknown", "converted", "parts", "beside"
_OPEN = {
    ASKING: (QT_TRANSLATE_NOOP("fits", "checking…"), QT_TRANSLATE_NOOP("fits", "The header is being read.")),
    UNKNOWN: (QT_TRANSLATE_NOOP("fits", "unknown"), QT_TRANSLATE_NOOP("fits", "The header does not tell.")),
    CONVERTED: (
        QT_TRANSLATE_NOOP("fits", "after conversion"),
        QT_TRANSLATE_NOOP("fits", "It is known once the model is converted to GGUF."),
    ),
    BESIDE: (
        QT_TRANSLATE_NOOP("fits", "goes with a model"),
        QT_TRANSLATE_NOOP("fits", "A projector: it takes memory beside the model it belongs to."),
    ),
    PARTS: (
        QT_TRANSLATE_NOOP("fits", "parts missing"),
        QT_TRANSLATE_NOOP("fits", "The repository lacks a part of this model."),
    ),
}
"""What a badge says that is no verdict, and why."""
_RANK = {fit: rank for rank, fit in enumerate((*FITS, ASKING, UNKNOWN, CONVERTED, BESIDE, PARTS))}


@dataclass(frozen=True, slots=True)
class HubFile:
    """A model of a repository.

    fit:    a word of :class:`lab_app.gguf.memory.Fit`, or why there is none yet.
    needed: bytes it takes at the context and KV type asked for; None where that is not known.
    why:    what went wrong where ``fit`` is unknown.
    """

    group: FileGroup
    fit: str
    needed: int | None = None
    why: str = ""

    @property
    def too_large(self) -> bool:
        return self.fit == "won't fit"


def listed(group: FileGroup) -> HubFile:
    """Before the header is read."""
    if not group.complete:
        return HubFile(group, PARTS)
    if group.format != "gguf":
        return HubFile(group, CONVERTED)
    return HubFile(group, BESIDE if group.projector else ASKING)


def judged(offer: Offer, why: str = "") -> HubFile:
    """Once it is. why: what was wrong with the header."""
    if offer.fit is not None:
        return HubFile(offer.group, str(offer.fit.value), offer.needed)
    row = listed(offer.group)
    return HubFile(offer.group, UNKNOWN if row.fit == ASKING else row.fit, None, why)


class HubFiles(SortedTable[HubFile]):
    """Rows are known by the model's name in its repository."""

    FILE, FIT, QUANT, SIZE, BITS, PARTS = range(6)
    numeric = (SIZE, BITS, PARTS)

    def heads(self) -> list[str]:
        return [
            self.tr("File"), self.tr("On this machine"), self.tr("Quant"), self.tr("Size"), self.tr("Bits"),
            self.tr("Parts"),
        ]  # fmt: skip

    def key(self, row: HubFile) -> str:
        return f"{row.group.format}:{row.group.name}"

    def sort_value(self, row: HubFile, column: int) -> Any:
        group = row.group
        if column == self.FILE:
            return group.name.casefold()
        if column == self.FIT:
            return _RANK.get(row.fit, len(_RANK)), row.needed or 0, group.size
        if column == self.QUANT:
            return (group.quant or group.format).casefold()
        if column == self.BITS:
            return group.bits_per_weight or 0.0
        return group.size if column == self.SIZE else len(group.files)

    def text(self, row: int, column: int) -> str:
        item = self.row_at(row)
        group = item.group
        if column == self.FILE:
            return group.name.rpartition("/")[2]
        if column == self.FIT:
            return badge(item)
        if column == self.QUANT:
            return group.quant or group.format
        if column == self.SIZE:
            return size(group.size)
        if column == self.BITS:
            return f"{group.bits_per_weight:.2f}" if group.bits_per_weight else ""
        return str(len(group.files))

    def tip(self, row: int, column: int) -> str:
        item = self.row_at(row)
        if column != self.FIT:
            return item.group.name
        if item.needed:
            return self.tr("Needs {0} at this context").format(size(item.needed))
        return item.why or (_say(_OPEN[item.fit][1]) if item.fit in _OPEN else "")

    def spoken(self, row: int, column: int) -> str:
        """The badge with what it needs, or why it says nothing."""
        text = self.text(row, column)
        tip = self.tip(row, column) if column == self.FIT else ""
        return self.tr("{0}: {1}").format(text, tip) if tip else text

    def colour(self, row: int, column: int) -> str:
        item = self.row_at(row)
        if column != self.FIT:
            return ""
        return fit_colour(item.fit) or keeper().theme.muted


def _say(text: object) -> str:
    return QCoreApplication.translate("fits", str(text))


def badge(item: HubFile) -> str:
    return fit_text(item.fit) or (_say(_OPEN[item.fit][0]) if item.fit in _OPEN else "")

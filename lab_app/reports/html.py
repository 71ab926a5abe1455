"""The report as one HTML file that loads nothing, needs no script, and follows the reader's light or dark theme."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from lab_app import palette
from lab_app.reports.document import Document
from lab_app.reports.phrases import phrases
from lab_app.reports.sentences import HEADINGS
from lab_app.reports.table import tag_text
from lab_app.reports.words import printable
from lab_app.system import translation
from lab_app.system.translation import translate

_STATES = (palette.GOOD, palette.BAD, palette.OPEN, palette.CARD, palette.BEST)
_GROUND = (palette.INK, palette.MUTED, palette.GRID, palette.PAPER, palette.ACCENT, palette.EMPTY, *_STATES)


_UNIT = re.compile(r"(?<=\d) (?=(?:[kMGT]?B|nats|points|tokens)\b|%)")
"""The space between a number and its unit, where no line may end."""


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    texts: tuple[str, ...]


def html(document: Document) -> str:
    """The whole page. Every text is escaped; only our own style and drawings go in as they are."""
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: printable(value) if type(value) is str else value,
        trim_blocks=False,
        lstrip_blocks=True,
    )
    environment.filters["svg"] = Markup
    environment.filters["exact"] = repr
    environment.filters["tag"] = tag_text
    environment.filters["glue"] = lambda text: _UNIT.sub("\u00a0", text)
    style = (folder / "report.css").read_text(encoding="utf-8")
    return environment.get_template("report.html.j2").render(
        doc=document,
        data=document.data,
        css=Markup(_colours(document) + style),
        groups=groups(document),
        titles=titles(document),
        say=phrases(document.data),
        lang=translation.tag(),
    )


def groups(document: Document) -> list[Group]:
    """The verdict's sentences after the first, gathered under headings."""
    found: dict[str, list[str]] = {}
    for sentence in document.verdict.sentences[1:]:
        found.setdefault(translate("reports", HEADINGS[sentence.kind]), []).append(sentence.text)
    return [Group(label, tuple(texts)) for label, texts in found.items()]


def titles(document: Document) -> dict[str, str]:
    """Headings of the probes' sections."""
    return {section.anchor: document.data.title(section.probe) for section in document.probes}


def _colours(document: Document) -> str:
    """CSS variables of both themes: paper is always printed on."""
    used = {colour.name: colour for colour in _GROUND}
    for picture in document.pictures:
        used.update({colour.name: colour for colour in picture.drawing.colours})
    light = "".join(f"--{c.name}:{c.light};" for c in used.values())
    dark = "".join(f"--{c.name}:{c.dark};" for c in used.values())
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        "@media print{:root{color-scheme:light}}\n"
    )

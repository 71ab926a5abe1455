"""Errors in the user's language.

An error is made, logged, stored and handed to machines in English, wherever it happens: a worker knows no language,
and a failure of last week is shown in the language of today. Where it is shown, its sentence is looked up: the
catalogue holds the templates of all of them (``packaging/error_texts.py`` reads them out of the source), and what was
filled into a template is put into its translation, itself translated where it is a sentence or a known phrase.
What has no translation is said in English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol

from lab_app.system import translation

CONTEXT = "errors"
_GAP = re.compile(r"\{(\d+)\}")
_ENDS = "。？！"


class Failed(Protocol):
    """A LabError, or what is kept of one."""

    @property
    def message(self) -> str: ...
    @property
    def hint(self) -> str | None: ...


def both(failed: Failed) -> str:
    """What is wrong and what to do, as one text."""
    return _joined(local(failed.message), local(failed.hint or ""))


def local(text: str) -> str:
    """An English message, hint, or both as one text, in the chosen language."""
    if translation.language() == translation.ENGLISH or not text:
        return text
    if translation.language() == translation.PSEUDO:
        return translation.pseudo(text)
    lines = text.split("\n")
    if len(lines) > 1:
        return "\n".join(line[: len(line) - len(line.lstrip())] + local(line.lstrip()) for line in lines)
    return _known(translation.language(), text)


@lru_cache(maxsize=4096)  # cells of tables ask for the same sentence at every paint
def _known(language: str, text: str) -> str:
    return _text(text, catalogue(language)) or text


@dataclass(frozen=True)
class _Template:
    start: str
    end: str
    pattern: re.Pattern[str]
    translation: str

    @classmethod
    def of(cls, source: str, translation: str) -> _Template:
        parts = _GAP.split(source)
        pattern = "".join(
            re.escape(part) if place % 2 == 0 else f"(?P<_{part}>.*?)" for place, part in enumerate(parts)
        )
        return cls(parts[0], parts[-1], re.compile(pattern, re.DOTALL), translation)

    def fill(self, values: dict[str, str]) -> str:
        return _GAP.sub(lambda gap: values[gap[1]], self.translation)


@dataclass(frozen=True)
class Catalogue:
    """Sentences without gaps, and templates, those that say most first."""

    whole: dict[str, str]
    templates: tuple[_Template, ...]

    def find(self, text: str) -> str | None:
        """The translation of one sentence or phrase."""
        if text in self.whole:
            return self.whole[text]
        for item in self.templates:
            if (
                text.startswith(item.start)
                and text.endswith(item.end)
                and (m := item.pattern.fullmatch(text))
            ):
                values = {name[1:]: self._value(value) for name, value in m.groupdict().items()}
                return item.fill(values)
        return None

    def _value(self, text: str) -> str:
        """Of what was filled in: a phrase, or a sentence with or without its full stop."""
        if (found := _text(text, self)) is not None:
            return found
        found = _text(f"{text}.", self)
        return text if found is None else found.rstrip(".。")


@cache
def catalogue(language: str) -> Catalogue:
    texts = translation.texts(CONTEXT)
    gaps = sorted((text for text in texts if _GAP.search(text)), key=lambda text: -len(_GAP.sub("", text)))
    return Catalogue(
        {text: texts[text] for text in texts if text not in gaps},
        tuple(_Template.of(text, texts[text]) for text in gaps),
    )


def _text(text: str, known: Catalogue) -> str | None:
    """One sentence; two of them; or ``place: sentence``. None where nothing of it is known."""
    cuts = [found.end() for found in re.finditer(r"[.?!] (?=\S)", text)]
    for cut in cuts:  # two sentences that are both known say more than one template that swallows the second
        first, second = known.find(text[: cut - 1]), _text(text[cut:], known)
        if first is not None and second is not None:
            return _joined(first, second)
    if (found := known.find(text)) is not None:
        return found
    for colon in re.finditer(r": ", text):
        if (found := known.find(text[colon.end() :])) is not None:
            return f"{_place(text[: colon.start()], known)}: {found}"
    for cut in cuts:
        if (first := known.find(text[: cut - 1])) is not None:
            return _joined(first, text[cut:])
    return None


def _place(text: str, known: Catalogue) -> str:
    """``line 4, [quantize], key types`` before what is wrong there, or what was tried."""
    line, key = translation.translate("studies", "line {0}"), translation.translate("studies", "key {0}")
    text = re.sub(r"(?:^|(?<=: ))line (\d+)\b", lambda found: line.format(found[1]), text)
    text = re.sub(r"\bnumber \d+\b", lambda found: known.find(found[0]) or found[0], text)
    text = re.sub(r"\bkey (\S+)$", lambda found: key.format(found[1]), text)
    return known.find(text) or text


def _joined(first: str, second: str) -> str:
    return first + ("" if first[-1:] in _ENDS else " ") + second if first and second else first or second

"""The chosen language for what is said below the window: figures, tables, verdicts, questions, reports.

The same ``resources/translations/odyssey-lab_CODE.ts`` holds these texts and the window's own (``make translations``
collects both: it knows :func:`translate`, :func:`plural` and :func:`note` by their names). The window reads what Qt
compiles of it; here it is a small JSON catalogue beside it, read when it is first needed. English is the source:
only its plurals are looked up. Every process speaks English until :func:`use` is called.

A text is given whole, with ``{0}`` or ``{name}`` where something is filled in, because other languages put their
words in another order. What machines read (keys, states, units a program compares) is never translated.
"""

from __future__ import annotations

import json
from typing import Any

from lab_app.system import paths
from lab_app.system.errors import ResourceError, UsageError

ENGLISH = "en"
PSEUDO = "pseudo"
"""No language: it lengthens every text and marks its ends, so that one which is cut or was forgotten is seen."""
CONTEXTS = ("", "reports", "probes", "studies", "units", "jobs", "inspector", "errors")
"""Contexts of the texts that are said below the window; the empty one is that of the plurals."""
_STEM = "odyssey-lab_"
_ACCENTS = str.maketrans("aceginouyACEGINOUY", "áçéǧíñóüýÁÇÉǦÍÑÓÜÝ")
_language = ENGLISH
_catalogue: dict[str, Any] | None = None


def use(code: str) -> str:
    """Speak ``code`` (``zh_CN``) from now on, or English where there is no such catalogue; returns which it is."""
    global _language, _catalogue
    known = (code, code.partition("_")[0])
    _language = next((c for c in known if c == PSEUDO or _file_exists(c)), ENGLISH)
    _catalogue = None
    return _language


def language() -> str:
    """The code in use."""
    return _language


def tag() -> str:
    """The language as HTML names it: ``zh-CN``."""
    return ENGLISH if _language == PSEUDO else _language.replace("_", "-")


def check(code: str) -> str:
    """``code`` itself. Raises UsageError where there is no such language."""
    if code in (ENGLISH, PSEUDO) or _file_exists(code):
        return code
    folder = paths.resource("translations")
    known = sorted(file.stem.removeprefix(_STEM) for file in folder.glob(f"{_STEM}*.json"))
    raise UsageError(f"There is no language {code!r}.", f"Possible are {', '.join(known)}.")


def note(context: str, text: str) -> str:
    """``text`` itself, where it stands as data; it is translated when it is shown."""
    return text


def translate(context: str, text: str) -> str:
    """``text`` in the chosen language; itself where nobody has translated it."""
    if _language == ENGLISH or not text:
        return text
    if _language == PSEUDO:
        return pseudo(text)
    found = _read()["texts"].get(context, {}).get(text, text)
    return found if isinstance(found, str) else text


def texts(context: str) -> dict[str, str]:
    """Every text of a context and its translation; none in English."""
    found = _read()["texts"].get(context, {}) if _language not in (ENGLISH, PSEUDO) else {}
    return {text: made for text, made in found.items() if isinstance(made, str)}


def plural(text: str, comment: str, number: int) -> str:
    """``%n job(s)`` for a number, which is put in with thin groups of thousands. comment: for the translator."""
    shown = f"{number:,}".replace(",", "\u202f")
    if _language == PSEUDO:
        return pseudo(text.replace("%n", shown))
    catalogue = _read()
    forms = catalogue["texts"].get("", {}).get(f"{text}\n{comment}" if comment else text) or [text]
    index = 0 if catalogue["forms"] == 1 or number == 1 else 1
    return str(forms[min(index, len(forms) - 1)]).replace("%n", shown)


def pseudo(text: str) -> str:
    """``Cancel`` becomes ``[Çáñçél ···]``; placeholders stay."""
    return f"[{_outside_braces(text)}{' ·' * max(1, len(text) // 6)}]"


def _outside_braces(text: str) -> str:
    parts = text.split("{")
    shown = [parts[0].translate(_ACCENTS)]
    for part in parts[1:]:
        name, close, rest = part.partition("}")
        shown.append(f"{{{name}{close}{rest.translate(_ACCENTS)}")
    return "".join(shown)


def _file_exists(code: str) -> bool:
    try:
        return bool(code) and (paths.resource("translations") / f"{_STEM}{code}.json").is_file()
    except ResourceError:
        return False


def _read() -> dict[str, Any]:
    """The catalogue in use. One that is missing or damaged is empty: texts are then said in English."""
    global _catalogue
    if _catalogue is None:
        try:
            file = paths.resource("translations") / f"{_STEM}{_language}.json"
            _catalogue = dict(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, ResourceError):
            _catalogue = {"forms": 2, "texts": {}}
    return _catalogue

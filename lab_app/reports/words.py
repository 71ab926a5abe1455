"""Words around numbers: counts, lists, first letters, and text that comes from elsewhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from lab_app.system.translation import plural, translate


def listing(items: Sequence[str], *, most: int = 6, between: str = ", ") -> str:
    """``a, b and c``, or ``a; b; and c`` where the items have commas of their own; beyond ``most`` they are counted."""
    shown = [*items[:most], plural("%n more", "", len(items) - most)] if len(items) > most else list(items)
    if len(shown) < 2:
        return "".join(shown)
    last = translate("reports", " and ") if between == ", " else translate("reports", "; and ")
    return f"{joined(shown[:-1], between)}{last}{shown[-1]}"


def joined(items: Sequence[str], between: str = ", ") -> str:
    """The items with the language's own mark between them (``between``: a comma or a semicolon, and a space)."""
    mark = translate("reports", ", ") if between == ", " else translate("reports", "; ")
    return mark.join(items)


def beside(*parts: str) -> str:
    """``nats, lower is better``: remarks in one line; empty ones are left out."""
    text = ""
    for part in parts:
        if part:
            text = translate("reports", "{0}, {1}").format(text, part) if text else part
    return text


def paragraph(*sentences: str) -> str:
    """Sentences one after the other; empty ones are left out."""
    text = ""
    for sentence in sentences:
        if sentence:
            text = translate("reports", "{0} {1}").format(text, sentence) if text else sentence
    return text


def lower_first(label: str) -> str:
    """First letter small, unless the word is an abbreviation."""
    return label[:1].lower() + label[1:] if len(label) > 1 and not label[1].isupper() else label


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of text: in a file's name they only serve to make it look like another."""


def printable(text: str) -> str:
    """Text as any page, drawing or terminal can bear it: controls, halves of surrogate pairs, code points that
    are no characters, and marks that turn the direction become ``\ufffd``. Line breaks and tabs stay."""
    return "".join(c if _bearable(c) else "\ufffd" for c in text)


def _bearable(c: str) -> bool:
    if c in "\n\t":
        return True
    no_character = ord(c) & 0xFFFE == 0xFFFE or "\ufdd0" <= c <= "\ufdef"
    return not no_character and c not in _TURNING and unicodedata.category(c) not in ("Cc", "Cs")

"""Words around numbers: counts, lists, first letters, and text that comes from elsewhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def count(number: int, noun: str, plural: str | None = None) -> str:
    """``1 file``, ``2 files``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}".replace(",", "\u202f")


def listing(items: Sequence[str], *, most: int = 6, between: str = ", ") -> str:
    """``a, b and c``, or ``a; b; and c`` where the items have commas of their own; beyond ``most`` they are counted."""
    shown = [*items[:most], f"{len(items) - most} more"] if len(items) > most else list(items)
    if len(shown) < 2:
        return "".join(shown)
    last = " and " if between == ", " else f"{between}and "
    return f"{between.join(shown[:-1])}{last}{shown[-1]}"


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

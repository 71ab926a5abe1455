"""Titles of jobs as they are shown: the store keeps them in English, whoever made them."""

from __future__ import annotations

import re
from functools import cache

from lab_app.system.translation import note, translate

PATTERNS = (
    note("jobs", "fetch the demo model"),
    note("jobs", "predict sizes"),
    note("jobs", "importance matrix"),
    note("jobs", "report"),
    note("jobs", "quantize to {0}"),
    note("jobs", "convert adapter {0}"),
    note("jobs", "convert {0} to {1}"),
    note("jobs", "merge {0} into {1}"),
    note("jobs", "merge {0}"),
    note("jobs", "split {0}"),
    note("jobs", "import {0}"),
    note("jobs", "verify {0}"),
    note("jobs", "download {0}"),
    note("jobs", "look at {0} of {1}"),
    note("jobs", "divergence: {0}"),
    note("jobs", "arithmetic: {0}"),
    note("jobs", "passkey: {0}"),
    note("jobs", "speed: {0}"),
    note("jobs", "duel: {0}"),
    note("jobs", "tokens: {0}"),
    note("jobs", "first choices: {0}, chunk {1}"),
)
"""What the lab's own jobs are called. A probe of a plug-in, or one with a name of its own, keeps it."""


@cache
def _expressions() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(re.escape(text).replace(r"\{0\}", "(.+?)").replace(r"\{1\}", "(.+)"), re.DOTALL), text)
        for text in PATTERNS
    )


def shown(title: str) -> str:
    """``title`` in the chosen language."""
    for expression, text in _expressions():
        if found := expression.fullmatch(title):
            return translate("jobs", text).format(*map(shown, found.groups()))
    return title

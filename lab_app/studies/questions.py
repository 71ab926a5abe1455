"""Probes as the questions they answer, each at three depths: what the study builder offers.

A probe that is not in the table (a third party's) is offered with its own question and its defaults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lab_app.system.translation import note, translate

DEPTHS = ("quick", "normal", "thorough")


@dataclass(frozen=True, slots=True)
class Question:
    """kind: of the probe. text: what it answers. specs: depth → keys of its [[probe]] table."""

    kind: str
    text: str
    specs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The text in the chosen language; a probe's own question may have a translation too."""
        text = translate("studies", self.text)
        return text if text != self.text else translate("probes", self.text)

    def spec(self, depth: str, context: int | None = None) -> dict[str, Any]:
        """The keys at a depth; lengths beyond the model's trained ``context`` (tokens) are left out."""
        return within(self.kind, self.specs.get(depth, {}), context)

    def depth_of(self, spec: Mapping[str, Any], context: int | None = None) -> str | None:
        """The depth whose keys these are, or None where somebody chose others."""
        given = {key: value for key, value in spec.items() if key not in ("kind", "id")}
        return next((depth for depth in DEPTHS if self.spec(depth, context) == given), None)


SPEED: Mapping[str, list[int]] = {"prefill": [512], "generate": [128], "depth": [0]}
"""What speed is measured with where its table does not say."""


def within(kind: str, spec: Mapping[str, Any], context: int | None) -> dict[str, Any]:
    """The keys of a [[probe]] without lengths beyond the model's trained ``context`` (tokens; None: not known)."""
    found = dict(spec)
    if not context:
        return found
    if "lengths" in found:
        found["lengths"] = [n for n in found["lengths"] if n <= context] or [max(64, context // 2)]
    if found.get("context", 0) > context:
        found["context"] = context
    if kind == "speed":
        fitted = dict(SPEED) | {key: found[key] for key in SPEED if key in found}
        for key in ("prefill", "generate"):
            fitted[key] = [n for n in fitted[key] if n <= context] or [max(1, context // 2)]
        written = max(fitted["generate"])  # behind what is in memory already
        fitted["depth"] = [n for n in fitted["depth"] if n + written <= context] or [0]
        found |= {key: value for key, value in fitted.items() if value != found.get(key, SPEED[key])}
    return found


QUESTIONS = (
    Question(
        "divergence",
        note("studies", "Is it still the same model?"),
        {
            "quick": {"context": 512, "chunks": 8},
            "normal": {"context": 512, "chunks": 32},
            "thorough": {"context": 512, "chunks": 128},
        },
    ),
    Question(
        "arithmetic",
        note("studies", "Can it still do sums?"),
        {"quick": {"items": 20}, "normal": {"items": 60}, "thorough": {"items": 200}},
    ),
    Question(
        "passkey",
        note("studies", "Does it find things in a long context?"),
        {
            "quick": {"lengths": [512, 1024]},
            "normal": {"lengths": [1024, 2048, 4096]},
            "thorough": {"lengths": [1024, 4096, 8192, 16384, 32768]},
        },
    ),
    Question(
        "speed",
        note("studies", "How fast is it here, and what memory does it take?"),
        {
            "quick": {"prefill": [128], "generate": [32], "repeats": 1},
            "normal": {},
            "thorough": {"prefill": [512, 2048], "generate": [128], "depth": [0, 2048], "rounds": 5},
        },
    ),
)


def questions() -> tuple[Question, ...]:
    """The table, then the probes of third parties. Imports all probes: not for the GUI thread."""
    from lab_app.probes.base import registry

    known = registry()
    listed = [item for item in QUESTIONS if item.kind in known]
    others = [
        Question(kind, probe.question)
        for kind, probe in known.items()
        if kind not in {q.kind for q in QUESTIONS}
    ]
    return (*listed, *others)

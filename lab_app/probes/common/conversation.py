"""How probes speak to a model: through its own chat template, or as a plain transcript where it has none.

The transcript is a line per turn, ``User: …`` and ``Assistant: …``, with an empty line between them; the
model goes on after ``Assistant:`` and is stopped where it would write the user's next turn. Which of the
two was used is stored with the result (``prompt_format``), because numbers of one form must not be held
against numbers of the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from lab_app.engines.base import Engine, Message
from lab_app.probes.base import ProbeContext

TEMPLATE = "chat template"
TRANSCRIPT = "plain transcript"
_NAMES = {"system": "System", "user": "User", "assistant": "Assistant"}


class Conversation:
    """Turns messages into tokens. ``stop``: strings that end the model's turn."""

    def __init__(self, engine: Engine, context: ProbeContext) -> None:
        self._engine = engine
        self.format = TEMPLATE if engine.has_chat_template else TRANSCRIPT
        self.stop: tuple[str, ...] = () if engine.has_chat_template else ("\nUser:", "\nAssistant:")
        context.provenance["prompt_format"] = self.format

    def prompt(self, messages: Sequence[Message], begun: str = "") -> list[int]:
        """Tokens of the conversation up to where the model's next turn begins, and of the words ``begun`` that
        this turn is made to begin with. Raises UsageError when the model's template fails."""
        if self.format == TEMPLATE:
            return [*self._engine.chat_prompt(messages), *(self._engine.tokenize(begun) if begun else ())]
        text = transcript(messages) + (f" {begun}" if begun else "")
        return self._engine.tokenize(text, add_special=True)


def transcript(messages: Sequence[Message]) -> str:
    """The conversation as plain text, ending in ``Assistant:``."""
    turns = [f"{_NAMES.get(m['role'], m['role'])}: {m['content'].strip()}" for m in messages]
    return "\n\n".join([*turns, "Assistant:"])

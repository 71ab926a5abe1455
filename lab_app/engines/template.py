"""Chat templates, rendered in a child process under hard caps.

The child (template_child.py) is started on the first use, kept, and replaced after a violation. Answers
are remembered per conversation.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from lab_app.engines.base import Message
from lab_app.system.errors import LabError, ResourceError, UsageError

CPU_SECONDS = 2.0
"""Processor time for one conversation."""
WALL_SECONDS = 10.0
"""Wall time for one conversation, for systems without a processor-time limit and for templates that sleep."""
MEMORY_BYTES = 512 * 2**20
OUTPUT_CAP = 2**20
"""Characters a rendered conversation may have."""
TEMPLATE_CAP = 2**20
NOW = "2024-07-26T00:00:00"
"""What strftime_now() tells every template. A real clock would give another prompt every day, and results
from different days could not be compared; the date is the one Meta's own templates fall back to."""

_REMEMBERED = 4096


class ChatTemplate:
    """One model's chat template. ``variables`` are the names it may use besides the conversation
    (``bos_token``, ``eos_token`` …)."""

    def __init__(self, source: str, variables: Mapping[str, Any]) -> None:
        self.source = source
        self.sha256 = sha256(source.encode()).hexdigest()
        self._variables = dict(variables)
        self._child: subprocess.Popen[bytes] | None = None
        self._answers: dict[str, str] = {}

    def render(self, messages: Sequence[Message], *, add_generation_prompt: bool = True) -> str:
        """The conversation as one text. Raises UsageError with one sentence whatever the template does."""
        if len(self.source) > TEMPLATE_CAP:
            raise UsageError("The model's chat template is longer than 1 MiB and is not run.")
        variables = {
            **self._variables,
            "messages": [dict(message) for message in messages],
            "add_generation_prompt": add_generation_prompt,
            "tools": None,
            "documents": None,
        }
        key = json.dumps(variables, sort_keys=True)
        if key not in self._answers:
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            self._answers[key] = self._ask(variables)
        return self._answers[key]

    def close(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for stream in (self._child.stdin, self._child.stdout):
                if stream is not None:
                    stream.close()
            self._child = None

    def __del__(self) -> None:
        self.close()

    def _ask(self, variables: Mapping[str, Any]) -> str:
        request = {
            "template": self.source,
            "variables": variables,
            "cpu_seconds": CPU_SECONDS,
            "output_cap": OUTPUT_CAP,
        }
        child = self._start()
        line = _exchange(child, json.dumps(request), WALL_SECONDS)
        try:
            answer = json.loads(line)
            if not isinstance(answer, dict):
                raise ValueError
        except ValueError:
            # Killed by a limit, or no longer to be trusted: the next conversation gets a new child.
            self.close()
            raise UsageError(
                f"The model's chat template ran longer than {CPU_SECONDS:g} seconds or crashed.",
                "Use a model with another template.",
            ) from None
        if "text" in answer and len(answer["text"]) <= OUTPUT_CAP:
            return str(answer["text"])
        self.close()
        raise _complaint(answer)

    def _start(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.close()
        program = Path(__file__).with_name("template_child.py")
        keep = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP")
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-I", "-B", str(program)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={name: os.environ[name] for name in keep if name in os.environ},
                cwd=os.path.abspath(os.sep),
            )
        except OSError as error:
            raise ResourceError(f"The process for chat templates cannot be started: {error}.") from error
        _send(self._child, json.dumps({"now": NOW, "memory": MEMORY_BYTES}))
        return self._child


def _send(child: subprocess.Popen[bytes], line: str) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(line.encode() + b"\n")
        child.stdin.flush()
    except BrokenPipeError:
        pass  # a dead child shows as an empty answer


def _exchange(child: subprocess.Popen[bytes], line: str, seconds: float) -> bytes:
    """Send one line, read one line; the child is killed after ``seconds``. Empty when it gave no answer."""
    assert child.stdout is not None
    timer = threading.Timer(seconds, child.kill)
    timer.daemon = True
    timer.start()
    try:
        _send(child, line)
        return child.stdout.readline(8 * OUTPUT_CAP)
    finally:
        timer.cancel()


def _complaint(answer: Mapping[str, Any]) -> LabError:
    if "refused" in answer:
        return UsageError(f"The model's chat template refuses this conversation: {answer['refused']}")
    if "forbidden" in answer:
        return UsageError(
            f"The model's chat template tried something it may not do: {answer['forbidden']}",
            "Do not trust this model file.",
        )
    limits = {
        "output": "produced more than 1 MiB of text and was stopped.",
        "memory": "asked for more memory than it may have and was stopped.",
        "recursion": "calls itself without end and was stopped.",
    }
    if answer.get("limit") in limits:
        return UsageError(
            f"The model's chat template {limits[answer['limit']]}", "Use a model with another template."
        )
    return UsageError(f"The model's chat template does not work: {answer.get('error', 'it gave no text')}.")

"""Renders chat templates in a process of its own; started by engines/template.py, never imported.

A chat template is a program that came with a model file. It runs here in jinja2's immutable sandbox,
in a process with hard limits that the kernel enforces: memory, processor time per request, nothing
written to files, no new processes. Requests and answers are JSON lines on standard input and output.

Template environment: as Hugging Face documents it for chat templates (trim_blocks, lstrip_blocks, loop
controls, ``{% generation %}``, raise_exception, strftime_now, tojson without HTML escaping).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from datetime import datetime
from typing import Any, NoReturn

import jinja2
import jinja2.exceptions
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox


class Refused(Exception):
    """The template itself refused the conversation with raise_exception()."""


class TooLong(Exception):
    """The output exceeds its cap."""


class Generation(jinja2.ext.Extension):
    """``{% generation %}…{% endgeneration %}`` marks the assistant's words for training; here it prints them."""

    tags = {"generation"}  # noqa: RUF012 -- jinja2 declares it so

    def parse(self, parser: Any) -> Any:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return jinja2.nodes.Scope(body, lineno=line)


def _raise_exception(message: object) -> NoReturn:
    raise Refused(str(message)[:500])


def _tojson(value: Any, ensure_ascii: bool = False, indent: int | None = None, separators: Any = None,
            sort_keys: bool = False) -> str:  # fmt: skip
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def _environment(now: datetime) -> jinja2.sandbox.ImmutableSandboxedEnvironment:
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
    )
    environment.filters["tojson"] = _tojson
    environment.globals["raise_exception"] = _raise_exception
    environment.globals["strftime_now"] = now.strftime
    return environment


def _render(environment: jinja2.Environment, request: dict[str, Any]) -> str:
    template = environment.from_string(request["template"])
    parts, length, cap = [], 0, int(request["output_cap"])
    for part in template.generate(**request["variables"]):
        length += len(part)
        if length > cap:
            raise TooLong
        parts.append(part)
    return "".join(parts)


def _answer(environment: jinja2.Environment, request: dict[str, Any]) -> dict[str, str]:
    try:
        return {"text": _render(environment, request)}
    except Refused as error:
        return {"refused": str(error)}
    except TooLong:
        return {"limit": "output"}
    except (MemoryError, OverflowError):
        return {"limit": "memory"}
    except RecursionError:
        return {"limit": "recursion"}
    except jinja2.exceptions.SecurityError as error:
        return {"forbidden": str(error)[:300]}
    except jinja2.TemplateSyntaxError as error:
        return {"error": f"line {error.lineno}: {str(error.message)[:300]}"}
    except Exception as error:  # whatever a template does wrong is the template's error, not ours
        return {"error": f"{type(error).__name__}: {str(error)[:300]}"}


def _limit(memory: int) -> None:
    """Hard limits, where the system has them; the parent's wall clock holds everywhere."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    for name, value in (("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0), ("RLIMIT_NPROC", 0)):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            resource.setrlimit(getattr(resource, name), (value, value))


def main() -> None:
    start = json.loads(sys.stdin.readline())
    environment = _environment(datetime.fromisoformat(start["now"]))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)
    _limit(int(start["memory"]))
    timer = getattr(signal, "setitimer", None)
    for line in sys.stdin:
        request = json.loads(line)
        # The default action of SIGPROF ends the process: no code of the template can catch it.
        if timer:
            timer(signal.ITIMER_PROF, float(request["cpu_seconds"]))
        answer = _answer(environment, request)
        if timer:
            timer(signal.ITIMER_PROF, 0)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()

"""One table of commands serves every face: the parser, the completion scripts and docs/COMMANDS.md.

    @command("doctor", "check this machine", Argument("--json", help="…", flag=True))
    def doctor(options: argparse.Namespace) -> int: ...

A new sub-command is one decorated function in a module of this folder, named in ``_MODULES``. These
modules import nothing heavy at module level: ``odyssey-lab --version`` loads them all.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any, Literal, NoReturn

from lab_app.system.errors import ExitCode, UsageError

PROGRAM = "odyssey-lab"
SUMMARY = "What did this quantization do to this model, and which file should I run here?"
_MODULES = ("doctor", "completion", "new")

Run = Callable[[argparse.Namespace], int]


@dataclass(frozen=True, slots=True)
class Argument:
    """One option (``--out``) or positional (``shell``) of a command.

    flag:     takes no value. completes: what a shell offers for its value.
    """

    name: str
    help: str
    metavar: str | None = None
    flag: bool = False
    choices: tuple[str, ...] = ()
    completes: Literal["file", "folder", "toml", ""] = ""
    required: bool = False

    @property
    def is_option(self) -> bool:
        return self.name.startswith("-")

    @property
    def destination(self) -> str:
        return self.name.lstrip("-").replace("-", "_")


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    help: str
    arguments: tuple[Argument, ...]
    run: Run


DATA_DIR = Argument(
    "--data-dir",
    "folder of the store, models and artifacts (default: $ODYSSEY_LAB_DATA, else the platform's)",
    metavar="DIR",
    completes="folder",
)  # fmt: skip
JSON = Argument("--json", "machine-readable: JSON on standard output and nothing else there", flag=True)

TOP_LEVEL = (
    Argument("--batch", "run a study file without a window", metavar="STUDY.toml", completes="toml"),
    Argument(
        "--out", "where the report goes (default: ./NAME-report/ after the study's name)",
        metavar="DIR", completes="folder",
    ),
    JSON,
    Argument("--resume", "continue the last run of this study; an error where there is none", flag=True),
    Argument("--dry-run", "show the plan, sizes to the byte and the disk it needs; run nothing", flag=True),
    DATA_DIR,
    Argument("--version", "everything a bug report needs", flag=True),
)  # fmt: skip
"""Options without a sub-command. Without any, the window opens."""

_COMMANDS: dict[str, Command] = {}


def command(name: str, help: str, *arguments: Argument) -> Callable[[Run], Run]:
    """Function decorator: register a sub-command."""

    def register(function: Run) -> Run:
        if name in _COMMANDS:
            raise ValueError(f"command {name!r} is registered twice")
        _COMMANDS[name] = Command(name, help, arguments, function)
        return function

    return register


def commands() -> dict[str, Command]:
    """All sub-commands, ordered by name."""
    for module in _MODULES:
        import_module(f"{__name__}.{module}")
    return dict(sorted(_COMMANDS.items()))


class Parser(argparse.ArgumentParser):
    """argparse whose refusals are UsageError sentences with the nearest valid choice."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", f"See {self.prog} --help.")

    def parse(self, args: Sequence[str]) -> argparse.Namespace:
        """Raises UsageError."""
        known = [name for name in option_names() if name.startswith("-")]
        # Before argparse, which would take the value of a misspelt option for a command and complain of that.
        for word in args:
            name = word.partition("=")[0]
            if name.startswith("--") and name != "--" and name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"Did you mean {near[0]}?" if near else f"See {PROGRAM} --help."
                raise UsageError(f"There is no option {name}.", hint)
        return self.parse_args(args)


def option_names() -> list[str]:
    """Every option and sub-command, for suggestions."""
    names = [item.name for item in TOP_LEVEL] + ["--help"]
    for entry in commands().values():
        names += [entry.name, *(item.name for item in entry.arguments if item.is_option)]
    return list(dict.fromkeys(names))


def build_parser() -> Parser:
    """The parser of ``odyssey-lab``, made from the table."""
    parser = Parser(prog=PROGRAM, description=SUMMARY, allow_abbrev=False, epilog=_exit_codes())
    for item in TOP_LEVEL:
        _add(parser, item)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for entry in commands().values():
        sub = subparsers.add_parser(entry.name, help=entry.help, description=entry.help, allow_abbrev=False)
        for item in entry.arguments:
            _add(sub, item, default=argparse.SUPPRESS if item in TOP_LEVEL else None)
    return parser


def _add(parser: argparse.ArgumentParser, item: Argument, default: Any = None) -> None:
    extra: dict[str, Any] = {"help": item.help.replace("%", "%%")}
    if item.flag:
        extra |= {"action": "store_true", "default": default if default is argparse.SUPPRESS else False}
    else:
        extra |= {"metavar": item.metavar, "default": default}
        if item.choices:
            extra["choices"] = item.choices
        if item.is_option and item.required:
            extra["required"] = True
        if not item.is_option and not item.required:
            extra["nargs"] = "?"
    parser.add_argument(item.name, **extra)


def _exit_codes() -> str:
    return "exit codes: " + ", ".join(f"{int(code)} {text}" for code, text in EXIT_CODES.items())


EXIT_CODES = {
    ExitCode.OK: "done",
    ExitCode.INTERNAL: "a fault of the lab itself",
    ExitCode.USAGE: "the request is wrong",
    ExitCode.JOB_FAILED: "a job failed (the report is written all the same)",
    ExitCode.INTEGRITY: "a file is not what it should be",
    ExitCode.NETWORK: "network or access",
    ExitCode.RESOURCES: "the machine lacks something",
    ExitCode.THRESHOLD: "a threshold of the study is not met",
    ExitCode.INTERRUPTED: "interrupted",
}

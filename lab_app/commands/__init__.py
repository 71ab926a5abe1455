"""One table of commands serves every face: the parser, the completion scripts and docs/COMMANDS.md.

    @command("doctor", "check this machine", Argument("--json", help="…", flag=True))
    def doctor(options: argparse.Namespace) -> int: ...

    @command("models list", "every model this machine has")
    def list_models(options: argparse.Namespace) -> int: ...

A new sub-command is one decorated function in a module of this folder, named in ``_MODULES``; one of two
words stands in a group, named in ``GROUPS``. These modules import nothing heavy at module level:
``odyssey-lab --version`` loads them all.
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
_MODULES = ("doctor", "completion", "new", "models", "hub", "files")
GROUPS = {"models": "the models of this machine: find, look into, keep"}
"""First word of commands of two words → what they have in common."""

Run = Callable[[argparse.Namespace], int]


@dataclass(frozen=True, slots=True)
class Argument:
    """One option (``--out``) or positional (``shell``) of a command.

    flag:     takes no value. completes: what a shell offers for its value. many: any number of values
              (at least one where required); the option's value, or the positional's, is then a list.
    """

    name: str
    help: str
    metavar: str | None = None
    flag: bool = False
    choices: tuple[str, ...] = ()
    completes: Literal["file", "folder", "toml", ""] = ""
    required: bool = False
    many: bool = False

    @property
    def is_option(self) -> bool:
        return self.name.startswith("-")

    @property
    def destination(self) -> str:
        return self.name.lstrip("-").replace("-", "_")


@dataclass(frozen=True, slots=True)
class Command:
    """name: one word, or a group of :data:`GROUPS` and one word (``models list``)."""

    name: str
    help: str
    arguments: tuple[Argument, ...]
    run: Run

    @property
    def group(self) -> str:
        """Empty for a command of one word."""
        return self.name.rpartition(" ")[0]

    @property
    def word(self) -> str:
        return self.name.rpartition(" ")[2]


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
    Argument("--language", "of the report's texts, as in zh_CN (default: English)", metavar="CODE"),
    Argument("--dry-run", "show the plan, sizes to the byte and the disk it needs; run nothing", flag=True),
    DATA_DIR,
    Argument("--version", "everything a bug report needs", flag=True),
)  # fmt: skip
"""Options without a sub-command. Without any, the window opens."""

_COMMANDS: dict[str, Command] = {}


def command(name: str, help: str, *arguments: Argument) -> Callable[[Run], Run]:
    """Function decorator: register a sub-command."""

    def register(function: Run) -> Run:
        entry = Command(name, help, arguments, function)
        if name in _COMMANDS:
            raise ValueError(f"command {name!r} is registered twice")
        if entry.group and entry.group not in GROUPS:
            raise ValueError(f"command {name!r} is of a group that does not exist")
        _COMMANDS[name] = entry
        return function

    return register


def commands() -> dict[str, Command]:
    """All sub-commands, ordered by name."""
    for module in _MODULES:
        import_module(f"{__name__}.{module}")
    return dict(sorted(_COMMANDS.items()))


def grouped() -> dict[str, Command | list[Command]]:
    """The same by first word: a command, or the commands of a group."""
    found: dict[str, Command | list[Command]] = {}
    for entry in commands().values():
        if entry.group:
            members = found.setdefault(entry.group, [])
            assert isinstance(members, list)
            members.append(entry)
        else:
            found[entry.name] = entry
    return dict(sorted(found.items()))


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
        names += [
            entry.group or entry.word,
            entry.word,
            *(item.name for item in entry.arguments if item.is_option),
        ]
    return list(dict.fromkeys(names))


def build_parser() -> Parser:
    """The parser of ``odyssey-lab``, made from the table."""
    parser = Parser(prog=PROGRAM, description=SUMMARY, allow_abbrev=False, epilog=_exit_codes())
    for item in TOP_LEVEL:
        _add(parser, item)
    parser.set_defaults(run=None)
    subparsers = parser.add_subparsers(metavar="COMMAND", parser_class=Parser)
    for name, found in grouped().items():
        if isinstance(found, Command):
            _add_command(subparsers, found)
            continue
        group = subparsers.add_parser(
            name, help=GROUPS[name], description=sentence(GROUPS[name]), allow_abbrev=False
        )
        inner = group.add_subparsers(metavar="COMMAND", parser_class=Parser, required=True)
        for entry in found:
            _add_command(inner, entry)
    return parser


def sentence(text: str) -> str:
    """A help line as a sentence."""
    return f"{text[:1].upper()}{text[1:]}."


def _add_command(subparsers: Any, entry: Command) -> None:
    sub = subparsers.add_parser(
        entry.word, help=entry.help, description=sentence(entry.help), allow_abbrev=False
    )
    sub.set_defaults(run=entry.run)
    for item in entry.arguments:
        _add(sub, item, default=argparse.SUPPRESS if item in TOP_LEVEL else None)


def _add(parser: argparse.ArgumentParser, item: Argument, default: Any = None) -> None:
    extra: dict[str, Any] = {"help": item.help.replace("%", "%%")}
    if item.flag:
        extra |= {"action": "store_true", "default": default if default is argparse.SUPPRESS else False}
    else:
        extra |= {"metavar": item.metavar, "default": default}
        if item.choices:
            extra["choices"] = item.choices
        if item.completes or item.is_option:
            extra["type"] = _given
        if item.is_option and item.required:
            extra["required"] = True
        if item.many:
            extra["nargs"] = "+" if item.required or item.is_option else "*"
        elif not item.is_option and not item.required:
            extra["nargs"] = "?"
    parser.add_argument(item.name, **extra)


def _given(text: str) -> str:
    """An empty one is a variable of a script that is not set, and must not pass for an option left out."""
    if not text:
        raise argparse.ArgumentTypeError("must not be empty")
    return text


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
    ExitCode.INTERRUPTED: "interrupted, or whoever read the output has gone",
}

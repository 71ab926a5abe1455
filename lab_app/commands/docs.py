"""docs/COMMANDS.md, made from the command table: ``python -m lab_app.commands.docs > docs/COMMANDS.md``."""

from __future__ import annotations

from collections.abc import Sequence

from lab_app.commands import (
    EXIT_CODES,
    GROUPS,
    PROGRAM,
    SUMMARY,
    TOP_LEVEL,
    Argument,
    Command,
    grouped,
    sentence,
)

_CLOSING = """\
Where every job that failed failed for the same reason, the code of that reason (4, 5 or 6) takes the place
of 3. When the reader of standard output goes away (`odyssey-lab … | head`), work stops as for an interruption,
without a word.

The lines `--json` writes are described in EVENTS.md."""


def document() -> str:
    parts = [
        f"# Commands of `{PROGRAM}`",
        "",
        f"{SUMMARY} Made from the command table (`lab_app/commands/`); do not edit.",
        "",
        f"## `{PROGRAM}`",
        "",
        "Without arguments it opens the window; with `--batch` it runs a study file without one.",
        "",
        *_table(TOP_LEVEL),
    ]
    for name, found in grouped().items():
        if isinstance(found, Command):
            parts += _section(found, "##")
            continue
        parts += ["", f"## `{PROGRAM} {name} …`", "", sentence(GROUPS[name])]
        for entry in found:
            parts += _section(entry, "###")
    parts += ["", "## Exit codes", "", "| code | meaning |", "|---|---|"]
    parts += [f"| {int(code)} | {text} |" for code, text in EXIT_CODES.items()]
    parts += ["", _CLOSING]
    return "\n".join(parts) + "\n"


def _section(entry: Command, level: str) -> list[str]:
    positional = "".join(
        f" {item.name.upper()}{' …' if item.many else ''}" for item in entry.arguments if not item.is_option
    )
    lines = ["", f"{level} `{PROGRAM} {entry.name}{positional}`", "", sentence(entry.help)]
    return [*lines, "", *_table(entry.arguments)] if entry.arguments else lines


def _table(arguments: Sequence[Argument]) -> list[str]:
    rows = ["| argument | meaning |", "|---|---|"]
    for item in arguments:
        name = f"{item.name} {item.metavar}" if item.metavar else item.name
        name = name if item.is_option else item.name.upper()
        choices = f": {', '.join(item.choices)}" if item.choices else ""
        rows.append(f"| `{name}` | {item.help}{choices} |")
    return rows


if __name__ == "__main__":
    print(document(), end="")

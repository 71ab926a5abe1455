"""``odyssey-lab completion SHELL``: a script for bash, zsh or fish, made from the command table."""

from __future__ import annotations

import argparse
import sys

from lab_app.commands import PROGRAM, TOP_LEVEL, Argument, Command, command, commands

SHELLS = ("bash", "zsh", "fish")


@command(
    "completion",
    "print a completion script; e.g. add to ~/.bashrc: source <(odyssey-lab completion bash)",
    Argument("shell", "which shell", choices=SHELLS, required=True),
)
def completion(options: argparse.Namespace) -> int:
    sys.stdout.write(script(options.shell))
    return 0


def script(shell: str) -> str:
    """The completion script for one of :data:`SHELLS`."""
    makers = {"bash": _bash, "zsh": _zsh, "fish": _fish}
    return makers[shell](list(commands().values()))


def _options(arguments: tuple[Argument, ...]) -> str:
    return " ".join([item.name for item in arguments if item.is_option] + ["--help"])


def _choices(entry: Command) -> str:
    return " ".join(choice for item in entry.arguments if not item.is_option for choice in item.choices)


def _all_valued() -> dict[str, Argument]:
    found = {item.name: item for item in TOP_LEVEL if item.is_option and not item.flag}
    for entry in commands().values():
        found |= {item.name: item for item in entry.arguments if item.is_option and not item.flag}
    return found


def _bash(entries: list[Command]) -> str:
    values = []
    for name, item in _all_valued().items():
        if item.choices:
            action = f'COMPREPLY=($(compgen -W "{" ".join(item.choices)}" -- "$cur"))'
        elif item.completes == "folder":
            action = 'COMPREPLY=($(compgen -d -- "$cur"))'
        elif item.completes == "toml":
            action = 'COMPREPLY=($(compgen -f -X "!*.toml" -- "$cur") $(compgen -d -- "$cur"))'
        else:
            action = 'COMPREPLY=($(compgen -f -- "$cur"))'
        values.append(f"        {name}) {action}; return ;;")
    subs = [
        f'        {entry.name}) words="{_options(entry.arguments)} {_choices(entry)}" ;;' for entry in entries
    ]
    names = " ".join(entry.name for entry in entries)
    return "\n".join(
        [
            f"# bash completion for {PROGRAM}",
            "_odyssey_lab() {",
            '    local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" sub="" word words',
            "    COMPREPLY=()",
            '    case "$prev" in',
            *values,
            "    esac",
            '    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
            f'        case " {names} " in *" $word "*) sub="$word"; break ;; esac',
            "    done",
            '    case "$sub" in',
            *subs,
            f'        *) words="{_options(TOP_LEVEL)} {names}" ;;',
            "    esac",
            '    COMPREPLY=($(compgen -W "$words" -- "$cur"))',
            "}",
            f"complete -o filenames -F _odyssey_lab {PROGRAM}",
            "",
        ]
    )


def _zsh_option(item: Argument) -> str:
    text = item.help.replace("'", "'\\''").replace("[", "(").replace("]", ")").replace(":", "\\:")
    if item.flag:
        return f"'{item.name}[{text}]'"
    actions = {"folder": "_files -/", "toml": '_files -g "*.toml"', "file": "_files", "": " "}
    action = f"({' '.join(item.choices)})" if item.choices else actions[item.completes]
    return f"'{item.name}[{text}]:{(item.metavar or item.destination).lower()}:{action}'"


def _zsh(entries: list[Command]) -> str:
    lines = [f"#compdef {PROGRAM}", "", "_odyssey_lab() {", "    local -a subcommands", "    subcommands=("]
    for entry in entries:
        text = entry.help.replace("'", "'\\''").replace(":", "\\:")
        lines.append(f"        '{entry.name}:{text}'")
    lines += ["    )", '    case "${words[2]}" in']
    for entry in entries:
        options = [_zsh_option(item) for item in entry.arguments if item.is_option]
        options += [
            f"'1:{item.name}:({' '.join(item.choices)})'" for item in entry.arguments if not item.is_option
        ]
        lines += [
            f"        {entry.name})",
            "            shift words; (( CURRENT-- ))",
            f"            _arguments {' '.join(options) or chr(39) + '*: :' + chr(39)} ;;",
        ]
    top = " ".join(_zsh_option(item) for item in TOP_LEVEL)
    lines += [
        f"        *) _arguments {top} '1:command:{{_describe command subcommands}}' ;;",
        "    esac",
        "}",
        "",
        # Sourced, it registers itself; from a folder of $fpath, zsh calls it by its #compdef line.
        'if [ "$funcstack[1]" = "_odyssey-lab" ]; then _odyssey_lab "$@"',
        f"else compdef _odyssey_lab {PROGRAM}; fi",
        "",
    ]
    return "\n".join(lines)


def _fish_line(item: Argument, condition: str) -> str:
    text = item.help.replace("'", "\\'")
    if not item.is_option:
        return f"complete -c {PROGRAM} -n '{condition}' -f -a '{' '.join(item.choices)}' -d '{text}'"
    parts = [f"complete -c {PROGRAM} -n '{condition}' -l {item.name.lstrip('-')} -d '{text}'"]
    if not item.flag:
        parts.append("-r")
        if item.choices:
            parts.append(f"-f -a '{' '.join(item.choices)}'")
        elif item.completes == "folder":
            parts.append("-f -a '(__fish_complete_directories)'")
        elif item.completes in ("file", "toml"):
            parts.append("-F")
    return " ".join(parts)


def _fish(entries: list[Command]) -> str:
    lines = [f"# fish completion for {PROGRAM}", f"complete -c {PROGRAM} -f"]
    for item in TOP_LEVEL:
        lines.append(_fish_line(item, "__fish_use_subcommand"))
    for entry in entries:
        text = entry.help.replace("'", "\\'")
        lines.append(f"complete -c {PROGRAM} -n __fish_use_subcommand -f -a {entry.name} -d '{text}'")
        lines += [_fish_line(item, f"__fish_seen_subcommand_from {entry.name}") for item in entry.arguments]
    return "\n".join([*lines, ""])

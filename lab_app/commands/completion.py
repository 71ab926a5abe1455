"""``odyssey-lab completion SHELL``: a script for bash, zsh or fish, made from the command table."""

from __future__ import annotations

import argparse
import sys

from lab_app.commands import GROUPS, PROGRAM, TOP_LEVEL, Argument, Command, command, commands, grouped

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
    subs = []
    for name, found in grouped().items():
        if isinstance(found, list):
            subs.append(f'        {name}) words="{" ".join(entry.word for entry in found)} --help" ;;')
    for entry in entries:
        files = "; files=1" if _takes_files(entry) else ""
        subs.append(
            f'        "{entry.name}") words="{_options(entry.arguments)} {_choices(entry)}"{files} ;;'
        )
    names = list(dict.fromkeys([*grouped(), *(entry.name for entry in entries)]))
    return "\n".join(
        [
            f"# bash completion for {PROGRAM}",
            "_odyssey_lab() {",
            '    local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" sub="" word words files=""',
            "    COMPREPLY=()",
            '    case "$prev" in',
            *values,
            "    esac",
            '    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
            f'        case "|{"|".join(names)}|" in *"|${{sub:+$sub }}$word|"*) sub="${{sub:+$sub }}$word" ;; esac',
            "    done",
            '    case "$sub" in',
            *subs,
            f'        *) words="{_options(TOP_LEVEL)} {" ".join(grouped())}" ;;',
            "    esac",
            '    COMPREPLY=($(compgen -W "$words" -- "$cur"))',
            '    if [ -n "$files" ]; then COMPREPLY+=($(compgen -f -- "$cur")); fi',
            "}",
            f"complete -o filenames -F _odyssey_lab {PROGRAM}",
            "",
        ]
    )


def _takes_files(entry: Command) -> bool:
    return any(item.completes for item in entry.arguments if not item.is_option)


def _zsh_option(item: Argument) -> str:
    text = item.help.replace("'", "'\\''").replace("[", "(").replace("]", ")").replace(":", "\\:")
    if item.flag:
        return f"'{item.name}[{text}]'"
    return f"'{item.name}[{text}]:{(item.metavar or item.destination).lower()}:{_zsh_action(item)}'"


def _zsh_action(item: Argument) -> str:
    actions = {"folder": "_files -/", "toml": '_files -g "*.toml"', "file": "_files", "": " "}
    return f"({' '.join(item.choices)})" if item.choices else actions[item.completes]


def _zsh_described(words: list[tuple[str, str]]) -> list[str]:
    lines = ["    local -a subcommands", "    subcommands=("]
    for word, help in words:
        text = help.replace("'", "'\\''").replace(":", "\\:")
        lines.append(f"        '{word}:{text}'")
    return [*lines, "    )"]


def _zsh_arguments(entry: Command) -> str:
    options = [_zsh_option(item) for item in entry.arguments if item.is_option]
    options += [
        f"'{'*' if item.many else 1}:{item.name}:{_zsh_action(item)}'"
        for item in entry.arguments
        if not item.is_option
    ]
    return f"_arguments {' '.join(options) or chr(39) + '*: :' + chr(39)}"


def _zsh_level(name: str, words: list[tuple[str, str]], cases: list[str], options: str) -> list[str]:
    """A function that completes the first word after the command itself, or calls what completes the rest."""
    return [
        f"{name}() {{",
        *_zsh_described(words),
        '    case "${words[2]}" in',
        *cases,
        f"        *) _arguments {options}'1:command:{{_describe command subcommands}}' ;;",
        "    esac",
        "}",
        "",
    ]


def _zsh(entries: list[Command]) -> str:
    def case(word: str, action: str) -> str:
        return f"        {word}) shift words; (( CURRENT-- )); {action} ;;"

    lines, words, cases = [f"#compdef {PROGRAM}", ""], [], []
    for name, found in grouped().items():
        if isinstance(found, Command):
            words.append((name, found.help))
            cases.append(case(name, _zsh_arguments(found)))
            continue
        words.append((name, GROUPS[name]))
        cases.append(case(name, f"_odyssey_lab_{name}"))
        inner = [(entry.word, entry.help) for entry in found]
        lines += _zsh_level(
            f"_odyssey_lab_{name}", inner, [case(entry.word, _zsh_arguments(entry)) for entry in found], ""
        )
    top = " ".join(_zsh_option(item) for item in TOP_LEVEL) + " "
    lines += _zsh_level("_odyssey_lab", words, cases, top)
    lines += [
        # Sourced, it registers itself; from a folder of $fpath, zsh calls it by its #compdef line.
        'if [ "$funcstack[1]" = "_odyssey-lab" ]; then _odyssey_lab "$@"',
        f"else compdef _odyssey_lab {PROGRAM}; fi",
        "",
    ]
    return "\n".join(lines)


def _fish_line(item: Argument, condition: str) -> str:
    text = item.help.replace("'", "\\'")
    if not item.is_option:
        offer = "-F" if item.completes else f"-f -a '{' '.join(item.choices)}'"
        return f"complete -c {PROGRAM} -n '{condition}' {offer} -d '{text}'"
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
    def word(name: str, help: str, condition: str) -> str:
        text = help.replace("'", "\\'")
        return f"complete -c {PROGRAM} -n '{condition}' -f -a {name} -d '{text}'"

    lines = [f"# fish completion for {PROGRAM}", f"complete -c {PROGRAM} -f"]
    lines += [_fish_line(item, "__fish_use_subcommand") for item in TOP_LEVEL]
    for name, found in grouped().items():
        seen = f"__fish_seen_subcommand_from {name}"
        if isinstance(found, Command):
            lines.append(word(name, found.help, "__fish_use_subcommand"))
            lines += [_fish_line(item, seen) for item in found.arguments]
            continue
        lines.append(word(name, GROUPS[name], "__fish_use_subcommand"))
        none = f"{seen}; and not __fish_seen_subcommand_from {' '.join(entry.word for entry in found)}"
        for entry in found:
            lines.append(word(entry.word, entry.help, none))
            both = f"{seen}; and __fish_seen_subcommand_from {entry.word}"
            lines += [_fish_line(item, both) for item in entry.arguments]
    return "\n".join([*lines, ""])

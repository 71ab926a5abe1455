"""Names of tensors for people: those of one kind in several blocks become one, ``blk.0–29.ffn_up.weight``."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BLOCK = re.compile(r"(blk\.)(\d+)(\..*)")


def parts(name: str) -> tuple[str, int | None, str]:
    """What stands before the number of the block, the number, and what follows; ``(name, None, "")`` outside blocks."""
    found = _BLOCK.fullmatch(name)
    return (found[1], int(found[2]), found[3]) if found else (name, None, "")


def ranges(numbers: Iterable[int]) -> str:
    """``0–2, 5``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def together(names: Iterable[str]) -> list[str]:
    """Every name, blocks alike together, in the order of the first of each kind."""
    kinds: dict[tuple[str, str], list[int]] = {}
    for name in names:
        before, block, after = parts(name)
        kinds.setdefault((before, after), []).extend([] if block is None else [block])
    return [f"{before}{ranges(blocks)}{after}" for (before, after), blocks in kinds.items()]

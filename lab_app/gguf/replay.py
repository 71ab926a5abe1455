"""How much memory a compute graph needs: ggml's graph allocator replayed over the sizes of its tensors.

The allocator (ggml/src/ggml-alloc.c) places each tensor into the best fitting gap, or at the end, frees it after
its last use, and lets operations that can work in place take over their input. The largest address it ever
uses is what llama.cpp reports as "compute buffer size".
"""

from __future__ import annotations

from dataclasses import dataclass, field

_ALIGNMENT = 64


@dataclass(slots=True)
class Tensor:
    """A tensor of the graph. ``uses`` counts the operations that have yet to read it."""

    nbytes: int
    uses: int = 0
    address: int | None = None
    kept: bool = False


@dataclass(slots=True)
class _Step:
    out: Tensor
    sources: tuple[Tensor, ...]
    in_place: bool


@dataclass
class Graph:
    """Build with :meth:`input` and :meth:`op` in the order of execution, then ask for :meth:`peak`.

    Reshapes and views are no tensors of their own here: use the tensor they look into.
    """

    steps: list[_Step] = field(default_factory=list)
    inputs: list[Tensor] = field(default_factory=list)

    def input(self, nbytes: int, *, kept: bool = False) -> Tensor:
        """A tensor filled from outside before the graph runs; ``kept``: nothing reads it (it is never freed)."""
        tensor = Tensor(nbytes, kept=kept)
        self.inputs.append(tensor)
        return tensor

    def op(self, nbytes: float, *sources: Tensor, in_place: bool = False) -> Tensor:
        """The result of an operation; ``in_place``: it may take over an input of its size that nobody else needs."""
        out = Tensor(int(nbytes))
        self.steps.append(_Step(out, sources, in_place))
        for source in sources:
            source.uses += 1
        return out

    def read(self, *sources: Tensor) -> None:
        """An operation whose result lies elsewhere (a copy into the KV cache)."""
        self.op(0, *sources)

    def peak(self) -> int:
        """Bytes of the buffer."""
        memory = _Memory()
        for tensor in self.inputs:
            tensor.address = memory.take(tensor.nbytes)
        for step in self.steps:
            out = step.out
            if step.in_place:
                for source in step.sources:
                    if source.uses == 1 and source.nbytes == out.nbytes and source.address is not None:
                        out.address, source.address = source.address, None
                        break
            if out.address is None and out.nbytes:
                out.address = memory.take(out.nbytes)
            for source in step.sources:
                source.uses -= 1
                if source.uses == 0 and source.address is not None and not source.kept:
                    memory.give(source.address, source.nbytes)
                    source.address = None
        return memory.highest


class _Memory:
    """Free gaps, ordered by address; the last one has no end."""

    def __init__(self) -> None:
        self.gaps: list[list[int]] = [[0, 1 << 62]]
        self.highest = 0

    def take(self, nbytes: int) -> int:
        nbytes = -(-nbytes // _ALIGNMENT) * _ALIGNMENT
        best = len(self.gaps) - 1
        size = 1 << 63
        for index, (_, length) in enumerate(self.gaps[:-1]):
            if nbytes <= length <= size:
                best, size = index, length
        gap = self.gaps[best]
        address = gap[0]
        gap[0] += nbytes
        gap[1] -= nbytes
        if gap[1] == 0:
            del self.gaps[best]
        self.highest = max(self.highest, address + nbytes)
        return address

    def give(self, address: int, nbytes: int) -> None:
        nbytes = -(-nbytes // _ALIGNMENT) * _ALIGNMENT
        self.gaps.append([address, nbytes])
        self.gaps.sort()
        merged: list[list[int]] = []
        for start, length in self.gaps:
            if merged and merged[-1][0] + merged[-1][1] == start:
                merged[-1][1] += length
            else:
                merged.append([start, length])
        self.gaps = merged

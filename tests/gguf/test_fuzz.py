"""5,000 damaged headers, seeded: none crashes the reader, none hangs it, every refusal is one sentence.

What the reader believes goes on to everything that works on a header alone.
"""

from __future__ import annotations

import resource
import signal
import struct
from collections import Counter
from pathlib import Path

import pytest

from lab_app.gguf.parts import read_model
from lab_app.gguf.reader import read
from lab_app.system.errors import IntegrityError
from tests.faults.mutants import PLACES, mutants, no_longer_than
from tests.gguf.reading import sentence, use
from tests.gguf.whole import pair, text, whole_file

COUNT, SEED = 5000, 20_262
SECONDS = 20
"""For one file, on a machine that is busy with other things; a header of this size takes a millisecond."""


@pytest.mark.skipif(not hasattr(signal, "alarm"), reason="needs SIGALRM")
def test_mutants(tmp_path: Path) -> None:
    raw = whole_file()
    path = tmp_path / "mutant.gguf"
    path.write_bytes(raw)
    assert use(path) == "passed"
    header = read(path)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found: Counter[tuple[str, str]] = Counter()
    for mutant in mutants(raw, header, COUNT, SEED):
        path.write_bytes(mutant.raw)
        with no_longer_than(SECONDS):
            try:
                found[mutant.place, use(path)] += 1
            except Exception as error:
                pytest.fail(f"{mutant.place}: {mutant.what}: {type(error).__name__}: {error}")
    assert sum(found.values()) == COUNT
    # Every place was hit, and damage is refused where it can be seen.
    assert min(found[place, "refused"] for place in PLACES if place != "data") > COUNT // 20, found
    assert found["data", "passed"] > COUNT // 20 and found["metadata", "passed"] > COUNT // 100, found
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 200 * 1024


def test_cut_everywhere(tmp_path: Path) -> None:
    raw = whole_file()
    path = tmp_path / "cut.gguf"
    path.write_bytes(raw)
    end = read(path).data_offset
    for length in [*range(0, end, 3), *range(end, len(raw), 997)]:
        path.write_bytes(raw[:length])
        assert use(path) == "refused", length


def test_parts_of_a_split_model(tmp_path: Path) -> None:
    """Damage in one part of two, seen by what reads both."""
    first, second = tmp_path / "m-00001-of-00002.gguf", tmp_path / "m-00002-of-00002.gguf"

    def part(number: int, tensors: int) -> bytes:
        pairs = [
            pair("general.architecture", 8, text("llama")),
            pair("split.no", 2, struct.pack("<H", number)),
            pair("split.count", 2, struct.pack("<H", 2)),
            pair("split.tensors.count", 5, struct.pack("<i", 2)),
        ]
        infos = b"".join(
            text(f"t{number}.{index}") + struct.pack("<IQIQ", 1, 32, 0, 128 * index)
            for index in range(tensors)
        )
        head = b"GGUF" + struct.pack("<IQQ", 3, tensors, len(pairs)) + b"".join(pairs) + infos
        return head + bytes(-len(head) % 32 + 128 * tensors)

    first.write_bytes(part(0, 1))
    second.write_bytes(part(1, 1))
    assert [tensor.name for tensor in read_model(second).header.tensors] == ["t0.0", "t1.0"]
    for name, raw in (
        ("another count", part(1, 2)),
        ("another number", part(0, 1)),
        ("cut", part(1, 1)[:-1]),
    ):
        second.write_bytes(raw)
        with pytest.raises(IntegrityError) as caught:
            read_model(first)
        sentence(caught.value.message)
        assert name

"""The GGUF header reader: right on real files, one sentence for everything that cannot be true."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import gguf
import pytest

from lab_app.gguf import types
from lab_app.gguf.reader import read
from lab_app.system.errors import IntegrityError, UsageError
from tests import shapes
from tests.commandline import ROOT
from tests.models import tiny_gguf


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


def test_type_table_is_that_of_the_engine(native_dir: Path) -> None:
    from lab_app.engines import native_api

    ggml = native_api.native().ggml
    import ctypes

    ggml.ggml_type_size.restype = ctypes.c_size_t
    ggml.ggml_blck_size.restype = ctypes.c_int64
    for item in types.BY_ID.values():
        assert ggml.ggml_type_name(item.id).decode() == item.name
        assert (ggml.ggml_blck_size(item.id), ggml.ggml_type_size(item.id)) == (
            item.block,
            item.block_bytes,
        ), item


def test_agrees_with_the_reference_reader(demo_model: Path) -> None:
    ours, theirs = read(demo_model), gguf.GGUFReader(demo_model)
    assert [t.name for t in ours.tensors] == [t.name for t in theirs.tensors]
    for a, b in zip(ours.tensors, theirs.tensors, strict=True):
        assert a.shape == tuple(int(x) for x in b.shape)
        assert a.nbytes == b.n_bytes
        assert ours.data_offset + a.offset == b.data_offset
        assert a.type.id == int(b.tensor_type)
    for key, field in theirs.fields.items():
        if not key.startswith("GGUF."):
            value = ours.metadata[key]
            expected = field.contents()
            assert (list(value) if isinstance(expected, list) else value) == expected, key
    assert ours.n_params == 134_515_008
    assert ours.architecture == "llama"
    assert ours.context_length == 8192
    assert ours.main_type.name == "q4_1"
    assert ours.tokenizer == ("gpt2", "smollm")


def test_pair_bytes_add_up(demo_model: Path) -> None:
    file = read(demo_model)
    assert sum(file.pair_bytes.values()) == file.kv_bytes


def header(version: int = 3, tensors: int = 0, pairs: int = 0, rest: bytes = b"") -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, pairs) + rest


def text(value: bytes) -> bytes:
    return struct.pack("<Q", len(value)) + value


def pair(key: bytes, kind: int, value: bytes) -> bytes:
    return text(key) + struct.pack("<I", kind) + value


def tensor(name: bytes, shape: tuple[int, ...], kind: int, offset: int) -> bytes:
    return text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)


U32, F32, BOOL, ARRAY = 4, 6, 7, 9

WRONG = {
    "short": (b"GGUF", "bytes"),
    "magic": (b"GGML" + bytes(60), "magic"),
    "version": (header(7) + bytes(60), "version"),
    "big-endian": (b"GGUF" + struct.pack(">I", 3) + bytes(60), "big-endian"),
    "tensors": (header(tensors=1 << 40), "tensors"),
    "pairs": (header(pairs=1 << 40), "pairs"),
    "end-in-pair": (header(pairs=1, rest=text(b"a.key") + b"\x04\0\0\0"), "ends inside"),
    "long-key": (header(pairs=1, rest=struct.pack("<Q", 1 << 50) + bytes(40)), "claims"),
    "double": (header(pairs=2, rest=pair(b"k", U32, bytes(4)) * 2 + bytes(20)), "twice"),
    "type": (header(pairs=1, rest=pair(b"k", 99, bytes(20))), "unknown type"),
    "bool": (header(pairs=1, rest=pair(b"k", BOOL, b"\x07") + bytes(20)), "boolean"),
    "array-count": (
        header(pairs=1, rest=pair(b"k", ARRAY, struct.pack("<IQ", U32, 1 << 60)) + bytes(20)),
        "elements",
    ),
    "nested": (header(pairs=1, rest=pair(b"k", ARRAY, struct.pack("<IQ", ARRAY, 1)) + bytes(40)), "array of arrays"),
    "nan": (header(pairs=1, rest=pair(b"llama.x", F32, b"\0\0\xc0\x7f") + bytes(20)), "finite"),
    "alignment": (header(pairs=1, rest=pair(b"general.alignment", U32, struct.pack("<I", 24)) + bytes(20)), "power"),
    "dims": (header(tensors=1, rest=tensor(b"t", (1, 1, 1, 1, 1), 0, 0) + bytes(99)), "dimensions"),
    "zero-dim": (header(tensors=1, rest=tensor(b"t", (0,), 0, 0) + bytes(99)), "shape"),
    "overflow": (header(tensors=1, rest=tensor(b"t", (1 << 40, 1 << 40), 0, 0) + bytes(99)), "shape"),
    "tensor-type": (header(tensors=1, rest=tensor(b"t", (32,), 77, 0) + bytes(200)), "type"),
    "removed-type": (header(tensors=1, rest=tensor(b"t", (32,), 4, 0) + bytes(200)), "type"),
    "block": (header(tensors=1, rest=tensor(b"t", (33,), 2, 0) + bytes(99)), "blocks"),
    "unaligned": (header(tensors=1, rest=tensor(b"t", (32,), 0, 7) + bytes(999)), "multiple"),
    "gap": (header(tensors=1, rest=tensor(b"t", (32,), 0, 64) + bytes(999)), "lies at"),
    "overlap": (
        header(tensors=2, rest=tensor(b"a", (32,), 0, 0) + tensor(b"b", (32,), 0, 64) + bytes(999)),
        "ends at",
    ),
    "truncated": (header(tensors=1, rest=tensor(b"t", (3200,), 0, 0) + bytes(99)), "before the end"),
    "same-name": (header(tensors=2, rest=tensor(b"t", (8,), 0, 0) + tensor(b"t", (8,), 0, 32) + bytes(99)), "another"),
    "heads": (
        header(
            pairs=2,
            rest=text(b"general.architecture") + struct.pack("<I", 8) + text(b"llama")
            + pair(b"llama.block_count", U32, struct.pack("<I", 0)),
        ),
        "block_count",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_refuses_what_cannot_be_true(case: str, tmp_path: Path) -> None:
    raw, word = WRONG[case]
    path = tmp_path / "wrong.gguf"
    path.write_bytes(raw)
    with pytest.raises(IntegrityError) as caught:
        read(path)
    assert word in caught.value.message
    assert caught.value.message.startswith("wrong.gguf is not a usable GGUF file: ")
    assert "\n" not in str(caught.value)


def test_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read(tmp_path / "nowhere.gguf")


CHILD = """
import json, resource, sys, time
from lab_app.gguf.inspect import inspect
from lab_app.gguf.memory import Load, estimate
from lab_app.gguf.reader import read
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began, cpu = time.perf_counter(), time.process_time()
found = inspect(sys.argv[1])
seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
estimate(read(sys.argv[1]), Load())
print(json.dumps([seconds, cpu, more, found.size, found.tokenizer.vocabulary, len(found.tensors)]))
"""


def test_header_of_a_huge_file_is_cheap(tmp_path: Path) -> None:
    """Only the header of a file of 100 GB is touched, a vocabulary of 128 thousand tokens in it."""
    path = shapes.huge(tmp_path / "huge.gguf")
    try:
        assert path.stat().st_size > 100e9
        command = [sys.executable, "-c", CHILD, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=120)
        seconds, cpu, more, size, vocabulary, tensors = json.loads(done.stdout)
        print(f"{1000 * seconds:.0f} ms, {1000 * cpu:.0f} ms of processor, {more} KiB more memory")
        assert size == path.stat().st_size and vocabulary == 128000 and tensors == 723
        assert more < 50 * 1024
        assert cpu < 2  # 0.1 on a machine that has nothing else to do
    finally:
        path.unlink()


def test_work_is_bounded_whatever_a_header_claims(tmp_path: Path) -> None:
    """A file has room for many arrays that each look possible; together they would take minutes."""
    array = struct.pack("<IQ", 8, 1 << 22)
    pairs = [pair(f"k{index}".encode(), ARRAY, array + bytes(8 << 22)) for index in range(3)]
    path = tmp_path / "many.gguf"
    path.write_bytes(header(pairs=3, rest=b"".join(pairs)))
    with pytest.raises(IntegrityError, match="claims to have"):
        read(path)
    path.unlink()


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.gguf"
    os.mkfifo(path)
    with pytest.raises(UsageError, match="not a file"):
        read(path)


def test_a_file_that_shrinks_while_it_is_read(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program may write the file we look into; that is a sentence and not the end of the process."""
    path = tmp_path / "shrinks.gguf"
    shutil.copy(tiny, path)
    real = os.fstat

    def then_cut(descriptor: int) -> os.stat_result:
        status = real(descriptor)
        os.truncate(path, 2000)
        return status

    monkeypatch.setattr(os, "fstat", then_cut)
    with pytest.raises(IntegrityError, match="ends inside"):
        read(path)

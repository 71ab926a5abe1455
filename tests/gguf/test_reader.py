"""The GGUF header reader: right on real files, one sentence for everything that cannot be true."""

from __future__ import annotations

import struct
from pathlib import Path

import gguf
import pytest

from lab_app.gguf import types
from lab_app.gguf.reader import read
from lab_app.system.errors import IntegrityError, UsageError
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


def test_header_of_a_huge_file_is_cheap(tiny: Path, tmp_path: Path) -> None:
    """Only the header is touched: a sparse file of 64 GB needs no more memory than a small one."""
    import resource

    raw = header(tensors=1, rest=tensor(b"t", (1 << 20, 1 << 14), 0, 0))
    path = tmp_path / "huge.gguf"
    with open(path, "wb") as stream:
        stream.write(raw)
        stream.truncate(96 + (1 << 36))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    file = read(path)
    assert file.tensor_bytes == 1 << 36
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024

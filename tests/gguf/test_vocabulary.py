"""Token texts from the file agree with llama.cpp's, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_app.gguf.vocabulary import Vocabulary, read_vocabulary, readable
from lab_app.system.errors import IntegrityError
from tests.models import tiny_gguf


@pytest.mark.parametrize("which", ["byte-level BPE", "SentencePiece"])
def test_every_token_is_what_the_engine_says(
    which: str, demo_model: Path, tmp_path: Path, native_dir: Path
) -> None:
    from lab_app.engines.llama_vocab import open_vocab

    path = demo_model if which == "byte-level BPE" else tiny_gguf(tmp_path / "tiny.gguf")
    own = read_vocabulary(path)
    with open_vocab(str(path)) as vocab:
        assert len(own) == vocab.size
        wrong = [
            (token, own.piece(token), vocab.piece(token, special=True))
            for token in range(vocab.size)
            if own.piece(token) != vocab.piece(token, special=True)
        ]
        text = "Grüße, 12345\n\t😀 naïve"
        ids = vocab.tokenize(text)
    assert wrong == []
    joined = "".join(readable([own.piece(token) for token in ids]))
    assert joined == b"".join(own.piece(token) for token in ids).decode()
    # The tiny vocabulary has no token with a blank: SentencePiece spells its sign for it in bytes.
    assert joined.replace("\u2581", " ").strip() == text


def test_characters_of_several_tokens_and_broken_ones() -> None:
    face = "😀".encode()
    assert readable([b"a", face[:2], face[2:], b"b"]) == ["a", "😀", "", "b"]
    assert readable([b"\xff", b"ok", b"\xe2"]) == ["\\xff", "ok", "\\xe2"]
    assert readable([]) == []


def test_wrong_vocabularies(tmp_path: Path) -> None:
    vocabulary = Vocabulary("llama", ["<s>", "▁a", "<0x0A>", "<0xZZ>"], [3, 1, 6, 6])
    assert [vocabulary.piece(i) for i in range(4)] == [b"<s>", b" a", b"\n", b"<0xZZ>"]
    assert vocabulary.is_control(0) and not vocabulary.is_control(1) and not vocabulary.is_control(99)
    with pytest.raises(IndexError):
        vocabulary.piece(4)
    with pytest.raises(IndexError):
        vocabulary.piece(-1)
    import gguf

    writer = gguf.GGUFWriter(tmp_path / "bare.gguf", "llama")
    writer.add_name("bare")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with pytest.raises(IntegrityError):
        read_vocabulary(tmp_path / "bare.gguf")

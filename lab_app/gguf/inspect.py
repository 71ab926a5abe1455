"""What the inspector shows of a model file: plain data, made from the header alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ctypes import c_float
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lab_app.gguf.header import GgufFile, LazyArray
from lab_app.gguf.parts import Model, read_model

_HEAD = 8
"""Elements of an array that are shown."""

_TOKENIZERS = {
    "llama": "SentencePiece (byte-pair with scores)",
    "gpt2": "byte-level BPE",
    "bert": "WordPiece",
    "t5": "SentencePiece (unigram)",
    "rwkv": "RWKV (greedy trie)",
    "plamo2": "PLaMo-2 (Aho-Corasick)",
    "gemma4": "BPE over SentencePiece blanks",
    "no_vocab": "none",
    "none": "none",
}
"""``tokenizer.ggml.model`` → the kind of tokenizer (llama-vocab.cpp)."""
_SPECIAL = {
    "bos": "bos_token_id", "eos": "eos_token_id", "eot": "eot_token_id", "eom": "eom_token_id",
    "unknown": "unknown_token_id", "separator": "seperator_token_id", "padding": "padding_token_id",
    "mask": "mask_token_id",
}  # fmt: skip
"""``seperator`` is how the format spells it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A metadata pair. value: of an array, its first elements. count: elements of an array, else None."""

    key: str
    type: str
    value: Any
    count: int | None


@dataclass(frozen=True, slots=True)
class TensorRow:
    """shape: ggml's order, row length first. part: index of the file in a split model. nbytes: bytes."""

    name: str
    type: str
    shape: tuple[int, ...]
    elements: int
    nbytes: int


@dataclass(frozen=True, slots=True)
class TypeShare:
    """How much of a model one tensor type holds. share: of all tensor bytes, 0 to 1."""

    type: str
    tensors: int
    elements: int
    nbytes: int
    share: float
    bits_per_weight: float


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """special: name → token id. add_bos, add_eos: None where the file leaves it to the kind."""

    model: str | None
    kind: str
    pre: str | None
    vocabulary: int | None
    special: Mapping[str, int]
    add_bos: bool | None
    add_eos: bool | None


@dataclass(frozen=True, slots=True)
class Rope:
    """Rotary position settings, as the file gives them; None where llama.cpp's default applies.

    freq_base_swa: of the layers with a sliding window. original_context: tokens before scaling.
    """

    dimensions: int | None
    freq_base: float | None
    freq_base_swa: float | None
    scaling: str | None
    factor: float | None
    original_context: int | None
    attention_factor: float | None
    sections: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Attention:
    """kind: ``MHA``, ``GQA``, ``MQA``, ``MLA``, ``none``, ``hybrid``. heads, kv_heads: per layer where they differ.

    sliding_window: tokens, None without one. experts, experts_used: 0 for a dense model.
    """

    kind: str
    heads: int | tuple[int, ...] | None
    kv_heads: int | tuple[int, ...] | None
    key_length: int | None
    value_length: int | None
    sliding_window: int | None


@dataclass(frozen=True, slots=True)
class Inspection:
    """size: bytes of all parts. quant: name of the mixture, empty without tensors. types: most bytes first."""

    paths: tuple[str, ...]
    size: int
    version: int
    name: str
    architecture: str
    licence: str | None
    quant: str
    parameters: int
    bits_per_weight: float
    context_length: int | None
    embedding_length: int | None
    blocks: int | None
    feed_forward_length: int | tuple[int, ...] | None
    experts: int
    experts_used: int
    attention: Attention
    rope: Rope
    tokenizer: Tokenizer
    chat_template: str | None
    types: tuple[TypeShare, ...]
    metadata: tuple[Entry, ...]
    tensors: tuple[TensorRow, ...]

    @property
    def vocabulary_only(self) -> bool:
        """Whether the file has a vocabulary, and no weights to go with it."""
        return not self.tensors and bool(self.tokenizer.vocabulary)

    def to_json(self) -> dict[str, Any]:
        """Only what JSON knows."""
        return asdict(self)


def inspect(path: str | Path) -> Inspection:
    """Everything the header of a model file says. Raises UsageError or IntegrityError."""
    return of_model(read_model(path))


def of_model(model: Model) -> Inspection:
    header = model.header
    licence = header.metadata.get("general.license")
    return Inspection(
        paths=tuple(str(path) for path in model.paths),
        size=model.size,
        version=header.version,
        name=header.name,
        architecture=header.architecture,
        licence=licence if isinstance(licence, str) else None,
        quant=header.quant,
        parameters=header.n_params,
        bits_per_weight=header.bits_per_weight,
        context_length=header.context_length,
        embedding_length=header.embedding_length,
        blocks=header.block_count,
        feed_forward_length=_per_layer(header.hyper("feed_forward_length")),
        experts=_whole(header.hyper("expert_count")) or 0,
        experts_used=_whole(header.hyper("expert_used_count")) or 0,
        attention=_attention(header),
        rope=_rope(header),
        tokenizer=_tokenizer(header),
        chat_template=header.chat_template,
        types=_types(header),
        metadata=tuple(_entry(key, value, header) for key, value in header.metadata.items()),
        tensors=tuple(
            TensorRow(tensor.name, tensor.type.name, tensor.shape, tensor.elements, tensor.nbytes)
            for tensor in header.tensors
        ),
    )


def _entry(key: str, value: Any, header: GgufFile) -> Entry:
    kind = header.pair_types.get(key, "")
    if isinstance(value, LazyArray):
        return Entry(key, kind, _shortest(kind, value.head(_HEAD)), len(value))
    if isinstance(value, list):
        return Entry(key, kind, _shortest(kind, value[:_HEAD]), len(value))
    return Entry(key, kind, _shortest(kind, [value])[0], None)


def _shortest(kind: str, values: list[Any]) -> list[Any]:
    """32-bit floats as the shortest decimals that mean the same 32 bits: 1e-05, not 9.999999747378752e-06."""
    if not kind.endswith("float32"):
        return values
    tries = (
        [float(f"{value:.{digits}g}") for digits in range(1, 9)] for value in values
    )  # 9 digits tell all
    return [
        next((short for short in shorter if c_float(short).value == value), value)
        for value, shorter in zip(values, tries, strict=True)
    ]


def _types(header: GgufFile) -> tuple[TypeShare, ...]:
    shares = []
    for name, count in header.types.items():
        of_type = [tensor for tensor in header.tensors if tensor.type.name == name]
        nbytes = sum(tensor.nbytes for tensor in of_type)
        shares.append(
            TypeShare(
                name,
                count,
                sum(tensor.elements for tensor in of_type),
                nbytes,
                nbytes / header.tensor_bytes if header.tensor_bytes else 0.0,
                of_type[0].type.bits_per_weight,
            )
        )
    return tuple(shares)


def _whole(value: Any) -> int | None:
    return value if type(value) is int else None


def _number(value: Any) -> float | None:
    return float(value) if type(value) in (int, float) else None


def _per_layer(value: Any) -> int | tuple[int, ...] | None:
    """One number where all layers have the same."""
    if isinstance(value, (list, LazyArray)):
        numbers = tuple(item for item in value if type(item) is int)
        return numbers[0] if len(set(numbers)) == 1 else numbers or None
    return _whole(value)


def _attention(header: GgufFile) -> Attention:
    heads = _per_layer(header.hyper("attention.head_count"))
    kv_heads = _per_layer(header.hyper("attention.head_count_kv"))
    kv_heads = heads if kv_heads is None else kv_heads
    recurrent = any(
        header.hyper(name)
        for name in ("ssm.state_size", "wkv.head_size", "shortconv.l_cache", "kda.head_dim")
    )
    attends = any(tensor.name.endswith((".attn_q.weight", ".attn_qkv.weight")) for tensor in header.tensors)
    if recurrent:
        kind = "hybrid" if attends and _most(kv_heads) else "none"
    elif header.hyper("attention.kv_lora_rank"):
        kind = "MLA"
    elif not _most(heads):
        kind = "none"
    else:
        ratio = _most(heads) / max(1, _most(kv_heads))
        kind = "MHA" if ratio <= 1 else "MQA" if _most(kv_heads) == 1 else "GQA"
    width = header.embedding_length
    per_head = width // _most(heads) if width and _most(heads) else None
    return Attention(
        kind,
        heads,
        kv_heads,
        _whole(header.hyper("attention.key_length")) or per_head,
        _whole(header.hyper("attention.value_length")) or per_head,
        _whole(header.hyper("attention.sliding_window")) or None,
    )


def _most(value: int | Sequence[int] | None) -> int:
    return max(value) if isinstance(value, tuple) else value if isinstance(value, int) else 0


def _rope(header: GgufFile) -> Rope:
    scaling = header.hyper("rope.scaling.type")
    sections = header.hyper("rope.dimension_sections")
    return Rope(
        dimensions=_whole(header.hyper("rope.dimension_count")),
        freq_base=_number(header.hyper("rope.freq_base")),
        freq_base_swa=_number(header.hyper("rope.freq_base_swa")),
        scaling=scaling if isinstance(scaling, str) else None,
        factor=_number(header.hyper("rope.scaling.factor", header.hyper("rope.scale_linear"))),
        original_context=_whole(header.hyper("rope.scaling.original_context_length")),
        attention_factor=_number(header.hyper("rope.scaling.attn_factor")),
        sections=tuple(sections) if isinstance(sections, list) else (),
    )


def _tokenizer(header: GgufFile) -> Tokenizer:
    model, pre = header.tokenizer
    values = {name: header.metadata.get(f"tokenizer.ggml.{key}") for name, key in _SPECIAL.items()}
    tokens = header.metadata.get("tokenizer.ggml.tokens")
    bos, eos = (header.metadata.get(f"tokenizer.ggml.add_{name}_token") for name in ("bos", "eos"))
    return Tokenizer(
        model=model if isinstance(model, str) else None,
        kind=_TOKENIZERS.get(model, "unknown") if isinstance(model, str) else "none",
        pre=pre if isinstance(pre, str) else None,
        vocabulary=len(tokens) if isinstance(tokens, (list, LazyArray)) else None,
        special={name: value for name, value in values.items() if type(value) is int},
        add_bos=bos if isinstance(bos, bool) else None,
        add_eos=eos if isinstance(eos, bool) else None,
    )

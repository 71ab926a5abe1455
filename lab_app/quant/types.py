"""Quant types as llama-quantize knows them: a name stands for a mixture of tensor types.

Source: QUANT_OPTIONS of llama.cpp's tools/quantize/quantize.cpp and llama_ftype of llama.h, at the pinned commit;
a test holds the ids against the bindings. Sizes of real files come from :mod:`lab_app.quant.predict`, because
what a type does depends on the model's shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from lab_app.gguf.types import BY_NAME, FILE_TYPES, GgmlType


@dataclass(frozen=True, slots=True)
class QuantType:
    """name: canonical. ftype: llama_ftype. base: the tensor type most matrices get.

    family: ``float``, ``legacy``, ``k-quant``, ``i-quant``, ``ternary``, ``other``.
    needs_imatrix: some of its tensors cannot be made without an importance matrix (tensor_requires_imatrix
    of src/llama-quant.cpp).
    """

    name: str
    ftype: int
    base: GgmlType
    family: str
    needs_imatrix: bool = False

    @property
    def bits_per_weight(self) -> float:
        """Nominal: that of the base type. Mixtures lie above it."""
        return self.base.bits_per_weight

    @property
    def block_size(self) -> int:
        return self.base.block

    @property
    def recommends_imatrix(self) -> bool:
        """Four bits and fewer gain visibly from an importance matrix (llama.cpp PR 4861)."""
        return self.base.quantized and self.bits_per_weight < 5.0 and self.family in ("k-quant", "i-quant")


NEED_IMATRIX = frozenset(
    {"Q2_K_S", "IQ3_XS", "IQ3_XXS", "IQ2_M", "IQ2_S", "IQ2_XS", "IQ2_XXS", "IQ1_M", "IQ1_S"}
)
ALIASES = {"Q3_K": "Q3_K_M", "Q4_K": "Q4_K_M", "Q5_K": "Q5_K_M"}
TENSORS_NEED_IMATRIX = frozenset({"iq3_xxs", "iq2_xxs", "iq2_xs", "iq2_s", "iq1_m", "iq1_s"})
"""Tensor types that llama.cpp refuses to make without data, but for embedding and output …"""
ENCODERS_NEED_IMATRIX = frozenset({"iq2_xxs", "iq2_xs", "iq1_s"})
"""… and those whose encoder cannot do without it at all (ggml_quantize_requires_imatrix of ggml.c)."""
TENSOR_TYPES = frozenset(BY_NAME.keys() - {"q8_1", "q8_k", "i8", "i16", "i32", "i64", "f64"})
"""Types a tensor can be given (ggml_quantize_chunk of ggml.c), in lower case. The others of ggml are for
indices and intermediate values; asking for one would abort llama.cpp."""


def _table() -> Iterator[QuantType]:
    ids = {name: number for number, name in FILE_TYPES.items()}
    for name, base, family in (
        ("F32", "f32", "float"), ("F16", "f16", "float"), ("BF16", "bf16", "float"),
        ("Q8_0", "q8_0", "legacy"), ("Q5_1", "q5_1", "legacy"),
        ("Q5_0", "q5_0", "legacy"), ("Q4_1", "q4_1", "legacy"),
        ("Q4_0", "q4_0", "legacy"),
        ("Q6_K", "q6_k", "k-quant"), ("Q5_K_M", "q5_k", "k-quant"),
        ("Q5_K_S", "q5_k", "k-quant"), ("Q4_K_M", "q4_k", "k-quant"),
        ("Q4_K_S", "q4_k", "k-quant"), ("Q3_K_L", "q3_k", "k-quant"),
        ("Q3_K_M", "q3_k", "k-quant"), ("Q3_K_S", "q3_k", "k-quant"),
        ("Q2_K", "q2_k", "k-quant"), ("Q2_K_S", "q2_k", "k-quant"),
        ("IQ4_NL", "iq4_nl", "i-quant"), ("IQ4_XS", "iq4_xs", "i-quant"),
        ("IQ3_M", "iq3_s", "i-quant"), ("IQ3_S", "iq3_s", "i-quant"),
        ("IQ3_XS", "iq3_s", "i-quant"), ("IQ3_XXS", "iq3_xxs", "i-quant"),
        ("IQ2_M", "iq2_s", "i-quant"), ("IQ2_S", "iq2_xs", "i-quant"),
        ("IQ2_XS", "iq2_xs", "i-quant"), ("IQ2_XXS", "iq2_xxs", "i-quant"),
        ("IQ1_M", "iq1_m", "i-quant"), ("IQ1_S", "iq1_s", "i-quant"),
        ("TQ2_0", "tq2_0", "ternary"), ("TQ1_0", "tq1_0", "ternary"),
        ("MXFP4_MOE", "mxfp4", "other"), ("Q2_0", "q2_0", "other"), ("Q1_0", "q1_0", "other"),
    ):  # fmt: skip
        yield QuantType(name, ids[name], BY_NAME[base], family, name in NEED_IMATRIX)


_BY_NAME = {item.name: item for item in _table()}
QUANT_TYPES: Mapping[str, QuantType] = _BY_NAME | {alias: _BY_NAME[name] for alias, name in ALIASES.items()}
"""By name, aliases included; ``QUANT_TYPES["Q4_K"].name == "Q4_K_M"``."""


def nearest(name: str) -> str:
    """The quant type whose name is nearest to a wrong one."""
    return get_close_matches(name.upper(), QUANT_TYPES, n=1, cutoff=0.0)[0]

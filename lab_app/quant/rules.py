"""Whether what was asked of a quantizer is possible for a model, said before llama.cpp aborts over it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lab_app.gguf.header import GgufFile, TensorInfo
from lab_app.gguf.types import GgmlType
from lab_app.quant.native_quantize import Options, tensor_type
from lab_app.system.errors import UsageError

EMBEDDINGS = ("token_embd.weight", "per_layer_token_embd.weight")
OUTPUT = "output.weight"
ALWAYS_PLAIN = (*EMBEDDINGS, OUTPUT)
"""Tensors for which llama.cpp asks no importance data."""


def check_options(file: GgufFile, options: Options) -> None:
    """Overrides must be regular expressions that match a tensor and do not contradict each other; blocks of
    the types asked for must fit the rows. Raises UsageError."""
    given: dict[str, str] = {}
    for pattern, type_name in options.overrides.items():
        kind = tensor_type(type_name)
        matched = _matched(file.tensors, pattern)
        if not matched:
            raise UsageError(
                f"The override {pattern!r} matches no tensor of {file.path.name}.",
                f"Names look like {file.tensors[0].name!r}, {file.tensors[-1].name!r}."
                if file.tensors
                else None,
            )
        if all(len(tensor.shape) < 2 and tensor.type is not kind for tensor in matched):
            raise UsageError(
                f"The override {pattern!r} has no effect: {matched[0].name} and its like stay "
                f"{matched[0].type.name}.",
                "llama.cpp quantizes matrices only.",
            )
        _fits((tensor for tensor in matched if len(tensor.shape) > 1), kind)
        for tensor in matched:
            other = given.setdefault(tensor.name, pattern)
            if tensor_type(options.overrides[other]) is not kind:
                raise UsageError(
                    f"The overrides {other!r} and {pattern!r} give {tensor.name} different types.",
                    "Make one of them more specific.",
                )
    if options.embedding_type:
        kind = tensor_type(options.embedding_type)
        _fits((tensor for tensor in file.tensors if tensor.name in EMBEDDINGS), kind)
    if options.output_type:
        _fits((tensor for tensor in file.tensors if tensor.name == OUTPUT), tensor_type(options.output_type))


def check_effect(options: Options, types: Mapping[str, GgmlType]) -> None:
    """After a dry run (``types``: tensor → type it will get): every override must change something.

    llama.cpp passes over norms and other tensors it never quantizes without a word, and over all overrides
    where the type of the file is a float type. Raises UsageError.
    """
    for pattern, type_name in options.overrides.items():
        kind = tensor_type(type_name)
        found = [name for name in types if re.search(pattern, name)]
        if not any(types[name] is kind for name in found):
            raise UsageError(
                f"The override {pattern!r} has no effect: llama.cpp makes {found[0]} {types[found[0]].name}, "
                f"not {kind.name}.",
                "It never quantizes norms and other small tensors, and overrides nothing in F32, F16 and BF16.",
            )


def _matched(tensors: Iterable[TensorInfo], pattern: str) -> list[TensorInfo]:
    try:
        expression = re.compile(pattern)
    except re.error as error:
        raise UsageError(f"The override {pattern!r} is not a regular expression: {error}.") from error
    return [tensor for tensor in tensors if expression.search(tensor.name)]


def _fits(tensors: Iterable[TensorInfo], kind: GgmlType) -> None:
    for tensor in tensors:
        if tensor.shape[0] % kind.block:
            raise UsageError(
                f"{tensor.name} has rows of {tensor.shape[0]} values, which {kind.name} cannot hold "
                f"(blocks of {kind.block}).",
                "Choose a type with smaller blocks for it, for example q8_0.",
            )

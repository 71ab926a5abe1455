"""Whether [quantize] is possible for the source, as far as its header tells: said with table and key before any
job runs. What only llama.cpp's dry run tells (``predict``) is said there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from lab_app.studies.lines import Place
from lab_app.studies.problems import Problems
from lab_app.studies.schema import Quantize
from lab_app.system.errors import UsageError

if TYPE_CHECKING:
    from lab_app.gguf.header import GgufFile
    from lab_app.quant.native_quantize import Options
    from lab_app.studies.checks import Facts


def check_source(quantize: Quantize, source: Facts, problems: Problems) -> None:
    """What is wrong goes to ``problems``."""
    from lab_app.quant.types import QUANT_TYPES

    # Types that do not exist, and tensor types likewise, have their own sentences.
    types = [item for name in quantize.types if (item := QUANT_TYPES.get(name.upper())) is not None]
    _check_requantizing(quantize, source, problems)
    matrix = quantize.imatrix
    if matrix is not None and source.context and matrix.context > source.context:
        problems.add(
            ("quantize", "imatrix", "context"),
            f"a context of {matrix.context} tokens is impossible: the model was trained for {source.context}, and "
            "importance is gathered without RoPE scaling.",
        )
    if source.header is not None and types:
        _check_options(quantize, source.header, types[0].name, problems)


def check_whole(header: GgufFile, problems: Problems) -> None:
    """Only a file that is here: of one on the hub the parts are merged by a job."""
    if header.split is not None:
        part, count = header.split
        problems.add(
            ("source", "model"),
            f"{header.path.name} is part {part + 1} of {count} of a split model, and only whole ones are quantized; "
            "put the parts together with odyssey-lab models merge.",
        )


def _check_requantizing(quantize: Quantize, source: Facts, problems: Problems) -> None:
    if quantize.allow_requantize:
        return
    advice = "quantizing it again loses more than quantizing the original; use the original, or set "
    advice += "allow_requantize = true."
    if source.quantized_as is not None:
        problems.add(("quantize",), f"the source is quantized already ({source.quantized_as}), and {advice}")
    elif source.header is not None and (name := _requantized(quantize, source.header)):
        problems.add(("quantize",), f"the source is quantized in part already ({name}), and {advice}")


def _requantized(quantize: Quantize, header: GgufFile) -> str | None:
    """``NAME is TYPE`` of a matrix that will be quantized a second time; None where all that are quantized have a type
    that is asked for, and may keep it."""
    from lab_app.gguf.types import BY_NAME
    from lab_app.quant.types import QUANT_TYPES

    chosen = [*quantize.overrides.values(), quantize.output_type, quantize.embedding_type]
    named = {BY_NAME.get(name.lower()) for name in chosen if name}
    for given in quantize.types:
        item = QUANT_TYPES.get(given.upper())
        for tensor in header.tensors if item is not None else ():
            kept = (item is not None and tensor.type is item.base) or tensor.type in named
            if len(tensor.shape) > 1 and tensor.type.quantized and not kept:
                return f"{tensor.name} is {tensor.type.name}"
    return None


def _check_options(quantize: Quantize, header: GgufFile, type_name: str, problems: Problems) -> None:
    """Each option alone, so that the key to change is known; then all together, as they may contradict each other."""
    from lab_app.quant.native_quantize import Options
    from lab_app.quant.rules import check_options

    whole = Options(
        type_name,
        overrides=dict(quantize.overrides),
        output_type=quantize.output_type,
        embedding_type=quantize.embedding_type,
    )
    before = len(problems.found)
    for place, options in _alone(whole):
        try:
            check_options(header, options)
        except UsageError as error:
            problems.add(place, str(error))
    if len(problems.found) > before:
        return
    try:
        check_options(header, whole)
    except UsageError as error:
        problems.add(("quantize", "overrides"), str(error))


def _alone(whole: Options) -> Iterator[tuple[Place, Options]]:
    from lab_app.quant.types import TENSOR_TYPES

    plain = replace(whole, overrides={}, output_type=None, embedding_type=None)
    for pattern, given in whole.overrides.items():
        if given.lower() in TENSOR_TYPES:
            yield ("quantize", "overrides", pattern), replace(plain, overrides={pattern: given})
    for key in ("output_type", "embedding_type"):
        given = getattr(whole, key)
        if given and given.lower() in TENSOR_TYPES:
            yield ("quantize", key), replace(plain, **{key: given})

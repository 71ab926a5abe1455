"""``odyssey-lab models …``: the models of this machine."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from lab_app.commands import JSON, Argument, command
from lab_app.commands.text import table
from lab_app.system.units import amount, size

if TYPE_CHECKING:
    from lab_app.gguf.inspect import Inspection

MODEL = Argument("model", "GGUF file (any part of a split one)", completes="file", required=True)


@command(
    "models inspect",
    "what the header of a GGUF file says: shape, types, bits per weight, tokenizer, RoPE, template",
    MODEL,
    Argument("--tensors", "list every tensor", flag=True),
    Argument("--metadata", "list every metadata pair", flag=True),
    JSON,
)
def inspect(options: argparse.Namespace) -> int:
    from lab_app.gguf import inspect as inspector

    found = inspector.inspect(options.model)
    if options.json:
        print(json.dumps(found.to_json(), ensure_ascii=False))
        return 0
    print("\n".join(_inspection(found)))
    if options.metadata:
        rows = [[entry.key, entry.type, _value(entry.value, entry.count)] for entry in found.metadata]
        print("\n" + table(["key", "type", "value"], rows))
    if options.tensors:
        rows = [
            [tensor.name, tensor.type, " × ".join(map(str, tensor.shape)), size(tensor.nbytes)]
            for tensor in found.tensors
        ]
        print("\n" + table(["tensor", "type", "shape", "size"], rows, right=(3,)))
    return 0


def _value(value: Any, count: int | None) -> str:
    """One line of at most 100 characters; a file's control characters shown escaped."""
    if count is not None:
        text = ", ".join(_value(item, None) for item in value)
        return f"{count}: {text[:80]}{' …' if count > len(value) or len(text) > 80 else ''}"
    if not isinstance(value, str):
        return f"{value:g}" if isinstance(value, float) else str(value)
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in value[:101])
    return text if len(text) <= 100 else f"{text[:99]}…"


def _inspection(found: Inspection) -> list[str]:
    attention, rope, tokenizer = found.attention, found.rope, found.tokenizer
    kv_heads = f"{_per_layer(attention.kv_heads)} for keys and values"
    heads = f"{attention.kind}, {_per_layer(attention.heads)} heads, {kv_heads}"
    if attention.sliding_window:
        heads += f", window {attention.sliding_window}"
    base = f"base {rope.freq_base:g}" if rope.freq_base else "base by default"
    scaling = f", {rope.scaling} scaling" if rope.scaling and rope.scaling != "none" else ""
    scaling += f" × {rope.factor:g}" if scaling and rope.factor else ""
    special = ", ".join(f"{name} {number}" for name, number in tokenizer.special.items())
    feed_forward, more = _per_layer(found.feed_forward_length), len(found.paths) - 1
    lines = [
        ("name", found.name),
        ("file", found.paths[0] + (f" and {more} more parts" if more else "")),
        ("size", f"{size(found.size)}, GGUF version {found.version}"),
        ("licence", found.licence or "not said"),
        ("architecture", found.architecture or "none"),
        ("parameters", amount(found.parameters)),
        ("quant", f"{found.quant}, {found.bits_per_weight:.2f} bits per weight"),
        ("context", f"{found.context_length} tokens" if found.context_length else "not said"),
        ("shape", f"{found.blocks} blocks, width {found.embedding_length}, feed-forward {feed_forward}"),
        ("experts", f"{found.experts_used} of {found.experts}" if found.experts else "none"),
        ("attention", heads),
        ("RoPE", f"{base}, {rope.dimensions or 'all'} dimensions{scaling}"),
        ("tokenizer", f"{tokenizer.kind}, {tokenizer.pre or 'no'} pre-tokenizer, {tokenizer.vocabulary} tokens"),
        ("special", special or "none"),
        ("template", f"{len(found.chat_template)} characters" if found.chat_template else "none"),
    ]  # fmt: skip
    rows = [
        [share.type, str(share.tensors), size(share.nbytes), f"{100 * share.share:.1f} %"]
        for share in found.types
    ]
    text = [f"{name + ':':14}{_value(value, None)}" for name, value in lines]
    return [*text, "", table(["type", "tensors", "size", "share"], rows, right=(1, 2, 3))]


def _per_layer(value: int | tuple[int, ...] | None) -> str:
    if isinstance(value, tuple):
        return f"{min(value)} to {max(value)}"
    return "?" if value is None else str(value)

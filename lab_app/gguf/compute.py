"""The compute graph llama.cpp reserves for a batch of a prompt, as sizes of tensors in order of execution.

Follows llama-graph.cpp and src/models/: attention with and without flash attention, latent attention, dense and
expert feed-forward parts, Mamba and short convolutions. Other recurrent layers are taken for Mamba-2's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from lab_app.gguf.replay import Graph, Tensor
from lab_app.gguf.shape import Layer, Shape

_F32 = 4
_RESIDUAL_FIRST = frozenset({"lfm2", "lfm2moe"})
"""Architectures that add what a layer did to the residual, and not the other way round."""


@dataclass(frozen=True, slots=True)
class Batch:
    """tokens: of a micro-batch. sequences: in it. cells, window_cells: of the KV caches, for all sequences together.

    outputs: tokens of the micro-batch whose logits are wanted; llama.cpp reserves for all of them.
    flash: flash attention. quantized_k, quantized_v: the KV type is, so keys and values are rotated first.
    float_kv: the KV type is f32, which flash attention has to convert.
    """

    tokens: int
    sequences: int
    cells: int
    window_cells: int
    outputs: int
    flash: bool
    quantized_k: bool
    quantized_v: bool
    float_kv: bool


@lru_cache(maxsize=256)  # asked again and again for one shape by tables of many files
def graph_bytes(shape: Shape, batch: Batch) -> int:
    """Bytes of the compute buffer where one device computes everything."""
    return _Builder(shape, batch).build().peak()


class _Builder:
    def __init__(self, shape: Shape, batch: Batch) -> None:
        self.shape, self.batch = shape, batch
        self.graph = Graph()
        self.t = batch.tokens
        self.masks: dict[bool, Tensor] = {}
        self.places: dict[bool, tuple[Tensor, Tensor]] = {}

    def rows(self, width: int, *sources: Tensor, in_place: bool = False, tokens: int | None = None) -> Tensor:
        """A tensor of ``width`` floats a token."""
        count = self.t if tokens is None else tokens
        return self.graph.op(_F32 * width * count, *sources, in_place=in_place)

    def build(self) -> Graph:
        shape, batch, graph = self.shape, self.batch, self.graph
        tokens = graph.input(4 * self.t)
        # For batches of vectors instead of tokens; always there, read only by those.
        graph.input(_F32 * shape.width * self.t, kept=True)
        positions = graph.input(4 * self.t)
        mask_width = 2 if batch.flash else 4
        attending = [layer for layer in shape.layers if layer.k]
        for window in sorted({layer.window for layer in attending}):
            cells = batch.window_cells if window else batch.cells
            widest = 1 if batch.flash else max(1, *(layer.v for layer in attending))
            # Where in the cache keys and values go; transposed values need a place for every number.
            self.places[window] = graph.input(8 * self.t), graph.input(8 * self.t * widest)
            self.masks[window] = graph.input(mask_width * cells * self.t // max(1, batch.sequences))
        out_ids = graph.input(4 * batch.outputs)

        residual = self.rows(shape.width, tokens)
        for index, layer in enumerate(shape.layers):
            last = index == len(shape.layers) - 1
            residual = self.layer(layer, residual, positions, out_ids if last else None)
        norm = self.norm(residual, shape.width)
        graph.op(_F32 * shape.vocabulary * batch.outputs, norm)
        norm.uses += 1  # the embedding may be asked for, too
        return graph

    def norm(self, source: Tensor, width: int) -> Tensor:
        """RMS norm and its weight."""
        count = source.nbytes // (_F32 * width) if width else 0
        normed = self.rows(width, source, in_place=True, tokens=count)
        return self.rows(width, normed, in_place=True, tokens=count)

    def layer(self, layer: Layer, residual: Tensor, positions: Tensor, out_ids: Tensor | None) -> Tensor:
        shape, width = self.shape, self.shape.width
        cur = None
        for part in self.parts(layer):
            # Attention and state side by side have a norm each.
            out = part(layer, self.norm_of_shared(residual, width), positions)
            cur = out if cur is None else self.rows(width, cur, out, in_place=True)
        if cur is None:
            cur = self.norm_of_shared(residual, width)
        rows = self.t
        if out_ids is not None:
            rows = self.batch.outputs
            if shape.architecture in _RESIDUAL_FIRST:
                residual = self.rows(width, residual, out_ids, tokens=rows)
                cur = self.rows(width, cur, out_ids, tokens=rows)
            else:
                cur = self.rows(width, cur, out_ids, tokens=rows)
                residual = self.rows(width, residual, out_ids, tokens=rows)
        residual = self.add(cur, residual, rows)
        if not (layer.ff or layer.ff_exp):
            return residual
        normed = self.norm_of_shared(residual, width)
        if layer.ff_exp:
            cur = self.experts(layer, normed, rows)
        else:
            cur = self.dense(layer.ff, layer.gated, normed, rows)
        return self.add(cur, residual, rows)

    def parts(self, layer: Layer) -> list[Callable[[Layer, Tensor, Tensor], Tensor]]:
        found: list[Callable[[Layer, Tensor, Tensor], Tensor]] = []
        if layer.k:
            found.append(self.latent if self.shape.latent else self.attention)
        if layer.recurrent:
            found.append(self.recurrent)
        return found

    def add(self, cur: Tensor, residual: Tensor, tokens: int) -> Tensor:
        """The sum takes the place of the first that nobody else needs."""
        both = (residual, cur) if self.shape.architecture in _RESIDUAL_FIRST else (cur, residual)
        return self.rows(self.shape.width, *both, in_place=True, tokens=tokens)

    def norm_of_shared(self, source: Tensor, width: int) -> Tensor:
        """The norm of a tensor that is added again later, so that its place cannot be taken."""
        count = source.nbytes // (_F32 * width)
        normed = self.rows(width, source, tokens=count)
        return self.rows(width, normed, in_place=True, tokens=count)

    # -- attention -----------------------------------------------------------------------------------

    def attention(self, layer: Layer, normed: Tensor, positions: Tensor) -> Tensor:
        batch = self.batch
        q = self.rows(layer.q, normed)
        q = self.rows(layer.q, q, positions)  # rotations are not done in place
        if batch.quantized_k and layer.head_k % 64 == 0:
            q = self.rows(layer.q, q)
        kv_heads = layer.k // layer.head_k if layer.head_k else 0
        v_width = layer.v or kv_heads * layer.head_v
        v = self.rows(v_width, normed)
        if batch.quantized_v and layer.head_v % 64 == 0:
            v = self.rows(v_width, v)
        k = self.rows(layer.k, normed)
        k = self.rows(layer.k, k, positions)
        if batch.quantized_k and layer.head_k % 64 == 0:
            k = self.rows(layer.k, k)
        if layer.cached:
            self.graph.read(k, self.places[layer.window][0])
            self.graph.read(v, self.places[layer.window][1])
        cur = self.attend(q, layer.out, layer)
        if batch.quantized_v and layer.head_v % 64 == 0:
            cur = self.rows(layer.out, cur)
        return self.rows(self.shape.width, cur)

    def attend(self, q: Tensor, out: int, layer: Layer, *, values: int | None = None) -> Tensor:
        """Queries against the cache. ``values``: floats a token of what latent attention unpacks it to."""
        batch, mask = self.batch, self.masks[layer.window]
        cells = batch.window_cells if layer.window else batch.cells
        if batch.flash:
            sources = [q, mask]
            if batch.float_kv:
                sources.append(self.graph.op(2 * layer.k * cells))
                sources.append(self.graph.op(2 * (layer.v or layer.k) * cells))
            cur = self.rows(out, *sources)
            if values is not None:
                cur = self.rows(values, cur)
                cur = self.rows(values, cur)
            return cur
        scores = layer.heads * cells // max(1, batch.sequences)
        kq = self.rows(scores, q)
        kq = self.rows(scores, kq, mask, in_place=True)
        if values is not None:
            unpacked = self.graph.op(2 * (out // layer.heads) * cells)
            kqv = self.rows(out, kq, unpacked)
            kqv = self.rows(values, kqv)
            return self.rows(values, kqv)
        return self.rows(out, self.rows(out, kq))

    def latent(self, layer: Layer, normed: Tensor, positions: Tensor) -> Tensor:
        """Multi-head latent attention in its absorbed form (deepseek2.cpp)."""
        assert self.shape.latent is not None
        rank, rotary = self.shape.latent
        heads = layer.heads
        q = self.rows(layer.q_wide, normed)
        absorbed = self.rows(rank * heads, q)
        q_pe = self.rows(rotary * heads, q, positions)
        query = self.rows((rank + rotary) * heads, absorbed, q_pe)
        packed = self.rows(rank + rotary, normed)
        kv = self.rows(rank, packed)
        kv = self.rows(rank, kv, in_place=True)
        k_pe = self.rows(rotary, packed, positions)
        self.graph.read(self.rows(rank + rotary, kv, k_pe), self.places[layer.window][0])
        cur = self.attend(query, rank * heads, layer, values=layer.out)
        return self.rows(self.shape.width, cur)

    # -- feed-forward --------------------------------------------------------------------------------

    def dense(self, ff: int, gated: bool, normed: Tensor, tokens: int) -> Tensor:
        up = self.rows(ff, normed, tokens=tokens)
        if gated:
            gate = self.rows(ff, normed, tokens=tokens)
            up = self.rows(ff, gate, up, tokens=tokens)
        else:
            up = self.rows(ff, up, in_place=True, tokens=tokens)
        return self.rows(self.shape.width, up, tokens=tokens)

    def experts(self, layer: Layer, normed: Tensor, tokens: int) -> Tensor:
        shape = self.shape
        used, width = shape.experts_used, shape.width
        logits = self.rows(shape.experts, normed, tokens=tokens)
        probabilities = self.rows(shape.experts, logits, in_place=True, tokens=tokens)
        order = self.rows(shape.experts, probabilities, tokens=tokens)
        weights = self.rows(used, probabilities, order, tokens=tokens)
        total = self.rows(1, weights, tokens=tokens)
        weights = self.rows(used, weights, total, in_place=True, tokens=tokens)
        up = self.rows(layer.ff_exp * used, normed, order, tokens=tokens)
        gate = self.rows(layer.ff_exp * used, normed, order, tokens=tokens)
        active = self.rows(layer.ff_exp * used, gate, up, tokens=tokens)
        down = self.rows(width * used, active, order, tokens=tokens)
        down = self.rows(width * used, down, weights, in_place=True, tokens=tokens)
        cur = self.rows(width, down, tokens=tokens)
        if layer.ff_shared:
            cur = self.rows(
                width,
                cur,
                self.dense(layer.ff_shared, True, normed, tokens),
                in_place=True,
                tokens=tokens,
            )
        return cur

    # -- recurrent -----------------------------------------------------------------------------------

    def recurrent(self, layer: Layer, normed: Tensor, positions: Tensor) -> Tensor:
        if self.shape.state:
            return self.mamba(layer, normed)
        return self.short_convolution(normed)

    def mamba(self, layer: Layer, normed: Tensor) -> Tensor:
        """A selective scan (mamba-base.cpp)."""
        shape, sequences, graph = self.shape, self.batch.sequences, self.graph
        inner = shape.inner or shape.width
        states = _F32 * shape.state * sequences
        conv = graph.op(_F32 * shape.conv * sequences)
        packed = self.rows(layer.scan_in or 2 * inner, normed)
        channels = layer.scan_conv or inner
        padded = graph.op(_F32 * (shape.conv * sequences + channels * self.t), conv, packed)
        graph.read(padded)
        x = self.rows(channels, padded)
        x = self.rows(channels, x, in_place=True)
        if channels == inner:
            step = self.rows(inner, x)
        else:  # Mamba-2: one step size a head, and the state's inputs convolved, too
            step = self.rows(max(1, layer.scan_in - inner - channels), packed)
        scan = graph.op(_F32 * inner * self.t + states, x, step)
        graph.read(scan)
        skip = self.rows(inner, x, in_place=channels == inner)
        y = self.rows(inner, scan, skip, in_place=True)
        z = self.rows(inner, packed)
        y = self.rows(inner, z, y)
        return self.rows(shape.width, y)

    def short_convolution(self, normed: Tensor) -> Tensor:
        """lfm2.cpp."""
        shape, sequences, graph = self.shape, self.batch.sequences, self.graph
        width = shape.width
        bcx = self.rows(3 * width, normed)
        state = graph.op(_F32 * shape.conv * sequences)
        bx = self.rows(width, bcx)
        padded = graph.op(_F32 * (shape.conv * sequences + width * self.t), state, bx)
        graph.read(padded)
        out = self.rows(width, padded)
        return self.rows(width, self.rows(width, bcx, out, in_place=True))

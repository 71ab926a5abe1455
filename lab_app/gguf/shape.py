"""The shape of a model, layer by layer, from its header: what decides how much memory it takes.

Names and rules are those of llama.cpp's hyper-parameters (src/llama-hparams.cpp and each architecture's
load_arch_hparams in src/models/); widths come from the tensors themselves where those tell them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab_app.gguf.header import GgufFile, LazyArray, TensorInfo

_SWA: Mapping[str, tuple[int, bool, int | None]] = {
    "afmoe": (4, False, None), "cohere2": (4, False, None), "cohere2moe": (4, True, None),
    "deepseek4": (0, False, None), "dots3note": (0, False, None), "exaone-moe": (4, False, 128),
    "exaone4": (4, False, None), "gemma-embedding": (6, False, None), "gemma2": (2, False, 4096),
    "gemma3": (6, False, None), "gemma3n": (5, False, None), "gemma4": (0, False, None),
    "gpt-oss": (2, False, None), "granite-swa": (0, False, None), "laguna": (4, True, None),
    "llama4": (4, False, 8192), "maple": (0, False, None), "mellum": (4, False, None),
    "mimo2": (0, False, None), "modern-bert": (3, True, None), "muse-glimmer": (4, False, None),
    "olmo2": (4, False, None), "plamo3": (8, False, None), "smallthinker": (4, True, 4096),
    "spark2-5": (0, False, None), "step35": (0, False, None), "lfm2": (0, False, None),
}  # fmt: skip
"""Architectures whose layers may have a sliding window: every n-th layer is without one (0: none is), whether
it is the first of each n, and the window where it is not the file's. Others ignore ``attention.sliding_window``."""
_NO_CACHE = frozenset(
    {
        "bert", "jina-bert-v2", "jina-bert-v3", "nomic-bert", "nomic-bert-moe", "neo-bert", "eurobert",
        "wavtokenizer-dec", "modern-bert", "gemma-embedding", "dream", "llada", "llada-moe", "rnd1",
    }
)  # fmt: skip
"""Architectures that keep nothing between batches (llama_model::create_memory)."""
_RECURRENT = frozenset({"mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7"})
_INTERVAL = {"qwen3next": 4, "qwen35": 4, "qwen35moe": 4, "qwen4exp": 4, "minimax-01": 8}
"""Hybrids in which every n-th layer attends."""

MAX_LAYERS = 512
"""LLAMA_MAX_LAYERS (llama-hparams.h)."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Widths in numbers a token. Zero where a layer has no such part.

    q: of the queries; q_wide: of them before latent attention packs them. k, v: of what the KV cache keeps.
    out: of what attention hands on. window: attends only to the last tokens. cached: has a KV cache of its own.
    recurrent: keeps a state instead of, or beside, a cache. ff: of the dense feed-forward part. ff_exp: of one
    expert. ff_shared: of the shared expert. scan_in, scan_conv: of a selective scan's input and convolution.
    """

    q: int
    q_wide: int
    k: int
    v: int
    heads: int
    head_k: int
    head_v: int
    window: bool
    cached: bool
    recurrent: bool
    ff: int
    gated: bool
    ff_exp: int
    ff_shared: int
    scan_in: int
    scan_conv: int

    @property
    def out(self) -> int:
        return self.heads * self.head_v


@dataclass(frozen=True, slots=True)
class Shape:
    """width: numbers a token between layers. window: tokens, 0 without one.

    latent: rank and rotary width of latent attention (MLA), None for others; then keys are shared and values
    are part of them. conv, state: numbers a sequence each recurrent layer keeps.
    """

    architecture: str
    width: int
    vocabulary: int
    context: int
    layers: tuple[Layer, ...]
    window: int
    latent: tuple[int, int] | None
    conv: int
    state: int
    experts: int
    experts_used: int
    inner: int
    tied: bool


def shape_of(header: GgufFile) -> Shape:
    """Raises ValueError for a header that does not describe a model llama.cpp can lay out."""
    width, blocks = header.embedding_length, header.block_count
    if not width or not blocks:
        raise ValueError("its header does not say how many layers of which width it has")
    if blocks > MAX_LAYERS:
        raise ValueError(f"it has {blocks} layers, more than the {MAX_LAYERS} llama.cpp knows")
    tensors = {tensor.name: tensor for tensor in header.tensors}
    embedding = tensors.get("token_embd.weight")
    tokens = header.metadata.get("tokenizer.ggml.tokens")
    vocabulary = embedding.shape[-1] if embedding else len(tokens) if tokens is not None else 0
    reader = _Reader(header, width, blocks, tensors)
    return Shape(
        architecture=header.architecture,
        width=width,
        vocabulary=vocabulary,
        context=header.context_length or 0,
        layers=tuple(reader.layer(index) for index in range(blocks - reader.number("nextn_predict_layers"))),
        window=reader.window,
        latent=reader.latent,
        conv=reader.conv(),
        state=reader.state(),
        experts=reader.number("expert_count"),
        experts_used=max(reader.per_layer("expert_used_count", 0)),
        inner=reader.number("ssm.inner_size"),
        tied="output.weight" not in tensors,
    )


class _Reader:
    def __init__(self, header: GgufFile, width: int, blocks: int, tensors: Mapping[str, TensorInfo]) -> None:
        self.header, self.width, self.blocks, self.tensors = header, width, blocks, tensors
        self.architecture = header.architecture
        self.heads = self.per_layer("attention.head_count", 0)
        kv = header.hyper("attention.head_count_kv")
        self.kv_heads = self.heads if kv is None else self.per_layer("attention.head_count_kv", 0)
        self.latent = self._latent()
        self.window, self.windowed = self._windows()
        self.shared_from = self._shared_from()

    def number(self, name: str, default: int = 0) -> int:
        value = self.header.hyper(name)
        return value if type(value) is int else default

    def per_layer(self, name: str, default: int) -> list[int]:
        """One value a layer, whether the file has one for all or one for each."""
        value = self.header.hyper(name)
        if isinstance(value, (list, LazyArray)):
            items = [item if type(item) is int else default for item in value[: self.blocks]]
            return items + [default] * (self.blocks - len(items))
        return [value if type(value) is int else default] * self.blocks

    def _latent(self) -> tuple[int, int] | None:
        rank = self.number("attention.kv_lora_rank")
        if not rank or not self.number("attention.key_length_mla"):
            return None
        return rank, self.number("rope.dimension_count")

    def _windows(self) -> tuple[int, list[bool]]:
        none = [False] * self.blocks
        if self.architecture not in _SWA:
            return 0, none
        every, dense_first, default = _SWA[self.architecture]
        window = self.number("attention.sliding_window", default or 0)
        if self.architecture == "llama4" and window:
            window = 8192
        if not window:
            return 0, none
        pattern: Any = self.header.hyper("attention.sliding_window_pattern")
        if isinstance(pattern, (list, LazyArray)):
            flags = [bool(item) for item in pattern[: self.blocks]]
            return window, flags + [False] * (self.blocks - len(flags))
        every = pattern if type(pattern) is int else every
        if dense_first:
            return window, [every == 0 or index % every != 0 for index in range(self.blocks)]
        return window, [every == 0 or index % every < every - 1 for index in range(self.blocks)]

    def _shared_from(self) -> int:
        """Layers from here on use the KV cache of an earlier one."""
        if self.architecture == "gemma3n":
            return 20
        if self.architecture == "gemma4":
            return self.blocks - self.number("attention.shared_kv_layers")
        return self.blocks

    def recurrent(self, index: int) -> bool:
        if self.architecture in _RECURRENT or self.architecture == "falcon-h1":
            return True
        if self.architecture in _INTERVAL:
            flags = self.header.hyper("attention.recurrent_layers")
            if isinstance(flags, (list, LazyArray)) and index < len(flags):
                return bool(flags[index])
            return (index + 1) % self.number("full_attention_interval", _INTERVAL[self.architecture]) != 0
        if not (self.state() or self.conv()):
            return False
        dense_ff = self.per_layer("feed_forward_length", 0)[index]
        return self.kv_heads[index] == 0 and (not self.architecture.startswith("nemotron_h") or dense_ff == 0)

    def layer(self, index: int) -> Layer:
        heads, kv_heads = self.heads[index], self.kv_heads[index]
        window, recurrent = self.windowed[index], self.recurrent(index)
        head_k, head_v = self._head("key_length", heads, window), self._head("value_length", heads, window)
        attends = heads > 0 and kv_heads > 0 and (not recurrent or self.architecture == "falcon-h1")
        if self.architecture in _RECURRENT:
            attends = False
        if self.latent:
            kv_heads, head_v = 1, self.number("attention.value_length_mla", head_v)
        up = self._shape(index, "ffn_up", "ffn_gate")
        gated = f"blk.{index}.ffn_gate.weight" in self.tensors
        ff = up[1] if len(up) > 1 else 0
        down = self._shape(index, "ffn_down")
        if ff and not gated and down and down[0] * 2 == ff:  # gate and up in one matrix
            ff, gated = down[0], True
        experts = self._shape(index, "ffn_down_exps")
        shared = self._shape(index, "ffn_up_shexp")
        return Layer(
            q=heads * head_k if attends else 0,
            q_wide=heads * self.number("attention.key_length_mla", head_k) if attends else 0,
            k=kv_heads * head_k if attends else 0,
            v=0 if self.latent or not attends else kv_heads * head_v,
            heads=heads if attends else 0,
            head_k=head_k,
            head_v=head_v,
            window=window,
            cached=attends and index < self.shared_from and self.architecture not in _NO_CACHE,
            recurrent=recurrent,
            ff=ff,
            gated=gated,
            ff_exp=experts[0] if experts else 0,
            ff_shared=shared[1] if len(shared) > 1 else 0,
            scan_in=(self._shape(index, "ssm_in") or (0, 0))[1],
            scan_conv=(self._shape(index, "ssm_conv1d") or (0, 0))[1],
        )

    def _head(self, name: str, heads: int, window: bool) -> int:
        first = next((number for number in self.heads if number), 0)
        full = self.number(f"attention.{name}", self.width // first if first else 0)
        return self.number(f"attention.{name}_swa", full) if window else full

    def _shape(self, index: int, *names: str) -> tuple[int, ...]:
        for name in names:
            tensor = self.tensors.get(f"blk.{index}.{name}.weight")
            if tensor is not None:
                return tensor.shape
        return ()

    # -- what recurrent layers keep (llama_hparams::n_embd_r, n_embd_s) ----------------------------

    def conv(self) -> int:
        if self.number("wkv.head_size"):
            return self.number("token_shift_count", 2) * self.width
        if self.number("shortconv.l_cache"):
            return self.width * (self.number("shortconv.l_cache") - 1)
        kernel = self.number("ssm.conv_kernel")
        if self.number("kda.head_dim"):
            return 3 * (kernel - 1 if kernel else 3) * self.heads[0] * self.number("kda.head_dim")
        groups, state = self.number("ssm.group_count"), self.number("ssm.state_size")
        return max(0, kernel - 1) * (self.number("ssm.inner_size") + 2 * groups * state)

    def state(self) -> int:
        if self.number("wkv.head_size"):
            return self.width * self.number("wkv.head_size")
        if self.number("kda.head_dim"):
            return self.number("kda.head_dim") ** 2 * self.heads[0]
        if self.architecture == "minimax-01":
            return self._head("key_length", self.heads[0], False) ** 2 * max(self.heads)
        return self.number("ssm.state_size") * self.number("ssm.inner_size")

"""What a model takes in memory while it runs, from its header alone: before it is downloaded or loaded.

Weights, KV cache and recurrent states follow llama.cpp exactly; the compute buffers are those of its own
allocator, replayed over the graph it would build (:mod:`lab_app.gguf.compute`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from lab_app.gguf.compute import Batch, graph_bytes
from lab_app.gguf.header import GgufFile, TensorInfo
from lab_app.gguf.shape import Layer, Shape, shape_of
from lab_app.gguf.types import BY_NAME
from lab_app.system import host

TIGHT = 0.9
"""From this part of the free memory on, a model that fits leaves little to anything else."""


@dataclass(frozen=True, slots=True)
class Load:
    """How a model is run. n_ctx: tokens of each of ``n_seq`` sequences; 0 for what the model was trained for.

    gpu_layers:  layers on the graphics card, counted from the last; the output counts as one more. Negative: all.
    outputs:     tokens of a batch whose logits are asked for at once (the engine keeps n_vocab floats of each).
    """

    n_ctx: int = 4096
    n_seq: int = 1
    n_batch: int = 2048
    n_ubatch: int = 512
    kv_type_k: str = "f16"
    kv_type_v: str = "f16"
    flash_attention: str = "auto"
    gpu_layers: int = 0
    outputs: int = 1

    @classmethod
    def of_settings(cls, settings: Mapping[str, Any], **values: Any) -> Load:
        """From the settings of a study's variant; what it does not set is the default."""
        known = {name: settings[name] for name in cls.__slots__ if settings.get(name) is not None}
        return cls(**{**known, **values})


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes on one side: main memory, or the graphics cards together.

    repacked: weights that llama.cpp keeps once more, in the order this processor multiplies best.
    """

    weights: int = 0
    repacked: int = 0
    kv: int = 0
    states: int = 0
    compute: int = 0
    output: int = 0

    @property
    def total(self) -> int:
        """As llama.cpp reports its buffers."""
        return self.needed + self.repacked

    @property
    def needed(self) -> int:
        """Without the weights that were repacked: the system may drop their pages of the mapped file."""
        return self.weights + self.kv + self.states + self.compute + self.output


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes a model takes. n_ctx: tokens a sequence, as llama.cpp rounds them up."""

    ram: Part
    vram: Part
    n_ctx: int

    @property
    def total(self) -> int:
        return self.ram.total + self.vram.total

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "total": self.total}


class Fit(StrEnum):
    """Whether a model runs on a machine."""

    FITS = "fits"
    TIGHT = "tight"
    """It fits, but little is left for anything else."""
    OFFLOAD = "offload"
    """Not on the graphics card alone; with some of the layers in main memory."""
    NO = "won't fit"


def estimate(header: GgufFile, load: Load, features: frozenset[str] | None = None) -> Estimate:
    """features: of the processor (:func:`lab_app.system.host.cpu_features`); default: of this one.

    Raises ValueError for a header that does not describe a model that can run, or an unknown KV type.
    """
    features = host.cpu_features() if features is None else features
    shape = shape_of(header)
    for name in (load.kv_type_k, load.kv_type_v):
        if name.strip().lower() not in BY_NAME:
            raise ValueError(f"{name} is not a type of a KV cache")
    n_ctx = _padded(load.n_ctx or shape.context or 4096)
    first = _first_on_gpu(len(shape.layers), load.gpu_layers)
    batch = _batch(shape, load, n_ctx)
    on_cpu, on_gpu, repacked = _weights(header, shape, first, _repacking(features))
    ram, vram = Part(weights=on_cpu, repacked=repacked), Part(weights=on_gpu)
    for index, layer in enumerate(shape.layers):
        kv, states = _cache(layer, shape, load, batch), _states(layer, shape, load)
        if index < first:
            ram = replace(ram, kv=ram.kv + kv, states=ram.states + states)
        else:
            vram = replace(vram, kv=vram.kv + kv, states=vram.states + states)
    compute = graph_bytes(shape, batch)
    # Of n_seq tokens at the least; llama.cpp grows it to what a batch asks for.
    output = 4 * shape.vocabulary * max(load.n_seq, min(load.outputs, load.n_batch))
    inputs = 4 * shape.width * batch.tokens
    ram = replace(ram, compute=compute if first > 0 else inputs, output=output)
    if first < len(shape.layers):
        vram = replace(vram, compute=compute)
    return Estimate(ram, vram, n_ctx)


def fit(
    header: GgufFile, load: Load, *, ram: int, vram: int = 0, reserve: int = 0
) -> tuple[Fit, Estimate, int]:
    """(whether it fits, what it takes then, layers on the card). ram, vram: free bytes. reserve: bytes of main memory
    to leave to others. ``load.gpu_layers`` is chosen here: as many as there is room for. Raises ValueError."""
    free = max(0, ram - reserve)
    layers = len(shape_of(header).layers) + 1 if vram > 0 else 0
    low, high = 0, layers
    best = estimate(header, replace(load, gpu_layers=0))
    while low < high:  # more layers on the card never take less of it
        middle = (low + high + 1) // 2
        tried = estimate(header, replace(load, gpu_layers=middle))
        if tried.vram.total <= vram:
            low, best = middle, tried
        else:
            high = middle - 1
    if best.ram.needed > free:
        return Fit.NO, best, low
    if layers and low < layers:
        return Fit.OFFLOAD, best, low
    tight = best.ram.needed > TIGHT * free or (layers and best.vram.total > TIGHT * vram)
    return (Fit.TIGHT if tight else Fit.FITS), best, low


def resized(header: GgufFile, size: int) -> GgufFile:
    """The same model with weights of ``size`` bytes in all, each tensor by the same factor."""
    factor = size / max(1, header.file_size)
    tensors = (replace(tensor, nbytes=round(tensor.nbytes * factor)) for tensor in header.tensors)
    return replace(header, tensors=tuple(tensors), file_size=size)


def _padded(tokens: int) -> int:
    return -(-tokens // 256) * 256


def _first_on_gpu(layers: int, wanted: int) -> int:
    """Index of the first layer on the graphics card; ``layers + 1`` where none is (llama_model::load_tensors)."""
    wanted = layers + 1 if wanted < 0 else min(wanted, layers + 1)
    return max(0, layers + 1 - wanted)


def _batch(shape: Shape, load: Load, n_ctx: int) -> Batch:
    total = n_ctx * load.n_seq
    n_batch = min(total, load.n_batch)
    tokens = min(n_batch, load.n_ubatch)
    tokens = -(-tokens // load.n_seq) * load.n_seq
    window = min(n_ctx, _padded(min(n_ctx, shape.window + tokens))) if shape.window else n_ctx
    kinds = [BY_NAME[name.strip().lower()] for name in (load.kv_type_k, load.kv_type_v)]
    return Batch(
        tokens=tokens,
        sequences=load.n_seq,
        cells=total,
        window_cells=window * load.n_seq,
        outputs=tokens,
        flash=load.flash_attention.strip().lower() != "off" and shape.architecture != "grok",
        quantized_k=kinds[0].quantized,
        quantized_v=kinds[1].quantized,
        float_kv=kinds[0].name == "f32",
    )


def _cache(layer: Layer, shape: Shape, load: Load, batch: Batch) -> int:
    if not layer.cached:
        return 0
    cells = batch.window_cells if layer.window else batch.cells
    k, v = (BY_NAME[name.strip().lower()] for name in (load.kv_type_k, load.kv_type_v))
    # Without flash attention values are stored transposed, each layer as wide as the widest.
    width = layer.v if batch.flash or not layer.v else max(item.v for item in shape.layers)
    return round(cells * (layer.k * k.bits_per_weight + width * v.bits_per_weight) / 8)


def _states(layer: Layer, shape: Shape, load: Load) -> int:
    return 4 * (shape.conv + shape.state) * load.n_seq if layer.recurrent else 0


def _weights(
    header: GgufFile, shape: Shape, first: int, repacking: Mapping[str, int]
) -> tuple[int, int, int]:
    """(bytes in main memory, bytes on the card, bytes repacked for the processor)."""
    cpu = gpu = again = 0
    output_on_gpu = first <= len(shape.layers)
    for tensor in header.tensors:
        name = tensor.name
        if name.startswith("blk."):
            number = name.split(".", 2)[1]
            on_gpu = number.isdecimal() and int(number) >= first
        else:
            on_gpu = name.startswith("output") and output_on_gpu
        if on_gpu:
            gpu += tensor.nbytes
            continue
        cpu += tensor.nbytes
        is_output = name == "token_embd.weight" and shape.tied
        if is_output and output_on_gpu:
            gpu += tensor.nbytes  # the card has a copy of its own
        elif (
            _multiplies(tensor, is_output) and tensor.shape[1] % repacking.get(tensor.type.name, 1 << 62) == 0
        ):
            again += tensor.nbytes
    return cpu, gpu, again


def _multiplies(tensor: TensorInfo, is_output: bool) -> bool:
    if len(tensor.shape) < 2 or (tensor.name.startswith("token_embd") and not is_output):
        return False
    return tensor.name.endswith(".weight")


def _repacking(features: frozenset[str]) -> Mapping[str, int]:
    """Tensor types that are repacked where no card holds them → number of rows that must divide the tensor's
    (ggml_repack_get_optimal_repack_type of ggml-cpu/repack.cpp)."""
    rows: dict[str, int] = {}
    if "neon" in features and "dotprod" in features:
        rows |= {"q4_0": 4, "iq4_nl": 4, "mxfp4": 4, "q8_0": 4, "q1_0": 4, "q4_K": 8, "q5_K": 8, "q6_K": 8}
    if "avx2" in features:
        rows |= {"q4_0": 8, "q4_K": 8, "iq4_nl": 8, "mxfp4": 8}
    if "avx512" in features:
        rows |= {"q2_K": 8}
    if "amx" in features:  # these come first where the processor has them (ggml-cpu/amx)
        rows |= dict.fromkeys(("q4_0", "q4_1", "q8_0", "q4_K", "q5_K", "q6_K", "iq4_xs"), 32)
    return rows

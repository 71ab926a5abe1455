"""The Engine protocol: what a probe may ask of a model, whoever runs it.

Engines: llama (llama-cpp-python), later hf (transformers), remote (OpenAI-compatible), ring.
They are created inside worker processes only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypedDict, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Message(TypedDict):
    role: str
    content: str


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How to run a model. Part of a job's params (as JSON), so part of its key.

    None means "the engine's default"; what was really used is in :attr:`EngineInfo.provenance`.
    n_ctx and n_seq are set by the probe when it opens a context, not here.
    """

    threads: int | None = None
    n_batch: int = 2048
    n_ubatch: int = 512
    gpu_layers: int = 0
    kv_type_k: str = "f16"
    kv_type_v: str = "f16"
    flash_attention: str = "auto"
    """``auto``, ``on`` or ``off``."""
    rope_scaling: str | None = None
    """``none``, ``linear``, ``yarn`` or ``longrope``; None: as the model says."""
    rope_freq_base: float | None = None
    rope_freq_scale: float | None = None
    yarn_orig_ctx: int | None = None
    yarn_ext_factor: float | None = None
    yarn_attn_factor: float | None = None
    yarn_beta_fast: float | None = None
    yarn_beta_slow: float | None = None


@dataclass(frozen=True, slots=True)
class Sampling:
    """temperature 0 is greedy (argmax of the logits, lowest id wins a tie)."""

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Generation:
    """Outcome of one generation. ``stopped_by``: ``"eog"``, ``"stop"``, ``"length"``."""

    tokens: Sequence[int]
    text: str
    stopped_by: str


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What is loaded. ``provenance`` is stored with every result (backend, devices, threads, batch
    shape, library version and commit, KV types, RoPE in force, chat-template hash)."""

    name: str
    n_vocab: int
    n_ctx_train: int
    n_params: int
    model_bytes: int
    description: str
    provenance: Mapping[str, Any] = field(default_factory=dict)


@runtime_checkable
class Engine(Protocol):
    """One loaded model and at most one open context.

    All token ids are ints in [0, n_vocab). Methods raise LabError subclasses with one sentence.
    """

    @property
    def info(self) -> EngineInfo: ...

    # -- text ------------------------------------------------------------------------------------
    def tokenize(self, text: str, *, add_special: bool = False, parse_special: bool = False) -> list[int]:
        """Token ids of ``text``. ``add_special`` adds BOS/EOS as the model wants them."""
        ...

    def detokenize(self, tokens: Sequence[int], *, special: bool = False) -> str: ...

    @property
    def bos(self) -> int | None: ...

    @property
    def adds_bos(self) -> bool:
        """Whether the model wants BOS in front of a text."""
        ...

    @property
    def has_chat_template(self) -> bool:
        """Whether :meth:`chat_prompt` can work: the model comes with a chat template."""
        ...

    def chat_prompt(self, messages: Sequence[Message]) -> list[int]:
        """Tokens of the conversation rendered by the model's own chat template, with the header
        of the assistant's next turn. The template runs sandboxed, under time and size caps."""
        ...

    # -- running ---------------------------------------------------------------------------------
    def open(self, *, n_ctx: int, n_seq: int = 1) -> None:
        """(Re)open a context with room for ``n_ctx`` tokens **per sequence** and ``n_seq`` sequences.

        Raises UsageError when the context is impossible, ResourceError when memory does not hold it.
        """
        ...

    def score(self, sequences: Sequence[Sequence[int]], first: int) -> Iterator[NDArray[np.float32]]:
        """Logits of each sequence for positions ``first … len-1``, in one joint batch.

        Yields one array a sequence, shape [len - first, n_vocab], a **view valid only until the
        next step of the iterator**: row i holds the logits that predict token first+i+1. The
        batch is split at n_batch exactly as llama-perplexity does it. KV memory is cleared first.
        """
        ...

    def generate(
        self,
        prompt: Sequence[int],
        *,
        max_tokens: int,
        sampling: Sampling = Sampling(),
        stop: Sequence[str] = (),
        on_token: Callable[[int, str], None] | None = None,
        on_logits: Callable[[NDArray[np.float32]], None] | None = None,
    ) -> Generation:
        """Continue ``prompt``. ``on_logits`` gets a view, [n_vocab], before each token is drawn from it.

        The longest common prefix with what the KV memory holds is re-used
        only where that is bit-exact for the engine; otherwise memory is cleared first."""
        ...

    # -- timing (speed probe); one call is one repetition, KV memory cleared first ------------------
    def time_prefill(self, n_tokens: int) -> float:
        """Seconds to process ``n_tokens`` prompt tokens in n_batch pieces, as llama-bench's pp test."""
        ...

    def time_generate(self, n_tokens: int, n_past: int = 0) -> float:
        """Seconds to generate ``n_tokens`` one at a time after ``n_past``, as llama-bench's tg test."""
        ...

    def memory(self) -> Mapping[str, int]:
        """Bytes in use: ``model``, ``kv``, ``compute``, ``peak_rss``."""
        ...

    def close(self) -> None: ...

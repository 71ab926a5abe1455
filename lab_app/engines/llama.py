"""The llama.cpp engine: one GGUF model, at most one open context, in this process."""

from __future__ import annotations

import codecs
import ctypes
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab_app.engines import engine, llama_errors, llama_params, native_api
from lab_app.engines.base import EngineInfo, EngineSettings, Generation, Message, Sampling
from lab_app.engines.llama_abort import AbortFlag
from lab_app.engines.llama_context import Context
from lab_app.engines.llama_memory import check_context_fits, peak_rss
from lab_app.engines.llama_provenance import model_metadata, provenance
from lab_app.engines.llama_vocab import Vocab
from lab_app.engines.sampling import Sampler
from lab_app.engines.template import ChatTemplate
from lab_app.system.errors import Cancelled, IntegrityError, UsageError

GREEDY = Sampling()
DEFAULTS = EngineSettings()
_MOST_TOKENS = 2**31 - 256


@engine("llama")
class LlamaEngine:
    """Implements :class:`lab_app.engines.base.Engine` with llama.cpp.

    progress:  called with the loaded fraction (0 … 1) while the model loads.
    cancelled: polled while loading and computing; Cancelled is raised soon after it turns true.

    Raises UsageError (settings, unsupported model), IntegrityError (damaged file) or ResourceError
    (memory, native engine missing).
    """

    def __init__(
        self,
        model_path: str,
        settings: EngineSettings = DEFAULTS,
        *,
        progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        llama_params.check(settings)
        _check_file(model_path)
        self.path = model_path
        self.settings = settings
        self._native = native_api.native()
        self._api = self._native.api
        self._abort = AbortFlag(cancelled)
        self._context: Context | None = None
        self._warnings: list[str] = []
        self._held: list[int] = []
        self._warm: set[tuple[str, int]] = set()
        self._pasts: dict[int, Any] = {}
        self._template: ChatTemplate | None = None
        self._model: Any = self._load(progress)
        self._vocab = Vocab(self._api, self._model)
        self._metadata = model_metadata(self._api, self._model)
        self._n_ctx_train = int(self._api.llama_model_n_ctx_train(self._model))
        self._pool = self._native.new_threadpool(settings.threads or llama_params.default_threads())

    def _load(self, progress: Callable[[float], None] | None) -> Any:
        params = llama_params.model_params(self._api, self.settings)
        no_devices = (ctypes.c_void_p * 1)(None)
        if self.settings.gpu_layers == 0:
            params.devices = ctypes.addressof(no_devices)

        def report(fraction: float, _data: ctypes.c_void_p) -> bool:
            if progress is not None:
                progress(float(fraction))
            return not self._abort.check()

        params.progress_callback = type(params.progress_callback)(report)
        with self._native.log.capture() as lines:
            model = self._api.llama_model_load_from_file(os.fsencode(self.path), params)
        if model:
            if any("missing pre-tokenizer type" in line for line in lines):
                self._warnings.append(
                    "The file does not say how its text is split into words (no tokenizer.ggml.pre); "
                    "llama.cpp's default is used, and results may be worse than the model's own."
                )
            return model
        if self._abort.check():
            raise Cancelled("The job was cancelled.")
        raise llama_errors.load_error(lines, self.path)

    # -- what is loaded ----------------------------------------------------------------------------

    @property
    def info(self) -> EngineInfo:
        """Provenance covers the context, too, once one is open."""
        description = ctypes.create_string_buffer(256)
        self._api.llama_model_desc(self._model, description, len(description))
        return EngineInfo(
            name="llama",
            n_vocab=self._vocab.size,
            n_ctx_train=self._n_ctx_train,
            n_params=int(self._api.llama_model_n_params(self._model)),
            model_bytes=int(self._api.llama_model_size(self._model)),
            description=description.value.decode(errors="replace"),
            provenance=provenance(
                self._native,
                self.settings,
                self._metadata,
                threads=self._pool.n_threads,
                n_ctx_train=self._n_ctx_train,
                context=self._context,
                template=self._template_source(),
                warnings=self._warnings,
            ),
        )

    @property
    def bos(self) -> int | None:
        return self._vocab.special("bos")

    @property
    def adds_bos(self) -> bool:
        return self._vocab.adds_bos

    # -- text ----------------------------------------------------------------------------------------

    def tokenize(self, text: str, *, add_special: bool = False, parse_special: bool = False) -> list[int]:
        return self._vocab.tokenize(text, add_special=add_special, parse_special=parse_special)

    def detokenize(self, tokens: Sequence[int], *, special: bool = False) -> str:
        return self._vocab.detokenize(tokens, special=special)

    def _template_source(self) -> str | None:
        source = self._api.llama_model_chat_template(self._model, None)
        return source.decode("utf-8", errors="replace") if source else None

    @property
    def has_chat_template(self) -> bool:
        return self._template_source() is not None

    def chat_prompt(self, messages: Sequence[Message]) -> list[int]:
        """Special tokens written out by the template become single tokens; BOS stands in front exactly
        once where the model wants it. Raises UsageError when there is no template or it misbehaves."""
        if self._template is None:
            source = self._template_source()
            if source is None:
                raise UsageError(
                    f"{os.path.basename(self.path)} has no chat template, so it cannot hold a conversation.",
                    "Use a chat model (one with tokenizer.chat_template), or a probe for plain text.",
                )
            names = (("bos_token", "bos"), ("eos_token", "eos"), ("pad_token", "pad"))
            ids = {name: self._vocab.special(kind) for name, kind in names}
            self._template = ChatTemplate(
                source,
                {name: self._vocab.piece(token, special=True).decode(errors="replace")
                 for name, token in ids.items() if token is not None},
            )  # fmt: skip
        tokens = self.tokenize(self._template.render(messages), parse_special=True)
        if self.adds_bos and self.bos is not None and tokens[:1] != [self.bos]:
            tokens.insert(0, self.bos)
        return tokens

    # -- running -----------------------------------------------------------------------------------

    def open(self, *, n_ctx: int, n_seq: int = 1) -> None:
        if n_ctx < 1:
            raise UsageError(f"A context of {n_ctx} tokens is not possible; it must hold at least 1.")
        if n_ctx * n_seq > _MOST_TOKENS:
            raise UsageError(
                f"A context of {n_seq} × {n_ctx} tokens is not possible; llama.cpp counts in 31 bits."
            )
        limit = int(self._api.llama_max_parallel_sequences())
        if not 1 <= n_seq <= limit:
            raise UsageError(
                f"{n_seq} sequences in one context are not possible; llama.cpp allows 1 to {limit}."
            )
        if self._context is not None and (self._context.n_ctx, self._context.n_seq) == (n_ctx, n_seq):
            self._forget()
            return
        self._close_context()
        check_context_fits(self._native, self._model, self.path, self.settings, n_ctx=n_ctx, n_seq=n_seq)
        self._context = Context(
            self._native, self._model, self.settings, self._pool, self._abort,
            n_ctx=n_ctx, n_seq=n_seq, n_vocab=self._vocab.size,
        )  # fmt: skip

    def _ready(self, tokens: int) -> Context:
        """The open context, else one for ``tokens``. Raises UsageError when it is too small."""
        if self._abort.check():
            raise Cancelled("The job was cancelled.")
        if self._context is None:
            self.open(n_ctx=tokens)
        assert self._context is not None
        if tokens > self._context.n_ctx:
            raise UsageError(
                f"{tokens} tokens do not fit into a context of {self._context.n_ctx}.",
                "Use a larger context.",
            )
        return self._context

    def _forget(self) -> None:
        self._held = []
        if self._context is not None:
            self._context.clear()

    def score(self, sequences: Sequence[Sequence[int]], first: int) -> Iterator[NDArray[np.float32]]:
        arrays = [self._vocab.check(sequence) for sequence in sequences]
        if not arrays or min(len(array) for array in arrays) == 0 or first < 0:
            raise UsageError(
                "Scoring needs sequences of at least one token and a first position of 0 or more."
            )
        longest = max(len(array) for array in arrays)
        context = self._ready(longest)
        self._held = []
        together = max(1, min(context.n_seq, context.n_batch // longest))
        for start in range(0, len(arrays), together):
            yield from context.score(arrays[start : start + together], first)

    def generate(
        self,
        prompt: Sequence[int],
        *,
        max_tokens: int,
        sampling: Sampling = GREEDY,
        stop: Sequence[str] = (),
        on_token: Callable[[int, str], None] | None = None,
        on_logits: Callable[[NDArray[np.float32]], None] | None = None,
    ) -> Generation:
        """``tokens`` are all tokens drawn but the one that ended the turn (EOG); ``text`` ends before the
        stop string. A full context ends the generation like ``max_tokens``."""
        tokens = self._vocab.check(prompt)
        if not len(tokens):
            raise UsageError("A generation needs a prompt of at least one token.")
        if self._context is None:
            self.open(n_ctx=len(tokens) + max_tokens)
        context = self._ready(len(tokens))
        sampler = Sampler(sampling)
        self._prefill(context, tokens)
        room = min(max_tokens, context.n_ctx - len(tokens) + 1)
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        drawn: list[int] = []
        text = ""
        while len(drawn) < room:
            logits = context.logits(1)[0]
            if on_logits is not None:
                on_logits(logits)
            token = sampler(logits)
            if self._vocab.is_eog(token):
                return Generation(drawn, text + decoder.decode(b"", final=True), "eog")
            drawn.append(token)
            piece = decoder.decode(self._vocab.piece(token))
            text += piece
            if on_token is not None:
                on_token(token, piece)
            ends = [at for at in (text.find(end) for end in stop if end) if at >= 0]
            if ends:
                return Generation(drawn, text[: min(ends)], "stop")
            if len(drawn) < room:
                context.batch.clear()
                position = len(tokens) + len(drawn) - 1
                context.batch.add(np.array([token], np.int32), position, 0, position)
                context.decode()
        return Generation(drawn, text + decoder.decode(b"", final=True), "length")

    def _prefill(self, context: Context, tokens: NDArray[np.int32]) -> None:
        """Bring ``tokens`` into memory, with logits for the last one.

        A prefix is kept only where that is bit-exact: whole micro-batches that an earlier prompt already
        computed with the same boundaries, on the CPU, in a memory that can drop its tail.
        """
        keep = 0
        boundary = context.n_ubatch
        exact = context.n_seq == 1 and self.settings.gpu_layers == 0 and context.n_batch % boundary == 0
        if exact and self._held:
            shorter = min(len(self._held), len(tokens)) - 1
            same = np.asarray(self._held[:shorter], np.int32) == tokens[:shorter]
            common = shorter if same.all() else int(np.argmin(same))
            keep = common // boundary * boundary
        self._held = []
        if not keep or not context.forget_from(keep):
            keep = 0
            context.clear()
        context.feed(tokens[keep:], keep)
        self._held = [int(token) for token in tokens]

    # -- timing ------------------------------------------------------------------------------------

    def time_prefill(self, n_tokens: int) -> float:
        """As ``llama-bench -p``: random tokens (BOS first where the model wants it), logits of the last
        token of each batch, an untimed run of the same size before the first timed one."""
        context = self._timing_context(n_tokens)
        if ("prefill", n_tokens) not in self._warm:
            self._run_prompt(context, n_tokens)
            self._warm.add(("prefill", n_tokens))
        context.clear(data=False)
        start = time.perf_counter()
        self._run_prompt(context, n_tokens)
        return time.perf_counter() - start

    def time_generate(self, n_tokens: int, n_past: int = 0) -> float:
        """As ``llama-bench -n``, with ``-d n_past``: random tokens one at a time, each waited for; one
        untimed token first. The state after ``n_past`` tokens is computed once and restored later."""
        context = self._timing_context(n_past + n_tokens)
        if ("generate", 1) not in self._warm:
            self._run_tokens(context, 1, 0)
            self._warm.add(("generate", 1))
        context.clear(data=False)
        if n_past and not (n_past in self._pasts and context.restore_sequence(self._pasts[n_past])):
            self._run_prompt(context, n_past)
            self._pasts = {n_past: context.save_sequence()}
        start = time.perf_counter()
        self._run_tokens(context, n_tokens, n_past)
        return time.perf_counter() - start

    def _timing_context(self, n_tokens: int) -> Context:
        if n_tokens < 1:
            raise UsageError("A speed test needs at least one token.")
        if self._context is None or self._context.n_seq != 1 or self._context.n_ctx < n_tokens:
            self.open(n_ctx=n_tokens)
        context = self._ready(n_tokens)
        self._held = []
        context.clear(data=False)
        return context

    def _random_tokens(self, count: int) -> NDArray[np.int32]:
        tokens = np.random.default_rng(count).integers(0, self._vocab.size, count, dtype=np.int32)
        if self.adds_bos and self.bos is not None:
            tokens[0] = self.bos
        return tokens

    def _run_prompt(self, context: Context, count: int) -> None:
        tokens = self._random_tokens(count)
        for start in range(0, count, context.n_batch):
            piece = tokens[start : start + context.n_batch]
            context.batch.clear()
            context.batch.add(piece, start, 0, start + len(piece) - 1)
            context.decode()
        context.synchronize()

    def _run_tokens(self, context: Context, count: int, position: int) -> None:
        tokens = self._random_tokens(count)
        for index in range(count):
            context.batch.clear()
            context.batch.add(tokens[index : index + 1], position + index, 0, 0)
            context.decode()
            context.synchronize()

    # -- memory and end ------------------------------------------------------------------------------

    def memory(self) -> Mapping[str, int]:
        sizes = self._context.sizes() if self._context is not None else {"kv": 0, "compute": 0}
        return {"model": int(self._api.llama_model_size(self._model)), **sizes, "peak_rss": peak_rss()}

    def _close_context(self) -> None:
        self._held = []
        self._warm.clear()
        self._pasts.clear()
        if self._context is not None:
            self._context.close()
            self._context = None

    def close(self) -> None:
        """Free everything; may be called twice."""
        self._close_context()
        if self._model:
            self._pool.close()
            self._abort.close()
            self._api.llama_model_free(self._model)
            self._model = None
        if self._template is not None:
            self._template.close()
            self._template = None

    def __enter__(self) -> LlamaEngine:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _check_file(path: str) -> None:
    try:
        with open(path, "rb") as stream:
            magic = stream.read(4)
    except FileNotFoundError:
        raise UsageError(f"There is no file {path}.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error
    if magic != b"GGUF":
        raise IntegrityError(
            f"{path} is not a GGUF file.", "Convert the model to GGUF, or choose another file."
        )

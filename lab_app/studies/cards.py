"""What a study leaves to the machine: how much of a model runs on its graphics cards."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from lab_app.gguf.memory import TIGHT, Fit, Load, fit
from lab_app.studies.checks import Facts, contexts_of
from lab_app.studies.schema import EngineTable, ProbeEntry
from lab_app.system import host, native

_USUAL = 4096
"""Tokens of context where no probe asks for more."""


@cache
def usable_memory() -> int:
    """Bytes of all cards that the native engine can use, free or not, so that every run of a study comes to the same;
    0 without such."""
    return sum(int(card["memory"]) for card in host.gpus()) if native.uses_cards() else 0


def on_cards(engine: EngineTable, source: Facts, probes: Iterable[ProbeEntry], memory: int) -> EngineTable:
    """``engine``, with ``gpu_layers`` where it names none: all (-1) where the source with the longest context of the
    study fits on cards of ``memory`` bytes, else as many layers as do. Unchanged without a card.

    A model whose header is not known yet is tried whole.
    """
    if memory == 0 or engine.gpu_layers is not None:
        return engine
    layers = -1
    if source.header is not None:
        tokens = max((n for entry in probes for _, n in contexts_of(entry.spec)), default=0)
        load = Load.of_settings(engine.chosen(), n_ctx=max(tokens, _USUAL))
        try:
            verdict, _, most = fit(source.header, load, ram=1 << 62, vram=int(TIGHT * memory))
        except ValueError:
            return engine  # an architecture whose layers nobody here can count
        layers = most if verdict is Fit.OFFLOAD else -1
    return engine.model_copy(update={"gpu_layers": layers})

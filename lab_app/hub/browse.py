"""A repository as a choice of models: each quant with its size, bits per weight, and whether it fits this machine.

The header of one GGUF file, read over HTTP, gives the shape all of them share; a quant's weights are as large as its
files. The header of a quant itself, and llama.cpp's word on it, are what :mod:`lab_app.hub.preview` is for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lab_app.gguf.header import GgufFile
from lab_app.gguf.memory import Fit, Load, fit, resized
from lab_app.hub import cache, remote_gguf, repo
from lab_app.hub.control import Limits
from lab_app.hub.repo import FileGroup, Listing
from lab_app.system import host, native
from lab_app.system.errors import LabError


@dataclass(frozen=True, slots=True)
class Machine:
    """Bytes: free main memory, free memory of graphics cards the engine can use, and what is left to others."""

    ram: int
    vram: int = 0
    reserve: int = 0

    @property
    def usable(self) -> int:
        """What a model may take, main memory and cards together."""
        return max(0, self.ram - self.reserve) + self.vram

    @classmethod
    def here(cls, reserve: int = 0) -> Machine:
        vram = host.free_gpu_memory() if native.uses_cards() else 0
        return cls(host.available_memory(), vram, reserve)


@dataclass(frozen=True, slots=True)
class Offer:
    """A model of a repository.

    fit:     None for what is no GGUF model, and where the header does not tell.
    needed:  bytes of main memory and graphics cards together, as :func:`lab_app.gguf.memory.fit` finds them.
    here:    all its files are in the cache.
    """

    group: FileGroup
    fit: Fit | None
    needed: int | None
    gpu_layers: int
    here: bool


@dataclass(frozen=True, slots=True)
class Repository:
    """What a repository holds, and the header of one of its GGUF models (None where it has none, or a damaged one:
    ``problem`` then says why)."""

    listing: Listing
    header: GgufFile | None
    problem: str | None = None

    def offers(self, load: Load, machine: Machine) -> list[Offer]:
        """Smallest first. Quick, so that it can follow the context and the KV type that the user chooses."""
        return [self._offer(group, load, machine) for group in repo.group(self.listing)]

    def _offer(self, group: FileGroup, load: Load, machine: Machine) -> Offer:
        place = cache.RepoCache.of(self.listing.repo)
        here = all(place.blob(file.oid).exists() for file in group.files)
        header = self.header
        bits = group.bits_per_weight
        if bits is None and header is not None and header.n_params and not group.projector:
            group = replace(group, bits_per_weight=8.0 * group.size / header.n_params)
        if header is None or group.format != "gguf" or group.projector or not group.complete:
            return Offer(group, None, None, 0, here)
        tokens = min(load.n_ctx, header.context_length or load.n_ctx)
        try:
            verdict, found, layers = fit(
                resized(header, group.size), replace(load, n_ctx=tokens),
                ram=machine.ram, vram=machine.vram, reserve=machine.reserve,
            )  # fmt: skip
        except ValueError:
            return Offer(group, None, None, 0, here)
        return Offer(group, verdict, found.ram.needed + found.vram.needed, layers, here)


def look(repository: str, revision: str = "main", limits: Limits | None = None) -> Repository:
    """List a repository and read the header of its smallest GGUF model. Raises LabError."""
    return with_header(repo.listing(repository, revision), limits)


def with_header(found: Listing, limits: Limits | None = None) -> Repository:
    """A list that is known already, and the header of its smallest GGUF model."""
    models = [g for g in repo.group(found) if g.format == "gguf" and g.complete and not g.projector]
    if not models:
        return Repository(found, None)
    # One file before many: its header is all there is to read.
    group = min(models, key=lambda g: (len(g.files), g.size))
    try:
        return Repository(found, remote_gguf.header(group.files, limits))
    except LabError as error:
        return Repository(found, None, str(error))

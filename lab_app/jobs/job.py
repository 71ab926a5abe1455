"""A job: what is to be done, and the key by which finished work is found again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any


class Slot(StrEnum):
    """What a job occupies while it runs."""

    CPU = "cpu"
    GPU = "gpu"
    NET = "net"
    DISK = "disk"
    LIVE = "live"
    """Short work somebody waits for at the window: it runs beside the queue. Nothing measured uses it."""


COMPUTING = frozenset({Slot.CPU, Slot.GPU, Slot.DISK})
"""Slots whose jobs would slow a measurement of speed down. Downloads go on (a large one may take a day, and a
network takes little of a processor), and so does what somebody waits for at the window."""


@dataclass(frozen=True, slots=True)
class FileInput:
    """A file that exists already, identified by its content."""

    path: str
    sha256: str

    @property
    def identity(self) -> str:
        return f"sha256:{self.sha256}"


@dataclass(frozen=True, slots=True)
class ArtifactInput:
    """A file that another job will have made: artifact ``role`` of the job with ``job_key``."""

    job_key: str
    role: str

    @property
    def identity(self) -> str:
        return f"job:{self.job_key}:{self.role}"


Input = FileInput | ArtifactInput


@dataclass(frozen=True)
class Job:
    """One unit of work for one worker process.

    kind:    name in :data:`lab_app.jobs.kinds.KINDS` (``quantize``, ``imatrix``, ``probe`` …).
    params:  JSON; everything that changes the outcome and is not a file.
    inputs:  role → file or artifact of another job.
    engine:  identity of the native engine and of the lab's measuring code.
    title:   for people; not part of the key.
    hints:   JSON the worker may use but that does not change the outcome (display names, limits);
             not part of the key.
    """

    kind: str
    params: Mapping[str, Any]
    inputs: Mapping[str, Input] = field(default_factory=dict)
    engine: str = ""
    slot: Slot = Slot.CPU
    title: str = ""
    hints: Mapping[str, Any] = field(default_factory=dict)
    memory_limit: int | None = None
    """Bytes for RLIMIT_AS of the worker; None for no limit."""
    after: tuple[str, ...] = ()
    """Keys of jobs that must finish first although none of their artifacts is an input; not part of the key."""
    exclusive: bool = False
    """It measures the machine itself: no job of a computing slot (:data:`COMPUTING`) runs beside it; not part of
    the key."""

    @cached_property
    def key(self) -> str:
        """sha256 (hex) over kind, params, identities of inputs and engine, as canonical JSON."""
        body = {
            "kind": self.kind,
            "params": self.params,
            "inputs": {role: item.identity for role, item in self.inputs.items()},
            "engine": self.engine,
        }
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def needs(self) -> frozenset[str]:
        """Keys of the jobs that must have finished before this one starts."""
        return frozenset(i.job_key for i in self.inputs.values() if isinstance(i, ArtifactInput)) | set(
            self.after
        )

"""Whether the disk has room for what a study will write: asked by every face before anything starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab_app.store import Store
from lab_app.studies import estimate
from lab_app.studies.plan import Plan
from lab_app.system.errors import ResourceError
from lab_app.system.host import free_disk, same_disk
from lab_app.system.paths import Folders
from lab_app.system.units import size

RESERVE = 64 << 20
"""Bytes that must stay free beside what the plan will write: store, logs, report."""


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes on the disk of the data folder, and those of downloads into a model cache on another one.

    sizes: job key → bytes it writes, of all jobs that write much, finished ones too.
    predicted: what the predict job found of each quant type; empty while unknown.
    """

    here: int
    elsewhere: int
    free: int
    sizes: Mapping[str, int]
    predicted: Mapping[str, Any]


def need(plan: Plan, store: Store, folders: Folders) -> Need:
    """What the jobs that are still to do will write at most."""
    predicted = _predicted(plan, store)
    sizes = estimate.output_bytes(plan, predicted)
    to_do = {job.key for job in plan.unfinished}
    away = _on_another_disk(plan, folders)
    return Need(
        here=sum(count for key, count in sizes.items() if key in to_do - away),
        elsewhere=sum(count for key, count in sizes.items() if key in to_do & away),
        free=free_disk(folders.root),
        sizes=sizes,
        predicted=predicted,
    )


def check(plan: Plan, found: Need) -> None:
    """Raises ResourceError when the study would fill the disk, or write more than it is allowed to."""
    limit = plan.study.disk
    if limit is not None and found.here > limit:
        raise ResourceError(
            f"The study needs {size(found.here)} of disk, but [resources] allows {size(limit)}.",
            "Raise the limit, take fewer quant types, or fewer chunks.",
        )
    if found.here + RESERVE > found.free:
        raise ResourceError(
            f"The study needs {size(found.here + RESERVE)} of disk, but {size(found.free)} are free.",
            "Free some space, choose another --data-dir, take fewer quant types, or fewer chunks.",
        )


def _predicted(plan: Plan, store: Store) -> Mapping[str, Any]:
    if plan.predict is None:
        return {}
    row = store.result(plan.predict.key)
    return row.values if row is not None else {}


def _on_another_disk(plan: Plan, folders: Folders) -> set[str]:
    """Keys of downloads into a model cache that is not on the disk of the data folder."""
    downloads = {job.key for job in plan.jobs if job.kind == "download"}
    if not downloads:
        return downloads
    from lab_app.hub import cache

    return set() if same_disk(cache.root(), folders.root) else downloads

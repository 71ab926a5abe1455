"""What each question of a study asks for, whichever model the study is about."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from lab_app.studies.draft import Draft
from lab_app.studies.questions import within

Table = dict[str, Any]


class Wanted:
    """Keys of [[probe]] tables before a model's length limits them, so that those of the next model may be longer.

    draft: as it is opened; its tables are what "as in the file" means. free: they are the lab's own choice, to be
    fitted to the model, too, and nobody's file.
    """

    def __init__(self, draft: Draft | None = None, *, free: bool = False) -> None:
        self._own: dict[str, list[Table]] = {}
        self._free = free
        for table in draft.probes if draft is not None else []:
            self._own.setdefault(str(table.get("kind")), []).append(copy.deepcopy(table))
        self._meant = {kind: dict(tables[0]) for kind, tables in self._own.items()} if free else {}

    def drop(self, draft: Draft, kind: str) -> None:
        """Ask it no more."""
        self._meant.pop(kind, None)
        draft.set_probe(kind, None)

    def ask(self, draft: Draft, kind: str, spec: Mapping[str, Any]) -> None:
        """Ask with the keys of a depth; :meth:`fit` follows."""
        if draft.probe(kind) is None:
            was = self._own.get(kind, [{}])[0]
            self._put(draft, kind, [{"kind": kind} | {key: was[key] for key in ("id",) if key in was}])
        self._meant[kind] = dict(spec)
        draft.set_probe(kind, spec)

    def ask_as_opened(self, draft: Draft, kind: str) -> None:
        """Ask again as the study did when it was opened; :meth:`fit` follows."""
        self._put(draft, kind, copy.deepcopy(self._own.get(kind, [])))
        self._meant.pop(kind, None)
        if self._free and kind in self._own:
            self._meant[kind] = dict(self._own[kind][0])

    def _put(self, draft: Draft, kind: str, tables: Sequence[Table]) -> None:
        """Where it stood when the study was opened, so that what is taken back is no change."""
        kinds = list(self._own)
        draft.put_probes(kind, tables, kinds[kinds.index(kind) + 1 :] if kind in kinds else ())

    def fit(self, draft: Draft, context: int | None) -> None:
        """Ask no length beyond what every model was trained for (tokens; None: not known, or not to be kept)."""
        for kind, spec in self._meant.items():
            if draft.probe(kind) is not None:
                draft.set_probe(kind, within(kind, spec, context))

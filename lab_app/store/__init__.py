"""The store: what was asked, what was measured, and where it lies.

Workers import the records of this room only; the database comes when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lab_app.store.store import JobRow, ResultRow, Store

__all__ = ["JobRow", "ResultRow", "Store"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from lab_app.store import store

        return getattr(store, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

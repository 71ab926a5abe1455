"""The store: what was asked, what was measured, and where it lies."""

from lab_app.store.store import JobRow, ResultRow, Store

__all__ = ["JobRow", "ResultRow", "Store"]

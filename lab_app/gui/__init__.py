"""The window: a face over the same studies and jobs as ``--batch``. The only room that imports Qt.

:func:`run` is the one door; everything behind it is imported after it is known that a window can open.
"""

from __future__ import annotations


def run(data_dir: str | None = None) -> int:
    """Open the window and return its exit code. Raises LabError where none can be opened."""
    from lab_app.system import display

    display.check()
    from lab_app.gui.app import open_window

    return open_window(data_dir)

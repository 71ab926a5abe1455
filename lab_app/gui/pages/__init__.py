"""Pages register themselves: one file in this folder, one decorated function.

    @page("cluster", QT_TRANSLATE_NOOP("pages", "Cluster"), icon="network", order=45, needs=("lab_app.gui.…",))
    def cluster(context: Context) -> Page:
        from lab_app.gui.… import …        # what is heavy is imported here, on the first visit
        return ClusterPage(context)        # (``needs``: or in a thread in the seconds after the start)

The module itself is imported when the program starts, so at its top it imports nothing heavy (no numpy,
pyqtgraph, pydantic).
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QWidget

from lab_app.gui.context import Context
from lab_app.gui.keyboard import first_stop


class Page(QWidget):
    """A page of the window. Made on the first visit, kept until the window closes."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.holder)
        self.context = context

    def visit(self, request: Mapping[str, Any]) -> None:
        """The page is shown. ``request``: what whoever navigated here wants to see; empty from the rail."""

    def leave(self) -> None:
        """Another page is shown."""

    def unsaved(self) -> Mapping[str, Any]:
        """What would be lost with this page, for :meth:`restore` of another; empty where nothing would."""
        return {}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Take over what another page like this one had not saved."""

    def before_losing(self, then: Callable[[], object]) -> None:
        """Call ``then()``, which gives the page up; where something would be lost, once its user agreed."""
        then()

    def take_files(self, files: Sequence[Path]) -> bool:
        """Files and folders were dropped on the window: False where they are none of this page's business."""
        return False

    def keyboard_start(self) -> QWidget | None:
        """Where the keyboard goes that comes from another page: to what was used last, or here at first."""
        return first_stop(self)

    def search_field(self) -> QLineEdit | None:
        """Where one looks for something on this page; Ctrl+F goes there."""
        return None


Factory = Callable[[Context], Page]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page as the rail knows it. ``under``: of a page that is not on the rail itself, the one it is reached from."""

    id: str
    source_title: str
    icon: str
    order: int
    make: Factory
    under: str = ""
    needs: tuple[str, ...] = ()
    """Modules that the page imports when it is made or first used; they are imported before, in idle time."""

    @property
    def title(self) -> str:
        return QCoreApplication.translate("pages", self.source_title)


_REGISTRY: dict[str, Entry] = {}


def page(
    name: str, title: object, *, icon: str, order: int, under: str = "", needs: tuple[str, ...] = ()
) -> Callable[[Factory], Factory]:
    """Register the function that makes a page. ``title`` is marked with QT_TRANSLATE_NOOP("pages", …),
    which the stubs of PySide call an object."""

    def register(factory: Factory) -> Factory:
        if name in _REGISTRY:
            raise ValueError(f"the page {name} is registered twice")
        _REGISTRY[name] = Entry(name, str(title), icon, order, factory, under, needs)
        return factory

    return register


def entries() -> list[Entry]:
    """Every page in the order of the rail."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return sorted(_REGISTRY.values(), key=lambda entry: entry.order)

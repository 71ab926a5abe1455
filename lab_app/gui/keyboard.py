"""Where the keyboard is: Tab goes as the eye reads, whichever part was made first.

Qt goes through widgets as they were made. Parts that come later (the figures of a study, the questions of the builder)
would come after everything else of the window then.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QLayout,
    QMainWindow,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QWidget,
)


def stops(root: QWidget, also: QWidget | None = None) -> list[QWidget]:
    """Every tab stop that is shown below ``root``, in the order of the layouts, those that are off included; and
    ``also``, or what it is in, where that stands among them, shown or not."""
    return [part for part in _parts(root, also) if _stops(part, root) or _is_in(also, part)]


def _stops(widget: QWidget, root: QWidget) -> bool:
    tab = Qt.FocusPolicy.TabFocus.value
    return bool(widget.focusPolicy().value & tab) and widget.focusProxy() is None and widget.isVisibleTo(root)


def _is_in(widget: QWidget | None, part: QWidget) -> bool:
    return widget is not None and (part is widget or part.isAncestorOf(widget))


def _parts(widget: QWidget, also: QWidget | None) -> Iterator[QWidget]:
    for child in _children(widget):
        if not child.isHidden() or _is_in(also, child):
            yield child
            yield from _parts(child, also)


def _children(widget: QWidget) -> list[QWidget]:
    """What a part of the window holds. Tables, boxes and fields are wholes: nobody needs to know what Qt made them of,
    and looking at it makes PySide forget the headers of tables."""
    found: list[QWidget | None] = []
    if isinstance(widget, QMainWindow):
        found = [widget.centralWidget()]
    elif isinstance(widget, QScrollArea):
        found = [widget.widget()]
    elif isinstance(widget, QTabWidget):
        found = [widget.tabBar(), widget.currentWidget()]
    elif isinstance(widget, QStackedWidget | QSplitter):
        found = [widget.widget(at) for at in range(widget.count())]
    elif (layout := widget.layout()) is not None:
        found = list(_laid_out(layout))
    return [child for child in found if child is not None]


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)


def first_stop(root: QWidget) -> QWidget | None:
    """Where the keyboard goes that comes to ``root`` from elsewhere."""
    return next((part for part in stops(root) if part.isEnabled()), None)


def move_on(window: QWidget, forward: bool) -> bool:
    """Give the keyboard to the next tab stop of ``window``, or to the one before; whether there is another."""
    here = window.focusWidget()
    order = stops(window, here)
    at = max((place for place, part in enumerate(order) if _is_in(here, part)), default=-1)
    if at >= 0:
        around = order[at + 1 :] + order[:at] if forward else order[:at][::-1] + order[:at:-1]
    else:
        around = order if forward else order[::-1]
    target = next((part for part in around if part.isEnabled() and _stops(part, window)), None)
    if target is None:
        return False
    target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    bring_into_view(target)
    return True


def bring_into_view(widget: QWidget) -> None:
    """Scroll every area around a widget so that it can be seen."""
    around = widget.parentWidget()
    while around is not None:
        inside = around.widget() if isinstance(around, QScrollArea) else None
        if isinstance(around, QScrollArea) and inside is not None:
            # Not ensureWidgetVisible, which asks for a place of writing and takes a plot's for its corner.
            for corner in (widget.rect().bottomRight(), widget.rect().topLeft()):
                at = widget.mapTo(inside, corner)
                around.ensureVisible(at.x(), at.y(), 0, 8)
        around = around.parentWidget()


def is_at(widget: QWidget) -> bool:
    """Whether a widget has the keyboard of its window, which need not be the active one (a question is open, say)."""
    return widget.window().focusWidget() is widget


def has_keyboard(root: QWidget) -> bool:
    """Whether the keyboard of its window is in ``root``, in a part that is shown."""
    here = root.window().focusWidget()
    return here is not None and (here is root or root.isAncestorOf(here)) and here.isVisibleTo(root.window())


def like(before: QWidget, after: QWidget) -> None:
    """Give the keyboard to the part of ``after`` that stands where it is in ``before``, a page made the same way."""
    here = before.window().focusWidget()
    old, new = before, after
    while old is not here:
        made, inside = _children(old), _children(new)
        at = next((place for place, part in enumerate(made) if _is_in(here, part)), len(made))
        if at >= min(len(made), len(inside)) or type(made[at]) is not type(inside[at]):
            return
        old, new = made[at], inside[at]
    if new is not after and new.isEnabled() and new.isVisibleTo(after):
        new.setFocus()

"""What a person with a keyboard or a screen reader needs of a page, for tests of any page.

assert problems(page) == []
assert unreached(window) == []
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTableView,
    QTextEdit,
    QTreeView,
    QWidget,
)

from tests.gui.conftest import activate

INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)
_PARTS = (QHeaderView, QScrollBar)
_WHOLES = (QComboBox, QAbstractSpinBox, QLineEdit, QTabBar, QAbstractItemView)


def interactive(root: QWidget) -> list[QWidget]:
    """Every visible widget below ``root`` one can use; parts of a combo box, a header … belong to their whole."""
    found = []
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, INTERACTIVE) or isinstance(widget, _PARTS):
            continue
        if not widget.isVisibleTo(root) or widget.window() is not root.window():
            continue
        if isinstance(widget.parentWidget(), _WHOLES) or widget.objectName().startswith("qt_"):
            continue
        found.append(widget)
    return list(found)


def problems(root: QWidget) -> list[str]:
    """One sentence for every widget without a name, without a tab stop, or that keeps the Tab key."""
    found = []
    for widget in interactive(root):
        what = f"{type(widget).__name__} {widget.objectName() or widget.accessibleName()!r}"
        name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        if not name.strip():
            found.append(f"{what} in {type(widget.parentWidget()).__name__} has no accessible name")
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(f"{what} has no tab stop")
        if isinstance(widget, QTableView | QTreeView) and widget.tabKeyNavigation():
            found.append(f"{what} keeps the Tab key")
        if isinstance(widget, QPlainTextEdit | QTextEdit) and not widget.tabChangesFocus():
            found.append(f"{what} keeps the Tab key")
    return found


def unreached(window: QWidget, most: int = 400) -> list[str]:
    """Widgets of the window that pressing Tab again and again never reaches."""
    activate(window)
    start = next(widget for widget in interactive(window) if widget.isEnabled())
    start.setFocus()
    seen: list[QWidget] = []
    for _ in range(most):
        focus = QApplication.focusWidget()
        if focus is None or (len(seen) > 1 and focus is seen[0]):
            break
        seen.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    missed = []
    for widget in interactive(window):
        proxy = widget.focusProxy() or widget
        inside = any(widget is one or proxy is one or widget.isAncestorOf(one) for one in seen)
        if widget.isEnabled() and not inside:
            missed.append(f"{type(widget).__name__} {widget.accessibleName()!r}")
    return missed

"""Ctrl+K: every action of the window, found by a few letters of its name."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from shiboken6 import isValid

from lab_app.gui.actions import Action, Actions
from lab_app.gui.theme import space
from lab_app.gui.widgets.basic import column, label
from lab_app.gui.widgets.tables import isolated

_Index = QModelIndex | QPersistentModelIndex
KEYS = Qt.ItemDataRole.UserRole


def rank(text: str, typed: str) -> int | None:
    """How well ``typed`` fits ``text``, smaller is better; None: not at all. Its letters must occur in order."""
    words, wanted = text.casefold(), typed.casefold().strip()
    at = words.find(wanted)
    if at >= 0:
        return at if at == 0 or not words[at - 1].isalnum() else 100 + at
    place = -1
    gaps = 0
    for letter in wanted.replace(" ", ""):
        found = words.find(letter, place + 1)
        if found < 0:
            return None
        gaps += found - place - 1
        place = found
    return 1000 + gaps


class _Found(QAbstractListModel):
    def __init__(self, actions: Actions, page: QWidget) -> None:
        super().__init__()
        self._all = [
            *(entry for entry in actions.all() if entry[0].id != "view.palette"),
            *actions.buttons_of(page, self),
        ]
        self.rows: list[tuple[Action, QAction]] = []
        self.search("")

    def search(self, typed: str) -> None:
        self.beginResetModel()
        ranked = [
            (place, index, entry)
            for index, entry in enumerate(self._all)
            if entry[1].isEnabled() and (place := rank(entry[0].text.replace("&", ""), typed)) is not None
        ]
        self.rows = [entry for _, _, entry in sorted(ranked, key=lambda item: item[:2])]
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        action, made = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return action.text.replace("&", "")
        if role == Qt.ItemDataRole.DecorationRole:
            return made.icon()
        if role == KEYS:
            return made.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        return None


class _Delegate(QStyledItemDelegate):
    """The key of an action stands at the far end of its line."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        keys = index.data(KEYS)
        if keys:
            # The options' fields are not in the stubs of PySide.
            drawn: Any = option
            far = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.setPen(drawn.palette.placeholderText().color())
            if drawn.direction is Qt.LayoutDirection.RightToLeft:
                keys = isolated(keys)
            painter.drawText(
                drawn.rect.adjusted(space(3), 0, -space(3), 0),
                QStyle.visualAlignment(drawn.direction, far),
                keys,
            )


class CommandPalette(QDialog):
    """Closes with the action it ran, or with nothing."""

    def __init__(self, actions: Actions, page: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Commands"))
        self.setMinimumWidth(520)
        self._model = _Found(actions, page)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Type what you want to do"))
        self.field.setAccessibleName(self.tr("Search commands"))
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setAccessibleName(self.tr("Commands found"))
        self.list.setMinimumHeight(320)
        self.list.setIconSize(QSize(16, 16))
        self.hint = label(
            self.tr("Enter runs it. Ctrl+C copies the command line that does the same."), "small"
        )
        self.setLayout(column(self.field, self.list, self.hint, margin=3))
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.field.returnPressed.connect(self._run)
        self.list.activated.connect(self._run)
        self._search("")

    def _search(self, typed: str) -> None:
        self._model.search(typed)
        self.list.setCurrentIndex(self._model.index(0))

    def _current(self) -> tuple[Action, QAction] | None:
        row = self.list.currentIndex().row()
        return self._model.rows[row] if 0 <= row < len(self._model.rows) else None

    def _run(self) -> None:
        found = self._current()
        self.accept()
        if found is not None:
            found[1].trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while the field keeps the letters."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                row = (self.list.currentIndex().row() + step) % max(1, len(self._model.rows))
                self.list.setCurrentIndex(self._model.index(row))
                return True
            if event.matches(QKeySequence.StandardKey.Copy) and not self.field.hasSelectedText():
                self._copy()
                return True
        return super().eventFilter(watched, event)

    def _copy(self) -> None:
        found = self._current()
        if found is None:
            return
        self.hint.setText(self.tr("There is no command line for this."))
        if found[0].command is not None:
            found[0].command(self._copied)

    def _copied(self, command: str) -> None:
        QGuiApplication.clipboard().setText(command)
        if isValid(self):
            self.hint.setText(self.tr("Copied: {0}").format(command))

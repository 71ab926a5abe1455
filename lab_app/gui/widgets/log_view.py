"""The log of one job: lines by level, search, copy; grows while the job runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QFileSystemWatcher,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLineEdit, QListView, QWidget

from lab_app.gui.background import Task, background
from lab_app.gui.theme import SMALL, keeper
from lab_app.gui.widgets.basic import button, calm, column, label, row
from lab_app.jobs import logs
from lab_app.jobs.logs import Level, Line, Piece

_Index = QModelIndex | QPersistentModelIndex
LEVEL = Qt.ItemDataRole.UserRole
MOST = 50_000
"""Lines kept; older ones go."""


class _Lines(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.text
        if role == LEVEL:
            return line.level
        if role == Qt.ItemDataRole.ForegroundRole:
            theme = keeper().theme
            return QColor({Level.ERROR: theme.bad, Level.WARNING: theme.warn}.get(line.level, theme.ink))
        return None

    def add(self, lines: tuple[Line, ...]) -> None:
        if not lines:
            return
        self.beginInsertRows(QModelIndex(), len(self.lines), len(self.lines) + len(lines) - 1)
        self.lines += lines
        self.endInsertRows()
        over = len(self.lines) - MOST
        if over > 0:
            self.beginRemoveRows(QModelIndex(), 0, over - 1)
            del self.lines[:over]
            self.endRemoveRows()

    def clear(self) -> None:
        self.beginResetModel()
        self.lines = []
        self.endResetModel()


class _Shown(QSortFilterProxyModel):
    def __init__(self, lines: _Lines) -> None:
        super().__init__()
        self.least = Level.INFO
        self.typed = ""
        self.setSourceModel(lines)

    def narrow(self, least: Level, typed: str) -> None:
        self.least, self.typed = least, typed.casefold()
        self.invalidate()

    def filterAcceptsRow(self, at: int, parent: _Index) -> bool:
        model = self.sourceModel()
        assert isinstance(model, _Lines)
        line = model.lines[at]
        return line.level >= self.least and (not self.typed or self.typed in line.text.casefold())


class _List(QListView):
    """Ctrl+C takes the selected lines. Whoever looks at the end does so at every size."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        at_end = self.is_at_end()
        super().resizeEvent(event)
        if at_end:
            self.scrollToBottom()

    def is_at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - 2

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            view = self.parent()
            if isinstance(view, LogView):
                view.copy()
            return
        super().keyPressEvent(event)


class LogView(QWidget):
    """Shows the log of the job it was last told of by :meth:`show_log`."""

    def __init__(self) -> None:
        super().__init__()
        self._path = Path()
        self._end = 0
        self._reading: Task | None = None
        self._lines = _Lines()
        self.shown = _Shown(self._lines)
        self.level = calm(QComboBox())
        self.level.setAccessibleName(self.tr("Least level shown"))
        for text in (self.tr("All lines"), self.tr("Warnings and errors"), self.tr("Errors")):
            self.level.addItem(text)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setPlaceholderText(self.tr("Search the log"))
        self.search.setAccessibleName(self.tr("Search the log"))
        self.count = label("", "small")
        self.copy_button = copy = button(self.tr("Copy log"), self.copy, icon="copy")
        self.list = _List(self)
        self.list.setModel(self.shown)
        self.list.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # programs write so in every language
        self.list.setAccessibleName(self.tr("Lines of the log"))
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.setFont(keeper().fixed_font(SMALL))
        self.setLayout(column(row(self.level, self.search, self.count, copy), self.list))
        self.level.currentIndexChanged.connect(self._narrow)
        self.search.textChanged.connect(self._narrow)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._soon)
        self._watcher.directoryChanged.connect(self._soon)
        self._timer = QTimer(self, singleShot=True, interval=250)
        self._timer.timeout.connect(self._read)

    def show_log(self, path: Path) -> None:
        """Show ``path`` from its beginning, and what is written to it from now on."""
        if path == self._path:
            self._soon()
            return
        watched = [*self._watcher.files(), *self._watcher.directories()]
        if watched:
            self._watcher.removePaths(watched)
        self._path, self._end = path, 0
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        self._lines.clear()
        self._count()
        self._read()

    def copy(self) -> None:
        """The selected lines, or all that are shown, into the clipboard."""
        chosen = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        rows = chosen if len(chosen) > 1 else range(self.shown.rowCount())
        texts = [str(self.shown.index(at, 0).data()) for at in rows]
        QGuiApplication.clipboard().setText("\n".join(texts))

    def text(self) -> str:
        """Everything shown."""
        return "\n".join(str(self.shown.index(at, 0).data()) for at in range(self.shown.rowCount()))

    def _soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _read(self) -> None:
        if self._reading is not None:
            self._soon()
            return
        path, start = self._path, self._end
        self._reading = background(lambda: logs.read(path, start), self._took, owner=self)

    def _took(self, piece: Piece) -> None:
        self._reading = None
        at_end = self.list.is_at_end()
        if piece.restarted:
            self._lines.clear()
        self._lines.add(piece.lines)
        self._end = piece.end
        self._count()
        if at_end:
            self.list.scrollToBottom()
        self._watch()

    def _watch(self) -> None:
        """The file once it is there, its folder until then. What was written before a watch began is read after."""
        file, folder = str(self._path), str(self._path.parent)
        if file in self._watcher.files():
            return
        if self._watcher.addPath(file):
            self._watcher.removePath(folder)
            self._soon()
        elif folder not in self._watcher.directories() and self._watcher.addPath(folder):
            self._soon()

    def _narrow(self) -> None:
        at_end = self.list.is_at_end()
        self.shown.narrow(Level(self.level.currentIndex()), self.search.text())
        if self.list.currentIndex().isValid():
            self.list.scrollTo(self.list.currentIndex())  # the line that was found, among the others
        elif at_end:
            self.list.scrollToBottom()
        self._count()

    def _count(self) -> None:
        lines = self.shown.rowCount()
        empty = self.tr("Nothing is logged.") if not self._lines.lines else self.tr("No such line.")
        self.count.setText(self.tr("Lines: {0}").format(lines) if lines else empty)

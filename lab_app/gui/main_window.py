"""The window's shell: rail, pages, notices, queue strip, menus. It knows no page by name but the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from lab_app.gui import language, plots
from lab_app.gui.actions import MENUS, Action, Actions
from lab_app.gui.bridge import Lab
from lab_app.gui.closing import Closing
from lab_app.gui.collector import set_aside
from lab_app.gui.context import Context, Notice
from lab_app.gui.job_notices import JobNotices
from lab_app.gui.keyboard import has_keyboard, move_on
from lab_app.gui.pages import Entry, Page, entries
from lab_app.gui.state import SettingsKeeper, WindowState
from lab_app.gui.theme import keeper
from lab_app.gui.widgets.notices import Notices
from lab_app.gui.widgets.queue_strip import QueueStrip
from lab_app.gui.widgets.rail import Rail
from lab_app.system import said
from lab_app.system.errors import LabError

FIRST_PAGE = "start"
QUIET = 2.0
"""Seconds without samples after which pages are made that nobody asked for."""


class MainWindow(QMainWindow):
    """One per program. Pages are made when they are first shown."""

    def __init__(self, lab: Lab, settings: SettingsKeeper, state: WindowState) -> None:
        super().__init__()
        self.setWindowTitle("Odyssey Lab")
        self.setMinimumSize(1024, 700)
        self.setAcceptDrops(True)
        self.resize(self._first_size())
        self.lab = lab
        self.actions_table = Actions(self)
        self.notices = Notices()
        self.stack = QStackedWidget()
        self.context = Context(
            lab, settings, state, self.actions_table, keeper(),
            self.navigate, self.notices.show_notice, self.notices.withdraw, self.stack,
        )  # fmt: skip
        self._entries = {entry.id: entry for entry in entries()}
        self._pages: dict[str, Page] = {}
        self.current = ""
        on_rail = [entry for entry in self._entries.values() if not entry.under]
        self.rail = Rail(on_rail, lambda name: self._turn_to(name, {}, take_keyboard=False))
        self.strip = QueueStrip(lab, lambda: self.navigate("queue", {}))
        self._lay_out()
        self._add_actions(on_rail)
        self.closing = Closing(self, lab, self._keep_work)
        self._idle = QTimer(self, singleShot=True)
        self._idle.timeout.connect(self._make_next)
        self.job_notices = JobNotices(self.context, self)
        lab.failed.connect(self._lab_failed)
        lab.opened.connect(lambda: self.notices.withdraw("lab"))
        state.keep_window(self)

    # -- pages ---------------------------------------------------------------------------------------

    def navigate(self, name: str, request: Mapping[str, Any]) -> None:
        """Show the page ``name``, hand it ``request``, and have the keyboard there."""
        self._turn_to(name, request, take_keyboard=True)

    def _turn_to(self, name: str, request: Mapping[str, Any], *, take_keyboard: bool) -> None:
        """take_keyboard: also where the page that goes does not have it."""
        entry = self._entries.get(name, self._entries[FIRST_PAGE])
        page, before = self.page(entry), self._pages.get(self.current)
        take_keyboard |= before is not None and has_keyboard(before)
        was_in = page.focusWidget()
        if before is not None and before is not page:
            before.leave()
        self.current = entry.id
        self.rail.mark(entry.under or entry.id)
        self.stack.setCurrentWidget(page)
        if take_keyboard and before is not page:
            usable = was_in is not None and was_in.isEnabled() and was_in.isVisibleTo(page)
            (was_in if was_in is not None and usable else page.keyboard_start() or page).setFocus()
        self.context.state.set("page", entry.id)
        page.visit(request)
        self.actions_table.set_enabled("view.find", page.search_field() is not None)

    def page(self, entry: Entry) -> Page:
        """The page of an entry, made on the first call."""
        if entry.id not in self._pages:
            made = entry.make(self.context)
            made.setAccessibleName(entry.title)
            self._pages[entry.id] = made
            self.stack.addWidget(made)
            self._fill_menus()
        return self._pages[entry.id]

    @property
    def page_shown(self) -> Page:
        return self._pages[self.current]

    def take_over(self, before: MainWindow) -> None:
        """What another window holds that is kept nowhere else: work that is not saved, and notices."""
        for name, page in before._pages.items():
            if kept := page.unsaved():
                self.page(self._entries[name]).restore(kept)
        for notice in before.notices.all():
            if not self.job_notices.take_over(before.job_notices, notice.id):
                self.notices.show_notice(notice)

    def make_pages_later(self) -> None:
        """Make the pages that were not shown yet one after another while the user looks at the first, so that the
        palette knows every action and no first visit waits."""
        plots.preload(name for entry in self._entries.values() for name in entry.needs)
        self._idle.start(1500)

    def _make_next(self) -> None:
        if not plots.is_loaded():  # a page with figures would wait for it, and the window with the page
            self._idle.start(200)
            return
        if self.lab.quiet < QUIET:  # making a page takes several frames, and somebody may watch figures
            self._idle.start(round(1000 * QUIET))
            return
        left = next((entry for entry in self._entries.values() if entry.id not in self._pages), None)
        if left is not None:
            self.page(left)
            set_aside()
            self._idle.start(200)

    def _first_size(self) -> QSize:
        """Comfortable, but no larger than the screen, a title bar included."""
        room = self.screen().availableSize()
        return QSize(min(1280, room.width() - 8), min(820, room.height() - 40)).expandedTo(self.minimumSize())

    # -- parts ---------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        beside = QVBoxLayout()
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(self.notices)
        beside.addWidget(self.stack, 1)
        upper = QHBoxLayout()
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(0)
        upper.addWidget(self.rail)
        upper.addLayout(beside, 1)
        whole = QVBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(upper, 1)
        whole.addWidget(self.strip)
        centre = QWidget()
        centre.setLayout(whole)
        self.setCentralWidget(centre)

    def _add_actions(self, on_rail: list[Entry]) -> None:
        add = self.actions_table.add
        add(Action("view.palette", self.tr("Find a command…"), self.show_palette, "Ctrl+K", "view", "search"))
        add(Action("view.find", self.tr("Find on this page"), self.look_here, "Ctrl+F", "view", "search"))
        number = 0
        for entry in on_rail:
            key = "Ctrl+,"
            if entry.id != "settings":
                number += 1
                key = f"Ctrl+{number}"
            add(Action(
                f"go.{entry.id}", self.tr("Go to {0}").format(entry.title),
                partial(self.navigate, entry.id, {}), key, "go", entry.icon,
            ))  # fmt: skip
        for choice, text, icon in (
            ("light", self.tr("Light theme"), "sun"),
            ("dark", self.tr("Dark theme"), "moon"),
            ("system", self.tr("Theme of the desktop"), "sun-moon"),
        ):
            add(Action(
                f"view.{choice}", text, partial(self.context.settings.update, theme=choice),
                "", "view", icon,
            ))  # fmt: skip
        languages = [("", self.tr("as the desktop")), *language.available()]
        for code, text in languages:
            add(Action(
                f"view.language-{code or 'system'}", self.tr("Language: {0}").format(text),
                partial(self.context.settings.update, language=code),
            ))  # fmt: skip
        add(Action("file.quit", self.tr("Quit"), self.close, "Ctrl+Q", "file", "x"))
        titles = {
            "file": self.tr("&File"), "go": self.tr("&Go"), "job": self.tr("&Job"),
            "view": self.tr("&View"),
        }  # fmt: skip
        self._menus = {name: self.menuBar().addMenu(titles[name]) for name in MENUS}
        for menu in self._menus.values():
            menu.aboutToShow.connect(self._make_all)
        self._fill_menus()

    def _fill_menus(self) -> None:
        """In the order of the pages, whichever was made first; a menu that is open stays as it is."""
        order = {"file": len(self._entries)} | {name: at for at, name in enumerate(self._entries)}
        for name, menu in self._menus.items():
            actions = self.actions_table.in_menu(name)
            actions.sort(key=lambda action: order.get(action.objectName().split(".")[0], -1))
            if menu.isVisible() or actions == [line for line in menu.actions() if not line.isSeparator()]:
                continue
            menu.clear()
            menu.addActions(actions)
            if name == "file" and len(actions) > 1:
                menu.insertSeparator(actions[-1])

    def _make_all(self) -> None:
        """Pages add actions of their own."""
        for entry in self._entries.values():
            self.page(entry)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key that nobody takes may belong to a page that is not made yet."""
        if len(self._pages) < len(self._entries) and _may_be_bound(event):
            self._make_all()
            if (action := self.actions_table.of_key(QKeySequence(event.keyCombination()))) is not None:
                action.trigger()
                return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """For the page that is open, else for the one that can do something with it."""
        event.acceptProposedAction()
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        others = (entry for entry in reversed(self._entries.values()) if entry.id != self.current)
        for entry in (self._entries[self.current], *others):
            if self.page(entry).take_files(files):
                if entry.id != self.current:
                    self.navigate(entry.id, {})
                return

    def focusNextPrevChild(self, next: bool) -> bool:
        return move_on(self, forward=next)

    def look_here(self) -> None:
        """To the field of this page in which one looks for something."""
        field = self._pages[self.current].search_field()
        if field is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            field.selectAll()

    def show_palette(self) -> None:
        self._make_all()
        from lab_app.gui.widgets.command_palette import CommandPalette

        palette = CommandPalette(self.actions_table, self._pages[self.current], self)
        palette.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        palette.open()

    # -- the lab and the end -------------------------------------------------------------------------

    def _lab_failed(self, error: LabError) -> None:
        again = self.lab.go_on if self.lab.is_open else self.lab.open
        answers = {QCoreApplication.translate("MainWindow", "Try again"): again}
        self.notices.show_notice(
            Notice("lab", said.local(error.message), said.local(error.hint or ""), "bad", answers)
        )

    def _keep_work(self, then: Callable[[], object]) -> None:
        """``then()``, once every page has nothing unsaved or its user gave it up."""
        for page in self._pages.values():
            then = partial(page.before_losing, then)
        then()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.context.state.remember_window(self)
        self.closing.ask(event)


def _may_be_bound(event: QKeyEvent) -> bool:
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    named = Qt.Key(event.key())
    return (control and named not in (Qt.Key.Key_Control, Qt.Key.Key_Shift)) or (
        Qt.Key.Key_F1 <= named <= Qt.Key.Key_F12
    )

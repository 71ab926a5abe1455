"""The application around the window: style, language, settings, one window per data folder, the event loop."""

from __future__ import annotations

import os
import signal
import socket
import sys
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSocketNotifier, QTimer, Signal
from PySide6.QtWidgets import QApplication

from lab_app import __version__
from lab_app.gui import background, icons, keyboard, language, plots, theme
from lab_app.gui.bridge import Lab
from lab_app.gui.collector import Collector, look_again
from lab_app.gui.context import Notice
from lab_app.gui.main_window import FIRST_PAGE, QUIET, MainWindow
from lab_app.gui.state import SettingsKeeper, WindowState
from lab_app.jobs import titles
from lab_app.system import network, paths, translation

if TYPE_CHECKING:
    from lab_app.gui.single import Doorbell
    from lab_app.store.records import StudyRecord
    from lab_app.store.store import JobRow


def application() -> QApplication:
    """The one QApplication of this process, styled."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QCoreApplication.setApplicationName("odyssey-lab")
    QCoreApplication.setApplicationVersion(__version__)
    QApplication.setApplicationDisplayName("Odyssey Lab")
    QApplication.setDesktopFileName("odyssey-lab")
    app = QApplication(sys.argv[:1])
    app.setWindowIcon(icons.of_the_program())
    Collector(app)
    app.setQuitOnLastWindowClosed(False)  # with jobs kept running the program outlives its window
    return app


class Desktop(QObject):
    """Everything that lives as long as the program: lab, settings, and the window, which is made anew when the
    language changes."""

    finished = Signal()
    """The lab is closed; the program may end."""
    wake_up: tuple[socket.socket, socket.socket] | None = None
    """Kept open as long as signals of the system may come."""

    def __init__(self, app: QApplication, folders: paths.Folders, lab: Lab | None = None) -> None:
        super().__init__()
        self._app = app
        self.folders = folders
        self.settings = SettingsKeeper(folders)
        self.state = WindowState(folders.root / "window.json")
        self.theme = theme.keeper()
        self.theme.choose(self.settings.value.theme)
        self.settings.changed.connect(self._settings_changed)
        network.use(self.settings.value, folders.root)
        self.lab = lab or Lab(folders)
        self.lab.closed.connect(look_again)
        self.lab.study_started.connect(self._begun)
        self.lab.changed.connect(self._begun)
        self._left: dict[str, tuple[str, Callable[[str], object]]] = {}
        """Ids of studies and keys of downloads that the window offers to continue → name, and what begins it."""
        if (collector := app.findChild(Collector)) is not None:
            known = weakref.ref(self.lab)
            collector.quiet = lambda: (found := known()) is None or found.quiet > QUIET
        self._doorbell: Doorbell | None = None
        self._replaced: list[MainWindow] = []
        """Windows of another language, to be seen until the new one is painted."""
        self.lab.closed.connect(self._drop_replaced)
        language.install(app, self.settings.value.language)
        self.window = self._made_window()

    def _made_window(self) -> MainWindow:
        window = MainWindow(self.lab, self.settings, self.state)
        window.closing.finished.connect(self.finished)
        background.report_failures(window.context.report, window.context.withdraw, window)
        return window

    def _speak(self) -> None:
        """The language changed: the window is made anew where it was; the lab and its jobs go on."""
        language.install(self._app, self.settings.value.language)
        before = self.window
        self.state.remember_window(before)
        self.window = self._made_window()
        self.window.take_over(before)
        if any(notice.id == "left" for notice in before.notices.all()):
            self._tell_left()
        self.window.navigate(before.current, {})
        keyboard.like(before.page_shown, self.window.page_shown)
        self._replaced.append(before)
        self.window.show()
        if self.lab.is_open:
            self.window.make_pages_later()
        # Not earlier: the desktop would be seen between the two.
        _Painted(self.window, self._drop_replaced)

    def _drop_replaced(self) -> None:
        for window in self._replaced:
            window.hide()
            window.deleteLater()
        if self._replaced:
            look_again()
        self._replaced.clear()

    def _settings_changed(self, names: set[str]) -> None:
        network.use(self.settings.value, self.folders.root)
        if "theme" in names:
            self.theme.choose(self.settings.value.theme)
        if "language" in names:
            self._speak()
        if {"memory_limit", "language"} & names:
            self._hand_limits()

    def _hand_limits(self) -> None:
        if self.lab.desk is not None:
            self.lab.desk.memory_limit = self.settings.value.memory_limit
            self.lab.desk.language = translation.language()

    def open(self) -> None:
        """Show the window, then open the store behind it."""
        page = self.state.get("page")
        self.window.navigate(page if isinstance(page, str) else FIRST_PAGE, {})
        self.window.show()
        if self.settings.problem is not None:
            self.window.context.report(self.settings.problem, "settings-file")
            self.settings.kept.connect(lambda: self.window.context.withdraw("settings-file"))
        QTimer.singleShot(0, self.lab.open)
        self.lab.opened.connect(self._hang_doorbell)
        self.lab.opened.connect(self._hand_limits)
        self.lab.opened.connect(self._make_pages_later)
        self.lab.opened.connect(self._look_for_left_work)

    def _hang_doorbell(self) -> None:
        from lab_app.gui.single import Doorbell

        if self._doorbell is None:
            self._doorbell = Doorbell(self.folders.root, self, lambda: self.window.closing.going)
            self._doorbell.rung.connect(self.come_back)
            self.lab.closed.connect(self._doorbell.close)
        self._doorbell.open()

    def come_back(self) -> None:
        """A second start of the program asks for the window."""
        self.window.closing.come_back()

    def _make_pages_later(self) -> None:
        self.window.make_pages_later()

    def _look_for_left_work(self) -> None:
        desk = self.lab.desk
        if desk is not None:
            background.background(
                lambda: (desk.left_waiting(), desk.left_downloads()),
                lambda found: self._offer_to_continue(*found), owner=self,
            )  # fmt: skip

    def _offer_to_continue(self, studies: list[StudyRecord], downloads: list[JobRow]) -> None:
        self._left = {record.study_id: (record.name, self.lab.resume_study) for record in studies}
        self._left |= {row.key: (titles.shown(row.title or row.kind), self.lab.retry) for row in downloads}
        self._tell_left()

    def _begun(self, key: str) -> None:
        """Also from its page or the queue: then it is not left any more."""
        if self._left.pop(key, None) is not None:
            self._tell_left()

    def _tell_left(self) -> None:
        if not self._left:
            self.window.context.withdraw("left")
            return

        def go_on() -> None:
            for key, (_, begin) in left.items():
                begin(key)

        left = dict(self._left)
        names = ", ".join(name for name, _ in left.values())
        text = self.tr("Not finished when the program last ended: {0}.").format(names)
        hint = self.tr("What is measured is kept.")
        answers = {self.tr("Continue"): go_on}
        self.window.context.notify(Notice("left", text, hint, "info", answers, self._left.clear))


class _Painted(QObject):
    """Calls ``then`` once a window was painted for the first time."""

    def __init__(self, window: MainWindow, then: Callable[[], object]) -> None:
        super().__init__(window)
        self._then = then
        handle = window.windowHandle()
        if handle is None or handle.isExposed():
            QTimer.singleShot(0, self, self._tell)
        else:
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Expose:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._tell)  # it is painted while the event is handled
        return False

    def _tell(self) -> None:
        self._then()


def open_window(data_dir: str | None) -> int:
    """Run the program with its window to the end. Raises LabError where the data folder cannot be used."""
    app = application()
    folders = paths.Folders(paths.data_dir(data_dir))
    if folders.lock.exists():
        from lab_app.gui.single import call_the_other

        if call_the_other(folders.root):
            print("Odyssey Lab is open already; its window comes to the front.")
            return 0
    if data_dir:
        os.environ[paths.DATA_VARIABLE] = str(folders.root)  # for what asks for the folder without being told
    desktop = Desktop(app, folders)
    desktop.finished.connect(app.quit)
    _quit_on_signals(desktop)
    desktop.open()
    code = app.exec()
    background.cancel_all()
    background.wait_for_all()
    plots.end()
    desktop.state.flush()
    return code


def _quit_on_signals(desktop: Desktop) -> None:
    """SIGINT and SIGTERM stop as "pause" does. Python hears of a signal only when it gets to run: the wake-up
    socket makes Qt's loop call it."""
    hears, wakes = socket.socketpair()
    for end in (hears, wakes):
        end.setblocking(False)
    signal.set_wakeup_fd(wakes.fileno())
    notifier = QSocketNotifier(hears.fileno(), QSocketNotifier.Type.Read, desktop)
    notifier.activated.connect(lambda: hears.recv(64))
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: desktop.window.closing.go())
    desktop.wake_up = (hears, wakes)

"""The window under a window manager of a real X server. ``test_x11.py`` runs this file there; by hand:

xvfb-run … openbox & QT_QPA_PLATFORM=xcb pytest tests/gui/under_manager.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from lab_app.gui.app import Desktop
from lab_app.gui.main_window import MainWindow
from lab_app.gui.widgets.command_palette import CommandPalette
from lab_app.jobs.states import JobState
from tests.gui.conftest import LONG, OpenDesktop, shut, slow, submit, until
from tests.gui.desktop_x11 import User

MAXIMISED = ("_NET_WM_STATE_MAXIMIZED_HORZ", "_NET_WM_STATE_MAXIMIZED_VERT")
ICONIC = 3
FROM_A_TOOL = 2
"""Source of a request to the window manager: the user's own choice (EWMH)."""


@pytest.fixture
def user() -> Iterator[User]:
    assert QGuiApplication.platformName() == "xcb", "this file is run by test_x11.py"
    someone = User()
    yield someone
    someone.close()


@pytest.fixture(autouse=True)
def active(request: pytest.FixtureRequest, user: User, qtbot: QtBot) -> None:
    """The window has the keyboard before a test begins."""
    if "desktop" in request.fixturenames:
        window = request.getfixturevalue("desktop").window
        qtbot.waitUntil(lambda: user.active() == window.winId(), timeout=LONG)


def centre(widget: QWidget) -> tuple[int, int]:
    """Middle of a widget in device pixels of the screen."""
    at = widget.mapToGlobal(widget.rect().center())
    ratio = widget.devicePixelRatioF()
    return round(at.x() * ratio), round(at.y() * ratio)


def inner(window: MainWindow) -> tuple[int, int, int, int]:
    """Place of the window without its frame, logical pixels."""
    box = window.geometry()
    return box.x(), box.y(), box.width(), box.height()


def fills_the_screen(window: MainWindow, user: User) -> bool:
    """Maximised: the manager gave it the whole screen but for its frame, and Qt lays it out for that size."""
    left, right, top, bottom = user.property("_NET_FRAME_EXTENTS", window.winId())
    ratio = window.devicePixelRatioF()
    screen = window.screen().geometry()
    room = (round(screen.width() * ratio) - left - right, round(screen.height() * ratio) - top - bottom)
    *_, width, height = user.place(window.winId())
    laid_out = abs(window.width() * ratio - width) <= ratio and abs(window.height() * ratio - height) <= ratio
    return window.isMaximized() and (width, height) == room and laid_out


def close_button(window: MainWindow, user: User) -> tuple[int, int]:
    """Middle of the last button of the title bar, device pixels of the screen."""
    left, top, width, _ = user.place(window.winId())
    _, _, bar, _ = user.property("_NET_FRAME_EXTENTS", window.winId())
    return left + width - round(bar * 0.6), top - round(bar / 2)


def test_the_manager_knows_the_window(window: MainWindow, user: User, qapp: QApplication) -> None:
    own = window.winId()
    assert user.manager() == "Openbox"
    assert user.windows()[own] == "Odyssey Lab"
    assert {"WM_DELETE_WINDOW", "_NET_WM_PING"} <= user.atoms("WM_PROTOCOLS", own)
    assert user.atoms("_NET_WM_WINDOW_TYPE", own) >= {"_NET_WM_WINDOW_TYPE_NORMAL"}
    assert b"odyssey-lab" in user.property("WM_CLASS", own), "its launcher is found by this name"
    _, _, top, _ = user.property("_NET_FRAME_EXTENTS", own)
    assert top > 0, "it has a title bar"
    assert user.property("_NET_WM_ICON", own) is not None


def test_the_first_window_fits_the_screen_with_its_frame(window: MainWindow) -> None:
    """At 200 % on 2560×1440 only 1280×720 are left."""
    screen = window.screen().availableGeometry()
    assert screen.contains(window.frameGeometry()), (screen, window.frameGeometry())


def test_pixels_follow_the_scale(window: MainWindow, user: User, qapp: QApplication) -> None:
    ratio = window.devicePixelRatioF()
    *_, width, height = user.place(window.winId())
    assert (width, height) == pytest.approx((window.width() * ratio, window.height() * ratio), abs=2)
    assert window.grab().width() == pytest.approx(window.width() * ratio, abs=2)


def test_the_manager_cannot_make_it_too_small(window: MainWindow, user: User, qtbot: QtBot) -> None:
    own = window.winId()
    window.resize(1100, 710)
    qtbot.waitUntil(lambda: user.place(own)[2] == round(1100 * window.devicePixelRatioF()), timeout=LONG)
    width_and_height = 0b1100 << 8 | FROM_A_TOOL << 12
    user.ask_manager("_NET_MOVERESIZE_WINDOW", own, width_and_height, 0, 0, 300, 200)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == (1024, 700), timeout=LONG)
    for part in (window.rail, window.strip):
        assert window.rect().contains(part.mapTo(window, part.rect().center()))


def test_keys_and_clicks_of_the_server_arrive(window: MainWindow, user: User, qtbot: QtBot) -> None:
    user.click(*centre(window.rail.buttons["queue"]))
    qtbot.waitUntil(lambda: window.current == "queue", timeout=LONG)
    user.press("Control_L", "k")
    qtbot.waitUntil(lambda: bool(window.findChildren(CommandPalette)), timeout=LONG)
    palette = window.findChildren(CommandPalette)[-1]
    qtbot.waitUntil(palette.field.hasFocus, timeout=LONG)
    own = palette.winId()
    qtbot.waitUntil(lambda: user.active() == own, timeout=LONG)
    assert user.property("WM_TRANSIENT_FOR", own)[0] == window.winId(), "it stays above its window"
    user.type("settings")
    qtbot.waitUntil(lambda: palette.field.text() == "settings", timeout=LONG)
    user.press("Return")
    qtbot.waitUntil(lambda: window.current == "settings", timeout=LONG)
    qtbot.waitUntil(lambda: window.isActiveWindow() and user.active() == window.winId(), timeout=LONG)
    before = QApplication.focusWidget()
    user.press("Tab")
    qtbot.waitUntil(lambda: QApplication.focusWidget() not in (None, before), timeout=LONG)


def test_focus_comes_back_where_it_was(window: MainWindow, user: User, qtbot: QtBot) -> None:
    button = window.rail.buttons["models"]
    button.setFocus()
    other = QWidget()
    other.setWindowTitle("another program")
    qtbot.addWidget(other)
    other.resize(300, 200)
    other.show()
    qtbot.waitUntil(lambda: user.active() == other.winId(), timeout=LONG)
    qtbot.waitUntil(lambda: not window.isActiveWindow(), timeout=LONG)
    user.ask_manager("_NET_ACTIVE_WINDOW", window.winId(), FROM_A_TOOL)
    qtbot.waitUntil(lambda: window.isActiveWindow() and button.hasFocus(), timeout=LONG)


def by_message(user: User, window: MainWindow) -> None:
    user.ask_manager("_NET_CLOSE_WINDOW", window.winId(), 0, FROM_A_TOOL)


def by_key(user: User, window: MainWindow) -> None:
    user.press("Alt_L", "F4")


def by_button(user: User, window: MainWindow) -> None:
    user.click(*close_button(window, user))


@pytest.mark.parametrize("close", [by_message, by_key, by_button])
def test_the_manager_closes_it(
    close: Callable[[User, MainWindow], None], desktop: Desktop, user: User, qtbot: QtBot
) -> None:
    own = desktop.window.winId()
    with qtbot.waitSignal(desktop.window.closing.finished, timeout=LONG):
        close(user, desktop.window)
    qtbot.waitUntil(lambda: own not in user.windows(), timeout=LONG)


def test_closing_with_jobs_asks_above_the_window(desktop: Desktop, user: User, qtbot: QtBot) -> None:
    window, job = desktop.window, slow()
    submit(desktop, qtbot, job)
    until(desktop, qtbot, job, JobState.RUNNING)
    by_button(user, window)
    qtbot.waitUntil(lambda: hasattr(window.closing, "box") and window.closing.box.isVisible(), timeout=LONG)
    box = window.closing.box
    qtbot.waitUntil(lambda: user.active() == box.winId(), timeout=LONG)
    assert "_NET_WM_STATE_MODAL" in user.atoms("_NET_WM_STATE", box.winId())
    user.press("Escape")
    qtbot.waitUntil(lambda: not box.isVisible() and user.active() == window.winId(), timeout=LONG)
    assert window.isVisible() and desktop.lab.jobs[job.key].state is JobState.RUNNING
    by_button(user, window)
    qtbot.waitUntil(lambda: window.closing.box is not box and window.closing.box.isVisible(), timeout=LONG)
    qtbot.waitUntil(lambda: user.active() == window.closing.box.winId(), timeout=LONG)
    pause = window.closing.box.findChild(QPushButton, "pause")
    assert pause is not None
    with qtbot.waitSignal(window.closing.finished, timeout=LONG):
        user.click(*centre(pause))


def test_a_minimised_window_comes_back_when_asked_for(desktop: Desktop, user: User, qtbot: QtBot) -> None:
    window = desktop.window
    user.ask_manager("WM_CHANGE_STATE", window.winId(), ICONIC)
    qtbot.waitUntil(lambda: window.isMinimized() and user.active() != window.winId(), timeout=LONG)
    assert "_NET_WM_STATE_HIDDEN" in user.atoms("_NET_WM_STATE", window.winId())
    desktop.come_back()
    qtbot.waitUntil(lambda: not window.isMinimized() and user.active() == window.winId(), timeout=LONG)


def test_maximised_is_as_large_as_the_screen_and_is_remembered(
    open_desktop: OpenDesktop, user: User, qtbot: QtBot
) -> None:
    """Of the next start the size before is not asserted: Qt learns of the new size now before and now after the new
    state, and keeps the wrong one at times."""
    first = open_desktop()
    own = first.window.winId()
    qtbot.waitUntil(lambda: user.active() == own, timeout=LONG)
    usual = (60, 40, 1100, 708)  # whole and even pixels at every scale
    device = tuple(round(length * first.window.devicePixelRatioF()) for length in usual)
    first.window.setGeometry(*usual)
    qtbot.waitUntil(lambda: user.place(own) == device, timeout=LONG)
    for _ in range(3):
        user.ask_state(own, True, *MAXIMISED)
        qtbot.waitUntil(lambda: fills_the_screen(first.window, user), timeout=LONG)
        user.ask_state(own, False, *MAXIMISED)
        qtbot.waitUntil(lambda: not first.window.isMaximized() and user.place(own) == device, timeout=LONG)
        qtbot.waitUntil(lambda: inner(first.window) == usual, timeout=LONG)
    user.ask_state(own, True, *MAXIMISED)
    qtbot.waitUntil(lambda: fills_the_screen(first.window, user), timeout=LONG)
    with qtbot.waitSignal(first.window.closing.finished, timeout=LONG):
        by_message(user, first.window)
    shut(first, qtbot)

    second = open_desktop().window
    qtbot.waitUntil(lambda: user.active() == second.winId(), timeout=LONG)
    qtbot.waitUntil(lambda: fills_the_screen(second, user), timeout=LONG)
    user.ask_state(second.winId(), False, *MAXIMISED)
    qtbot.waitUntil(lambda: not second.isMaximized(), timeout=LONG)


def test_the_place_is_remembered_to_the_pixel(open_desktop: OpenDesktop, user: User, qtbot: QtBot) -> None:
    """A frame must not move the window further at every start."""
    places = []
    for turn in range(3):
        desktop = open_desktop()
        window = desktop.window
        qtbot.waitUntil(lambda shown=window: user.active() == shown.winId(), timeout=LONG)
        if turn == 0:
            window.setGeometry(90, 36, 1080, 702)
            qtbot.waitUntil(lambda shown=window: inner(shown) == (90, 36, 1080, 702), timeout=LONG)
        qtbot.wait(100)
        places.append(user.place(window.winId()))
        with qtbot.waitSignal(window.closing.finished, timeout=LONG):
            by_message(user, window)
        shut(desktop, qtbot)
    assert places[1] == places[2] == pytest.approx(places[0], abs=2)


def test_a_place_beyond_the_screen_comes_back_into_view(
    open_desktop: OpenDesktop, user: User, qtbot: QtBot
) -> None:
    """The second monitor is gone."""
    first = open_desktop()
    first.window.setGeometry(9000, 5000, 1100, 705)
    first.state.remember_window(first.window)
    shut(first, qtbot)
    window = open_desktop().window
    qtbot.waitUntil(lambda: user.active() == window.winId(), timeout=LONG)
    screen = window.screen().availableGeometry()
    assert screen.contains(window.geometry().center()) and screen.contains(
        window.frameGeometry().topLeft() + QPoint(1, 1)
    )

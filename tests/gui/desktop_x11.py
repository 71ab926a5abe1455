"""A desktop for tests: a virtual X server, a small window manager, and a second client that acts as the user does."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import XError
from Xlib.ext import xtest
from Xlib.protocol.event import ClientMessage

HERE = Path(__file__).resolve().parent


def lacking() -> str:
    """The programs a desktop needs that are not here, as words; empty where all are."""
    return " and ".join(name for name in ("Xvfb", "openbox") if shutil.which(name) is None)


@contextmanager
def server(width: int = 2560, height: int = 1440) -> Iterator[str]:
    """A virtual X server that chose a free number itself: the value for ``DISPLAY``."""
    read, write = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    try:
        with os.fdopen(read) as stream:
            number = stream.readline().strip()
        if not number:
            raise RuntimeError("the X server did not start")
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def managed(display: str) -> Iterator[str]:
    """The name by which the window manager makes itself known on ``display`` (EWMH, _NET_SUPPORTING_WM_CHECK)."""
    process = subprocess.Popen(
        ["openbox", "--sm-disable", "--config-file", str(HERE / "openbox.xml")],
        env={**os.environ, "DISPLAY": display}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    user = User(display)
    try:
        deadline = time.monotonic() + 60
        while not (name := user.manager()):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the window manager did not start")
            time.sleep(0.05)
        yield name
    finally:
        user.close()
        process.terminate()
        process.wait(timeout=30)


class User:
    """Looks at the desktop and acts on it from outside the program: properties, requests to the window manager,
    and keys and clicks that come from the server (the XTEST extension)."""

    def __init__(self, display: str | None = None) -> None:
        self._display = Display(display)
        self._root = self._display.screen().root

    def close(self) -> None:
        self._display.close()

    # -- looking -------------------------------------------------------------------------------------

    def _window(self, window_id: int) -> Any:
        return self._display.create_resource_object("window", window_id)

    def property(self, name: str, window_id: int | None = None) -> Any:
        """Value of a property of a window, or of the root; None where it has none."""
        window = self._root if window_id is None else self._window(window_id)
        try:
            found = window.get_full_property(self._display.get_atom(name), X.AnyPropertyType)
        except XError:
            return None
        return None if found is None else found.value

    def manager(self) -> str:
        """Name of the window manager, where one has taken over the screen."""
        check = self.property("_NET_SUPPORTING_WM_CHECK")
        name = None if check is None else self.property("_NET_WM_NAME", check[0])
        return "" if name is None else bytes(name).decode()

    def windows(self) -> dict[int, str]:
        """Window → title of every window the manager has in its care."""
        titles = {}
        for window_id in self.property("_NET_CLIENT_LIST") or ():
            title = self.property("_NET_WM_NAME", window_id)
            titles[window_id] = "" if title is None else bytes(title).decode()
        return titles

    def atoms(self, name: str, window_id: int) -> set[str]:
        """A property that is a list of atoms, by their names."""
        return {self._display.get_atom_name(atom) for atom in self.property(name, window_id) or ()}

    def active(self) -> int:
        """The window the keyboard belongs to."""
        found = self.property("_NET_ACTIVE_WINDOW")
        return 0 if found is None else found[0]

    def place(self, window_id: int) -> tuple[int, int, int, int]:
        """x, y, width, height of a window on the screen in device pixels, without its frame."""
        window = self._window(window_id)
        size = window.get_geometry()
        at = self._root.translate_coords(window, 0, 0)
        return at.x, at.y, size.width, size.height

    # -- acting --------------------------------------------------------------------------------------

    def ask_manager(self, message: str, window_id: int, *values: int) -> None:
        """What a task bar or pager sends. The first value of each says that a user's tool asks."""
        data = (32, [*values, *[0] * (5 - len(values))])
        event = ClientMessage(
            window=self._window(window_id), client_type=self._display.get_atom(message), data=data
        )
        self._root.send_event(event, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self._display.flush()

    def ask_state(self, window_id: int, on: bool, *states: str) -> None:
        atoms = [self._display.get_atom(state) for state in states]
        self.ask_manager("_NET_WM_STATE", window_id, int(on), *atoms)

    def press(self, *names: str) -> None:
        """Keys held down together: ``press("Alt_L", "F4")``."""
        codes = [self._display.keysym_to_keycode(XK.string_to_keysym(name)) for name in names]
        for code in codes:
            xtest.fake_input(self._display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.flush()

    def type(self, letters: str) -> None:
        for letter in letters:
            self.press(letter)

    def click(self, x: int, y: int) -> None:
        """Device pixels of the screen."""
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        xtest.fake_input(self._display, X.ButtonPress, 1)
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.flush()

"""Is there a display that Qt could open a window on? Asked before Qt is, which ends the process where there is none.

Only libraries are tried and sockets are knocked at; Qt itself is not imported.
"""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from lab_app.system.errors import ResourceError

QT_LIBRARIES: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
"""Library that Qt's own or its xcb plug-in needs → Debian package that brings it; the same table as in
``packaging/linux/system-libraries.sh`` (a test compares the two)."""

NO_DISPLAY_NEEDED = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")
INSTALL = "pip install 'odyssey-lab[gui]'"
_BATCH = "Log in to a desktop, or run a study without a window: odyssey-lab --batch STUDY.toml."


def check(environment: Mapping[str, str] = os.environ) -> None:
    """Raises ResourceError with one sentence when a window cannot be opened here."""
    if find_spec("PySide6") is None:
        raise ResourceError("The window needs Qt, which is not installed.", f"Install it: {INSTALL}")
    if not sys.platform.startswith("linux"):
        return
    missing = missing_packages()
    if missing:
        raise ResourceError(
            "System libraries that the window needs are missing.",
            f"Debian and Ubuntu: sudo apt install {' '.join(missing)}",
        )
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if platform in NO_DISPLAY_NEEDED:
        return
    asked = [name for name in ("WAYLAND_DISPLAY", "DISPLAY") if environment.get(name)]
    if not asked:
        raise ResourceError("There is no display here, so the window cannot open.", _BATCH)
    if "WAYLAND_DISPLAY" in asked and platform in ("", "wayland") and _wayland_answers(environment):
        return
    if "DISPLAY" in asked and platform in ("", "xcb") and _x_answers(environment["DISPLAY"]):
        return
    named = " and ".join(f"${name} ({environment[name]})" for name in asked)
    raise ResourceError(f"No display answers at {named}, so the window cannot open.", _BATCH)


def missing_packages() -> list[str]:
    """Debian packages of the libraries in :data:`QT_LIBRARIES` that this system lacks."""
    return [package for name, package in QT_LIBRARIES.items() if not _loads(name)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _wayland_answers(environment: Mapping[str, str]) -> bool:
    path = Path(environment.get("XDG_RUNTIME_DIR", "/"), environment["WAYLAND_DISPLAY"])
    try:
        with socket.socket(socket.AF_UNIX) as knock:
            knock.settimeout(2)
            knock.connect(str(path))
    except OSError:
        return False
    return True


def _x_answers(display: str) -> bool:
    """Connect as Qt's xcb plug-in would, cookie and all."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed

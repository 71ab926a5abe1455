"""The program on a real X server: Qt's xcb plug-in finds its libraries, the window opens, a signal ends it in order."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def display() -> Iterator[str]:
    """A virtual X server that chose a free number itself."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("no Xvfb here; packaging/linux/system-libraries.sh installs it")
    read, write = os.pipe()
    process = subprocess.Popen(
        [server, "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    try:
        with os.fdopen(read) as stream:
            number = stream.readline().strip()
        assert number, "the X server did not start"
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def windows(display: str) -> list[str]:
    """Titles of the mapped windows of an X server."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
    x11.XFetchName.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.POINTER(ctypes.c_char_p)]
    x11.XQueryTree.argtypes = [
        ctypes.c_void_p, ctypes.c_ulong, ctypes.POINTER(ctypes.c_ulong), ctypes.POINTER(ctypes.c_ulong),
        ctypes.POINTER(ctypes.POINTER(ctypes.c_ulong)), ctypes.POINTER(ctypes.c_uint),
    ]  # fmt: skip
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    connection = x11.XOpenDisplay(display.encode())
    if not connection:
        return []
    root, parent = ctypes.c_ulong(), ctypes.c_ulong()
    children, count = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
    x11.XQueryTree(
        connection, x11.XDefaultRootWindow(connection), ctypes.byref(root), ctypes.byref(parent),
        ctypes.byref(children), ctypes.byref(count),
    )  # fmt: skip
    found = []
    for at in range(count.value):
        name = ctypes.c_char_p()
        if x11.XFetchName(connection, children[at], ctypes.byref(name)) and name.value:
            found.append(name.value.decode())
    x11.XCloseDisplay(connection)
    return found


def test_the_window_opens_on_x(display: str, tmp_path: Path) -> None:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY")
    }
    environment = {**kept, "DISPLAY": display, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "lab_app.cli", "--data-dir", str(tmp_path / "data")]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 120
        while (
            "Odyssey Lab" not in windows(display) and process.poll() is None and time.monotonic() < deadline
        ):
            time.sleep(0.1)
        assert "Odyssey Lab" in windows(display)
        while not (tmp_path / "data" / "lab.db").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    assert said == ""

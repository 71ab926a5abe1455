"""The second suite: the window on a real X server under a small window manager, at 100, 150 and 200 %."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gui import desktop_x11
from tests.gui.desktop_x11 import User

ROOT = Path(__file__).resolve().parents[2]
LACKING = desktop_x11.lacking()
pytestmark = pytest.mark.skipif(
    bool(LACKING), reason=f"no {LACKING} here; packaging/linux/system-libraries.sh installs what is missing"
)

AT_100 = ["under_manager.py", "test_shell.py", "test_closing.py"]
JOURNEY = ["test_journey.py"]
"""The main job, the same test as without a screen."""
AT_150 = ["under_manager.py", "test_shell.py::test_every_page_fits_the_smallest_window"]
AT_200 = [
    f"under_manager.py::{name}"
    for name in ("test_the_first_window_fits_the_screen_with_its_frame", "test_pixels_follow_the_scale")
]


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A virtual screen of 2560×1440 pixels with a window manager."""
    with desktop_x11.server() as name, desktop_x11.managed(name) as manager:
        assert manager == "Openbox"
        yield name


def on(display: str, **more: str) -> dict[str, str]:
    """The environment of a program on this screen."""
    dropped = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "QT_SCALE_FACTOR")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "DISPLAY": display, "PYTHONPATH": str(ROOT), **more}


def test_the_window_opens_on_x(display: str, tmp_path: Path) -> None:
    """Qt finds its plug-in and libraries by itself, and a signal ends the program in order."""
    command = [sys.executable, "-m", "lab_app.cli", "--data-dir", str(tmp_path / "data")]
    process = subprocess.Popen(command, env=on(display), stderr=subprocess.PIPE, text=True)
    user = User(display)
    try:
        deadline = time.monotonic() + 120
        while (
            "Odyssey Lab" not in user.windows().values()
            and process.poll() is None
            and time.monotonic() < deadline
        ):
            time.sleep(0.1)
        assert "Odyssey Lab" in user.windows().values()
        while not (tmp_path / "data" / "lab.db").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        user.close()
    assert process.returncode == 0
    assert not said, said


@pytest.mark.slow
@pytest.mark.timeout(1500)  # the journey measures for minutes beside other work
@pytest.mark.parametrize(
    ("scale", "parts"),
    [("1", AT_100), ("1", JOURNEY), ("1.5", AT_150), ("2", AT_200)],
    ids=["100", "journey", "150", "200"],
)
def test_the_window_under_a_window_manager(
    scale: str, parts: list[str], display: str, tmp_path: Path
) -> None:
    """The tests of the window itself, in a process of their own: Qt takes up with one platform only."""
    result = tmp_path / "result.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junit-xml={result}"]
    command += ["-o", "faulthandler_timeout=200", *(f"tests/gui/{part}" for part in parts)]
    environment = on(display, QT_QPA_PLATFORM="xcb", QT_SCALE_FACTOR=scale)
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1400, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    suite = ET.parse(result).getroot().find("testsuite")
    assert suite is not None
    assert suite.get("skipped") == "0"
    assert int(suite.get("tests", "0")) >= len(parts)

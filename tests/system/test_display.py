"""Without a display the program says so in a sentence and exits with 6, where Qt would abort."""

from __future__ import annotations

import re
import socket
import sys
from pathlib import Path

import pytest

from lab_app.system import display
from lab_app.system.errors import ResourceError
from tests.commandline import ROOT, environment, lab

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays of Linux")
NONE = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({}, "no display here"),
        ({"DISPLAY": ":4711"}, "No display answers at $DISPLAY (:4711)"),
        ({"WAYLAND_DISPLAY": "wayland-4711", "XDG_RUNTIME_DIR": "/nowhere"}, "$WAYLAND_DISPLAY"),
        ({"DISPLAY": ":4711", "QT_QPA_PLATFORM": "xcb"}, "No display answers"),
    ],
)
def test_no_display(wanted: dict[str, str], words: str, tmp_path: Path) -> None:
    done = lab("--data-dir", tmp_path / "data", env={**NONE, **wanted})
    assert done.returncode == 6
    assert done.stdout == ""
    first, second = done.stderr.splitlines()
    assert words in first and first.startswith("odyssey-lab: ")
    assert "--batch" in second
    assert not (tmp_path / "data").exists()


def test_missing_libraries_are_named_by_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "QT_LIBRARIES", {"libc.so.6": "libc6", "libnot-there.so.7": "libnot-there7"})
    with pytest.raises(ResourceError, match="sudo apt install libnot-there7") as caught:
        display.check(environment({"DISPLAY": ":0"}))
    assert "libc6" not in str(caught.value)


def test_without_qt_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "find_spec", lambda name: None)
    with pytest.raises(ResourceError, match=r"pip install 'odyssey-lab\[gui\]'"):
        display.check({})


def test_a_wayland_socket_that_answers_is_enough(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "w-0"))
        server.listen()
        display.check({"WAYLAND_DISPLAY": "w-0", "XDG_RUNTIME_DIR": str(tmp_path)})


def test_platforms_without_a_display_are_let_through() -> None:
    display.check({"QT_QPA_PLATFORM": "offscreen:configfile=x.json"})


def test_the_table_is_that_of_the_script() -> None:
    script = (ROOT / "packaging/linux/system-libraries.sh").read_text()
    pairs = dict(re.findall(r"^(lib\S+\.so\.\d+):(\S+)$", script, re.MULTILINE))
    assert pairs == dict(display.QT_LIBRARIES)

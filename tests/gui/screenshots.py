"""``make screenshots``: every page in every state, as pictures to look at, in the git-ignored ``screenshots/``.

A scene is a decorated function in a file of ``tests/gui/scenes``; it brings the window into a state:

    @scene("queue-failed")
    def failed(stage: Stage) -> None:
        stage.submit(Job(...)); stage.wait(lambda: ...); stage.window.navigate("queue", {})

Each is taken light and dark, at 1× and 2×, at 1024×700 and 1920×1080; and once each in the pseudo-language, in
Chinese, and from right to left. ``$ODYSSEY_LAB_SCENES_DATA`` names a data folder with a finished demo study
(``make demo``): a copy of it is shown by the scenes ``real-…``.

    python -m tests.gui.screenshots [NAME …] [--quick]     only scenes whose name begins so; --quick: one size, 1×
"""

from __future__ import annotations

import argparse
import os
import pkgutil
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "screenshots"
REAL_DATA = "ODYSSEY_LAB_SCENES_DATA"
SIZES = ((1024, 700), (1920, 1080))
VARIANTS = ("pseudo", "zh_CN", "rtl")

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from lab_app.gui.app import Desktop
    from lab_app.gui.main_window import MainWindow
    from lab_app.jobs.job import Job
    from lab_app.system.paths import Folders


class Stage:
    """The window a scene plays on, over a data folder of its own; kinds ``toys:…`` of ``tests/jobs`` work."""

    adjust: Callable[[], object] | None = None
    """Called before each picture, for what a new size or theme undoes (a place scrolled to)."""

    def __init__(self, folders: Folders, language: str = "en") -> None:
        from lab_app.gui.app import Desktop, application
        from lab_app.gui.bridge import Lab
        from lab_app.system import settings

        settings.save(folders, settings.Settings(language=language))
        self.app = application()
        self.folders = folders
        self.language = language
        self._ends: list[Callable[[], object]] = []
        self._environment = dict(os.environ)
        self.desktop: Desktop = Desktop(
            self.app, folders, Lab(folders, import_paths=[str(ROOT / "tests/jobs")])
        )
        self.desktop.open()
        self.wait(lambda: self.desktop.lab.is_open)

    @property
    def window(self) -> MainWindow:
        return self.desktop.window

    def wait(self, condition: Callable[[], object], seconds: float = 120.0) -> None:
        """Let the window live until ``condition`` holds. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("the scene did not come about")
            self.app.processEvents()
            time.sleep(0.002)

    def settle(self, seconds: float = 0.3) -> None:
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() >= end)

    def submit(self, *jobs: Job) -> None:
        self.desktop.lab.submit(jobs)
        self.wait(lambda: all(job.key in self.desktop.lab.jobs for job in jobs))

    def state(self, job: Job) -> str:
        return str(self.desktop.lab.jobs[job.key].state)

    def at_the_end(self, act: Callable[[], object]) -> None:
        self._ends.append(act)

    def shoot(self, name: str) -> None:
        """Take a picture of the window as it is now."""
        self.settle()
        if self.adjust is not None:
            self.adjust()
            self.settle()
        self.window.grab().save(str(OUT / f"{name}.png"))

    def close(self) -> None:
        closed: list[bool] = []
        lab = self.desktop.lab
        lab.closed.connect(lambda: closed.append(True))
        if lab.runner is not None and lab.busy:
            lab.runner.stop(kill=True)
        lab.close()
        self.wait(lambda: closed)
        self.window.hide()
        self.window.deleteLater()
        self.settle(0.05)
        for act in self._ends:
            act()
        os.environ.clear()
        os.environ.update(self._environment)


def lay_over(dialog: QDialog) -> None:
    """A dialog is a window of its own; as a child it is on the picture of the window."""
    from PySide6.QtCore import Qt

    dialog.setWindowFlags(Qt.WindowType.Widget)
    dialog.setAutoFillBackground(True)
    dialog.move(190, 60)
    dialog.show()


Scene = Callable[[Stage], None]
_SCENES: dict[str, Scene] = {}


def scene(name: str) -> Callable[[Scene], Scene]:
    """Register a scene; ``name`` begins with its page: ``queue-failed``."""

    def register(function: Scene) -> Scene:
        if name in _SCENES:
            raise ValueError(f"the scene {name} is there twice")
        _SCENES[name] = function
        return function

    return register


def scenes() -> dict[str, Scene]:
    from tests.gui import scenes as folder

    for module in pkgutil.iter_modules(folder.__path__):
        import_module(f"tests.gui.scenes.{module.name}")
    return dict(sorted(_SCENES.items()))


def take(names: list[str], scale: int, *, quick: bool) -> None:
    """Play the scenes in this process, at the scale it was started with."""
    OUT.mkdir(exist_ok=True)
    for name, play in scenes().items():
        if names and not name.startswith(tuple(names)):
            continue
        if name.startswith("real-") and not os.environ.get(REAL_DATA):
            continue
        with _stage(real=name.startswith("real-")) as stage:
            play(stage)
            for dark in (False, True):
                stage.desktop.theme.choose("dark" if dark else "light")
                for size in SIZES[:1] if quick else SIZES:
                    stage.window.resize(*size)
                    stage.shoot(f"{name}-{'dark' if dark else 'light'}-{size[0]}x{size[1]}@{scale}x")
        if not quick and scale == 1:
            for kind in VARIANTS:
                with _stage(kind, real=name.startswith("real-")) as stage:
                    play(stage)
                    stage.shoot(f"{name}-{kind}-{SIZES[0][0]}x{SIZES[0][1]}@1x")
        print(name, f"@{scale}x", flush=True)


def _linked(source: str, target: str) -> None:
    """Models are never written to: they need not be copied."""
    if source.endswith(".gguf"):
        os.symlink(os.path.realpath(source), target)
    else:
        shutil.copy2(source, target)


@contextmanager
def _stage(kind: str = "en", *, real: bool = False) -> Iterator[Stage]:
    """A light window of the smallest size on an empty data folder, or on a copy of the ``real`` one. ``kind``: a
    language, or ``rtl``."""
    from PySide6.QtCore import Qt

    from lab_app.gui.app import application
    from lab_app.system.paths import Folders

    right_to_left = kind == "rtl"
    app = application()
    with tempfile.TemporaryDirectory(prefix="odyssey-lab-") as folder:
        if real:
            shutil.copytree(os.environ[REAL_DATA], Path(folder) / "data", copy_function=_linked)
        stage = Stage(Folders(Path(folder) / "data"), "en" if right_to_left else kind)
        app.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight
        )
        stage.window.resize(*SIZES[0])
        stage.desktop.theme.choose("light")
        try:
            yield stage
        finally:
            stage.close()
            app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def main() -> int:
    parser = argparse.ArgumentParser(description="pictures of every page in every state")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--scale", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.scale:
        take(options.names, options.scale, quick=options.quick)
        return 0
    screen = f"offscreen:configfile={Path(__file__).with_name('screen.json')}"
    for scale in (1,) if options.quick else (1, 2):
        environment = {**os.environ, "QT_QPA_PLATFORM": screen, "QT_SCALE_FACTOR": str(scale)}
        command = [sys.executable, "-m", "tests.gui.screenshots", *options.names, "--scale", str(scale)]
        command += ["--quick"] if options.quick else []
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return 0


if __name__ == "__main__":
    # As a module of its own name, so that scenes register in the same one.
    from tests.gui.screenshots import main as run

    raise SystemExit(run())

"""``make screenshots``: every page in every state, as pictures to look at, in the git-ignored ``screenshots/``.

A scene is a decorated function in a file of ``tests/gui/scenes``; it brings the window into a state:

    @scene("queue-failed")
    def failed(stage: Stage) -> None:
        stage.submit(Job(...)); stage.wait(lambda: ...); stage.window.navigate("queue", {})

Each is taken light and dark, at 1× and 2×, at 1024×700 and 1920×1080, and once in the pseudo-language.

    python -m tests.gui.screenshots [NAME …] [--quick]     only scenes whose name begins so; --quick: one size, 1×
"""

from __future__ import annotations

import argparse
import os
import pkgutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "screenshots"
SIZES = ((1024, 700), (1920, 1080))

if TYPE_CHECKING:
    from lab_app.gui.app import Desktop
    from lab_app.gui.main_window import MainWindow
    from lab_app.jobs.job import Job
    from lab_app.system.paths import Folders


class Stage:
    """The window a scene plays on, over a data folder of its own; kinds ``toys:…`` of ``tests/jobs`` work."""

    def __init__(self, folders: Folders, language: str = "en") -> None:
        from lab_app.gui.app import Desktop, application
        from lab_app.gui.bridge import Lab
        from lab_app.system import settings

        settings.save(folders, settings.Settings(language=language))
        self.app = application()
        self.folders = folders
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
    from lab_app.gui import language
    from lab_app.system.paths import Folders

    OUT.mkdir(exist_ok=True)
    for name, play in scenes().items():
        if names and not name.startswith(tuple(names)):
            continue
        with tempfile.TemporaryDirectory(prefix="odyssey-lab-") as folder:
            stage = Stage(Folders(Path(folder) / "data"))
            stage.window.resize(*SIZES[0])
            play(stage)
            for dark in (False, True):
                stage.desktop.theme.choose("dark" if dark else "light")
                for size in SIZES[:1] if quick else SIZES:
                    stage.window.resize(*size)
                    stage.settle()
                    mark = f"{'dark' if dark else 'light'}-{size[0]}x{size[1]}@{scale}x"
                    stage.window.grab().save(str(OUT / f"{name}-{mark}.png"))
            stage.close()
            if not quick and scale == 1:
                stage = Stage(Folders(Path(folder) / "pseudo"), language.PSEUDO)
                stage.window.resize(*SIZES[0])
                stage.desktop.theme.choose("light")
                play(stage)
                stage.settle()
                stage.window.grab().save(str(OUT / f"{name}-pseudo-{SIZES[0][0]}x{SIZES[0][1]}@1x.png"))
                stage.close()
        print(name, f"@{scale}x", flush=True)


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

"""``make screenshots``: every page in every state, as pictures to look at, in the git-ignored ``screenshots/``.

A scene is a decorated function in a file of ``tests/gui/scenes``; it brings the window into a state:

    @scene("queue-failed")
    def failed(stage: Stage) -> None:
        stage.submit(Job(...)); stage.wait(lambda: ...); stage.window.navigate("queue", {})

Each is played once at 1× and once at 2×, and taken light and dark, at 1024×700 and 1920×1080; and once each in the
pseudo-language, in Chinese, and from right to left. ``$ODYSSEY_LAB_SCENES_DATA`` names a data folder with a finished
demo study (``make demo``): a copy of it is shown by the scenes ``real-…``, which are left out without it.

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
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "screenshots"
REAL_DATA = "ODYSSEY_LAB_SCENES_DATA"
SIZES = ((1024, 700), (1920, 1080))
PART = 12
"""Scenes played in one process."""
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

    def __init__(self, folders: Folders, language: str = "en", *, mirrored: bool = False) -> None:
        from PySide6.QtCore import Qt

        from lab_app.gui.app import Desktop, application
        from lab_app.gui.bridge import Lab
        from lab_app.system import settings

        settings.save(folders, settings.Settings(language=language, theme="light"))
        self.app = application()
        self.folders = folders
        self.language = language
        self._ends: list[Callable[[], object]] = []
        self._environment = dict(os.environ)
        self.desktop: Desktop = Desktop(
            self.app, folders, Lab(folders, import_paths=[str(ROOT / "tests/jobs")])
        )
        if mirrored:  # as of the start, though the language is not one that would ask for it
            self.app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            self.desktop.window.deleteLater()
            self.desktop.window = self.desktop._made_window()
        self.desktop.open()
        self.wait(lambda: self.desktop.lab.is_open)
        self.window._idle.stop()  # pages that no picture shows need not be made

    def begin(self) -> None:
        """Light and of the smallest size."""
        self.adjust = None
        self.window.resize(*SIZES[0])
        self.desktop.settings.update(theme="light")

    @property
    def window(self) -> MainWindow:
        return self.desktop.window

    @property
    def page(self) -> Any:
        """The page that is open; each has parts of its own."""
        return self.window.stack.currentWidget()

    def wait(self, condition: Callable[[], object], seconds: float = 120.0) -> None:
        """Let the window live until ``condition`` holds. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("the scene did not come about")
            self.app.processEvents()
            time.sleep(0.002)

    def settle(self, seconds: float = 0.25) -> None:
        """Until nothing is left to be drawn; on a busy machine one turn of the loop may take longer than all that."""
        from lab_app.gui.plots.frames import clock

        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() >= end)
        for _ in range(5):
            self.wait(lambda: not clock()._waiting)
            self.app.processEvents()
            self.app.sendPostedEvents()

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
        from PySide6.QtCore import QEvent

        closed: list[bool] = []
        lab = self.desktop.lab
        lab.closed.connect(lambda: closed.append(True))
        if lab.runner is not None and lab.busy:
            lab.runner.stop(kill=True)
        lab.close()
        self.wait(lambda: closed)
        self.desktop.state.flush()
        self.window.hide()
        self.window.deleteLater()
        self.settle(0.05)
        # Only a loop that runs would do it, and none does; each window left would follow every change of the theme.
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        for act in self._ends:
            act()
        os.environ.clear()
        os.environ.update(self._environment)


def lay_over(stage: Stage, dialog: QDialog) -> None:
    """A dialog is a window of its own; as a child it is on the picture of the window, in its middle, with a frame."""
    from PySide6.QtCore import QSize, Qt

    window, size = stage.window, dialog.size()
    dialog.setParent(window, Qt.WindowType.Widget)
    dialog.setAutoFillBackground(True)
    dialog.setStyleSheet("QDialog { border: 1px solid palette(dark); background: palette(window); }")
    dialog.resize(dialog.sizeHint().expandedTo(size).boundedTo(window.size() - QSize(120, 120)))
    stage.adjust = lambda: dialog.move(
        (window.width() - dialog.width()) // 2, max(0, (window.height() - dialog.height()) // 2)
    )
    dialog.show()
    dialog.raise_()


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


@dataclass(frozen=True)
class Round:
    """One way to play a scene: in a language (or ``rtl``: English from right to left), at a scale of the screen."""

    kind: str
    scale: float

    def take(self, stage: Stage, name: str, sizes: Sequence[tuple[int, int]]) -> None:
        """The pictures of the state that the stage is in."""
        if self.kind != "en":
            stage.shoot(f"{name}-{self.kind}-{_size(SIZES[0])}@{self.scale:g}x")
            return
        for mode in ("light", "dark"):
            if stage.desktop.theme.theme.dark != (mode == "dark"):
                stage.desktop.settings.update(theme=mode)
            for size in sizes:
                stage.window.resize(*size)
                stage.shoot(f"{name}-{mode}-{_size(size)}@{self.scale:g}x")


ROUNDS = (Round("en", 1), Round("en", 2), *(Round(kind, 1) for kind in VARIANTS))


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def take(names: Sequence[str], round_: Round, *, quick: bool) -> int:
    """Play the scenes in this process, whose scale is the round's. Returns how many did not come about."""
    failures = 0
    real = ExitStack()
    shared: Stage | None = None  # of all "real-" scenes: to compute the statistics of a study takes its time
    for name in names:
        began = time.monotonic()
        try:
            with ExitStack() as own:
                if not name.startswith("real-"):
                    real.close()
                    stage = own.enter_context(_stage(round_.kind))
                elif shared is None:
                    stage = shared = real.enter_context(_stage(round_.kind, real=True))
                else:
                    stage = shared
                    stage.begin()
                scenes()[name](stage)
                round_.take(stage, name, SIZES[:1] if quick else SIZES)
        except Exception:
            failures += 1
            traceback.print_exc()
            print(f"FAILED: {name} ({round_})", flush=True)
        print(f"{name} {round_.kind} @{round_.scale:g}x {time.monotonic() - began:.1f} s", flush=True)
    real.close()
    return failures


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
    with tempfile.TemporaryDirectory(prefix="odyssey-lab-", ignore_cleanup_errors=True) as folder:
        if real:
            shutil.copytree(os.environ[REAL_DATA], Path(folder) / "data", copy_function=_linked)
        stage = Stage(Folders(Path(folder) / "data"), "en" if right_to_left else kind, mirrored=right_to_left)
        stage.begin()
        try:
            yield stage
        finally:
            stage.close()
            app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def main() -> int:
    parser = argparse.ArgumentParser(description="pictures of every page in every state")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--round", help=argparse.SUPPRESS)
    options = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    if options.round:
        kind, scale = options.round.split("@")
        return int(take(options.names, Round(kind, float(scale)), quick=options.quick) > 0)
    names = [
        name
        for name in scenes()
        if (not options.names or name.startswith(tuple(options.names)))
        and (not name.startswith("real-") or os.environ.get(REAL_DATA))
    ]
    # Scenes of one page share a process; one after another they would leave cores idle while workers start.
    parts = [
        (round_, names[first : first + PART])
        for first in range(0, len(names), PART)
        for round_ in (ROUNDS[:1] if options.quick else ROUNDS)
    ]
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        codes = list(pool.map(lambda part: _process(*part, quick=options.quick), parts))
    return int(any(codes))


def _process(round_: Round, names: Sequence[str], *, quick: bool) -> int:
    screen = f"offscreen:configfile={Path(__file__).with_name('screen.json')}"
    environment = {**os.environ, "QT_QPA_PLATFORM": screen, "QT_SCALE_FACTOR": str(round_.scale)}
    command = [
        sys.executable,
        "-m",
        "tests.gui.screenshots",
        *names,
        "--round",
        f"{round_.kind}@{round_.scale}",
    ]
    command += ["--quick"] if quick else []
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    # As a module of its own name, so that scenes register in the same one.
    from tests.gui.screenshots import main as run

    raise SystemExit(run())

"""The shell and the pages it brings along."""

from __future__ import annotations

import os
import signal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from lab_app.gui.widgets.command_palette import CommandPalette
from lab_app.jobs.job import Job
from tests.gui.screenshots import Stage, scene


def _measure(title: str, count: int = 100_000) -> Job:
    return Job("toys:measure", {"count": count, "pause": 0.02, "title": title}, title=title)


def _lay_over(dialog: QDialog) -> None:
    """A dialog is a window of its own; as a child it is on the picture of the window."""
    dialog.setWindowFlags(Qt.WindowType.Widget)
    dialog.setAutoFillBackground(True)
    dialog.move(230, 130)
    dialog.show()


@scene("start")
def start(stage: Stage) -> None:
    stage.window.navigate("start", {})


@scene("palette")
def palette(stage: Stage) -> None:
    stage.window.navigate("queue", {})
    stage.window.show_palette()
    stage.settle(0.1)
    _lay_over(stage.window.findChildren(CommandPalette)[-1])


@scene("queue-empty")
def queue_empty(stage: Stage) -> None:
    stage.window.navigate("queue", {})


@scene("queue-running")
def queue_running(stage: Stage) -> None:
    jobs = [_measure("divergence: Q4_K_M"), _measure("speed: Q4_K_M", 10_000), _measure("report", 9_999)]
    stage.window.navigate("queue", {})
    stage.submit(*jobs)
    stage.wait(lambda: (stage.desktop.lab.jobs[jobs[0].key].fraction or 0) > 0)


@scene("queue-failed")
def queue_failed(stage: Stage) -> None:
    done, bad = _measure("quantize to Q6_K", 3), Job("toys:abort", {}, title="quantize to Q3_K_M")
    stage.window.navigate("queue", {})
    stage.submit(done, bad)
    stage.wait(lambda: stage.state(bad) == "failed")
    stage.window.navigate("queue", {"key": bad.key})


@scene("queue-killed")
def queue_killed(stage: Stage) -> None:
    job = _measure("divergence: IQ4_XS")
    stage.window.navigate("queue", {})
    stage.submit(job)
    stage.wait(lambda: stage.desktop.lab.jobs[job.key].pid and stage.desktop.lab.jobs[job.key].fraction)
    os.kill(stage.desktop.lab.jobs[job.key].pid or 0, signal.SIGKILL)
    stage.wait(lambda: stage.state(job) == "failed")


@scene("settings")
def settings(stage: Stage) -> None:
    stage.window.navigate("settings", {})
    page = stage.window.stack.currentWidget()
    stage.desktop.settings.update(model_folders=("/home/ada/models", "/mnt/large/gguf"))
    stage.wait(lambda: page.machine.checks)


@scene("closing")
def closing(stage: Stage) -> None:
    """The question asked when jobs run, laid over the window."""
    job = _measure("divergence: Q5_K_M")
    stage.window.navigate("queue", {})
    stage.submit(job)
    stage.wait(lambda: stage.state(job) == "running")
    stage.window.close()
    _lay_over(stage.window.closing.box)

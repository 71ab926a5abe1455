"""The shell and the pages it brings along."""

from __future__ import annotations

import os
import signal

from PySide6.QtWidgets import QScrollArea

from lab_app.gui.widgets.command_palette import CommandPalette
from lab_app.jobs.job import Job
from lab_app.system.errors import ResourceError
from tests.gui.screenshots import Stage, lay_over, scene


def _measure(title: str, count: int = 100_000) -> Job:
    return Job("toys:measure", {"count": count, "pause": 0.02, "title": title}, title=title)


@scene("start")
def start(stage: Stage) -> None:
    stage.window.navigate("start", {})


@scene("palette")
def palette(stage: Stage) -> None:
    stage.window.navigate("queue", {})
    stage.window.show_palette()
    stage.settle(0.1)
    lay_over(stage, stage.window.findChildren(CommandPalette)[-1])


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


@scene("queue-finished")
def queue_finished(stage: Stage) -> None:
    jobs = [_measure("quantize to Q6_K", 3), _measure("quantize to Q4_K_M", 4)]
    logged = Job("toys:abort", {}, title="quantize to Q3_K_M")
    stage.window.navigate("queue", {})
    stage.submit(*jobs, logged)
    stage.wait(lambda: all(stage.state(job) == "done" for job in jobs) and stage.state(logged) == "failed")
    page = stage.page
    page.select(logged.key)
    page.splitter.setSizes([120, 600])
    stage.wait(page.details.log.text)


@scene("notices")
def notices(stage: Stage) -> None:
    """All there is room for: a failure, a cancelled job, an error of the lab."""
    bad, long = Job("toys:abort", {}, title="quantize to Q3_K_M"), _measure("divergence: Q4_K_M")
    stage.window.navigate("studies", {})
    stage.submit(bad, long)
    stage.wait(lambda: stage.state(bad) == "failed" and stage.state(long) == "running")
    stage.desktop.lab.cancel(long.key)
    stage.wait(lambda: stage.state(long) == "cancelled")
    stage.window.context.report(
        ResourceError("The disk is full: 1.2 GB are needed.", "Free some and try again."), "lab"
    )


@scene("settings")
def settings(stage: Stage) -> None:
    stage.window.navigate("settings", {})
    page = stage.page
    stage.desktop.settings.update(model_folders=("/home/ada/models", "/mnt/large/gguf"))
    stage.wait(lambda: page.machine.checks)


@scene("settings-end")
def settings_end(stage: Stage) -> None:
    settings(stage)
    page = stage.page
    stage.settle()
    bars = [area.verticalScrollBar() for area in page.findChildren(QScrollArea)]
    stage.adjust = lambda: [bar.setValue(bar.maximum()) for bar in bars]


@scene("closing")
def closing(stage: Stage) -> None:
    """The question asked when jobs run, laid over the window."""
    job = _measure("divergence: Q5_K_M")
    stage.window.navigate("queue", {})
    stage.submit(job)
    stage.wait(lambda: stage.state(job) == "running")
    stage.window.close()
    lay_over(stage, stage.window.closing.box)

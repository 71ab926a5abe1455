"""How smooth the window stays while the page of a study draws what is measured. Without a screen.

    python benchmarks/figures.py [stream] [heatmap] [--seconds 60] [--out benchmarks/results/figures.json]

stream:  three real jobs in real workers stream 200 samples a second each through runner, store and bridge into the
         page of a study (targets: longest stall of the event loop < 50 ms, 99 % < 16 ms, memory flat).
heatmap: a map of 100 × 100 fills at 600 cells a second while the page around it is scrolled (same targets).

The numbers are held against LIMITS; exit code 1 says that one is passed.

A stall is how much later than asked a 4 ms timer fires. Other programs on the machine make stalls too: beside each
wall time stands the time the GUI thread itself was busy in it, and the load of the machine.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
from limits import check

LIMITS = {
    f"{part}.{name}": limit
    for part in ("stream", "heatmap")
    for name, limit in (
        # Of the GUI thread itself: other programs on the machine do not lengthen it.
        ("gui_thread_busy.longest_ms", 50.0),
        ("gui_thread_busy.p99_ms", 16.0),
        ("memory_mb_per_minute_in_the_second_half", 8.0),
    )
}

RATE = 200
TICK = 0.004
WINDOW = (1400, 900)


class Pulse:
    """Watches the event loop and the memory of this process from inside."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.late, self.busy = array("d"), array("d")  # small: they grow in the memory that is watched
        self.memory: list[tuple[float, float]] = []
        self._process = psutil.Process()
        self._wall = self._cpu = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(TICK * 1000))
        self._timer.timeout.connect(self._tick)

    def begin(self) -> None:
        del self.late[:], self.busy[:]
        self.memory.clear()
        self._began = self._wall = time.perf_counter()
        self._cpu = time.thread_time()
        self._timer.start()

    def _tick(self) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        self.late.append(max(0.0, wall - self._wall - TICK))
        self.busy.append(max(0.0, cpu - self._cpu - 0.0002))
        self._wall, self._cpu = wall, cpu
        if not self.memory or wall - self._began - self.memory[-1][0] > 1.0:
            self.memory.append((wall - self._began, self._process.memory_info().rss / 1e6))

    def end(self) -> dict[str, Any]:
        self._timer.stop()

        def numbers(values: Sequence[float]) -> dict[str, float]:
            ordered = sorted(values)
            return {
                "longest_ms": round(ordered[-1] * 1000, 1),
                "p99_ms": round(ordered[int(0.99 * len(ordered))] * 1000, 1),
                "over_50_ms": sum(v > 0.05 for v in values),
            }

        half = len(self.memory) // 2
        first, last = self.memory[half], self.memory[-1]
        minutes = (last[0] - first[0]) / 60
        return {
            "ticks": len(self.late),
            "stall": numbers(self.late),
            "gui_thread_busy": numbers(self.busy),
            "memory_mb": [round(self.memory[0][1]), round(first[1]), round(last[1])],
            "memory_mb_per_minute_in_the_second_half": round((last[1] - first[1]) / minutes, 1)
            if minutes
            else 0.0,
            "load": [round(v, 1) for v in os.getloadavg()],
            "cores": os.cpu_count(),
        }


def spin(seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
    """Run the event loop as the program does, until a condition holds; whether it does."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    watch = QTimer()
    watch.timeout.connect(lambda: loop.quit() if until() else None)
    watch.start(50)
    loop.exec()
    watch.stop()
    return until()


def stream(seconds: float) -> dict[str, Any]:
    from lab_app.gui.app import Desktop, application
    from lab_app.gui.bridge import Lab
    from lab_app.gui.study.page import StudyPage
    from lab_app.jobs.job import Job, Slot
    from lab_app.store.records import CellRecord, StudyRecord, VariantRecord
    from lab_app.system.paths import Folders

    app = application()
    with tempfile.TemporaryDirectory() as name:
        folders = Folders(Path(name))
        desktop = Desktop(app, folders, Lab(folders, import_paths=[str(Path(__file__).parent)]))
        desktop.window.resize(*WINDOW)
        desktop.open()
        if not spin(60, lambda: desktop.lab.is_open):
            raise RuntimeError("the store was not opened")
        variants, cells, jobs = [], [], []
        for place, (label, kld, slot) in enumerate(
            (("base", None, Slot.CPU), ("Q8_0", 0.001, Slot.DISK), ("Q4_K_M", 0.03, Slot.NET))
        ):
            params = {"rate": RATE, "seconds": seconds + 300, "kld": kld, "seed": place}
            job = Job("streams:divergence", params, slot=slot, title=f"divergence: {label}")
            jobs.append(job)
            variants.append(VariantRecord(label, label, kld is None, None, None, None, None))
            cells.append(CellRecord("divergence", "divergence", label, {"context": 512}, job.key))
        record = StudyRecord(
            "stream", "stream", "", "", tuple(variants), tuple(cells), tuple(job.key for job in jobs)
        )
        assert desktop.lab.store is not None
        desktop.lab.store.save_study(record)
        desktop.lab.submit(jobs)
        desktop.window.navigate("study", {"study": "stream"})
        page = desktop.window.stack.currentWidget()
        assert isinstance(page, StudyPage)
        if not spin(60, lambda: page.answer is not None and page.tabs.count() > 1):
            raise RuntimeError("the page did not open")
        page.tabs.setCurrentIndex(1)
        nll = page.figures["p1f4"]
        spin(60, lambda: all(nll.drawing.count(v.key) > 0 for v in nll.variants))
        heard = 0

        def hear(_: str, samples: list[Any]) -> None:
            nonlocal heard
            heard += len(samples)

        desktop.lab.sampled.connect(hear)
        pulse = Pulse()
        frames = {key: view.frames for key, view in page.figures.items()}
        scroll = page.tabs.widget(1).verticalScrollBar()  # type: ignore[union-attr]
        pulse.begin()
        began = time.perf_counter()
        # Everything is looked at in turn: a third of the time each at the top, in the middle and at the end.
        for part in range(3):
            scroll.setValue(round(scroll.maximum() * part / 2))
            spin(seconds / 3)
        took = time.perf_counter() - began
        found = pulse.end()
        found["samples_per_second"] = round(heard / took)
        found["frames_per_second"] = {
            view.figure.title: round((view.frames - frames[key]) / took, 1)
            for key, view in page.figures.items()
            if view.frames > frames[key]
        }
        found["points_drawn"] = {v.key: nll.drawing.count(v.key) for v in nll.variants}
        page.close_analyst()
        if desktop.lab.runner is not None:
            desktop.lab.runner.stop(kill=True)
        closed: list[bool] = []
        desktop.lab.closed.connect(lambda: closed.append(True))
        desktop.lab.close()
        spin(30, lambda: bool(closed))
        desktop.window.hide()
        return found


def heatmap(seconds: float) -> dict[str, Any]:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

    from lab_app.figures import Axis, HeatMap, Line
    from lab_app.gui import theme
    from lab_app.gui.app import application
    from lab_app.gui.plots.base import Variant
    from lab_app.gui.plots.view import FigureView
    from lab_app.store.records import Sample

    application()
    theme.keeper().choose("light")
    figure = HeatMap("Found", "cell", Axis("depth"), Axis("length", "tokens"), Axis("found"))
    views = [FigureView(figure, [Variant("a", "Q4_K_M")])]
    views += [FigureView(Line("x", "m", Axis("x"), Axis("y")), [Variant("a", "A")]) for _ in range(3)]
    inside, area = QWidget(), QScrollArea()
    column = QVBoxLayout(inside)
    for view in views:
        column.addWidget(view)
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.resize(*WINDOW)
    area.show()
    cells = [(r, c) for r in range(100) for c in range(100)]
    given = 0

    def fill() -> None:
        nonlocal given
        batch = [
            Sample("cell", f"{r}:{c}", float((r * c) % 3 > 0), payload={"row": r, "column": c})
            for r, c in (cells[(given + i) * 7919 % 10_000] for i in range(20))
        ]
        given += 20
        views[0].extend("a", batch)

    bar = area.verticalScrollBar()

    def scroll() -> None:
        bar.setValue(round((bar.maximum() / 2) * (1 + math.sin(time.perf_counter() * 2))))

    timers = []
    for interval, act in ((33, fill), (16, scroll)):
        timer = QTimer()
        timer.timeout.connect(act)
        timer.start(interval)
        timers.append(timer)
    spin(3)
    pulse = Pulse()
    pulse.begin()
    before = views[0].frames
    spin(seconds)
    found = pulse.end()
    found["frames_per_second"] = round((views[0].frames - before) / seconds, 1)
    found["cells"] = views[0].drawing.count("a")
    for timer in timers:
        timer.stop()
    area.hide()
    return found


def apart(what: str, seconds: float) -> dict[str, Any]:
    """One part in a process of its own: what a closed window leaves to be freed is no part of the next."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "part.json")
        line = [sys.executable, __file__, what, "--seconds", str(seconds), "--out", str(out)]
        subprocess.run(line, check=False)
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="*", default=["stream", "heatmap"])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    results: dict[str, Any] = {}
    for what in options.what:
        if what not in ("stream", "heatmap"):
            parser.error(f"there is no part {what!r}")
        if len(options.what) > 1:
            results |= apart(what, options.seconds)
            continue
        results[what] = stream(options.seconds) if what == "stream" else heatmap(min(options.seconds, 20.0))
        print(json.dumps({what: results[what]}, indent=1, ensure_ascii=False), flush=True)
    if options.out is not None:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    code = check(results, LIMITS)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # daemon threads and Qt's own end would only race with each other


if __name__ == "__main__":
    main()

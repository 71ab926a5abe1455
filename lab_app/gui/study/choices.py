"""What both models would have written at a token of the text: their most probable ones, computed when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from lab_app.gui.background import background
from lab_app.gui.bridge import Lab
from lab_app.gui.study.chunk import Chunk, visible
from lab_app.gui.widgets.basic import column, label, row
from lab_app.gui.widgets.tables import isolated
from lab_app.gui.words import chance
from lab_app.jobs.job import Job, Slot
from lab_app.jobs.states import JobState
from lab_app.system import said
from lab_app.system.errors import LabError

if TYPE_CHECKING:
    from lab_app.gui.analyst.answer import Answer

COUNT = 5
"""Alternatives shown of each model."""


class Choices(QWidget):
    """Base and file beside each other. is_timing: whether a speed is measured now, which reading would disturb."""

    def __init__(self, lab: Lab, is_timing: Callable[[], bool]) -> None:
        super().__init__()
        self._lab = lab
        self._is_timing = is_timing
        self._chunk: Chunk | None = None
        self._name = ""
        self._place = -1
        self.sides = {name: _Side() for name in ("base", "other")}
        self.setLayout(row(*self.sides.values(), gap=3))
        self.hide()
        lab.changed.connect(self._changed)

    def show_chunk(self, chunk: Chunk | None) -> None:
        """Another chunk, of which nothing is asked yet."""
        self._chunk = chunk
        self._place = -1
        for side in self.sides.values():
            side.forget()
        self.hide()

    def look(self, place: int) -> None:
        """Show the choices at a token, as far as they were asked for."""
        self._place = place
        chunk = self._chunk
        if chunk is None or not 0 <= place < len(chunk.tokens):
            return
        names = {"base": self.tr("Base"), "other": self._name}
        for name, side in self.sides.items():
            if side.job is not None:
                side.look(names[name], place, chunk.tokens[place].id)

    def ask(self, place: int, answer: Answer, key: str, name: str) -> None:
        """Have both models read the chunk, once; then every token of it has its choices.

        key: of the file's divergence job. name: the file's."""
        chunk = self._chunk
        if chunk is None:
            return
        self._name = name
        self.show()
        if any(side.job is not None for side in self.sides.values()):
            self.look(place)
            return
        if self._is_timing():
            self.sides["base"].say(
                self.tr("A speed is being measured, and this would disturb it. Try again when it is done.")
            )
            return
        self._place = place
        for side in self.sides.values():
            side.wait()

        def start(jobs: Mapping[str, Job]) -> None:
            if chunk is self._chunk:  # else another is looked at meanwhile
                for side_name, job in jobs.items():
                    self.sides[side_name].job = job
                self._lab.submit(list(jobs.values()))

        def failed(error: LabError) -> None:
            if chunk is self._chunk:
                for side in self.sides.values():
                    side.say(said.both(error))

        background(lambda: closeup_jobs(self._lab.desk, answer, key, chunk.number), start, failed, owner=self)

    def _changed(self, key: str) -> None:
        side = next((s for s in self.sides.values() if s.job is not None and s.job.key == key), None)
        view = self._lab.jobs.get(key)
        if side is None or view is None:
            return
        if view.state is JobState.DONE:
            self._lab.ask(
                lambda store: store.result(key), lambda result: self._found(key, result), owner=self
            )
        elif view.state.ended:
            side.problem = said.both(view)
            self.look(self._place)

    def _found(self, key: str, result: Any) -> None:
        for side in self.sides.values():
            if side.job is not None and side.job.key == key and result is not None:
                side.top = result.values["top"]
        self.look(self._place)


class _Side(QWidget):
    """A model's most probable tokens with their probabilities; the one in the text is marked."""

    def __init__(self) -> None:
        super().__init__()
        self.title = label("", "heading")
        self.body = label("", wrap=True, selectable=True)
        self.setLayout(column(self.title, self.body, gap=1))
        self.forget()

    def forget(self) -> None:
        self.job: Job | None = None
        """The job that finds them."""
        self.top: Sequence[Sequence[Sequence[Any]]] | None = None
        """What it found: of every token of the chunk (id, text, probability), the most probable first."""
        self.problem = ""
        """Why it found nothing."""
        self.title.setText("")
        self.body.setText("")
        self.hide()

    def say(self, text: str) -> None:
        self.show()
        self.title.setText("")
        self.body.setText(text)

    def wait(self) -> None:
        self.say(self.tr("Computing…"))

    def look(self, name: str, place: int, actual: int) -> None:
        """The choices at a token. name: the model's. actual: the token that stands there."""
        if self.problem:
            self.say(self.problem)
            return
        if self.top is None:
            self.wait()
            return
        self.show()
        self.title.setText(name)
        lines = []
        for token, text, share in self.top[place]:
            shown = visible(str(text))
            mark = self.tr("  (in the text)") if token == actual else ""
            lines.append(f"{chance(share):>7}  “{shown}”{mark}")
        self.body.setText("\n".join(map(isolated, lines) if self.isRightToLeft() else lines))
        self.body.setAccessibleName(f"{name}: " + ", ".join(lines))


def closeup_jobs(desk: Any, answer: Answer, key: str, number: int) -> dict[str, Job]:
    """Jobs that look closely at chunk ``number``, for the base and the file whose divergence job is ``key``."""
    if desk is None:
        raise LabError("The data folder is not open.", "Try again once it is.")
    plan = desk.plan_again(answer.study_id)
    cell = next(c for c in answer.cells if c.job_key == key)
    base = next(v.key for v in answer.variants if v.is_base)
    keys = {
        "base": next(c.job_key for c in answer.cells if c.probe_id == cell.probe_id and c.variant == base),
        "other": key,
    }
    jobs = {}
    for name, own in keys.items():
        job = plan.by_key.get(own)
        if job is None:
            raise LabError(
                "The study was planned otherwise when this was measured.", "Run it again to look closer."
            )
        spec = job.params["spec"]
        jobs[name] = Job(
            "closeup",
            {
                "context": spec["context"],
                "chunk": number,
                "chunks": spec.get("chunks"),
                "count": COUNT,
                "engine": job.params["engine"],
                "settings": job.params["settings"],
            },
            {role: job.inputs[role] for role in ("model", "text")},
            engine=job.engine,
            slot=Slot.LIVE,
            title=f"first choices: {job.title}, chunk {number + 1}",
        )
    return jobs

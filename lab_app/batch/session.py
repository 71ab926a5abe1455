"""One batch run: load, plan, work, report, exit code."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any

from lab_app.batch import Options, faces, outcome, wire
from lab_app.batch.hashing import Watch
from lab_app.batch.interrupts import Interrupts
from lab_app.batch.pace import Pace, clock
from lab_app.jobs.events import Event
from lab_app.jobs.job import Job
from lab_app.jobs.runner import Runner
from lab_app.jobs.spare import Spare
from lab_app.jobs.states import JobState, StateChange
from lab_app.store import JobRow, Store
from lab_app.studies import disk
from lab_app.studies.load import load
from lab_app.studies.plan import Plan, make_plan, report_job, slug
from lab_app.studies.schema import LoadedStudy
from lab_app.system import native, paths, settings, translation
from lab_app.system.errors import ExitCode, UsageError
from lab_app.system.terminal import is_terminal
from lab_app.system.units import size

_SHOWN = ("file_size", "bits_per_weight", "fallbacks")


class Session:
    """Made for one run of one study."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.began = time.monotonic()
        self.interrupts = Interrupts()
        self.runner: Runner | None = None
        self.spare: Spare | None = None
        self.reader_gone = False

    def run(self) -> int:
        """Raises LabError before any job has started."""
        folders = paths.Folders(paths.data_dir(self.options.data_dir))
        if self.options.language:
            translation.check(self.options.language)
        study = _within_limits(load(self.options.study, folders), folders)
        out = self._out_dir(study)
        engine = native.engine_id()
        if self.options.resume and not folders.db.exists():
            raise _no_earlier_run(study.name, folders)
        folders.create()
        with ExitStack() as stack:
            store = stack.enter_context(Store.open(folders.db))
            stack.callback(self._close_spare)
            plan = self._plan(study, store, folders, engine)
            if self.options.resume:
                _require_earlier_run(plan, store, folders)
            if self.options.dry_run:
                return self._dry_run(plan, store, folders, out)
            return self._work(plan, store, folders, out)

    # -- before -----------------------------------------------------------------------------------

    def _out_dir(self, study: LoadedStudy) -> Path:
        out = Path(self.options.out) if self.options.out else Path(f"{slug(study.name)}-report")
        out = out.expanduser().absolute()
        outcome.check_place(out)
        return out

    def _plan(self, study: LoadedStudy, store: Store, folders: paths.Folders, engine: str) -> Plan:
        try:
            with Watch(as_json=self.options.json) as watch:

                def told(path: str, done: int, total: int) -> None:
                    self._expect_predictions(folders)
                    watch(path, done, total)

                return make_plan(study, store, folders, engine=engine, progress=told)
        except OSError as error:
            raise UsageError(f"{error.filename} cannot be read: {error.strerror or error}.") from error

    def _expect_predictions(self, folders: paths.Folders) -> None:
        """A dry run that has to read a model for its checksum will have to predict its sizes, too."""
        if self.options.dry_run and self.spare is None:
            with suppress(OSError):
                self.spare = Spare("predict", folders.work)

    def _close_spare(self) -> None:
        if self.spare is not None:
            self.spare.close()

    def _plan_line(self, plan: Plan, need: disk.Need, out: Path) -> wire.PlanLine:
        to_do = {job.key for job in plan.unfinished} | {plan.report.key}
        notes = []
        if plan.predict is not None and not need.predicted:
            notes.append("Sizes are known once the model is there; until then they are estimates.")
        if need.elsewhere:
            notes.append(f"{size(need.elsewhere)} more go to the model cache, which lies on another disk.")
        return wire.PlanLine(
            study=plan.record.name,
            study_id=plan.record.study_id,
            jobs=[
                wire.PlannedJob(
                    job.key,
                    job.kind,
                    job.title,
                    "to do" if job.key in to_do else "done",
                    need.sizes.get(job.key),
                )
                for job in plan.jobs
            ],
            variants=[variant.variant_id for variant in plan.record.variants],
            sizes={
                name: {key: entry[key] for key in _SHOWN if key in entry}
                for name, entry in need.predicted.items()
            },
            disk_needed=need.here,
            disk_free=need.free,
            out=str(out),
            notes=notes,
        )

    def _dry_run(self, plan: Plan, store: Store, folders: paths.Folders, out: Path) -> int:
        predict = plan.predict
        if predict is not None and predict.key not in plan.finished and plan.source_fetched:
            runner = Runner(store, folders, spare=self.spare)
            runner.submit([predict])
            with ExitStack() as stack:
                stack.enter_context(self.interrupts.stop(runner))
                if is_terminal(sys.stderr):
                    face = faces.make(Pace([predict]), 1, as_json=False)
                    stack.callback(face.close)
                    runner.subscribe(face.hear)
                state = runner.run()[predict.key]
            if self.interrupts.count:
                return int(ExitCode.INTERRUPTED)
            if state is not JobState.DONE:
                raise outcome.error_of(predict, store)
            plan = self._plan(plan.study, store, folders, native.engine_id())
        need = disk.need(plan, store, folders)
        line = self._plan_line(plan, need, out)
        if self.options.json:
            wire.write(sys.stdout, line)
        else:
            outcome.print_plan(line, sys.stdout)
        disk.check(plan, need)
        return int(ExitCode.OK)

    # -- work -------------------------------------------------------------------------------------

    def _work(self, plan: Plan, store: Store, folders: paths.Folders, out: Path) -> int:
        need = disk.need(plan, store, folders)
        line = self._plan_line(plan, need, out)
        if self.options.json:
            wire.write(sys.stdout, line)
        disk.check(plan, need)
        store.save_study(plan.record)
        to_do = [*plan.unfinished, plan.report]
        found = len(plan.jobs) - len(to_do)
        pace = Pace(to_do)
        face = faces.make(pace, len(to_do), as_json=self.options.json)
        try:
            jobs = "1 job" if len(to_do) == 1 else f"{len(to_do)} jobs"
            face.say(
                f"{plan.record.name}: {jobs} to do, {found} found finished; "
                f"at most {size(line.disk_needed)} of disk, {size(line.disk_free)} free"
            )
            for job in plan.jobs:
                if job.kind == "imatrix" and job.key in plan.finished and _quantizes(plan.unfinished):
                    _say_coverage(store, face, job)
            runner = Runner(store, folders)
            self.runner = runner
            runner.subscribe(self._guarded(face.hear))
            runner.subscribe(self._guarded(partial(_show_coverage, store, face)))
            with self.interrupts.stop(runner):
                first = self._predict_first(plan, store, runner)
                rest = [job for job in plan.jobs[:-1] if job.key not in first]
                states = runner.states()
                if not self.interrupts.count:
                    runner.submit(rest, force=plan.force - {plan.report.key, *first})
                    states = runner.run()
                if not self.interrupts.count:
                    report = report_job(plan.record.study_id, folders, language=self.options.language)
                    runner.submit([report], force={report.key})
                    states = runner.run()
        finally:
            face.close()
        if self.reader_gone:
            raise BrokenPipeError
        return self._end(plan, store, states, out, found)

    def _predict_first(self, plan: Plan, store: Store, runner: Runner) -> set[str]:
        """Bring the model and predict sizes before anything else starts. Keys of those jobs.

        Raises UsageError where llama.cpp would not make what is asked for, as a dry run does."""
        predict = plan.predict
        if predict is None or predict.key in plan.finished:
            return set()
        needed = [*plan.source.jobs, predict]
        keys = {job.key for job in needed}
        runner.submit([job for job in plan.jobs if job.key in keys], force=plan.force & keys)
        if runner.run().get(predict.key) is JobState.FAILED:
            error = outcome.error_of(predict, store)
            if isinstance(error, UsageError):
                raise error
        return keys

    def _guarded(self, hear: Any) -> Any:
        """When the reader of our output goes away, stop the work as for a signal and say nothing more."""

        def heard(job: Job, event: Any) -> None:
            if self.reader_gone:
                return
            try:
                hear(job, event)
            except BrokenPipeError:
                self.reader_gone = True
                self.interrupts.count += 1
                if self.runner is not None:
                    self.runner.stop()

        return heard

    def _end(self, plan: Plan, store: Store, states: Mapping[str, JobState], out: Path, found: int) -> int:
        failed = outcome.failures(plan, store, states)
        report = None
        if states.get(plan.report.key) is JobState.DONE:
            report = outcome.deliver(plan, store, out)
        code = self._code(states, failed, report)
        if report is not None:
            if self.options.json:
                wire.write(sys.stdout, report)
            outcome.print_report(report, sys.stderr if self.options.json else sys.stdout)
        if failed:
            outcome.print_failures(failed, sys.stderr)
        seconds = time.monotonic() - self.began
        if self.interrupts.count:
            print("Interrupted. What is measured is kept; run the same again to continue.", file=sys.stderr)
        elif report is not None:
            text = f"Finished in {clock(seconds)} ({found} of {len(plan.jobs)} jobs found done)."
            print(text, file=sys.stderr)
        if self.options.json:
            ran = sum(state is JobState.DONE for state in states.values()) - found
            line = wire.FinishedLine(int(code), round(seconds, 3), max(0, ran), found, failed)
            wire.write(sys.stdout, line)
        return int(code)

    def _code(
        self,
        states: Mapping[str, JobState],
        failed: list[wire.FailedJob],
        report: wire.ReportLine | None,
    ) -> ExitCode:
        if self.interrupts.count:
            return ExitCode.INTERRUPTED
        if failed:
            codes = {f.exit_code for f in failed if not f.blocked}
            telling = {ExitCode.INTEGRITY, ExitCode.NETWORK, ExitCode.RESOURCES}
            return ExitCode(codes.pop()) if len(codes) == 1 and codes <= telling else ExitCode.JOB_FAILED
        if report is not None and any(not entry.get("met", True) for entry in report.thresholds):
            return ExitCode.THRESHOLD
        return ExitCode.OK


def _within_limits(study: LoadedStudy, folders: paths.Folders) -> LoadedStudy:
    """The study with the memory limit of the settings where it names none of its own, as in the window.
    Raises IntegrityError or ResourceError where the settings cannot be read."""
    limit = settings.load(folders).memory_limit
    return study.model_copy(update={"memory": limit}) if study.memory is None and limit else study


def _quantizes(jobs: Iterable[Job]) -> bool:
    return any(job.kind == "quantize" for job in jobs)


def _show_coverage(store: Store, face: faces.Face, job: Job, event: Event | StateChange) -> None:
    """A subscriber of the runner: it hears of the end of a job before the next one starts."""
    ended = isinstance(event, StateChange) and event.state is JobState.DONE and event.message != "found"
    if job.kind == "imatrix" and ended:
        _say_coverage(store, face, job)


def _say_coverage(store: Store, face: faces.Face, job: Job) -> None:
    from lab_app.batch import coverage

    if shown := coverage.text(job, store):
        face.say(shown)


def _require_earlier_run(plan: Plan, store: Store, folders: paths.Folders) -> None:
    """--resume: there is an earlier run of this very study, or a sentence; and one where its text is another."""
    name = plan.record.name
    if begun := store.study(plan.record.study_id):
        if begun.toml != plan.record.toml:
            text = (
                f"The study file of {name} was changed since its last run. What it measures is the same and goes on; "
                "everything else is as the file says now."
            )
            print(text, file=sys.stderr)
        return
    earlier = next((record for record in store.studies() if record.source == plan.record.source), None)
    if earlier is None:
        raise _no_earlier_run(name, folders)
    if earlier.toml != plan.record.toml:
        what = f"{name} was changed since its last run"
    elif _engines(row for key in earlier.job_keys if (row := store.job(key))) != _engines(plan.jobs):
        what = (
            f"The engine is not the one of the last run of {name}: it was built anew, or the lab was updated"
        )
    else:
        what = f"A model or text that {name} reads was changed since its last run"
    raise UsageError(
        f"{what}, so there is nothing to resume.",
        "Run it without --resume: finished work that still fits is used again.",
    )


def _engines(jobs: Iterable[Job | JobRow]) -> set[str]:
    return {job.engine for job in jobs if job.kind == "probe"}


def _no_earlier_run(name: str, folders: paths.Folders) -> UsageError:
    return UsageError(
        f"There is no earlier run of {name} in {folders.root}.",
        "Run it without --resume, or check --data-dir.",
    )

"""Handler of the job kind ``probe``: one measurement of one model, inside a worker process.

params:  ``{"probe": name, "spec": {…}, "engine": "llama", "settings": {fields of EngineSettings}}``; of a probe that
         measures the machine also ``round`` and ``machine``, which is for the key alone.
inputs:  ``model``; others (``base_logits``, ``text`` …) go to the probe by role.
Result:  ``{"metrics": {name: Metric}, "details": {…}, "engine": {…}, "memory": {…}}``, all JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lab_app.engines import open_engine
from lab_app.engines.base import EngineSettings
from lab_app.gguf.reader import read
from lab_app.jobs.context import JobContext
from lab_app.probes.base import ProbeContext, details, registry
from lab_app.system.errors import UsageError


def run(context: JobContext) -> Mapping[str, Any]:
    """Measure, emitting samples as they come. Raises LabError subclasses."""
    params = context.params
    known = registry()
    if params["probe"] not in known:
        raise UsageError(
            f"There is no probe {params['probe']!r}.", f"Possible are {', '.join(sorted(known))}."
        )
    kind = known[params["probe"]]
    # From JSON text, because strict validation takes a list for a tuple only there.
    probe = kind(kind.Spec.model_validate_json(json.dumps(params["spec"])))
    settings = EngineSettings(**params["settings"])
    samples = list(context.done)

    def keep(role: str, path: str, meta: Mapping[str, Any]) -> None:
        context.publish(role, Path(path), Path(path).name, meta)

    probe_context = ProbeContext(
        done=tuple(samples),
        files={role: item.path for role, item in context.inputs.items() if role != "model"},
        progress=context.progress,
        cancelled=context.cancelled,
        work_dir=str(context.work_dir),
        keep=keep,
        settings=settings,
        round=int(params.get("round", 1)),
    )
    if params["engine"] == "llama":
        read(context.inputs["model"].path)  # refuses damaged headers before native code meets them
    # Not a part of the measuring, so not a number that would begin anew.
    context.progress(0, None, "loading the model")
    engine = open_engine(
        params["engine"],
        context.inputs["model"].path,
        settings,
        cancelled=context.cancelled,
    )
    with closing(engine):
        for sample in probe.run(engine, probe_context):
            context.emit(sample)
            samples.append(sample)
        info = asdict(engine.info)
        memory = dict(engine.memory())
    context.provenance.update(info["provenance"])
    context.provenance.update(probe_context.provenance)
    context.provenance["inputs"] = {role: item.sha256 for role, item in context.inputs.items()}
    context.provenance["spec"] = dict(params["spec"])
    if "seed" in params["spec"]:
        context.provenance["seed"] = params["spec"]["seed"]
    return {
        "metrics": {name: asdict(metric) for name, metric in kind.summarise(samples).items()},
        "details": dict(details(kind, samples)),
        "engine": {name: value for name, value in info.items() if name != "provenance"},
        "memory": memory,
    }

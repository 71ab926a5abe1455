"""Kinds of jobs: name → ``module:function`` that a worker imports and calls with a JobContext.

Strings, because a worker must not import rooms above it, and because the parent must never import
what only workers need (numpy, llama_cpp, torch). Third parties add kinds through the entry-point
group ``odyssey_lab.jobs``.
"""

from __future__ import annotations

KINDS: dict[str, str] = {
    "fetch-demo": "lab_app.gguf.demo:run",
    "convert": "lab_app.gguf.convert:run",
    "import": "lab_app.gguf.keep:run",
    "split": "lab_app.gguf.split:run_split",
    "merge": "lab_app.gguf.split:run_merge",
    "convert-lora": "lab_app.gguf.lora:run_convert",
    "merge-lora": "lab_app.gguf.lora:run_merge",
    "download": "lab_app.hub.download:run",
    "verify": "lab_app.hub.verify:run",
    "preview": "lab_app.hub.preview:run",
    "predict": "lab_app.quant.predict:run",
    "imatrix": "lab_app.quant.imatrix:run",
    "quantize": "lab_app.quant.quantize:run",
    "probe": "lab_app.probes.job:run",
    "closeup": "lab_app.probes.common.closeup:run",
    "generate": "lab_app.engines.explore:generate",
    "tokenize": "lab_app.engines.explore:tokenize",
    "report": "lab_app.reports.job:run",
}


def handler_path(kind: str) -> str:
    """``module:function`` of a kind; a kind that is spelled so already names itself.

    Raises KeyError for an unknown one. Kinds come from plans made by this program, never from a study file.
    """
    if ":" in kind:
        return kind
    if kind in KINDS:
        return KINDS[kind]
    from importlib.metadata import entry_points

    for point in entry_points(group="odyssey_lab.jobs", name=kind):
        return point.value
    raise KeyError(kind)

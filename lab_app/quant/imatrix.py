"""Job ``imatrix``: importance matrix of a model over a calibration text, and a table of what it covers.

llama.cpp's own llama-imatrix does the work, as a child of the worker.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from typing import Any

from lab_app.gguf.reader import read
from lab_app.jobs.context import JobContext
from lab_app.jobs.process import start_tool
from lab_app.system import host, native
from lab_app.system.errors import JobFailedError, UsageError

_CHUNK = re.compile(rb"\[(\d+)\]-?[\d.]+(?:nan)?,")
"""What llama-imatrix prints after each chunk: its number and the running perplexity."""


def run(context: JobContext) -> Mapping[str, Any]:
    """Params {"chunks", "context"}; inputs ``model``, ``text``; artifacts ``imatrix`` (GGUF), ``coverage`` (JSON).

    Raises UsageError (text too short), JobFailedError (the tool failed).
    """
    chunks, n_ctx = int(context.params["chunks"]), int(context.params["context"])
    target = context.work_dir / "imatrix.gguf"
    target.unlink(missing_ok=True)
    command = [
        str(native.tool("llama-imatrix")),
        "-m", context.inputs["model"].path,
        "-f", context.inputs["text"].path,
        "-o", str(target),
        "--output-format", "gguf",
        "-c", str(n_ctx),
        "--chunks", str(chunks),
        "-t", str(context.hints.get("threads") or host.usable_cores()),
        "-ngl", str(context.hints.get("gpu_layers") or 0),
    ]  # fmt: skip
    output = _follow(context, command, chunks)
    if not target.is_file():
        raise _why(output, context, n_ctx)
    return _publish(context, target, chunks, n_ctx)


def _follow(context: JobContext, command: list[str], chunks: int) -> bytes:
    """Run the tool in the job's private folder; progress from its marks; returns the end of its output."""
    process = start_tool(command, cwd=str(context.work_dir))
    assert process.stdout is not None
    tail = b""
    done = 0
    context.progress(0, chunks, "reading the calibration text", "chunks")
    try:
        while piece := process.stdout.read1(65536):  # type: ignore[attr-defined]
            sys.stderr.buffer.write(piece)
            sys.stderr.buffer.flush()
            tail = (tail + piece)[-65_536:]
            marks = _CHUNK.findall(tail)
            if marks and int(marks[-1]) > done:
                done = int(marks[-1])
                context.progress(done, chunks, "", "chunks")
            context.check()
        status = process.wait()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if status != 0:
        raise _why(tail, context, int(context.params["context"]))
    return tail


def _why(output: bytes, context: JobContext, n_ctx: int) -> Exception:
    text = output.decode("utf-8", "replace")
    found = re.search(r"you need at least (\d+) tokens", text)
    if found:
        have = re.search(r"tokenizes to only (\d+) tokens", text)
        return UsageError(
            f"The calibration text is too short: it has {have[1] if have else 'too few'} tokens, and a context of "
            f"{n_ctx} needs {found[1]}.",
            "Give a longer text or a smaller context.",
        )
    lines = [
        line.strip() for line in text.splitlines() if "error" in line.lower() or "failed" in line.lower()
    ]
    return JobFailedError(
        f"llama-imatrix failed: {lines[-1].rstrip('.') if lines else 'it gave no reason'}.",
        "The log has its words.",
    )


def _publish(context: JobContext, target: Any, chunks: int, n_ctx: int) -> Mapping[str, Any]:
    from lab_app.quant.imatrix_file import coverage, load

    data, counts = load(target)
    model = read(context.inputs["model"].path)
    rows = coverage(model, counts)
    summary = {
        "chunks": data.chunks,
        "chunks_asked": chunks,
        "context": n_ctx,
        "tokens": data.chunks * n_ctx,
        "text_sha256": context.inputs["text"].sha256,
        "dataset": data.dataset,
        "entries": len(data.values),
        "tensors": len(rows),
        "uncovered": [row["tensor"] for row in rows if not row["covered"]],
        "experts_unseen": sum(row["experts_unseen"] for row in rows if row["covered"]),
    }
    table = context.work_dir / "coverage.json"
    table.write_text(json.dumps({**summary, "rows": rows}, indent=1), encoding="utf-8")
    context.publish("imatrix", target, "imatrix.gguf", {"chunks": data.chunks})
    context.publish("coverage", table, "coverage.json")
    return summary

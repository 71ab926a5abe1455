"""Job ``imatrix``: importance matrix of a model over a calibration text, and a table of what it covers.

llama.cpp's own llama-imatrix does the work, as a child of the worker.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from lab_app.gguf.reader import read
from lab_app.jobs.context import JobContext
from lab_app.jobs.process import start_tool
from lab_app.system import host, native
from lab_app.system.errors import JobFailedError, LabError, ResourceError, UsageError

_CHUNK = re.compile(rb"\[(\d+)\]-?[\d.]+(?:nan|inf)?,")
"""What llama-imatrix prints after each chunk: its number and the running perplexity."""
_TAIL = 65_536
_POLL = 0.2


def run(context: JobContext) -> Mapping[str, Any]:
    """Params {"chunks", "context"}; inputs ``model``, ``text``; artifacts ``imatrix`` (GGUF), ``coverage`` (JSON).

    Hints: ``threads``, ``gpu_layers`` (default: all there is room for on a GPU). Raises UsageError (text too
    short), ResourceError (disk), JobFailedError (the tool failed).
    """
    chunks, n_ctx = int(context.params["chunks"]), int(context.params["context"])
    read(context.inputs["model"].path)
    target = context.work_dir / "imatrix.gguf"
    target.unlink(missing_ok=True)
    layers = context.hints.get("gpu_layers")
    command = [
        str(native.tool("llama-imatrix")),
        "-m", os.path.abspath(context.inputs["model"].path),
        "-f", _text(context),
        "-o", target.name,
        "--output-format", "gguf",
        "-c", str(n_ctx),
        "--chunks", str(chunks),
        "-t", str(context.hints.get("threads") or host.usable_cores()),
        "-ngl", "auto" if layers is None else str(layers),
    ]  # fmt: skip
    status, output = _follow(context, command, chunks)
    if status != 0 or not target.is_file():
        raise _why(output, context, n_ctx)
    return _publish(context, target, chunks, n_ctx)


def noted_name(path: str | Path) -> str:
    """The name of a calibration text as the matrix, and every model made with it, will note it.

    The tool loads every libggml-*.so it finds where it runs, and a text may be called anything.
    """
    name = Path(path).name
    odd = re.match(r"(?i)-|(lib)?ggml", name) or name in ("imatrix.gguf", "coverage.json")
    return f"text{name}" if odd else name


def _text(context: JobContext) -> str:
    """The text under its own name in the working directory: the tool writes the name it was given into the
    matrix, and llama-quantize into the model, where paths of this machine have no business."""
    path = Path(context.inputs["text"].path).absolute()
    name = noted_name(path)
    link = context.work_dir / name
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(path)
    except OSError:  # Windows without the right to make links
        shutil.copyfile(path, link)
    return name


def _follow(context: JobContext, command: list[str], chunks: int) -> tuple[int, bytes]:
    """Run the tool in the job's private folder; progress from its marks. Returns status and end of output."""
    process = start_tool(command, cwd=str(context.work_dir))
    context.progress(0, chunks, "reading the calibration text", "chunks")
    listener = _Listener(context, chunks)
    assert process.stdout is not None
    thread = threading.Thread(target=listener.listen, args=(process.stdout,), daemon=True)
    thread.start()
    try:
        while True:
            try:
                status = process.wait(_POLL)
                break
            except subprocess.TimeoutExpired:
                context.check()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        thread.join()
    return status, listener.tail


class _Listener:
    """Reads the tool's output in a thread of its own, so that cancelling does not wait for a chunk."""

    def __init__(self, context: JobContext, chunks: int) -> None:
        self.context, self.chunks = context, chunks
        self.tail = b""
        self.done = 0

    def listen(self, stream: IO[bytes]) -> None:
        while piece := os.read(stream.fileno(), 65_536):
            sys.stderr.buffer.write(piece)
            sys.stderr.buffer.flush()
            self.tail = (self.tail + piece)[-_TAIL:]
            marks = _CHUNK.findall(self.tail)
            if marks and int(marks[-1]) > self.done:
                self.done = int(marks[-1])
                self.context.progress(self.done, self.chunks, "", "chunks")


def _why(output: bytes, context: JobContext, n_ctx: int) -> LabError:
    text = output.decode("utf-8", "replace")
    found = re.search(r"you need at least (\d+) tokens", text)
    if found:
        have = re.search(r"tokenizes to only (\d+) tokens", text)
        return UsageError(
            f"The calibration text is too short: it has {have[1] if have else 'too few'} tokens, and a context of "
            f"{n_ctx} needs {found[1]}.",
            "Give a longer text or a smaller context.",
        )
    if host.free_disk(context.work_dir) < 1 << 20:
        return ResourceError(
            f"No disk space is left in {context.work_dir}.", "Free some, or choose another --data-dir."
        )
    lines = [
        line.strip() for line in text.splitlines() if "error" in line.lower() or "failed" in line.lower()
    ]
    return JobFailedError(
        f"llama-imatrix failed: {lines[-1].rstrip('.') if lines else 'it gave no reason'}.",
        "The log has its words.",
    )


def _publish(context: JobContext, target: Path, chunks: int, n_ctx: int) -> Mapping[str, Any]:
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
        "entries": len(counts),
        "tensors": len(rows),
        "uncovered": [row["tensor"] for row in rows if not row["covered"]],
        "experts_unseen": sum(row["experts_unseen"] for row in rows if row["covered"]),
    }
    table = context.work_dir / "coverage.json"
    table.write_text(json.dumps({**summary, "rows": rows}, indent=1), encoding="utf-8")
    context.publish("imatrix", target, "imatrix.gguf", {"chunks": data.chunks})
    context.publish("coverage", table, "coverage.json")
    return summary

"""Job ``imatrix``: importance matrix of a model over a calibration text, and a table of what it covers.

llama.cpp's own llama-imatrix does the work, as a child of the worker, in stretches of some minutes: the sums of one
are where the next begins, so the numbers are those of a single run, and an interrupted job loses the stretch in flight.
(The copies the tool itself saves on its way are taken amid a chunk, and cannot be continued from.)
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from lab_app.gguf.reader import read
from lab_app.jobs.context import JobContext
from lab_app.jobs.process import start_tool
from lab_app.system import host, native
from lab_app.system.errors import JobFailedError, LabError, ResourceError, UsageError

_CHUNK = re.compile(rb"\[(\d+)\]-?[\d.]+(?:nan|inf)?,")
"""What llama-imatrix prints after each chunk: its number in this run and the running perplexity."""
_KEPT = re.compile(r"sums-(\d+)\.gguf")
_TAIL = 65_536
_POLL = 0.2
_BATCH = 2048
"""Tokens the tool decodes at once: as many chunks side by side as fit."""
_STRETCH = 120.0
"""Seconds after which a stretch may end."""
_LEAST = 3
"""Chunks a run that does not begin at the start must have before it: it refuses a text of two and less."""


def run(context: JobContext) -> Mapping[str, Any]:
    """Params {"chunks", "context"}; inputs ``model``, ``text``; artifacts ``imatrix`` (GGUF), ``coverage`` (JSON).

    Hints: ``threads``, ``gpu_layers`` (-1: all; default: none). Raises UsageError (text too
    short), ResourceError (disk), JobFailedError (the tool failed).
    """
    chunks, n_ctx = int(context.params["chunks"]), int(context.params["context"])
    read(context.inputs["model"].path)
    threads = context.hints.get("threads") or host.usable_cores()
    layers = int(context.hints.get("gpu_layers") or 0)
    command = [
        str(native.tool("llama-imatrix")),
        "-m", os.path.abspath(context.inputs["model"].path),
        "-f", _text(context),
        "--output-format", "gguf",
        "-c", str(n_ctx),
        "-b", str(_BATCH),
        "-t", str(threads),
        "-ngl", "all" if layers < 0 else str(layers),
    ]  # fmt: skip
    if layers == 0:  # else large products would go to the card all the same
        command += ["--device", "none"]
    target = _kept(context)
    done = _number(target) if target else 0
    context.progress(done, chunks, "counting the tokens of the calibration text", "chunks")
    total = min(chunks, _tokens(context, n_ctx) // n_ctx)
    length = step = max(1, _BATCH // n_ctx)
    while target is None or done < total:
        end = min(done + length, total)
        if total - end < _LEAST:
            end = total
        began = time.monotonic()
        target = _stretch(context, command, target, done, end, total)
        pace = (time.monotonic() - began) / (end - done)
        length = step * max(1, math.ceil(_STRETCH / pace / step))
        done = end
    context.provenance.update(
        engine="llama-imatrix",
        threads=threads,
        gpu_layers=layers,
        n_batch=_BATCH,
    )
    return _publish(context, target, chunks, n_ctx)


def noted_name(path: str | Path) -> str:
    """The name of a calibration text as the matrix, and every model made with it, will note it.

    The tool loads every libggml-*.so it finds where it runs, and a text may be called anything.
    """
    name = Path(path).name
    odd = re.match(r"(?i)-|(lib)?ggml|sums-", name) or name in ("imatrix.gguf", "coverage.json")
    return f"text{name}" if odd else name


def _tokens(context: JobContext, n_ctx: int) -> int:
    """Tokens of the text, as the tool will count them. Raises UsageError where they are too few for it."""
    from lab_app.engines.llama_vocab import open_vocab

    text = Path(context.inputs["text"].path).read_text("utf-8", errors="replace")
    with open_vocab(context.inputs["model"].path) as vocab:
        tokens = len(vocab.tokenize(text.removesuffix("\n"), add_special=True))  # it drops one such as well
    if tokens < 2 * n_ctx:
        raise UsageError(
            f"The calibration text is too short: it has {tokens} tokens, and a context of {n_ctx} needs {2 * n_ctx}.",
            "Give a longer text or a smaller context.",
        )
    return tokens


def _number(path: Path) -> int:
    match = _KEPT.fullmatch(path.name)
    return int(match[1]) if match else 0


def _kept(context: JobContext) -> Path | None:
    """The sums an earlier attempt came to: of the most chunks, as far as they are whole."""
    from lab_app.quant.imatrix_file import load

    for path in sorted(context.work_dir.glob("sums-*.gguf"), key=_number, reverse=True):
        try:
            if load(path)[0].chunks == _number(path) > 0:
                return path
        except LabError:
            pass
        path.unlink(missing_ok=True)
    return None


def _stretch(
    context: JobContext, command: list[str], before: Path | None, done: int, end: int, total: int
) -> Path:
    """Chunks ``done`` to ``end``, on top of the sums of those before. Returns the file with the sums of all."""
    target = context.work_dir / "imatrix.gguf"
    target.unlink(missing_ok=True)
    line = [*command, "-o", target.name, "--chunks", str(end - done)]
    if before is not None:
        line += ["--in-file", before.name, "--from-chunk", str(done)]
    status, output = _follow(context, line, done, total)
    if status != 0 or not target.is_file():
        raise _why(output, context)
    kept = context.work_dir / f"sums-{end}.gguf"
    os.replace(target, kept)
    if before is not None:
        before.unlink(missing_ok=True)
    return kept


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


def _follow(context: JobContext, command: list[str], done: int, total: int) -> tuple[int, bytes]:
    """Run the tool in the job's private folder; progress from its marks. Returns status and end of output."""
    process = start_tool(command, cwd=str(context.work_dir))
    context.progress(done, total, "reading the calibration text", "chunks")
    listener = _Listener(context, done, total)
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

    def __init__(self, context: JobContext, before: int, total: int) -> None:
        self.context, self.before, self.total = context, before, total
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
                self.context.progress(self.before + self.done, self.total, "", "chunks")


def _why(output: bytes, context: JobContext) -> LabError:
    text = output.decode("utf-8", "replace")
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

"""What every job that writes a model file does before and after: room on the disk, a name, a file that loads."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from lab_app.gguf.header import LazyArray, TensorInfo
from lab_app.gguf.parts import Model
from lab_app.gguf.reader import read
from lab_app.jobs.context import JobContext
from lab_app.jobs.process import start_tool
from lab_app.system.environment import python_command
from lab_app.system.errors import IntegrityError, JobFailedError, ResourceError, UsageError
from lab_app.system.host import free_disk

MARGIN = 16 << 20
"""Bytes that must stay free beside the new file."""


def check_space(context: JobContext, needed: int, what: str) -> None:
    """Raises ResourceError unless ``needed`` bytes and a margin are free. ``what`` begins the sentence."""
    free = free_disk(context.work_dir)
    if free < needed + MARGIN:
        raise ResourceError(
            f"{what} needs {(needed + MARGIN) / 1e6:.0f} MB on the disk of "
            f"{context.work_dir.parent.parent}, but only {free / 1e6:.0f} MB are free.",
            "Free some space, or choose another --data-dir.",
        )


def check_target(sources: Iterable[Path], folder: Path, name: str) -> None:
    """Raises UsageError where ``name`` is no file name, or would replace one of ``sources``."""
    if not name or Path(name).name != name:
        raise UsageError(f"{name!r} is not a file name.", "Give a name without folders.")
    target = folder / name
    for source in sources:
        if target.exists() and os.path.samefile(target, source):
            raise UsageError(
                f"The new file would replace its own source {source}.", "Choose another folder or name."
            )


def not_written(target: Path, why: str) -> ResourceError:
    free = free_disk(target.parent)
    return ResourceError(
        f"The new file could not be written to {target.parent} ({why}; {free / 1e6:.0f} MB are free).",
        "Free some disk space, lift the limit on file sizes, or choose another --data-dir.",
    )


def check_loads(context: JobContext, path: Path, advice: str) -> None:
    """The lab's reader and llama.cpp must both accept a new file: every tensor, the vocabulary, every value.

    llama.cpp loads it in a process of its own, because this room knows no engine. Raises IntegrityError, with
    ``advice`` on what to do, or Cancelled.
    """
    read(path)
    command = python_command("from lab_app.engines.load_check import main; main()")
    status, output = follow(context, [*command, str(path)], stderr=None)
    try:
        why = json.loads(output.strip().splitlines()[-1])["error"]
    except (IndexError, ValueError, KeyError, TypeError):
        raise JobFailedError(
            f"llama.cpp ended (status {status}) while it loaded {path.name}.", advice
        ) from None
    if why is not None:
        raise IntegrityError(f"llama.cpp does not load the file that was made: {why}.", advice)


def follow(
    context: JobContext,
    command: list[str],
    tick: Callable[[], None] = lambda: None,
    *,
    stderr: int | None = subprocess.STDOUT,
) -> tuple[int, str]:
    """Run a tool in the job's private folder to its end: (exit status, what it printed). ``tick`` is called now
    and then. Raises Cancelled, with the tool killed."""
    process = start_tool(command, cwd=str(context.work_dir), stderr=stderr)
    while True:
        try:
            output = process.communicate(timeout=0.2)[0].decode("utf-8", "replace")
            return process.returncode, output
        except subprocess.TimeoutExpired:
            tick()
            if context.cancelled():
                process.kill()
                process.wait()
                context.check()


def run_tool(context: JobContext, command: list[str], tick: Callable[[], None] = lambda: None) -> str:
    """:func:`follow` with the output in the log. Raises ResourceError (disk) or JobFailedError with its words."""
    status, output = follow(context, command, tick)
    sys.stderr.write(output)
    if status == 0:
        return output
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    why = lines[-1].rstrip(".") if lines else "it gave no reason"
    if free_disk(context.work_dir) < MARGIN or any(
        word in why for word in ("iostream", "basic_ios", "No space")
    ):
        raise not_written(context.work_dir / "file", why)
    raise JobFailedError(
        f"{Path(command[0]).stem} ended with status {status}: {why}.", "The log has its words."
    )


def link(source: Path, target: Path) -> Path:
    """``source`` under a name in the job's private folder, without a copy where the system can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    for make in (os.symlink, os.link, shutil.copyfile):
        try:
            make(source.absolute(), target)
            return target
        except OSError:
            if make is shutil.copyfile:
                raise
    return target


def same_tensors(
    context: JobContext, first: Model, second: Model, names: Iterable[str] | None = None
) -> None:
    """Every tensor of ``first`` (or those of ``names``) must be in ``second`` bit by bit, and metadata must agree
    but for the keys of splitting. Raises IntegrityError or Cancelled."""
    theirs = {tensor.name: (path, offset, tensor) for path, offset, tensor in places(second)}
    chosen = None if names is None else set(names)
    total, done = first.size, 0
    for path, offset, tensor in places(first):
        context.check()
        context.progress(done, total, f"comparing {tensor.name}", "bytes")
        done += tensor.nbytes
        if chosen is not None and tensor.name not in chosen:
            continue
        other = theirs.get(tensor.name)
        if other is None or (other[2].shape, other[2].type) != (tensor.shape, tensor.type):
            raise _differs(tensor.name)
        if not _same_bytes((path, offset), other[:2], tensor.nbytes):
            raise _differs(tensor.name)
    if chosen is None and len(theirs) != len(first.header.tensors):
        raise _differs("the list of tensors")


def same_metadata(first: Model, second: Model, but: Iterable[str] = ()) -> None:
    """Raises IntegrityError unless both say the same, except for ``but`` and the keys of splitting."""
    ignored = {"split.no", "split.count", "split.tensors.count", *but}
    texts = [
        {key: _plain(value) for key, value in model.header.metadata.items() if key not in ignored}
        for model in (first, second)
    ]
    for key in texts[0].keys() | texts[1].keys():
        if texts[0].get(key) != texts[1].get(key):
            raise _differs(key)


def _plain(value: object) -> object:
    return value.raw() if isinstance(value, LazyArray) else repr(value)


def places(model: Model) -> Iterator[tuple[Path, int, TensorInfo]]:
    """(file, offset in it, tensor) of every tensor of a model, parts in their order."""
    for path in model.paths:
        file = read(path)
        for tensor in file.tensors:
            yield path, file.data_offset + tensor.offset, tensor


def _same_bytes(first: tuple[Path, int], second: tuple[Path, int], count: int) -> bool:
    with open(first[0], "rb") as one, open(second[0], "rb") as two:
        one.seek(first[1])
        two.seek(second[1])
        while count > 0:
            block = one.read(min(count, 8 << 20))
            if not block or block != two.read(len(block)):
                return False
            count -= len(block)
    return True


def _differs(what: str) -> IntegrityError:
    return IntegrityError(
        f"The new file is not what it was made of: {what} differs.",
        "Run again; if it stays so, please report it with the log.",
    )

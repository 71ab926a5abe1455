"""What every job that writes a model file does before and after: room on the disk, a name, a file that loads."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

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
    process = start_tool([*command, str(path)], cwd=str(context.work_dir), stderr=None)
    while True:
        try:
            output = process.communicate(timeout=0.2)[0].decode("utf-8", "replace")
            break
        except subprocess.TimeoutExpired:
            if context.cancelled():
                process.kill()
                process.wait()
                context.check()
    try:
        why = json.loads(output.strip().splitlines()[-1])["error"]
    except (IndexError, ValueError, KeyError, TypeError):
        raise JobFailedError(
            f"llama.cpp ended (status {process.returncode}) while it loaded {path.name}.", advice
        ) from None
    if why is not None:
        raise IntegrityError(f"llama.cpp does not load the file that was made: {why}.", advice)

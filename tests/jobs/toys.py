"""Handlers for tests of the road itself. A job names them as kind ``toys:NAME``, which works where the runner
was given this folder as ``import_paths`` (the same door a plug-in in development uses)."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab_app.jobs.context import JobContext
from lab_app.jobs.process import start_tool
from lab_app.store.records import Sample
from lab_app.system import errors


def measure(context: JobContext) -> Mapping[str, Any]:
    """``count`` samples, ``pause`` seconds apart; goes on after those it has. With a ``gate`` it waits in the middle
    until there is a file of that name, however long what else happens takes."""
    have = {sample.x for sample in context.done}
    count = int(context.params["count"])
    gate = context.params.get("gate")
    for x in range(count):
        if x in have:
            continue
        context.check()
        while gate is not None and x == count // 2 and not os.path.exists(str(gate)):
            context.check()
            time.sleep(0.01)
        context.emit(Sample("item", x, x * x, payload={"text": "é" * int(context.params.get("padding", 0))}))
        context.progress(x + 1, count, str(context.params.get("message", "")))
        time.sleep(float(context.params.get("pause", 0)))
    return {"measured": count - len(have), "had": len(have)}


def make(context: JobContext) -> Mapping[str, Any]:
    """A file ``out.txt`` from the text in the parameters and from all inputs."""
    time.sleep(float(context.params.get("pause", 0)))
    parts = [str(context.params.get("text", ""))]
    parts += [Path(item.path).read_text() for _, item in sorted(context.inputs.items())]
    temporary = context.work_dir / "out.part"
    temporary.write_text("".join(parts))
    context.publish("file", temporary, "out.txt", dict(context.params.get("meta", {})))
    runs = context.work_dir.parent.parent / "runs.txt"
    with open(runs, "a") as stream:
        stream.write(f"{context.params.get('text', '')}\n")
    return {"length": sum(map(len, parts))}


def refuse(context: JobContext) -> Mapping[str, Any]:
    """Raises the error named in the parameters."""
    raise getattr(errors, str(context.params["error"]))("It cannot be done.", "Do it otherwise.")


def stumble(context: JobContext) -> Mapping[str, Any]:
    return {"value": 1 // int(context.params.get("zero", 0))}


def raise_os_error(context: JobContext) -> Mapping[str, Any]:
    number = int(context.params["errno"])
    raise OSError(number, os.strerror(number), "/some/file")


def abort(context: JobContext) -> Mapping[str, Any]:
    """What a failed GGML_ASSERT does: words on fd 2, then SIGABRT."""
    os.write(2, b"loading tensors\n")
    os.write(1, b"/build/src/ggml/src/ggml.c:1712: GGML_ASSERT(n_dims >= 1) failed\n")
    os.abort()


def native_abort(context: JobContext) -> Mapping[str, Any]:
    """A real one: ggml is asked for a tensor of no type."""
    from lab_app.system import paths

    folder = paths.native_dir()
    name = {"darwin": "libggml-base.dylib"}.get(sys.platform, "libggml-base.so")
    library = ctypes.CDLL(str(folder / name))
    library.ggml_abort(b"/some/folder/toys.c", 7, b"the %s is %d", b"answer", 42)
    return {}


def die(context: JobContext) -> Mapping[str, Any]:
    os.kill(os.getpid(), int(context.params.get("signal", signal.SIGKILL)))
    time.sleep(60)
    return {}


def leave(context: JobContext) -> Mapping[str, Any]:
    os._exit(17)


def eat(context: JobContext) -> Mapping[str, Any]:
    """Touches nothing, so that only the limit on address space can stop it."""
    held = bytearray(int(context.params["bytes"]))
    return {"held": len(held)}


def look(context: JobContext) -> Mapping[str, Any]:
    """What this process is."""
    import resource

    import lab_app

    context.provenance["seed"] = 42
    return {
        "environment": dict(os.environ),
        "cwd": os.getcwd(),
        "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
        "group": os.getpgrp() == os.getpid(),
        "lab_app": lab_app.__file__,
        "json": sys.modules["json"].__file__,
        "modules": sorted(sys.modules),
        "hints": dict(context.hints),
    }


def chatter(context: JobContext) -> Mapping[str, Any]:
    """Prints on every way that leads to fd 1 and 2, which must not reach the event channel."""
    print("from print")
    os.write(1, b"from fd 1\n")
    subprocess.run(["/bin/echo", "from a tool"], check=True)
    sys.stderr.write("from stderr\n")
    return {}


def stubborn(context: JobContext) -> Mapping[str, Any]:
    """Does not listen when asked to stop."""
    context.progress(0, message="deaf")
    time.sleep(600)
    return {}


def nonsense(context: JobContext) -> Mapping[str, Any]:
    """Writes on the event channel by hand: the text or the bytes (hex) in the parameters."""
    channel = context.emit.__self__  # type: ignore[attr-defined]
    data = str(context.params.get("text", "")).encode() or bytes.fromhex(context.params.get("hex", ""))
    while data:
        data = data[os.write(channel._descriptor, data) :]
    time.sleep(float(context.params.get("pause", 0)))
    os._exit(0)


def with_tool(context: JobContext) -> Mapping[str, Any]:
    """Starts a tool that would outlive everything, and waits for it."""
    process = start_tool(["/bin/sleep", "600"], cwd=str(context.work_dir))
    context.progress(process.pid, message="tool")
    process.wait()
    return {}


def not_json(context: JobContext) -> Mapping[str, Any]:
    return {"value": object()}


def where(context: JobContext) -> Mapping[str, Any]:
    """The process, its folder, and a word in its log: by Python and by native code."""
    print("a word by Python", flush=True)
    os.write(2, b"a word by native code\n")
    return {"pid": os.getpid(), "cwd": os.getcwd(), "work_dir": str(context.work_dir)}

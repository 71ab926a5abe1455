"""What our jobs cost beside the bare tools: quantize and perplexity, alternating in one run.

    python benchmarks/overhead.py MODEL.gguf TEXT [--rounds 5] [--out benchmarks/results/overhead.json]

Wall time of ours includes the start of a Python process, the runner, the worker and the store, and
ends when the result is committed. The peer is the tool of the same build with the same settings.
Also measured: the parent's peak memory, ``--version`` and ``--batch --dry-run``.
Targets: ratio <= 1.05 each (runs over 20 s), parent < 150 MB, --version < 0.3 s, dry run < 1 s.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

OURS = r"""
import json, resource, sys, tempfile
from pathlib import Path
from lab_app.jobs.job import FileInput, Job
from lab_app.jobs.runner import Runner
from lab_app.store import Store
from lab_app.system import native
from lab_app.system.paths import Folders
kind, params, inputs, data = json.loads(sys.argv[1])
folders = Folders(Path(data))
store = Store.open(folders.db)
job = Job(kind, params, {k: FileInput(p, store.file_sha256(p)) for k, p in inputs.items()},
          engine=native.engine_id(), hints={"name": "out.gguf"})
runner = Runner(store, folders)
runner.submit([job])
state = runner.run()[job.key]
result = store.result(job.key)
store.close()
print(json.dumps({"state": str(state), "parent_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                  "values": result.values if result else None}))
"""


def timed(command: Sequence[str], cwd: str) -> tuple[float, str]:
    """(wall seconds, standard output) of a command; raises RuntimeError with its last lines when it fails."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed ({done.returncode}): {(done.stderr or done.stdout)[-800:]}")
    return wall, done.stdout


def alternate(ours: Any, peer: Any, rounds: int) -> dict[str, Any]:
    """Run both in turn (order swapped each round) after one warm-up of the peer."""
    peer()
    pairs = []
    for index in range(rounds):
        first, second = (ours, peer) if index % 2 == 0 else (peer, ours)
        a, b = first(), second()
        pairs.append((a, b) if index % 2 == 0 else (b, a))
    ratios = [a / b for a, b in pairs]
    return {
        "ours_s": [round(a, 2) for a, _ in pairs],
        "peer_s": [round(b, 2) for _, b in pairs],
        "ratio_median": round(statistics.median(ratios), 4),
        "ratio_min": round(min(ratios), 4),
        "ratio_max": round(max(ratios), 4),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("text", type=Path)
    parser.add_argument("--type", default="Q4_K_M", help="quant type for the quantize pair")
    parser.add_argument("--chunks", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/overhead.json"))
    parser.add_argument("--study", type=Path, default=Path("resources/studies/demo.toml"))
    args = parser.parse_args()

    from lab_app.system import native, paths

    model, text = str(args.model.resolve()), str(args.text.resolve())
    folder = str(paths.native_dir())
    threads = str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())
    parents: list[float] = []

    def ours(kind: str, params: dict[str, Any], inputs: dict[str, str]) -> float:
        with tempfile.TemporaryDirectory() as data:
            spec = json.dumps([kind, params, inputs, data])
            wall, out = timed([sys.executable, "-c", OURS, spec], cwd=os.getcwd())
            reply = json.loads(out.splitlines()[-1])
            if "done" not in reply["state"].lower():
                raise RuntimeError(f"our {kind} job ended as {reply['state']}")
            parents.append(reply["parent_mb"])
            return wall

    def tool(name: str, *options: str) -> float:
        return timed([str(native.tool(name)), *options], cwd=folder)[0]

    with tempfile.TemporaryDirectory() as scratch:
        target = os.path.join(scratch, "peer.gguf")
        quantize = alternate(
            lambda: ours(
                "quantize",
                {
                    "type": args.type,
                    "overrides": {},
                    "output_type": None,
                    "embedding_type": None,
                    "allow_requantize": True,
                    "pure": False,
                },
                {"model": model},
            ),
            lambda: tool("llama-quantize", "--allow-requantize", model, target, args.type, threads),
            args.rounds,
        )
    perplexity = alternate(
        lambda: ours(
            "probe",
            {
                "probe": "divergence",
                "spec": {"chunks": args.chunks, "context": 512, "keep_logits": False},
                "engine": "llama",
                "settings": {},
            },
            {"model": model, "text": text},
        ),
        lambda: tool("llama-perplexity", "-m", model, "-f", text, "-c", "512", "--chunks", str(args.chunks)),
        args.rounds,
    )

    def command(*options: str) -> dict[str, float]:
        walls = [timed([sys.executable, "-m", "lab_app.cli", *options], cwd=os.getcwd())[0] for _ in range(5)]
        return {"median_s": round(statistics.median(walls), 3), "max_s": round(max(walls), 3)}

    result = {
        "date": time.strftime("%Y-%m-%d"),
        "cpu": platform.processor() or platform.machine(),
        "threads": int(threads),
        "engine": native.engine_id(),
        "model": args.model.name,
        "quantize": {"type": args.type, **quantize},
        "perplexity": {"chunks": args.chunks, **perplexity},
        "parent_peak_mb": round(max(parents), 1),
        "version": command("--version"),
        "dry_run": command("--batch", str(args.study), "--dry-run"),
        "benchmark_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

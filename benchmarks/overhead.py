"""What our jobs cost beside the bare tools: quantize and perplexity, alternating in one run.

    python benchmarks/overhead.py [MODEL.gguf [TEXT]] [--source F16.gguf] [--rounds 5]
                                  [--out benchmarks/results/overhead.json]

MODEL is measured, SOURCE (default: MODEL) is quantized. Wall time of ours includes the start of a Python process,
the runner, the worker and the store, the check that the new file loads, hashing and fsync, and ends when the result
is committed. The hash of the source is known before, as it is for every quantization of a study but the first; what
it takes stands beside. The peer is the tool of the same build with the same settings.
Also measured: the peak memory of ``odyssey-lab --batch`` in a study of its own, ``--version``, and ``--batch
--dry-run`` of the demo model with seven quant types, the first time and later.
Targets: ratio <= 1.05 each (runs over 20 s), parent < 150 MB, --version < 0.3 s, dry run < 1 s.
Without a MODEL the demo model is fetched; quantizing it is over in seconds, so that the ratio says little then.
Run it on an idle machine: "idle" in the result says whether it was. Exit status 1: a target was missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lab_app.store import Store
from lab_app.system import host, native, paths
from lab_app.system.hashing import sha256_file

OURS = r"""
import json, sys
from pathlib import Path
from lab_app.jobs.job import FileInput, Job
from lab_app.jobs.runner import Runner
from lab_app.store import Store
from lab_app.system import native
from lab_app.system.paths import Folders
kind, params, inputs, data, threads = json.loads(sys.argv[1])
folders = Folders(Path(data)).create()
with Store.open(folders.db) as store:
    job = Job(kind, params, {k: FileInput(p, store.file_sha256(p)) for k, p in inputs.items()},
              engine=native.engine_id(), hints={"name": "out.gguf", "threads": threads})
    runner = Runner(store, folders)
    runner.submit([job])
    state = runner.run()[job.key]
    row = store.job(job.key)
print(json.dumps({"state": str(state), "failure": row.failure}))
"""
STUDY = """
schema_version = 1
name = "overhead"
[source]
model = {model}
[quantize]
types = {types}
allow_requantize = true
[[probe]]
kind = "divergence"
chunks = 2
"""
TYPES = ["Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "IQ4_XS", "Q3_K_M", "Q2_K"]
LONG = 20.0
"""Seconds a run must take for its ratio to be held against the target."""


def timed(command: Sequence[str], cwd: str) -> tuple[float, float, str]:
    """(wall seconds, processor seconds of it and all it started, standard output) of a command.

    Raises RuntimeError with its last lines when it fails."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before = os.times()
    start = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - start
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed ({done.returncode}): {(done.stderr or done.stdout)[-800:]}")
    return wall, cpu, done.stdout


def peak_memory(command: Sequence[str]) -> float:
    """Highest resident memory of a command's own process (MB), not of those it starts. Linux alone.

    Raises RuntimeError when the command fails."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        try:
            lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        except OSError:
            break
        peak = max([peak, *(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))])
        time.sleep(0.02)
    if process.wait():
        raise RuntimeError(f"{command[0]} failed ({process.returncode})")
    return peak


Timed = tuple[float, float]
"""Wall and processor seconds."""


def alternate(ours: Callable[[], Timed], peer: Callable[[], Timed], rounds: int) -> dict[str, Any]:
    """Run both in turn (order swapped each round) after one warm-up of the peer."""
    peer()
    pairs = []
    for index in range(rounds):
        first, second = (ours, peer) if index % 2 == 0 else (peer, ours)
        a, b = first(), second()
        pairs.append((a, b) if index % 2 == 0 else (b, a))
    ratios = [a[0] / b[0] for a, b in pairs]
    return {
        "ours_s": [round(a[0], 2) for a, _ in pairs],
        "peer_s": [round(b[0], 2) for _, b in pairs],
        "ratio_median": round(statistics.median(ratios), 4),
        "ratio_min": round(min(ratios), 4),
        "ratio_max": round(max(ratios), 4),
        "extra_s": round(statistics.median(a[0] - b[0] for a, b in pairs), 3),
        "extra_cpu_s": round(statistics.median(a[1] - b[1] for a, b in pairs), 3),
        "long_enough": min(b[0] for _, b in pairs) > LONG,
    }


class Bench:
    """Both sides of every comparison, with one number of threads."""

    def __init__(self, model: Path, source: Path, text: Path, threads: int) -> None:
        self.model, self.source = str(model.resolve()), str(source.resolve())
        self.text, self.threads = str(text.resolve()), threads

    def ours(self, kind: str, params: dict[str, Any], inputs: dict[str, str]) -> Timed:
        with tempfile.TemporaryDirectory() as data:
            with Store.open(paths.Folders(Path(data)).create().db) as store:
                store.file_sha256(next(iter(inputs.values())))
            spec = json.dumps([kind, params, inputs, data, self.threads])
            wall, cpu, out = timed([sys.executable, "-c", OURS, spec], cwd=os.getcwd())
        reply = json.loads(out.splitlines()[-1])
        if reply["state"] != "done":
            raise RuntimeError(f"our {kind} job ended as {reply['state']}: {reply['failure']}")
        return wall, cpu

    @staticmethod
    def tool(name: str, *options: str) -> Timed:
        return timed([str(native.tool(name)), *options], cwd=str(paths.native_dir()))[:2]

    def quantize(self, type_name: str, rounds: int) -> dict[str, Any]:
        params = {"type": type_name, "overrides": {}, "allow_requantize": True}
        with tempfile.TemporaryDirectory() as scratch:
            line = ["--allow-requantize", self.source, f"{scratch}/peer.gguf", type_name, str(self.threads)]
            found = alternate(
                lambda: self.ours("quantize", params, {"model": self.source}),
                lambda: self.tool("llama-quantize", *line),
                rounds,
            )
        began = time.perf_counter()
        sha256_file(self.source)
        return {**found, "hash_of_the_source_s": round(time.perf_counter() - began, 2)}

    def perplexity(self, chunks: int, rounds: int) -> dict[str, Any]:
        params = {
            "probe": "divergence",
            "spec": {"chunks": chunks, "context": 512, "keep_logits": False},
            "engine": "llama",
            "settings": {"threads": self.threads},
        }
        line = [
            "-m",
            self.model,
            "-f",
            self.text,
            "-c",
            "512",
            "--chunks",
            str(chunks),
            "-t",
            str(self.threads),
        ]
        return alternate(
            lambda: self.ours("probe", params, {"model": self.model, "text": self.text}),
            lambda: self.tool("llama-perplexity", *line),
            rounds,
        )


def commands(demo: Path) -> dict[str, Any]:
    """``--version``; a dry run of the demo model, which hashes it and predicts sizes, and later ones, which find
    them; and the peak memory of the parent in a study."""

    def walls(count: int, *options: str) -> list[float]:
        line = [sys.executable, "-m", "lab_app.cli", *options]
        return [timed(line, cwd=os.getcwd())[0] for _ in range(count)]

    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder, "study.toml")
        dry = ("--batch", str(study), "--dry-run", "--data-dir")
        study.write_text(STUDY.format(model=json.dumps(str(demo)), types=TYPES), encoding="utf-8")
        found = {
            "version_s": round(statistics.median(walls(7, "--version")), 3),
            "dry_run_first_s": round(
                statistics.median(walls(1, *dry, f"{folder}/data{number}")[0] for number in range(5)), 3
            ),
            "dry_run_s": round(statistics.median(walls(7, *dry, f"{folder}/data0")), 3),
        }
        study.write_text(STUDY.format(model=json.dumps(str(demo)), types=TYPES[:1]), encoding="utf-8")
        line = [sys.executable, "-m", "lab_app.cli", "--batch", str(study), "--data-dir", f"{folder}/data0"]
        return {**found, "parent_peak_mb": round(peak_memory([*line, "--out", f"{folder}/report"]), 1)}


def judged(result: dict[str, Any]) -> dict[str, bool | None]:
    """Target → met; None where the runs were too short to tell."""
    ratios = {
        f"{name} ratio <= 1.05": (
            result[name]["ratio_median"] <= 1.05 if result[name]["long_enough"] else None
        )
        for name in ("quantize", "perplexity")
    }
    return {
        **ratios,
        "parent < 150 MB": result["parent_peak_mb"] < 150,
        "--version < 0.3 s": result["version_s"] < 0.3,
        "dry run < 1 s": max(result["dry_run_first_s"], result["dry_run_s"]) < 1.0,
    }


def demo_model() -> Path:
    """Fetched by the lab's own job into its data folder."""
    from lab_app.gguf import demo
    from lab_app.jobs.job import Job
    from lab_app.jobs.runner import Runner

    folders = paths.Folders(paths.data_dir()).create()
    path = demo.demo_path(folders)
    if not path.is_file():
        with Store.open(folders.db) as store:
            runner = Runner(store, folders)
            runner.submit([Job("fetch-demo", {"source": "demo:"}, hints={"out_dir": str(folders.models)})])
            runner.run()
    return path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path, nargs="?")
    parser.add_argument("text", type=Path, nargs="?", default=paths.resource("texts/evaluation.txt"))
    parser.add_argument("--source", type=Path, help="what is quantized, if not MODEL")
    parser.add_argument("--type", default="Q4_K_M", help="quant type for the quantize pair")
    parser.add_argument("--chunks", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=host.usable_cores())
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/overhead.json"))
    args = parser.parse_args()

    demo = demo_model()
    model = args.model or demo
    bench = Bench(model, args.source or model, args.text, args.threads)
    load = os.getloadavg()[0]
    result: dict[str, Any] = {
        "date": time.strftime("%Y-%m-%d"),
        "cpu": host.cpu_name(),
        "threads": args.threads,
        "load_before": round(load, 2),
        "idle": load < 0.25 * args.threads,
        "engine": native.engine_id(),
        "model": Path(bench.model).name,
        "quantize": {
            "source": Path(bench.source).name,
            "type": args.type,
            **bench.quantize(args.type, args.rounds),
        },
        "perplexity": {"chunks": args.chunks, **bench.perplexity(args.chunks, args.rounds)},
        **commands(demo),
    }
    result["targets"] = judged(result)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))
    return 1 if False in result["targets"].values() else 0


if __name__ == "__main__":
    raise SystemExit(main())

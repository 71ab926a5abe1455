"""Our ``speed`` job against llama-bench, interleaved: ratios should lie within 10 %.

    python benchmarks/speed_parity.py MODEL.gguf [--prefill 512] [--generate 64] [--rounds 5] [--threads N]
                                      [--gpu-layers N] [--out benchmarks/results/speed_parity.json]

Each round runs llama-bench and the job (runner, worker, store and all) one after the other, in alternating order,
each in a fresh process, two repetitions a test. Prints the best rate of each in each round, the median of their
ratios (ours / theirs), and exits with 1 where one is off by more than 10 %.
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
from pathlib import Path
from typing import Any

from lab_app.system import host, native

REPEATS = 2
WITHIN = 0.10
TESTS = ("prefill", "generate")

_OURS = """
import json, sys
from pathlib import Path
from lab_app.jobs.job import FileInput, Job
from lab_app.jobs.runner import Runner
from lab_app.store import Store
from lab_app.system.paths import Folders
model, folder, prefill, generate, repeats, threads, layers = *sys.argv[1:3], *map(int, sys.argv[3:])
folders = Folders(Path(folder)).create()
spec = {"prefill": [prefill], "generate": [generate], "repeats": repeats, "rounds": 1}
settings = {k: v for k, v in {"threads": threads, "gpu_layers": layers}.items() if v}
with Store.open(folders.db) as store:
    params = {"probe": "speed", "spec": spec, "engine": "llama", "settings": settings}
    job = Job("probe", params, {"model": FileInput(model, store.file_sha256(model))})
    runner = Runner(store, folders)
    runner.submit([job])
    runner.run()
    rates = {"prefill": [], "generation": []}
    for sample in store.iter_samples(job.key):
        rates.get(sample.series.partition(":")[0], []).append(sample.y)
    failure = store.job(job.key).failure
print(json.dumps({**rates, "failure": failure}))
"""


def ours(model: str, prefill: int, generate: int, threads: int, layers: int) -> dict[str, list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        numbers = [str(n) for n in (prefill, generate, REPEATS, threads, layers)]
        command = [sys.executable, "-c", _OURS, model, f"{folder}/data", *numbers]
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
    found = json.loads(done.stdout.splitlines()[-1])
    if found["failure"]:
        raise RuntimeError(f"the speed job failed: {found['failure']}")
    return {"prefill": found["prefill"], "generate": found["generation"]}


def theirs(model: str, prefill: int, generate: int, threads: int, layers: int) -> dict[str, list[float]]:
    tool = native.tool("llama-bench")
    command = [
        str(tool),
        "-m",
        model,
        "-p",
        str(prefill),
        "-n",
        str(generate),
        "-r",
        str(REPEATS),
        "-ngl",
        str(layers if layers >= 0 else 999),
        "-o",
        "json",
        *(["-t", str(threads)] if threads else []),
    ]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=tool.parent
    )
    return {
        ("prefill" if test["n_prompt"] else "generate"): test["samples_ts"]
        for test in json.loads(done.stdout)
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Our timing against llama-bench.")
    parser.add_argument("model")
    parser.add_argument("--prefill", type=int, default=512)
    parser.add_argument("--generate", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0, help="0: the default of each")
    parser.add_argument("--gpu-layers", type=int, default=0, help="-1: all")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    model = os.path.abspath(arguments.model)  # llama-bench runs in its own folder
    load = os.getloadavg()[0]
    best: dict[str, dict[str, list[float]]] = {test: {"llama-bench": [], "odyssey-lab": []} for test in TESTS}
    for number in range(arguments.rounds):
        sides = [("llama-bench", theirs), ("odyssey-lab", ours)]
        for name, side in sides if number % 2 == 0 else reversed(sides):
            measured = side(
                model, arguments.prefill, arguments.generate, arguments.threads, arguments.gpu_layers
            )
            for test, rates in measured.items():
                best[test][name].append(round(max(rates), 2))
    tests: dict[str, Any] = {}
    for test, sides_rates in best.items():
        ratios = [a / b for a, b in zip(sides_rates["odyssey-lab"], sides_rates["llama-bench"], strict=True)]
        tests[test] = {**sides_rates, "ratio_median": round(statistics.median(ratios), 4)}
    result = {
        "date": time.strftime("%Y-%m-%d"),
        "cpu": host.cpu_name(),
        "gpus": [card["name"] for card in host.gpus()] if arguments.gpu_layers else [],
        "load_before": round(load, 2),
        "engine": native.engine_id(),
        "model": Path(model).name,
        "tokens": {"prefill": arguments.prefill, "generate": arguments.generate},
        "tests": tests,
        "within_10_percent": all(abs(test["ratio_median"] - 1) <= WITHIN for test in tests.values()),
    }
    print(json.dumps(result, indent=1))
    if arguments.out:
        arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0 if result["within_10_percent"] else 1


if __name__ == "__main__":
    raise SystemExit(main())

"""Our speed probe's timing against llama-bench, interleaved: ratios should lie within 10 %.

    python benchmarks/speed_parity.py MODEL.gguf [--prefill 512] [--generate 64] [--rounds 5] [--threads N]

Each round runs llama-bench and our engine one after the other, in alternating order, each in a fresh
process, two repetitions a test. Prints the median rate of each and their ratio (ours / theirs).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict

from lab_app.system import native

REPEATS = 2

_OURS = """
import json, sys
from lab_app.engines import open_engine
from lab_app.engines.base import EngineSettings
model, prefill, generate, repeats, threads = sys.argv[1], *map(int, sys.argv[2:])
engine = open_engine("llama", model, EngineSettings(threads=threads or None))
engine.open(n_ctx=max(prefill, generate))
rates = {"prefill": [prefill / engine.time_prefill(prefill) for _ in range(repeats)],
         "generate": [generate / engine.time_generate(generate) for _ in range(repeats)]}
print(json.dumps({"threads": engine.info.provenance["threads"], **rates}))
engine.close()
"""


def ours(model: str, prefill: int, generate: int, threads: int) -> dict[str, list[float]]:
    command = [sys.executable, "-c", _OURS, model, str(prefill), str(generate), str(REPEATS), str(threads)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return dict(json.loads(done.stdout))


def theirs(model: str, prefill: int, generate: int, threads: int) -> dict[str, list[float]]:
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
        "0",
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


def main() -> None:
    parser = argparse.ArgumentParser(description="Our timing against llama-bench.")
    parser.add_argument("model")
    parser.add_argument("--prefill", type=int, default=512)
    parser.add_argument("--generate", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0, help="0: the default of each")
    arguments = parser.parse_args()
    model = os.path.abspath(arguments.model)  # llama-bench runs in its own folder
    rates: dict[tuple[str, str], list[float]] = defaultdict(list)
    ratios: dict[str, list[float]] = defaultdict(list)
    for number in range(arguments.rounds):
        sides = [("llama-bench", theirs), ("odyssey-lab", ours)]
        measured = {}
        for name, side in sides if number % 2 == 0 else reversed(sides):
            measured[name] = side(model, arguments.prefill, arguments.generate, arguments.threads)
            for test in ("prefill", "generate"):
                rates[name, test] += measured[name][test]
        for test in ("prefill", "generate"):
            best = {name: max(measured[name][test]) for name in measured}
            ratios[test].append(best["odyssey-lab"] / best["llama-bench"])
    print(f"{'test':>12} {'llama-bench':>12} {'odyssey-lab':>12} {'ratio':>7}   ratio of each round")
    for test in ("prefill", "generate"):
        them, us = (statistics.median(rates[name, test]) for name in ("llama-bench", "odyssey-lab"))
        each = " ".join(f"{ratio:.3f}" for ratio in ratios[test])
        print(f"{test:>12} {them:12.2f} {us:12.2f} {us / them:7.3f}   {each}")


if __name__ == "__main__":
    main()

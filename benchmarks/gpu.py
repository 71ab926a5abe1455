"""A machine with a graphics card: one study on the card and on the processor, and the memory the card was said to need.

    python native/build.py --variant cuda
    python benchmarks/gpu.py MODEL.gguf --text TEXT [--chunks 24] [--out benchmarks/results/gpu.json]

1. The same study (three quant types with an importance matrix, divergence, sums, pass keys, speed) by ``--batch``: as
   the lab chooses on this machine, then with ``gpu_layers = 0``. The perplexity of the base must be llama-perplexity's
   to every printed digit on both. How far card and processor are apart is told, not judged: they round differently.
2. Buffers that llama-perplexity reports on the card, against ``lab_app.gguf.memory.estimate``: within 5 %.

Exit codes: 0 all within the limits, 1 not, 6 no card this engine can use.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from lab_app.gguf.memory import Load, estimate
from lab_app.gguf.reader import read
from lab_app.studies.cards import usable_memory
from lab_app.system import host, native
from lab_app.system.errors import ExitCode

STUDY = """\
schema_version = 1
name = "{name}"
[source]
model = {model}
[engine]
{engine}
[quantize]
types = ["Q8_0", "Q4_K_M", "Q2_K"]
allow_requantize = true
imatrix = {{ text = {text}, chunks = {chunks} }}
[[probe]]
kind = "divergence"
text = {text}
chunks = {chunks}
[[probe]]
kind = "arithmetic"
items = 12
per_prompt = 1
digits = 1
max_tokens = 16
[[probe]]
kind = "passkey"
lengths = [1024]
depths = [0.0, 0.5, 1.0]
repeats = 1
max_tokens = 8
[[probe]]
kind = "speed"
prefill = [512]
generate = [64]
repeats = 2
rounds = 3
"""
MEMORY_WITHIN = 0.05
_BUFFER = re.compile(r"CUDA\d+\s+(?P<what>model|KV|compute) buffer size =\s*(?P<mib>[\d.]+) MiB")


def study(folder: Path, name: str, engine: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Wall seconds and every metric of every cell, by probe and variant."""
    file = folder / f"{name}.toml"
    file.write_text(
        STUDY.format(
            name=name, engine=engine, chunks=arguments.chunks,
            model=json.dumps(os.path.abspath(arguments.model)), text=json.dumps(os.path.abspath(arguments.text)),
        ), encoding="utf-8",
    )  # fmt: skip
    line = [sys.executable, "-m", "lab_app.cli", "--batch", str(file), "--data-dir", str(folder / "data")]
    began = time.perf_counter()
    done = subprocess.run(
        [*line, "--out", str(folder / name)], stderr=subprocess.PIPE, text=True, check=False
    )
    wall = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"the study ended with exit code {done.returncode}: {done.stderr[-2000:]}")
    report = json.loads((folder / name / "report.json").read_text(encoding="utf-8"))
    cells: dict[str, dict[str, Any]] = {}
    jobs: dict[str, dict[str, float]] = {}
    layers: set[Any] = set()
    for probe in report["probes"]:
        for cell in probe["cells"]:
            of = cells.setdefault(probe["id"], {})
            of[cell["variant"]] = {key: metric["value"] for key, metric in cell["metrics"].items()}
            jobs.setdefault(probe["id"], {})[cell["variant"]] = round(cell["seconds"], 2)
            layers.add(cell["provenance"].get("gpu_layers"))
    return {
        "wall_s": round(wall, 1),
        "gpu_layers": sorted(layers),
        "verdict": [sentence["text"] for sentence in report["verdict"]["sentences"]],
        "metrics": cells,
        "seconds": jobs,
    }


def peer(model: Path, text: Path, chunks: int, *options: str) -> str:
    """What llama-perplexity prints for the model."""
    tool = native.tool("llama-perplexity")
    line = [str(tool), "-m", str(model), "-f", str(text), "-c", "512", "--chunks", str(chunks), *options]
    done = subprocess.run(line, capture_output=True, text=True, cwd=tool.parent, check=True)
    found = re.search(r"Final estimate: PPL = ([\d.]+)", done.stdout + done.stderr)
    if found is None:
        raise RuntimeError("llama-perplexity printed no perplexity")
    return found[1]


def perplexities(card: dict[str, Any], processor: dict[str, Any]) -> dict[str, float]:
    """Variant → perplexity on the card, relative to that on the processor."""
    theirs = processor["metrics"]["divergence"]
    return {
        name: round(metrics["ppl"] / theirs[name]["ppl"], 6)
        for name, metrics in card["metrics"]["divergence"].items()
    }


def memory(model: Path, text: Path) -> dict[str, Any]:
    """Bytes on the card for 4,096 tokens, as llama.cpp reports and as the lab estimates."""
    tool = native.tool("llama-perplexity")
    line = [str(tool), "-m", str(model), "-f", str(text), "-c", "4096", "-b", "2048", "--chunks", "1",
            "-ngl", "all", "-v"]  # fmt: skip
    done = subprocess.run(line, capture_output=True, text=True, cwd=tool.parent, check=False)
    found: dict[str, float] = {}
    for match in _BUFFER.finditer(done.stdout + done.stderr):
        # The last word counts: what was planned before is said, too.
        found[match["what"]] = float(match["mib"]) * 2**20
    ours = estimate(read(model), Load(n_ctx=4096, gpu_layers=-1)).vram
    said = {"model": ours.weights, "KV": ours.kv, "compute": ours.compute}
    total = sum(found.values())
    return {
        "reported": {name: round(size) for name, size in found.items()},
        "estimated": said,
        "ratio": round(sum(said.values()) / total, 4) if total else None,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="The lab on a graphics card.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--chunks", type=int, default=24)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    if not usable_memory():
        print("There is no card this native engine can use.", file=sys.stderr)
        return int(ExitCode.RESOURCES)
    with tempfile.TemporaryDirectory() as folder:
        card = study(Path(folder), "card", "", arguments)
        print(json.dumps({"card": card}), flush=True)
        processor = study(Path(folder), "processor", "gpu_layers = 0", arguments)
    result: dict[str, Any] = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": host.info(),
        "engine": native.engine_id(),
        "model": arguments.model.name,
        "chunks": arguments.chunks,
        "card": card,
        "processor": processor,
        "perplexity_card_to_processor": perplexities(card, processor),
        "memory": memory(arguments.model.absolute(), arguments.text.absolute()),
    }
    model, text = arguments.model.absolute(), arguments.text.absolute()
    result["llama_perplexity"] = {
        "card": peer(model, text, arguments.chunks, "-ngl", "all"),
        "processor": peer(model, text, arguments.chunks, "-ngl", "0", "--device", "none"),
    }
    ratio = result["memory"]["ratio"]
    result["met"] = {
        "all layers on the card": card["gpu_layers"] == [-1] and processor["gpu_layers"] == [0],
        "perplexity to the printed digits": all(
            f"{side['metrics']['divergence']['base']['ppl']:.4f}" == result["llama_perplexity"][name]
            for name, side in (("card", card), ("processor", processor))
        ),
        "memory within 5 %": ratio is not None and abs(ratio - 1) <= MEMORY_WITHIN,
    }
    print(json.dumps(result, indent=1))
    if arguments.out:
        arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0 if all(result["met"].values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())

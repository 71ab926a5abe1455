"""Greedy generation against the bindings' own high-level class, which batches and samples by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

# In a process of its own: the class keeps a model, a context and callbacks until the end.
BOTH = """
import json, sys
from lab_app.engines import open_engine
from lab_app.engines.base import EngineSettings
path, flash, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
engine = open_engine("llama", path, EngineSettings(threads=1, flash_attention=flash))
engine.open(n_ctx=256)
prompts = [engine.chat_prompt([{"role": "user", "content": text}])
           for text in ("Name three colours.",)]
ours = [list(engine.generate(prompt, max_tokens=count).tokens) for prompt in prompts]
engine.close()
import llama_cpp
peer = llama_cpp.Llama(path, n_ctx=256, n_threads=1, n_threads_batch=1, n_gpu_layers=0,
                       flash_attn=flash == "on", verbose=False)
theirs = []
for prompt in prompts:
    drawn = []
    for token in peer.generate(prompt, top_k=1, temp=0.0, repeat_penalty=1.0):
        if token == peer.token_eos() or len(drawn) == count:
            break
        drawn.append(token)
    theirs.append(drawn)
print(json.dumps([ours, theirs]))
"""


@pytest.mark.parametrize("flash", ["on", "off"])
def test_greedy_tokens_are_the_same(demo_model: Path, native_dir: Path, flash: str) -> None:
    command = [sys.executable, "-c", BOTH, str(demo_model), flash, "16"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    ours, theirs = json.loads(done.stdout.splitlines()[-1])
    assert [len(tokens) for tokens in ours] != [0]
    assert ours == theirs

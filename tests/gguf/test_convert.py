"""What a conversion refuses, says and never does; that it computes the right thing is tested in tests/parity."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lab_app.gguf import convert
from lab_app.gguf.hf_folder import read_folder
from lab_app.jobs.states import JobState
from lab_app.system import paths
from lab_app.system.hashing import sha256_file
from tests.commandline import environment
from tests.conftest import Ran, RunJob
from tests.hf_models import needs_extra, save_model

pytestmark = [needs_extra, pytest.mark.usefixtures("native_dir"), pytest.mark.slow]


def run(run_job: RunJob, folder: Path, type_name: str | None = None) -> Ran:
    model = read_folder(folder)
    job = convert.job(model, convert.folder_inputs(model, sha256_file), type_name=type_name, engine="test")
    return run_job(job.kind, job.params, job.inputs, engine=job.engine, hints=job.hints)


def failed(ran: Ran, code: int) -> str:
    assert ran.state is JobState.FAILED and ran.failure.exit_code == code, ran.failure
    assert not ran.artifacts and ran.failure.hint
    return ran.failure.message


def own_bpe(folder: Path, tokens: int = 400) -> None:
    """A byte-level BPE of our own, which llama.cpp has no pre-tokenizer for."""
    from tokenizers import ByteLevelBPETokenizer

    (folder / "tokenizer.model").unlink()
    tokenizer = ByteLevelBPETokenizer()
    text = str(paths.resource("texts/calibration.txt"))
    tokenizer.train([text], vocab_size=tokens, show_progress=False, special_tokens=["<s>", "</s>"])
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))


@pytest.mark.parametrize(
    ("tokens", "words"),
    [(400, "does not know how the tokenizer of tiny divides"), (600, "tokenizer of tiny has more tokens")],
)
def test_tokenizers_that_do_not_fit(tmp_path: Path, run_job: RunJob, tokens: int, words: str) -> None:
    save_model(tmp_path / "tiny", "qwen2", layers=1)
    own_bpe(tmp_path / "tiny", tokens)
    assert words in failed(run(run_job, tmp_path / "tiny"), 2)


def test_values_beyond_f16(tmp_path: Path, run_job: RunJob) -> None:
    """bf16 holds numbers that f16 cannot; a file with infinities in it is not kept."""
    import torch
    from safetensors.torch import load_file, save_file

    folder = tmp_path / "tiny"
    save_model(folder, "llama", "bfloat16", layers=1)
    weights = load_file(folder / "model.safetensors")
    weights["model.layers.0.mlp.up_proj.weight"][3, 5] = torch.tensor(1e6)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    ran = run(run_job, folder, "f16")
    assert "llama.cpp does not load" in failed(ran, 4)
    assert "bf16" in str(ran.failure.hint)


def test_a_tensor_nobody_knows(tmp_path: Path, run_job: RunJob) -> None:
    from safetensors.torch import load_file, save_file

    folder = tmp_path / "tiny"
    save_model(folder, "llama", layers=1)
    weights = load_file(folder / "model.safetensors")
    weights["model.layers.0.surprise.weight"] = weights["model.norm.weight"].clone()
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    assert "'model.layers.0.surprise.weight'" in failed(run(run_job, folder), 2)


def test_a_changed_converter_is_not_run(
    tmp_path: Path, run_job: RunJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = tmp_path / "engine"
    engine.mkdir()
    for path in paths.native_dir().iterdir():
        if path.name != "convert":
            (engine / path.name).symlink_to(path)
    shutil.copytree(paths.native_dir() / "convert", engine / "convert")
    script = engine / "convert" / "conversion" / "llama.py"
    canary = tmp_path / "canary"
    script.write_text(f"open({str(canary)!r}, 'w')\n" + script.read_text())
    save_model(tmp_path / "tiny", "llama", layers=1)
    monkeypatch.setenv("ODYSSEY_LAB_NATIVE", str(engine))
    assert "conversion/llama.py" in failed(run(run_job, tmp_path / "tiny"), 4)
    assert not canary.exists()


EVIL = "open({canary!r}, 'w').close()\nfrom transformers import PreTrainedTokenizerFast as EvilTokenizer\n"
LOAD = """
import sys
if sys.argv[2] == "guarded":
    from lab_app.gguf import converter
    converter.load()
from transformers import AutoTokenizer
try:
    AutoTokenizer.from_pretrained(sys.argv[1], trust_remote_code=True)
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.mark.parametrize("how", ["guarded", "unguarded"])
def test_code_of_a_repository_never_runs(tmp_path: Path, how: str) -> None:
    """Even where the converter itself asks for it; without the guard the same call does run it."""
    folder = tmp_path / "evil"
    save_model(folder, "llama", layers=1)
    own_bpe(folder)
    canary = tmp_path / "canary"
    (folder / "evil.py").write_text(EVIL.format(canary=str(canary)))
    config = {"tokenizer_class": "EvilTokenizer", "auto_map": {"AutoTokenizer": [None, "evil.EvilTokenizer"]}}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    env = environment({"HF_HOME": str(tmp_path / "home")})
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(folder), how], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert canary.exists() == (how == "unguarded"), done.stdout + done.stderr

"""Headers on the hub, and what this llama.cpp says of them, before anything is downloaded."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from lab_app.gguf import inspect
from lab_app.hub import preview, repo
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.system import native
from lab_app.system.errors import IntegrityError
from lab_app.system.paths import Folders
from tests.hub.fake_hub import FakeHub
from tests.models import tiny_gguf


@pytest.fixture
def look(hub: FakeHub, store: Store, folders: Folders, native_dir: Path) -> Any:
    def looked(files: dict[str, bytes]) -> dict[str, Any]:
        hub.add("org/m", files)
        (group,) = repo.files("org/m")
        job = preview.job(group.files, native.engine_id())
        runner = Runner(store, folders)
        runner.submit([job])
        state = runner.run()[job.key]
        row = store.result(job.key)
        assert state is JobState.DONE and row is not None, store.job(job.key)
        assert not (folders.work / job.key).exists()
        return dict(row.values)

    return looked


def test_a_model_that_runs(hub: FakeHub, look: Any, demo_model: Path) -> None:
    data = demo_model.read_bytes()
    found = look({"demo.gguf": data})
    assert found["runs"] and found["problem"] is None
    here = inspect.inspect(demo_model).to_json()
    seen = found["inspection"]
    for key in ("architecture", "parameters", "quant", "bits_per_weight", "context_length", "chat_template"):
        assert seen[key] == here[key]
    assert len(seen["tensors"]) == len(here["tensors"]) and seen["paths"] == ["demo.gguf"]
    assert hub.sent < len(data) / 5, "the header alone was fetched"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"\x05\0\0\0\0\0\0\0llama", b"\x05\0\0\0\0\0\0\0llaxa", "architecture 'llaxa'"),
        (b"blk.0.attn_q.weight", b"blk.0.attn_y.weight", "blk.0.attn_q.weight"),
    ],
)
def test_models_that_do_not(look: Any, tmp_path: Path, old: bytes, new: bytes, says: str) -> None:
    data = tiny_gguf(tmp_path / "tiny.gguf", layers=1).read_bytes()
    assert old in data
    found = look({"tiny.gguf": data.replace(old, new)})
    assert not found["runs"] and says in found["problem"]["message"]
    assert "\n" not in found["problem"]["message"] and str(tmp_path) not in str(found)


def test_a_pre_tokenizer_it_does_not_have(look: Any, demo_model: Path) -> None:
    old = struct.pack("<Q", 6) + b"smollm"
    data = demo_model.read_bytes()
    assert data.count(old) == 1
    found = look({"demo.gguf": data.replace(old, old[:-1] + b"x")})
    assert not found["runs"] and "pre-tokenizer 'smollx'" in found["problem"]["message"]


def test_a_tensor_type_of_the_future(look: Any, tmp_path: Path) -> None:
    data = tiny_gguf(tmp_path / "tiny.gguf", layers=1).read_bytes()
    name = b"blk.0.attn_q.weight"
    at = data.index(name) + len(name) + 4 + 2 * 8
    assert struct.unpack_from("<I", data, at) == (1,), "f16"
    found = look({"tiny.gguf": data[:at] + struct.pack("<I", 199) + data[at + 4 :]})
    assert not found["runs"] and "type 199" in found["problem"]["message"]


def test_a_split_model(hub: FakeHub, look: Any, tmp_path: Path, native_dir: Path) -> None:
    import subprocess

    whole = tiny_gguf(tmp_path / "tiny.gguf", layers=2)
    tool = native.tool("llama-gguf-split")
    subprocess.run([tool, "--split", "--split-max-tensors", "8", whole, tmp_path / "part"], check=True,
                   capture_output=True, cwd=native_dir)  # fmt: skip
    parts = sorted(tmp_path.glob("part-0*.gguf"))
    assert len(parts) == 3
    found = look({f"Q/{path.name}": path.read_bytes() for path in parts})
    assert found["runs"], found["problem"]
    assert found["inspection"]["parameters"] == inspect.inspect(whole).parameters
    assert found["inspection"]["paths"] == [path.name for path in parts]


def test_rubbish(look: Any) -> None:
    found = look({"bad.gguf": b"GGUF" + b"\xff" * 2_000_000})
    assert not found["runs"] and "bad.gguf" in found["problem"]["message"] and found["inspection"] is None


def test_only_the_hub_is_to_blame_for_its_names(look: Any, hub: FakeHub) -> None:
    hub.faults.names["a.gguf"] = "../a.gguf"
    with pytest.raises(IntegrityError, match="not safe"):
        look({"a.gguf": b"GGUF" * 100})

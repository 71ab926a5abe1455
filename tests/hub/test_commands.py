"""The hub on the command line: the same jobs, their progress, JSON and exit codes."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest

from lab_app.cli import main
from lab_app.hub import cache, reference, resolve
from lab_app.hub.reference import Reference
from lab_app.system import secrets
from lab_app.system.errors import UsageError
from tests.commandline import lines, named
from tests.hub.fake_hub import COMMIT, FakeHub
from tests.models import tiny_gguf

DATA = random.Random(5).randbytes(700_001)
CANARY = "hf_CanaryOnTheCommandLine12345"


@pytest.fixture
def repo(hub: FakeHub) -> FakeHub:
    info: dict[str, Any] = {"tags": ["gguf", "license:mit"], "downloads": 1234, "likes": 5, "author": "org"}
    hub.add("org/m-GGUF", {"m-Q4_K_M.gguf": DATA, "m-Q8_0.gguf": b"x" * 9, "README.md": b"# Em\n\nA *model*."},
            gguf={"total": 7_000_000_000, "architecture": "llama"}, **info)  # fmt: skip
    return hub


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_search(repo: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    repo.add("two/m", {}, tags=["safetensors"], downloads=9)
    code, out, _ = run(capsys, "models", "search", "m", "--format", "gguf", "--license", "mit", "--least", "1B",
                       "--most", "8B", "--task", "text-generation", "--sort", "likes", "--limit", "3")  # fmt: skip
    assert code == 0 and "org/m-GGUF" in out and "7.0B" in out and "two/m" not in out
    asked = next(path for _, path, _ in repo.seen if path.startswith("/api/models?"))
    assert "num_parameters=min%3A1B%2Cmax%3A8B" in asked and "limit=3" in asked
    assert "pipeline_tag=text-generation" in asked and "license%3Amit" in asked and "sort=likes" in asked
    code, out, _ = run(capsys, "models", "search", "--author", "two", "--json")
    assert code == 0 and [item["repo"] for item in json.loads(out)["models"]] == ["two/m"]
    assert run(capsys, "models", "search", "nothing")[1] == "The hub has no such model.\n"
    code, _, err = run(capsys, "models", "search", "--most", "many")
    assert code == 2 and "many" in err


def test_card(repo: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "models", "card", "org/m-GGUF")[1] == "Em\n\nA model.\n"
    code, out, _ = run(capsys, "models", "card", f"{repo.url}/org/m-GGUF", "--json")
    assert code == 0 and json.loads(out)["html"] == "<h1>Em</h1>\n<p>A <em>model</em>.</p>\n"


def test_files(hub: FakeHub, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    hub.add("org/m", {"m-f16.gguf": tiny_gguf(tmp_path / "a.gguf", layers=1).read_bytes(),
                      "m-Q8_0-00001-of-00002.gguf": b"y"})  # fmt: skip
    code, out, _ = run(capsys, "models", "files", "org/m", "--context", "512", "--kv-type", "q8_0")
    assert code == 0 and "512 tokens of context, KV cache q8_0" in out
    rows = {line.split()[0]: line for line in out.splitlines()[1:] if line}
    assert "fits" in rows["m-f16.gguf"] and "parts are missing" in rows["m-Q8_0"]
    code, out, _ = run(capsys, "models", "files", "org/m", "--json")
    (part, whole) = json.loads(out)["models"]
    assert code == 0 and whole["fit"] == "fits" and whole["needed"] > whole["size"] and not part["complete"]
    assert run(capsys, "models", "files", "org/m", "--context", "0")[0] == 2


def test_download_and_verify(repo: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "models", "download", "org/m-GGUF:q4_k_m", "--bandwidth", "50MB",
                         "--anyway")  # fmt: skip
    assert code == 0 and "download org/m-GGUF" in err, err
    path = Path(out.split(": ", 1)[1].split(" (")[0])
    assert path.read_bytes() == DATA and path.is_relative_to(cache.root())
    code, out, _ = run(capsys, "models", "verify", "org/m-GGUF")
    assert code == 0 and out == "m-Q4_K_M.gguf: right (700.0 kB)\n"

    blob = path.resolve()
    blob.write_bytes(DATA[:-1] + b"?")
    code, out, err = run(capsys, "models", "verify", "org/m-GGUF")
    assert code == 4 and "checksum" in out and "1 of 1 files" in err
    assert run(capsys, "models", "verify", "org/m-GGUF", "--repair")[0] == 0
    assert path.read_bytes() == DATA
    code, _, err = run(capsys, "models", "verify", "org/none")
    assert code == 4 and "Nothing of org/none" in err


def test_download_in_json(repo: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "models", "download", "hf:org/m-GGUF:m-Q4_K_M.gguf", "--json", "--anyway")
    said = lines(out)
    assert code == 0 and [item["state"] for item in named(said, "state")] == ["running", "done"]
    assert named(said, "progress")[-1]["done"] == len(DATA)
    (made,) = named(said, "artifact")
    assert made["record"]["sha256"] == repo.oid("m-Q4_K_M.gguf", DATA)


@pytest.mark.parametrize(
    ("model", "code", "says"),
    [
        ("org/m-GGUF", 2, "2 models"),
        ("org/m-GGUF:m-Q4_K_S.gguf", 5, "m-Q4_K_M.gguf"),
        ("org/nothing", 5, "not found"),
        ("not a name", 2, "not the name"),
    ],
)
def test_what_cannot_be_downloaded(
    repo: FakeHub, capsys: pytest.CaptureFixture[str], model: str, code: int, says: str
) -> None:
    found, out, err = run(capsys, "models", "download", model)
    assert found == code and says in err and out == ""


def test_what_does_not_run_is_said_before_it_is_fetched(
    hub: FakeHub, capsys: pytest.CaptureFixture[str], tmp_path: Path, native_dir: Path
) -> None:
    good = tiny_gguf(tmp_path / "tiny.gguf", layers=1).read_bytes()
    name = b"\x05\0\0\0\0\0\0\0llama"
    other = good.replace(name, name[:-5] + b"llaxa")
    hub.add("org/good", {"a.gguf": good})
    hub.add("org/other", {"a.gguf": other})
    hub.add("org/rubbish", {"a.gguf": b"GGUF" + b"\xff" * 2_000_000})
    for model, expected, says in (
        ("org/other", 2, "architecture 'llaxa'"),
        ("org/rubbish", 4, "not a usable GGUF"),
    ):
        code, out, err = run(capsys, "models", "download", model)
        assert code == expected and says in err and "--anyway" in err and "Nothing was downloaded" in err
        assert out == "" and not list(cache.root().glob("models--*/blobs/*"))
    assert run(capsys, "models", "download", "org/good")[0] == 0
    code, out, _ = run(capsys, "models", "download", "org/other", "--anyway")
    assert code == 0 and Path(out.split(": ", 1)[1].split(" (")[0]).read_bytes() == other


def test_which_weights_are_meant(hub: FakeHub) -> None:
    weights = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    beside = ["config.json", "tokenizer.json", "onnx/config.json"]
    more = ["consolidated.safetensors", "onnx/model.safetensors", "pytorch_model.bin", "x.py"]
    hub.add("org/m", {name: name.encode() for name in (*weights, *beside, *more)})
    found = resolve.resolve(Reference("org/m"))
    assert found.format == "safetensors"
    assert [file.name for file in found.files] == [*weights, "config.json", "tokenizer.json"]
    assert found.size == sum(map(len, (*weights, *beside[:2]))) and len(found.missing) == 4


def test_token(hub: FakeHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(capsys, "token", "status")[1] == "There is no access token.\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(CANARY + "\n"))
    code, out, err = run(capsys, "token", "save")
    assert code == 6 and "no keyring" in err and CANARY not in out + err
    assert not secrets.token_file().exists(), "no file without consent"
    monkeypatch.setattr("sys.stdin", io.StringIO(CANARY + "\n"))
    code, out, err = run(capsys, "token", "save", "--plaintext")
    assert (code, out) == (0, "Kept in a plain file.\n") and CANARY not in err
    assert run(capsys, "token", "status")[1] == "There is an access token, from a plain file.\n"
    assert run(capsys, "token", "forget")[0] == 0
    assert secrets.token() is None and not secrets.token_file().exists()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("org/m", Reference("org/m")),
        ("hf:org/m:a/b-Q4_0.gguf@v1.0", Reference("org/m", "a/b-Q4_0.gguf", "v1.0")),
        ("hf:org/m@refs/pr/3", Reference("org/m", None, "refs/pr/3")),
        ("https://huggingface.co/org/m", Reference("org/m")),
        (f"https://huggingface.co/org/m/tree/{COMMIT}", Reference("org/m", None, COMMIT)),
        ("https://huggingface.co/org/m/blob/main/a/x.gguf?download=true", Reference("org/m", "a/x.gguf", "main")),
        ("huggingface.co/org/m/tree/main", Reference("org/m", None, "main")),
        ("hf.co/org/m:Q4_K_M", Reference("org/m", "Q4_K_M")),
        ("https://hf.co/org/m:Q4_K_M", Reference("org/m", "Q4_K_M")),
        ("gpt2", Reference("gpt2")),
    ],
)  # fmt: skip
def test_references(text: str, meant: Reference) -> None:
    assert reference.parse(text) == meant
    assert reference.parse(str(meant)) == meant


@pytest.mark.parametrize(
    "text", ["", "hf:", "a/b/c", "org/m:", "org/m@", "org/m:../x", "org/m@../x", "https://hub.co/", "org/m:a\\b"]
)  # fmt: skip
def test_no_references(text: str) -> None:
    with pytest.raises(UsageError):
        reference.parse(text)

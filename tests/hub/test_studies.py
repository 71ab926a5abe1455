"""``source = "hf:…"``: a study whose model lies on the hub; once end to end, else up to its plan."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lab_app.gguf import demo
from lab_app.hub import cache
from lab_app.jobs.job import FileInput
from lab_app.jobs.runner import Runner
from lab_app.jobs.states import JobState
from lab_app.store import Store
from lab_app.studies import checks
from lab_app.studies.load import load_text
from lab_app.studies.plan import Plan, make_plan
from lab_app.system import native
from lab_app.system.errors import LabError, NetworkError
from lab_app.system.paths import Folders
from tests.commandline import lab, lines, named
from tests.hub.fake_hub import COMMIT, FakeHub
from tests.models import tiny_gguf

REPO = "org/tiny-GGUF"
NAME = "tiny-f16.gguf"
STUDY = """
schema_version = 1
name = "from the hub"
[source]
model = "hf:org/tiny-GGUF:f16"
[quantize]
types = ["Q8_0", "Q5_K_M", "Q4_0"]
[engine]
threads = 2
[[probe]]
kind = "divergence"
context = 128
chunks = 2
"""
CANARY = "hf_CanaryThatMustNotSing9876543210"
NOWHERE = "http://127.0.0.1:9"
Planner = Callable[..., Plan]


@pytest.fixture
def data(hub: FakeHub, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A model on the hub, with others beside it."""
    whole = tiny_gguf(tmp_path_factory.mktemp("made") / NAME, layers=1).read_bytes()
    hub.add(REPO, {NAME: whole, "tiny-Q8_0.gguf": b"GGUF" * 9, "README.md": b"# Tiny\n"})
    return whole


@pytest.fixture
def plan(store: Store, folders: Folders, tmp_path: Path) -> Planner:
    def make(text: str = STUDY, engine: str = "llama.cpp-test-engine") -> Plan:
        study = load_text(text, origin=tmp_path / "study.toml", folders=folders)
        return make_plan(study, store, folders, engine=engine)

    return make


def blobs() -> list[Path]:
    return list(cache.root().glob("models--*/blobs/*"))


def test_from_the_hub_to_the_report(
    hub: FakeHub, data: bytes, native_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.gated.add(REPO)
    hub.token = CANARY
    (tmp_path / "study.toml").write_text(STUDY)

    def batch(*more: str) -> subprocess.CompletedProcess[str]:
        where = ("--data-dir", "run", "--out", "report", "--json")
        return lab("--batch", "study.toml", *where, *more, cwd=tmp_path, env={"HF_TOKEN": CANARY})

    dry = batch("--dry-run")
    assert dry.returncode == 0, dry.stderr
    (planned,) = lines(dry.stdout)
    fetch = planned["jobs"][0]
    assert (fetch["kind"], fetch["state"], fetch["bytes"]) == ("download", "to do", len(data))
    assert planned["disk_needed"] > len(data)
    assert hub.sent < len(data), "only the header was read"
    assert not blobs(), "a dry run fetches nothing"

    run = batch()
    assert run.returncode == 0, run.stderr
    said = lines(run.stdout)
    assert said[0]["jobs"] == planned["jobs"], "the dry run showed the keys of what then ran"
    assert said[-1]["ran"] == len(planned["jobs"])
    final = cache.root() / "models--org--tiny-GGUF" / "snapshots" / COMMIT / NAME
    assert final.read_bytes() == data
    made = {Path(item["record"]["path"]).name for item in named(said, "artifact")}
    assert {f"tiny-f16.{name}.gguf" for name in ("Q8_0", "Q5_K_M", "Q4_0")} <= made
    report = (tmp_path / "report" / "report.json").read_text()
    assert all(name in report for name in ("Q8_0", "Q5_K_M", "Q4_0")) and json.loads(report)

    # The token did its work and stayed out of everything the runs said and left.
    assert any(CANARY in str(fields) for host, _, fields in hub.seen if host == "hub")
    assert not any(CANARY in str(fields) for host, _, fields in hub.seen if host == "cdn")
    for text in (dry.stdout, dry.stderr, run.stdout, run.stderr):
        assert CANARY not in text and "s3cr3t" not in text
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"lab.db", "report.html", "report.json", NAME} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        assert CANARY.encode() not in content and b"s3cr3t" not in content, path

    # Nothing is left to do: not with a dead hub, and not for the same bytes under a path.
    monkeypatch.setenv("HF_ENDPOINT", NOWHERE)
    (tmp_path / NAME).write_bytes(data)
    folders = Folders(tmp_path / "run")
    with Store.open(folders.db) as store:
        for text in (STUDY, STUDY.replace("hf:org/tiny-GGUF:f16", NAME)):
            study = load_text(text, origin=tmp_path / "study.toml", folders=folders)
            again = make_plan(study, store, folders, engine=native.engine_id())
            assert again.unfinished == () and len(again.jobs) == len(planned["jobs"]) - 1
            if text is STUDY:
                assert again.record.study_id == planned["study_id"], "so that --resume finds the run"


def test_a_file_of_another_program_is_verified_before_it_is_believed(
    hub: FakeHub, data: bytes, plan: Planner, store: Store, folders: Folders
) -> None:
    from huggingface_hub import hf_hub_download

    path = Path(hf_hub_download(REPO, NAME, endpoint=hub.url, cache_dir=cache.root()))
    spoiled = bytearray(data)
    spoiled[len(data) // 2] ^= 1
    path.resolve().write_bytes(spoiled)
    made = plan()
    (fetch,) = (job for job in made.jobs if job.kind == "download")
    assert made.bringing[fetch.key] == 0, "its size is right, so nothing is known to be missing"
    runner = Runner(store, folders)
    runner.submit([fetch])
    assert runner.run()[fetch.key] is JobState.DONE
    assert path.read_bytes() == data, "the wrong byte was found and replaced"
    assert plan().source_fetched
    # Changed again behind our back: another modification time, so it is looked at again.
    path.resolve().write_bytes(spoiled)
    assert not plan().source_fetched


def test_without_a_hub_a_cached_file_is_verified_by_its_name(
    hub: FakeHub, data: bytes, plan: Planner, store: Store, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import hf_hub_download

    hf_hub_download(REPO, NAME, endpoint=hub.url, cache_dir=cache.root())
    monkeypatch.setenv("HF_ENDPOINT", NOWHERE)
    fetch = plan().jobs[0]
    runner = Runner(store, folders)
    runner.submit([fetch])
    assert runner.run()[fetch.key] is JobState.DONE
    assert plan().source_fetched


def test_jobs_wait_for_the_download_of_what_they_read(
    hub: FakeHub, data: bytes, plan: Planner, tmp_path: Path
) -> None:
    (tmp_path / "base.gguf").write_bytes(data)
    hub.add("org/other", {"other.gguf": tiny_gguf(tmp_path / "made.gguf", layers=1, seed=1).read_bytes()})
    made = plan(
        STUDY.replace("hf:org/tiny-GGUF:f16", "base.gguf")
        + f'[[compare]]\nname = "other"\nmodel = "hf:org/other@{COMMIT}"\n'
    )
    (fetch,) = (job for job in made.jobs if job.kind == "download")
    waiting = [job.title for job in made.jobs if fetch.key in job.after]
    assert waiting == ["divergence: other"] and made.source_fetched


def test_a_revision_is_pinned(hub: FakeHub, data: bytes, plan: Planner) -> None:
    by_branch, by_commit = plan(), plan(STUDY.replace(":f16", f":{NAME}@{COMMIT}"))
    assert [job.key for job in by_branch.jobs[:-1]] == [job.key for job in by_commit.jobs[:-1]]
    source = by_branch.source.file
    assert source is not None and source.sha256 == hub.oid(NAME, data)
    assert by_branch.jobs[0].params["revision"] == COMMIT
    for job in by_branch.jobs[1:-1]:
        model = job.inputs["model"]
        assert fetch_first(job.after, by_branch) or not isinstance(model, FileInput)


def fetch_first(after: tuple[str, ...], made: Plan) -> bool:
    return after == (made.jobs[0].key,)


def test_a_split_model_is_merged(
    hub: FakeHub, plan: Planner, store: Store, folders: Folders, tmp_path: Path, native_dir: Path
) -> None:
    whole = tiny_gguf(tmp_path / "whole.gguf", layers=2)
    tool = native.tool("llama-gguf-split")
    subprocess.run([tool, "--split", "--split-max-tensors", "8", whole, tmp_path / "m-F16"], check=True,
                   capture_output=True, cwd=native_dir)  # fmt: skip
    hub.add(REPO, {path.name: path.read_bytes() for path in sorted(tmp_path.glob("m-F16-0*.gguf"))})
    made = plan(engine=native.engine_id())
    assert [job.kind for job in made.jobs[:4]] == ["download", "merge", "predict", "probe"]
    fetch, merge = made.jobs[:2]
    assert len(fetch.params["files"]) == 3 and made.source.label == "m-F16"
    assert made.source.facts == checks.facts(whole), "read from all parts over HTTP"
    runner = Runner(store, folders)
    runner.submit([fetch, merge])
    assert runner.run()[merge.key] is JobState.DONE
    (merged,) = store.artifacts(merge.key)
    assert checks.facts(Path(merged.path)) == checks.facts(whole)
    again = plan(engine=native.engine_id())
    assert [job.kind for job in again.unfinished[:2]] == ["predict", "probe"], "both are found"


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (("tiny-GGUF:f16", "tiny-GGUF"), 2, ["2 models", "Q8_0", "hf:org/tiny-GGUF:"]),
        (("tiny-GGUF:f16", "tiny-GGUF:tiny-f17.gguf"), 5, [NAME]),
        (("tiny-GGUF:f16", "tiny-GGUF:README.md"), 2, ["README.md", "no model"]),
        (("tiny-GGUF:f16", "nothing"), 5, ["not found"]),
        (("tiny-GGUF:f16", "tiny-GGUF:f16@v9"), 5, ["revision", "not found"]),
        (("org/tiny-GGUF:f16", "../tiny"), 2, ["line 5", "repository"]),
        (("tiny-GGUF:f16", "tiny-GGUF:"), 2, ["line 5", "without the file"]),
        (("tiny-GGUF:f16", "tiny-GGUF:f16@"), 2, ["line 5", "without the revision"]),
        (("tiny-GGUF:f16", "tiny-GGUF:../x.gguf"), 2, ["line 5", "name of a file"]),
        (("context = 128", "context = 4096"), 2, ["line 12", "trained for 2048"]),
        (("hf:", "hub:"), 2, ["line 5", '"hf:"']),
    ],
)
def test_wrong_references(
    hub: FakeHub, data: bytes, plan: Planner, change: tuple[str, str], code: int, words: list[str]
) -> None:
    with pytest.raises(LabError) as caught:
        plan(STUDY.replace(*change))
    assert int(caught.value.exit_code) == code, caught.value
    assert all(word in str(caught.value) for word in words), caught.value
    assert hub.sent < len(data) and not blobs()


def test_a_quantized_source_is_refused_before_it_is_fetched(
    hub: FakeHub, plan: Planner, demo_model: Path
) -> None:
    whole = demo_model.read_bytes()
    hub.add(REPO, {"demo-Q4_1.gguf": whole})
    with pytest.raises(LabError, match="quantized already \\(Q4_1\\)"):
        plan(STUDY.replace(":f16", ""))
    assert hub.sent < len(whole) / 5


def test_no_access_no_hub_no_sentence_too_many(
    hub: FakeHub, data: bytes, plan: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.gated.add(REPO)
    with pytest.raises(NetworkError, match=f"{hub.url}/{REPO}"):
        plan()
    monkeypatch.setattr("lab_app.hub.client.backoff", lambda *_: 0.01)
    monkeypatch.setenv("HF_ENDPOINT", NOWHERE)
    with pytest.raises(NetworkError, match="cannot be reached"):
        plan()


def test_what_is_known_of_the_demo_model(demo_model: Path) -> None:
    assert checks.facts(demo_model) == checks.DEMO_FACTS
    assert demo_model.stat().st_size == demo.DEMO_SIZE

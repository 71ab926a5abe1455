"""Content keys: what changes them, and that they stay what they are from version to version."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_app.gguf import demo
from lab_app.jobs.job import ArtifactInput
from lab_app.store import Store
from lab_app.studies.load import load_text
from lab_app.studies.plan import Plan, make_plan, slug
from lab_app.studies.templates import NAMES, render
from lab_app.system import paths
from lab_app.system.errors import UsageError
from tests.models import tiny_gguf

STUDY = """
schema_version = 1
name = "keys"
[source]
model = "tiny.gguf"
[quantize]
types = ["Q8_0", "Q4_0"]
[[probe]]
kind = "divergence"
chunks = 2
[[probe]]
kind = "speed"
[[variant]]
name = "small cache"
of = "Q4_0"
kv_type_k = "q8_0"
"""
ENGINE = "llama.cpp-test-engine"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    tiny_gguf(folder / "tiny.gguf")
    return folder


def plan(folder: Path, text: str) -> Plan:
    folders = paths.Folders(folder / "data").create()
    study = load_text(text, origin=folder / "study.toml", folders=folders)
    with Store.open(folders.db) as store:
        return make_plan(study, store, folders, engine=ENGINE)


def keys(made: Plan) -> list[str]:
    return [job.key for job in made.jobs if job.kind != "report"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "# a comment\n" + text,
        lambda text: text.replace("[source]", 'description = "other words"\n[source]'),
        lambda text: text + "[resources]\nmemory = '64 GiB'\n",
        lambda text: text + "[thresholds]\nmax_kld = 1.0\n",
        lambda text: text.replace('name = "keys"', 'name = "another title"'),
        lambda text: text.replace('kind = "speed"', 'kind = "speed"\nid = "pace"'),
        lambda text: text.replace('"small cache"', '"another name"'),
        lambda text: text + '[engine]\nkv_type_k = "f16"\nflash_attention = "auto"\n',
    ],
)
def test_irrelevant_changes_keep_every_key(folder: Path, change: object) -> None:
    assert callable(change)
    assert keys(plan(folder, change(STUDY))) == keys(plan(folder, STUDY))


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        (lambda text: text.replace("chunks = 2", "chunks = 3"), {"predict", "quantize", "speed"}),
        (lambda text: text.replace('"Q4_0"]', '"Q4_0", "Q5_0"]'), {"quantize", "speed", "divergence"}),
        (
            lambda text: text.replace("[[variant]]", "[engine]\nthreads = 1\n[[variant]]"),
            {"predict", "quantize"},
        ),
        (
            lambda text: text.replace('types = ["Q8_0", "Q4_0"]', 'types = ["Q8_0", "Q4_0"]\npure = true'),
            set(),
        ),
    ],
)
def test_relevant_changes_change_what_they_touch(folder: Path, change: object, kept: set[str]) -> None:
    assert callable(change)
    before, after = plan(folder, STUDY), plan(folder, change(STUDY))

    def of(made: Plan, what: str) -> set[str]:
        return {job.key for job in made.jobs if what in (job.kind, job.params.get("probe"))}

    for what in ("predict", "quantize", "speed", "divergence"):
        if what in kept:
            assert of(before, what) <= of(after, what), what
        else:
            assert not of(before, what) <= of(after, what), what


def test_another_model_changes_every_key(folder: Path) -> None:
    tiny_gguf(folder / "other.gguf", seed=2)
    assert not set(keys(plan(folder, STUDY))) & set(keys(plan(folder, STUDY.replace("tiny", "other"))))


def test_a_model_under_another_name_keeps_every_key(folder: Path) -> None:
    (folder / "copy.gguf").write_bytes((folder / "tiny.gguf").read_bytes())
    assert keys(plan(folder, STUDY)) == keys(plan(folder, STUDY.replace("tiny.gguf", "copy.gguf")))


def test_the_order_shows_something_early(folder: Path) -> None:
    kinds = [(job.kind, job.params.get("type"), job.params.get("probe")) for job in plan(folder, STUDY).jobs]
    assert kinds == [
        ("predict", None, None),
        ("probe", None, "divergence"),
        ("probe", None, "speed"),
        ("quantize", "Q8_0", None),
        ("probe", None, "divergence"),
        ("probe", None, "speed"),
        ("quantize", "Q4_0", None),
        ("probe", None, "divergence"),
        ("probe", None, "speed"),
        ("probe", None, "divergence"),
        ("probe", None, "speed"),
        ("report", None, None),
    ]


def test_others_are_measured_against_the_base(folder: Path) -> None:
    made = plan(folder, STUDY)
    cells = {(cell.variant_id, cell.probe_id): cell.job_key for cell in made.record.cells}
    base = cells["base", "divergence"]
    for variant in ("Q8_0", "Q4_0", "small cache"):
        job = made.by_key[cells[variant, "divergence"]]
        assert job.inputs["base_logits"] == ArtifactInput(base, "base_logits")
    assert "base_logits" not in made.by_key[base].inputs
    model = made.by_key[cells["small cache", "speed"]].inputs["model"]
    assert model == made.by_key[cells["Q4_0", "speed"]].inputs["model"]


def test_keys_of_the_demo_study_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same before and after the model is fetched, wherever it lies, and from version to version: whoever
    changes this number throws away everybody's finished work, and should say so in CHANGELOG.md."""
    monkeypatch.delenv(demo.OVERRIDE, raising=False)
    folders = paths.Folders(tmp_path / "data").create()
    path = paths.resource("studies/demo.toml")
    study = load_text(path.read_text(encoding="utf-8"), origin=path, folders=folders)
    with Store.open(folders.db) as store:
        made = make_plan(study, store, folders, engine=ENGINE)
    assert made.jobs[0].kind == "fetch-demo"
    assert not made.source_fetched
    waiting = {made.jobs[0].key}
    for job in made.jobs[1:-1]:
        assert waiting & set(job.needs), f"{job.title} would start before the model is there"
        waiting.add(job.key)
    quantize = {job.params["type"]: job.key[:12] for job in made.jobs if job.kind == "quantize"}
    assert quantize == GOLDEN


GOLDEN = {
    "Q8_0": "f9ba9c76d49a",
    "Q6_K": "812ffe1080d6",
    "Q5_K_M": "88719846d5a5",
    "Q4_K_M": "aa1415ac6cbe",
    "IQ4_XS": "fc1287095b75",
    "Q3_K_M": "c24f6149b9f1",
    "Q2_K": "145f88ce934a",
}


@pytest.mark.parametrize("name", NAMES)
def test_ready_made_studies_are_right(folder: Path, name: str) -> None:
    other = str(folder / "other.gguf") if name == "compare-two" else None
    tiny_gguf(folder / "other.gguf", seed=2)
    model = str(folder / "tiny.gguf") if name == "compare-two" else None
    text = render(name, model, other)
    folders = paths.Folders(folder / "data").create()
    study = load_text(text, origin=folder / "new.toml", folders=folders)
    assert study.probes


def test_the_demo_study_has_what_the_demo_promises() -> None:
    path = paths.resource("studies/demo.toml")
    study = load_text(path.read_text(encoding="utf-8"), origin=path)
    assert set(study.quant_types) == {"Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q3_K_M", "Q2_K", "IQ4_XS"}
    assert {probe.kind for probe in study.probes} == {"divergence", "arithmetic", "passkey", "speed"}


def test_a_wrong_demo_override_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny_gguf(tmp_path / "tiny.gguf")
    monkeypatch.setenv(demo.OVERRIDE, str(tmp_path / "tiny.gguf"))
    with pytest.raises(UsageError, match="not the demo model"):
        plan(tmp_path, STUDY.replace("tiny.gguf", "demo:").replace("[[probe]]", "", 0))


def test_slug() -> None:
    assert slug("Which quant? (small)") == "which-quant-small"
    assert slug("…") == "study"

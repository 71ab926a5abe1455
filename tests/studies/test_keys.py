"""Content keys: what changes them, and that they stay what they are from version to version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lab_app.engines import llama_params
from lab_app.gguf import demo
from lab_app.jobs.job import ArtifactInput, Job
from lab_app.probes.speed import SpeedSpec
from lab_app.store import Store
from lab_app.store.records import StudyRecord
from lab_app.studies.checks import contexts_of
from lab_app.studies.draft import Draft
from lab_app.studies.load import load_text
from lab_app.studies.plan import Plan, make_plan, slug
from lab_app.studies.questions import DEPTHS, QUESTIONS, SPEED
from lab_app.studies.templates import NAMES, render
from lab_app.studies.wanted import Wanted
from lab_app.system import host, paths
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
        ("quantize", "Q8_0", None),
        ("probe", None, "divergence"),
        ("quantize", "Q4_0", None),
        ("probe", None, "divergence"),
        ("probe", None, "divergence"),
        *[("probe", None, "speed")] * 12,
        ("report", None, None),
    ]


def _speed(made: Plan) -> list[Job]:
    return [job for job in made.jobs if job.params.get("probe") == "speed"]


def test_speed_is_measured_in_rounds_that_take_turns(folder: Path) -> None:
    made = plan(folder, STUDY)
    files = ["base", "Q8_0", "Q4_0", "small cache"]
    label = {v.variant_id: v.label for v in made.record.variants}
    turns = (
        [(name, 1) for name in files] + [(name, 2) for name in files[::-1]] + [(name, 3) for name in files]
    )
    assert [job.title for job in _speed(made)] == [f"speed: {label[name]} ({n}/3)" for name, n in turns]
    assert all(job.exclusive for job in _speed(made))
    assert not any(job.exclusive for job in made.jobs if job not in _speed(made))
    by_cell = {c.variant_id: c.job_keys for c in made.record.cells if c.probe_id == "speed"}
    for name in files:
        jobs = [made.by_key[key] for key in by_cell[name]]
        assert [job.params["round"] for job in jobs] == [1, 2, 3]
        assert {job.title for job in jobs} == {f"speed: {label[name]} ({n}/3)" for n in (1, 2, 3)}
    again = StudyRecord.from_json(json.loads(json.dumps(made.record.to_json())))
    assert again.cells == made.record.cells
    assert [c.probe_id for c in made.record.cells] == ["divergence"] * 4 + ["speed"] * 4

    # One round more keeps those there are; one round alone is no round.
    more = plan(folder, STUDY.replace('kind = "speed"', 'kind = "speed"\nrounds = 4'))
    assert {job.key for job in _speed(made)} < {job.key for job in _speed(more)}
    assert len(_speed(more)) == 16
    (one,) = {
        len(c.job_keys) for c in plan(folder, STUDY.replace('"speed"', '"speed"\nrounds = 1')).record.cells
    }
    assert one == 1


@pytest.mark.parametrize(
    "change",
    [
        {"cpu_name": lambda: "Another processor"},
        {"usable_cores": lambda: 333},
        {"gpus": lambda: ({"name": "NVIDIA Something", "memory": 1, "driver": "1"},)},
    ],
)
def test_speeds_of_another_machine_are_measured_anew_and_nothing_else_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    here = plan(folder, STUDY)
    for name, value in change.items():
        monkeypatch.setattr(host, name, value)
    there = plan(folder, STUDY)
    assert not {job.key for job in _speed(here)} & {job.key for job in _speed(there)}

    def others(made: Plan) -> list[str]:
        return [job.key for job in made.jobs[:-1] if job not in _speed(made)]

    assert others(here) == others(there)


def test_threads_that_were_not_chosen_are_part_of_a_speed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = plan(folder, STUDY)
    assert {job.params["machine"]["threads"] for job in _speed(here)} == {llama_params.default_threads()}
    monkeypatch.setattr(llama_params, "default_threads", lambda: 77)
    there = plan(folder, STUDY)
    assert not {job.key for job in _speed(here)} & {job.key for job in _speed(there)}
    chosen = STUDY.replace("[[variant]]", "[engine]\nthreads = 3\n[[variant]]")
    assert {job.params["machine"]["threads"] for job in _speed(plan(folder, chosen))} == {3}


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


@pytest.mark.parametrize("context", [256, 512, 1024, 2048])
@pytest.mark.parametrize("name", ["which-quant", "context-length"])
def test_ready_made_studies_ask_no_length_a_model_was_not_trained_for(
    tmp_path: Path, name: str, context: int
) -> None:
    model = tiny_gguf(tmp_path / "short.gguf", context=context)
    folders = paths.Folders(tmp_path / "data").create()
    study = load_text(render(name, str(model)), origin=tmp_path / "new.toml", folders=folders)
    lengths = [n for probe in study.probes for n in probe.spec.get("lengths", ())]
    assert lengths and max(lengths) <= context
    full = Draft.from_toml(render(name))  # of the demo model, which was trained for more
    full.source = str(model)
    Wanted(full, free=True).fit(full, context)
    assert load_text(full.toml(), origin=tmp_path / "new.toml", folders=folders).probes == study.probes


@pytest.mark.parametrize("contexts", [(256, 256), (1024, 256), (256, 1024)])
def test_a_comparison_asks_no_length_one_of_its_files_was_not_trained_for(
    tmp_path: Path, contexts: tuple[int, int]
) -> None:
    files = [str(tiny_gguf(tmp_path / f"{s}.gguf", context=c, seed=s)) for s, c in enumerate(contexts)]
    study = load_text(render("compare-two", *files), origin=tmp_path / "new.toml")
    assert [p.spec["context"] for p in study.probes if p.kind == "divergence"] == [256]


def test_every_depth_suits_a_model_of_short_context() -> None:
    spec = SpeedSpec()
    assert {"prefill": spec.prefill, "generate": spec.generate, "depth": spec.depth} == SPEED
    for question in QUESTIONS:
        for depth in DEPTHS:
            for context in (128, 256, 1024, 2048):
                asked = question.spec(depth, context)
                if question.kind == "speed":
                    asked = {**SPEED, **asked}
                assert max((tokens for _, tokens in contexts_of(asked)), default=0) <= context
    thorough = QUESTIONS[-1].spec("thorough", 2048)
    assert thorough["prefill"] == [512, 2048] and thorough["depth"] == [0], "2 048 and 128 more are too many"
    assert QUESTIONS[-1].spec("thorough", 4096) == dict(QUESTIONS[-1].specs["thorough"])


def test_a_file_nobody_can_look_at_is_a_problem_of_the_study(tmp_path: Path) -> None:
    for name in ("x" * 5000, "~nobody-of-this-name/x.gguf"):
        text = STUDY.replace("tiny.gguf", name)
        with pytest.raises(UsageError, match=r"cannot be read|does not exist"):
            load_text(text, origin=tmp_path / "study.toml")


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
    # Reports of two studies must not go into one folder because nothing of their names is ASCII.
    assert slug("量化：哪一个？") == "量化-哪一个"
    assert slug("Gro\u0308ße") == slug("Größe") == "größe"
    assert len(slug("𝔸" * 99).encode()) <= 240
